"""Owns the live connections of one relay: their tasks and numbers, and what is told about them.

Where connections come faster than anybody can read, those that are gone within the same half
second are counted and not told of one by one.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine
from typing import Protocol

from bascule.errors import Problem, fault_of_ours
from bascule.events import (
    ConnectionClosed,
    ConnectionOpened,
    LogLevel,
    LogLine,
    RelayEvent,
    Traffic,
)
from bascule.relay.build import Ends
from bascule.relay.connection import Connection
from bascule.relay.recorder import Recorder
from bascule.streams.base import Stream
from bascule.streams.socket_stream import wake

TICK_SECONDS = 0.5
"""How often whoever runs relays calls their ``tick``."""

LOG_LINES_A_TICK = 20
"""Above this, connections come and go too fast to be read: they are not logged one by one."""

TOLD_A_TICK = 50
"""Above this, a connection is told of by the next tick, where it is still there."""

_MOVED_A_TICK = 500

KEPT_SECONDS = 30.0
"""How long a recording that was ended can still be read."""


class Tell(Protocol):
    """Where a relay's events go."""

    def __call__(self, event: RelayEvent, /) -> None: ...


class Connections:
    """The connections of the relay ``id``, by number. ``on_connected`` and ``on_end`` are called
    for each of them. ``recorder`` sees what passes through them while it is on.
    """

    def __init__(
        self,
        id: str,
        tell: Tell,
        on_connected: Callable[[], None],
        on_end: Callable[[Connection], None],
    ) -> None:
        self.live: dict[int, Connection] = {}
        self.recorder = Recorder()
        self._forgetting: asyncio.TimerHandle | None = None
        self._id = id
        self._tell = tell
        self._on_connected = on_connected
        self._on_end = on_end
        self._numbers = itertools.count(1)
        self._closed_up = self._closed_down = 0
        self._told: tuple[int, int] = (0, 0)
        self._tasks: set[asyncio.Task[None]] = set()
        self._emptied: asyncio.Future[None] | None = None
        self._log_budget = LOG_LINES_A_TICK
        self._tell_budget = TOLD_A_TICK

    @property
    def totals(self) -> tuple[int, int]:
        """Bytes up and down since the relay was made, over all connections."""
        live = self.live.values()
        return (
            self._closed_up + sum(connection.counters.up for connection in live),
            self._closed_down + sum(connection.counters.down for connection in live),
        )

    def next(self, peer: object) -> Connection:
        """Make a connection with the next number; it counts as live once it is carried. ``peer``
        is made words of where they are needed.
        """
        return Connection(next(self._numbers), peer)

    def carry(self, connection: Connection, stream: Stream, ends: Ends) -> None:
        """Carry a connection and tell of it."""
        self.live[connection.number] = connection
        if self._tell_budget > 0:
            self._tell_opened(connection)
        if self.recorder.on:
            connection.counters.observe = self.recorder.observe(connection.number)
        work = connection.start(stream, ends.welcome, ends.target, ends.rules, self)
        if work is not None:
            self.spawn(work)

    def record(self, on: bool) -> None:
        """Record what passes from now on, or stop; what was recorded is kept for a while, as
        somebody may not have read it all.
        """
        self.recorder.switch(on)
        if self._forgetting is not None:
            self._forgetting.cancel()
            self._forgetting = None
        if not on:
            loop = asyncio.get_running_loop()
            self._forgetting = loop.call_later(KEPT_SECONDS, self.recorder.forget)
        for number, connection in self.live.items():
            connection.counters.observe = self.recorder.observe(number) if on else None
            if on and connection.streams:
                self.recorder.found(number, *connection.streams)

    def connected(self, connection: Connection, target: str) -> None:
        """Hear that a target is reached."""
        self._on_connected()
        if self.recorder.on:
            self.recorder.opened(connection.number, *connection.streams)
        if connection.told or self._tell_budget > 0:
            self._tell_opened(connection)
        if self._log_budget > 0:
            self._note(f"{connection.peer} is connected to {target}")

    def ended(self, connection: Connection) -> None:
        """Hear that a connection is over and closed."""
        del self.live[connection.number]
        self.recorder.closed(connection.number)
        up, down = connection.counters.up, connection.counters.down
        self._closed_up += up
        self._closed_down += down
        problem = connection.problem
        if self._log_budget > 0:
            ended = f"{connection.peer}: {problem.message}" if problem else _account(connection)
            self._note(ended, problem)
        if connection.told:
            self._tell(ConnectionClosed(self._id, connection.number, up, down, problem))
        self._on_end(connection)
        if self._emptied is not None and not self.live:
            wake(self._emptied)

    def _tell_opened(self, connection: Connection) -> None:
        if not connection.told:
            self._tell_budget -= 1
            connection.told = True
        self._tell(ConnectionOpened(self._id, connection.status))

    def _note(self, text: str, problem: Problem | None = None) -> None:
        self._log_budget -= 1
        level = LogLevel.INFO if problem is None else LogLevel.WARNING
        self._tell(LogLine(self._id, time.time(), level, text, problem))

    def tick(self, now: float, idle_seconds: float) -> None:
        """Tell the counters if they moved, and end idle connections; ``now`` is monotonic.

        To be called about twice a second.
        """
        self._log_budget = LOG_LINES_A_TICK
        self._tell_budget = TOLD_A_TICK
        moved: list[tuple[int, int, int]] = []
        for connection in list(self.live.values()):
            counters = connection.counters
            if not connection.told:
                connection.told = True
                self._tell(ConnectionOpened(self._id, connection.status))
            if counters.up + counters.down != connection.sampled and len(moved) < _MOVED_A_TICK:
                moved.append((connection.number, counters.up, counters.down))
            connection.settle()
            connection.expire_if_idle(now, idle_seconds)
        self._tell_totals(tuple(moved))

    def _tell_totals(self, moved: tuple[tuple[int, int, int], ...] = ()) -> None:
        totals = self.totals
        if totals != self._told:
            self._told = totals
            self._tell(Traffic(self._id, time.time(), *totals, moved))

    # tasks --------------------------------------------------------------------------------------

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Run what belongs to a connection. It begins at once, so that whoever owns a stream runs
        before anything can cancel it. Where a fault of ours ends it, that is logged.
        """
        task = asyncio.Task(work, loop=asyncio.get_running_loop(), eager_start=True)
        if task.done():
            self._over(task)
        else:
            self._tasks.add(task)
            task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            task.get_loop().call_exception_handler(
                {"message": f"a task of {self._id} broke", "exception": fault, "task": task}
            )
            if self._log_budget > 0:
                problem = fault_of_ours(fault)
                self._note(problem.message, problem)

    async def all_done(self) -> None:
        """Wait until everything that was begun has ended."""
        while self._tasks or self.live:
            if self._tasks:
                await asyncio.wait(tuple(self._tasks))
            if self.live:  # those that need no task
                self._emptied = asyncio.get_running_loop().create_future()
                try:
                    await self._emptied
                finally:
                    self._emptied = None

    async def all_done_within(self, seconds: float) -> None:
        """Wait until everything that was begun has ended by itself, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.all_done()
        except TimeoutError:
            pass  # whoever waits may end the rest

    async def end(self) -> None:
        """End every connection, and return when all is closed."""
        for task in tuple(self._tasks):
            task.cancel()
        for connection in tuple(self.live.values()):
            if connection.needs_no_task:
                connection.end()
        await self.all_done()
        self._tell_totals()


def _account(connection: Connection) -> str:
    """What is to be said of a connection that ended in order."""
    counters = connection.counters
    text = f"{connection.peer} has finished: {counters.up} bytes up, {counters.down} bytes down"
    if counters.quiet_seconds:
        text += (
            f"; the other side had not, and was ended after {counters.quiet_seconds:g} s of silence"
        )
    return text
