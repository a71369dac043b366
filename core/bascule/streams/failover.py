"""Owns several targets in order: each connection goes to the best that can be reached.

No background work: a target that failed is passed over until its pause is over; whoever comes next
tries it again, and so goes back to the best. ``recover`` does the same ahead of time for who has a
clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bascule.errors import BasculeError, DialError, ErrorCode
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress

type OnChange = Callable[[str, BasculeError | None], None]
"""Hears the label of a target that has failed, and why; or None: it can be reached again."""


def _tell_nobody(_label: str, _why: BasculeError | None) -> None:
    pass


@dataclass(slots=True, eq=False)
class _Candidate:
    dialer: Dialer
    again_at: float = 0.0
    """When it is to be tried again (monotonic seconds); 0: it is not known to fail."""


class FailoverDialer(Dialer):
    """Tries ``dialers`` in order, best first; ``check_seconds`` is the pause of one that failed.

    Where none of the others can be reached, those that failed are tried before their time. What
    each try meets is heard by ``progress``, and what changes by ``on_change``. ``clock`` gives
    monotonic seconds.
    """

    def __init__(
        self,
        dialers: Sequence[Dialer],
        *,
        check_seconds: float = 5.0,
        field: str | None = None,
        on_change: OnChange = _tell_nobody,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._candidates = [_Candidate(dialer) for dialer in dialers]
        self._check_seconds = check_seconds
        self._field = field
        self._on_change = on_change
        self._clock = clock
        self.label = ", else ".join(dialer.label for dialer in dialers)
        # One that several can use serves those who find the others taken.
        self.exclusive = all(dialer.exclusive for dialer in dialers)

    async def check(self) -> None:
        """Raise as the last one does, where all of them are known to fail."""
        problem: BasculeError | None = None
        for candidate in self._candidates:
            try:
                await candidate.dialer.check()
            except BasculeError as exc:
                problem = exc
            else:
                return
        if problem is not None:
            raise problem

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        problems: list[tuple[str, BasculeError]] = []
        now = self._clock()
        ready = [each for each in self._candidates if each.again_at <= now]
        for candidate in [*ready, *(each for each in self._candidates if each not in ready)]:
            try:
                return await self._try(candidate, progress)
            except BasculeError as exc:
                problems.append((candidate.dialer.label, exc))
        raise none_reached(problems, self._field)

    async def recover(self) -> None:
        """Try the targets whose pause is over, and close at once what answers. With this done now
        and then, no connection has to wait for a target that is still down.
        """
        now = self._clock()
        for candidate in self._candidates:
            if 0 < candidate.again_at <= now:
                try:
                    stream = await self._try(candidate, ignore_progress)
                except BasculeError:
                    continue  # it stays passed over
                await stream.aclose()

    async def _try(self, candidate: _Candidate, progress: Progress) -> Stream:
        if candidate.again_at:
            # Whoever comes while this try lasts need not wait for its outcome.
            candidate.again_at = self._clock() + self._check_seconds
        try:
            stream = await candidate.dialer.dial(progress)
        except BasculeError as exc:
            known, candidate.again_at = candidate.again_at, self._clock() + self._check_seconds
            if not known:
                self._on_change(candidate.dialer.label, exc)
            raise
        known, candidate.again_at = candidate.again_at, 0.0
        if known:
            self._on_change(candidate.dialer.label, None)
        return stream


def none_reached(
    problems: list[tuple[str, BasculeError]], field: str | None = None
) -> BasculeError:
    """The error where every target, named by its label, has failed: each in a sentence."""
    if len(problems) == 1:
        return problems[0][1]
    codes = {exc.code for _label, exc in problems}
    why = "; ".join(
        exc.message if label in exc.message else f"{label}: {exc.message}"
        for label, exc in problems
    )
    return DialError(
        f"none of the {len(problems)} targets can be reached: {why}",
        code=codes.pop() if len(codes) == 1 else ErrorCode.DIAL_FAILED,
        field=field,
        subject=", ".join(label for label, _exc in problems),
        why=why,
    )
