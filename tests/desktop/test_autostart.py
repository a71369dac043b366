"""Start at login: when it is on, when it may be changed, and where an entry leads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bascule.places import HOME_VARIABLE
from bascule_desktop import autostart, login_entry
from bascule_desktop.autostart import (
    FleetingPlaceError,
    is_enabled,
    is_for_everybody,
    repair,
    set_enabled,
    start_command,
)
from bascule_desktop.login_entry import Entry

OFF = "Hidden=true\n"


@pytest.fixture(autouse=True)
def _of_no_other_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)


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


def test_on_and_off() -> None:
    assert not is_enabled()
    for _ in range(2):
        set_enabled(True)
        assert is_enabled()
        assert login_entry.read() == Entry(start_command()[0])
    for _ in range(2):
        set_enabled(False)
        assert not is_enabled()


def test_a_portable_copy_leaves_no_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = [str(tmp_path / "gone")]
    login_entry.write(gone, None)  # of an installed one
    monkeypatch.setattr(autostart, "portable_folder", lambda: tmp_path)
    assert not autostart.is_possible()
    assert not is_enabled() and not repair()
    with pytest.raises(PermissionError):
        set_enabled(False)
    assert login_entry.read() == Entry(gone[0])


def test_an_entry_whose_program_is_gone_is_off_and_led_to_this_one(tmp_path: Path) -> None:
    login_entry.write([str(tmp_path / "removed" / "bascule-desktop"), "--hidden"], None)
    assert not is_enabled(), "nothing would start"
    assert repair()
    assert is_enabled()
    assert login_entry.read() == Entry(start_command()[0])
    assert not repair()


def test_an_entry_of_another_bascule_that_is_there_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other" / "bascule-desktop"
    other.parent.mkdir()
    other.touch()
    login_entry.write([str(other), "--hidden"], None)
    assert is_enabled()
    assert not repair()
    assert login_entry.read() == Entry(str(other))


def test_where_no_start_is_wanted_none_is_made() -> None:
    assert not repair()
    assert login_entry.read() is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is switched off otherwise")
def test_an_entry_that_was_switched_off_stays_so(tmp_path: Path) -> None:
    login_entry.write([str(tmp_path / "gone")], None)
    file = login_entry.entry_file()
    off = file.read_text("utf-8") + OFF
    file.write_text(off, "utf-8")
    assert not is_enabled() and not repair()
    assert file.read_text("utf-8") == off


@pytest.mark.skipif(sys.platform == "win32", reason="its entry names no home")
def test_the_entry_of_another_home_is_not_this_ones_to_lead_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = str(tmp_path / "gone")
    login_entry.write([gone], None)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert not repair()
    login_entry.write([gone], str(tmp_path))
    assert repair()
    assert login_entry.read() == Entry(start_command()[0], str(tmp_path))


def test_what_an_administrator_set_for_everybody_is_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bascule-desktop"
    monkeypatch.setattr(login_entry, "read_for_everybody", lambda: Entry(str(program)))
    assert not is_for_everybody() and not is_enabled(), "its program is gone"
    program.touch()
    assert is_for_everybody() and is_enabled()
    login_entry.write([str(tmp_path / "gone")], None)
    assert not repair(), "it would start twice"


@pytest.mark.skipif(sys.platform == "win32", reason="its programs are never lent a place")
def test_from_a_place_that_is_lent_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent = tmp_path / "AppTranslocation" / "d" / "bascule-desktop"
    lent.parent.mkdir(parents=True)
    lent.touch()
    set_enabled(True)
    before = login_entry.read()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(lent))
    with pytest.raises(FleetingPlaceError):
        set_enabled(True)
    assert login_entry.read() == before
    login_entry.write(start_command(), None)  # as a Bascule before this one did
    assert not is_enabled(), "it is there now, and not when it is wanted"
    monkeypatch.undo()
    assert repair()
    set_enabled(False)
    assert not is_enabled()
