"""Through SOCKS proxies that refuse, break off, fall silent, and what is then told."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import DialError, ErrorCode, HandshakeError
from bascule.events import Stage, StageResult
from bascule.streams.socks import SocksDialer
from tests.helpers.contract import soon
from tests.helpers.proxied import Upper, answering, failure, to
from tests.helpers.socks_server import LOCAL, SocksServer, TinyServer, reset

# failures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (2, ErrorCode.PROXY_FORBIDDEN),
        (4, ErrorCode.PROXY_HOST_UNREACHABLE),
        (0xF4, ErrorCode.PROXY_ONION_FAILED),
    ],
)
async def test_a_refusal_names_proxy_and_target_and_closes(reply: int, code: ErrorCode):
    async with SocksServer(replies={443: reply}) as proxy:
        steps: list[StageResult] = []
        dialer = SocksDialer(to(proxy), "far.example", 443, proxy=proxy.address, target_field="")
        error = await failure(dialer, steps.append)
        await soon(proxy.all_closed())
    assert isinstance(error, HandshakeError)
    assert (error.code, error.field) == (code, "host")
    assert error.message.startswith(f"{proxy.address}: the proxy does not connect to far.example")
    assert error.facts["proxy"] == proxy.address
    assert error.facts["target"] == "far.example:443"
    assert error.facts["reply"] == reply
    assert steps[-1].problem == error.problem
    assert (steps[-1].stage, steps[-1].done) == (Stage.PROXY, True)


async def test_a_refused_hop_is_a_value_of_that_hop():
    async with Upper() as gone:
        pass
    async with SocksServer() as proxy:
        dialer = SocksDialer(to(proxy), LOCAL, gone.port, proxy="p:1080", target_field="via.1")
        error = await failure(dialer)
    assert (error.code, error.field) == (ErrorCode.PROXY_CONNECTION_REFUSED, "via.1.host")


async def test_a_wrong_password_is_a_value_of_the_hop_and_stays_secret():
    async with SocksServer(users={"ann": "right"}) as proxy:
        dialer = SocksDialer(
            to(proxy), LOCAL, 80, proxy="p:1080", username="ann", password="wr0ng", field="via.3"
        )
        error = await failure(dialer)
        assert proxy.seen == []
    assert (error.code, error.field) == (ErrorCode.PROXY_CREDENTIALS_REFUSED, "via.3.username")
    assert "wr0ng" not in f"{error!r} {error.facts} {dialer!r}"


async def test_a_proxy_that_wants_credentials():
    async with SocksServer(users={}) as proxy:
        error = await failure(SocksDialer(to(proxy), LOCAL, 80, proxy="p:1080"))
        assert proxy.offered == [b"\0"]
    assert (error.code, error.field) == (ErrorCode.PROXY_CREDENTIALS_REQUIRED, "via.0.username")


@pytest.mark.parametrize("version", ["4", "4a", "5"])
async def test_a_web_server_is_no_proxy(version: str):
    async with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        dialer = SocksDialer(to(server), LOCAL, 80, proxy="web:80", version=version)
        error = await failure(dialer)
        await soon(server.all_closed())
    assert (error.code, error.field) == (ErrorCode.PROXY_NOT_SOCKS, "via.0.host")
    assert (
        error.message == f"web:80: this is not a SOCKS {version} proxy; its answer looks like HTTP"
    )


async def test_a_proxy_that_finishes_within_the_handshake():
    async with answering(b"\x05\x00\x05", then=lambda writer: writer.write_eof()) as proxy:
        error = await failure(SocksDialer(to(proxy), LOCAL, 80, proxy="p:1080"))
        await soon(proxy.all_closed())
    assert (error.code, error.field) == (ErrorCode.HANDSHAKE_CUT, "via.0.host")


async def test_a_proxy_that_resets_within_the_handshake():
    async with answering(b"\x05", then=reset) as proxy:
        error = await failure(SocksDialer(to(proxy), LOCAL, 80, proxy="p:1080"))
    assert isinstance(error, HandshakeError)
    assert (error.code, error.field) == (ErrorCode.HANDSHAKE_CUT, "via.0.host")
    assert error.message == "p:1080: the other side reset the connection"


async def test_a_proxy_that_cannot_be_reached_fails_as_tcp_does():
    async with Upper() as gone:
        pass
    error = await failure(SocksDialer(to(gone), LOCAL, 80, proxy="p:1080"))
    assert isinstance(error, DialError)
    assert error.code is ErrorCode.CONNECTION_REFUSED


# time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [b"", b"\x05", b"\x05\x00", b"\x05\x00\x05\x00\x00"])
async def test_a_proxy_that_falls_silent_is_left_after_the_time_limit(answer: bytes):
    async with answering(answer) as proxy:
        steps: list[StageResult] = []
        dialer = SocksDialer(to(proxy), LOCAL, 80, proxy="p:1080", timeout_seconds=0.05)
        error = await failure(dialer, steps.append)
        await soon(proxy.all_closed())
    assert isinstance(error, DialError)
    assert (error.code, error.field) == (ErrorCode.TIMED_OUT, "via.0.host")
    assert error.facts["subject"] == "p:1080"
    assert steps[-1].problem == error.problem


async def test_a_silent_proxy_in_the_middle_closes_the_whole_chain():
    async with answering(b"") as silent, SocksServer() as first:
        dialer = SocksDialer(to(first), LOCAL, silent.port, proxy=first.address)
        dialer = SocksDialer(
            dialer, "a", 80, proxy=silent.address, field="via.1", timeout_seconds=0.05
        )
        error = await failure(dialer)
        await soon(silent.all_closed())
        await soon(first.all_closed())
    assert (error.code, error.field) == (ErrorCode.TIMED_OUT, "via.1.host")


async def test_cancelling_closes_the_way_to_the_proxy():
    begun = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)
        begun.set()
        await reader.read()

    async with TinyServer(serve) as proxy:
        dialing = asyncio.ensure_future(SocksDialer(to(proxy), LOCAL, 80, proxy="").dial())
        await soon(begun.wait())
        dialing.cancel()
        await asyncio.wait([dialing])
        assert dialing.cancelled()
        await soon(proxy.all_closed())
