"""Dialing through SOCKS proxies: chains, failures and where they lie, time limits, no resolver."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from bascule.errors import DialError, ErrorCode, SpecError
from bascule.events import Stage, StageResult
from bascule.streams.base import Address, Dialer
from bascule.streams.buffered import BufferedStream
from bascule.streams.resolving import resolve
from bascule.streams.socks import SocksDialer
from bascule.streams.tcp import TcpDialer
from tests.helpers.contract import PATIENCE_SECONDS, read_all, soon
from tests.helpers.proxied import (
    MemoryDialer,
    ThroughProxy,
    Upper,
    answering,
    exchange,
    failure,
    to,
)
from tests.helpers.socks_server import LOCAL, Seen, SocksServer
from tests.helpers.stepping import splits

ONION = "p53lf57qovyuvwsc6xnrppyply3vtqm7l6pcobkmyqsiofyeznfu5uqd.onion"
PROXY_ONLY = [ONION, "site.i2p", "node.exit", "thing.alt", "SITE.ONION.", "site.\uff4fnion"]


@pytest.fixture
def asked_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Whom a resolver was asked for; every question fails. A guard: nothing here may ask."""
    asked: list[object] = []

    def refuse(host: object, *_arguments: object, **_named: object) -> object:
        asked.append(host)
        raise OSError("a resolver was asked")

    for function in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
        monkeypatch.setattr(socket, function, refuse)
    yield asked
    assert asked == []


# the contract, through each version ---------------------------------------------------------------


class TestThroughSocks5(ThroughProxy[SocksServer]):
    version = "5"

    def serving(self) -> SocksServer:
        return SocksServer(names={"far.example": LOCAL})

    def through(self, port: int) -> Dialer:
        host = LOCAL if self.version == "4" else "far.example"
        proxy = self.proxy
        return SocksDialer(to(proxy), host, port, proxy=proxy.address, version=self.version)


class TestThroughSocks4a(TestThroughSocks5):
    version = "4a"


class TestThroughSocks4(TestThroughSocks5):
    version = "4"


# what is asked of the proxy, and what comes back --------------------------------------------------


@pytest.mark.usefixtures("asked_names")
async def test_a_chain_of_three_hops_resolves_nothing_here():
    async with AsyncExitStack() as stack:
        target = await stack.enter_async_context(Upper())
        third = await stack.enter_async_context(SocksServer(names={ONION: LOCAL}))
        second = await stack.enter_async_context(SocksServer(names={"third.example": LOCAL}))
        first = await stack.enter_async_context(
            SocksServer(users={"ann": "s3cret"}, names={"second.example": LOCAL})
        )
        dialer: Dialer = to(first)
        dialer = SocksDialer(
            dialer,
            "second.example",
            second.port,
            proxy=first.address,
            username="ann",
            password="s3cret",
            field="via.0",
            target_field="via.1",
        )
        dialer = SocksDialer(
            dialer,
            "third.example",
            third.port,
            proxy=f"second.example:{second.port}",
            version="4a",
            username="bob",
            field="via.1",
            target_field="via.2",
        )
        dialer = SocksDialer(
            dialer, ONION, target.port, proxy=f"third.example:{third.port}", field="via.2"
        )
        steps: list[StageResult] = []
        stream = await soon(dialer.dial(steps.append))
        assert stream.peer == Address(ONION, target.port)
        assert dialer.label == f"{ONION}:{target.port}"
        assert await exchange(stream) == b"HELLO"

        assert first.seen == [Seen("5", "name", "second.example", second.port, "ann", "s3cret")]
        assert second.seen == [Seen("4a", "name", "third.example", third.port, "bob")]
        assert third.seen == [Seen("5", "name", ONION, target.port)]
        assert [(step.stage, step.subject, step.done) for step in steps] == [
            (Stage.CONNECT, first.address, False),
            (Stage.CONNECT, first.address, True),
            (Stage.PROXY, first.address, False),
            (Stage.PROXY, first.address, True),
            (Stage.PROXY, f"second.example:{second.port}", False),
            (Stage.PROXY, f"second.example:{second.port}", True),
            (Stage.PROXY, f"third.example:{third.port}", False),
            (Stage.PROXY, f"third.example:{third.port}", True),
        ]
        details = [step.detail.partition(", bound 127.0.0.1:") for step in steps if step.done]
        assert [(said, bool(bound)) for said, bound, _port in details[1:]] == [
            ("SOCKS 5, user and password", True),
            ("SOCKS 4a", True),
            ("SOCKS 5", True),
        ]
        assert "s3cret" not in repr(steps)


