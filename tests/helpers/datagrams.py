"""Plain datagram sockets as peers, and loops that cannot watch sockets, as Windows' proactor."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Any

from tests.helpers.contract import PATIENCE_SECONDS

LONGEST = 65_507
"""The longest datagram of IPv4, in bytes."""


class Peer:
    """A UDP socket of somebody else; it blocks, so call it where everything is there already, or
    in a thread.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_DGRAM)
        self.sock.bind((host, port))
        self.sock.settimeout(PATIENCE_SECONDS)

    @property
    def name(self) -> Any:
        """Its address, as the system calls it."""
        return self.sock.getsockname()

    @property
    def port(self) -> int:
        return self.name[1]

    def send(self, data: bytes, port: int, host: str = "127.0.0.1") -> None:
        """Send one datagram."""
        self.sock.sendto(data, (host, port))

    async def receive(self) -> tuple[bytes, Any]:
        """The next datagram and where it came from."""
        return await asyncio.to_thread(self.sock.recvfrom, 70_000)


@contextlib.contextmanager
def peer(host: str = "127.0.0.1", port: int = 0) -> Iterator[Peer]:
    """A peer until the block ends."""
    found = Peer(host, port)
    with found.sock:
        yield found


class AskingLoop(asyncio.SelectorEventLoop):
    """A loop that watches no sockets for others but awaits a datagram, as the proactor does."""

    def add_reader(self, fd: Any, callback: Callable[..., object], *args: Any) -> None:
        raise NotImplementedError

    def add_writer(self, fd: Any, callback: Callable[..., object], *args: Any) -> None:
        raise NotImplementedError

    def remove_reader(self, fd: Any) -> bool:
        raise NotImplementedError

    def remove_writer(self, fd: Any) -> bool:
        raise NotImplementedError

    def _sock_read_done(self, fd: int, *_more: object, **_named: object) -> None:
        self._remove_reader(fd)  # type: ignore[attr-defined]
