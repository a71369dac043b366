"""TLS over any stream: the contract over TCP and in memory, how ends are told, broken peers."""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bascule.certificates.inspect import certificate_facts
from bascule.errors import BasculeError, ErrorCode, HandshakeError, StreamError
from bascule.streams import tls_stream
from bascule.streams.base import Stream
from bascule.streams.memory import MemoryStream
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.tls_context import client_context, server_context
from bascule.streams.tls_stream import TlsStream, read_facts
from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import (
    MEBIBYTE,
    StreamContract,
    random_bytes,
    read_all,
    read_count,
    soon,
)

NAME = "localhost"
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]

type Pair = tuple[Stream, Stream]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return make_files(tmp_path_factory.mktemp("certificates"))


class Contexts:
    """Both sides' contexts, for one version of TLS."""

    def __init__(self, files: Files, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> None:
        self.server = server_context(files.certificate, files.key)
        self.client = client_context(authority=files.authority)
        self.server.maximum_version = version

    async def agree(self, client: Stream, server: Stream) -> tuple[TlsStream, TlsStream]:
        """Do TLS between two joined streams; return (client, server)."""
        ours = TlsStream(client, self.client, server_name=NAME)
        far = TlsStream(server, self.server, server_side=True)
        await soon(asyncio.gather(ours.handshake(), far.handshake()))
        return ours, far


@pytest.fixture
def contexts(files: Files) -> Contexts:
    return Contexts(files)


async def tcp_pair() -> Pair:
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    listener = TcpListener("127.0.0.1", 0)
    (address,) = await listener.start(arrived.put_nowait)
    stream = await TcpDialer("127.0.0.1", address.port or 0).dial()
    far = await arrived.get()
    await listener.aclose()
    return stream, far


class RoomyStream(MemoryStream):
    """A stream in memory that holds a little more than one chunk, as every real one does."""

    async def send(self, data: bytes) -> None:
        other = self._other
        room = 100_000 - len(other._chunk or b"")
        if other._chunk and len(data) <= room and not (other._closed or self._finished):
            other._chunk += data
        else:
            await super().send(data)


def roomy_pair() -> tuple[MemoryStream, MemoryStream]:
    first, second = RoomyStream("memory:1"), RoomyStream("memory:2")
    first._other, second._other = second, first
    return first, second


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


# a peer driven by hand -------------------------------------------------------------------------


class BarePeer:
    """The other side as a bare SSLObject, so that a test decides what goes into which chunk."""

    def __init__(
        self, stream: MemoryStream, context: ssl.SSLContext, *, server_side: bool = False
    ) -> None:
        self.stream = stream
        self.got = 0
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.object = context.wrap_bio(
            self.incoming,
            self.outgoing,
            server_side=server_side,
            server_hostname=None if server_side else NAME,
        )

    async def shake_hands(self) -> None:
        """Agree, but keep back the last flight."""
        while True:
            try:
                return self.object.do_handshake()
            except ssl.SSLWantReadError:
                if self.outgoing.pending:
                    await self.flush()
                self.incoming.write(await self.stream.receive())

    async def flush(self, *, piece_bytes: int = 0) -> None:
        data = self.outgoing.read()
        for start in range(0, len(data), piece_bytes or len(data)):
            await self.stream.send(data[start : start + (piece_bytes or len(data))])

    def end(self) -> None:
        with pytest.raises(ssl.SSLWantReadError):
            self.object.unwrap()

    async def read_on(self) -> None:
        """Read until something is wrong."""
        while True:
            try:
                self.got += len(self.object.read(65536))
            except ssl.SSLWantReadError:
                self.incoming.write(await self.stream.receive())


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


# handshakes that fail --------------------------------------------------------------------------


async def refusal(ours: TlsStream) -> HandshakeError:
    """Shake hands in vain and leave, as dialer and listener do."""
    with pytest.raises(HandshakeError) as caught:
        await soon(ours.handshake())
    ours.abort()
    await soon(ours.aclose())
    return caught.value


async def test_both_sides_know_what_was_agreed(contexts: Contexts, files: Files):
    ours, far = await contexts.agree(*roomy_pair())
    assert (ours.version, far.version) == ("TLS 1.3", "TLS 1.3")
    assert ours.cipher.startswith("TLS_")
    assert far.peer_certificate is None
    shown = ours.peer_certificate
    assert shown is not None
    assert read_facts(shown) == certificate_facts(files.certificate)
    assert read_facts(b"damaged") is None


@pytest.mark.parametrize("server_side", [True, False])
@pytest.mark.parametrize(
    ("first", "spoken"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "SSH"),
        (b"220 ready\r\n", ""),
        (b"\xff\xfb\x01", ""),
        (b"\x16 it begins like a record and is none", ""),
    ],
)
async def test_a_peer_that_speaks_no_tls(
    contexts: Contexts, first: bytes, spoken: str, *, server_side: bool
):
    inner, outer = roomy_pair()
    if server_side:
        ours = TlsStream(inner, contexts.server, server_side=True)
    else:
        ours = TlsStream(inner, contexts.client, server_name=NAME)
    await soon(outer.send(first))
    draining = asyncio.ensure_future(read_all(outer))
    error_of = asyncio.ensure_future(refusal(ours))
    await asyncio.wait([draining, error_of], return_when=asyncio.FIRST_COMPLETED)
    await soon(outer.aclose())
    error = await soon(error_of)
    assert error.code is ErrorCode.TLS_NOT_TLS
    assert error.facts["spoken"] == spoken
    await asyncio.wait([draining])
    draining.exception()


