"""The quick way between two streams of datagrams, over real sockets: it does what ``pump`` does."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.relay.datagram_path import applies, carry
from bascule.relay.pump import Counters, Rules
from bascule.streams.base import Address, Stream, address_of
from bascule.streams.datagram import DatagramStream, SocketDatagrams
from bascule.streams.datagram_port import DatagramPort, PlainReading
from bascule.streams.datagram_sender import Sender
from bascule.streams.memory import memory_pair
from bascule.streams.udp import UdpConnectDialer, UdpReceiveDialer
from bascule.streams.udp_listen import UdpListener, UdpReceiveFromListener
from tests.helpers.clock import Clock
from tests.helpers.contract import random_bytes, soon
from tests.helpers.datagrams import LONGEST, Peer, peer
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS


@dataclass
class Passage:
    """A client, our port, a server, and what is carried between them."""

    client: Peer
    server: Peer
    source: DatagramStream
    target: DatagramStream
    port: int
    counters: Counters
    task: asyncio.Future[None]

    async def up(self, data: bytes) -> None:
        self.client.send(data, self.port)
        assert (await self.server.receive())[0] == data

    async def down(self, data: bytes) -> None:
        self.server.send(data, self.target._sock.getsockname()[1])  # type: ignore[attr-defined]
        assert (await self.client.receive())[0] == data


@asynccontextmanager
async def passage(
    listener: UdpListener | UdpReceiveFromListener | None = None, rules: Rules | None = None
) -> AsyncIterator[Passage]:
    listener = listener or UdpListener("127.0.0.1", 0)
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    (address,) = await listener.start(arrived.put_nowait)
    port = address.port or 0
    counters = Counters()
    with peer() as client, peer() as server:
        client.send(b"hello", port)
        source = await soon(arrived.get())
        target = await soon(UdpConnectDialer("127.0.0.1", server.port).dial())
        assert isinstance(source, DatagramStream)
        assert isinstance(target, DatagramStream)
        rules = rules or Rules(linger_seconds=0.1)
        assert applies(source, target, rules)
        task = asyncio.ensure_future(carry(source, target, counters, rules))
        try:
            yield Passage(client, server, source, target, port, counters, task)
        finally:
            task.cancel()
            await asyncio.wait([task])
            await source.aclose()
            await target.aclose()
            await listener.aclose()


async def test_it_knows_datagrams_only():
    one, two = memory_pair()
    async with passage() as way:
        assert not applies(way.source, one, Rules())
        assert not applies(two, way.target, Rules())
        assert not applies(way.source, way.target, Rules(chunk_bytes=100))


@pytest.mark.parametrize("size", [0, 1, 1472, LONGEST])
async def test_datagrams_go_both_ways_unchanged(size: int):
    data = random_bytes(size)
    async with passage() as way:
        assert (await way.server.receive())[0] == b"hello"
        for _ in range(3):
            await way.up(data)
            await way.down(data)
        assert (way.counters.up, way.counters.down) == (5 + 3 * size, 3 * size)


async def test_many_at_once_keep_their_order():
    async with passage() as way:
        assert (await way.server.receive())[0] == b"hello"
        sent = [b"%d" % index * (index % 7) for index in range(200)]
        for start in range(0, 200, 50):
            for data in sent[start : start + 50]:
                way.client.send(data, way.port)
            got = [(await way.server.receive())[0] for _ in range(50)]
            assert got == sent[start : start + 50]
        assert way.counters.up == 5 + sum(map(len, sent))


async def test_who_looks_sees_each_datagram_once():
    async with passage() as way:
        assert (await way.server.receive())[0] == b"hello"
        seen: list[tuple[str, bytes]] = []
        way.counters.observe = lambda *what: seen.append(what)
        await way.up(b"ask")
        await way.down(b"")
        way.counters.observe = None
        await way.up(b"unseen")
        assert seen == [("up", b"ask"), ("down", b"")]


async def test_a_silent_peer_ends_it():
    async with passage(UdpListener("127.0.0.1", 0, peer_idle_seconds=0.1)) as way:
        await soon(way.task)
        assert way.source.ended


async def test_a_single_datagram_has_its_answers(monkeypatch: pytest.MonkeyPatch):
    clock = Clock(monkeypatch)
    async with passage(UdpReceiveFromListener("127.0.0.1", 0), Rules(linger_seconds=3)) as way:
        assert (await way.server.receive())[0] == b"hello"
        for _ in range(3):
            await clock.goes(2)
            await way.down(b"answer")
        for _ in range(2):  # it looks whether anything moved since it looked before
            await clock.goes(3)
        assert way.task.done()
        await way.task
        assert (way.counters.up, way.counters.down) == (5, 18)


@pytest.mark.parametrize("direction", ["up", "down"])
async def test_one_way_only(direction: str):
    async with passage(rules=Rules(direction=direction, linger_seconds=0.1)) as way:
        if direction == "up":
            _data, name = await way.server.receive()
            way.server.send(b"answer", name[1])
        else:
            await way.down(b"answer")
        await asyncio.wait([way.task], timeout=0.1)
        assert (way.counters.up, way.counters.down) == ((5, 0) if direction == "up" else (0, 6))


async def test_where_one_side_only_receives():
    source = await soon(UdpReceiveDialer("127.0.0.1", 0).dial())
    counters = Counters()
    with peer() as client, peer() as server:
        target = await soon(UdpConnectDialer("127.0.0.1", server.port).dial())
        task = asyncio.ensure_future(carry(source, target, counters, Rules()))
        client.send(b"hello", source.peer.port or 0)
        data, name = await server.receive()
        assert data == b"hello"
        server.send(b"in vain", name[1])
        await asyncio.wait([task], timeout=0.05)
        assert (counters.up, counters.down) == (5, 0)
        task.cancel()
        await asyncio.wait([task])
    await source.aclose()
    await target.aclose()


async def test_the_single_datagram_of_one_way_is_all():
    rules = Rules(direction="up")
    async with passage(UdpReceiveFromListener("127.0.0.1", 0), rules) as way:
        await soon(way.task)
        assert (await way.server.receive())[0] == b"hello"


async def test_a_refusal_ends_it():
    async with passage() as way:
        assert (await way.server.receive())[0] == b"hello"
        way.server.sock.close()
        way.client.send(b"anybody?", way.port)
        with pytest.raises(StreamError) as caught:
            await soon(way.task)
        assert caught.value.code is ErrorCode.CONNECTION_REFUSED


async def test_the_first_trouble_counts():
    async with passage() as way:
        assert (await way.server.receive())[0] == b"hello"
        way.source.abort()
        way.target.abort()
        with pytest.raises(StreamError) as caught:
            await soon(way.task)
        assert caught.value.code is ErrorCode.CONNECTION_BROKEN


async def test_cancelled_it_leaves_the_streams_usable():
    async with passage() as way:
        assert (await way.server.receive())[0] == b"hello"
        way.task.cancel()
        await asyncio.wait([way.task])
        way.client.send(b"more", way.port)
        assert await soon(way.source.receive()) == b"more"


def over(sock: socket.socket) -> SocketDatagrams:
    sock.setblocking(False)
    return SocketDatagrams(sock, Address("pair"), Sender(sock, segments=False))


async def test_what_is_not_taken_waits_and_nothing_is_lost():
    client, near = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    out, server = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    client.settimeout(20)
    server.settimeout(20)
    source, target = over(near), over(out)
    counters = Counters()
    task = asyncio.ensure_future(carry(source, target, counters, Rules()))
    count = 3000

    def feed() -> None:
        for index in range(count):
            client.send(b"%04d" % index)

    feeding = asyncio.ensure_future(asyncio.to_thread(feed))
    await asyncio.wait([feeding], timeout=0.3)
    assert not feeding.done(), "nobody made the client wait"
    for index in range(count):
        assert await asyncio.to_thread(server.recv, 100) == b"%04d" % index
    await soon(feeding)
    assert counters.up == 4 * count
    task.cancel()
    await asyncio.wait([task])
    for stream in (source, target):
        await stream.aclose()
    client.close()
    server.close()


async def test_what_peers_send_meanwhile_is_bounded_and_the_rest_is_counted():
    """Where the source cannot be made to wait, it holds what it may and drops the newest."""
    out, server = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.settimeout(20)
    listener = UdpListener("127.0.0.1", 0)
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    (address,) = await listener.start(arrived.put_nowait)
    port, count = address.port or 0, 2000
    with peer() as client, peer() as other:
        client.send(b"0", port)
        source, target = await soon(arrived.get()), over(out)
        assert isinstance(source, DatagramStream)
        task = asyncio.ensure_future(carry(source, target, Counters(), Rules()))
        for index in range(1, count):
            client.send(b"%d" % index, port)
            if not index % 100:  # when this is seen, so is the above
                other.send(b"hello", port)
                stream = await soon(arrived.get())
                await stream.aclose()
        got: list[bytes] = []
        while len(got) < count - source.dropped:
            got.append(await asyncio.to_thread(server.recv, 100))
        assert 0 < source.dropped < count
        numbers = list(map(int, got))
        assert numbers == sorted(set(numbers))
        assert numbers[:60] == list(range(60))  # what was there first is kept
        task.cancel()
        await asyncio.wait([task])
    for stream in (source, target, listener):
        await stream.aclose()
    server.close()


async def test_who_waits_for_room_is_asked_again_and_not_after_the_end():
    class Full(socket.socket):
        """Takes nothing for some times."""

        refusals = 3

        def sendto(self, *args: Any) -> int:
            if self.refusals:
                type(self).refusals -= 1
                raise BlockingIOError
            return super().sendto(*args)

    ours = Full(socket.AF_INET, socket.SOCK_DGRAM)
    ours.setblocking(False)
    ours.bind(("127.0.0.1", 0))
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    port = DatagramPort(ours, arrived.put_nowait, PlainReading(ours), address_of, single=False)
    with peer() as client, peer() as server:
        client.send(b"hello", ours.getsockname()[1])
        source = await soon(arrived.get())
        target = await soon(UdpConnectDialer("127.0.0.1", server.port).dial())
        task = asyncio.ensure_future(carry(source, target, Counters(), Rules()))
        _data, name = await server.receive()
        server.send(b"answer", name[1])
        assert (await client.receive())[0] == b"answer"
        assert Full.refusals == 0
        Full.refusals = 1_000_000
        server.send(b"never", name[1])
        while Full.refusals == 1_000_000:
            await asyncio.wait([task], timeout=0.01)
        task.cancel()
        await asyncio.wait([task])
        await target.aclose()
        left = Full.refusals
        await asyncio.wait([asyncio.ensure_future(asyncio.sleep(0.05))])
        assert Full.refusals == left
    await source.aclose()
    port.close()
