"""Owns looking at what passes: a stream that shows each chunk to an observer, and changes nothing.

Where nobody looks, nothing is wrapped: a tap that is off costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from bascule.streams.base import Stream
from bascule.streams.layer import Layer

type Observe = Callable[[str, bytes, float], None]
"""Is shown a direction, a chunk and when it passed (monotonic seconds).

The chunk is the very one that passes, not a copy: look at it now, or keep it at your own cost. It
must not raise and must not take long: everything waits for it.
"""


class TapStream(Layer):
    """Shows what passes to ``observe``, before it passes.

    ``receiving`` and ``sending`` are the directions it names: around a source, what is received
    goes up. An empty datagram is shown, the end of a direction is not.
    """

    def __init__(
        self, inner: Stream, observe: Observe, *, receiving: str = "up", sending: str = "down"
    ) -> None:
        super().__init__(inner)
        self._observe = observe
        self._receiving = receiving
        self._sending = sending

    async def receive(self) -> bytes:
        data = await self._inner.receive()
        if data:
            self._observe(self._receiving, data, time.monotonic())
        return data

    async def send(self, data: bytes) -> None:
        if data:
            self._observe(self._sending, data, time.monotonic())
        await self._inner.send(data)
