"""Owns the checks of a target again and again, and what is new about a result."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from bascule.errors import BasculeError
from bascule.events import CheckResult, RelayState, RelayStatus
from bascule.relay.check import check_target
from bascule.streams.base import Dialer


class Checks:
    """Checks ``target`` every so many seconds, counted from the begin of one to that of the next;
    each may take ``within_seconds``. ``first_byte``: it also has to say something.
    """

    def __init__(
        self, target: Dialer, *, every_seconds: float, within_seconds: float, first_byte: bool
    ) -> None:
        self._target = target
        self._every = every_seconds
        self._within = within_seconds
        self._first_byte = first_byte

    async def run(
        self,
        told: Callable[[CheckResult, float], None],
        pause: Callable[[float], Awaitable[None]],
        *,
        once: bool = False,
    ) -> None:
        """Check until cancelled. ``told`` hears each result, and after how many seconds the next
        check begins; ``pause`` waits for them, or less where somebody wants to know now.

        ``once``: check one time. Raises: BasculeError: what was wrong then.
        """
        while True:
            begun = time.monotonic()
            result = await self.check()
            left = max(begun + self._every - time.monotonic(), 0.0)
            told(result, left)
            if not once:
                await pause(left)
            elif result.problem is not None:
                raise BasculeError.of(result.problem)
            else:
                return

    async def check(self) -> CheckResult:
        """Check now."""
        at, begun = time.time(), time.perf_counter()
        problem = await check_target(
            self._target, seconds=self._within, first_byte=self._first_byte
        )
        return CheckResult(at, (time.perf_counter() - begun) * 1000, problem)


def news(before: RelayStatus, result: CheckResult) -> str:
    """What is to be said of a result; nothing where it is as it was."""
    problem = result.problem
    if problem is None:
        if before.state is RelayState.RUNNING:
            return ""
        return f"it answers, after {result.milliseconds:.1f} ms"
    known = before.problem if before.state is RelayState.WAITING else None
    if known is not None and known.code is problem.code:
        return ""
    return f"it does not answer: {problem.message}"
