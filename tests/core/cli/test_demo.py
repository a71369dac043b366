"""The demonstration proves every kind of relay, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bascule.cli import demo
from bascule.cli.demo_shows import SHOWS, Show


def test_as_a_person_runs_it(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "bascule", "demo"],
        env={**os.environ, "TMPDIR": str(tmp_path), "BASCULE_HOME": str(tmp_path / "mine")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert lines[-1] == "4 passed, 0 failed"
    assert len([line for line in lines if line.startswith("✓")]) == len(SHOWS)
    assert list(tmp_path.iterdir()) == []


def test_a_show_that_fails_is_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    async def fails(*_: object) -> str:
        raise ValueError("the bytes differ")

    async def works(*_: object) -> str:
        return "fine"

    shows = (
        Show("First", works),
        Show("Second", fails),
        Show("Third", works, lambda: False, "not on this system"),
    )
    monkeypatch.setattr(demo, "SHOWS", shows)
    assert demo.demonstrate() == 1
    assert capsys.readouterr().out.splitlines() == [
        "✓ First: fine",
        "✗ Second: the bytes differ",
        "- Third: not on this system",
        "1 passed, 1 failed",
    ]
