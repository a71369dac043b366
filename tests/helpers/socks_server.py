"""A small SOCKS 4, 4a and 5 server that records what it saw, and any server of a few lines.

Both listen on a free port of 127.0.0.1 and are used as ``async with SocksServer() as proxy``. They
never ask a resolver: ``names`` says where a name leads, and an unknown name is unreachable.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Self

type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

LOCAL = "127.0.0.1"


class TinyServer:
    """Serves each connection with one coroutine, whose errors fail the test at the end.

    A peer that goes away is no error. ``closed`` counts the connections that are over.
    """

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._writers: list[asyncio.StreamWriter] = []
        self._group = asyncio.TaskGroup()
        self._tasks: list[asyncio.Task[None]] = []
        self._changed = asyncio.Condition()
        self.port = 0
        self.opened = 0
        self.closed = 0

    @property
    def address(self) -> str:
        return f"{LOCAL}:{self.port}"

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        self._server = await asyncio.start_server(self._arrived, LOCAL, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(None, None, None)

    async def all_closed(self) -> None:
        """Wait until every connection that was opened is over."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.opened == self.closed > 0)

    def _arrived(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self._tasks.append(self._group.create_task(self._run(reader, writer)))

    async def _run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client went away
        finally:
            await close(writer)
            async with self._changed:
                self.closed += 1
                self._changed.notify_all()


@dataclass(frozen=True)
class Seen:
    """One request. ``kind`` is the form of the host on the wire: ipv4, ipv6 or name."""

    version: str
    kind: str
    host: str
    port: int
    username: str = ""
    password: str = ""


class SocksServer(TinyServer):
    """A proxy that connects to addresses, and to ``names``.

    ``users`` maps user names to passwords, and makes SOCKS 5 demand them. ``replies`` gives the
    reply code for a port instead of connecting. ``glued`` follows the reply in the same segment.
    """

    def __init__(
        self,
        *,
        users: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
        replies: Mapping[int, int] | None = None,
        glued: bytes = b"",
    ) -> None:
        super().__init__(self._handshake)
        self._users = users
        self._names = names or {}
        self._replies = replies or {}
        self._glued = glued
        self.offered: list[bytes] = []
        self.seen: list[Seen] = []

    async def _handshake(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (await reader.readexactly(1)) == b"\x04":
            await self._socks4(reader, writer)
        else:
            await self._socks5(reader, writer)

    async def _socks4(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _command, port, packed = struct.unpack("!BH4s", await reader.readexactly(7))
        user_id = (await reader.readuntil(b"\0"))[:-1].decode()
        if packed[:3] == bytes(3) and packed[3]:
            host = (await reader.readuntil(b"\0"))[:-1].decode()
            seen = Seen("4a", "name", host, port, user_id)
        else:
            seen = Seen("4", "ipv4", str(ipaddress.IPv4Address(packed)), port, user_id)

        def answer(reply: int, bound: tuple[str, int]) -> bytes:
            code = 91 if reply else 90
            return struct.pack("!BBH4s", 0, code, bound[1], socket.inet_aton(bound[0]))

        await self._connect(seen, reader, writer, answer)

    async def _socks5(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        methods = await reader.readexactly((await reader.readexactly(1))[0])
        self.offered.append(methods)
        wanted = 0 if self._users is None else 2
        if wanted not in methods:
            writer.write(b"\x05\xff")
            return
        writer.write(bytes([5, wanted]))
        user, secret = "", ""
        if self._users is not None:
            await reader.readexactly(1)
            user = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
            secret = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
            right = self._users.get(user) == secret
            writer.write(b"\x01\x00" if right else b"\x01\x01")
            if not right:
                return
        kind = (await reader.readexactly(4))[3]
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            packed = await reader.readexactly(4 if kind == 1 else 16)
            host = str(ipaddress.ip_address(packed))
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        name = {1: "ipv4", 3: "name", 4: "ipv6"}[kind]

        def answer(reply: int, bound: tuple[str, int]) -> bytes:
            return (
                bytes([5, reply, 0, 1]) + socket.inet_aton(bound[0]) + struct.pack("!H", bound[1])
            )

        await self._connect(Seen("5", name, host, port, user, secret), reader, writer, answer)

    async def _connect(
        self,
        seen: Seen,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answer: Callable[[int, tuple[str, int]], bytes],
    ) -> None:
        self.seen.append(seen)
        nowhere = ("0.0.0.0", 0)
        host = self._names.get(seen.host) if seen.kind == "name" else seen.host
        reply = self._replies.get(seen.port, 0 if host else 4)
        if host is None or reply:
            writer.write(answer(reply, nowhere))
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(host, seen.port)
        except OSError:
            writer.write(answer(5, nowhere))
            return
        try:
            bound = far_writer.get_extra_info("sockname")[:2]
            writer.write(answer(0, bound) + self._glued)
            await join(reader, writer, far_reader, far_writer)
        finally:
            await close(far_writer)


async def join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
) -> None:
    """Carry bytes, ends and resets both ways until both ways have ended."""

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                target.write(data)
                await target.drain()
            target.write_eof()
        except (OSError, RuntimeError):
            reset(writer)
            reset(far_writer)

    async with asyncio.TaskGroup() as group:
        group.create_task(carry(reader, far_writer))
        group.create_task(carry(far_reader, writer))


def reset(writer: asyncio.StreamWriter) -> None:
    """Close at once, with a TCP reset."""
    sock = writer.get_extra_info("socket")
    if not writer.transport.is_closing() and sock is not None:
        shape = "hh" if sys.platform == "win32" else "ii"
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(shape, 1, 0))
    writer.transport.abort()


async def close(writer: asyncio.StreamWriter) -> None:
    """Close and wait; a connection that broke is closed too. While cancelled, do not wait for a
    peer that reads nothing.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        writer.transport.abort()
    else:
        writer.close()
    try:
        await writer.wait_closed()
    except OSError:
        pass
