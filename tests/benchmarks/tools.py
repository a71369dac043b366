"""Owns the load tools: compiling them, running them, talking to them."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
LIBRARIES = {"tls": ("-lssl", "-lcrypto"), "serial": ("-lutil",)}
TOOL_SECONDS = 120.0
"""How long a load tool may run at most."""


class NotThereError(Exception):
    """A relay or a tool cannot be started here; the words say why."""


class LoadError(Exception):
    """A relay that runs did not do its work; the words say what the load tool saw."""


class Tools:
    """The load tools, compiled in a folder when first used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built: dict[str, Path] = {}

    def path(self, name: str) -> Path:
        """Where a tool is. Raises: NotThereError where it cannot be compiled."""
        if name not in self._built:
            built = self._folder / name
            compiler = [shutil.which("cc") or "gcc", "-O2", "-pthread", "-o", str(built)]
            libraries = LIBRARIES.get(name, ())
            try:
                subprocess.run(
                    [*compiler, str(HERE / f"{name}.c"), *libraries],
                    capture_output=True,
                    text=True,
                    check=True,
                )
            except (OSError, subprocess.CalledProcessError) as exc:
                words = getattr(exc, "stderr", "") or str(exc)
                raise NotThereError(f"{name}.c does not compile: {one_line(words, 0)}") from exc
            self._built[name] = built
        return self._built[name]

    def run(self, name: str, *words: object) -> list[float]:
        """Run a tool to its end and return the numbers it prints.

        Raises: LoadError where it failed.
        """
        argv = [str(self.path(name)), *map(str, words)]
        try:
            done = subprocess.run(
                argv, capture_output=True, text=True, timeout=TOOL_SECONDS, check=True
            )
        except subprocess.CalledProcessError as exc:
            raise LoadError(one_line(exc.stderr, -1)) from exc
        except subprocess.TimeoutExpired as exc:
            raise LoadError(f"not done within {TOOL_SECONDS:g} seconds") from exc
        return [float(word) for word in done.stdout.split()]

    @contextlib.contextmanager
    def open(self, name: str, *words: object) -> Generator[Talking]:
        """Run a tool until the block ends."""
        argv = [str(self.path(name)), *map(str, words)]
        pipe = subprocess.PIPE
        with subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
            try:
                yield Talking(process)
            finally:
                process.kill()


@dataclass(frozen=True)
class Talking:
    """A tool that runs and is talked to by lines."""

    process: subprocess.Popen[str]

    def read_line(self) -> str:
        """Its next line. Raises: LoadError where it has ended instead."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        line = self.process.stdout.readline().strip()
        if not line:
            raise LoadError(one_line(self.process.stderr.read(), -1))
        return line

    def ask(self, line: str) -> str:
        """Say a line to it and return its answer. Raises: LoadError where it has ended instead."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it says why below
            self.process.stdin.write(f"{line}\n")
            self.process.stdin.flush()
        return self.read_line()


def one_line(text: str, which: int) -> str:
    """One of the lines of what a program has said, by its index."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[which][:200] if lines else "it says nothing"
