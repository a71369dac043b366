"""Lets atheris, a fuzzer guided by coverage, loose on every target.

usage: python3 dev.py fuzz [--seconds 600] [--keep FOLDER] [TARGET ...]

The seconds are shared by the targets. Prints a line for each: executions, how many a second, inputs
in the corpus, findings. A finding is an exception that is not ours, told apart by where it was
raised; its shortest input is kept as FOLDER/TARGET/findings/*, beside the traceback. What is in
FOLDER from an earlier run is where the next one begins. Ends with 1 where there was a finding.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import io
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

CORE = Path(__file__).resolve().parents[2] / "core"
INPUT_SECONDS = 20
"""One input that takes longer, or more than 2 GiB, ends its target: a finding of libFuzzer's."""

INSTRUMENTED = ("bascule", "tarfile", "tomllib")
ROW = "{:14}{:>12}{:>10}{:>10}{:>10}"


def load() -> tuple[Any, Sequence[Target]]:
    """The fuzzer, and the targets so that it sees which lines an input reaches."""
    # It is there where somebody fuzzes only, and on Linux only.
    atheris = importlib.import_module("atheris")
    quiet = contextlib.redirect_stderr(io.StringIO())  # it names every module
    with quiet, atheris.instrument_imports(include=list(INSTRUMENTED)):
        return atheris, importlib.import_module("tests.fuzz.targets").TARGETS


def run_target(atheris: Any, target: Target, folder: Path, seconds: int) -> str:
    """Fuzz one target in a process of its own, as libFuzzer ends its process; return its row."""
    corpus, findings, log = (folder / each for each in ("corpus", "findings", "log"))
    for each in (corpus, findings):
        each.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        with log.open("wb") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        words = [
            f"-max_total_time={seconds}",
            f"-timeout={INPUT_SECONDS}",
            "-rss_limit_mb=2048",
            "-max_len=8192",
            "-print_final_stats=1",
            f"-artifact_prefix={findings}/",
            str(corpus),
        ]
        fuzz(atheris, target, corpus, findings, words)
    os.waitpid(child, 0)
    stats = dict(re.findall(r"\nstat::(\w+):\s+(\d+)", log.read_text("utf-8", "replace")))
    executed, rate = (
        stats.get(key, "?") for key in ("number_of_executed_units", "average_exec_per_sec")
    )
    kept = sum(1 for _ in corpus.iterdir())
    return ROW.format(target.name, executed, rate, kept, len(found(findings)))


def found(findings: Path) -> list[Path]:
    """The inputs that are findings."""
    return sorted(path for path in findings.iterdir() if path.suffix != ".traceback")


def fuzz(atheris: Any, target: Target, corpus: Path, findings: Path, words: Sequence[str]) -> None:
    """Hand one target over to libFuzzer, which ends the process."""
    for seed in target.seeds():
        (corpus / hashlib.sha256(seed).hexdigest()).write_bytes(seed)

    def one(data: bytes) -> None:
        try:
            target.take(data)
        except Exception as exc:  # noqa: BLE001 - that is what is looked for
            keep(findings, data, exc)

    atheris.Setup([sys.argv[0], *words], one)
    atheris.Fuzz()


def keep(findings: Path, data: bytes, exc: Exception) -> None:
    """Keep an input that raised, unless a shorter one has raised the same at the same place."""
    frames = traceback.extract_tb(exc.__traceback__)
    inside = [each for each in frames if Path(each.filename).is_relative_to(CORE)]
    place = (inside or frames)[-1]
    path = findings / f"{type(exc).__name__}-{Path(place.filename).stem}-{place.lineno}"
    if not path.exists() or len(data) < path.stat().st_size:
        path.write_bytes(data)
        said = "".join(traceback.format_exception(exc))
        path.with_suffix(".traceback").write_text(said, "utf-8", "backslashreplace")


def main(words: list[str]) -> int:
    """Fuzz what is asked for; return the exit code."""
    summary, _, rest = (__doc__ or "").partition("\n")
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "dev.py fuzz", description=summary + rest, formatter_class=form
    )
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together")
    parser.add_argument("--keep", type=Path, help="where the corpus and the findings are kept")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    asked = parser.parse_args(words)
    atheris, known = load()
    names = [each.name for each in known]
    if unknown := set(asked.targets) - set(names):
        parser.error(f"no target is called {', '.join(unknown)}; there are {', '.join(names)}")
    chosen = [each for each in known if each.name in asked.targets or not asked.targets]
    folder = (asked.keep or Path(tempfile.mkdtemp(prefix="bascule-fuzz-"))).resolve()
    print(ROW.format("target", "executions", "a second", "corpus", "findings"), flush=True)
    for target in chosen:
        seconds = max(1, asked.seconds // len(chosen))
        print(run_target(atheris, target, folder / target.name, seconds), flush=True)
    findings = [path for each in chosen for path in found(folder / each.name / "findings")]
    print(*findings, f"kept in {folder}", sep="\n")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
