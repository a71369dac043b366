"""UDP from the side that begins, over real sockets: the stream contract, whose answers are taken,
from where is sent, groups and broadcast, and what is said when it fails.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, ListenError, SpecError, StreamError
from bascule.events import Stage, StageResult
from bascule.streams import udp
from bascule.streams.base import EMPTY_DATAGRAM, Address, Dialer, Stream
from bascule.streams.multicast import Multicast
from bascule.streams.resolving import AddressInfo, literal
from bascule.streams.socket_options import SocketOptions
from bascule.streams.udp import (
    UdpConnectDialer,
    UdpDatagramDialer,
    UdpReceiveDialer,
    UdpSendToDialer,
)
from bascule.streams.udp_listen import UdpListener
from tests.helpers.contract import StreamContract, random_bytes, soon
from tests.helpers.datagrams import LONGEST, Peer, peer
from tests.helpers.loops import LOOPS
from tests.helpers.sockets import descriptors

LOOP_FACTORIES = LOOPS
NOT_OURS = "203.0.113.1"  # RFC 5737: for documentation, so that no computer has it
GROUP = "239.255.77.1"


class UdpContract(StreamContract):
    """What all streams of UDP keep: nobody tells the peer anything but datagrams."""

    half_closes = False
    resets = False
    datagrams = True
    waits = False
    bulk_bytes = 2_000_000


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


@asynccontextmanager
async def dialed(dialer: Dialer) -> AsyncIterator[Stream]:
    stream = await soon(dialer.dial())
    try:
        yield stream
    finally:
        await stream.aclose()


async def refused(dialer: Dialer, kind: type[BasculeError] = DialError) -> BasculeError:
    before = descriptors()
    with pytest.raises(kind) as caught:
        await soon(dialer.dial())
    assert descriptors() == before
    return caught.value


def port_of(stream: Stream) -> int:
    return stream._sock.getsockname()[1]  # type: ignore[attr-defined]


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


# from where -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [UdpConnectDialer, UdpSendToDialer])
@pytest.mark.parametrize("bind", ["127.0.0.9", "localhost", ""])
async def test_it_is_sent_from_an_address_and_a_port(kind: type[UdpSendToDialer], bind: str):
    with peer() as probe:
        ours = probe.port
    with peer() as far:
        async with dialed(kind("127.0.0.1", far.port, bind=bind, source_port=ours)) as stream:
            await soon(stream.send(b"x"))
            _data, name = await far.receive()
            assert name == ("127.0.0.9" if bind == "127.0.0.9" else "127.0.0.1", ours)


async def test_a_port_that_is_taken():
    with peer() as far, peer("0.0.0.0") as taken:
        error = await refused(
            UdpConnectDialer("127.0.0.1", far.port, source_port=taken.port, field="source")
        )
        assert error.code is ErrorCode.ADDRESS_IN_USE
        assert error.field == "source.source_port"
        assert error.facts["port"] == taken.port


@pytest.mark.parametrize("bind", [NOT_OURS, "::1", "no-such-host.invalid"])
async def test_an_address_that_is_not_ours(bind: str):
    error = await refused(UdpSendToDialer("127.0.0.1", 9, bind=bind))
    assert error.code is ErrorCode.ADDRESS_NOT_LOCAL
    assert error.field == "target.bind"
    assert error.facts["subject"] == bind


# where to ---------------------------------------------------------------------------------------


async def test_the_steps_are_told():
    steps: list[StageResult] = []
    stream = await soon(UdpConnectDialer("localhost", 9, family=socket.AF_INET).dial(steps.append))
    await stream.aclose()
    assert [(step.stage, step.done) for step in steps] == [
        (Stage.RESOLVE, False),
        (Stage.RESOLVE, True),
        (Stage.CONNECT, False),
        (Stage.CONNECT, True),
    ]
    assert steps[1].detail == "127.0.0.1"
    assert steps[3].detail == "127.0.0.1:9"
    assert stream.peer == Address("127.0.0.1", 9)


async def test_a_name_that_is_not_known():
    error = await refused(UdpSendToDialer("no-such-host.invalid", 9))
    assert error.code is ErrorCode.HOST_UNKNOWN
    assert error.field == "target.host"


async def test_an_address_of_the_other_version():
    error = await refused(UdpConnectDialer("127.0.0.1", 9, family=socket.AF_INET6))
    assert error.code is ErrorCode.HOST_UNKNOWN


@pytest.mark.skipif(sys.platform == "win32", reason="Windows connects to all")
@pytest.mark.parametrize("kind", [UdpConnectDialer, UdpSendToDialer])
async def test_there_is_no_way(kind: type[UdpSendToDialer]):
    error = await refused(kind("255.255.255.255", 9))  # broadcast was not allowed
    assert error.code is ErrorCode.DIAL_FAILED
    assert error.field == "target.host"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows connects to all")
async def test_of_several_addresses_the_first_with_a_way_is_taken(
    monkeypatch: pytest.MonkeyPatch,
):
    async def resolves(_host: str, port: int, *_rest: Any) -> list[AddressInfo]:
        return [*literal("255.255.255.255", port), *literal("127.0.0.1", port)]

    monkeypatch.setattr(udp, "resolve", resolves)
    async with dialed(UdpConnectDialer("two.example", 9)) as stream:
        assert stream.peer == Address("127.0.0.1", 9)


async def test_options_are_set():
    options = SocketOptions(hop_limit=7, send_buffer_bytes=50_000)
    async with dialed(UdpConnectDialer("127.0.0.1", 9, options=options, broadcast=True)) as stream:
        sock: socket.socket = stream._sock  # type: ignore[attr-defined]
        assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_TTL) == 7
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) in (
            50_000,
            100_000,
        )  # Linux doubles it
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST) == 1


# many at once -----------------------------------------------------------------------------------


async def test_everybody_is_reached():
    with peer("255.255.255.255") as far:
        dialer = UdpDatagramDialer("255.255.255.255", far.port, broadcast=True, bind="127.0.0.1")
        async with dialed(dialer) as stream:
            await soon(stream.send(b"all"))
            data, name = await far.receive()
            assert (data, name[0]) == (b"all", "127.0.0.1")


@pytest.mark.parametrize("interface", ["lo", "127.0.0.1", "1"])
async def test_a_group_is_reached_and_heard(interface: str):
    sending = Multicast(interface=interface, hop_limit=0)
    with peer(GROUP) as probe:
        port = probe.port
    options: dict[str, Any] = {
        "multicast": sending,
        "groups": (f"{GROUP}:{interface}",),
        "source_port": port,
    }
    one, two = UdpDatagramDialer(GROUP, port, **options), UdpDatagramDialer(GROUP, port, **options)
    async with dialed(one) as first, dialed(two) as second:
        await soon(first.send(b"to all"))
        assert await soon(first.receive()) == b"to all"
        assert await soon(second.receive()) == b"to all"
        await soon(second.send(EMPTY_DATAGRAM))
        assert await soon(first.receive()) == EMPTY_DATAGRAM


@pytest.mark.skipif(sys.platform == "win32", reason="asks Linux what was joined")
async def test_a_group_of_ipv6_is_joined():
    async with dialed(UdpReceiveDialer("::", 0, groups=("[ff02::77]:lo", "239.255.77.2:lo"))):
        # Over lo nothing is sent to groups of IPv6, so the system's own list must do.
        assert "ff020000000000000000000000000077" in Path("/proc/net/igmp6").read_text()
        assert "024DFFEF" in Path("/proc/net/igmp").read_text()  # listening on :: is both


async def test_a_group_that_is_none():
    error = await refused(UdpDatagramDialer("127.0.0.1", 9, groups=("10.0.0.1",)), SpecError)
    assert error.field == "target.groups.0"
    error = await refused(UdpReceiveDialer("0.0.0.0", 0, groups=("224.1.1.1:x9",)), SpecError)
    assert error.field == "source.groups.0"


async def test_an_interface_that_is_none():
    error = await refused(UdpSendToDialer(GROUP, 9, multicast=Multicast("x9")), SpecError)
    assert error.field == "target.multicast_interface"


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
