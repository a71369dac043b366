"""UDP from the side that begins, over real sockets: the stream contract, whose datagrams are taken,
and what is said when nobody takes ours.
"""

from __future__ import annotations

import asyncio
import socket

import pytest

from bascule.errors import ErrorCode, ListenError, StreamError
from bascule.streams import udp
from bascule.streams.base import Address, Stream
from bascule.streams.udp import (
    UdpConnectDialer,
    UdpDatagramDialer,
    UdpReceiveDialer,
    UdpSendToDialer,
)
from bascule.streams.udp_listen import UdpListener
from tests.helpers.contract import random_bytes, soon
from tests.helpers.datagrams import LONGEST, Peer, UdpContract, dialed, peer, refused
from tests.helpers.loops import LOOPS
from tests.helpers.sockets import descriptors

LOOP_FACTORIES = LOOPS


def port_of(stream: Stream) -> int:
    return stream._sock.getsockname()[1]  # type: ignore[attr-defined]


class TestConnected(UdpContract):
    dialer: type[UdpConnectDialer | UdpSendToDialer] = UdpConnectDialer
    host = "127.0.0.1"

    async def open_pair(self) -> tuple[Stream, Stream]:
        arrived: asyncio.Queue[Stream] = asyncio.Queue()
        listener = UdpListener(self.host, 0)
        (address,) = await listener.start(arrived.put_nowait)
        stream = await self.dialer(self.host, address.port or 0).dial()
        await stream.send(b"hello")
        far = await arrived.get()
        assert await far.receive() == b"hello"
        await listener.aclose()
        return stream, far


class TestConnected6(TestConnected):
    host = "::1"


class TestSentTo(TestConnected):
    dialer = UdpSendToDialer


class TestSentTo6(TestConnected):
    dialer = UdpSendToDialer
    host = "::1"


class TestDatagram(TestConnected):
    dialer = UdpDatagramDialer


# what arrives, and whose it is ------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 1472, LONGEST])
async def test_no_datagram_is_cut(size: int):
    data = random_bytes(size)
    with peer() as far:
        async with dialed(UdpConnectDialer("127.0.0.1", far.port)) as stream:
            await soon(stream.send(data))
            got, name = await far.receive()
            assert got == data
            far.send(data, name[1])
            assert await soon(stream.receive()) == data


async def test_a_chunk_too_long_for_one_datagram_goes_as_several():
    data = random_bytes(LONGEST + 10)
    with peer() as far:
        async with dialed(UdpConnectDialer("127.0.0.1", far.port)) as stream:
            await soon(stream.send(data))
            assert (await far.receive())[0] == data[:LONGEST]
            assert (await far.receive())[0] == data[LONGEST:]


async def test_a_datagram_of_ipv6_may_be_longer():
    data = random_bytes(LONGEST + 20)
    with peer("::1") as far:
        async with dialed(UdpConnectDialer("::1", far.port)) as stream:
            await soon(stream.send(data))
            assert (await far.receive())[0] == data


@pytest.mark.parametrize("kind", [UdpConnectDialer, UdpSendToDialer])
async def test_answers_are_taken_from_there_only(kind: type[UdpSendToDialer]):
    with peer() as far, peer() as stranger:
        async with dialed(kind("127.0.0.1", far.port)) as stream:
            await soon(stream.send(b"hello"))
            _data, name = await far.receive()
            stranger.send(b"not asked", name[1])
            far.send(b"answer", name[1])
            assert await soon(stream.receive()) == b"answer"


async def test_an_address_written_otherwise_is_the_same():
    with peer("::1") as far:
        async with dialed(UdpSendToDialer("0:0:0:0:0:0:0:1", far.port)) as stream:
            await soon(stream.send(b"hello"))
            _data, name = await far.receive()
            far.send(b"answer", name[1], "::1")
            assert await soon(stream.receive()) == b"answer"


