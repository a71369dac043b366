"""Owns one running relay: its source, its connections, its state and the reason for it.

It tells what happens through ``tell`` and never talks to clients, files or people.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Protocol

from bascule.errors import BasculeError, DeviceError, ErrorCode, Problem, SpecError, StreamError
from bascule.events import (
    ConnectionClosed,
    ConnectionOpened,
    LogLevel,
    LogLine,
    RelayChanged,
    RelayState,
    RelayStatus,
    Traffic,
)
from bascule.relay.admission import AllowList, Places
from bascule.relay.backoff import Backoff
from bascule.relay.build import Ends
from bascule.relay.connection import Connection
from bascule.spec.endpoints import SerialPort
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address, Stream

type RelayEvent = RelayChanged | ConnectionOpened | ConnectionClosed | Traffic | LogLine

_LASTED_SECONDS = 10.0
"""A connection that lasted this long counts as success: pauses begin small again."""

_OVER_WHEN_THERE = (ErrorCode.DEVICE_MISSING, ErrorCode.DEVICE_GONE)
"""Troubles that end when the device is plugged in; what ended others only opening it can tell."""

_LOG_LINES_A_TICK = 20
"""Above this, connections come and go too fast to be read: they are not logged one by one."""


class Tell(Protocol):
    """Where a relay's events go."""

    def __call__(self, event: RelayEvent, /) -> None: ...


