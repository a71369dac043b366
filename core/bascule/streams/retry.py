"""Owns trying again to open an end, so and so often, with pauses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bascule.errors import BasculeError, SpecError
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress

FOREVER = -1
"""The number of tries that has no end."""

_SHORTEST_SECONDS = 0.01
"""Shorter pauses would only keep the processor busy."""


async def _retried[T](action: Callable[[], Awaitable[T]], times: int, pause_seconds: float) -> T:
    """Do it, and again where it fails: ``times`` times more. What is wrong in the request stays
    wrong. Raises: as the last try did.
    """
    tried = 0
    while True:
        try:
            return await action()
        except SpecError:
            raise
        except BasculeError:
            if tried == times:
                raise
        tried += 1
        await asyncio.sleep(max(pause_seconds, _SHORTEST_SECONDS))


class RetryDialer(Dialer):
    """Dials again where dialing fails: ``times`` times more (FOREVER: until it succeeds)."""

    def __init__(
        self, inner: Dialer, *, times: int = FOREVER, interval_seconds: float = 1.0
    ) -> None:
        self._inner = inner
        self._times = times
        self._interval_seconds = interval_seconds
        self.label = inner.label
        self.exclusive = inner.exclusive

    async def check(self) -> None:
        """Nothing is known beforehand: what is missing now may be there at the next try."""

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        return await _retried(
            lambda: self._inner.dial(progress), self._times, self._interval_seconds
        )


class RetryListener(Listener):
    """Begins to listen again where that fails: ``times`` times more (FOREVER: until it succeeds).

    ``start`` takes as long as that takes.
    """

    def __init__(
        self, inner: Listener, *, times: int = FOREVER, interval_seconds: float = 1.0
    ) -> None:
        self._inner = inner
        self._times = times
        self._interval_seconds = interval_seconds

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        return await _retried(
            lambda: self._inner.start(on_arrival), self._times, self._interval_seconds
        )

    async def welcome(self, stream: Stream) -> Stream:
        return await self._inner.welcome(stream)

    async def aclose(self) -> None:
        await self._inner.aclose()
