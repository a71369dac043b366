"""Dialing through HTTP proxies: chains, failures and where they lie, and what stays secret."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import DialError, ErrorCode, HandshakeError, SpecError
from bascule.events import Stage, StageResult
from bascule.streams.base import Address, Dialer
from bascule.streams.buffered import BufferedStream
from bascule.streams.http_proxy import HttpProxyDialer
from bascule.streams.socks import SocksDialer
from tests.helpers.contract import PATIENCE_SECONDS, read_all, soon
from tests.helpers.http_proxy import HttpProxy
from tests.helpers.loops import LOOPS
from tests.helpers.proxied import MemoryDialer, ThroughProxy, Upper, exchange, failure, to
from tests.helpers.socks_server import LOCAL, SocksServer
from tests.helpers.stepping import splits

LOOP_FACTORIES = LOOPS


class TestThroughAProxy(ThroughProxy[HttpProxy]):
    def serving(self) -> HttpProxy:
        return HttpProxy(names={"far.example": LOCAL})

    def through(self, port: int) -> Dialer:
        return HttpProxyDialer(to(self.proxy), "far.example", port, proxy=self.proxy.address)


async def test_a_chain_of_http_and_socks_resolves_nothing_here():
    async with Upper() as target, SocksServer(names={"db.example": LOCAL}) as socks:
        async with HttpProxy(names={"socks.example": LOCAL}, user="ann:s3cret") as proxy:
            dialer: Dialer = HttpProxyDialer(
                to(proxy),
                "socks.example",
                socks.port,
                proxy=proxy.address,
                username="ann",
                password="s3cret",
                target_field="via.1",
            )
            dialer = SocksDialer(dialer, "db.example", target.port, proxy="socks", field="via.1")
            steps: list[StageResult] = []
            stream = await soon(dialer.dial(steps.append))
            assert stream.peer == Address("db.example", target.port)
            assert await exchange(stream) == b"HELLO"
            assert proxy.seen == [f"socks.example:{socks.port}"]
            proxied = [step for step in steps if step.stage is Stage.PROXY and step.done]
            assert proxied[0].subject == proxy.address
            assert proxied[0].detail == "HTTP CONNECT, user and password"
            assert "s3cret" not in repr(steps)


async def test_nothing_remains_of_the_exchange():
    async with Upper() as target, HttpProxy() as proxy:
        steps: list[StageResult] = []
        dialer = HttpProxyDialer(to(proxy), LOCAL, target.port, proxy="p:8080")
        assert dialer.label == target.address
        stream = await soon(dialer.dial(steps.append))
        assert not isinstance(stream, BufferedStream)
        assert steps[-1].detail == "HTTP CONNECT"
        assert await exchange(stream) == b"HELLO"


async def test_bytes_behind_the_header_belong_to_the_stream():
    async with Upper() as target, HttpProxy(glued=b"220 ready ") as proxy:
        stream = await soon(HttpProxyDialer(to(proxy), LOCAL, target.port, proxy="p").dial())
        assert isinstance(stream, BufferedStream)
        assert await exchange(stream) == b"220 ready HELLO"


@pytest.mark.parametrize("pieces", list(splits(b"HTTP/1.0 200 OK\r\nA: b\r\n\r\ntail")), ids=repr)
async def test_every_split_of_the_proxys_bytes_over_a_stream(pieces: list[bytes]):
    inner = MemoryDialer()

    async def say() -> None:
        for piece in pieces:
            await inner.far.send(piece)
        await inner.far.send_eof()

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(say())
        hearing = group.create_task(read_all(inner.far))
        stream = await HttpProxyDialer(inner, "::1", 80, proxy="p").dial()
        assert await read_all(stream) == b"tail"
        await stream.aclose()
    assert hearing.result() == b"CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "code", "field"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", ErrorCode.PROXY_FORBIDDEN, "via.1.host"),
        (b"HTTP/1.1 302 Found\r\n\r\n", ErrorCode.PROXY_FAILED, "via.1.host"),
        (b"HTTP/1.1 407 No\r\n\r\n", ErrorCode.PROXY_CREDENTIALS_REQUIRED, "via.0.username"),
        (b"\x05\xff", ErrorCode.PROXY_FAILED, "via.0.host"),
    ],
)
async def test_a_refusal_names_the_proxy_and_the_value_and_closes(
    answer: bytes, code: ErrorCode, field: str
):
    async with HttpProxy(answer=answer) as proxy:
        steps: list[StageResult] = []
        dialer = HttpProxyDialer(
            to(proxy), "far.example", 443, proxy=proxy.address, target_field="via.1"
        )
        error = await failure(dialer, steps.append)
        await soon(proxy.all_closed())
    assert isinstance(error, HandshakeError)
    assert (error.code, error.field) == (code, field)
    assert error.message.startswith(f"{proxy.address}: ")
    assert error.facts["proxy"] == proxy.address
    assert steps[-1].problem == error.problem


async def test_a_wrong_password_names_the_realm_and_stays_secret():
    async with HttpProxy(user="ann:right") as proxy:
        dialer = HttpProxyDialer(
            to(proxy), LOCAL, 80, proxy="p:8080", username="ann", password="wr0ng"
        )
        error = await failure(dialer)
    assert (error.code, error.field) == (ErrorCode.PROXY_CREDENTIALS_REFUSED, "via.0.username")
    assert error.facts["realm"] == "the gate"
    assert "wr0ng" not in f"{error!r} {error.facts} {dialer!r}"


async def test_a_value_that_cannot_travel_fails_before_anybody_is_reached():
    inner = MemoryDialer()
    dialer = HttpProxyDialer(inner, "a", 80, proxy="p", username="a:b", field="via.2")
    error = await failure(dialer)
    assert isinstance(error, SpecError)
    assert error.field == "via.2.username"
    assert inner.dialed == 0


@pytest.mark.parametrize("answer", [b"H", b"HTTP/1.1 200 OK\r\nX: y\r\n"])
async def test_a_proxy_that_falls_silent_is_left_after_the_time_limit(answer: bytes):
    async with HttpProxy(answer=answer) as proxy:
        dialer = HttpProxyDialer(to(proxy), "a", 80, proxy="p:8080", timeout_seconds=0.05)
        error = await failure(dialer)
        await soon(proxy.all_closed())
    assert isinstance(error, DialError)
    assert (error.code, error.facts["subject"]) == (ErrorCode.TIMED_OUT, "p:8080")
