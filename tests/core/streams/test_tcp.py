"""TCP over real sockets, on both loops: the stream contract, and what is said when it fails."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohappyeyeballs
import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, ListenError
from bascule.events import Stage, StageResult
from bascule.streams import tcp
from bascule.streams.base import Address, Stream
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tcp import (
    AddressInfo,
    SocketOptions,
    TcpDialer,
    TcpListener,
    address_of,
    foremost,
    literal,
)
from bascule.streams.transport import TransportStream
from bascule.streams.watch import watch
from tests.helpers.contract import StreamContract, read_all, read_count, soon
from tests.helpers.descriptors import begun
from tests.helpers.exhaustion import no_descriptors_left, refuse_to_watch
from tests.helpers.loops import LOOPS
from tests.helpers.processes import free_port, listening, start
from tests.helpers.sockets import descriptors, reset, silent

LOOP_FACTORIES = LOOPS
NOT_OURS = "203.0.113.1"  # RFC 5737: for documentation, so that no computer has it


class Rig:
    """A listener, and the streams that arrived."""

    def __init__(self, listener: TcpListener) -> None:
        self.listener = listener
        self.arrived: asyncio.Queue[Stream] = asyncio.Queue()
        self.addresses: tuple[Address, ...] = ()
        self._streams: list[Stream] = []

    @property
    def port(self) -> int:
        port = self.addresses[0].port
        assert port is not None
        return port

    def arrive(self, stream: Stream) -> None:
        self._streams.append(stream)
        self.arrived.put_nowait(stream)

    async def next(self) -> Stream:
        return await soon(self.arrived.get())

    async def dialed(self, dialer: TcpDialer) -> Stream:
        stream = await soon(dialer.dial())
        self._streams.append(stream)
        return stream

    async def aclose(self) -> None:
        await self.listener.aclose()
        for stream in self._streams:
            stream.abort()
            await soon(stream.aclose())


@asynccontextmanager
async def listens(host: str = "127.0.0.1", port: int = 0, **options: Any) -> AsyncIterator[Rig]:
    rig = Rig(TcpListener(host, port, **options))
    try:
        rig.addresses = await soon(rig.listener.start(rig.arrive))
        yield rig
    finally:
        await rig.aclose()


async def refused_listening(listener: TcpListener) -> BasculeError:
    with pytest.raises(ListenError) as caught:
        await soon(listener.start(lambda stream: stream.abort()))
    await listener.aclose()
    return caught.value


async def refused_dialing(dialer: TcpDialer) -> tuple[DialError, list[StageResult]]:
    """The error, and the steps, the last of which must tell it too."""
    steps: list[StageResult] = []
    with pytest.raises(DialError) as caught:
        await soon(dialer.dial(steps.append))
    return caught.value, steps


def option(stream: Stream, level: int, name: int) -> int:
    if isinstance(stream, SocketStream):
        stream.settle()
        return stream.sock.getsockopt(level, name)
    assert isinstance(stream, TransportStream)
    assert stream.socket is not None
    return stream.socket.getsockopt(level, name)


def resolves_to(monkeypatch: pytest.MonkeyPatch, *hosts: str) -> None:
    """Let every name stand for these addresses, in this order."""

    async def resolve(_host: str, port: int, _family: int, _field: str) -> list[AddressInfo]:
        return [info for host in hosts for info in literal(host, port)]

    monkeypatch.setattr(tcp, "resolve", resolve)


class TestConnected(StreamContract):
    host = "127.0.0.1"

    async def open_pair(self) -> tuple[Stream, Stream]:
        arrived: asyncio.Queue[Stream] = asyncio.Queue()
        listener = TcpListener(self.host, 0)
        (address,) = await listener.start(arrived.put_nowait)
        stream = await TcpDialer(self.host, address.port or 0).dial()
        far = await arrived.get()
        await listener.aclose()
        return stream, far


class TestAccepted(TestConnected):
    host = "::1"

    async def open_pair(self) -> tuple[Stream, Stream]:
        stream, far = await super().open_pair()
        return far, stream


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """No loop watches sockets there: the loop's own transports do it all."""
    monkeypatch.setattr(tcp, "loop_watches_sockets", lambda: False)


