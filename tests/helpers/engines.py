"""Real engines for tests: processes with a home of their own, on either transport."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bascule.control.client import Client
from bascule.control.rendezvous import Meeting, Rendezvous
from bascule.errors import BasculeError
from bascule.events import RelayState
from bascule.places import HOME_VARIABLE
from bascule.snapshot import ProfileView
from tests.helpers.contract import soon

BETWEEN_LOOKS_SECONDS = 0.02


async def until[T](look: Callable[[], Awaitable[T | None]]) -> T:
    """Look at another process until there is something to see."""

    async def looking() -> T:
        while not (seen := await look()):
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)  # it cannot wake us
        return seen

    return await soon(asyncio.ensure_future(looking()))


class EngineProcess:
    """An engine below ``home``."""

    def __init__(self, home: Path, process: subprocess.Popen[bytes]) -> None:
        self.home = home
        self.process = process
        self.rendezvous = Rendezvous(home / "run")

    @property
    def meeting(self) -> Meeting:
        """What it announced."""
        meeting = self.rendezvous.read()
        assert meeting is not None
        return meeting

    async def client(self, name: str = "test") -> Client:
        """Another client of it; close it yourself."""
        return await soon(Client.connect(self.rendezvous, name=name))


@asynccontextmanager
async def engine_process(home: Path, *words: str) -> AsyncIterator[EngineProcess]:
    """Start an engine, wait until it lets clients in, end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bascule", "engine", *words],
        env={**os.environ, HOME_VARIABLE: str(home)},
        stdin=subprocess.DEVNULL,
    )
    engine = EngineProcess(home, process)

    async def reached() -> bool:
        assert process.poll() is None, "the engine ended"
        try:
            client = await Client.connect(engine.rendezvous, name="waiting")
        except BasculeError:
            return False
        await client.aclose()
        return True

    try:
        await until(reached)
        yield engine
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 20)


async def view_of(client: Client, id: str) -> ProfileView:
    """One profile as it is now."""
    return next(view for view in await client.profiles() if view.id == id)


async def running(client: Client, id: str) -> str:
    """Wait until a relay runs; return its first address ("" where it does not listen)."""

    async def look() -> ProfileView | None:
        view = await view_of(client, id)
        assert view.status.state is not RelayState.FAILED, view.status
        return view if view.status.state is RelayState.RUNNING else None

    return next(iter((await until(look)).status.listening), "")
