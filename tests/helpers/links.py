"""Whoever looks at the desktop's way to the engine, and an engine's client that is played."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from bascule import __version__
from bascule.control.messages import EngineInfo
from bascule.errors import BasculeError, ControlError, ErrorCode
from bascule.events import RelayState, RelayStatus
from bascule.snapshot import Event, ProfileView, Snapshot
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop.engine_link import EngineLink, LinkState
from bascule_desktop.store import Changes
from tests.helpers.contract import PATIENCE_SECONDS

LOST = ControlError("lost", code=ErrorCode.ENGINE_LOST)


class Witness:
    """What a link told, and waiting until it has."""

    def __init__(self, link: EngineLink) -> None:
        self.states: list[LinkState] = []
        self.notices: list[tuple[str, dict[str, Any]]] = []
        self.changes: list[Changes] = []
        self._news = asyncio.Event()
        link.state_changed.connect(self._on_state)
        link.noticed.connect(self._on_notice)
        link.changed.connect(self._on_changes)

    def _on_state(self, state: LinkState) -> None:
        self.states.append(state)
        self._news.set()

    def _on_notice(self, key: str, facts: dict[str, Any]) -> None:
        self.notices.append((key, facts))
        self._news.set()

    def _on_changes(self, changes: Changes) -> None:
        self.changes.append(changes)
        self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                await self._news.wait()
                self._news.clear()


@asynccontextmanager
async def running(link: EngineLink) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.get_running_loop().create_task(link.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def profile(id: str = "echo-1") -> Profile:
    return Profile(id, "Echo", RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 9)))


def state_of(link: EngineLink, id: str = "echo-1") -> RelayState | None:
    row = link.store.rows.get(id)
    return row.status.state if row else None


class PlayedClient:
    """An engine's client that says what the test wants."""

    def __init__(self, pid: int = 1) -> None:
        self.info = EngineInfo(__version__, pid)
        self.batches: asyncio.Queue[list[Event] | None] = asyncio.Queue()
        self.started: list[str] = []
        self.refuses: dict[str, BasculeError] = {}
        self.stop_refused: BasculeError | None = None

    def say(self, *events: Event) -> None:
        self.batches.put_nowait(list(events))

    def lose(self) -> None:
        self.batches.put_nowait(None)

    async def watch(self) -> AsyncIterator[list[Event]]:
        while (batch := await self.batches.get()) is not None:
            yield batch
        raise LOST

    async def start(self, relay: str) -> None:
        if relay in self.refuses:
            raise self.refuses[relay]
        self.started.append(relay)

    async def stop_engine(self) -> None:
        if self.stop_refused is not None:
            raise self.stop_refused

    async def aclose(self) -> None:
        pass


def running_view(*ids: str) -> Snapshot:
    status = RelayStatus(RelayState.RUNNING)
    return Snapshot(tuple(ProfileView(id, "", profile(id), status=status) for id in ids))
