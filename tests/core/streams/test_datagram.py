"""Streams of datagrams over real sockets, on loops that watch them and on one that does not: what
is held and what is lost, and the door for whoever moves many at once.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import EMPTY_DATAGRAM, Address
from bascule.streams.datagram import (
    HELD,
    HELD_BYTES,
    UDP6_LIMIT_BYTES,
    UDP_LIMIT_BYTES,
    SocketDatagrams,
    overrun,
    udp_limit,
)
from bascule.streams.datagram_sender import Sender
from bascule.streams.datagram_watch import Name
from tests.helpers.contract import soon
from tests.helpers.datagrams import AskingLoop, Peer, UdpContract, peer
from tests.helpers.loops import LOOPS
from tests.helpers.sockets import descriptors

LOOP_FACTORIES = {**LOOPS, "asking": AskingLoop}
pytestmark = pytest.mark.usefixtures("asked_as_elsewhere")


def connected(far: Peer, **options: Any) -> SocketDatagrams:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.connect(far.name)
    return SocketDatagrams(sock, Address("far"), Sender(sock), **options)


def port_of(stream: SocketDatagrams) -> int:
    return stream._sock.getsockname()[1]


@asynccontextmanager
async def joined(**options: Any) -> AsyncIterator[tuple[SocketDatagrams, Peer]]:
    with peer() as far:
        stream = connected(far, **options)
        try:
            yield stream, far
        finally:
            await soon(stream.aclose())
            await soon(stream.aclose())


class TestContract(UdpContract):
    bulk_bytes = 500_000

    async def open_pair(self) -> tuple[SocketDatagrams, SocketDatagrams]:
        one, two = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for sock in (one, two):
            sock.setblocking(False)
            sock.bind(("127.0.0.1", 0))
        one.connect(two.getsockname())
        two.connect(one.getsockname())
        return (
            SocketDatagrams(one, Address("two"), Sender(one)),
            SocketDatagrams(two, Address("one"), Sender(two)),
        )


# receiving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3 * HELD])
async def test_the_system_holds_what_nobody_asks_for(count: int):
    async with joined() as (stream, far):
        far.send(b"first", port_of(stream))
        assert await soon(stream.receive()) == b"first"
        for index in range(count):
            far.send(b"%d" % index, port_of(stream))
        await asyncio.wait([asyncio.ensure_future(asyncio.sleep(0.05))])
        assert len(stream.held) <= HELD
        assert [await soon(stream.receive()) for _ in range(count)] == [
            b"%d" % index for index in range(count)
        ]
        assert stream.dropped == 0


async def test_long_ones_are_held_up_to_a_number_of_bytes():
    with peer() as far:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.connect(far.name)
        # The system's own buffer may be too small for so many long ones.
        stream = SocketDatagrams(sock, Address("far"), None, read=lambda: sock.recv(9) * 10_000)
        for _ in range(30):
            far.send(b"fifty", port_of(stream))
        asking = isinstance(asyncio.get_running_loop(), AskingLoop)  # it reads without ``read``
        for _ in range(30):
            assert len(await soon(stream.receive())) == (5 if asking else 50_000)
            assert sum(map(len, stream.held)) < HELD_BYTES + 50_000
        await soon(stream.aclose())


async def test_one_by_one_and_many_at_once_come_in_order():
    async with joined() as (stream, far):
        for turn in range(40):
            burst = 1 if turn % 10 else 5
            for index in range(burst):
                far.send(b"%d %d" % (turn, index), port_of(stream))
            for index in range(burst):
                assert await soon(stream.receive()) == b"%d %d" % (turn, index)


async def test_strangers_are_passed_over():
    with peer() as far, peer() as other:
        asked: asyncio.Queue[Name] = asyncio.Queue()

        def accepts(name: Name) -> bool:
            asked.put_nowait(name)
            return name == far.name

        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.bind(("127.0.0.1", 0))
        stream = SocketDatagrams(sock, Address("far"), Sender(sock, far.name), accepts=accepts)
        stream.listen()
        other.send(b"not asked", port_of(stream))
        assert await soon(asked.get()) == other.name
        for data in (b"one", b"", b"three"):
            other.send(b"not asked", port_of(stream))
            far.send(data, port_of(stream))
            assert await soon(stream.receive()) == data
        await soon(stream.aclose())


async def test_how_it_is_read_may_be_said():
    ours, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.setblocking(False)
    stream = SocketDatagrams(ours, Address("far"), None, read=partial(ours.recv, 300_000))
    far.send(bytes(100_000))
    if not isinstance(asyncio.get_running_loop(), AskingLoop):  # there only UDP is read
        assert len(await soon(stream.receive())) == 100_000
    await soon(stream.aclose())
    far.close()


async def test_trouble_while_sending():
    async with joined(limit_bytes=70_000) as (stream, far):
        with pytest.raises(StreamError) as caught:
            await soon(stream.send(bytes(65_600)))
        assert caught.value.code is ErrorCode.CONNECTION_BROKEN
        far.sock.close()
        await soon(stream.send(b"anybody?"))
        with pytest.raises(StreamError) as caught:
            await soon(stream.send(b"anybody?"))
        assert caught.value.code is ErrorCode.CONNECTION_REFUSED


@pytest.mark.skipif(sys.platform != "linux", reason="no other system says it")
async def test_what_the_system_dropped_is_counted():
    async with joined() as (stream, far):
        stream._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(50):
            far.send(bytes(1000), port_of(stream))
        assert 30 < stream.dropped < 50
        seen = stream.dropped
    assert stream.dropped == seen  # it is known still


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_system_that_does_not_say_what_it_dropped(platform: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", platform)
    ours, far = socket.socketpair()
    ours.close()
    far.close()
    assert overrun(ours) == 0


async def test_a_stream_that_never_receives():
    async with joined(can_receive=False) as (stream, far):
        stream.follow(pytest.fail)
        far.send(b"x", port_of(stream))
        assert stream.take() == []
        stream.follow(None)
        assert await soon(stream.receive()) == b""
        await soon(stream.send(b"one way"))
        assert (await far.receive())[0] == b"one way"


async def test_a_refusal_is_told_once():
    async with joined() as (stream, far):
        far.sock.close()
        await soon(stream.send(b"anybody?"))
        with pytest.raises(StreamError) as caught:
            await soon(stream.receive())
        assert caught.value.code is ErrorCode.CONNECTION_REFUSED
        waiting = asyncio.ensure_future(stream.receive())
        await asyncio.wait([waiting], timeout=0.05)
        assert not waiting.done()
        stream.abort()
        with pytest.raises(StreamError) as caught:
            await soon(waiting)
        assert caught.value.code is ErrorCode.CONNECTION_BROKEN


# the door ---------------------------------------------------------------------------------------


async def test_whoever_follows_takes_all_at_once():
    async with joined() as (stream, far):
        ready = asyncio.Event()
        stream.follow(ready.set)
        assert stream.take() == []
        got: list[bytes] = []
        for data in (b"one", b"", b"three"):
            far.send(data, port_of(stream))
        while len(got) < 3:
            await soon(ready.wait())
            ready.clear()
            got += stream.take()
        assert got == [b"one", b"", b"three"]
        stream.follow(None)
        far.send(b"four", port_of(stream))
        assert await soon(stream.receive()) == b"four"
        assert not ready.is_set()


async def test_what_is_given_back_comes_first():
    async with joined() as (stream, _far):
        stream.held = [b"new"] * 3
        stream.give_back([b"old"] * HELD)
        assert stream.is_full()
        assert stream.take() == [b"old"] * HELD + [b"new"] * 3
        assert not stream.is_full()
        stream.drop(2)
        assert stream.dropped == 2


async def test_one_datagram_is_held_however_long_it_is():
    async with joined() as (stream, _far):
        stream.give_back([bytes(3 * HELD_BYTES)])
        assert stream.is_full()
        assert len(stream.take()) == 1


async def test_reading_goes_on_after_what_was_given_back():
    async with joined() as (stream, far):
        ready = asyncio.Event()
        stream.follow(ready.set)
        far.send(b"one", port_of(stream))
        await soon(ready.wait())
        ready.clear()
        stream.give_back(stream.take())
        for index in range(HELD):
            far.send(b"%d" % index, port_of(stream))
        await asyncio.wait([asyncio.ensure_future(asyncio.sleep(0.05))])
        got: list[bytes] = []
        while len(got) < HELD + 1:
            got += stream.take()
            stream.listen()
            await asyncio.wait([asyncio.ensure_future(ready.wait())], timeout=0.02)
        assert got == [b"one", *(b"%d" % index for index in range(HELD))]


async def test_a_closed_stream_is_followed_in_vain():
    async with joined() as (stream, _far):
        stream.abort()
        stream.follow(pytest.fail)
        with pytest.raises(StreamError):
            stream.take()


# sending ----------------------------------------------------------------------------------------


async def test_the_limit_is_the_version_s():
    assert udp_limit(("127.0.0.1", 9)) == UDP_LIMIT_BYTES
    assert udp_limit(("::1", 9, 0, 0)) == UDP6_LIMIT_BYTES
    assert udp_limit(("::ffff:127.0.0.1", 9, 0, 0)) == UDP_LIMIT_BYTES
    assert udp_limit(None) == UDP_LIMIT_BYTES


async def test_after_finishing_nothing_is_sent_but_things_are_received():
    async with joined() as (stream, far):
        await soon(stream.send_eof())
        await soon(stream.send_eof())
        with pytest.raises(StreamError, match="finished"):
            await soon(stream.send(b"x"))
        far.send(b"still", port_of(stream))
        assert await soon(stream.receive()) == b"still"


async def test_what_can_not_be_sent_to():
    with peer() as far:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.connect(far.name)
        stream = SocketDatagrams(sock, Address("far"), None)
        assert stream.dropped == 0
        with pytest.raises(StreamError, match="nothing can be sent"):
            await soon(stream.send(EMPTY_DATAGRAM))
        await soon(stream.aclose())


async def test_sending_waits_for_room_and_goes_on_after_being_cancelled():
    before = descriptors()
    ours, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.setblocking(False)
    stream = SocketDatagrams(ours, Address("far"), Sender(ours, segments=False))
    sent = 0

    async def push() -> None:
        nonlocal sent
        while True:
            await stream.send(b"%d" % sent)
            sent += 1

    pushing = asyncio.ensure_future(push())
    await asyncio.wait([pushing], timeout=0.1)
    assert not pushing.done()
    pushing.cancel()
    await asyncio.wait([pushing])
    pushing = asyncio.ensure_future(push())
    for index in range(sent + 10):
        assert await asyncio.to_thread(far.recv, 100) == b"%d" % index
    await asyncio.wait([pushing], timeout=0.1)
    assert not pushing.done()  # there is no more room again
    stream.abort()
    with pytest.raises(StreamError):
        await soon(pushing)
    await soon(stream.aclose())
    far.close()
    assert len(descriptors()) <= len(before)
