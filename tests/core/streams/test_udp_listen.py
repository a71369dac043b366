"""UDP from the side that waits, over real sockets: the stream contract, who is a peer and for how
long, single datagrams, and what is said when listening fails.
"""

# pyright: reportPossiblyUnboundVariable=false

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bascule.errors import StreamError
from bascule.streams import datagram_port, datagram_sender
from bascule.streams.base import EMPTY_DATAGRAM, Address, Listener, Stream
from bascule.streams.datagram import HELD
from bascule.streams.datagram_port import PortStream
from bascule.streams.socket_options import SocketOptions
from bascule.streams.udp import UdpConnectDialer
from bascule.streams.udp_listen import Peers, UdpListener, UdpReceiveFromListener
from tests.helpers.clock import Clock
from tests.helpers.contract import random_bytes, read_all, soon
from tests.helpers.datagrams import LONGEST, Peer, UdpContract, peer
from tests.helpers.loops import LOOPS
from tests.helpers.sockets import descriptors

LOOP_FACTORIES = LOOPS


class TestContract(UdpContract):
    host = "127.0.0.1"

    async def open_pair(self) -> tuple[Stream, Stream]:
        arrived: asyncio.Queue[Stream] = asyncio.Queue()
        listener = UdpListener(self.host, 0)
        (address,) = await listener.start(arrived.put_nowait)
        far = await UdpConnectDialer(address.host, address.port or 0).dial()
        await far.send(b"hello")
        ours = await arrived.get()
        assert await ours.receive() == b"hello"
        await listener.aclose()
        return ours, far


class TestContract6(TestContract):
    host = "::1"


class TestContractEverywhere(TestContract):
    host = "0.0.0.0"


class TestContractEverywhere6(TestContract):
    host = "::"


