"""Owns work beside the window: what takes long and is pure Python runs in a thread.

Python frees what is in a cycle in the thread that happens to allocate, and Qt's objects must not be
freed in any but their own. So nothing is freed that way while such a thread works.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

_YOUNG = 1
"""The generations in which new objects are."""

_working: set[asyncio.Future[Any]] = set()
"""What threads work at; only Qt's thread changes it."""


async def beside[**P, T](work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call something in a thread, and return what it returns. To be awaited in Qt's thread.

    Cancelling stops the waiting, not the thread: it ends by itself, and nobody hears of it.
    """
    loop = asyncio.get_running_loop()
    future = loop.run_in_executor(None, lambda: work(*args, **kwargs))
    _working.add(future)
    gc.disable()
    future.add_done_callback(_ended)
    return await asyncio.shield(future)


async def until_idle(timeout: float | None = None) -> None:  # noqa: ASYNC109 - as asyncio has it
    """Wait until every thread has ended, also one that nobody waits for; or for so long."""
    if _working:
        await asyncio.wait(_working, timeout=timeout)


def _ended(future: asyncio.Future[Any]) -> None:
    _working.discard(future)
    if not _working:
        gc.collect(_YOUNG)  # here: else whoever allocates next does it, and that may be the thread
        gc.enable()
    if not future.cancelled():
        future.exception()  # looked at, also where nobody waits any more
