"""TLS over any stream: the contract over TCP and in memory, how ends are told, broken peers."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

import pytest

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.streams import tls_stream
from bascule.streams.tls_stream import TlsStream
from tests.helpers.certificates import Files
from tests.helpers.contract import (
    MEBIBYTE,
    StreamContract,
    random_bytes,
    read_all,
    read_count,
    soon,
)
from tests.helpers.tls_pairs import NAME, VERSIONS, Contexts, Pair, roomy_pair, tcp_pair


async def in_memory() -> Pair:
    return roomy_pair()


class TestTls13OverTcpAsClient(StreamContract):
    version = ssl.TLSVersion.TLSv1_3

    @pytest.fixture(autouse=True)
    def _contexts(self, files: Files):
        self.contexts = Contexts(files, self.version)

    async def open_pair(self) -> Pair:
        return await self.contexts.agree(*await tcp_pair())


class TestTls13OverTcpAsServer(TestTls13OverTcpAsClient):
    async def open_pair(self) -> Pair:
        client, server = await super().open_pair()
        return server, client


class TestTls12OverTcpAsClient(TestTls13OverTcpAsClient):
    version = ssl.TLSVersion.TLSv1_2


class TestTls12OverTcpAsServer(TestTls13OverTcpAsServer):
    version = ssl.TLSVersion.TLSv1_2


class TestTls13InMemory(TestTls13OverTcpAsClient):
    bulk_bytes = MEBIBYTE

    async def open_pair(self) -> Pair:
        return await self.contexts.agree(*roomy_pair())


class TestTls12InMemory(TestTls13InMemory):
    version = ssl.TLSVersion.TLSv1_2


class TestTlsWithinTls(TestTls13OverTcpAsClient):
    """A layer over a layer."""

    bulk_bytes = MEBIBYTE

    async def open_pair(self) -> Pair:
        outer = await self.contexts.agree(*await tcp_pair())
        return await self.contexts.agree(*outer)


# how ends are told -----------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("join", [tcp_pair, in_memory])
async def test_half_close_while_megabytes_are_on_their_way(
    files: Files, version: ssl.TLSVersion, join: Callable[[], Awaitable[Pair]]
):
    ours, far = await Contexts(files, version).agree(*await join())
    answer = random_bytes(8 * MEBIBYTE)
    sending = asyncio.ensure_future(far.send(answer))
    first = await soon(ours.receive())
    await soon(ours.send(b"enough?"))
    await soon(ours.send_eof())  # megabytes wait in the system and on the other side
    assert not sending.done()
    assert await soon(read_all(far)) == b"enough?"
    rest = await soon(read_count(ours, len(answer) - len(first)))
    assert first + rest == answer
    await soon(sending)
    await soon(far.send(b"and more"))
    await soon(far.send_eof())
    assert await soon(read_all(ours)) == b"and more"
    for stream in (ours, far):
        await soon(stream.aclose())


async def test_an_end_without_close_notify_is_no_end(contexts: Contexts):
    ours, far = await contexts.agree(*roomy_pair())
    await soon(far.send(b"half a"))
    got = asyncio.ensure_future(ours.receive())
    assert await soon(got) == b"half a"
    await far._inner.aclose()
    for _ in range(2):
        with pytest.raises(StreamError) as caught:
            await soon(ours.receive())
        assert caught.value.code is ErrorCode.TLS_TRUNCATED
    with pytest.raises(StreamError):
        await soon(ours.send(b"x"))
    await soon(ours.aclose())


async def test_a_peer_that_merely_leaves_after_our_end_has_ended(contexts: Contexts):
    ours, far = await contexts.agree(*roomy_pair())
    await soon(ours.send_eof())
    await far._inner.aclose()
    assert await soon(ours.receive()) == b""
    assert await soon(ours.receive()) == b""


async def test_an_answer_that_stops_after_our_end_is_cut(contexts: Contexts):
    ours, far = await contexts.agree(*roomy_pair())
    await soon(ours.send_eof())
    assert await soon(far.receive()) == b""
    await soon(far.send(b"the first half of"))
    assert await soon(ours.receive()) == b"the first half of"
    await far._inner.aclose()
    with pytest.raises(StreamError) as caught:
        await soon(ours.receive())
    assert caught.value.code is ErrorCode.TLS_TRUNCATED


async def test_closing_answers_the_close_notify_of_the_peer(contexts: Contexts):
    ours, far = await contexts.agree(*roomy_pair())
    await soon(far.send_eof())
    assert await soon(ours.receive()) == b""
    await soon(ours.aclose())
    assert await soon(far.receive()) == b""
    assert far._ended


# closing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("join", [tcp_pair, in_memory])
async def test_closing_never_waits_for_a_stalled_peer(
    contexts: Contexts, join: Callable[[], Awaitable[Pair]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tls_stream, "_CLOSE_SECONDS", 0.1)
    ours, far = await contexts.agree(*await join())
    sending = asyncio.ensure_future(ours.send(bytes(32 * MEBIBYTE)))
    await asyncio.wait([sending], timeout=0.2)
    assert not sending.done()
    await soon(ours.aclose())
    with pytest.raises(BasculeError):
        await soon(sending)
    with pytest.raises(StreamError) as caught:
        await soon(read_all(far))
    assert caught.value.code is ErrorCode.CONNECTION_RESET
    await soon(far.aclose())


async def test_a_cancelled_send_is_never_taken_for_the_end(contexts: Contexts):
    ours, far = await contexts.agree(*roomy_pair())
    sending = asyncio.ensure_future(ours.send(bytes(MEBIBYTE)))
    await asyncio.wait([sending], timeout=0)
    sending.cancel()
    await asyncio.wait([sending])
    with pytest.raises(StreamError):
        await soon(ours.send(b"the rest"))
    await soon(ours.aclose())
    with pytest.raises(StreamError) as caught:
        await soon(read_all(far))
    assert caught.value.code is ErrorCode.TLS_TRUNCATED


async def test_closing_after_the_peer_is_gone_is_quiet(contexts: Contexts):
    ours, far = await contexts.agree(*await tcp_pair())
    far.abort()
    await soon(far.aclose())
    with pytest.raises(StreamError) as caught:
        await soon(ours.receive())
    assert caught.value.code is ErrorCode.CONNECTION_RESET
    await soon(ours.aclose())


async def test_a_cancelled_close_resets(contexts: Contexts):
    ours, far = await contexts.agree(*roomy_pair())
    sending = asyncio.ensure_future(ours.send(bytes(MEBIBYTE)))
    await asyncio.wait([sending], timeout=0)
    closing = asyncio.ensure_future(ours.aclose())
    await asyncio.wait([closing], timeout=0)
    closing.cancel()
    await asyncio.wait([closing, sending])
    assert isinstance(sending.exception(), StreamError)
    with pytest.raises(StreamError) as caught:
        await soon(read_all(far))
    assert caught.value.code is ErrorCode.CONNECTION_RESET
    await soon(ours.aclose())


async def test_an_unused_stream_closes(contexts: Contexts):
    inner, outer = roomy_pair()
    ours = TlsStream(inner, contexts.client, server_name=NAME)
    assert (ours.version, ours.cipher) == ("", "")
    await soon(ours.aclose())
    assert await soon(outer.receive()) == b""
