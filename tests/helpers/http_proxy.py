"""A small HTTP proxy (CONNECT, RFC 9110 §9.3.6) that records what it was asked."""

from __future__ import annotations

import asyncio
import base64

from tests.helpers.socks_server import TinyServer, close, join


class HttpProxy(TinyServer):
    """A proxy that connects to addresses and to ``names``, and records what it was asked.

    ``answer`` is said instead; ``user`` ("ann:s3cret") is demanded; ``glued`` follows the answer in
    the same segment.
    """

    def __init__(
        self,
        *,
        names: dict[str, str] | None = None,
        answer: bytes = b"",
        user: str = "",
        glued: bytes = b"",
    ) -> None:
        super().__init__(self._serve_one)
        self._names = names or {}
        self._answer = answer
        self._basic = base64.b64encode(user.encode()).decode()
        self._glued = glued
        self.seen: list[str] = []

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        authority = head.split()[1]
        self.seen.append(authority)
        if self._answer:
            writer.write(self._answer)
            await reader.read()  # until the client leaves
            return
        if self._basic and f"Basic {self._basic}" not in head:
            writer.write(b'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="the gate"\r\n\r\n')
            return
        host, _colon, port = authority.rpartition(":")
        far_reader, far_writer = await asyncio.open_connection(
            self._names.get(host, host), int(port)
        )
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n" + self._glued)
            await join(reader, writer, far_reader, far_writer)
        finally:
            await close(far_writer)
