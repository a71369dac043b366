"""The quick way between sockets with TLS at one of its ends, or at both."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bascule.streams.base import Stream
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tls import client_context, server_context
from bascule.streams.tls_stream import TlsStream
from bascule.streams.watch import Buffers, watch
from tests.helpers.certificates import Files
from tests.helpers.contract import PATIENCE_SECONDS, soon
from tests.helpers.quick import Rig

WHERE = ["source", "target", "both"]
"""Which sides are TLS."""


class TlsRig(Rig):
    """A rig with TLS at some of its sides: the relay is server of its client, and client of its
    service.
    """

    files: Files
    version = ssl.TLSVersion.TLSv1_3

    async def secure(self, where: str) -> None:
        """Do the handshakes. The system holds little, so that who does not read is soon noticed."""
        for stream in (self.client, self.source, self.target, self.service):
            sock = socket_of(stream).sock
            for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
                sock.setsockopt(socket.SOL_SOCKET, option, 32 * 1024)
        server = server_context(self.files.certificate, self.files.key)
        server.maximum_version = self.version
        client = client_context(authority=self.files.authority)
        self.server, self.context = server, client
        far, near = self.client, self.source
        if where != "target":
            self.client, self.source = await self._agreed(far, near)
        near, far = self.target, self.service
        if where != "source":
            self.target, self.service = await self._agreed(near, far)

    async def _agreed(self, asking: Stream, answering: Stream) -> tuple[TlsStream, TlsStream]:
        first = TlsStream(asking, self.context, server_name="localhost")
        second = TlsStream(answering, self.server, server_side=True)
        await soon(asyncio.gather(first.handshake(), second.handshake()))
        return first, second


@asynccontextmanager
async def secured(where: str, **rules: Any) -> AsyncIterator[TlsRig]:
    """A rig that is agreed and not started; nothing is left of it."""
    rig = TlsRig(**rules)
    try:
        await rig.secure(where)
        yield rig
    finally:
        rig.close()
    watching = watch()
    assert isinstance(watching, Buffers)
    assert watching._lent == 0


@asynccontextmanager
async def carried(where: str, **rules: Any) -> AsyncIterator[TlsRig]:
    """As ``secured``, and begun."""
    async with secured(where, **rules) as rig:
        rig.start()
        yield rig


def socket_of(stream: Stream) -> SocketStream:
    inner = stream.inner if isinstance(stream, TlsStream) else stream
    assert isinstance(inner, SocketStream)
    return inner


async def stalls(rig: Rig, sending: asyncio.Future[None]) -> None:
    """Wait until nothing moves any more, although somebody sends."""
    quiet = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while quiet < 10:
            before = (rig.counters.up, rig.counters.down)
            await asyncio.sleep(0.02)
            quiet = quiet + 1 if before == (rig.counters.up, rig.counters.down) else 0
    assert not sending.done()
