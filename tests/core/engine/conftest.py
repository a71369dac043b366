"""Which event loop the tests of this folder run on: the engine's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pytest

from bascule.cli.loop import loop_factory


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Function
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The fastest loop that is installed."""
    return {"engine": loop_factory()}
