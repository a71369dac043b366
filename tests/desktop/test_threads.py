"""Work beside the window: elsewhere, and nothing of Qt is freed there."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from bascule_desktop.threads import beside
from tests.helpers.contract import PATIENCE_SECONDS


async def test_it_is_called_in_another_thread() -> None:
    assert await beside(threading.get_ident) != threading.get_ident()
    assert await beside(int, "10", base=16) == 16


async def test_what_it_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        await beside(int, "x")
    assert gc.isenabled()


class Held:
    """Something in a cycle; notes which thread frees it."""

    def __init__(self, freed: list[int]) -> None:
        self.me = self
        self.freed = freed

    def __del__(self) -> None:
        self.freed.append(threading.get_ident())


async def test_what_is_in_a_cycle_is_freed_in_the_thread_of_the_window() -> None:
    freed: list[int] = []

    def allocate() -> int:
        return len([[each] for each in range(200_000)])  # enough for Python to look for cycles

    Held(freed)
    assert await beside(allocate) == 200_000
    gc.collect()
    assert freed == [threading.get_ident()]


async def test_a_thread_that_nobody_waits_for_counts_until_it_ends() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert go_on.wait(PATIENCE_SECONDS)

    waiting = asyncio.ensure_future(beside(work))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not begun.is_set():
            await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert not gc.isenabled()
    go_on.set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not gc.isenabled():
            await asyncio.sleep(0)
