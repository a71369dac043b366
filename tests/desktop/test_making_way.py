"""Making way for an installer and coming back: a real window, a real engine, a relay that runs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from bascule.control.client import Client
from bascule.control.rendezvous import Rendezvous
from bascule.errors import BasculeError
from bascule.places import Places
from bascule_desktop import launcher
from bascule_desktop import making_way as module
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.engines import forward, running, started

COMMAND = [sys.executable, "-m", "bascule_desktop"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="tells it to end by a signal")


@pytest.fixture
def clean(places: Places) -> Iterator[None]:
    """Whatever came back goes again."""
    yield
    subprocess.run([*COMMAND, "--leave"], check=False)
    rendezvous = Rendezvous(places.runtime)
    if (meeting := rendezvous.read()) is not None:
        with contextlib.suppress(ProcessLookupError):  # it has just left
            os.kill(meeting.pid, signal.SIGTERM)


async def does(word: str) -> int:
    """How the desktop ends that is given this word."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        process = await asyncio.create_subprocess_exec(*COMMAND, word)
        return await process.wait()


async def enter(places: Places) -> Client:
    """A client of the engine, as soon as there is one."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await Client.connect(Rendezvous(places.runtime), name="test")
            except BasculeError:
                await asyncio.sleep(0.02)


@pytest.mark.usefixtures("clean")
async def test_window_engine_and_relay_end_and_come_back(places: Places) -> None:
    window = await asyncio.create_subprocess_exec(*COMMAND, "--hidden")
    profile = forward("runs")
    client = await enter(places)
    await started(client, profile)
    before = client.info.pid
    assert await does("--make-way") == 0
    await client.aclose()
    assert await asyncio.wait_for(window.wait(), PATIENCE_SECONDS) == 0
    assert Rendezvous(places.runtime).vacant

    assert (
        await does("--make-way") == 1
    )  # the older version, as it is removed: nothing is forgotten
    back = await asyncio.create_subprocess_exec(*COMMAND, "--come-back")
    async with await enter(places) as client:
        assert client.info.pid != before
        await running(client, profile.id)
        assert await does("--leave") == 0  # it is the window that came back, and it goes on
    assert await asyncio.wait_for(back.wait(), PATIENCE_SECONDS) == 0
    assert await does("--come-back") == 0  # once
    assert await does("--leave") == 1


@asynccontextmanager
async def engine(places: Places) -> AsyncIterator[Client]:
    """A client of an engine without a window, which has to end in order."""
    process = await asyncio.create_subprocess_exec(*launcher.engine_command())
    async with await enter(places) as client:
        yield client
    assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0


@pytest.mark.usefixtures("clean")
async def test_an_engine_alone_comes_back_alone(places: Places) -> None:
    profile = forward("runs")
    async with engine(places) as client:
        await started(client, profile)
        before = client.info.pid
        assert await does("--make-way") == 0
    assert await does("--come-back") == 0
    async with await enter(places) as client:
        assert client.info.pid != before
        await running(client, profile.id)
    assert await does("--leave") == 1  # there is no window


async def test_where_nothing_ran_nothing_comes_back(places: Places) -> None:
    assert await does("--make-way") == 1
    assert await does("--come-back") == 0
    assert await does("--leave") == 1
    assert Rendezvous(places.runtime).read() is None


async def test_what_ended_long_ago_stays_ended(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine(places):
        assert await does("--make-way") == 0
    later = time.time() + module._HONOURED_SECONDS + 1
    monkeypatch.setattr(module.time, "time", lambda: later)
    assert not module.come_back(places.runtime)
    assert Rendezvous(places.runtime).read() is None
