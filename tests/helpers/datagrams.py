"""Plain datagram sockets as peers, what streams of UDP keep and who dials one, and loops that
cannot watch sockets, as Windows' proactor.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, override

import pytest

from bascule.errors import BasculeError, DialError
from bascule.streams.base import Dialer, Stream
from tests.helpers.contract import PATIENCE_SECONDS, StreamContract, soon
from tests.helpers.ports import free_udp_port
from tests.helpers.sockets import descriptors

LONGEST = 65_507
"""The longest datagram of IPv4, in bytes."""

GROUP = "239.255.77.1"


class Peer:
    """A UDP socket of somebody else; it blocks, so call it where everything is there already, or
    in a thread. Its port stays ours when it is gone.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_DGRAM)
        self.sock.bind((host, port or free_udp_port(host)))
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


@contextlib.asynccontextmanager
async def udp_echo(host: str) -> AsyncIterator[int]:
    """A service that gives back each datagram; its port."""

    class Echo(asyncio.DatagramProtocol):
        @override
        def connection_made(self, transport: Any) -> None:
            self._transport = transport

        @override
        def datagram_received(self, data: bytes, addr: Any) -> None:
            self._transport.sendto(data, addr)

    loop = asyncio.get_running_loop()
    transport, _protocol = await loop.create_datagram_endpoint(Echo, (host, 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


class UdpContract(StreamContract):
    """What all streams of UDP keep: nobody tells the peer anything but datagrams."""

    half_closes = False
    resets = False
    datagrams = True
    waits = False
    bulk_bytes = 2_000_000


@contextlib.asynccontextmanager
async def dialed(dialer: Dialer) -> AsyncIterator[Stream]:
    """What a dialer gives, until the block ends; it may be closed twice."""
    stream = await soon(dialer.dial())
    try:
        yield stream
    finally:
        await soon(stream.aclose())
        await soon(stream.aclose())


async def refused(dialer: Dialer, kind: type[BasculeError] = DialError) -> BasculeError:
    before = descriptors()
    with pytest.raises(kind) as caught:
        await soon(dialer.dial())
    assert descriptors() == before
    return caught.value


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
