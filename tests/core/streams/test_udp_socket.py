"""Sockets that wait for datagrams: how they are opened, and why that fails."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import os
import socket
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bascule.errors import BasculeError, ErrorCode, ListenError, SpecError
from bascule.streams import ports, udp_socket
from bascule.streams.socket_options import SocketOptions
from bascule.streams.udp_socket import bound_sockets
from tests.helpers.datagrams import peer
from tests.helpers.processes import start
from tests.helpers.sockets import descriptors

NOT_OURS = "203.0.113.1"  # RFC 5737: for documentation, so that no computer has it


async def opened(host: str = "127.0.0.1", port: int = 0, **options: Any) -> list[socket.socket]:
    given: dict[str, Any] = {
        "family": socket.AF_UNSPEC,
        "groups": (),
        "options": None,
        "field": "source",
    }
    return await bound_sockets(host, port, **(given | options))


async def refused(host: str, port: int = 0, **options: Any) -> BasculeError:
    before = descriptors()
    with pytest.raises((ListenError, SpecError)) as caught:
        await opened(host, port, **options)
    assert descriptors() == before
    return caught.value


@pytest.mark.parametrize(
    ("host", "family", "names"),
    [
        ("127.0.0.1", socket.AF_UNSPEC, ["127.0.0.1"]),
        ("[::1]", socket.AF_UNSPEC, ["::1"]),
        ("localhost", socket.AF_INET, ["127.0.0.1"]),
        ("::", socket.AF_INET6, ["::"]),
    ],
)
async def test_each_address_has_a_socket(host: str, family: socket.AddressFamily, names: list[str]):
    sockets = await opened(host, family=family)
    assert [sock.getsockname()[0] for sock in sockets] == names
    for sock in sockets:
        assert sock.gettimeout() == 0
        if sock.family == socket.AF_INET6:
            assert sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) == 1
        sock.close()


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how much it allows")
@pytest.mark.parametrize(("asked", "given"), [(0, 2 * 1024 * 1024), (50_000, 100_000)])
async def test_the_systems_buffer(asked: int, given: int):
    (sock,) = await opened(options=SocketOptions(receive_buffer_bytes=asked))
    with sock:
        most = int(Path("/proc/sys/net/core/rmem_max").read_text())
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) == min(given, 2 * most)


async def test_a_port_is_not_shared_by_being_usual():
    (sock,) = await opened(options=SocketOptions())
    with sock:
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == 0


async def test_the_port_of_a_group_is_shared():
    (first,) = await opened("0.0.0.0", groups=("239.255.77.5:lo",))
    with first:
        port = first.getsockname()[1]
        (second,) = await opened("239.255.77.5", port, groups=("239.255.77.5:lo",))
        second.close()


HEARD = pytest.mark.skipif(sys.platform == "win32", reason="Windows hears it on each address")


@pytest.mark.parametrize("host", [pytest.param("127.0.0.1", marks=HEARD), "::1"])
async def test_a_group_that_would_not_be_heard(host: str):
    error = await refused(host, groups=("239.255.77.5:lo",))
    assert error.code is ErrorCode.VALUE_INVALID
    assert error.field == "source.host"
    assert error.facts["rule"] == "group_host"


async def test_a_group_of_the_other_version():
    assert (await refused("0.0.0.0", groups=("[ff02::77]:lo",))).field == "source.host"
    (sock,) = await opened("::", groups=("239.255.77.5:lo",))
    sock.close()
    error = await refused("::", groups=("239.255.77.5:lo",), family=socket.AF_INET6)
    assert error.field == "source.host"


async def test_another_program_has_the_port():
    with peer() as probe:
        port = probe.port

    def has_it() -> bool:
        return ports.find_port_holder(port, udp=True) is not None

    argv = ("socat", "-u", f"UDP-RECV:{port},bind=127.0.0.1", "STDOUT")
    with start(*argv, ready=has_it) as running:
        error = await refused("127.0.0.1", port)
        assert error.code is ErrorCode.ADDRESS_IN_USE
        assert error.facts["program"] == "socat"
        assert error.facts["pid"] == running.process.pid
        suggestion = error.facts["suggestion"]
        assert isinstance(suggestion, int)
        with peer(port=suggestion):
            pass  # it is free indeed


async def test_nobody_knows_who_has_the_port(monkeypatch: pytest.MonkeyPatch):
    def nothing(*_args: object, **_more: object) -> None:
        return None

    monkeypatch.setattr(ports, "find_port_holder", nothing)
    monkeypatch.setattr(ports, "find_free_port", nothing)
    with peer() as taken:
        error = await refused("127.0.0.1", taken.port)
    assert error.code is ErrorCode.ADDRESS_IN_USE
    assert not {"program", "suggestion"} & error.facts.keys()


@pytest.mark.parametrize(
    ("host", "family"),
    [
        (NOT_OURS, socket.AF_UNSPEC),
        ("no-such-host.invalid", socket.AF_UNSPEC),
        ("127.0.0.1", socket.AF_INET6),
    ],
)
async def test_an_address_that_is_not_ours(host: str, family: socket.AddressFamily):
    error = await refused(host, family=family)
    assert error.code is ErrorCode.ADDRESS_NOT_LOCAL
    assert error.field == "source.port"


@pytest.mark.parametrize(
    ("number", "code", "facts"),
    [
        (errno.EACCES, ErrorCode.ADDRESS_FORBIDDEN, {"suggestion": 8053}),
        (errno.EAFNOSUPPORT, ErrorCode.ADDRESS_NOT_LOCAL, {}),  # a system without IPv6
        (errno.ENOBUFS, ErrorCode.LISTEN_FAILED, {}),
    ],
)
async def test_what_else_the_system_says(
    number: int, code: ErrorCode, facts: dict[str, int], monkeypatch: pytest.MonkeyPatch
):
    class Refusing(socket.socket):
        def bind(self, _address: object) -> None:
            raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch, pytest.raises(ListenError) as caught:
        patch.setattr(socket, "socket", Refusing)
        await opened("127.0.0.1", 53)
    assert caught.value.code is code
    assert caught.value.facts.items() >= facts.items()


async def test_a_high_port_that_is_forbidden(monkeypatch: pytest.MonkeyPatch):
    class Refusing(socket.socket):
        def bind(self, _address: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch, pytest.raises(ListenError) as caught:
        patch.setattr(socket, "socket", Refusing)
        await opened("127.0.0.1", 5353)
    assert caught.value.facts["suggestion"] == 5354


async def test_a_system_that_allows_no_larger_buffer(monkeypatch: pytest.MonkeyPatch):
    class Small(socket.socket):
        def setsockopt(self, level: int, option: int, *value: Any) -> None:
            if option == socket.SO_RCVBUF:
                raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))
            super().setsockopt(level, option, *value)

    monkeypatch.setattr(socket, "socket", Small)
    (sock,) = await opened()
    sock.close()


@pytest.mark.skipif(sys.platform == "win32", reason="asks for an option of macOS")
@pytest.mark.parametrize("shared", [False, True])
async def test_on_macos_a_group_needs_one_more(shared: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    (sock,) = await opened("0.0.0.0", groups=("239.255.77.6:lo",) if shared else ())
    with sock:
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT) == int(shared)


async def test_on_windows_a_port_is_ours_alone(monkeypatch: pytest.MonkeyPatch):
    quiet: list[socket.socket] = []
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_KEEPALIVE, raising=False)
    monkeypatch.setattr(udp_socket, "ignore_refusals", quiet.append)
    monkeypatch.setattr(sys, "platform", "win32")
    (sock,) = await opened()
    with sock:
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert quiet == [sock]


async def test_how_windows_is_told_to_ignore_refusals(monkeypatch: pytest.MonkeyPatch):
    told: list[tuple[Any, ...]] = []
    system = SimpleNamespace(ws2_32=SimpleNamespace(WSAIoctl=lambda *said: told.append(said)))
    monkeypatch.setattr(ctypes, "windll", system, raising=False)
    with peer() as ours:
        if sys.platform != "win32":
            udp_socket.ignore_refusals(ours.sock)
        assert told == []  # not here
        monkeypatch.setattr(sys, "platform", "win32")
        udp_socket.ignore_refusals(ours.sock)
        ((handle, what, _off, size, *_rest),) = told
        assert (handle.value, what, size) == (ours.sock.fileno(), 0x9800000C, 4)


async def test_cancelled_it_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch):
    def cancelled(*_args: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(udp_socket, "join", cancelled)
    before = descriptors()
    with pytest.raises(asyncio.CancelledError):
        await opened("0.0.0.0", groups=("239.255.77.5:lo",))
    assert descriptors() == before
