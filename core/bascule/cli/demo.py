"""Owns ``bascule demo``: real relays of every kind on this computer alone, proved on real bytes.

A private engine in a process of its own, loopback services in this one; nothing of the user's is
read or written, and everything is gone afterwards.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from bascule.cli.demo_engine import PrivateEngine
from bascule.cli.demo_services import Services
from bascule.cli.demo_shows import SHOWS
from bascule.cli.loop import run_until_done
from bascule.errors import BasculeError

_SHOW_SECONDS = 30.0


def demonstrate() -> int:
    """Run every show, print one line each and last ``N passed, N failed``; 0 if all passed."""
    return run_until_done(_demonstrate(lambda line: print(line, flush=True)))


async def _demonstrate(say: Callable[[str], None]) -> int:
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="bascule-demo-") as folder:
        home = Path(folder)
        async with Services(home) as services, PrivateEngine(home) as engine:
            for show in SHOWS:
                if not show.possible():
                    say(f"- {show.title}: {show.impossible}")
                    continue
                try:
                    async with asyncio.timeout(_SHOW_SECONDS):
                        words = await show.run(engine, services)
                except (BasculeError, OSError, TimeoutError, AssertionError, ValueError) as exc:
                    failed += 1
                    say(f"✗ {show.title}: {exc or type(exc).__name__}")
                else:
                    passed += 1
                    say(f"✓ {show.title}: {words}")
    say(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1
