"""Two ends that talk TLS: over TCP, in memory, and one of them driven by hand."""

from __future__ import annotations

import asyncio
import ssl

import pytest

from bascule.streams.base import Stream
from bascule.streams.memory import MemoryStream
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.tls_context import client_context, server_context
from bascule.streams.tls_stream import TlsStream
from tests.helpers.certificates import Files
from tests.helpers.contract import soon

NAME = "localhost"
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]
type Pair = tuple[Stream, Stream]


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
