"""UDP from the side that waits: where it listens, alone or with others, and what is said when that
fails.
"""

from __future__ import annotations

import socket
import sys

import pytest

from bascule.errors import ErrorCode, ListenError, SpecError
from bascule.streams.base import Listener
from bascule.streams.socket_options import SocketOptions
from bascule.streams.udp_listen import UdpListener
from tests.core.streams.test_udp_listen import at, listens
from tests.helpers.contract import soon
from tests.helpers.datagrams import GROUP, peer
from tests.helpers.loops import LOOPS
from tests.helpers.sockets import descriptors

LOOP_FACTORIES = LOOPS


async def test_a_name_is_listened_on_at_all_its_addresses():
    found = {info[4][0] for info in socket.getaddrinfo("localhost", 0, type=socket.SOCK_DGRAM)}
    async with listens(UdpListener("localhost", 0)) as rig:
        assert {address.host for address in rig.addresses} == found
        for address in rig.addresses:
            with peer(address.host) as far:
                far.send(b"hello", address.port or 0, address.host)
                assert await soon((await rig.next()).receive()) == b"hello"


async def test_a_group_is_heard_and_answered_from_an_address_of_ours():
    async with listens(UdpListener("0.0.0.0", 0, groups=(f"{GROUP}:lo",))) as rig:
        with peer() as far:
            far.sock.setsockopt(
                socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1")
            )
            far.send(b"hello", rig.port, GROUP)
            stream = await rig.next()
            assert await soon(stream.receive()) == b"hello"
            await soon(stream.send(b"answer"))
            data, name = await far.receive()
            assert (data, name[0]) == (b"answer", "127.0.0.1")


async def refused(listener: Listener) -> ListenError | SpecError:
    before = descriptors()
    with pytest.raises((ListenError, SpecError)) as caught:
        await soon(listener.start(lambda stream: stream.abort()))
    await listener.aclose()
    assert descriptors() == before
    return caught.value


async def test_two_listeners_on_one_port():
    async with listens(at()) as rig:
        error = await refused(UdpListener("127.0.0.1", rig.port, field="source"))
        assert error.code is ErrorCode.ADDRESS_IN_USE
        assert error.field == "source.port"
        assert error.facts["port"] == rig.port
        assert error.facts["program"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows shares no port")
async def test_a_port_that_is_shared_on_purpose():
    shared = SocketOptions(reuse_port=True)
    async with listens(at(options=shared)) as rig:
        async with listens(UdpListener("127.0.0.1", rig.port, options=shared)) as second:
            assert second.port == rig.port
