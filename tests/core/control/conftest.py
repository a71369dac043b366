"""What the tests of this folder share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.helpers.doors import DOORS
from tests.helpers.engines import EngineProcess, Served, engine_process, serving


@pytest.fixture(params=DOORS)
async def engine_by_each_door(
    tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[EngineProcess]:
    """A process of its own, by each door that there is; it lives in the end."""
    async with engine_process(tmp_path, *request.param) as engine:
        kind = "tcp:127.0.0.1:" if request.param else "unix:"
        assert engine.meeting.address.startswith(kind)
        yield engine
        async with await engine.client() as client:  # whatever was done to it, it lives
            assert client.info.pid == engine.process.pid


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A server in this process."""
    async with serving(tmp_path) as served:
        yield served
