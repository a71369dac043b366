"""Owns the event loop: asyncio on Qt's, by qasync. The only file that knows qasync.

What is known of this loop, each measured: a nested ``exec()`` stops the other tasks for ever;
``sys.exit()`` inside a task runs no ``finally``; ``app.quit()`` ends the loop beneath a running
``main``; timers are coarse, and a cancelled one lives on until it is due.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QApplication

from bascule_desktop.threads import until_idle

LEFT_EARLY = 0
"""The result where Qt itself ended the loop, as at the end of a session."""


def new_loop(app: QApplication) -> asyncio.AbstractEventLoop:
    """Make an event loop that is Qt's."""
    os.environ.pop("QT_API", None)  # qasync obeys it, and it may name a Qt that is not here
    import qasync  # pyright: ignore[reportMissingTypeStubs] - it takes the Qt imported before it

    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(app)
    # Its threads are not those that asyncio knows: at its end it would be closed over one that has
    # still to tell it something, and objects in cycles would be kept for ever.
    loop.shutdown_default_executor = until_idle
    return loop


def run(app: QApplication, main: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run ``main`` to its end and give its result; every task's ``finally`` runs before that."""
    ended = False

    async def whole() -> int:
        nonlocal ended
        try:
            return await main()
        finally:
            ended = True

    with asyncio.Runner(loop_factory=lambda: new_loop(app)) as runner:
        try:
            return runner.run(whole())
        except RuntimeError:
            if ended:
                raise
            return LEFT_EARLY  # app.quit(): main is cancelled as the runner closes