@pytest.mark.usefixtures("asked_names")
@pytest.mark.parametrize("version", ["4", "4a", "5"])
async def test_an_address_goes_as_an_address(version: str):
    async with Upper() as target, SocksServer() as proxy:
        dialer = SocksDialer(
            to(proxy), f"[{LOCAL}]", target.port, proxy=proxy.address, version=version
        )
        stream = await soon(dialer.dial())
        assert dialer.label == str(stream.peer) == target.address
        assert await exchange(stream) == b"HELLO"
        assert [(seen.kind, seen.host) for seen in proxy.seen] == [("ipv4", LOCAL)]
        assert proxy.offered == ([b"\0"] if version == "5" else [])


async def test_nothing_remains_of_the_handshake():
    async with Upper() as target, SocksServer() as proxy:
        stream = await soon(SocksDialer(to(proxy), LOCAL, target.port, proxy="").dial())
        assert not isinstance(stream, BufferedStream)
        await soon(stream.aclose())


async def test_bytes_behind_the_reply_belong_to_the_stream():
    async with Upper() as target, SocksServer(glued=b"220 ready ") as proxy:
        stream = await soon(SocksDialer(to(proxy), LOCAL, target.port, proxy="").dial())
        assert isinstance(stream, BufferedStream)
        assert stream.peer == Address(LOCAL, target.port)
        assert await exchange(stream) == b"220 ready HELLO"


@pytest.mark.parametrize(
    "pieces", list(splits(b"\x05\x02\x01\x00\x05\x00\x00\x03\x01p\x00\x50tail")), ids=repr
)
async def test_every_split_of_the_proxys_bytes_over_a_stream(pieces: list[bytes]):
    inner = MemoryDialer()
    dialer = SocksDialer(
        inner, "far.example", 80, proxy="p:1080", username="ann", password="s3cret"
    )

    async def proxy() -> None:
        for piece in pieces:
            await inner.far.send(piece)
        await inner.far.send_eof()

    async def heard() -> bytes:
        return await read_all(inner.far)

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(proxy())
        hearing = group.create_task(heard())
        stream = await dialer.dial()
        assert await read_all(stream) == b"tail"
        await stream.aclose()
    assert hearing.result() == (
        b"\x05\x02\x00\x02\x01\x03ann\x06s3cret\x05\x01\x00\x03\x0bfar.example\x00\x50"
    )


async def test_a_proxy_that_answers_zeros_reports_no_bound_address():
    async with answering(b"\x00\x5a" + bytes(6)) as proxy:
        steps: list[StageResult] = []
        dialer = SocksDialer(to(proxy), LOCAL, 80, proxy="p:1080", version="4")
        stream = await soon(dialer.dial(steps.append))
        assert steps[-1].detail == "SOCKS 4"
        stream.abort()
        await soon(stream.aclose())


async def test_checking_is_left_to_the_inner_dialer():
    inner = MemoryDialer()
    await SocksDialer(inner, "a", 80, proxy="p:1080").check()
    assert (inner.checked, inner.dialed) == (1, 0)


# names and addresses ------------------------------------------------------------------------------


async def test_socks4_resolves_here_and_says_so():
    async with Upper() as target, SocksServer() as proxy:
        steps: list[StageResult] = []
        dialer = SocksDialer(
            to(proxy), "localhost", target.port, proxy=proxy.address, version="4", username="ann"
        )
        stream = await soon(dialer.dial(steps.append))
        assert stream.peer == Address("localhost", target.port)
        assert await exchange(stream) == b"HELLO"
        assert proxy.seen == [Seen("4", "ipv4", LOCAL, target.port, "ann")]
    assert [(step.stage, step.subject, step.detail) for step in steps[:2]] == [
        (Stage.RESOLVE, "localhost", ""),
        (Stage.RESOLVE, "localhost", LOCAL),
    ]


async def test_socks4_of_an_unknown_name_reaches_nobody():
    inner = MemoryDialer()
    dialer = SocksDialer(inner, "x" * 64, 80, proxy="p:1080", version="4", target_field="via.1")
    error = await failure(dialer)
    assert (error.code, error.field) == (ErrorCode.HOST_UNKNOWN, "via.1.host")
    assert inner.dialed == 0


