"""Owns exact-length reading: a stream that gives back what was read too far."""

from __future__ import annotations

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import Stream


class BufferedStream(Stream):
    """A stream with a pushback buffer, for handshakes; surplus bytes belong to ``receive``."""

    def __init__(self, inner: Stream) -> None:
        self._inner = inner
        self._held = b""
        self.peer = inner.peer
        self.can_half_close = inner.can_half_close

    async def read_exactly(self, count: int) -> bytes:
        """Return exactly ``count`` bytes, or fewer where the peer has finished before."""
        while len(self._held) < count:
            chunk = await self._inner.receive()
            if not chunk:
                data, self._held = self._held, b""
                return data
            self._held += chunk
        data, self._held = self._held[:count], self._held[count:]
        return data

    async def receive(self) -> bytes:
        if self._held:
            data, self._held = self._held, b""
            return data
        return await self._inner.receive()

    def release(self) -> Stream:
        """Return the inner stream where nothing is held back, else this one: no cost remains."""
        return self if self._held else self._inner

    async def send(self, data: bytes) -> None:
        await self._inner.send(data)

    async def send_eof(self) -> None:
        await self._inner.send_eof()

    async def aclose(self) -> None:
        await self._inner.aclose()

    def abort(self) -> None:
        self._inner.abort()


def broken(message: str) -> StreamError:
    """The error of a stream that can no longer be used."""
    return StreamError(message, code=ErrorCode.CONNECTION_BROKEN)
