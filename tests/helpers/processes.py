"""Starts real programs for a test: waits until they are ready, ends them, shows what they said.

A program that is missing fails the test: what the test run needs, it installs.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.contract import PATIENCE_SECONDS

_BETWEEN_TRIES_SECONDS = 0.02
_ACCEPTS = 0x10000
"""Linux's flag of a socket that listens (__SO_ACCEPTCON)."""
_SYSTEM_FOLDERS = ("/usr/sbin", "/sbin")


@dataclass(frozen=True)
class Running:
    """A program that is ready."""

    process: subprocess.Popen[bytes]
    _output: Path

    @property
    def output(self) -> str:
        """What it has said so far, on both channels."""
        return self._output.read_text(errors="replace")

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, and fail the test if the program ends before or it takes
        too long. The tries are spaced by waiting for the program's end, so its death is seen.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            try:
                status = self.process.wait(_BETWEEN_TRIES_SECONDS)
            except subprocess.TimeoutExpired:
                if time.monotonic() < deadline:
                    continue
                pytest.fail(f"{self.process.args} is not ready after {PATIENCE_SECONDS:g} seconds")
            pytest.fail(f"{self.process.args} ended with status {status}")

    def wait_for(self, text: str) -> None:
        """Wait until it has said something."""
        self.wait_until(lambda: text in self.output)


def find(program: str) -> str:
    """Where a program is; fails the test if it is not installed."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *_SYSTEM_FOLDERS])
    found = shutil.which(program, path=path)
    if found is None:
        pytest.fail(f"{program} is not installed, and the test needs it")
    return found


def listening(port: int, host: str = "127.0.0.1") -> Callable[[], bool]:
    """Whether somebody accepts connections there: a condition for ``start(ready=…)``."""

    def connects() -> bool:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            return False
        return True

    return connects


def listening_at(path: Path) -> Callable[[], bool]:
    """Whether somebody accepts connections at a Unix socket, found out without one: some serve but
    the first. Its file is there before, when it is bound; who connects then is refused.
    """

    def accepts() -> bool:
        lines = Path("/proc/net/unix").read_text(errors="replace").splitlines()
        fields = (line.split(maxsplit=7) for line in lines if line.endswith(f" {path}"))
        return any(int(each[3], 16) & _ACCEPTS for each in fields)

    return accepts


@contextmanager
def start(
    *argv: str | os.PathLike[str],
    ready: Callable[[], bool] | None = None,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> Iterator[Running]:
    """Run a program until the block ends. ``ready`` is awaited first; ``env`` is added to ours.

    It runs in a session of its own, so that its children end with it. What it said is printed at
    the end, and pytest shows that where the test failed.
    """
    program, *arguments = [os.fspath(argument) for argument in argv]
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "output")
        with said.open("wb") as output:
            process = subprocess.Popen(
                [find(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                start_new_session=True,
            )
        running = Running(process, said)
        try:
            if ready is not None:
                running.wait_until(ready)
            yield running
        finally:
            _end(process)
            print(f"--- {' '.join([program, *arguments])}\n{running.output}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, then make it and its children end."""
    _signal(process, signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        pass
    _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if not hasattr(os, "killpg"):  # Windows has no groups of processes
        process.kill()
        return
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        pass  # all of it has ended (macOS says EPERM of a group of which only zombies are left)
