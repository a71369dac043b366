"""The demonstration proves every kind of relay, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bascule.cli import demo
from bascule.cli.demo_shows import SHOWS, Show
from tests.helpers.contract import PATIENCE_SECONDS


def test_as_a_person_runs_it(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "bascule", "demo"],
        env={
            **os.environ,
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(tmp_path)),
            "BASCULE_HOME": str(tmp_path / "mine"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    shown = [show for show in SHOWS if show.possible()]
    assert len(shown) >= 3  # Windows has no serial port of its own
    assert lines[-1] == f"{len(shown)} passed, 0 failed"
    assert len([line for line in lines if line.startswith("✓")]) == len(shown)
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
