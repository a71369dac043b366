"""Owns the size of chunks: a stream that gives long ones in pieces."""

from __future__ import annotations

from bascule.streams.base import Stream
from bascule.streams.layer import Layer


class PieceStream(Layer):
    """Gives at most ``most_bytes`` at a time. Datagrams stay whole: they are what they are."""

    def __init__(self, inner: Stream, most_bytes: int) -> None:
        super().__init__(inner)
        self._most = most_bytes
        self._held = memoryview(b"")

    async def receive(self) -> bytes:
        if not self._held:
            data = await self._inner.receive()
            if self.datagrams or len(data) <= self._most:
                return data
            self._held = memoryview(data)
        piece, self._held = self._held[: self._most], self._held[self._most :]
        return bytes(piece)
