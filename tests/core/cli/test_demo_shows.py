"""Each show passes on a real engine, and fails where the bytes are not right."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bascule.cli.demo_engine import PrivateEngine
from bascule.cli.demo_services import Services
from bascule.cli.demo_shows import SHOWS, chain


async def test_all_of_them(tmp_path: Path):
    async with Services(tmp_path) as services, PrivateEngine(tmp_path) as engine:
        possible = [show for show in SHOWS if show.possible()]
        assert len(possible) == len(SHOWS) - (sys.platform == "win32")  # no pseudo terminals there
        for show in possible:
            assert await show.run(engine, services)


async def test_a_way_past_a_proxy_is_noticed(tmp_path: Path):
    async with Services(tmp_path) as services, PrivateEngine(tmp_path) as engine:
        services.proxied.append((0, "somebody else", 0))
        with pytest.raises(ValueError, match="what the proxies were asked"):
            await chain(engine, services)
