"""Owns exact-length reading: a stream that gives back what was read too far."""

from __future__ import annotations

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import Stream
from bascule.streams.layer import Layer


class BufferedStream(Layer):
    """A stream with a pushback buffer, for handshakes; surplus bytes belong to ``receive``."""

    def __init__(self, inner: Stream) -> None:
        super().__init__(inner)
        self._held = b""
        self._taken = 0  # so much of it: cutting it anew for each of many small reads would copy

    async def read_exactly(self, count: int) -> bytes:
        """Return exactly ``count`` bytes, or fewer where the peer has finished before."""
        while len(self._held) - self._taken < count:
            chunk = await self._inner.receive()
            if not chunk:
                return self._rest()
            self._held = self._rest() + chunk
        begin, self._taken = self._taken, self._taken + count
        return self._held[begin : self._taken]

    def _rest(self) -> bytes:
        data = self._held[self._taken :]
        self._held, self._taken = b"", 0
        return data

    async def receive(self) -> bytes:
        return self._rest() or await self._inner.receive()

    def release(self) -> Stream:
        """Return the inner stream where nothing is held back, else this one: no cost remains."""
        return self if len(self._held) > self._taken else self._inner


def broken(message: str) -> StreamError:
    """The error of a stream that can no longer be used."""
    return StreamError(message, code=ErrorCode.CONNECTION_BROKEN)