class TestConnectedOnWindows(TestConnected):
    @pytest.fixture(autouse=True)
    def _on_windows(self, on_windows: None):
        pass

    async def open_pair(self) -> tuple[Stream, Stream]:
        pair = await super().open_pair()
        assert {type(stream) for stream in pair} == {TransportStream}
        assert all(stream.peer.port for stream in pair)
        return pair


class TestAcceptedOnWindows(TestConnectedOnWindows):
    async def open_pair(self) -> tuple[Stream, Stream]:
        stream, far = await super().open_pair()
        return far, stream


# reaching ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]"])
async def test_an_address_is_reached_without_a_resolver(host: str, monkeypatch: pytest.MonkeyPatch):
    def never(*_args: object) -> None:
        pytest.fail("asked a resolver")

    monkeypatch.setattr(tcp, "resolve", never)
    async with listens(host) as rig:
        steps: list[StageResult] = []
        dialer = TcpDialer(host, rig.port)
        stream = await soon(dialer.dial(steps.append))
        bare = host.strip("[]")
        assert dialer.label == str(Address(bare, rig.port))
        assert stream.peer == Address(bare, rig.port) == rig.addresses[0]
        assert (await rig.next()).peer.host == bare
        assert [(step.stage, step.done) for step in steps] == [
            (Stage.CONNECT, False),
            (Stage.CONNECT, True),
        ]
        assert steps[-1].detail == str(stream.peer)
        stream.abort()
        await soon(stream.aclose())


async def test_a_name_is_resolved_first():
    async with listens("localhost") as rig:
        steps: list[StageResult] = []
        stream = await soon(TcpDialer("localhost", rig.port).dial(steps.append))
        assert [step.stage for step in steps if step.done] == [Stage.RESOLVE, Stage.CONNECT]
        assert steps[1].subject == "localhost"
        assert steps[1].detail in {"127.0.0.1", "::1", "::1, 127.0.0.1", "127.0.0.1, ::1"}
        await (await rig.next()).send(b"hello")
        assert await soon(read_count(stream, 5)) == b"hello"
        stream.abort()
        await soon(stream.aclose())


@pytest.mark.parametrize("dead", ["refuses", "is silent"])
async def test_a_dead_first_address_does_not_stop_the_second(
    dead: str, monkeypatch: pytest.MonkeyPatch
):
    resolves_to(monkeypatch, "::1", "127.0.0.1")
    async with listens() as rig:
        if dead == "is silent":
            with silent("::1", rig.port):
                stream = await rig.dialed(TcpDialer("two.example", rig.port))
        else:
            stream = await rig.dialed(TcpDialer("two.example", rig.port))
        assert stream.peer == Address("127.0.0.1", rig.port)
        await (await rig.next()).send(b"x")
        assert await soon(read_count(stream, 1)) == b"x"


async def test_the_family_is_kept_to(monkeypatch: pytest.MonkeyPatch):
    async with listens() as rig:
        dialer = TcpDialer("localhost", rig.port, family=socket.AF_INET)
        assert (await rig.dialed(dialer)).peer.host == "127.0.0.1"
    error, _steps = await refused_dialing(
        TcpDialer("127.0.0.1", 1, family=socket.AF_INET6, field="target.host")
    )
    assert (error.code, error.field) == (ErrorCode.HOST_UNKNOWN, "target.host")


async def test_it_connects_from_the_address_it_is_told():
    async with listens() as rig:
        await rig.dialed(TcpDialer("127.0.0.1", rig.port, bind="127.0.0.9"))
        assert (await rig.next()).peer.host == "127.0.0.9"


@pytest.mark.parametrize("bind", [NOT_OURS, "::1", "no-such-name.invalid"])
async def test_a_wrong_address_to_connect_from_is_named(bind: str):
    async with listens() as rig:
        dialer = TcpDialer("127.0.0.1", rig.port, bind=bind, bind_field="target.bind")
        error, _steps = await refused_dialing(dialer)
    assert (error.code, error.field) == (ErrorCode.ADDRESS_NOT_LOCAL, "target.bind")
    assert error.facts["subject"] == bind


async def test_nobody_listens():
    port = free_port()
    error, steps = await refused_dialing(TcpDialer("127.0.0.1", port, field="target.host"))
    assert (error.code, error.field) == (ErrorCode.CONNECTION_REFUSED, "target.host")
    assert error.facts["subject"] == f"127.0.0.1:{port}"
    assert steps[-1].problem == error.problem


