"""What can be typed, and the exit codes that tell how it went."""

from __future__ import annotations

from pathlib import Path

import pytest

from bascule.cli import command
from bascule.cli.command import EXIT_INTERRUPTED, EXIT_NO_ENGINE, run
from bascule.places import HOME_VARIABLE


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))


def test_without_an_engine_it_says_so(capsys: pytest.CaptureFixture[str]):
    assert run(["list"]) == EXIT_NO_ENGINE
    assert "engine is not running" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["nonsense"], ["start"], ["list", "--nonsense"]])
def test_what_is_not_understood_ends_with_2(words: list[str]):
    with pytest.raises(SystemExit) as caught:
        run(words)
    assert caught.value.code == 2


def test_a_file_that_is_no_profile_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["run", str(tmp_path / "none.toml")]) == 1
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "bad.toml").write_text("nonsense")
    assert run(["run", str(tmp_path / "bad.toml")]) == 1
    assert "not a profile" in capsys.readouterr().err


def test_how_it_may_be_cut_short(monkeypatch: pytest.MonkeyPatch):
    def cut(_options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_do", cut)
    assert run(["list"]) == EXIT_INTERRUPTED