async def test_a_peer_that_leaves_during_the_handshake(contexts: Contexts):
    inner, outer = roomy_pair()
    ours = TlsStream(inner, contexts.client, server_name=NAME)
    await soon(outer.send_eof())
    error = await refusal(ours)
    assert error.code is ErrorCode.HANDSHAKE_CUT
    assert error.facts["peer"] == str(inner.peer)


async def test_a_peer_that_resets_during_the_handshake(contexts: Contexts):
    inner, outer = roomy_pair()
    outer.abort()
    error = await refusal(TlsStream(inner, contexts.server, server_side=True))
    assert error.code is ErrorCode.HANDSHAKE_CUT
    assert "reset" in str(error.facts["why"])


async def test_a_certificate_we_do_not_trust_and_what_the_server_hears(
    contexts: Contexts, files: Files, tmp_path: Path
):
    stranger = make_files(tmp_path).authority
    inner, outer = roomy_pair()
    ours = TlsStream(inner, client_context(authority=stranger), server_name=NAME)
    far = TlsStream(outer, contexts.server, server_side=True)
    error_of = asyncio.ensure_future(refusal(far))
    error = await refusal(ours)
    assert error.code is ErrorCode.TLS_UNTRUSTED
    assert error.facts["subject"] == "localhost"
    assert error.facts["names"] == "localhost, 127.0.0.1, ::1"
    heard = await soon(error_of)
    assert heard.code is ErrorCode.TLS_UNTRUSTED
    assert heard.facts["whose"] == "own"


async def test_a_refused_peer_that_stays_is_left(
    contexts: Contexts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tls_stream, "_ALERT_SECONDS", 0.05)
    inner, outer = roomy_pair()
    client = client_context(authority=make_files(tmp_path).authority)
    ours = TlsStream(inner, client, server_name=NAME)
    peer = BarePeer(outer, contexts.server, server_side=True)
    error_of = asyncio.ensure_future(refusal(ours))
    with pytest.raises(ssl.SSLError, match="UNKNOWN_CA"):
        await soon(peer.shake_hands())
    await soon(outer.send(b"and it goes on"))
    assert (await soon(error_of)).code is ErrorCode.TLS_UNTRUSTED


@pytest.mark.parametrize("version", VERSIONS)
async def test_no_agreement_on_a_version(files: Files, version: ssl.TLSVersion):
    contexts = Contexts(files)
    contexts.server.maximum_version = contexts.server.minimum_version = version
    other = VERSIONS[1 - VERSIONS.index(version)]
    contexts.client.minimum_version, contexts.client.maximum_version = other, other
    inner, outer = roomy_pair()
    ours = TlsStream(inner, contexts.client, server_name=NAME)
    far = TlsStream(outer, contexts.server, server_side=True)
    errors = await soon(asyncio.gather(refusal(ours), refusal(far)))
    assert {error.code for error in errors} == {ErrorCode.TLS_FAILED}
    assert all("protocol" in str(error.facts["why"]) for error in errors)
