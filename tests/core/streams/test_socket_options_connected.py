"""What comes of the options of sockets: at both ends of a connection, from its first packet on, and
when it is closed.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psutil
import pytest

from bascule.errors import DialError, ErrorCode, ListenError
from bascule.streams.base import Stream
from bascule.streams.socket_options import SocketOptions
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tcp import TcpDialer, TcpListener
from tests.helpers.contract import MEBIBYTE, read_count, soon
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.ports import free_port
from tests.helpers.socket_options import (
    ALL,
    CONNECTED,
    FOUR,
    KEPT_ALIVE,
    SIX,
    SOL,
    TCP,
    holds,
    lingers,
)
from tests.helpers.tcp import Rig

LOOP_FACTORIES = LOOPS


def below(stream: Stream) -> Any:
    assert isinstance(stream, SocketStream)
    return stream.sock


class Joined(Rig):
    """A listener with its options, and who has dialed it with theirs."""

    async def start(self) -> None:
        self.addresses = await soon(self.listener.start(self.arrive))

    async def dial(self, options: SocketOptions, host: str, **more: Any) -> tuple[Stream, Stream]:
        """Both ends: who dialed, who was accepted."""
        dialer = TcpDialer(host, self.port, options=options, **more)
        return await self.dialed(dialer), await self.next()


@asynccontextmanager
async def listens(
    options: SocketOptions | None = None, host: str = "127.0.0.1", **more: Any
) -> AsyncIterator[Joined]:
    joined = Joined(TcpListener(host, 0, options=options, **more))
    try:
        await joined.start()
        yield joined
    finally:
        await joined.aclose()


@pytest.mark.parametrize("wrong", [{"interface": "no-such-one"}, {"hop_limit": 300}])
async def test_what_the_system_refuses_is_said_and_nothing_stays_open(wrong: dict[str, Any]):
    options = SocketOptions(**wrong)
    with pytest.raises(ListenError) as listening:
        await soon(TcpListener("127.0.0.1", 0, options=options).start(lambda _stream: None))
    assert listening.value.code is ErrorCode.LISTEN_FAILED
    for bind in ("", "127.0.0.1"):
        dialer = TcpDialer("127.0.0.1", 1, options=options, bind=bind)
        with pytest.raises(DialError) as dialing:
            await soon(dialer.dial())
        assert dialing.value.code is ErrorCode.DIAL_FAILED
        assert "such device" in str(dialing.value) or "Invalid argument" in str(dialing.value)


# both ends of a connection ----------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_what_is_accepted_inherits_all_of_it(host: str):
    async with listens(ALL, host) as joined:
        _dialed, accepted = await joined.dial(SocketOptions(), host)
        sock = below(accepted)
        six = ":" in host
        assert holds(sock, CONNECTED | KEPT_ALIVE | (SIX if six else FOUR))
        assert lingers(sock) == (1, 5)


async def test_who_comes_over_ipv4_to_the_whole_network_inherits_it_too():
    async with listens(SocketOptions(hop_limit=9, service_type=0x10), "::") as joined:
        _dialed, accepted = await joined.dial(SocketOptions(), "127.0.0.1")
        assert holds(below(accepted), FOUR)


@pytest.mark.parametrize("more", [{}, {"bind": "127.0.0.1"}])
async def test_what_is_dialed_is_kept_alive_once_it_has_lasted(more: dict[str, Any]):
    async with listens() as joined:
        dialed, _accepted = await joined.dial(ALL, "127.0.0.1", **more)
        sock = below(dialed)
        assert holds(sock, CONNECTED | FOUR | {(SOL, socket.SO_KEEPALIVE): 0})
        dialed.settle()
        dialed.settle()
        assert holds(sock, KEPT_ALIVE)


async def test_a_closed_one_has_nothing_to_settle():
    async with listens() as joined:
        dialed, _accepted = await joined.dial(ALL, "127.0.0.1")
        await dialed.aclose()
        dialed.settle()


@pytest.mark.parametrize("more", [{}, {"bind": "127.0.0.1"}])
async def test_the_first_packet_already_tells_the_size_of_the_buffer(more: dict[str, Any]):
    """So small a window needs no scale (RFC 7323 §2.3), which can only be agreed on then."""
    async with listens() as joined:
        options = SocketOptions(receive_buffer_bytes=4096)
        dialed, _accepted = await joined.dial(options, "127.0.0.1", **more)
        # tcp_info (man 7 tcp): tcpi_snd_wscale and tcpi_rcv_wscale share a byte.
        assert below(dialed).getsockopt(TCP, socket.TCP_INFO, 8)[6] >> 4 == 0


@pytest.mark.parametrize("more", [{}, {"bind": "127.0.0.1"}])
async def test_the_first_packet_already_leaves_through_the_interface(more: dict[str, Any]):
    """Through another than ``lo`` there is no way to this computer's own address."""
    other = next(name for name in psutil.net_if_addrs() if name != "lo")
    async with listens() as joined:
        await joined.dial(SocketOptions(interface="lo"), "127.0.0.1", **more)
        options = SocketOptions(interface=other)
        dialer = TcpDialer("127.0.0.1", joined.port, options=options, timeout_seconds=0.3, **more)
        with pytest.raises(DialError):
            await soon(dialer.dial())


