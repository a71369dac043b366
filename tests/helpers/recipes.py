"""Recipes in life: the relay of one is started, and its command typed in a shell, as it stands."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bascule.events import RelayState
from bascule_desktop.recipes.filled import Filled
from bascule_desktop.recipes.shelf import load_recipes
from tests.helpers.contract import soon
from tests.helpers.ports import free_port
from tests.helpers.relays import RelayRig

_TICK_SECONDS = 0.2

RECIPES = {recipe.name: recipe for recipe in load_recipes()}


@dataclass(frozen=True)
class Typed:
    """What became of a command."""

    status: int
    output: bytes
    complaint: bytes


class Person:
    """Somebody at a command that goes on, such as nc: says and hears."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def says(self, data: bytes) -> None:
        """Type something."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        await soon(self.process.stdin.drain())

    async def hears(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        assert self.process.stdout is not None
        return await soon(self.process.stdout.readexactly(count))

    async def hears_line(self) -> bytes:
        """The next line."""
        assert self.process.stdout is not None
        return await soon(self.process.stdout.readline())

    async def leaves(self) -> None:
        """End the command, and whatever it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await soon(self.process.communicate())


class Cooked:
    """A recipe whose relay runs. What is typed runs in ``folder``, with ``variables``."""

    def __init__(self, filled: Filled, rig: RelayRig, folder: Path) -> None:
        self.filled = filled
        self.rig = rig
        self.folder = folder
        self.variables: dict[str, str] = {}

    def command(self, number: int = 0, changes: Mapping[str, str] | None = None) -> str:
        """A command of the recipe; ``changes`` are what a person has to put in by themselves."""
        text = self.filled.command(self.filled.recipe.uses[number])
        for old, new in (changes or {}).items():
            assert old in text
            text = text.replace(old, new)
        return text

    async def type(self, number: int = 0, changes: Mapping[str, str] | None = None) -> Typed:
        """Type a command and wait for its end."""
        async with self.typing(number, changes) as person:
            output, complaint = await soon(person.process.communicate())
            assert person.process.returncode is not None
            return Typed(person.process.returncode, output, complaint)

    @asynccontextmanager
    async def typing(
        self, number: int = 0, changes: Mapping[str, str] | None = None
    ) -> AsyncIterator[Person]:
        """Type a command and stay at it; what it started ends with the block."""
        process = await asyncio.create_subprocess_shell(
            self.command(number, changes),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self.folder,
            env={**os.environ, "no_proxy": "*", **self.variables},
            start_new_session=True,
        )
        person = Person(process)
        try:
            yield person
        finally:
            await person.leaves()


@asynccontextmanager
async def cooked(
    name: str, folder: Path, *, waits: bool = False, **values: object
) -> AsyncIterator[Cooked]:
    """Start the relay of a recipe. ``values`` are filled in by the path of their field, its dots as
    ``__``; where it listens on a port, that is a free one of this computer alone. One that
    ``waits`` has its other side only later.
    """
    filled = Filled(RECIPES[name])
    if filled.value("source.port") is not None and "source__port" not in values:
        host = "::1" if filled.value("source.family") == "ipv6" else "127.0.0.1"
        filled.put("source.host", host)
        filled.put("source.port", free_port(host))
    for place, value in values.items():
        path = place.replace("__", ".")
        assert filled.value(path) is not None, path
        filled.put(path, value)
    folder.mkdir(exist_ok=True)
    async with RelayRig(filled.relay()) as rig:
        rig.relay.start()
        if not waits:
            await rig.reach(RelayState.RUNNING)
        clock = asyncio.create_task(_tick(rig))
        try:
            yield Cooked(filled, rig, folder)
        finally:
            clock.cancel()
            await asyncio.wait([clock])


async def _tick(rig: RelayRig) -> None:
    """Be the engine's clock, which limits of time need."""
    while True:
        rig.tick()
        await asyncio.sleep(_TICK_SECONDS)
