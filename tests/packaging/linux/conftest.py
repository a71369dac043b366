"""A program of a few bytes, laid out as the real one is, and somebody who is not root."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.contract import PATIENCE_SECONDS

if sys.platform == "linux":
    from installer.linux import run, tree
else:
    collect_ignore_glob = ["test_*.py"]

NOBODY = 65534


@dataclass(frozen=True)
class Person:
    """An ordinary user with a home of their own."""

    home: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as that user to its end."""
        drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        return subprocess.run(
            [*(drop if os.geteuid() == 0 else []), *command],
            env={"PATH": os.environ["PATH"], "HOME": str(self.home)},
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def holds(self) -> dict[str, str | bytes]:
        """Everything below the home: where each link leads, what each file says."""
        return {
            str(path.relative_to(self.home)): (
                str(path.readlink()) if path.is_symlink() else path.read_bytes()
            )
            for path in self.home.rglob("*")
            if path.is_symlink() or path.is_file()
        }


@pytest.fixture
def person() -> Iterator[Person]:
    # Not pytest's own folder, into which nobody else may look.
    with tempfile.TemporaryDirectory(prefix="bascule-test-") as folder:
        home = Path(folder) / "a & b"
        home.mkdir()
        Path(folder).chmod(0o755)
        if os.geteuid() == 0:
            os.chown(home, NOBODY, NOBODY)
        yield Person(home)


def small_program(folder: Path, words: str = "first") -> Path:
    """A folder as PyInstaller makes it, with programs that say a word."""
    (folder / "_internal").mkdir(parents=True)
    for name in ("bascule", "bascule-desktop"):
        (folder / name).write_text(f"#!/bin/sh\necho {words}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    (folder / "_internal" / "libexample.so.1").write_bytes(os.urandom(64 * 1024))
    return folder


def packed(
    folder: Path,
    person: Person,
    version: str,
    words: str = "first",
    change: Callable[[Path], object] = lambda _program: None,
) -> str:
    """A file that installs a small program of that version, after ``change`` to its folder."""
    laid_out = folder / f"root-{words}-{version}"
    laid_out.mkdir()
    program = small_program(folder / f"program-{words}-{version}", words)
    change(program)
    tree.lay_out(laid_out, program)
    file = person.home.parent / f"bascule-{words}-{version}.run"
    run.pack(laid_out, file, version, {"libmissing.so.1": "libmissing1"})
    return str(file)


def refused(person: Person, *command: str) -> str:
    """What a run says that has to change nothing."""
    before = person.holds()
    done = person.run(*command)
    assert done.returncode == 1
    assert person.holds() == before
    return done.stderr


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tree of a package with a small program."""
    laid_out = tmp_path / "root"
    laid_out.mkdir()
    tree.lay_out(laid_out, small_program(tmp_path / "program"))
    return laid_out
