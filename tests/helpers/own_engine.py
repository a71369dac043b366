"""An engine in this process: one profile, and how its relay stands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

from bascule.engine.engine import Engine
from bascule.errors import BasculeError, ErrorCode
from bascule.events import RelayState
from bascule.snapshot import ProfileView
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import soon

LOCAL = "127.0.0.1"
PROFILE = Profile("echo-0001", "Echo", RelaySpec(TcpListen(0), TcpConnect(LOCAL, 9)))


def view(engine: Engine, id: str = PROFILE.id) -> ProfileView:
    return next(view for view in engine.snapshot().profiles if view.id == id)


async def state(engine: Engine, wanted: RelayState, id: str = PROFILE.id) -> ProfileView:
    """Wait for a relay to be in a state."""
    watcher = engine.bus.watch()

    async def waiting() -> ProfileView:
        while (seen := view(engine, id)).status.state is not wanted:
            await watcher.take()
        return seen

    try:
        return await soon(asyncio.ensure_future(waiting()))
    finally:
        engine.bus.forget(watcher)


async def results(*work: Awaitable[None]) -> list[ErrorCode | None]:
    """What came of work that was begun at the same time; only our errors may."""
    found: list[ErrorCode | None] = []
    for result in await soon(asyncio.gather(*work, return_exceptions=True)):
        assert result is None or isinstance(result, BasculeError), result
        found.append(result.code if result else None)
    return found


def edited(number: int) -> Profile:
    return replace(PROFILE, relay=replace(PROFILE.relay, idle_seconds=float(number)))
