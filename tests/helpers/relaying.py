"""Runs `bascule relay` as a person types it: a real process, and what it says."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import environment, wait_until

COMMAND = [sys.executable, "-P", "-m", "bascule", "relay"]


class Running:
    """A relay in a process of its own; what it says is in a file."""

    def __init__(self, process: subprocess.Popen[bytes], said: Path) -> None:
        self.process = process
        self._said = said

    @property
    def said(self) -> str:
        return self._said.read_text()

    def heard(self, text: str) -> None:
        """Wait until it has said something."""
        wait_until(lambda: text in self.said or self.process.poll() is not None)
        assert text in self.said

    def ends(self) -> int:
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def relaying(folder: Path, *words: str, stdin: int = subprocess.DEVNULL) -> Iterator[Running]:
    """Start a relay and end it afterwards."""
    said = folder / f"said-{time.monotonic_ns()}"
    with said.open("wb") as file:
        process = subprocess.Popen(
            [*COMMAND, "-d", "-d", *words],
            stdin=stdin, stdout=subprocess.PIPE, stderr=file, cwd=folder, env=environment(folder),
        )  # fmt: skip
    try:
        yield Running(process, said)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def ask(port: int, data: bytes = b"", host: str = "127.0.0.1") -> bytes:
    """Connect, say something, finish, and hear the answer."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS, (host, 0)) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := sock.recv(65_536):
            answer += chunk
        return answer


def hear(port: int) -> bytes:
    """Connect, and hear all that is said to a client that says nothing and does not hang up."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as sock:
        return b"".join(iter(lambda: sock.recv(65_536), b""))


def logged(file: Path, text: str) -> None:
    """Wait until a log tells something."""
    wait_until(lambda: file.exists() and text in file.read_text())
