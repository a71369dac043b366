"""Owns what the demonstration's relays lead to: echo, HTTP, a SOCKS5 proxy, a pretended scale.

All on 127.0.0.1, all gone with the demonstration. The proxy is a minimal server for the
demonstration only (RFC 1928, no authentication, CONNECT by IPv4 or name).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Self

PAGE = b"<html><body>The old service says hello.</body></html>\n"


type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Services:
    """Loopback services; ports and paths are attributes once entered."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.echo_port = self.http_port = 0
        self.proxy_ports: list[int] = []
        self.proxied: list[tuple[int, str, int]] = []
        self.scale_device = ""
        self._servers: list[asyncio.Server] = []
        self._scale: tuple[int, int] | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self.echo_port = await self._serve(_echo)
        self.http_port = await self._serve(_http)
        for _ in range(2):
            self.proxy_ports.append(await self._serve(self._proxy))
        if sys.platform != "win32":
            self._open_scale()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        if self._scale is not None:
            asyncio.get_running_loop().remove_reader(self._scale[0])
            for number in self._scale:
                os.close(number)

    async def _serve(self, serve: Serve) -> int:
        async def entered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._writers.add(writer)
            try:
                await serve(reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                pass  # a client that goes is no news to an echo
            finally:
                self._writers.discard(writer)
                writer.close()

        server = await asyncio.start_server(entered, "127.0.0.1", 0)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _proxy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """SOCKS5, as far as the demonstration's client speaks it (RFC 1928 §3 to §6)."""
        _version, count = await reader.readexactly(2)
        await reader.readexactly(count)
        writer.write(b"\x05\x00")
        _version, _command, _reserved, kind = await reader.readexactly(4)
        if kind == 1:
            host = socket.inet_ntoa(await reader.readexactly(4))
        else:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        self.proxied.append((writer.get_extra_info("sockname")[1], host, port))
        address = "127.0.0.1" if host.endswith(".example") else host
        far_reader, far_writer = await asyncio.open_connection(address, port)
        self._writers.add(far_writer)
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        try:
            await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
        finally:
            self._writers.discard(far_writer)
            far_writer.close()

    def _open_scale(self) -> None:
        """A pseudo-terminal that answers each line as a scale would, and echoes what is no line."""
        import tty

        ours, theirs = os.openpty()
        tty.setraw(theirs)
        self._scale = (ours, theirs)
        self.scale_device = os.ttyname(theirs)
        os.set_blocking(ours, False)
        asyncio.get_running_loop().add_reader(ours, self._answer)

    def _answer(self) -> None:
        assert self._scale is not None
        with contextlib.suppress(BlockingIOError):
            asked = os.read(self._scale[0], 4096)
            os.write(self._scale[0], asked.replace(b"W\r\n", b"+  12.480 kg\r\n"))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65_536):
        writer.write(chunk)
        await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send everything back, and after the end of it one line with its SHA-256: an answer that only
    somebody who half-closes can read.
    """
    digest = hashlib.sha256()
    while chunk := await reader.read(65_536):
        digest.update(chunk)
        writer.write(chunk)
        await writer.drain()
    writer.write(digest.hexdigest().encode())
    await writer.drain()
    writer.write_eof()


async def _http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(PAGE)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + PAGE)
    await writer.drain()
    writer.write_eof()