async def test_datagrams_are_taken_from_those_who_are_let_in():
    asked: list[str] = []

    def allows(address: Address) -> bool:
        asked.append(address.host)
        return address.host == "127.0.0.3"

    with peer() as far, peer("127.0.0.2") as second, peer("127.0.0.3") as third:
        dialer = UdpDatagramDialer("127.0.0.1", far.port, allows=allows, bind="0.0.0.0")
        async with dialed(dialer) as stream:
            port = port_of(stream)
            for _ in range(2):
                second.send(b"out", port)
                third.send(b"in", port)
                assert await soon(stream.receive()) == b"in"
    assert asked == ["127.0.0.2", "127.0.0.3"]  # and remembered


async def test_datagrams_are_taken_from_anyone_where_nothing_is_said():
    with peer() as far, peer() as other:
        async with dialed(UdpDatagramDialer("127.0.0.1", far.port)) as stream:
            for each in (far, other):
                each.send(b"hello", port_of(stream))
                assert await soon(stream.receive()) == b"hello"


# who refuses ------------------------------------------------------------------------------------


async def test_a_refusal_is_told_once_and_the_stream_lives_on():
    gone = Peer()
    gone.sock.close()
    with peer() as probe:
        port = probe.port
    async with dialed(UdpConnectDialer("127.0.0.1", port)) as stream:
        await soon(stream.send(b"anybody?"))
        with pytest.raises(StreamError) as caught:
            await soon(stream.receive())
        assert caught.value.code is ErrorCode.CONNECTION_REFUSED
        assert caught.value.facts["subject"] == f"127.0.0.1:{port}"
        with peer(port=port) as far:
            await soon(stream.send(b"now?"))
            data, name = await far.receive()
            assert data == b"now?"
            far.send(b"yes", name[1])
            assert await soon(stream.receive()) == b"yes"


async def test_a_refusal_is_told_to_who_sends():
    with peer() as probe:
        port = probe.port
    async with dialed(UdpConnectDialer("127.0.0.1", port)) as stream:
        await soon(stream.send(b"anybody?"))  # on loopback the refusal is back before it returns
        with pytest.raises(StreamError) as caught:
            await soon(stream.send(b"anybody?"))
        assert caught.value.code is ErrorCode.CONNECTION_REFUSED


async def test_who_only_sends_to_hears_no_refusal():
    with peer() as probe:
        port = probe.port
    async with dialed(UdpSendToDialer("127.0.0.1", port)) as stream:
        for _ in range(3):
            await soon(stream.send(b"anybody?"))


# only receiving ---------------------------------------------------------------------------------


async def test_receiving_takes_from_anybody_and_sends_nothing():
    async with dialed(UdpReceiveDialer("127.0.0.1", 0)) as stream:
        assert stream.can_receive
        assert not stream.can_send
        assert stream.datagrams
        port = stream.peer.port or 0
        for each in (b"one", b"", b"three"):
            with peer() as far:
                far.send(each, port)
            got = await soon(stream.receive())
            assert got == each
            assert got, "an empty datagram is not the end"
        with pytest.raises(StreamError):
            await soon(stream.send(b"x"))


async def test_receiving_on_a_port_that_is_taken():
    with peer() as taken:
        error = await refused(UdpReceiveDialer("127.0.0.1", taken.port), ListenError)
    assert error.code is ErrorCode.ADDRESS_IN_USE
    assert error.field == "source.port"


async def test_receiving_on_a_name_takes_its_first_address(monkeypatch: pytest.MonkeyPatch):
    with peer() as one, peer("::1") as two:

        async def both(*_args: object, **_more: object) -> list[socket.socket]:
            return [one.sock.dup(), two.sock.dup()]

        monkeypatch.setattr(udp, "bound_sockets", both)
        before = descriptors()
        async with dialed(UdpReceiveDialer("two.example", 0)) as stream:
            assert stream.peer == Address("127.0.0.1", one.port)
        assert len(descriptors()) <= len(before)
