"""A played engine for the wizard, and waiting for what the window does. No process, no socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, SignalInstance

from bascule.control.client import OnStage
from bascule.control.messages import CertificateRequest
from bascule.errors import BasculeError, Problem
from bascule.events import Stage, StageResult
from bascule.facts import CertificateFacts, CertificateMade, PortInfo
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import PATIENCE_SECONDS

SCALE = PortInfo("COM5", "USB Serial Port", "FTDI", 0x0403, 0x6001, "A1", "1-2")


class PlayedClient:
    """Answers as the engine does; what it was asked stands in its attributes."""

    def __init__(self) -> None:
        self.ports: tuple[PortInfo, ...] = (SCALE,)
        self.stages: list[StageResult] = [
            StageResult(Stage.LISTEN, "127.0.0.1:8080", True, milliseconds=1.25),
            StageResult(Stage.CONNECT, "server.example:80", True, None, "10.0.0.3:80", 12.0),
        ]
        self.failure: BasculeError | None = None
        self.facts = CertificateFacts(
            "scale", "Bascule", ("scale", "10.0.0.3"), 0.0, 4e9, "AB:CD", False, False, False, True
        )
        self.gate: asyncio.Event | None = None
        self.listing: asyncio.Event | None = None
        self.tested: list[tuple[RelaySpec, dict[str, str], str | None]] = []
        self.saved: list[tuple[Profile, dict[str, str]]] = []
        self.requests: list[CertificateRequest] = []

    def _maybe_fail(self) -> None:
        if self.failure is not None:
            raise self.failure

    async def free_port(self, host: str, port: int) -> int:
        self._maybe_fail()
        return port

    async def serial_ports(self) -> tuple[PortInfo, ...]:
        self._maybe_fail()
        if self.listing is not None:
            await self.listing.wait()
        return self.ports

    async def create_certificate(self, request: CertificateRequest) -> CertificateMade:
        self.requests.append(request)
        self._maybe_fail()
        return CertificateMade("/c/scale.pem", "/c/scale.key", "/c/authority.pem", self.facts)

    async def certificate_facts(self, certificate: str, key: str = "") -> CertificateFacts:
        self._maybe_fail()
        return self.facts

    async def test(
        self,
        relay: RelaySpec,
        secrets: Mapping[str, str] | None = None,
        on_stage: OnStage | None = None,
        *,
        running: str | None = None,
    ) -> tuple[StageResult, ...]:
        self.tested.append((relay, dict(secrets or {}), running))
        self._maybe_fail()
        for stage in self.stages:
            if on_stage is not None:
                on_stage(StageResult(stage.stage, stage.subject, done=False))
            if self.gate is not None:
                await self.gate.wait()
            if on_stage is not None:
                on_stage(stage)
        return tuple(self.stages)

    async def save(self, profile: Profile, secrets: Mapping[str, str] | None = None) -> None:
        self._maybe_fail()
        self.saved.append((profile, dict(secrets or {})))


class PlayedLink(QObject):
    """A link that is always connected."""

    connected = True

    def __init__(self) -> None:
        super().__init__()
        self.client = PlayedClient()


async def signalled(signal: SignalInstance, act: Callable[[], object]) -> tuple[Any, ...]:
    """Do something, and wait until a signal says that it has come about."""
    heard: asyncio.Future[tuple[Any, ...]] = asyncio.get_running_loop().create_future()

    def hear(*arguments: Any) -> None:
        if not heard.done():
            heard.set_result(arguments)

    signal.connect(hear)
    try:
        act()
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await heard
    finally:
        signal.disconnect(hear)


async def rounds(holds: Callable[[], bool]) -> None:
    """Let the loop go round until something holds; a played engine needs but a few rounds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():
            await asyncio.sleep(0)


def failed(stage: Stage, subject: str, problem: Problem) -> StageResult:
    """A step that did not work."""
    return StageResult(stage, subject, True, problem, milliseconds=3.0)
