"""The handshake of TLS by calls of the loop and by tasks: every split, and every way to fail."""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator

import pytest

from bascule.errors import BasculeError, ErrorCode, HandshakeError, StreamError
from bascule.streams.base import Stream
from bascule.streams.layer import Layer
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tls import client_context, server_context
from bascule.streams.tls_stream import TlsStream
from bascule.streams.watch import Ready
from tests.helpers.certificates import Files
from tests.helpers.contract import read_count, soon
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import socket_pair

LOOP_FACTORIES = LOOPS


class Rig:
    """Both ends of a connection, and what makes TLS of them."""

    def __init__(self, files: Files) -> None:
        self._server = server_context(files.certificate, files.key)
        self._client = client_context(authority=files.authority)
        self.near, self.far = socket_pair()

    def server(self, over: Stream | None = None) -> TlsStream:
        return TlsStream(over or self.near, self._server, server_side=True)

    def client(self, over: Stream | None = None) -> TlsStream:
        return TlsStream(over or self.far, self._client, server_name="localhost")

    def close(self) -> None:
        self.near.abort()
        self.far.abort()


@pytest.fixture
async def rig(files: Files) -> AsyncIterator[Rig]:
    rig = Rig(files)
    yield rig
    rig.close()


class Crumbs(Layer):
    """Sends a byte at a time, each with a turn of the loop in between."""

    async def send(self, data: bytes) -> None:
        for index in range(len(data)):
            await super().send(data[index : index + 1])
            await asyncio.sleep(0)


async def exchange(first: Stream, second: Stream) -> None:
    """See that bytes go both ways."""
    await soon(first.send(b"there"))
    assert await soon(read_count(second, 5)) == b"there"
    await soon(second.send(b"and back"))
    assert await soon(read_count(first, 8)) == b"and back"


@pytest.mark.parametrize("crumbs", ["none", "client", "server", "both"])
async def test_however_it_is_split_both_agree(crumbs: str, rig: Rig):
    client = rig.client(Crumbs(rig.far) if crumbs in ("client", "both") else None)
    server = rig.server(Crumbs(rig.near) if crumbs in ("server", "both") else None)
    await soon(asyncio.gather(server.handshake(), client.handshake()))
    assert client.version == server.version == "TLS 1.3"
    await exchange(client, server)


async def test_bytes_that_were_read_before_belong_to_it(rig: Rig):
    """Somebody had asked for them, and was cancelled."""
    server, client = rig.server(), rig.client()
    agreeing = asyncio.ensure_future(client.handshake())
    reading = asyncio.ensure_future(rig.near.receive())
    await soon(until(lambda: rig.near._data or reading.done()))
    if reading.done():
        rig.near._data = reading.result()
    await soon(server.handshake())
    await soon(agreeing)
    await exchange(client, server)


async def test_what_the_socket_does_not_take_at_once_is_sent_later(rig: Rig):
    """It is full of what somebody said before TLS began."""
    said = 0
    while sent := rig.near.send_some(bytes(100_000)):
        said += sent
    server, client = rig.server(), rig.client()
    agreeing = asyncio.ensure_future(server.handshake())
    hello = client._object
    with pytest.raises(ssl.SSLWantReadError):
        hello.do_handshake()
    await soon(rig.far.send(client._outgoing.read()))
    while said:  # exactly so much: TLS follows
        try:
            said -= len(rig.far.sock.recv(min(said, 65_536)))
        except BlockingIOError:
            await asyncio.sleep(0)
    await soon(asyncio.gather(agreeing, client.handshake()))
    await exchange(client, server)


async def test_what_comes_before_anybody_reads_on_waits(rig: Rig):
    """And costs nothing meanwhile: nobody is called for it again and again."""
    server, client = rig.server(), rig.client()
    await soon(asyncio.gather(server.handshake(), client.handshake()))
    await soon(client.send(b"early"))
    calls, no_read = list[int](), rig.near.watching.no_read

    def noted(fd: int) -> None:
        calls.append(fd)
        no_read(fd)

    rig.near.watching.no_read = noted
    try:
        await soon(until(lambda: calls))
        others = socket_pair()
        await exchange(*others)
        for stream in others:
            stream.close()
        assert calls == [rig.near.fd]
    finally:
        rig.near.watching.no_read = no_read
    assert await soon(server.receive()) == b"early"


