"""Owns one run of a relay, from its start to its end: it listens, dials or checks, waits and tries
again. What is to be forgotten when the relay starts anew is kept here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

from bascule.errors import BasculeError, DeviceError, DialError, ErrorCode, SpecError, StreamError
from bascule.events import CheckResult, LogLevel, RelayState
from bascule.relay.admission import Places, take_device
from bascule.relay.arrivals import Arrivals, Leave
from bascule.relay.backoff import Backoff
from bascule.relay.build import Ends
from bascule.relay.connection import Connection
from bascule.relay.connections import Connections
from bascule.relay.findings import Findings
from bascule.relay.schedule import news
from bascule.relay.standing import Standing
from bascule.spec.fields import left_out, this_system
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address, Listener, Stream
from bascule.streams.socket_stream import wake

type Build = Callable[[RelaySpec], Awaitable[Ends]]
"""Makes the ends of a relay. Raises: SpecError."""

_LASTED_SECONDS = 10.0
"""A connection that lasted this long counts as success: pauses begin small again."""

_LAST_SECONDS = 30.0
"""How long those who are served last may take what is on its way to them."""

_REFUSED_PEERS = 1000
"""So many refused peers are logged."""

_OVER_WHEN_THERE = (ErrorCode.DEVICE_MISSING, ErrorCode.DEVICE_GONE)
"""Troubles that end when the device is plugged in; what ended others only opening it can tell."""


class Run:
    """A relay while it runs. ``over``: nothing begins any more, what is open is being closed."""

    def __init__(
        self, spec: RelaySpec, connections: Connections, findings: Findings, standing: Standing
    ) -> None:
        self.over = False
        self._spec = spec
        self._connections = connections
        self._findings = findings
        self._standing = standing
        self._again = asyncio.Event()
        self._finished = False
        self._device_trouble: DeviceError | None = None
        self._refused: set[str] = set()

    def try_now(self) -> bool:
        """Where it waits for its next try, try now; False where it is about to end."""
        self._again.set()
        return not (self.over or self._finished)

    async def go(self, build: Build) -> None:
        """Run to the end, and until all that was open is closed. Raises: BasculeError."""
        try:
            ends = await build(self._spec)
            ends.notes.hear, ends.notes.finish = self._standing.hear, self._finish
            self._findings.hear_from(ends.notes)
            if ends.notes.tells_left_out:
                for path in left_out(self._spec, this_system()):
                    why = "this system has nothing of the kind, and it is left out"
                    self._standing.log(LogLevel.WARNING, f"{path}: {why}")
            await (self._run_with_care(ends) if ends.notes.cares else self._run_ends(ends))
        finally:
            self.over = True
            await self._connections.end()

    def connected(self) -> None:
        """Hear that a connection has reached its target."""
        if self._standing.state is not RelayState.RUNNING:
            self._device_trouble = None
            if self._standing.listening:
                self._again.set()
            else:
                self._standing.become(RelayState.RUNNING)

    def ended(self, connection: Connection) -> None:
        """Hear that a connection is over."""
        if connection.leave is not None:
            connection.leave()
        if connection.error is None:
            return
        if connection.lost_device is not None and self._standing.listening:
            self._device_trouble = connection.lost_device
            if self._standing.state is RelayState.RUNNING:
                self._again.set()  # else it is known, and the pause is not cut short

    async def _run_with_care(self, ends: Ends) -> None:
        """Run while care is taken of the ends. What breaks the care ends the run as well: nobody
        would do any more what it is there for. Raises: what broke first.
        """
        try:
            async with asyncio.TaskGroup() as group:
                care = group.create_task(ends.notes.care())
                await self._run_ends(ends)
                care.cancel()
        except BaseExceptionGroup as exc:
            first = exc.exceptions[0]
        else:
            return
        raise first

    async def _run_ends(self, ends: Ends) -> None:
        if ends.listener is not None:
            await self._run_listening(ends)
        elif ends.checks is not None:
            await ends.checks.run(self._checked, self._pause, once=self._spec.once)
        else:
            await self._run_dialing(ends)

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
            self._spec,
            exclusive=ends.target.exclusive,
            spawn=self._connections.spawn,
            serve=serve,
            refuse=self._refuse,
            take=partial(self._take_place, ends),
        )
        try:
            self._standing.listening = await listener.start(arrivals)
            where = ", ".join(map(str, self._standing.listening))
            self._standing.log(LogLevel.INFO, f"listening on {where}")
            if self._spec.once:
                await self._serve_once(listener, ends, first)
                return
            while not self._finished:
                await self._until_device_is_there(ends)
                self._standing.become(RelayState.RUNNING)
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
            self._standing.listening = ()

    def _finish(self) -> None:
        """Hear that the target has nothing more to give."""
        self._finished = True
        self._again.set()

    async def _serve_once(
        self, listener: Listener, ends: Ends, first: asyncio.Future[Connection]
    ) -> None:
        """Wait for the one connection and its end. Raises: what broke it; DialError TIMED_OUT."""
        self._standing.become(RelayState.RUNNING)
        try:
            async with asyncio.timeout(ends.accept_timeout_seconds or None):
                connection = await asyncio.shield(first)
        except TimeoutError as exc:
            seconds = ends.accept_timeout_seconds
            raise DialError(
                f"nobody connected within {seconds:g} seconds",
                code=ErrorCode.TIMED_OUT,
                subject=", ".join(map(str, self._standing.listening)),
                seconds=seconds,
            ) from exc
        await listener.aclose()
        await self._connections.all_done()
        if connection.error is not None:
            raise connection.error

    async def _until_device_is_there(self, ends: Ends) -> None:
        """Wait, with growing pauses, while the target is a device that cannot be opened."""
        backoff = Backoff.of(self._spec)
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
        self._findings.checked(result)
        if said := news(self._standing.status, result):
            self._standing.log(
                LogLevel.WARNING if result.problem else LogLevel.INFO, said, result.problem
            )
        if result.problem is not None:
            self._standing.become(RelayState.WAITING, result.problem, time.time() + next_seconds)
        elif self._standing.state is not RelayState.RUNNING:
            self._standing.become(RelayState.RUNNING)

    async def _run_dialing(self, ends: Ends) -> None:
        opener = ends.opener
        assert opener is not None
        backoff = Backoff.of(self._spec)
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
                if self._spec.ends_by_itself:
                    raise
                trouble = exc
            else:
                await self._carry(connection, stream, ends)
                trouble = connection.error or StreamError(
                    "the connection ended", code=ErrorCode.CONNECTION_BROKEN
                )
                is_over = self._spec.ends_by_itself or self._finished
                if is_over or isinstance(connection.error, SpecError):
                    if connection.error is not None:
                        raise connection.error
                    return
                if connection.connected and time.monotonic() - begun >= _LASTED_SECONDS:
                    backoff.reset()
            if trouble.code is ErrorCode.DEVICE_SETTING_REFUSED:
                raise trouble
            await self._wait(trouble, backoff.next_seconds())
            self._standing.become(RelayState.STARTING)

    async def _wait(self, trouble: BasculeError, seconds: float) -> None:
        """Be WAITING for ``seconds``, or until somebody wants it now."""
        self._standing.log(
            LogLevel.WARNING, f"{trouble.message}; trying again in {seconds:g} s", trouble.problem
        )
        self._standing.become(RelayState.WAITING, trouble.problem, retry_at=time.time() + seconds)
        await self._pause(seconds)

    async def _pause(self, seconds: float) -> None:
        """Wait, or until somebody wants it now."""
        self._again.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._again.wait()
        except TimeoutError:
            pass

    async def _take_place(self, ends: Ends, places: Places) -> None:
        """Wait for a place. Raises: StreamError: there is none, or one device and its holder."""
        if not ends.target.exclusive or self._spec.overflow == "queue":
            await places.take()
        else:
            await take_device(places, ends.target.label, self._connections.live.values)

    async def _carry(self, connection: Connection, stream: Stream, ends: Ends) -> None:
        """Carry a connection to its end."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        connection.leave = partial(wake, over)
        self._connections.carry(connection, stream, ends)
        await over

    def _refuse(self, peer: Address, exc: StreamError) -> None:
        """Note a refusal, once per peer: a stubborn one shall not fill the log."""
        if peer.host not in self._refused and len(self._refused) < _REFUSED_PEERS:
            self._refused.add(peer.host)
            self._standing.log(LogLevel.WARNING, f"{peer} was refused: {exc.message}", exc.problem)
