"""TLS with a peer driven by hand: what arrives split, broken, or asks for an answer."""

from __future__ import annotations

import asyncio
import ssl
import sys

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tls_stream import TlsStream
from tests.helpers.contract import random_bytes, read_all, soon
from tests.helpers.tls_pairs import BarePeer, Contexts, roomy_pair, tcp_pair

# a peer driven by hand -------------------------------------------------------------------------


async def joined(contexts: Contexts) -> tuple[TlsStream, BarePeer]:
    """A server under test and a bare client, agreed."""
    inner, outer = roomy_pair()
    ours, peer = (
        TlsStream(inner, contexts.server, server_side=True),
        BarePeer(outer, contexts.client),
    )
    agreed = asyncio.ensure_future(ours.handshake())
    await soon(peer.shake_hands())
    await soon(peer.flush())
    if contexts.server.maximum_version == ssl.TLSVersion.TLSv1_2:
        await soon(agreed)
        return ours, peer
    peer.incoming.write(await soon(outer.receive()))  # tickets
    await soon(agreed)
    return ours, peer


async def test_data_and_end_in_one_chunk_with_the_handshake(contexts: Contexts):
    inner, outer = roomy_pair()
    ours, peer = (
        TlsStream(inner, contexts.server, server_side=True),
        BarePeer(outer, contexts.client),
    )
    agreed = asyncio.ensure_future(ours.handshake())
    await soon(peer.shake_hands())
    peer.object.write(b"early bird")
    peer.end()
    await soon(peer.flush())
    await soon(agreed)
    await soon(ours.send_eof())  # before anything was received
    assert await soon(ours.receive()) == b"early bird"
    assert await soon(ours.receive()) == b""


async def test_every_split_of_records(contexts: Contexts):
    ours, peer = await joined(contexts)
    peer.object.write(b"byte by byte")
    got = asyncio.ensure_future(read_all(ours))
    await soon(peer.flush(piece_bytes=1))
    await soon(ours.send_eof())
    peer.object.write(b", and more")
    peer.end()
    await soon(peer.flush(piece_bytes=3))
    assert await soon(got) == b"byte by byte, and more"


async def test_a_broken_record_is_told_to_the_peer(contexts: Contexts):
    ours, peer = await joined(contexts)
    peer.object.write(b"good")
    await soon(peer.stream.send(peer.outgoing.read() + b"\x17\x03\x03\x00\x20" + bytes(32)))
    assert await soon(ours.receive()) == b"good"
    with pytest.raises(StreamError) as caught:
        await soon(ours.receive())
    assert caught.value.code is ErrorCode.TLS_FAILED
    assert "bad record mac" in str(caught.value.facts["why"])
    with pytest.raises(ssl.SSLError, match="BAD_RECORD_MAC"):
        await soon(peer.read_on())
    with pytest.raises(StreamError):
        await soon(ours.send_eof())
    await soon(ours.aclose())


async def test_what_tls_answers_waits_for_a_send_in_its_way(contexts: Contexts):
    ours, peer = await joined(contexts)
    sending = asyncio.ensure_future(ours.send(random_bytes(200_000)))
    await asyncio.wait([sending], timeout=0)
    await soon(peer.stream.send(b"\x17\x03\x03\x00\x20" + bytes(32)))
    with pytest.raises(StreamError):
        await soon(ours.receive())  # although the peer takes nothing
    assert not sending.done()
    with pytest.raises(ssl.SSLError, match="BAD_RECORD_MAC"):
        await soon(peer.read_on())
    assert peer.got > 0
    await asyncio.wait([sending])


async def test_an_answer_nobody_takes_is_dropped(contexts: Contexts):
    ours, peer = await joined(contexts)

    async def refused(data: bytes) -> None:
        raise StreamError("gone", code=ErrorCode.CONNECTION_RESET)

    ours._inner.send = refused
    await soon(peer.stream.send(b"\x17\x03\x03\x00\x20" + bytes(32)))
    with pytest.raises(StreamError) as caught:
        await soon(ours.receive())
    assert caught.value.code is ErrorCode.TLS_FAILED
    assert ours._answering is not None
    await asyncio.wait([ours._answering])
    await soon(ours.aclose())


async def test_a_peer_that_makes_tls_talk_and_never_listens_is_not_read(contexts: Contexts):
    ours, peer = await joined(contexts)
    sending = asyncio.ensure_future(ours.send(random_bytes(200_000)))
    await asyncio.wait([sending], timeout=0)
    ours._outgoing.write(bytes(20_000))  # as if that many answers had piled up
    peer.object.write(b"x")
    await soon(peer.flush())
    receiving = asyncio.ensure_future(ours.receive())
    await asyncio.wait([receiving], timeout=0.05)
    assert not receiving.done()
    draining = asyncio.ensure_future(read_all(peer.stream))
    assert await soon(receiving) == b"x"
    await soon(sending)
    draining.cancel()
    await asyncio.wait([draining])


async def test_what_openssl_refuses_to_write_breaks_the_stream(contexts: Contexts):
    ours, peer = await joined(contexts)
    with pytest.raises(ssl.SSLWantReadError):
        ours._object.unwrap()
    with pytest.raises(StreamError) as caught:
        await soon(ours.send(b"x"))
    assert caught.value.code is ErrorCode.TLS_FAILED
    await soon(ours.aclose())

    ours, peer = await joined(contexts)
    peer.object.write(b"x")
    ours._incoming.write(peer.outgoing.read())  # never so: receive leaves no whole record
    with pytest.raises(StreamError) as caught:
        await soon(ours.send_eof())
    assert "after close notify" in str(caught.value.facts["why"])


async def test_what_is_below_hears_that_it_lasts_and_says_where_it_is(contexts: Contexts):
    ours, far = await contexts.agree(*await tcp_pair())
    if sys.platform != "win32":  # nothing has to settle where the loop's transports carry
        heard: list[object] = []
        assert isinstance(ours.inner, SocketStream)
        ours.inner.on_settled = heard.append
        ours.settle()
        assert heard == [ours.inner.sock]
    assert ours.local == far.peer
    for stream in (ours, far):
        await soon(stream.aclose())


async def test_empty_sends_send_nothing(contexts: Contexts):
    ours, _far = await contexts.agree(*roomy_pair())
    await soon(ours.send(b""))
    assert not ours._outgoing.pending
