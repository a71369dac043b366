"""Owns the rig of the quick way: a path between two sides, the far ends of both, and what goes
through.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bascule.errors import BasculeError
from bascule.relay.fastpath import FastPath, between
from bascule.relay.pump import Counters, Rules
from bascule.relay.way import Way, _Pipes
from bascule.streams.base import Stream
from bascule.streams.socket_stream import SocketStream
from bascule.streams.watch import Buffers, watch
from tests.helpers.contract import MEBIBYTE, PATIENCE_SECONDS, QUIET_SECONDS, random_bytes, soon
from tests.helpers.pairs import socket_pair
from tests.helpers.sockets import descriptors

_BLOCK = random_bytes(MEBIBYTE)


class Rig:
    """The quick way between two sockets, and the far ends of both."""

    def __init__(self, kind: str = "tcp", **rules: Any) -> None:
        self.client, self.source = socket_pair(kind)
        self.target, self.service = socket_pair(kind)
        self._near = (self.source.sock, self.target.sock)
        self.rules = Rules(**rules)
        self.counters = Counters()
        self.over: asyncio.Future[BasculeError | None]
        self.over = asyncio.get_running_loop().create_future()
        self._path: FastPath | None = None

    def start(self) -> FastPath:
        self._path = between(self.source, self.target, self.counters, self.rules, self._is_over)
        assert self._path is not None
        return self._path

    def _is_over(self, error: BasculeError | None) -> None:
        self.over.set_result(error)  # which refuses to be told twice

    @property
    def path(self) -> FastPath:
        assert self._path is not None
        return self._path

    @property
    def ways(self) -> tuple[tuple[SocketStream, SocketStream], tuple[SocketStream, SocketStream]]:
        """Who sends and who receives: up, then down."""
        return (self.client, self.service), (self.service, self.client)

    async def is_over(self) -> BasculeError | None:
        """Wait until it is; with what broke it, if anything did."""
        error = await soon(self.over)
        assert [sock.fileno() for sock in self._near] == [-1, -1]
        return error

    def close(self) -> None:
        if self._path is not None and not self.over.done():
            self._path.stop()
        for stream in (self.client, self.service, self.source, self.target):
            stream.abort()


@asynccontextmanager
async def carried(kind: str = "tcp", **rules: Any) -> AsyncIterator[Rig]:
    """A rig that is started."""
    rig = Rig(kind, **rules)
    try:
        rig.start()
        yield rig
    finally:
        rig.close()


async def feed(stream: Stream, data: bytes, piece: int = 300_000) -> None:
    """Send data in pieces, then the end."""
    for start in range(0, len(data), piece):
        await stream.send(data[start : start + piece])
    await stream.send_eof()


async def digest(stream: Stream) -> tuple[int, bytes]:
    """How much came until the end, and its SHA-256."""
    count, found = 0, hashlib.sha256()
    while data := await stream.receive():
        count += len(data)
        found.update(data)
    return count, found.digest()


def told(data: bytes) -> tuple[int, bytes]:
    return len(data), hashlib.sha256(data).digest()


async def carries_both_ways(rig: Rig, there: bytes, back: bytes) -> None:
    """All of it arrives, each way as it was sent, and is counted; then it is over."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        got = await asyncio.gather(
            digest(rig.service),
            digest(rig.client),
            feed(rig.client, there),
            feed(rig.service, back),
        )
        assert got[:2] == [told(there), told(back)]
        assert await rig.is_over() is None
        assert (rig.counters.up, rig.counters.down) == (len(there), len(back))


async def pours(sender: Stream, reader: Stream, size: int = 8 * MEBIBYTE) -> None:
    """Send so much, and see so much."""
    sending = asyncio.ensure_future(sender.send(bytes(size)))
    left = size
    async with asyncio.timeout(PATIENCE_SECONDS):
        while left:
            left -= len(await reader.receive())
    await soon(sending)


def pipes() -> int:
    """How many ends of pipes are open."""
    return sum(what.startswith("pipe:") for what in descriptors().values())


async def turns_bulky(sender: Stream, reader: Stream) -> None:
    """Pour until a pipe is lent for it."""
    before = _Pipes.lent
    for _ in range(20):
        await pours(sender, reader)
        if _Pipes.lent > before:
            return
    pytest.fail("no pipe is lent, however much there is to carry")


class MostLent:
    """Sees the most pipes that were lent at a time: ``most``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.most = 0
        splice = Way._splice

        def watched(way: Way) -> None:
            self.most = max(self.most, _Pipes.lent)
            splice(way)

        monkeypatch.setattr(Way, "_splice", watched)


def stuff(sender: SocketStream) -> int:
    """Send until the system takes no more; how much it took."""
    sent = 0
    while True:
        try:
            sent += sender.sock.send(_BLOCK)
        except BlockingIOError:
            return sent


async def stalls(sender: SocketStream, rig: Rig) -> int:
    """Send until nothing moves for a while; how much was taken."""
    sent, quiet = stuff(sender), 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while quiet < 5:
            before = rig.counters.up + rig.counters.down
            await asyncio.sleep(QUIET_SECONDS / 5)
            more = stuff(sender)
            sent += more
            moved = rig.counters.up + rig.counters.down - before
            quiet = 0 if more or moved else quiet + 1
    return sent


def refuse(*_args: Any) -> Any:
    raise OSError(errno.EPERM, "Operation not permitted")


def lent() -> int:
    """How many buffers are lent."""
    watching = watch()
    assert isinstance(watching, Buffers)
    return watching._lent


def timers() -> int:
    """How many clocks run, as asyncio counts them."""
    scheduled = getattr(asyncio.get_running_loop(), "_scheduled", [])
    return sum(not handle.cancelled() for handle in scheduled)
