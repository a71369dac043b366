"""The entry of each system as text, read back, and that of this one for real."""

from __future__ import annotations

import plistlib
import subprocess
import sys
from pathlib import Path

import pytest

from bascule.places import HOME_VARIABLE
from bascule_desktop import login_entry
from bascule_desktop.login_entry import (
    Entry,
    desktop_entry,
    entry_file,
    is_switched_off,
    launch_agent,
    read_desktop_entry,
    read_launch_agent,
    read_run_value,
    run_value,
)

XDG = pytest.mark.skipif(sys.platform != "linux", reason="the entry is a file of XDG")
PROGRAM = str(Path("/opt/My Apps/bascule-desktop").absolute())
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
    assert read_desktop_entry(entry) == Entry("/usr/bin/bascule-desktop")


@XDG
def test_an_odd_command_comes_back_whole() -> None:
    assert exec_words(desktop_entry(ODD)) == ODD
    assert read_desktop_entry(desktop_entry(ODD)) == Entry(ODD[0])


@XDG
def test_a_home_of_ones_own_is_kept() -> None:
    words = exec_words(desktop_entry(["/b", "--hidden"], "/my home"))
    assert words == ["env", f"{HOME_VARIABLE}=/my home", "/b", "--hidden"]
    agent = plistlib.loads(launch_agent(["/b"], "/my home"))
    assert agent["EnvironmentVariables"] == {HOME_VARIABLE: "/my home"}


def test_a_home_of_ones_own_is_read_back() -> None:
    assert read_desktop_entry(desktop_entry(ODD, "/my %h")) == Entry(ODD[0], "/my %h")
    assert read_launch_agent(launch_agent(ODD, "/my %h")) == Entry(ODD[0], "/my %h")


@pytest.mark.parametrize("home", [None, "/my home"])
def test_a_desktop_asks_whether_the_program_is_there_and_not_what_starts_it(
    home: str | None,
) -> None:
    tried = [r"TryExec=/opt/a\\b c/bascule-desktop"]
    entry = desktop_entry([r"/opt/a\b c/bascule-desktop", "--hidden"], home)
    assert [line for line in entry.splitlines() if line.startswith("TryExec")] == tried


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
    assert (read_desktop_entry(desktop_entry(["/b"]) + more + "\n") is not None) is on


@pytest.mark.parametrize("text", ["", "[Desktop Entry]\nExec=\nName=x\n", "Exec=env A=b"])
def test_an_entry_without_a_program_is_none(text: str) -> None:
    assert read_desktop_entry(text) is None


def test_launch_agent() -> None:
    agent = plistlib.loads(launch_agent(ODD))
    assert agent["ProgramArguments"] == ODD
    assert agent["RunAtLoad"] is True
    assert "EnvironmentVariables" not in agent
    assert read_launch_agent(launch_agent(ODD)) == Entry(ODD[0])


@pytest.mark.parametrize(
    "held",
    [
        b"",
        b"<plist><dict>",
        plistlib.dumps([]),
        plistlib.dumps({"ProgramArguments": []}),
        plistlib.dumps({"ProgramArguments": ["/b"], "Disabled": True}),
    ],
)
def test_what_starts_nothing_is_no_launch_agent(held: bytes) -> None:
    assert read_launch_agent(held) is None


def test_run_value() -> None:
    program = r"C:\Program Files\Bascule\bascule-desktop.exe"
    assert run_value([program, "--hidden"]) == f'"{program}" --hidden'
    assert read_run_value(run_value([program, "--hidden"])) == Entry(program)
    assert read_run_value(r"C:\Bascule\b.exe --hidden") == Entry(r"C:\Bascule\b.exe")
    assert read_run_value(" ") is None


@pytest.mark.parametrize(
    ("mark", "off"),
    [(None, False), (b"", False), ("3", False)]
    + [(bytes([first, *bytes(11)]), first in (3, 7)) for first in (0, 2, 3, 6, 7)],
)
def test_the_task_manager_switches_off_by_an_odd_byte(mark: object, off: bool) -> None:
    assert is_switched_off(mark) is off


@XDG
def test_where_the_entry_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for config in ("", "relative/path"):  # XDG Base Directory: not absolute is not set
        monkeypatch.setenv("XDG_CONFIG_HOME", config)
        assert entry_file() == tmp_path / ".config/autostart/bascule.desktop"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert entry_file() == tmp_path / "xdg/autostart/bascule.desktop"


def test_an_entry_is_made_read_and_removed() -> None:
    assert login_entry.read() is None
    for _ in range(2):
        login_entry.write([PROGRAM, "--hidden"], None)
        assert login_entry.read() == Entry(PROGRAM)
    for _ in range(2):
        login_entry.remove()
        assert login_entry.read() is None


if sys.platform == "win32":
    import winreg

    from tests.helpers.login import put_value, value_of

    OFF = bytes([3, *bytes(11)])

    def test_what_the_task_manager_switched_off_is_off_until_it_is_made_again() -> None:
        marks = rf"{login_entry.APPROVED_KEY}\Run"
        for remove in (False, True):
            login_entry.write([PROGRAM, "--hidden"], None)
            put_value(marks, winreg.REG_BINARY, OFF)
            assert login_entry.read() is None
            if remove:
                login_entry.remove()
            else:
                login_entry.write([PROGRAM, "--hidden"], None)
                assert login_entry.read() == Entry(PROGRAM)
            assert value_of(marks) is None

    def test_the_entry_for_everybody_is_read_and_its_mark(monkeypatch: pytest.MonkeyPatch) -> None:
        assert login_entry.read_for_everybody() is None
        # The machine's hive is not a test's to change: this user's stands for it.
        monkeypatch.setattr(login_entry, "_MACHINE", winreg.HKEY_CURRENT_USER)
        put_value(login_entry.RUN_KEY, winreg.REG_SZ, run_value([PROGRAM, "--hidden"]))
        assert login_entry.read_for_everybody() == Entry(PROGRAM)
        for name in ("Run", "Run32"):
            put_value(rf"{login_entry.APPROVED_KEY}\{name}", winreg.REG_BINARY, OFF)
        assert login_entry.read_for_everybody() is None
