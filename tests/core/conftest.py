"""What every test of the core gets: no example of Hypothesis is measured by its time, and an engine
in a process of its own where it asks for one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bascule.control.client import Client
from tests.helpers.engines import EngineProcess, engine_process

# On a busy machine the same example takes ten times as long, and nothing is wrong.
settings.register_profile("core", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("core")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[EngineProcess]:
    """An engine with a home of its own, as a process."""
    async with engine_process(tmp_path / "home") as engine:
        yield engine


@pytest.fixture
async def client(engine: EngineProcess) -> AsyncIterator[Client]:
    """A client of that engine."""
    async with await engine.client() as client:
        yield client
