"""Owns one running relay: its source, its connections, its state and the reason for it.

It tells what happens through ``tell`` and never talks to clients, files or people.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bascule.errors import (
    BasculeError,
    DeviceError,
    DialError,
    ErrorCode,
    Problem,
    SpecError,
    StreamError,
)
from bascule.events import (
    CheckResult,
    LogLevel,
    LogLine,
    RelayChanged,
    RelayState,
    RelayStatus,
)
from bascule.relay.admission import Places, take_device
from bascule.relay.arrivals import Arrivals, Leave
from bascule.relay.backoff import Backoff
from bascule.relay.build import Ends
from bascule.relay.connection import Connection
from bascule.relay.connections import LOG_LINES_A_TICK, Connections, Tell
from bascule.relay.findings import Findings
from bascule.relay.recorder import Recorder
from bascule.relay.schedule import news
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address, Listener, Stream
from bascule.streams.socket_stream import wake

_LASTED_SECONDS = 10.0
"""A connection that lasted this long counts as success: pauses begin small again."""

_LAST_SECONDS = 30.0
"""How long those who are served last may take what is on its way to them."""

_OVER_WHEN_THERE = (ErrorCode.DEVICE_MISSING, ErrorCode.DEVICE_GONE)
"""Troubles that end when the device is plugged in; what ended others only opening it can tell."""


class Relay:
    """One relay. ``start`` and ``stop`` may be called again and again, in any state."""

    def __init__(
        self, id: str, spec: RelaySpec, build: Callable[[RelaySpec], Awaitable[Ends]], tell: Tell
    ) -> None:
        self.id = id
        self.spec = spec
        self.status = RelayStatus(since=time.time())
        self._build = build
        self._tell = tell
        self._connections = Connections(id, tell, self._connected, self._ended)
        self._main: asyncio.Task[None] | None = None
        self._again = asyncio.Event()
        self._finished = False
        self._device_trouble: DeviceError | None = None
        self._refused: set[str] = set()
        self._listening: tuple[Address, ...] = ()
        self._notes_left = LOG_LINES_A_TICK
        self.findings = Findings(id, tell)

    # commands -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin; where it waits for its next try, try now. While it stops, nothing."""
        if self._main is not None and not self._main.done():
            self._again.set()
            return
        self._again.clear()
        self._refused.clear()
        self._finished = False
        self.findings.forget_share()
        self._device_trouble = None
        self._set(RelayState.STARTING)
        self._main = asyncio.get_running_loop().create_task(self._run(), name=f"relay {self.id}")
        self._main.add_done_callback(self._main_ended)

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

    async def ended(self) -> None:
        """Wait until it has stopped or failed by itself, or was stopped."""
        if self._main is not None:
            await asyncio.wait((self._main,))

    @property
    def active(self) -> bool:
        """Whether it runs, waits or is about to."""
        return self._main is not None and not self._main.done()

    @property
    def connections(self) -> Mapping[int, Connection]:
        """The live connections, by number."""
        return self._connections.live

    @property
    def totals(self) -> tuple[int, int]:
        """Bytes up and down since it was made, over all connections."""
        return self._connections.totals

    @property
    def recorder(self) -> Recorder:
        """What is seen of its traffic."""
        return self._connections.recorder

    def record(self, on: bool) -> None:
        """Record what passes from now on, or stop; what was recorded can be read a while longer."""
        self._connections.record(on)

    def tick(self, now: float) -> None:
        """Tell the counters if they moved, and end idle connections; ``now`` is monotonic.

        To be called about twice a second.
        """
        self._notes_left = LOG_LINES_A_TICK
        self._connections.tick(now, self.spec.idle_seconds)
        self.findings.transfers.tick(now)

    def close_connection(self, number: int) -> bool:
        """End one connection; False where there is none of that number."""
        connection = self._connections.live.get(number)
        if connection is None:
            return False
        connection.end()
        return True

    # life ---------------------------------------------------------------------------------------

    def _main_ended(self, main: asyncio.Task[None]) -> None:
        """A fault of ours ends a relay visibly as well; where it happened is for the loop's log."""
        fault = None if main.cancelled() else main.exception()
        if fault is None:
            return
        main.get_loop().call_exception_handler(
            {"message": f"the relay {self.id} broke", "exception": fault, "task": main}
        )
        problem = Problem(ErrorCode.INTERNAL, f"a fault in Bascule: {type(fault).__name__}")
        self._log(LogLevel.PROBLEM, problem.message, problem)
        self._set(RelayState.FAILED, problem)

    async def _run(self) -> None:
        care: asyncio.Task[None] | None = None
        try:
            ends = await self._build(self.spec)
            ends.notes.hear, ends.notes.finish = self._hear, self._finish
            self.findings.hear_from(ends.notes)
            if ends.notes.cares:
                care = asyncio.get_running_loop().create_task(ends.notes.care())
            if ends.listener is not None:
                await self._run_listening(ends)
            elif ends.checks is not None:
                await ends.checks.run(self._checked, self._pause, once=self.spec.once)
            else:
                await self._run_dialing(ends)
            await self._connections.end()  # so that all is counted before it is said to be over
            self._set(RelayState.STOPPED)
        except BasculeError as exc:
            self.findings.forget_share()
            await self._connections.end()  # whoever hears FAILED may start again at once
            self._log(LogLevel.PROBLEM, exc.message, exc.problem)
            self._set(RelayState.FAILED, exc.problem)
        finally:
            await self._connections.end()
            if care is not None:
                care.cancel()
                await asyncio.wait((care,))

    async def _run_listening(self, ends: Ends) -> None:
        listener = ends.listener
        assert listener is not None
        first: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()

        def serve(stream: Stream, leave: Leave | None) -> None:
            connection = self._connections.next(stream.peer)
            if leave is not None:
                connection.leave = leave
            if not first.done():
                first.set_result(connection)
            self._connections.carry(connection, stream, ends)

        arrivals = Arrivals(
            self.spec,
            exclusive=ends.target.exclusive,
            spawn=self._connections.spawn,
            serve=serve,
            refuse=self._refuse,
            take=partial(self._take_place, ends),
        )
        try:
            self._listening = await listener.start(arrivals)
            where = ", ".join(map(str, self._listening))
            self._log(LogLevel.INFO, f"listening on {where}")
            if self.spec.once:
                await self._serve_once(listener, ends, first)
                return
            while not self._finished:
                await self._until_device_is_there(ends)
                self._set(RelayState.RUNNING)
                self._again.clear()
                while self._device_trouble is None and not self._finished:
                    await self._again.wait()
                    self._again.clear()
            arrivals.close()
            await listener.aclose()
            await self._connections.all_done_within(_LAST_SECONDS)
        finally:
            arrivals.close()
            await listener.aclose()
            self._listening = ()

    def _finish(self) -> None:
        """Hear that the target has nothing more to give."""
        self._finished = True
        self._again.set()

    async def _serve_once(
        self, listener: Listener, ends: Ends, first: asyncio.Future[Connection]
    ) -> None:
        """Wait for the one connection and its end. Raises: what broke it; DialError TIMED_OUT."""
        self._set(RelayState.RUNNING)
        try:
            async with asyncio.timeout(ends.accept_timeout_seconds or None):
                connection = await asyncio.shield(first)
        except TimeoutError as exc:
            seconds = ends.accept_timeout_seconds
            raise DialError(
                f"nobody connected within {seconds:g} seconds",
                code=ErrorCode.TIMED_OUT,
                subject=", ".join(map(str, self._listening)),
                seconds=seconds,
            ) from exc
        await listener.aclose()
        await self._connections.all_done()
        if connection.error is not None:
            raise connection.error

    async def _until_device_is_there(self, ends: Ends) -> None:
        """Wait, with growing pauses, while the target is a device that cannot be opened."""
        backoff = Backoff.of(self.spec)
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

    def _checked(self, result: CheckResult, next_seconds: float) -> None:
        """Take the result of a check, and log what is new about it."""
        self.findings.checked(result)
        if said := news(self.status, result):
            self._log(LogLevel.WARNING if result.problem else LogLevel.INFO, said, result.problem)
        if result.problem is not None:
            self._set(RelayState.WAITING, result.problem, time.time() + next_seconds)
        elif self.status.state is not RelayState.RUNNING:
            self._set(RelayState.RUNNING)

    async def _run_dialing(self, ends: Ends) -> None:
        opener = ends.opener
        assert opener is not None
        backoff = Backoff.of(self.spec)
        while True:
            begun = time.monotonic()
            connection = self._connections.next(opener.label)
            try:
                await opener.check()
                await ends.target.check()
                stream = await opener.dial()
            except SpecError:
                raise
            except BasculeError as exc:
                if self.spec.ends_by_itself:
                    raise
                trouble = exc
            else:
                await self._carry(connection, stream, ends)
                trouble = connection.error or StreamError(
                    "the connection ended", code=ErrorCode.CONNECTION_BROKEN
                )
                is_over = self.spec.ends_by_itself or self._finished
                if is_over or isinstance(connection.error, SpecError):
                    if connection.error is not None:
                        raise connection.error
                    return
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
        await self._pause(seconds)

    async def _pause(self, seconds: float) -> None:
        """Wait, or until somebody wants it now."""
        self._again.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._again.wait()
        except TimeoutError:
            pass

    # connections --------------------------------------------------------------------------------

    async def _take_place(self, ends: Ends, places: Places) -> None:
        """Wait for a place. Raises: StreamError: there is none, or one device and its holder."""
        if not ends.target.exclusive or self.spec.overflow == "queue":
            await places.take()
        else:
            await take_device(places, ends.target.label, self.connections.values)

    def _connected(self) -> None:
        """Hear that a connection has reached its target."""
        if self.status.state is not RelayState.RUNNING:
            self._device_trouble = None
            if self._listening:
                self._again.set()
            else:
                self._set(RelayState.RUNNING)

    def _ended(self, connection: Connection) -> None:
        """Hear that a connection is over."""
        if connection.leave is not None:
            connection.leave()
        if connection.error is None:
            return
        if connection.lost_device is not None and self._listening:
            self._device_trouble = connection.lost_device
            if self.status.state is RelayState.RUNNING:
                self._again.set()  # else it is known, and the pause is not cut short

    async def _carry(self, connection: Connection, stream: Stream, ends: Ends) -> None:
        """Carry a connection to its end."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        connection.leave = partial(wake, over)
        self._connections.carry(connection, stream, ends)
        await over

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
            self.status.since if state is self.status.state else time.time(),
        )
        self._tell(RelayChanged(self.id, self.status))

    def _hear(self, level: LogLevel, text: str, problem: Problem | None) -> None:
        """Log what an end has to say, unless it says more than anybody can read."""
        if self._notes_left > 0:
            self._notes_left -= 1
            self._log(level, text, problem)

    def _log(self, level: LogLevel, text: str, problem: Problem | None = None) -> None:
        self._tell(LogLine(self.id, time.time(), level, text, problem))
