"""An echo that is another program's, and bytes that are sent to it and compared: for tests that
are outside of what they try.
"""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.ports import free_port
from tests.helpers.processes import listening, start

LOCAL = "127.0.0.1"
_CHUNK = 8192


@contextmanager
def socat_echo() -> Iterator[int]:
    """A socat that sends everything back; its port."""
    port = free_port()
    argv = ["socat", f"TCP-LISTEN:{port},bind={LOCAL},fork,reuseaddr", "PIPE"]
    with start(*argv, ready=listening(port)):
        yield port


def there_and_back(port: int, count: int = 200_000) -> None:
    """Send so many bytes through a relay to an echo, and compare what comes back."""
    data = random_bytes(count)
    with socket.create_connection((LOCAL, port), timeout=PATIENCE_SECONDS) as talker:
        assert exchange(talker, data) == hashlib.sha256(data).hexdigest()


def exchange(talker: socket.socket, data: bytes) -> str:
    """Send bytes to an echo piece by piece; the SHA-256, in hex, of what comes back."""
    talker.settimeout(PATIENCE_SECONDS)
    seen = hashlib.sha256()
    for begin in range(0, len(data), _CHUNK):
        piece = data[begin : begin + _CHUNK]
        talker.sendall(piece)
        left = len(piece)
        while left:
            got = talker.recv(left)
            assert got, "the connection ended early"
            seen.update(got)
            left -= len(got)
    return seen.hexdigest()
