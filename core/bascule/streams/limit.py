"""Owns the limit of a rate: a bucket of bytes that connections share, and a stream that keeps it.

The bucket fills at the rate and holds a tenth of a second's worth. Whoever takes more than is
there has a debt and waits until it is filled up, so that the rate is exact whatever the sizes are,
several connections share it in turn, and below the limit no timer is ever started.
"""

from __future__ import annotations

import asyncio
import time

from bascule.streams.base import Stream
from bascule.streams.layer import Layer

_BURST_SECONDS = 0.1
"""How much may pass at once after silence, or after the processor was busy elsewhere."""

_PIECE_SECONDS = 0.05
"""How much of a long chunk goes at a time."""

_SLACK_SECONDS = 0.001
"""A debt that is so small is left to grow: timers are not finer, and small chunks need fewer."""


class RateLimit:
    """A rate in bytes per second (at least 1), for one direction of any number of connections."""

    def __init__(self, bytes_per_second: int) -> None:
        self._rate = bytes_per_second
        self._full = bytes_per_second * _BURST_SECONDS
        self._left = self._full
        self._filled_at = time.monotonic()
        self.piece_bytes = max(1, int(bytes_per_second * _PIECE_SECONDS))

    def spend(self, count: int) -> float:
        """Take ``count`` bytes; return how many seconds to wait before they may pass, mostly 0."""
        now = time.monotonic()
        self._left = min(self._full, self._left + (now - self._filled_at) * self._rate) - count
        self._filled_at = now
        seconds = -self._left / self._rate
        return seconds if seconds > _SLACK_SECONDS else 0.0

    async def wait(self, count: int) -> None:
        """Take ``count`` bytes and return when they may pass; where cancelled, put them back."""
        seconds = self.spend(count)
        if seconds:
            passed = False
            try:
                await asyncio.sleep(seconds)
                passed = True
            finally:
                if not passed:
                    self._left += count


class LimitedStream(Layer):
    """Keeps what is received and what is sent to their rates; None is no limit.

    Long chunks pass in pieces, datagrams whole.
    """

    def __init__(
        self, inner: Stream, *, receiving: RateLimit | None, sending: RateLimit | None
    ) -> None:
        super().__init__(inner)
        self._receiving = receiving
        self._sending = sending
        self._held = b""  # received, but not yet due
        self._given = 0  # so much of it has passed

    async def receive(self) -> bytes:
        limit = self._receiving
        if limit is None:
            return await self._inner.receive()
        if not self._held:
            data = await self._inner.receive()
            if not len(data):
                return data  # the end, or an empty datagram: neither weighs anything
            self._held, self._given = data, 0
        size = len(self._held) if self.datagrams else limit.piece_bytes
        end = min(self._given + size, len(self._held))
        await limit.wait(end - self._given)
        data, self._given = self._held[self._given : end], end
        if end == len(self._held):
            self._held = b""
        return data

    async def send(self, data: bytes) -> None:
        limit = self._sending
        if limit is None or not len(data):
            await self._inner.send(data)
            return
        size = len(data) if self.datagrams else limit.piece_bytes
        for begin in range(0, len(data), size):
            piece = data[begin : begin + size]  # of the whole, no copy
            await limit.wait(len(piece))
            await self._inner.send(piece)