class Rig:
    """A listener that has begun, and the streams that arrived."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.addresses: tuple[Address, ...] = ()
        self.arrived: asyncio.Queue[PortStream] = asyncio.Queue()
        self.streams: list[Stream] = []

    @property
    def port(self) -> int:
        return self.addresses[0].port or 0

    def arrive(self, stream: Stream) -> None:
        assert isinstance(stream, PortStream)
        self.streams.append(stream)
        self.arrived.put_nowait(stream)

    async def next(self) -> PortStream:
        return await soon(self.arrived.get())


@asynccontextmanager
async def listens(listener: Listener) -> AsyncIterator[Rig]:
    before = descriptors()
    rig = Rig(listener)
    rig.addresses = await soon(listener.start(rig.arrive))
    try:
        yield rig
    finally:
        await listener.aclose()
        await listener.aclose()
        for stream in rig.streams:
            await soon(stream.aclose())
    assert len(descriptors()) == len(before)


def at(*_args: Any, **options: Any) -> UdpListener:
    return UdpListener("127.0.0.1", 0, **options)


# peers ------------------------------------------------------------------------------------------


async def test_each_peer_is_a_stream_and_has_its_answers():
    async with listens(at()) as rig:
        with peer() as one, peer() as two:
            one.send(b"one", rig.port)
            two.send(b"two", rig.port)
            first, second = await rig.next(), await rig.next()
            assert first.peer == Address("127.0.0.1", one.port)
            assert second.peer == Address("127.0.0.1", two.port)
            assert (await first.receive(), await second.receive()) == (b"one", b"two")
            await soon(second.send(b"for two"))
            await soon(first.send(b"for one"))
            assert (await one.receive())[0] == b"for one"
            assert (await two.receive())[0] == b"for two"
            one.send(b"more", rig.port)
            assert await soon(first.receive()) == b"more"
    assert rig.arrived.empty()


@pytest.mark.parametrize("size", [0, 1, 1472, LONGEST])
async def test_no_datagram_is_cut(size: int):
    data = random_bytes(size)
    async with listens(at()) as rig:
        with peer() as far:
            far.send(data, rig.port)
            stream = await rig.next()
            got = await soon(stream.receive())
            assert got == data
            assert got, "an empty datagram is not the end"
            await soon(stream.send(got))
            assert (await far.receive())[0] == data


WHERE_TO = pytest.mark.skipif(
    sys.platform == "win32", reason="there, Python cannot ask which of our addresses it came to"
)


@WHERE_TO
@pytest.mark.parametrize(
    ("host", "hosts"),
    [
        ("0.0.0.0", ["127.0.0.1", "127.0.0.5"]),
        ("::", ["127.0.0.1", "127.0.0.5", "::1"]),
        ("[::]", ["127.0.0.1", "::1"]),
    ],
)
async def test_the_answer_comes_from_where_was_written_to(host: str, hosts: list[str]):
    async with listens(UdpListener(host, 0)) as rig:
        for each in hosts:
            with peer("::" if ":" in each else "0.0.0.0") as far:
                for turn in range(2):
                    far.send(b"hello", rig.port, each)
                    if not turn:
                        stream = await rig.next()
                    assert await soon(stream.receive()) == b"hello"
                    await soon(stream.send(b"answer"))
                    await soon(stream.send(EMPTY_DATAGRAM))
                    for expected in (b"answer", b""):
                        data, name = await far.receive()
                        assert (data, name[0]) == (expected, each)


@WHERE_TO
async def test_who_writes_to_two_of_our_addresses_is_two_peers():
    async with listens(UdpListener("0.0.0.0", 0)) as rig:
        with peer("0.0.0.0") as far:
            for host in ("127.0.0.1", "127.0.0.5"):
                far.send(b"hello", rig.port, host)
                stream = await rig.next()
                await soon(stream.send(b"answer"))
                assert (await far.receive())[1][0] == host


async def test_a_refused_answer_harms_nobody():
    async with listens(at()) as rig:
        with peer() as gone:
            gone.send(b"hello", rig.port)
            stream = await rig.next()
        for _ in range(3):
            await soon(stream.send(b"anybody?"))
        with peer() as far:
            far.send(b"hello", rig.port)
            assert await soon((await rig.next()).receive()) == b"hello"


async def test_after_closing_who_is_there_stays_and_nobody_comes():
    async with listens(at()) as rig:
        with peer() as far, peer() as late:
            far.send(b"hello", rig.port)
            stream = await rig.next()
            await rig.listener.aclose()
            late.send(b"too late", rig.port)
            far.send(b"more", rig.port)
            assert [await soon(stream.receive()) for _ in range(2)] == [b"hello", b"more"]
            await soon(stream.send(b"answer"))
            assert (await far.receive())[0] == b"answer"
            await soon(stream.aclose())
        assert rig.arrived.empty()
        async with listens(UdpListener("127.0.0.1", rig.port)):
            pass  # the port is free


async def test_a_closed_peer_that_writes_again_is_a_new_one():
    async with listens(at()) as rig:
        with peer() as far:
            for _ in range(3):
                far.send(b"hello", rig.port)
                stream = await rig.next()
                assert await soon(stream.receive()) == b"hello"
                stream.abort()
                await soon(stream.aclose())


async def test_what_nobody_takes_is_bounded_and_counted():
    async with listens(at()) as rig:
        with peer() as far, peer() as other:
            for turn in range(3):
                for index in range(HELD):
                    far.send(b"%d %d" % (turn, index), rig.port)
                other.send(b"hello", rig.port)  # when this is seen, so is the above
                if not turn:
                    stream = await rig.next()
                    second = await rig.next()
                assert await soon(second.receive()) == b"hello"
            assert [await stream.receive() for _ in range(HELD)] == [
                b"0 %d" % index for index in range(HELD)
            ]
            assert stream.dropped == 2 * HELD
            far.send(b"next", rig.port)
            assert await soon(stream.receive()) == b"next"


async def test_what_nobody_takes_is_bounded_in_bytes():
    async with listens(at()) as rig:
        with peer() as far, peer() as other:
            for _ in range(20):
                far.send(bytes(60_000), rig.port)
                other.send(b"hello", rig.port)
                if not rig.streams:
                    stream = await rig.next()
                    second = await rig.next()
                assert await soon(second.receive()) == b"hello"
            kept = 20 - stream.dropped
            assert 4 <= kept <= 9
            for _ in range(kept):
                assert len(await stream.receive()) == 60_000


@pytest.mark.skipif(sys.platform != "linux", reason="no other system says it")
async def test_what_the_system_dropped_is_counted():
    options = SocketOptions(receive_buffer_bytes=4096)
    listener = at(options=options)
    async with listens(listener) as rig:
        with peer() as far:
            for _ in range(100):
                far.send(bytes(1000), rig.port)
            await rig.next()
            assert listener.dropped > 50
        seen = listener.dropped
    assert listener.dropped == seen  # it is known still


# how long ---------------------------------------------------------------------------------------


async def test_a_silent_peer_ends_in_order_and_is_forgotten():
    async with listens(at(peer_idle_seconds=0.1)) as rig:
        with peer() as far:
            far.send(b"hello", rig.port)
            stream = await rig.next()
            assert await soon(read_all(stream)) == b"hello"
            assert await soon(stream.receive()) == b""
            await soon(stream.send(b"late answer"))
            assert (await far.receive())[0] == b"late answer"
            far.send(b"again", rig.port)
            second = await rig.next()
            assert second is not stream
            assert await soon(second.receive()) == b"again"


async def test_what_comes_and_goes_keeps_a_peer(monkeypatch: pytest.MonkeyPatch):
    clock = Clock(monkeypatch)
    for module in (datagram_port, datagram_sender):
        monkeypatch.setattr(module, "monotonic", clock)
    async with listens(at(peer_idle_seconds=3)) as rig:
        with peer() as far:
            far.send(b"hello", rig.port)
            stream = await rig.next()
            assert await soon(stream.receive()) == b"hello"
            for _ in range(3):
                await clock.goes(2)
                far.send(b"x", rig.port)
                assert await soon(stream.receive())
            for _ in range(3):
                await clock.goes(2)
                await soon(stream.send(b"x"))
                assert (await far.receive())[0] == b"x"
            await clock.goes(2)
            assert not stream.ended
            await clock.goes(2)
            assert stream.ended
            assert await soon(stream.receive()) == b""


async def test_the_longest_silent_gives_way():
    async with listens(at(max_peers=3)) as rig:
        peers = [Peer() for _ in range(5)]
        streams: list[PortStream] = []
        for each in peers[:3]:
            each.send(b"hello", rig.port)
            streams.append(await rig.next())
            assert await soon(streams[-1].receive()) == b"hello"
        peers[0].send(b"still here", rig.port)
        assert await soon(streams[0].receive()) == b"still here"
        await soon(streams[1].send(b"so are you"))
        for each, silent in ((peers[3], streams[2]), (peers[4], streams[0])):
            each.send(b"me too", rig.port)
            streams.append(await rig.next())
            assert await soon(silent.receive()) == b""
        assert [stream.ended for stream in streams] == [True, False, True, False, False]
        for each in peers:
            each.sock.close()


async def test_of_one_place_the_last_is_served():
    async with listens(at(max_peers=1)) as rig:
        for _ in range(3):
            with peer() as far:
                far.send(b"hello", rig.port)
                stream = await rig.next()
                await soon(stream.send(b"answer"))
                assert (await far.receive())[0] == b"answer"
        assert [stream.ended for stream in rig.streams] == [True, True, False]  # type: ignore[attr-defined]


async def test_who_is_gone_is_not_remembered():
    listener = at()
    async with listens(listener) as rig:
        with peer() as stays:
            stays.send(b"hello", rig.port)
            await rig.next()
            for _ in range(300):
                with peer() as far:
                    far.send(b"hello", rig.port)
                    stream = await rig.next()
                    await stream.aclose()
        peers: Peers = listener._peers
        assert len(peers) == 1
        assert len(peers._silence) < 100


# single datagrams -------------------------------------------------------------------------------


async def test_each_datagram_is_a_stream_with_an_end():
    async with listens(UdpReceiveFromListener("127.0.0.1", 0)) as rig:
        with peer() as far:
            for data in (b"one", b"", random_bytes(LONGEST)):
                far.send(data, rig.port)
            streams = [await rig.next() for _ in range(3)]
            sent = (b"one", EMPTY_DATAGRAM, random_bytes(LONGEST))
            for stream, data in zip(streams, sent, strict=True):
                got = await soon(stream.receive())
                assert got == data
                assert got
                assert await soon(stream.receive()) == b""
                assert await soon(stream.receive()) == b""
                await soon(stream.send(got))
                assert (await far.receive())[0] == got
                await soon(stream.aclose())
                with pytest.raises(StreamError):
                    await soon(stream.send(b"x"))


async def test_single_datagrams_after_closing():
    async with listens(UdpReceiveFromListener("127.0.0.1", 0)) as rig:
        with peer() as far:
            far.send(b"one", rig.port)
            stream = await rig.next()
            await rig.listener.aclose()
            await soon(stream.send(b"answer"))
            assert (await far.receive())[0] == b"answer"


def test_peers_are_few_at_first():
    assert len(Peers(60.0, 10)) == 0
