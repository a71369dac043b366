"""Start at login: the entry of each system, and that of this one for real."""

from __future__ import annotations

import plistlib
import subprocess
import sys
from pathlib import Path

import pytest

from bascule.places import HOME_VARIABLE
from bascule_desktop import autostart
from bascule_desktop.autostart import (
    desktop_entry,
    entry_is_on,
    is_enabled,
    launch_agent,
    run_value,
    set_enabled,
    start_command,
)

XDG = pytest.mark.skipif(sys.platform != "linux", reason="the entry is a file of XDG")
ODD = ['/opt/My Apps/100% $HOME `x` "q" \\b', "--hidden", "", "a'b"]


def exec_words(entry: str) -> list[str]:
    """Read an Exec line as a desktop does: string escapes, then quotes (those of the shell), then
    field codes.
    """
    line = next(line for line in entry.splitlines() if line.startswith("Exec="))
    value = line.removeprefix("Exec=").replace("\\\\", "\\")
    said = subprocess.run(
        ["sh", "-c", f"printf '%s\\0' {value}"], capture_output=True, text=True, check=True
    )
    return [word.replace("%%", "%") for word in said.stdout.split("\0")[:-1]]


def test_a_plain_command_stays_plain() -> None:
    entry = desktop_entry(["/usr/bin/bascule-desktop", "--hidden"])
    assert entry.startswith("[Desktop Entry]\nType=Application\nName=Bascule\n")
    assert "\nExec=/usr/bin/bascule-desktop --hidden\n" in entry
    assert entry_is_on(entry)


@XDG
def test_an_odd_command_comes_back_whole() -> None:
    assert exec_words(desktop_entry(ODD)) == ODD


@XDG
def test_a_home_of_ones_own_is_kept() -> None:
    words = exec_words(desktop_entry(["/b", "--hidden"], "/my home"))
    assert words == ["env", f"{HOME_VARIABLE}=/my home", "/b", "--hidden"]
    agent = plistlib.loads(launch_agent(["/b"], "/my home"))
    assert agent["EnvironmentVariables"] == {HOME_VARIABLE: "/my home"}


@pytest.mark.parametrize(
    ("more", "on"),
    [
        ("Hidden=true", False),
        ("Hidden = True ", False),
        ("X-GNOME-Autostart-enabled=false", False),
        ("Hidden=false", True),
        ("# Hidden=true", True),
    ],
)
def test_an_entry_may_be_switched_off_elsewhere(more: str, on: bool) -> None:
    assert entry_is_on(desktop_entry(["/b"]) + more + "\n") is on


def test_launch_agent() -> None:
    agent = plistlib.loads(launch_agent(ODD))
    assert agent["ProgramArguments"] == ODD
    assert agent["RunAtLoad"] is True
    assert "EnvironmentVariables" not in agent


def test_run_value() -> None:
    value = run_value([r"C:\Program Files\Bascule\bascule-desktop.exe", "--hidden"])
    assert value == r'"C:\Program Files\Bascule\bascule-desktop.exe" --hidden'


def test_the_command_is_that_of_this_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python3"
    monkeypatch.setattr(sys, "executable", str(python))
    assert start_command() == [str(python), "-P", "-m", "bascule_desktop", "--hidden"]
    name = "bascule-desktop.exe" if sys.platform == "win32" else "bascule-desktop"
    (tmp_path / name).touch()
    assert start_command() == [str(tmp_path / name), "--hidden"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert start_command() == [str(python), "--hidden"]


@XDG
def test_on_and_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    file = tmp_path / "autostart" / "bascule.desktop"
    assert not is_enabled()
    set_enabled(True)
    set_enabled(True)
    assert is_enabled()
    assert exec_words(file.read_text("utf-8")) == start_command()
    file.write_text(file.read_text("utf-8") + "Hidden=true\n")
    assert not is_enabled()
    set_enabled(False)
    set_enabled(False)
    assert not file.exists()


@XDG
def test_where_the_entry_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for config in ("", "relative/path"):  # XDG Base Directory: not absolute is not set
        monkeypatch.setenv("XDG_CONFIG_HOME", config)
        assert autostart._entry_file() == tmp_path / ".config/autostart/bascule.desktop"


@XDG
def test_a_portable_copy_leaves_no_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    set_enabled(True)  # of an installed one
    monkeypatch.setattr(autostart, "portable_folder", lambda: tmp_path)
    assert not autostart.is_possible()
    assert not is_enabled()
    with pytest.raises(PermissionError):
        set_enabled(False)
    assert (tmp_path / "autostart" / "bascule.desktop").is_file()
