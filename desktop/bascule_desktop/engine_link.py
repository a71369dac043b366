"""Owns the way to the engine: finds or starts it, follows its events into the store, and when it
dies starts another one and what ran in it.

The rest of the desktop sees three signals, a store and a client. Nothing is drawn here.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from bascule import __version__
from bascule.control.client import Client
from bascule.control.handover import Handover, end_engine, handed_over, occupation
from bascule.control.rendezvous import Rendezvous
from bascule.errors import BasculeError, ControlError, ErrorCode, Problem
from bascule.places import Places
from bascule.snapshot import Event
from bascule.spec.releases import is_newer
from bascule_desktop.launcher import Launcher
from bascule_desktop.store import Changes, Store

BATCH_MILLISECONDS = 50
_TICK_MILLISECONDS = 1000
_HELLO_SECONDS = 5.0
_LASTED_SECONDS = 30.0
"""An engine that lived so long was healthy: when it goes, the next try is at once again."""

_UNSTABLE_LOSSES = 3
"""An engine that went so often in a row, soon after it began, has a fault that will not pass."""

_PAUSES_SECONDS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
_OTHER_VERSION_PAUSE_SECONDS = 2.0


class LinkState(StrEnum):
    """How things stand between window and engine.

    RESTARTED lies between LOST and CONNECTED where another engine took the place of the lost one:
    it answers, and what ran is being started again.
    """

    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"
    RESTARTED = "restarted"


class EngineLink(QObject):
    """The engine as the window sees it. ``run`` is the task that keeps it so."""

    changed = Signal(object)
    """A ``Changes``: the store was changed, at most every 50 ms."""

    state_changed = Signal(object)
    """A ``LinkState``; ``problem`` says why it is not CONNECTED."""

    noticed = Signal(str, dict)
    """Something to tell: ``engine_restarted`` {relays}; ``engine_unstable`` {relays, times}, where
    it went several times in a row; ``engine_renewed`` {relays}, where the old one was asked to end;
    ``engine_version`` {version, connections, newer}, where one of another
    version has connections open, or is the newer one.
    """

    def __init__(
        self, places: Places, parent: QObject | None = None, *, launcher: Launcher | None = None
    ) -> None:
        super().__init__(parent)
        self.places = places
        self.store = Store()
        self.state = LinkState.CONNECTING
        self.problem: Problem | None = None
        self._rendezvous = Rendezvous(places.runtime)
        self._launcher = launcher or Launcher(places)
        self._client: Client | None = None
        self._pid = 0
        self._resume: set[str] = set()
        self._quick_losses = 0
        self._version_told = 0
        self._handover: Handover | None = None
        self._leaving = False
        self._hurried = asyncio.Event()
        self._pending: list[Event] = []
        self._flush = QTimer(self)
        self._flush.setSingleShot(True)
        self._flush.setInterval(BATCH_MILLISECONDS)
        self._flush.timeout.connect(self._apply_pending)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MILLISECONDS)
        self._tick.timeout.connect(self._on_tick)

    @property
    def client(self) -> Client:
        """The connected client. Raises: ControlError ENGINE_LOST while there is none."""
        if self._client is None:
            raise ControlError("the engine is not connected", code=ErrorCode.ENGINE_LOST)
        return self._client

    @property
    def connected(self) -> bool:
        """Whether the engine can be asked now."""
        return self._client is not None

    async def run(self) -> None:
        """Find or start the engine and follow it, for as long as the desktop runs."""
        self._tick.start()
        try:
            while not self._leaving:
                client = await self._reach()
                begun = time.monotonic()
                try:
                    await self._follow(client)
                except BasculeError as exc:
                    lasted = time.monotonic() - begun >= _LASTED_SECONDS
                    self._quick_losses = 1 if lasted else self._quick_losses + 1
                    self._lose(exc.problem)
                finally:
                    self._client = None
                    await client.aclose()
        finally:
            self._tick.stop()
            self._flush.stop()

    async def until_connected(self) -> None:
        """Wait until the engine can be asked."""
        changed = asyncio.Event()

        def wake(_state: LinkState) -> None:
            changed.set()

        self.state_changed.connect(wake)
        try:
            while self._client is None:
                await changed.wait()
                changed.clear()
        finally:
            self.state_changed.disconnect(wake)

    async def leave(self, *, stop_engine: bool) -> None:
        """Detach for good; with ``stop_engine`` every relay and the engine stop first.

        Raises: what the engine answers, where it does not stop; it is left all the same.
        """
        self._leaving = True
        if stop_engine and self._client is not None:
            try:
                await self._client.stop_engine()
            except BasculeError as exc:
                if exc.code is not ErrorCode.ENGINE_LOST:  # it stopped before it could answer
                    raise

    def try_again(self) -> None:
        """Look for the engine at once, and start it anew where it takes long to begin."""
        if self._client is None:
            self._set(self.state)  # what stands in the way may be told once more
            self._launcher.start_anew()
            self._hurried.set()

    async def replace_engine(self) -> None:
        """End the running engine of another version, and its connections; ``run`` starts ours
        then, and ours the relays.
        """
        meeting = self._rendezvous.read()
        if meeting is None or meeting.pid != self._version_told:
            return
        try:
            await self._end_other()
        except (BasculeError, OSError):  # it does not understand or answer, or no note is taken
            if self._rendezvous.vacant:
                return  # it left by itself, and its number may be another program's by now
            with contextlib.suppress(OSError):
                os.kill(meeting.pid, signal.SIGTERM)

    # reach --------------------------------------------------------------------------------------

    async def _reach(self) -> Client:
        attempt = max(self._quick_losses - 1, 0)
        while True:
            await self._pause(_PAUSES_SECONDS[min(attempt, len(_PAUSES_SECONDS) - 1)])
            attempt += 1
            try:
                return await self._connect_or_start()
            except BasculeError as exc:
                if exc.code is ErrorCode.PROTOCOL_MISMATCH:
                    await self._pause(_OTHER_VERSION_PAUSE_SECONDS)
                    attempt = 0
                elif exc.code in (ErrorCode.TOKEN_REFUSED, ErrorCode.ENGINE_STOPPED):
                    attempt = min(attempt, 2)  # an engine is just taking another one's place
                self._tell_why(exc.problem)

    async def _pause(self, seconds: float) -> None:
        """Wait, or until somebody wants it at once."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurried.wait()
        self._hurried.clear()

    def _tell_why(self, problem: Problem) -> None:
        """There is no engine yet."""
        lost = self.state is LinkState.LOST
        self._set(LinkState.LOST if lost else LinkState.CONNECTING, problem)

    async def _connect_or_start(self) -> Client:
        try:
            client = await self._connect()
        except BasculeError as exc:
            if exc.code is ErrorCode.PROTOCOL_MISMATCH:
                if not await self._renewed():
                    raise
            elif exc.code is not ErrorCode.ENGINE_NOT_RUNNING:
                raise
            elif self._held():
                raise _stopped() from exc
        else:
            if client.info.version == __version__ or not await self._renewed():
                return client
            await client.aclose()
        return await self._launcher.launch(self._connect, self._tell_why)

    def _held(self) -> bool:
        """Whether who asked the engine to end may not be done yet."""
        return self._handover is not None and self._handover == handed_over(self._rendezvous)

    async def _renewed(self) -> bool:
        """End the running engine of another version, where that harms nobody; else tell it once."""
        meeting = self._rendezvous.read()
        if meeting is None or meeting.pid == self._version_told:
            return False
        self._version_told = meeting.pid
        newer = is_newer(meeting.version, __version__)
        connections = 0
        try:
            connections = (await occupation(self._rendezvous)).connections
            if not connections and not newer:
                await self._end_other()
                return True
        except (BasculeError, OSError):
            pass  # it must be ended in another way, which is not ours to choose
        facts = {"version": meeting.version, "connections": connections, "newer": newer}
        self.noticed.emit("engine_version", facts)
        return False

    async def _end_other(self) -> None:
        ended = await end_engine(self._rendezvous, resume=True)
        if self._client is None:  # else its successor is there already, and was told of
            self._handover = Handover(0.0, ended.was.relays)

    async def _connect(self) -> Client:
        try:
            async with asyncio.timeout(_HELLO_SECONDS):
                return await Client.connect(self._rendezvous, name="desktop")
        except TimeoutError as exc:
            raise ControlError("the engine does not answer", code=ErrorCode.ENGINE_LOST) from exc

    # follow -------------------------------------------------------------------------------------

    async def _follow(self, client: Client) -> None:
        """Take events until the connection ends. Raises: ControlError ENGINE_LOST."""
        replaced = self._pid not in (0, client.info.pid)
        first = True
        async for batch in client.watch():
            self._pending.extend(batch)
            if not first:
                if not self._flush.isActive():
                    self._flush.start()
                continue
            first = False
            self._client, self._pid = client, client.info.pid
            self._apply_pending()
            if self._handover is not None:  # the engine itself starts what ran
                self.noticed.emit("engine_renewed", {"relays": len(self._handover.relays)})
                self._handover = None
            elif replaced:
                await self._start_again(client)
            self._resume.clear()
            self._set(LinkState.CONNECTED)

    async def _start_again(self, client: Client) -> None:
        """Start what ran in the engine that was lost."""
        self._set(LinkState.RESTARTED, self.problem)
        accepted = 0
        for relay in sorted(self._resume):
            try:
                await client.start(relay)
                accepted += 1
            except BasculeError as exc:
                if exc.code is ErrorCode.ENGINE_LOST:
                    raise
                # Its profile is gone or damaged: there is no such row, or the row says it.
        if self._quick_losses < _UNSTABLE_LOSSES:
            self.noticed.emit("engine_restarted", {"relays": accepted})
        else:
            facts = {"relays": accepted, "times": self._quick_losses}
            self.noticed.emit("engine_unstable", facts)

    def _lose(self, problem: Problem) -> None:
        self._apply_pending()
        self._resume.update(self.store.active_ids())
        self._client = None
        if self._handover is None and (note := handed_over(self._rendezvous)) is not None:
            self._handover = note
            self._resume.clear()
            self._quick_losses = 0
            problem = _stopped().problem
        if self._leaving:
            return
        self._tell(self.store.mark_lost())
        self._set(LinkState.LOST, problem)

    # out ----------------------------------------------------------------------------------------

    def _set(self, state: LinkState, problem: Problem | None = None) -> None:
        if (state, problem) != (self.state, self.problem):
            self.state, self.problem = state, problem
            self.state_changed.emit(state)

    def _apply_pending(self) -> None:
        self._flush.stop()
        events, self._pending = self._pending, []
        if events:
            self._tell(self.store.apply(events, time.time()))

    def _on_tick(self) -> None:
        if self._client is not None:
            self._tell(self.store.tick(time.time()))

    def _tell(self, changes: Changes) -> None:
        if changes:
            self.changed.emit(changes)


def _stopped() -> ControlError:
    return ControlError("the engine was asked to end", code=ErrorCode.ENGINE_STOPPED)
