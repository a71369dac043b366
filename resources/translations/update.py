"""Collects the window's texts into the .ts files and compiles them: run it after changing a text.

What is said of the words of a pasted text is the core's, in English; it is collected too, under
the context ``Verdicts``: each of its strings that is a sentence, or that is given to who says it.

Qt Linguist, or any editor, then fills what is new; run it once more to compile. The compiled files
are kept beside their sources, so that a checkout speaks both languages without a build.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "desktop"
SPEC = HERE.parents[1] / "core" / "bascule" / "spec"
SAID = (SPEC / "socat", SPEC / "foreign")
SENTENCE = re.compile(r"(\w|\{\} ).* .*\.")
SAYERS = frozenset(
    {
        "Said", "refuse", "refuse_word", "not_here", "fail", "_fail", "missing", "wrong", "_lacks",
        "_not_known",
    }
)  # fmt: skip
"""Functions that say what they are given, be it a sentence or a part of one."""

LANGUAGES = ("en", "fr")


def collect(folder: Path) -> None:
    """Bring the .ts files of ``folder`` up to date with the code. English keeps plurals only."""
    files = sorted(str(path) for path in SOURCES.rglob("*.py"))
    with tempfile.TemporaryDirectory() as made:
        said = Path(made, "verdicts.py")
        lines = [f'translate("Verdicts", {_quoted(each)})\n' for each in verdict_sentences()]
        said.write_text("".join(lines), "utf-8")
        for language in LANGUAGES:
            plural = ["-pluralonly"] if language == "en" else []
            options = ["-no-obsolete", "-locations", "none", "-source-language", "en"]
            _run("lupdate", *plural, *options, "-target-language", language, *files, str(said),
                 "-ts", str(folder / f"bascule_{language}.ts"))  # fmt: skip


def verdict_sentences() -> list[str]:
    """What can be said of a pasted text: sentences and parts of them, ``{}`` for each fact."""
    paths = [path for folder in SAID for path in folder.glob("*.py")]
    return sorted({each for path in paths for each in _sentences(path)})


def _sentences(path: Path) -> Iterator[str]:
    """The strings of a module that are said, but for docstrings and parts of others."""
    tree = ast.parse(path.read_text("utf-8"))
    no_texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            no_texts |= {id(part) for part in node.values}
        elif isinstance(node, ast.Call):
            yield from _given_to_sayers(node)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in no_texts
            and SENTENCE.fullmatch(node.value)
        ):
            yield node.value


def _given_to_sayers(call: ast.Call) -> Iterator[str]:
    """The strings that a call says: those with a space; a single word is one of the text's own."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in SAYERS:
        for each in call.args:
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and " " in each.value:
                yield each.value


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def compile_into(folder: Path) -> None:
    """Compile the .ts files beside this one into .qm files in ``folder``."""
    for language in LANGUAGES:
        source, made = HERE / f"bascule_{language}.ts", folder / f"bascule_{language}.qm"
        _run("lrelease", "-silent", str(source), "-qm", str(made))


def _run(tool: str, *words: str) -> None:
    program = Path(sys.executable).with_name(f"pyside6-{tool}")
    subprocess.run([str(program), *words], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    collect(HERE)
    compile_into(HERE)
