"""Owns the end that measures a way: it sends what nothing can compress, and looks at the clock.

The figure is honest: the clock runs from the first byte until the peer has answered our end with
its own, so that what only lies in buffers on the way does not count as carried. Where the peer
never answers, that is said.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import cache

from bascule.events import Measurement, Outcome
from bascule.streams.built_in import BuiltInStream

type Tell = Callable[[Measurement], None]
"""Hears how a measurement goes, and how it has ended."""

_SAMPLE_SECONDS = 0.5
_MOST_SAMPLES = 240
"""Above this every second one is dropped, and they are taken half as often."""

_PREPARED_BYTES = 4 * 1024 * 1024
"""Farther apart than a usual compression looks back: the same again looks new to it."""

_LEAST_BYTES = 1024
_MOST_BYTES = 64 * 1024
_QUICK_SECONDS = 0.02
"""A chunk that is taken within this time is followed by a larger one, else by a smaller one: a slow
way shall not be late by a whole large chunk.
"""


@cache
def _prepared() -> bytes:
    """What is sent, again and again."""
    return os.urandom(_PREPARED_BYTES)


class MeterStream(BuiltInStream):
    """Sends for ``seconds``, or ``limit_bytes``, whichever is reached first (0: no limit); what
    comes back is counted. Where nobody asks it for anything (bytes go to it only), it measures what
    comes until the peer has finished.
    """

    def __init__(self, seconds: float, limit_bytes: int, tell: Tell) -> None:
        super().__init__("throughput")
        self._seconds = seconds
        self._limit = limit_bytes
        self._tell = tell
        self._begun: float | None = None
        self._begun_at = 0.0
        self._all_sent: float | None = None
        self._given_at = 0.0
        self._given = 0  # not yet known to be taken
        self._size = _LEAST_BYTES
        self._sent = 0
        self._received = 0
        self._samples: list[tuple[float, int, int]] = []
        self._sample_seconds = _SAMPLE_SECONDS
        self._told = False

    async def receive(self) -> bytes:
        self._refuse_closed()
        now = self._moment()
        self._take_given(now)
        if self._is_over(now):
            if self._all_sent is None:
                self._all_sent = now
            return b""
        self._sample(now)
        size = min(self._size, self._limit - self._sent) if self._limit else self._size
        start = self._sent % (_PREPARED_BYTES - _MOST_BYTES)
        self._given, self._given_at = size, now
        return _prepared()[start : start + size]

    def _take_given(self, now: float) -> None:
        """Who asks for more has passed on what was given before."""
        if not self._given:
            return
        self._sent += self._given
        self._given = 0
        if now - self._given_at <= _QUICK_SECONDS:
            self._size = min(self._size * 2, _MOST_BYTES)
        else:
            self._size = max(self._size // 2, _LEAST_BYTES)

    def _is_over(self, now: float) -> bool:
        assert self._begun is not None
        return (
            self._all_sent is not None
            or bool(self._seconds and now - self._begun >= self._seconds)
            or bool(self._limit and self._sent >= self._limit)
        )

    async def send(self, data: bytes) -> None:
        self._refuse_finished()
        now = self._moment()
        self._received += len(data)
        self._sample(now)

    async def send_eof(self) -> None:
        if not self._finished:
            now = self._moment()
            await super().send_eof()
            if self._all_sent is not None or not (self._given or self._sent):
                self._end(Outcome.CONFIRMED, now)

    async def aclose(self) -> None:
        if self._all_sent is not None:
            self._end(Outcome.UNCONFIRMED, self._all_sent)
        self.abort()

    def abort(self) -> None:
        if self._begun is not None:
            self._end(Outcome.INTERRUPTED, time.perf_counter())
        super().abort()

    def _moment(self) -> float:
        """Now; the first time, the clock begins."""
        now = time.perf_counter()
        if self._begun is None:
            self._begun, self._begun_at = now, time.time()
        return now

    def _sample(self, now: float) -> None:
        assert self._begun is not None
        seconds = now - self._begun
        last = self._samples[-1][0] if self._samples else 0.0
        if seconds - last < self._sample_seconds:
            return
        self._samples.append((seconds, self._sent, self._received))
        if len(self._samples) > _MOST_SAMPLES:
            del self._samples[::2]
            self._sample_seconds *= 2
        self._tell(self._measurement(Outcome.RUNNING, now))

    def _end(self, outcome: Outcome, now: float) -> None:
        if not self._told:
            self._told = True
            assert self._begun is not None
            self._samples.append((now - self._begun, self._sent, self._received))
            self._tell(self._measurement(outcome, now))

    def _measurement(self, outcome: Outcome, now: float) -> Measurement:
        assert self._begun is not None
        return Measurement(
            outcome,
            self._begun_at,
            now - self._begun,
            self._sent,
            self._received,
            tuple(self._samples),
        )
