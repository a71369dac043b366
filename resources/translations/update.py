"""Collects the window's texts into the .ts files and compiles them: run it after changing a text.

Qt Linguist, or any editor, then fills what is new; run it once more to compile. The compiled files
are kept beside their sources, so that a checkout speaks both languages without a build.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "desktop"
LANGUAGES = ("en", "fr")


def collect(folder: Path) -> None:
    """Bring the .ts files of ``folder`` up to date with the code. English keeps plurals only."""
    files = sorted(str(path) for path in SOURCES.rglob("*.py"))
    for language in LANGUAGES:
        plural = ["-pluralonly"] if language == "en" else []
        options = ["-no-obsolete", "-locations", "none", "-source-language", "en"]
        _run("lupdate", *plural, *options, "-target-language", language, *files, "-ts",
             str(folder / f"bascule_{language}.ts"))  # fmt: skip


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