@pytest.mark.parametrize("over", ["a socket", "anything"])
async def test_a_peer_that_speaks_something_else(over: str, rig: Rig):
    server = rig.server(None if over == "a socket" else Layer(rig.near))
    await rig.far.send(b"GET / HTTP/1.1\r\n\r\n")
    with pytest.raises(HandshakeError) as caught:
        await soon(server.handshake())
    assert caught.value.code is ErrorCode.TLS_NOT_TLS
    assert caught.value.facts["spoken"] == "HTTP"


@pytest.mark.parametrize("over", ["a socket", "anything"])
@pytest.mark.parametrize("after", [0, 1, 30])
async def test_a_peer_that_leaves(over: str, after: int, rig: Rig):
    server, client = rig.server(None if over == "a socket" else Layer(rig.near)), rig.client()
    with pytest.raises(ssl.SSLWantReadError):
        client._object.do_handshake()
    await rig.far.send(client._outgoing.read()[:after])
    await rig.far.send_eof()
    with pytest.raises(HandshakeError) as caught:
        await soon(server.handshake())
    assert caught.value.code is ErrorCode.HANDSHAKE_CUT


async def test_a_peer_that_resets(rig: Rig):
    agreeing = asyncio.ensure_future(rig.server().handshake())
    await asyncio.sleep(0)
    rig.far.abort()
    with pytest.raises(HandshakeError) as caught:
        await soon(agreeing)
    assert caught.value.code is ErrorCode.HANDSHAKE_CUT


async def test_a_peer_that_breaks_the_rules_is_told(rig: Rig):
    agreeing = asyncio.ensure_future(rig.server().handshake())
    await rig.far.send(b"\x16\x03\x01\x00\x04\x09\x00\x00\x00")
    assert (await soon(read_count(rig.far, 1)))[:1] == b"\x15"  # an alert
    rig.far.close()
    with pytest.raises(HandshakeError):
        await soon(agreeing)


async def test_a_socket_that_cannot_be_watched(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    def refuse(fd: int, ready: Ready) -> None:
        raise OSError(errno.ENOSPC, "too many are watched")

    monkeypatch.setattr(rig.near.watching, "read", refuse)
    with pytest.raises(BasculeError):
        await soon(rig.server().handshake())


async def test_called_off_it_reads_no_further(rig: Rig):
    server = rig.server()
    agreeing = asyncio.ensure_future(server.handshake())
    await asyncio.sleep(0)
    agreeing.cancel()
    await asyncio.wait([agreeing])
    await rig.far.send(b"\x16unread")
    receiving = asyncio.ensure_future(rig.near.receive())
    assert await soon(receiving) == b"\x16unread"
    assert isinstance(server.inner, SocketStream)


async def test_who_calls_without_need_is_not_minded(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    """Linux may say that there is something to read, and then there is not."""
    ready: list[Ready] = []
    read = rig.near.watching.read

    def watched(fd: int, call: Ready) -> None:
        if fd == rig.near.fd:
            ready.append(call)
        read(fd, call)

    monkeypatch.setattr(rig.near.watching, "read", watched)
    server, client = rig.server(), rig.client()
    agreeing = asyncio.ensure_future(server.handshake())
    await asyncio.sleep(0)
    ready[0]()
    await soon(asyncio.gather(agreeing, client.handshake()))
    ready[0]()
    await exchange(client, server)


async def test_an_error_of_another_kind_breaks_it(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    server = rig.server()

    class Broken:
        """A socket whose system says what it never should."""

        def recv_into(self, _buffer: memoryview, _most: int) -> int:
            raise OSError(errno.EIO, "broken")

    agreeing = asyncio.ensure_future(server.handshake())
    await asyncio.sleep(0)
    sock, rig.near.sock = rig.near.sock, Broken()  # pyright: ignore[reportAttributeAccessIssue]
    await rig.far.send(b"\x16")
    with pytest.raises(HandshakeError) as caught:
        await soon(agreeing)
    assert isinstance(caught.value.__cause__, StreamError)
    rig.near.sock = sock
