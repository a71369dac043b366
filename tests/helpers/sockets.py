"""Plain sockets as peers: one that resets, one that never answers, one that the test serves itself;
and what this process holds.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.contract import PATIENCE_SECONDS

_MOST_OF_WINDOWS = 512
"""So many descriptors the C runtime of Windows gives out unless it is told otherwise."""


def descriptors() -> dict[str, str]:
    """What this process has open, by number (the folder that is read for it left out). On Windows
    only files and pipes are found, and not where they lead: sockets are no descriptors there.
    """
    found: dict[str, str] = {}
    if sys.platform == "win32":
        for fd in range(_MOST_OF_WINDOWS):
            with contextlib.suppress(OSError):
                os.fstat(fd)
                found[str(fd)] = ""
        return found
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found[entry.name] = os.readlink(entry)  # noqa: PTH115 - what it says is no path
    return found


def reset(sock: socket.socket) -> None:
    """Close with a TCP reset."""
    shape = "hh" if sys.platform == "win32" else "ii"
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(shape, 1, 0))
    sock.close()


@contextlib.contextmanager
def silent(host: str, port: int = 0) -> Iterator[int]:
    """A port that never answers: its queue is full, and Linux then drops who knocks."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket(family))
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(0)
        stack.enter_context(socket.create_connection(listening.getsockname()[:2]))
        yield listening.getsockname()[1]


@contextlib.contextmanager
def listener() -> Iterator[tuple[socket.socket, int]]:
    """A server whose connections the test takes with ``accepted``, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE_SECONDS)
        yield server, server.getsockname()[1]


def accepted(server: socket.socket) -> socket.socket:
    """The next connection of a server, which blocks like the server itself."""
    connection, _ = server.accept()
    connection.settimeout(PATIENCE_SECONDS)
    return connection