class Relay:
    """One relay. ``start`` and ``stop`` may be called again and again, in any state."""

    def __init__(
        self, id: str, spec: RelaySpec, build: Callable[[RelaySpec], Awaitable[Ends]], tell: Tell
    ) -> None:
        self.id = id
        self.spec = spec
        self.status = RelayStatus(since=time.time())
        self.connections: dict[int, Connection] = {}
        self._build = build
        self._tell = tell
        self._numbers = itertools.count(1)
        self._closed_up = self._closed_down = 0
        self._told: tuple[int, int] = (0, 0)
        self._main: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._again = asyncio.Event()
        self._device_trouble: DeviceError | None = None
        self._refused: set[str] = set()
        self._log_budget = _LOG_LINES_A_TICK
        self._listening: tuple[Address, ...] = ()

    # commands -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin; where it waits for its next try, try now. While it stops, nothing."""
        if self._main is not None and not self._main.done():
            self._again.set()
            return
        self._again.clear()
        self._refused.clear()
        self._device_trouble = None
        self._set(RelayState.STARTING)
        self._main = asyncio.get_running_loop().create_task(self._run(), name=f"relay {self.id}")

    async def stop(self) -> None:
        """Stop listening, end every connection, and return when all is closed."""
        main = self._main
        if main is not None and not main.done():
            if self.status.state is not RelayState.STOPPING:  # else it is being stopped already
                self._set(RelayState.STOPPING)
                main.cancel()
            await asyncio.wait((main,))
        if self._main is not main:
            return  # whoever stopped it too was quicker, and it may run again
        self._main = None
        if self.status.state is not RelayState.STOPPED:
            self._set(RelayState.STOPPED)

    @property
    def active(self) -> bool:
        """Whether it runs, waits or is about to."""
        return self._main is not None and not self._main.done()

    @property
    def totals(self) -> tuple[int, int]:
        """Bytes up and down since it was made, over all connections."""
        live = self.connections.values()
        return (
            self._closed_up + sum(connection.counters.up for connection in live),
            self._closed_down + sum(connection.counters.down for connection in live),
        )

    def tick(self, now: float) -> None:
        """Tell the counters if they moved, and end idle connections; ``now`` is monotonic.

        To be called about twice a second.
        """
        self._log_budget = _LOG_LINES_A_TICK
        moved: list[tuple[int, int, int]] = []
        idle_seconds = self.spec.idle_seconds
        for connection in list(self.connections.values()):
            counters = connection.counters
            if not connection.told:
                connection.told = True
                self._tell(ConnectionOpened(self.id, connection.status))
            if counters.up + counters.down != connection.sampled and len(moved) < 500:
                moved.append((connection.number, counters.up, counters.down))
            connection.settle()
            connection.expire_if_idle(now, idle_seconds)
        totals = self.totals
        if totals != self._told:
            self._told = totals
            self._tell(Traffic(self.id, time.time(), *totals, tuple(moved)))

    # life ---------------------------------------------------------------------------------------

    async def _run(self) -> None:
        try:
            ends = await self._build(self.spec)
            if ends.listener is not None:
                await self._run_listening(ends)
            else:
                await self._run_dialing(ends)
        except BasculeError as exc:
            await self._end_connections()  # whoever hears FAILED may start again at once
            self._log(LogLevel.PROBLEM, exc.message, exc.problem)
            self._set(RelayState.FAILED, exc.problem)
        finally:
            await self._end_connections()

    async def _run_listening(self, ends: Ends) -> None:
        listener = ends.listener
        assert listener is not None
        exclusive = isinstance(self.spec.target, SerialPort)
        limit = 1 if exclusive else self.spec.max_connections
        places = Places(limit, queue=self.spec.overflow == "queue")
        allow = AllowList(self.spec.allow)
        closed = False

        def arrived(stream: Stream) -> None:
            if closed:  # the system had accepted it already
                stream.abort()
                return
            try:
                allow.check(stream.peer)
            except StreamError as exc:
                stream.abort()
                self._spawn(stream.aclose())
                self._refuse(stream.peer, exc)
            else:
                self._spawn(self._serve(stream, ends, places))

        try:
            self._listening = await listener.start(arrived)
            where = ", ".join(map(str, self._listening))
            self._log(LogLevel.INFO, f"listening on {where}")
            while True:
                await self._until_device_is_there(ends)
                self._set(RelayState.RUNNING)
                self._again.clear()
                while self._device_trouble is None:
                    await self._again.wait()
                    self._again.clear()
        finally:
            closed = True
            await listener.aclose()
            self._listening = ()

    async def _until_device_is_there(self, ends: Ends) -> None:
        """Wait, with growing pauses, while the target is a device that cannot be opened."""
        backoff = self._backoff()
        while True:
            trouble, self._device_trouble = self._device_trouble, None
            try:
                await ends.target.check()
                if trouble is None or trouble.code in _OVER_WHEN_THERE:
                    return
            except DeviceError as exc:
                trouble = exc
            if trouble.code is ErrorCode.DEVICE_SETTING_REFUSED:
                raise trouble
            await self._wait(trouble, backoff.next_seconds())

    async def _run_dialing(self, ends: Ends) -> None:
        opener = ends.opener
        assert opener is not None
        backoff = self._backoff()
        while True:
            begun = time.monotonic()
            connection = Connection(next(self._numbers), opener.label)
            try:
                await opener.check()
                await ends.target.check()
                stream = await opener.dial()
            except SpecError:
                raise
            except BasculeError as exc:
                trouble = exc
            else:
                await self._carry(connection, stream, ends)
                trouble = connection.error or StreamError(
                    "the connection ended", code=ErrorCode.CONNECTION_BROKEN
                )
                if isinstance(connection.error, SpecError):
                    raise connection.error
                if connection.connected and time.monotonic() - begun >= _LASTED_SECONDS:
                    backoff.reset()
            if trouble.code is ErrorCode.DEVICE_SETTING_REFUSED:
                raise trouble
            await self._wait(trouble, backoff.next_seconds())
            self._set(RelayState.STARTING)

    async def _wait(self, trouble: BasculeError, seconds: float) -> None:
        """Be WAITING for ``seconds``, or until somebody wants it now."""
        self._log(
            LogLevel.WARNING, f"{trouble.message}; trying again in {seconds:g} s", trouble.problem
        )
        self._set(RelayState.WAITING, trouble.problem, retry_at=time.time() + seconds)
        self._again.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._again.wait()
        except TimeoutError:
            pass

    def _backoff(self) -> Backoff:
        return Backoff(self.spec.retry_first_seconds, self.spec.retry_longest_seconds)

    # connections --------------------------------------------------------------------------------

    async def _serve(self, stream: Stream, ends: Ends, places: Places) -> None:
        if not places.take_free():
            try:
                await places.take()
            except StreamError as exc:
                stream.abort()
                await stream.aclose()
                return self._refuse(stream.peer, self._taken(exc))
            except asyncio.CancelledError:
                stream.abort()
                await stream.aclose()
                raise
        try:
            connection = Connection(next(self._numbers), str(stream.peer))
            await self._carry(connection, stream, ends)
            if connection.lost_device is not None:
                self._device_trouble = connection.lost_device
                if self.status.state is RelayState.RUNNING:
                    self._again.set()  # else it is known, and the pause is not cut short
        finally:
            places.free()

    def _taken(self, exc: StreamError) -> StreamError:
        """Say who has the serial port where that is why there is no place."""
        target = self.spec.target
        if not isinstance(target, SerialPort):
            return exc
        holder = next((c.peer for c in self.connections.values()), "")
        return StreamError(
            f"{target.device} is in use by {holder}",
            code=ErrorCode.DEVICE_TAKEN,
            device=target.device,
            holder=holder,
        )

    async def _carry(self, connection: Connection, stream: Stream, ends: Ends) -> None:
        self.connections[connection.number] = connection
        self._tell_opened(connection)

        def connected(connection: Connection) -> None:
            if self.status.state is not RelayState.RUNNING:
                self._device_trouble = None
                if ends.listener is None:
                    self._set(RelayState.RUNNING)
                else:
                    self._again.set()
            self._tell_opened(connection)
            if self._log_budget > 0:
                self._note(f"{connection.peer} is connected to {ends.target.label}")

        try:
            await connection.run(
                stream, ends.welcome, ends.target, rules=ends.rules, on_connected=connected
            )
        finally:
            del self.connections[connection.number]
            up, down = connection.counters.up, connection.counters.down
            self._closed_up += up
            self._closed_down += down
            problem = connection.problem
            if self._log_budget > 0:
                self._note_end(connection, problem)
            if connection.told:
                self._tell(ConnectionClosed(self.id, connection.number, up, down, problem))

    def _tell_opened(self, connection: Connection) -> None:
        """Tell that a connection is there. Where they come too fast to be read, the next tick
        does, for those that are still there then.
        """
        if connection.told or self._log_budget > 0:
            connection.told = True
            self._tell(ConnectionOpened(self.id, connection.status))

    def _note_end(self, connection: Connection, problem: Problem | None) -> None:
        if problem is not None:
            self._note(f"{connection.peer}: {problem.message}", problem)
            return
        up, down = connection.counters.up, connection.counters.down
        self._note(f"{connection.peer} has finished: {up} bytes up, {down} bytes down")

    def close_connection(self, number: int) -> bool:
        """End one connection; False where there is none of that number."""
        connection = self.connections.get(number)
        if connection is None:
            return False
        connection.end()
        return True

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        # Started at once, so that whoever owns the stream runs before anything can cancel it.
        task = asyncio.Task(work, loop=asyncio.get_running_loop(), eager_start=True)
        if not task.done():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _end_connections(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _refuse(self, peer: Address, exc: StreamError) -> None:
        """Note a refusal, once per peer: a stubborn one shall not fill the log."""
        if peer.host not in self._refused and len(self._refused) < 1000:
            self._refused.add(peer.host)
            self._log(LogLevel.WARNING, f"{peer} was refused: {exc.message}", exc.problem)

    # telling ------------------------------------------------------------------------------------

    def _set(
        self, state: RelayState, problem: Problem | None = None, retry_at: float | None = None
    ) -> None:
        self.status = RelayStatus(
            state,
            problem,
            retry_at,
            tuple(map(str, self._listening)),
            self.spec.exposed and state in (RelayState.RUNNING, RelayState.WAITING),
            time.time(),
        )
        self._tell(RelayChanged(self.id, self.status))

    def _note(self, text: str, problem: Problem | None = None) -> None:
        """Log what became of a connection; to be called while the budget lasts."""
        self._log_budget -= 1
        self._log(LogLevel.INFO if problem is None else LogLevel.WARNING, text, problem)

    def _log(self, level: LogLevel, text: str, problem: Problem | None = None) -> None:
        self._tell(LogLine(self.id, time.time(), level, text, problem))
