"""UDP from the side that begins, over real sockets: from where and where to it is sent, and to whom
at once, and what is said where that cannot be.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.events import Stage, StageResult
from bascule.streams import udp
from bascule.streams.base import EMPTY_DATAGRAM, Address
from bascule.streams.multicast import Multicast
from bascule.streams.resolving import AddressInfo, literal
from bascule.streams.socket_options import SocketOptions
from bascule.streams.udp import (
    UdpConnectDialer,
    UdpDatagramDialer,
    UdpReceiveDialer,
    UdpSendToDialer,
)
from tests.helpers.contract import soon
from tests.helpers.datagrams import GROUP, dialed, peer, refused
from tests.helpers.loops import LOOPS
from tests.helpers.tcp import NOT_OURS

LOOP_FACTORIES = LOOPS


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