@pytest.mark.usefixtures("asked_names")
@pytest.mark.parametrize("host", PROXY_ONLY)
async def test_socks4_never_resolves_a_name_for_proxies(host: str):
    inner = MemoryDialer()
    steps: list[StageResult] = []
    error = await failure(SocksDialer(inner, host, 80, proxy="p:1080", version="4"), steps.append)
    assert isinstance(error, DialError)
    assert (error.code, error.field) == (ErrorCode.NAME_NOT_RESOLVABLE_HERE, "via.0.version")
    assert inner.dialed == 0
    assert [step.stage for step in steps] == [Stage.RESOLVE, Stage.RESOLVE]


@pytest.mark.usefixtures("asked_names")
@pytest.mark.parametrize("host", PROXY_ONLY)
async def test_the_resolver_is_never_asked_for_a_name_for_proxies(host: str):
    with pytest.raises(DialError) as caught:
        await resolve(host, 80, socket.AF_UNSPEC, "via.0.host")
    assert caught.value.code is ErrorCode.NAME_NOT_RESOLVABLE_HERE
    assert caught.value.field == "via.0.host"
    error = await failure(TcpDialer(host, 80))
    assert (error.code, error.field) == (ErrorCode.NAME_NOT_RESOLVABLE_HERE, "host")


@pytest.mark.usefixtures("asked_names")
@pytest.mark.parametrize("version", ["4a", "5"])
@pytest.mark.parametrize("host", PROXY_ONLY)
async def test_names_for_proxies_reach_the_proxy(host: str, version: str):
    known = host.replace("\uff4f", "o")
    async with Upper() as target, SocksServer(names={known: LOCAL}) as proxy:
        dialer = SocksDialer(to(proxy), host, target.port, proxy=proxy.address, version=version)
        assert await exchange(await soon(dialer.dial())) == b"HELLO"
        assert [(seen.kind, seen.host) for seen in proxy.seen] == [("name", known)]


@pytest.mark.usefixtures("asked_names")
async def test_socks4_cannot_resolve_to_ipv6():
    inner = MemoryDialer()
    dialer = SocksDialer(
        inner, "far.example", 80, proxy="p:1080", version="4", family=socket.AF_INET6
    )
    error = await failure(dialer)
    assert isinstance(error, SpecError)
    assert (error.field, error.facts["rule"]) == ("via.0.version", "socks4_ipv6")
    assert inner.dialed == 0


@pytest.mark.usefixtures("asked_names")
@pytest.mark.parametrize(
    ("host", "port", "version", "username", "password", "field"),
    [
        ("::1", 80, "4", "", "", "via.1.version"),
        ("fe80::1%eth0", 80, "4", "", "", "via.1.version"),
        ("::1", 80, "4a", "", "", "via.1.version"),
        ("x" * 256, 80, "5", "", "", "via.2.host"),
        ("a", 0, "5", "", "", "via.2.port"),
        ("a", 80, "5", "", "s3cret", "via.1.username"),
        ("a", 80, "5", "ann", "x" * 256, "via.1.password"),
        ("a", 80, "4a", "a\0", "", "via.1.username"),
    ],
)
async def test_what_cannot_travel_is_refused_before_anybody_is_reached(
    host: str, port: int, version: str, username: str, password: str, field: str
):
    inner = MemoryDialer()
    dialer = SocksDialer(
        inner,
        host,
        port,
        proxy="p:1080",
        version=version,
        username=username,
        password=password,
        field="via.1",
        target_field="via.2",
    )
    error = await failure(dialer)
    assert isinstance(error, SpecError)
    assert error.field == field
    assert inner.dialed == 0


async def test_ipv6_reaches_a_socks5_proxy_as_an_address():
    async with SocksServer(replies={80: 3}) as proxy:
        error = await failure(SocksDialer(to(proxy), "[fe80::1%9]", 80, proxy="p:1080"))
        assert proxy.seen == [Seen("5", "ipv6", "fe80::1", 80)]
    assert error.code is ErrorCode.PROXY_NETWORK_UNREACHABLE


async def test_many_at_once_keep_their_own_streams():
    async with Upper() as target, SocksServer() as proxy:
        dialer = SocksDialer(to(proxy), LOCAL, target.port, proxy=proxy.address)
        async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
            streams = [group.create_task(dialer.dial()) for _ in range(20)]
        answers = [await exchange(task.result(), b"n%d" % n) for n, task in enumerate(streams)]
        assert answers == [b"N%d" % n for n in range(20)]
