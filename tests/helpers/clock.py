"""A time that only a test moves: no limit is waited for, and a busy computer meets none early."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.helpers.descriptors import turns


class Clock:
    """The monotonic time of this process, and of the timers of its loops, which stands still.

    Who took the function out of its module before (``from time import monotonic``) goes on with
    the real one.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        if not isinstance(asyncio.get_running_loop(), asyncio.BaseEventLoop):
            pytest.skip("the loop of Windows has timers of its own, which nobody moves")
        self.now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", self)

    def __call__(self) -> float:
        return self.now

    async def goes(self, seconds: float) -> None:
        """Let so much time pass after what happens now, and whatever is due by then happen."""
        for passing in (seconds, 0.0):
            await turns()  # a timer wakes a task, which wakes another
            self.now += passing
