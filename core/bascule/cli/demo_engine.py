"""Owns the demonstration's engine: a process of its own with a home of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from bascule.control.client import Client
from bascule.control.rendezvous import Rendezvous
from bascule.errors import BasculeError, ControlError, ErrorCode
from bascule.places import HOME_VARIABLE
from bascule.spec.profiles import Profile, new_id
from bascule.spec.relays import RelaySpec

_START_SECONDS = 60.0  # a scanner may look through all of it first
_LOOK_SECONDS = 0.05


def engine_command() -> list[str]:
    """How to start the engine of this very program, frozen or not."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "engine"]
    # -P: a file bascule.py in the working folder is not ours.
    return [sys.executable, "-P", "-m", "bascule", "engine"]


class PrivateEngine:
    """An engine below ``home``, and a client of it. Use it as a context manager."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.client: Client
        self._process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        environment = {**os.environ, HOME_VARIABLE: str(self.home)}
        self._process = await asyncio.create_subprocess_exec(
            *engine_command(), env=environment, stdin=asyncio.subprocess.DEVNULL
        )
        try:
            self.client = await self._enter(self._process)
        except BaseException:
            await self._kill(self._process)
            raise
        return self

    async def _enter(self, process: asyncio.subprocess.Process) -> Client:
        rendezvous = Rendezvous(self.home / "run")
        try:
            async with asyncio.timeout(_START_SECONDS):
                while process.returncode is None:
                    try:
                        return await Client.connect(rendezvous, name="demonstration")
                    except ControlError as exc:
                        if exc.code is not ErrorCode.ENGINE_NOT_RUNNING:
                            raise
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            why = f"it does not answer within {_START_SECONDS:g} seconds"
        else:
            why = f"it ended with status {process.returncode}"
        raise ControlError(f"the engine does not start: {why}", code=ErrorCode.ENGINE_LOST)

    @staticmethod
    async def _kill(process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            process.kill()
        await process.wait()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            async with asyncio.timeout(_START_SECONDS):
                await self.client.stop_engine()
                await self._process.wait()
        except (TimeoutError, BasculeError):
            pass  # it is gone already, or has to go
        finally:
            await self.client.aclose()
            await self._kill(self._process)

    async def run_relay(self, name: str, relay: RelaySpec) -> tuple[str, str]:
        """Save and start a relay; return its id and the address it listens on ("" if it does not).

        Raises: BasculeError where it fails to start.
        """
        profile = Profile(new_id(name), name, relay)
        await self.client.save(profile)
        await self.client.start(profile.id)
        async with asyncio.timeout(_START_SECONDS):
            while True:
                views = await self.client.profiles()
                status = next(view.status for view in views if view.id == profile.id)
                if status.problem is not None:
                    raise ControlError(status.problem.message, code=status.problem.code)
                if status.state == "running":
                    return profile.id, next(iter(status.listening), "")
                await asyncio.sleep(_LOOK_SECONDS)