@pytest.mark.parametrize("reuse", [True, False])
async def test_a_port_to_connect_from_may_be_taken_again_at_once(reuse: bool):
    options = SocketOptions(reuse_address=reuse)
    port = free_port()
    async with listens() as first, listens() as second:
        dialed, accepted = await first.dial(options, "127.0.0.1", source_port=port)
        assert accepted.peer.port == port
        await soon(dialed.aclose())  # so that the port stays taken for a minute (TIME-WAIT)
        await soon(accepted.receive())
        await soon(accepted.aclose())
        if reuse:
            _dialed, accepted = await second.dial(options, "127.0.0.1", source_port=port)
            assert accepted.peer.port == port
            return
        dialer = TcpDialer("127.0.0.1", second.port, options=options, source_port=port)
        with pytest.raises(DialError) as caught:
            await soon(dialer.dial())
        assert "already in use" in str(caught.value)


async def test_a_port_may_be_shared():
    shared = SocketOptions(reuse_port=True)
    async with listens(shared) as joined:
        other = TcpListener("127.0.0.1", joined.port, options=shared)
        assert (await soon(other.start(lambda stream: stream.abort())))[0].port == joined.port
        await other.aclose()
        with pytest.raises(ListenError):
            await soon(TcpListener("127.0.0.1", joined.port).start(lambda _stream: None))


# closing ----------------------------------------------------------------------------------------


def in_the_system(near: Any, far: Any) -> list[str]:
    """The states of the connection between two places that the system has, of a program or not.

    Both are named: earlier connections to a port that was free again may be there (TIME_WAIT).
    """
    return [
        each.status
        for each in psutil.net_connections("tcp4")
        if tuple(each.laddr) == near and tuple(each.raddr) == far
    ]


async def stuffed(stream: Stream) -> int:
    """Send until nothing more is taken; how much was."""
    sock, sent = below(stream), 0
    while True:
        try:
            sent += sock.send(bytes(MEBIBYTE))
        except BlockingIOError:
            return sent


@pytest.mark.parametrize("way", ["dialed", "accepted"])
async def test_closing_waits_for_what_is_unsent_without_holding_up_the_loop(way: str):
    options = SocketOptions(close_linger_seconds=30)
    async with listens(options) as joined:
        dialed, accepted = await joined.dial(options, "127.0.0.1")
        ours, far = (dialed, accepted) if way == "dialed" else (accepted, dialed)
        sent = await stuffed(ours)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await ours.aclose()
        await ours.aclose()
        assert loop.time() - begun < 20  # the system would have waited for the 30 seconds
        assert len(await soon(read_count(far, sent + 1))) == sent


async def test_what_nobody_takes_for_so_long_is_given_up():
    options = SocketOptions(close_linger_seconds=1)
    async with listens() as joined:
        dialed, accepted = await joined.dial(options, "127.0.0.1")
        sent = await stuffed(dialed)
        ends = below(dialed).getsockname(), below(dialed).getpeername()
        await dialed.aclose()
        assert in_the_system(*ends) == ["FIN_WAIT1"]
        await soon(until(lambda: not in_the_system(*ends)))
        with pytest.raises(OSError, match="reset") as caught:
            while sent > 0:
                sent -= len(below(accepted).recv(MEBIBYTE))
        assert caught.value.errno == errno.ECONNRESET


async def test_closing_may_be_a_reset_in_any_case():
    async with listens() as joined:
        dialed, accepted = await joined.dial(SocketOptions(close_linger_seconds=0), "127.0.0.1")
        await dialed.aclose()
        with pytest.raises(Exception, match="reset"):
            await soon(accepted.receive())
