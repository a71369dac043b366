"""One bound socket shared by many streams, on loops that watch it and on one that does not."""

# pyright: reportIncompatibleMethodOverride=false, reportArgumentType=false, reportCallIssue=false

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bascule.errors import StreamError
from bascule.streams.base import address_of
from bascule.streams.datagram import HELD
from bascule.streams.datagram_port import DatagramPort, PlainReading, PortStream
from tests.helpers.contract import soon
from tests.helpers.datagrams import AskingLoop, peer
from tests.helpers.loops import LOOPS
from tests.helpers.ports import free_udp_port

LOOP_FACTORIES = {**LOOPS, "asking": AskingLoop}
pytestmark = pytest.mark.usefixtures("asked_as_elsewhere")


class Rig:
    def __init__(self, sock: socket.socket, single: bool) -> None:
        self.number = sock.getsockname()[1]
        self.streams: list[PortStream] = []
        self.arrived: asyncio.Queue[PortStream] = asyncio.Queue()
        self.port = DatagramPort(sock, self._arrive, PlainReading(sock), address_of, single=single)

    def _arrive(self, stream: PortStream) -> None:
        self.streams.append(stream)
        self.arrived.put_nowait(stream)

    async def next(self) -> PortStream:
        return await soon(self.arrived.get())


@asynccontextmanager
async def opened(sock: socket.socket | None = None, *, single: bool = False) -> AsyncIterator[Rig]:
    sock = sock or socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.bind(("127.0.0.1", free_udp_port()))
    rig = Rig(sock, single)
    try:
        yield rig
    finally:
        rig.port.close()
        for stream in rig.streams:
            await soon(stream.aclose())
        rig.port.close()
        await soon(rig.port.closed())
    assert sock.fileno() == -1


async def test_peers_are_told_apart_and_answered():
    async with opened() as rig:
        with peer() as one, peer() as two:
            for far, data in ((one, b"one"), (two, b"two")):
                far.send(data, rig.number)
                stream = await rig.next()
                assert await soon(stream.receive()) == data
                await soon(stream.send(data * 2))
                assert (await far.receive())[0] == data * 2
            one.send(b"", rig.number)
            assert await soon(rig.streams[0].receive()) == b""
            assert rig.arrived.empty()


async def test_a_stream_hears_that_it_is_forgotten_once():
    async with opened() as rig:
        with peer() as far:
            far.send(b"hello", rig.number)
            stream = await rig.next()
            forgotten: list[PortStream] = []
            stream.on_forgotten = forgotten.append
            stream.end()
            await soon(stream.aclose())
            assert forgotten == [stream]


async def test_an_end_wakes_who_waits():
    async with opened() as rig:
        with peer() as far:
            far.send(b"hello", rig.number)
            stream = await rig.next()
            assert await soon(stream.receive()) == b"hello"
            waiting = asyncio.ensure_future(stream.receive())
            await asyncio.wait([waiting], timeout=0)
            stream.end()
            assert await soon(waiting) == b""


async def test_each_datagram_alone():
    async with opened(single=True) as rig:
        with peer() as far:
            for data in (b"one", b"", b"three"):
                far.send(data, rig.number)
                stream = await rig.next()
                got = await soon(stream.receive())
                assert got == data
                assert got
                assert await soon(stream.receive()) == b""


async def test_too_much_is_dropped_and_counted():
    async with opened() as rig:
        with peer() as far, peer() as other:
            far.send(b"0", rig.number)
            stream = await rig.next()
            for index in range(1, HELD + 10):
                far.send(b"%d" % index, rig.number)
            other.send(b"hello", rig.number)
            await rig.next()
            assert stream.dropped == 10
            assert [await stream.receive() for _ in range(HELD)] == [
                b"%d" % index for index in range(HELD)
            ]


async def test_whoever_follows_takes_all_at_once():
    async with opened() as rig:
        with peer() as far:
            far.send(b"0", rig.number)
            stream = await rig.next()
            got: list[bytes] = []
            enough = asyncio.Event()

            def ready() -> None:
                got.extend(stream.take())
                if len(got) == 5:
                    enough.set()

            stream.follow(ready)
            ready()  # what was there before
            for index in range(1, 5):
                far.send(b"%d" % index, rig.number)
            await soon(enough.wait())
            assert got == [b"%d" % index for index in range(5)]
            assert stream.held == []
            stream.follow(None)


async def test_several_wait_for_room_at_the_same_time():
    """Both are told, though the system is asked once."""
    async with opened() as rig:
        first, second = asyncio.Event(), asyncio.Event()
        rig.port.when_sendable(first.set)
        rig.port.when_sendable(second.set)
        await soon(first.wait())
        await soon(second.wait())


async def test_a_stream_waits_for_room():
    class Full(socket.socket):
        """Takes nothing the first time."""

        full = True

        def sendto(self, *args: object) -> int:
            if self.full:
                type(self).full = False
                raise BlockingIOError
            return super().sendto(*args)

    async with opened(Full(socket.AF_INET, socket.SOCK_DGRAM)) as rig:
        with peer() as far:
            far.send(b"hello", rig.number)
            await soon((await rig.next()).send(b"answer"))
            assert (await far.receive())[0] == b"answer"


async def test_closed_it_lives_while_somebody_needs_it():
    async with opened() as rig:
        with peer() as far, peer() as late:
            far.send(b"hello", rig.number)
            stream = await rig.next()
            rig.port.close()
            await soon(rig.port.closed())
            late.send(b"too late", rig.number)
            far.send(b"more", rig.number)
            assert [await soon(stream.receive()) for _ in range(2)] == [b"hello", b"more"]
            assert len(rig.streams) == 1
            assert rig.port.dropped == 0
            await soon(stream.aclose())
            assert rig.port.dropped == 0
            with pytest.raises(StreamError):
                await soon(stream.send(b"x"))
            with peer(port=rig.number):
                pass  # the port is free


async def test_trouble_concerns_one_of_many():
    class Troubled(socket.socket):
        """Says once, as Windows does, that an answer was refused."""

        said = False

        def recvfrom(self, *args: object) -> object:
            if not self.said:
                type(self).said = True
                raise ConnectionResetError
            return super().recvfrom(*args)

    async with opened(Troubled(socket.AF_INET, socket.SOCK_DGRAM)) as rig:
        with peer() as far:
            far.send(b"hello", rig.number)
            assert await soon((await rig.next()).receive()) == b"hello"


async def test_what_has_no_sender_is_no_datagram():
    """Windows' proactor gives this for an answer that was refused."""
    async with opened() as rig:
        rig.port._got(b"", None)
        assert rig.streams == []
