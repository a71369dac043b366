"""The engine's process: one a user, on either transport, ending in order and by itself."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bascule.cli.command import run
from bascule.cli.serve import serve
from bascule.places import HOME_VARIABLE
from tests.helpers.engines import engine_process, until


async def test_a_second_engine_is_refused_with_the_pid(tmp_path: Path):
    async with engine_process(tmp_path) as engine:
        done = subprocess.run(
            [sys.executable, "-m", "bascule", "engine"],
            env={**os.environ, HOME_VARIABLE: str(tmp_path)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1
        assert b"already running" in done.stderr
        assert engine.meeting.pid == engine.process.pid
        kind = "tcp:127.0.0.1:" if sys.platform == "win32" else "unix:"
        assert engine.meeting.address.startswith(kind)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows signals no other process")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_and_leaves_nothing(tmp_path: Path, number: signal.Signals):
    async with engine_process(tmp_path, "--tcp") as engine:
        assert engine.meeting.address.startswith("tcp:127.0.0.1:")
        engine.process.send_signal(number)

        async def ended() -> bool:
            return engine.process.poll() is not None

        await until(ended)
        assert engine.process.returncode == 0
    left = {path.name for path in (tmp_path / "run").iterdir()}
    assert left == {"engine.lock"}
    assert "leaves on a signal" in (tmp_path / "state/logs/engine.log").read_text()


async def test_what_a_killed_engine_left_behind_is_no_obstacle(tmp_path: Path):
    async with engine_process(tmp_path) as engine:
        engine.process.kill()
        engine.process.wait()
    async with engine_process(tmp_path) as again:
        client = await again.client()
        assert client.info.pid == again.process.pid
        await client.aclose()


def test_it_leaves_when_nobody_needs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert run(["engine", "--leave-after", "0.1"]) == 0
    assert "nobody needs the engine" in (tmp_path / "state/logs/engine.log").read_text()


def test_who_started_it_can_end_it_from_another_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    stops: list[Callable[[], None]] = []

    def entered(stop: Callable[[], None]) -> None:
        stops.append(stop)
        threading.Thread(target=stop).start()

    assert serve(tcp=True, leave_seconds=math.inf, entered=entered) == 0
    assert not (tmp_path / "run" / "engine.json").exists()
    stops[0]()  # it has ended already, and that is all right