async def test_nobody_listens_under_any_address(monkeypatch: pytest.MonkeyPatch):
    resolves_to(monkeypatch, "::1", "127.0.0.1")
    error, _steps = await refused_dialing(TcpDialer("two.example", free_port()))
    assert error.code is ErrorCode.CONNECTION_REFUSED


async def test_of_several_reasons_the_telling_one_is_told(monkeypatch: pytest.MonkeyPatch):
    # A link-local address without its zone cannot be tried at all.
    resolves_to(monkeypatch, "fe80::1", "127.0.0.1")
    error, _steps = await refused_dialing(TcpDialer("two.example", free_port()))
    assert error.code is ErrorCode.CONNECTION_REFUSED
    assert error.facts["why"] == os.strerror(errno.ECONNREFUSED)


def test_what_says_most():
    def together(*numbers: int) -> OSError:
        text = ", ".join(f"[Errno {number}] words" for number in numbers)
        return OSError(f"Multiple exceptions: {text}")

    assert foremost(together(errno.ENETUNREACH, errno.ETIMEDOUT)).errno == errno.ETIMEDOUT
    assert foremost(together(errno.EHOSTUNREACH)).errno == errno.EHOSTUNREACH
    alone = OSError(errno.EPIPE, "words")
    assert foremost(alone) is alone
    silent_one = OSError("no number")
    assert foremost(silent_one) is silent_one


async def test_a_host_that_does_not_answer_is_given_up():
    with silent("127.0.0.1") as port:
        before = len(descriptors())
        dialer = TcpDialer("127.0.0.1", port, timeout_seconds=0.2, field="target.host")
        error, steps = await refused_dialing(dialer)
        assert (error.code, error.field) == (ErrorCode.TIMED_OUT, "target.host")
        assert error.facts == {"subject": f"127.0.0.1:{port}", "seconds": 0.2}
        assert steps[-1].problem == error.problem
        assert len(descriptors()) <= before + 2  # of the loop itself


async def test_a_host_that_is_slow_to_answer_is_waited_for():
    with socket.socket() as listening, socket.socket() as before_us:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        before_us.connect(listening.getsockname())  # now Linux drops who knocks
        dialing = await begun(TcpDialer(*listening.getsockname()).dial())
        listening.accept()[0].close()
        stream = await soon(dialing)  # who knocks again after a second
        with listening.accept()[0] as far:
            far.send(b"at last")
            assert await soon(stream.receive()) == b"at last"
        await stream.aclose()


@pytest.mark.skipif(sys.platform == "win32", reason="about the watch of Linux")
@pytest.mark.parametrize("there", [True, False])
async def test_a_system_that_is_never_connected_at_once(
    there: bool, monkeypatch: pytest.MonkeyPatch
):
    watch()  # which is Linux's still
    async with listens() as rig:
        monkeypatch.setattr(sys, "platform", "darwin")
        dialer = TcpDialer("127.0.0.1", rig.port if there else free_port())
        if there:
            stream = await rig.dialed(dialer)
            await (await rig.next()).send(b"x")
            assert await soon(read_count(stream, 1)) == b"x"
        else:
            error, _steps = await refused_dialing(dialer)
            assert error.code is ErrorCode.CONNECTION_REFUSED


@pytest.mark.skipif(sys.platform == "win32", reason="Windows binds to no interface")
@pytest.mark.parametrize("bind", ["", "127.0.0.1"])
async def test_an_option_that_the_system_refuses(bind: str):
    dialer = TcpDialer("127.0.0.1", 1, bind=bind, options=SocketOptions(interface="none-such"))
    error, _steps = await refused_dialing(dialer)  # a socket left open would fail the test
    assert (error.code, error.facts["why"]) == (ErrorCode.DIAL_FAILED, os.strerror(errno.ENODEV))


@pytest.mark.parametrize("when", ["before", "after a while"])
async def test_dialing_may_be_cancelled(when: str):
    watch()
    with silent("127.0.0.1") as port:
        before = len(descriptors())
        dialing = asyncio.ensure_future(TcpDialer("127.0.0.1", port).dial())
        await asyncio.wait([dialing], timeout=0 if when == "before" else 0.05)
        dialing.cancel()
        await asyncio.wait([dialing])
        assert dialing.cancelled()
        assert len(descriptors()) == before


