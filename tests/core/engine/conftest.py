"""Which event loop the tests of this folder run on (the engine's own), and an engine on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest

from bascule.cli.loop import loop_factory
from bascule.engine.engine import Engine
from bascule.places import Places
from tests.helpers.contract import soon


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Function
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The fastest loop that is installed."""
    return {"engine": loop_factory()}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Folders of its own."""
    return Places(tmp_path / "config", tmp_path / "state", tmp_path / "run")


@pytest.fixture
async def engine(places: Places) -> AsyncIterator[Engine]:
    """An engine without a keyring, that has begun."""
    engine = Engine(places, lambda: None)
    await engine.open()
    yield engine
    await soon(asyncio.ensure_future(engine.aclose()))
