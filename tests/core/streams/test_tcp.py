"""TCP over real sockets, on both loops: the stream contract, and what is said when it fails."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from typing import Any

import aiohappyeyeballs
import pytest

from bascule.errors import ErrorCode
from bascule.events import Stage, StageResult
from bascule.streams import tcp
from bascule.streams.base import Address, Stream
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
from tests.helpers.contract import StreamContract, read_count, soon
from tests.helpers.descriptors import begun
from tests.helpers.exhaustion import no_descriptors_left, refuse_to_watch
from tests.helpers.loops import LOOPS
from tests.helpers.ports import free_port
from tests.helpers.sockets import descriptors, reset, silent
from tests.helpers.tcp import NOT_OURS, listens, refused_dialing, refused_listening

LOOP_FACTORIES = LOOPS


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
    async with listens(port=free_port("::1")) as rig:
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
    port = free_port("::1")
    with silent("127.0.0.1", port), silent("::1", port):
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