async def test_without_descriptors_that_is_said():
    async with listens() as rig:
        for dialer in (
            TcpDialer("127.0.0.1", rig.port),
            TcpDialer("127.0.0.1", rig.port, bind="127.0.0.1"),
        ):
            with no_descriptors_left():
                error, _steps = await refused_dialing(dialer)
            assert error.code is ErrorCode.DIAL_FAILED
            assert "open files" in str(error)
    with no_descriptors_left():
        error = await refused_listening(TcpListener("127.0.0.1", 0))
    assert error.code is ErrorCode.LISTEN_FAILED


@pytest.mark.skipif(sys.platform == "win32", reason="Windows watches no sockets")
async def test_where_a_socket_cannot_be_watched_that_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watch(), "read", refuse_to_watch)
    monkeypatch.setattr(watch(), "write", refuse_to_watch)
    before = len(descriptors())
    with silent("127.0.0.1") as port:
        error, _steps = await refused_dialing(TcpDialer("127.0.0.1", port))
    assert error.code is ErrorCode.DIAL_FAILED
    error = await refused_listening(TcpListener("127.0.0.1", 0))
    assert error.code is ErrorCode.LISTEN_FAILED
    assert len(descriptors()) == before


async def test_giving_up_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch):
    resolves_to(monkeypatch, "::1", "127.0.0.1")
    with silent("127.0.0.1") as port, silent("::1", port):
        before = 0
        for _ in range(2):  # at the first time the loop opens some of its own
            before = len(descriptors())
            dialing = asyncio.ensure_future(TcpDialer("two.example", port).dial())
            await asyncio.wait([dialing], timeout=0.4)  # both addresses are being tried
            dialing.cancel()
            await asyncio.wait([dialing])
            assert dialing.cancelled()
        assert len(descriptors()) == before


async def test_an_unknown_name():
    error, steps = await refused_dialing(TcpDialer("no-such-name.invalid", 1, field="target.host"))
    assert (error.code, error.field) == (ErrorCode.HOST_UNKNOWN, "target.host")
    assert error.facts["subject"] == "no-such-name.invalid"
    assert [step.stage for step in steps] == [Stage.RESOLVE, Stage.RESOLVE]


@pytest.mark.parametrize("name", ["a..b", "\u00e9" * 64])
async def test_what_cannot_be_a_name_is_unknown_too(name: str):
    error, _steps = await refused_dialing(TcpDialer(name, 1))
    assert error.code is ErrorCode.HOST_UNKNOWN


@pytest.mark.parametrize("name", ["site.onion", "SITE.I2P.", "a.exit", "a.alt"])
async def test_a_name_for_a_proxy_is_never_resolved(name: str, monkeypatch: pytest.MonkeyPatch):
    def never(*_args: object, **_more: object) -> None:
        pytest.fail("a resolver saw the name")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    error, _steps = await refused_dialing(TcpDialer(name, 80, field="target.host"))
    assert (error.code, error.field) == (ErrorCode.NAME_NOT_RESOLVABLE_HERE, "target.host")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows goes on knowing whose it was")
async def test_a_peer_that_resets_in_the_moment_of_arrival(monkeypatch: pytest.MonkeyPatch):
    connect = aiohappyeyeballs.start_connection
    with socket.create_server(("127.0.0.1", 0)) as server:

        async def then_reset(*args: Any, **options: Any) -> socket.socket:
            sock = await connect(*args, **options)
            reset(server.accept()[0])
            return sock

        monkeypatch.setattr(aiohappyeyeballs, "start_connection", then_reset)
        error, _steps = await refused_dialing(TcpDialer(*server.getsockname(), bind="127.0.0.1"))
    assert error.code is ErrorCode.DIAL_FAILED  # a socket left open would fail the test


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (("10.0.0.1", 80), Address("10.0.0.1", 80)),
        (("::1", 80, 0, 0), Address("::1", 80)),
        (("fe80::1", 80, 0, 3), Address("fe80::1%3", 80)),
        (("fe80::1%eth0", 80, 0, 3), Address("fe80::1%eth0", 80)),
        ("/run/x", Address("")),
        (None, Address("")),
    ],
)
def test_what_the_system_calls_an_address(name: object, address: Address):
    assert address_of(name) == address


