"""What is set on real sockets: as the system tells it, and what comes of it."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
import sys
from collections.abc import AsyncIterator, Iterator
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
from tests.helpers.tcp import Rig

LOOP_FACTORIES = LOOPS

SOL, TCP, IP, IP6 = (
    socket.SOL_SOCKET,
    socket.IPPROTO_TCP,
    socket.IPPROTO_IP,
    socket.IPPROTO_IPV6,
)
ALL = SocketOptions(
    keepalive=True,
    nodelay=False,
    keepalive_idle_seconds=7,
    keepalive_interval_seconds=3,
    keepalive_probes=2,
    close_linger_seconds=5,
    send_buffer_bytes=40_000,
    receive_buffer_bytes=30_000,
    hop_limit=9,
    service_type=0x10,
    reuse_address=True,
    reuse_port=True,
    interface="lo",
)
KEPT_ALIVE = {
    (SOL, socket.SO_KEEPALIVE): 1,
    (TCP, socket.TCP_KEEPIDLE): 7,
    (TCP, socket.TCP_KEEPINTVL): 3,
    (TCP, socket.TCP_KEEPCNT): 2,
}
CONNECTED = {
    (TCP, socket.TCP_NODELAY): 0,
    (SOL, socket.SO_SNDBUF): 80_000,  # Linux doubles it, for what it notes itself
    (SOL, socket.SO_RCVBUF): 60_000,
    (SOL, socket.SO_REUSEPORT): 1,
}
FOUR = {(IP, socket.IP_TTL): 9, (IP, socket.IP_TOS): 0x10}
SIX = {(IP6, socket.IPV6_UNICAST_HOPS): 9, (IP6, socket.IPV6_TCLASS): 0x10}


def holds(sock: Any, wanted: dict[tuple[int, int], int]) -> bool:
    """Whether the system says so of each option."""
    found = {option: sock.getsockopt(*option) for option in wanted}
    assert found == wanted
    return True


def lingers(sock: Any) -> tuple[int, int]:
    on, seconds = struct.unpack("ii", sock.getsockopt(SOL, socket.SO_LINGER, 8))
    return on, seconds


def below(stream: Stream) -> Any:
    assert isinstance(stream, SocketStream)
    return stream.sock


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6])
def sock(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    with socket.socket(request.param) as made:
        yield made


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


# on a socket alone ------------------------------------------------------------------------------


def test_everything_is_set_before_connecting_except_what_keeps_alive(sock: socket.socket):
    ALL.before_connecting(sock)
    assert holds(sock, CONNECTED | (SIX if sock.family == socket.AF_INET6 else FOUR))
    assert lingers(sock) == (1, 5)
    assert sock.getsockopt(SOL, socket.SO_BINDTODEVICE, 16).rstrip(b"\0") == b"lo"
    assert holds(sock, {(SOL, socket.SO_KEEPALIVE): 0, (SOL, socket.SO_REUSEADDR): 0})
    ALL.keep_alive(sock)
    assert holds(sock, KEPT_ALIVE)


def test_a_listening_socket_has_all_of_it(sock: socket.socket):
    ALL.before_listening(sock)
    assert holds(sock, CONNECTED | KEPT_ALIVE | {(SOL, socket.SO_REUSEADDR): 1})


def test_a_socket_of_ipv6_may_carry_ipv4_as_well():
    with socket.socket(socket.AF_INET6) as sock:
        ALL.before_listening(sock)
        assert holds(sock, FOUR | SIX)


def test_the_usual_leaves_all_else_as_it_is(sock: socket.socket):
    with socket.socket(sock.family) as untouched:
        SocketOptions().before_connecting(sock)
        assert holds(sock, {(TCP, socket.TCP_NODELAY): 1})
        assert lingers(sock) == (0, 0)
        for option in (*CONNECTED, *FOUR, *SIX):
            if option[1] != socket.TCP_NODELAY and (option[0] != IP6 or sock.family != 2):
                assert sock.getsockopt(*option) == untouched.getsockopt(*option)


def test_one_unusual_one_leaves_the_others_as_they_are(sock: socket.socket):
    with socket.socket(sock.family) as untouched:
        SocketOptions(nodelay=False).before_listening(sock)
        for option in CONNECTED:
            assert sock.getsockopt(*option) == untouched.getsockopt(*option)
        assert lingers(sock) == (0, 0)


def test_a_port_that_must_not_be_taken_again(sock: socket.socket):
    options = SocketOptions(reuse_address=False)
    options.before_listening(sock)
    options.before_connecting(sock, bound=True)
    assert holds(sock, {(SOL, socket.SO_REUSEADDR): 0})


def test_a_port_of_our_choice_may_be_taken_again(
    sock: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", "win32")  # where that would mean to share it
    SocketOptions().before_connecting(sock, bound=True)
    monkeypatch.undo()
    assert holds(sock, {(SOL, socket.SO_REUSEADDR): 0})
    SocketOptions().before_connecting(sock, bound=True)
    assert holds(sock, {(SOL, socket.SO_REUSEADDR): 1})


def test_keeping_alive_has_defaults_and_may_be_off(sock: socket.socket):
    SocketOptions(keepalive=False).keep_alive(sock)
    assert holds(sock, {(SOL, socket.SO_KEEPALIVE): 0})
    SocketOptions().keep_alive(sock)
    assert holds(sock, dict(zip(KEPT_ALIVE, [1, 60, 10, 6], strict=True)))


def test_a_system_that_cannot_say_how_often_to_ask(
    sock: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT"):
        monkeypatch.delattr(socket, name)
    ALL.keep_alive(sock)
    assert holds(sock, {(SOL, socket.SO_KEEPALIVE): 1})


def test_a_system_that_calls_the_idle_time_otherwise(
    sock: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    idle = socket.TCP_KEEPIDLE
    monkeypatch.delattr(socket, "TCP_KEEPIDLE")
    monkeypatch.setattr(socket, "TCP_KEEPALIVE", idle, raising=False)
    ALL.keep_alive(sock)
    assert holds(sock, {(TCP, idle): 7})


def test_a_system_that_knows_less(sock: socket.socket, monkeypatch: pytest.MonkeyPatch):
    for name in ("SO_REUSEPORT", "SO_BINDTODEVICE", "IPV6_TCLASS"):
        monkeypatch.delattr(socket, name)
    ALL.set_on(sock)
    monkeypatch.undo()
    assert holds(sock, {(SOL, socket.SO_REUSEPORT): 0, (SOL, socket.SO_SNDBUF): 80_000})
    assert sock.getsockopt(SOL, socket.SO_BINDTODEVICE, 16) == b""


def test_a_system_that_refuses_what_is_only_for_the_better():
    with socket.socket(socket.AF_UNIX) as unix:  # which knows nothing of TCP
        SocketOptions().before_listening(unix)
        assert holds(unix, {(SOL, socket.SO_KEEPALIVE): 1})
        with pytest.raises(OSError, match="not supported"):
            SocketOptions(hop_limit=9).set_on(unix)


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


def test_only_who_is_to_linger_needs_something_at_closing():
    assert SocketOptions().on_closing is None
    assert SocketOptions(close_linger_seconds=0).on_closing is None
    assert SocketOptions(close_linger_seconds=1).on_closing is not None


def test_a_system_that_gives_nothing_up(sock: socket.socket, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(socket, "TCP_USER_TIMEOUT")
    ALL.set_on(sock)
    close_behind = ALL.on_closing
    assert close_behind is not None
    close_behind(sock)
    monkeypatch.undo()
    assert lingers(sock) == (0, 5)
    assert holds(sock, {(TCP, socket.TCP_USER_TIMEOUT): 0})
    close_behind(sock)
    assert holds(sock, {(TCP, socket.TCP_USER_TIMEOUT): 5000})


class Asked(socket.socket):
    """Notes what is asked of it: Linux refuses the form that Windows wants."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Any, ...]] = []

    def setsockopt(self, *option: Any) -> None:
        self.asked.append(option)


def test_on_windows_the_struct_has_shorts_and_nothing_lingers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with Asked() as sock:
        SocketOptions(close_linger_seconds=5).set_on(sock)  # there close() would fail
        assert not any(option == socket.SO_LINGER for _level, option, _value in sock.asked)
        SocketOptions(close_linger_seconds=0).set_on(sock)
        assert (SOL, socket.SO_LINGER, struct.pack("hh", 1, 0)) in sock.asked
