"""Owns the tasks of a window: the only file of the desktop that starts one.

A task has a name, and a second one of that name is refused: that is what makes a double click
harmless. No exception is lost, and no task outlives its owner.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject

type Report = Callable[[Exception], None]


class Tasks(QObject):
    """The running tasks of ``owner``; ``report`` hears every exception that one of them raises."""

    def __init__(self, owner: QObject, report: Report) -> None:
        super().__init__(owner)
        self._report = report
        self._running: dict[str, asyncio.Task[object]] = {}
        # Not a method of ours: at that moment this object is half gone.
        owner.destroyed.connect(functools.partial(_cancel, self._running))

    def start(self, name: str, coroutine: Coroutine[Any, Any, object]) -> bool:
        """Start a task; False, and the coroutine closed, where one of that name still runs."""
        if self.running(name):
            coroutine.close()
            return False
        try:
            task = asyncio.get_running_loop().create_task(coroutine, name=name)
        except RuntimeError:
            coroutine.close()
            raise
        self._running[name] = task
        task.add_done_callback(functools.partial(_done, self._running, name, self._report))
        return True

    def running(self, name: str) -> bool:
        """Whether a task of that name runs."""
        return name in self._running

    def cancel(self, name: str) -> None:
        """Cancel the task of that name, if one runs."""
        if task := self._running.get(name):
            task.cancel()

    def cancel_all(self) -> None:
        """Cancel every task."""
        _cancel(self._running)

    async def finish(self) -> None:
        """Cancel every task but the calling one, and wait until they have ended."""
        mine = asyncio.current_task()
        others = [task for task in self._running.values() if task is not mine]
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others)


def _cancel(running: dict[str, asyncio.Task[object]], *_: object) -> None:
    for task in list(running.values()):
        if not task.get_loop().is_closed():
            task.cancel()


def _done(
    running: dict[str, asyncio.Task[object]],
    name: str,
    report: Report,
    task: asyncio.Task[object],
) -> None:
    running.pop(name, None)
    if task.cancelled():
        return
    problem = task.exception()
    if isinstance(problem, Exception):
        # Where the report itself fails, asyncio hands that to the loop's handler: crash.py.
        report(problem)