# options ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("keepalive", [True, False])
@pytest.mark.parametrize("nodelay", [True, False])
async def test_options_are_set_on_both_sides(keepalive: bool, nodelay: bool):
    options = SocketOptions(keepalive, nodelay)
    async with listens(options=options) as rig:
        stream = await rig.dialed(TcpDialer("127.0.0.1", rig.port, options=options))
        for side in (stream, await rig.next()):
            assert bool(option(side, socket.IPPROTO_TCP, socket.TCP_NODELAY)) is nodelay
            assert bool(option(side, socket.SOL_SOCKET, socket.SO_KEEPALIVE)) is keepalive
            if keepalive:
                assert option(side, socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60
                assert option(side, socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 10
                assert option(side, socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 6


async def test_a_system_that_cannot_say_how_often_to_ask(monkeypatch: pytest.MonkeyPatch):
    for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT"):
        monkeypatch.delattr(socket, name)
    async with listens() as rig:
        stream = await rig.dialed(TcpDialer("127.0.0.1", rig.port))
        assert option(stream, socket.SOL_SOCKET, socket.SO_KEEPALIVE)


@pytest.mark.parametrize("host", ["127.0.0.1", "::"])
async def test_the_backlog_is_the_systems_too(host: str):
    async with listens(host, backlog=7) as rig:
        server = rig.listener._server
        assert server is not None
        # tcp_info of a listening socket: tcpi_sacked is the most it holds back (man 7 tcp).
        info = server.sockets[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        assert struct.unpack_from("I", info, 28) == (7,)


# listening --------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["::", "[::]", "0::0"])
async def test_the_whole_network_is_both_versions(host: str):
    async with listens(host) as rig:
        await rig.dialed(TcpDialer("127.0.0.1", rig.port))
        four = (await rig.next()).peer
        await rig.dialed(TcpDialer("::1", rig.port))
        six = (await rig.next()).peer
    assert four.host == "::ffff:127.0.0.1"
    assert str(four.ip) == "127.0.0.1"  # as a rule sees it
    assert str(six.ip) == "::1"


@pytest.mark.usefixtures("on_windows")
async def test_windows_too_has_options_a_backlog_and_both_versions():
    options = SocketOptions(nodelay=False, send_buffer_bytes=40_000)
    async with listens("::", options=options, backlog=7) as rig:
        server = rig.listener._server
        assert server is not None
        info = server.sockets[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        assert struct.unpack_from("I", info, 28) == (7,)
        for host, seen in (("127.0.0.1", "::ffff:127.0.0.1"), ("::1", "::1")):
            dialed = await rig.dialed(TcpDialer(host, rig.port, options=options))
            accepted = await rig.next()
            assert accepted.peer.host == seen
            for side in (dialed, accepted):
                assert not option(side, socket.IPPROTO_TCP, socket.TCP_NODELAY)
                assert option(side, socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                assert option(side, socket.SOL_SOCKET, socket.SO_SNDBUF) == 80_000
        error = await refused_listening(TcpListener("127.0.0.1", rig.port))
        assert error.code is ErrorCode.ADDRESS_IN_USE
    async with listens("localhost") as rig:
        dialed = await rig.dialed(TcpDialer("localhost", rig.port))
        await (await rig.next()).send(b"x")
        assert await soon(read_count(dialed, 1)) == b"x"
    error = await refused_listening(TcpListener(NOT_OURS, 0))
    assert error.code is ErrorCode.ADDRESS_NOT_LOCAL


@pytest.mark.usefixtures("on_windows")
async def test_a_system_without_both_versions_in_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: False)
    async with listens("::") as rig:
        await rig.dialed(TcpDialer("::1", rig.port))
        assert (await rig.next()).peer.host == "::1"


async def test_a_port_in_use_names_the_program_and_another_port():
    port = free_port()
    argv = ("socat", f"TCP-LISTEN:{port},bind=127.0.0.1,fork", "STDOUT")
    with start(*argv, ready=listening(port)) as running:
        error = await refused_listening(TcpListener("127.0.0.1", port, field="source.port"))
        assert (error.code, error.field) == (ErrorCode.ADDRESS_IN_USE, "source.port")
        assert (error.facts["program"], error.facts["pid"]) == ("socat", running.process.pid)
        assert (error.facts["host"], error.facts["port"]) == ("127.0.0.1", port)
        suggestion = error.facts["suggestion"]
        assert isinstance(suggestion, int)
        assert suggestion > port
        async with listens(port=suggestion):
            pass


@pytest.mark.parametrize("host", ["localhost", "::", "0.0.0.0"])
async def test_a_port_in_use_by_ourselves(host: str):
    async with listens(host) as rig:
        error = await refused_listening(TcpListener(host, rig.port))
        assert (error.code, error.facts["pid"]) == (ErrorCode.ADDRESS_IN_USE, os.getpid())


async def test_a_port_in_use_that_nobody_listens_on():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        error = await refused_listening(TcpListener(*bound.getsockname()))
    assert error.code is ErrorCode.ADDRESS_IN_USE
    assert "pid" not in error.facts


async def test_the_last_port_in_use_has_no_next():
    async with listens("127.0.0.77", 65535):
        error = await refused_listening(TcpListener("127.0.0.77", 65535))
    assert error.code is ErrorCode.ADDRESS_IN_USE
    assert "suggestion" not in error.facts


@pytest.mark.parametrize("host", [NOT_OURS, "2001:db8::1", "no-such-name.invalid"])
async def test_an_address_that_is_not_ours(host: str):
    error = await refused_listening(TcpListener(host, 0, field="source.host"))
    assert (error.code, error.field) == (ErrorCode.ADDRESS_NOT_LOCAL, "source.host")


_LISTEN = """
import asyncio, sys
from bascule.errors import ListenError
from bascule.streams.tcp import TcpListener

async def main():
    try:
        await TcpListener("127.0.0.1", int(sys.argv[1])).start(print)
    except ListenError as exc:
        print(exc.code, exc.facts["suggestion"])

asyncio.run(main())
"""


def test_a_port_for_administrators():
    """As a program without the right (root gives it away first)."""
    first_free = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
    drop = ["setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service"]
    command = [*(drop if os.geteuid() == 0 else ()), sys.executable, "-c", _LISTEN]
    said = subprocess.run(
        [*command, str(first_free - 1)], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == [ErrorCode.ADDRESS_FORBIDDEN, str(first_free - 1 + 8000)]


@pytest.mark.parametrize(("port", "suggestion"), [(80, 8080), (5000, 5001)])
async def test_a_port_that_the_system_keeps_suggests_another(
    port: int, suggestion: int, monkeypatch: pytest.MonkeyPatch
):
    async def kept(*_args: object) -> None:  # as Windows does with ports of Hyper-V
        raise PermissionError(errno.EACCES, "Permission denied")

    listening = "_served" if sys.platform == "win32" else "_addresses"
    monkeypatch.setattr(TcpListener, listening, kept)
    error = await refused_listening(TcpListener("127.0.0.1", port))
    assert (error.code, error.facts["suggestion"]) == (ErrorCode.ADDRESS_FORBIDDEN, suggestion)


async def test_who_has_gone_again_in_the_moment_of_arrival_never_arrived(on_windows: None):
    troubles: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: troubles.append(told))
    async with listens() as rig:
        reset(socket.create_connection(("127.0.0.1", rig.port)))
        stream = await rig.dialed(TcpDialer("127.0.0.1", rig.port))
        assert isinstance(stream, TransportStream)
        assert stream.socket is not None
        ours = address_of(stream.socket.getsockname())
        while (far := await rig.next()).peer != ours:  # a system may still know who it was
            pass
        await far.send(b"x")
        assert await soon(read_count(stream, 1)) == b"x"
    assert troubles == []


async def test_closing_leaves_what_arrived_alone_and_frees_the_port():
    async with listens() as rig:
        stream = await rig.dialed(TcpDialer("127.0.0.1", rig.port))
        far = await rig.next()
        await rig.listener.aclose()
        await rig.listener.aclose()
        await soon(stream.send(b"still here"))
        await soon(stream.send_eof())
        assert await soon(read_all(far)) == b"still here"
        error, _steps = await refused_dialing(TcpDialer("127.0.0.1", rig.port))
        assert error.code is ErrorCode.CONNECTION_REFUSED
        async with listens(port=rig.port):
            pass
