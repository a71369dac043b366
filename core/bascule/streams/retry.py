"""Owns trying again to open an end, so and so often, with pauses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bascule.errors import BasculeError, SpecError
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.leaving import check_client, is_watched

FOREVER = -1
"""The number of tries that has no end."""

_SHORTEST_SECONDS = 0.01
"""Shorter pauses would only keep the processor busy."""


_LOOK_SECONDS = 0.5
"""How often a pause is broken to see whether the client is still there."""


async def _retried[T](
    action: Callable[[], Awaitable[T]], times: int, pause_seconds: float, label: str = ""
) -> T:
    """Do it, and again where it fails: ``times`` times more. What is wrong in the request stays
    wrong. Raises: as the last try did; StreamError where the client has left meanwhile.
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
        await _pause(max(pause_seconds, _SHORTEST_SECONDS), label)


async def _pause(seconds: float, label: str) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        check_client(label)
        await asyncio.sleep(min(left, _LOOK_SECONDS) if is_watched() else left)
    check_client(label)


class RetryDialer(Dialer):
    """Dials again where dialing fails: ``times`` times more (FOREVER: until it succeeds), as long
    as the client for whom it dials is there (see ``leaving``).
    """

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
            lambda: self._inner.dial(progress), self._times, self._interval_seconds, self.label
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
