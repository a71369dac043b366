"""What programs tell the system's log, as the one who reads it there finds it."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.processes import find

_WHERE = Path("/dev/log")
_LONGEST_BYTES = 65_536


@contextmanager
def system_log() -> Iterator[Callable[[], str]]:
    """Gives what was said since then, whenever it is called.

    Where no log service runs, we are it, for one test at a time (that takes root); else journald
    is asked.
    """
    lock = os.open(Path(tempfile.gettempdir(), "bascule-test-system-log"), os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _served():
            since = f"--since=@{int(time.time())}"
            command = [find("journalctl"), "--quiet", "--no-pager", "--output=short", since]
            yield lambda: subprocess.check_output(command, text=True)
        else:
            with _service() as said:
                yield said
    finally:
        os.close(lock)


def _served() -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(str(_WHERE))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True


@contextmanager
def _service() -> Iterator[Callable[[], str]]:
    said: list[str] = []
    _WHERE.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as service:
        service.bind(str(_WHERE))
        service.setblocking(False)

        def everything() -> str:
            try:
                while True:
                    said.append(service.recv(_LONGEST_BYTES).decode())
            except BlockingIOError:
                return "\n".join(said)

        try:
            yield everything
        finally:
            _WHERE.unlink()
