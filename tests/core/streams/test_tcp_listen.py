"""Listening on TCP: options, both versions of IP, ports in use, and who arrives."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from bascule.errors import ErrorCode
from bascule.streams.base import Stream
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tcp import SocketOptions, TcpDialer, TcpListener, address_of
from bascule.streams.transport import TransportStream
from tests.helpers.contract import read_all, read_count, soon
from tests.helpers.loops import LOOPS
from tests.helpers.ports import free_port
from tests.helpers.processes import listening, start
from tests.helpers.sockets import reset
from tests.helpers.tcp import NOT_OURS, listens, refused_dialing, refused_listening

LOOP_FACTORIES = LOOPS


def option(stream: Stream, level: int, name: int) -> int:
    if isinstance(stream, SocketStream):
        stream.settle()
        return stream.sock.getsockopt(level, name)
    assert isinstance(stream, TransportStream)
    assert stream.socket is not None
    return stream.socket.getsockopt(level, name)


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
    host = f"127.77.{os.getpid() >> 8 & 255}.{os.getpid() & 255}"  # no other run's
    async with listens(host, 65535):
        error = await refused_listening(TcpListener(host, 65535))
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
