"""``bascule service`` as a person types it, on a system that lacks what would start it."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from bascule.cli.command import run
from bascule.places import HOME_VARIABLE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="systemd")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's settings, and a PATH with nothing on it but what a test puts there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def put(settings: Path, name: str, script: str) -> None:
    program = settings / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_what_would_be_installed_is_shown_and_nothing_is_done(
    settings: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["service", "show"]) == 0
    shown = capsys.readouterr().out
    assert "ExecStart=" in shown and "bascule-engine.service" in shown
    assert not (settings / "config").exists()


def test_where_there_is_no_systemd_it_says_what_to_do(
    settings: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["service", "status"]) == 3
    assert capsys.readouterr().out == "not installed\n"
    assert run(["service", "install"]) == 1
    assert "there is no systemctl here" in capsys.readouterr().err
    assert run(["service", "start"]) == 1
    assert "bascule service install" in capsys.readouterr().err


def test_the_verbs_reach_the_system(settings: Path, capsys: pytest.CaptureFixture[str]):
    told = settings / "told"
    for name in ("systemctl", "loginctl"):
        put(settings, name, f'echo "{name} $*" >> {told}')
    for verb in ("install", "start", "status", "stop", "remove"):
        assert run(["service", verb]) == 0
    assert "running\n" in capsys.readouterr().out
    assert told.read_text().splitlines() == [
        "systemctl --user daemon-reload",
        "systemctl --user enable bascule-engine.service",
        "loginctl enable-linger",
        "systemctl --user start bascule-engine.service",
        "systemctl --user is-active --quiet bascule-engine.service",
        "systemctl --user stop bascule-engine.service",
        "systemctl --user disable --now bascule-engine.service",
        "systemctl --user daemon-reload",
    ]
    assert run(["service", "status"]) == 3


def test_a_portable_copy_leaves_no_service_on_the_computer(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    for name in ("systemctl", "loginctl"):
        put(settings, name, "exit 0")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(settings / "stick" / "bascule"))
    (settings / "stick" / "bascule-data").mkdir(parents=True)
    assert run(["service", "install"]) == 1
    assert "portable" in capsys.readouterr().err
    assert not (settings / "config").exists()


def test_purging_is_for_what_is_removed(settings: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        run(["service", "stop", "--purge"])
    assert ended.value.code == 2
    assert "--purge" in capsys.readouterr().err


def test_the_service_is_ones_own_engine_here(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(HOME_VARIABLE, str(settings / "home"))
    assert run(["--engine", "service", "list"]) == 3  # no engine runs, and it looked there
    assert os.environ[HOME_VARIABLE] == str(settings / "home")


def test_an_installer_hears_nothing_of_what_goes_well(
    settings: Path, capsys: pytest.CaptureFixture[str]
):
    for name in ("systemctl", "loginctl"):
        put(settings, name, "exit 0")
    assert run(["service", "install", "--quiet"]) == 0
    assert run(["service", "remove", "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["service", "remove", "--quiet"]) == 1
    assert "bascule service install" in capsys.readouterr().err
