"""Owns streams within one process: two joined ends, for tests and for services of our own."""

from __future__ import annotations

import asyncio

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import Address, Stream
from bascule.streams.buffered import broken


class MemoryStream(Stream):
    """One end of a pair made by :func:`memory_pair`. Holds at most one chunk per direction."""

    def __init__(self, name: str) -> None:
        self.peer = Address(name)
        self._other: MemoryStream = self
        self._chunk: bytes | None = None
        self._ended = False
        self._finished = False
        self._closed = False
        self._reset = False
        self._changed = asyncio.Event()

    def _wake(self) -> None:
        self._changed.set()
        self._other._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def _refuse_when_gone(self) -> None:
        if self._closed:
            raise broken("the stream is closed")
        if self._reset:
            raise StreamError(
                "the other side reset the connection", code=ErrorCode.CONNECTION_RESET
            )

    async def receive(self) -> bytes:
        while True:
            self._refuse_when_gone()
            if self._chunk is not None:
                data, self._chunk = self._chunk, None
                self._wake()
                return data
            if self._ended:
                return b""
            await self._change()

    async def send(self, data: bytes) -> None:
        if self._finished:
            raise broken("sending has been finished")
        self._refuse_when_gone()
        if not data:
            return
        other = self._other
        while other._chunk is not None and not other._closed:
            await self._change()
            self._refuse_when_gone()
        if other._closed:
            raise StreamError(
                "the other side reset the connection", code=ErrorCode.CONNECTION_RESET
            )
        other._chunk = bytes(data)
        self._wake()

    async def send_eof(self) -> None:
        if not self._finished:
            self._refuse_when_gone()
            self._finished = True
            self._other._ended = True
            self._wake()

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            self._finished = True
            self._other._ended = True
            self._wake()

    def abort(self) -> None:
        if not self._closed:
            self._closed = True
            self._other._reset = True
            self._wake()


def memory_pair() -> tuple[MemoryStream, MemoryStream]:
    """Make two streams, each the other's peer."""
    first, second = MemoryStream("memory:1"), MemoryStream("memory:2")
    first._other, second._other = second, first  # pyright: ignore[reportPrivateUsage]
    return first, second
