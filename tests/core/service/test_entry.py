"""The service behind a file and commands, with a system that is a folder and the shell."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.service.definition import State
from bascule.service.entry import Entry, EntryService, find_entry
from tests.helpers.disks import files_end_at


def entry_in(folder: Path) -> Entry:
    """An entry whose system knows what it is told by files: ``known`` and ``running``."""

    def shell(script: str) -> tuple[str, ...]:
        return ("/bin/sh", "-ec", f"cd '{folder}'; {script}")

    return Entry(
        file=folder / "units" / "engine.unit",
        text="é\n",
        load=(shell("cp units/engine.unit read"),),
        install=(shell("test -f units/engine.unit; touch known"),),
        start=shell("test -f known; touch running"),
        stop=shell("rm running"),
        status=shell("test -f known || exit 4; test -f running"),
        stopped=(1,),
        before_removal=(shell("test -f units/engine.unit; rm -f running"),),
        after_removal=(shell("test ! -f units/engine.unit; rm known read"),),
        note="Look.",
    )


def test_its_life(tmp_path: Path):
    entry = entry_in(tmp_path)
    service = EntryService(entry)
    assert service.status().state is State.ABSENT
    said = service.install()
    assert str(entry.file) in said and said.endswith("Look.")
    assert entry.file.read_bytes() == "é\n".encode()
    assert service.status().state is State.STOPPED
    service.start()
    assert service.status().state is State.RUNNING
    service.stop()
    assert service.status().state is State.STOPPED
    service.start()
    assert "profiles stay" in service.remove(purge=False)
    assert service.status().state is State.ABSENT
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_from_a_place_that_macos_lends_nothing_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    lent = tmp_path / "AppTranslocation" / "d" / "Bascule.app" / "Contents" / "MacOS" / "bascule"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(lent))
    entry = entry_in(tmp_path)
    with pytest.raises(OSError, match="move it to the Applications folder"):
        EntryService(entry).install()
    assert not entry.file.parent.exists()


def test_what_the_system_refuses_is_told_and_leaves_no_file(tmp_path: Path):
    refused = ("/bin/sh", "-c", "echo 'not today' >&2; exit 4")
    entry = replace(entry_in(tmp_path), load=(), install=(refused,))
    with pytest.raises(OSError, match="not today"):
        EntryService(entry).install()
    assert not entry.file.exists()


def test_a_first_installation_that_fails_half_way_is_undone(tmp_path: Path):
    entry = entry_in(tmp_path)
    enabled = ("/bin/sh", "-c", f"touch '{tmp_path}/running'")
    entry = replace(entry, load=(enabled,), install=(("/bin/sh", "-c", "exit 4"),))
    with pytest.raises(OSError, match="exit code 4"):
        EntryService(entry).install()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_repair_that_fails_leaves_the_service_as_it_was(tmp_path: Path):
    entry = entry_in(tmp_path)
    service = EntryService(entry)
    service.install()
    service.start()
    refused = replace(entry, text="other", install=(("/bin/sh", "-c", "exit 4"),))
    with pytest.raises(OSError, match="exit code 4"):
        EntryService(refused).install()
    assert entry.file.read_text("utf-8") == entry.text
    assert (tmp_path / "read").read_text("utf-8") == entry.text  # and not what was refused
    assert service.status().state is State.RUNNING


def test_what_cannot_be_written_leaves_the_service_as_it_was(tmp_path: Path):
    """Where the disk is full, the file that the system reads is the old one, in whole."""
    entry = entry_in(tmp_path)
    EntryService(entry).install()
    with files_end_at(100), pytest.raises(OSError, match="File too large"):
        EntryService(replace(entry, text="other\n" * 1000)).install()
    assert entry.file.read_text("utf-8") == entry.text
    assert [path.name for path in entry.file.parent.iterdir()] == [entry.file.name]


def test_what_cannot_be_written_back_is_whole_all_the_same(tmp_path: Path):
    """The first error is told, and no half of the old file is left for the system to read."""
    entry = replace(entry_in(tmp_path), text="old\n" * 1000)
    EntryService(entry).install()
    refused = replace(entry, text="new\n", install=(("/bin/sh", "-c", "exit 4"),))
    with files_end_at(100), pytest.raises(OSError, match="exit code 4"):
        EntryService(refused).install()
    assert entry.file.read_text("utf-8") == "new\n"


def test_everybody_may_read_it(tmp_path: Path):
    entry = entry_in(tmp_path)
    EntryService(entry).install()
    assert entry.file.stat().st_mode & 0o777 == 0o644


def test_where_the_system_does_not_answer_it_is_not_said_to_be_stopped(tmp_path: Path):
    entry = entry_in(tmp_path)
    service = EntryService(entry)
    service.install()
    silent = ("/bin/sh", "-c", "echo 'no bus' >&2; exit 2")
    with pytest.raises(OSError, match="no bus"):
        EntryService(replace(entry, status=silent)).status()


def test_a_file_that_cannot_be_read_is_told_and_kept(tmp_path: Path):
    entry = entry_in(tmp_path)
    entry.file.mkdir(parents=True)
    with pytest.raises(OSError, match=r"engine\.unit"):
        EntryService(entry).install()
    assert entry.file.is_dir()
    assert not (tmp_path / "known").exists()


def test_a_silent_refusal_is_told_by_its_number(tmp_path: Path):
    entry = replace(entry_in(tmp_path), start=("/bin/sh", "-c", "exit 4"))
    service = EntryService(entry)
    service.install()
    with pytest.raises(OSError, match="exit code 4"):
        service.start()


@pytest.mark.parametrize("verb", ["start", "stop", "remove"])
def test_what_is_not_installed_is_said_to_be(tmp_path: Path, verb: str):
    service = EntryService(entry_in(tmp_path))
    with pytest.raises(FileNotFoundError, match="bascule service install"):
        service.remove(purge=False) if verb == "remove" else getattr(service, verb)()


def test_a_system_without_such_a_program_is_told_what_to_do(tmp_path: Path):
    entry = replace(entry_in(tmp_path), install=(("no-such-program-here",),))
    with pytest.raises(FileNotFoundError, match="bascule engine --leave-after inf"):
        EntryService(entry).install()
    lost = replace(entry_in(tmp_path), status=("no-such-program-here",))
    EntryService(lost).install()
    with pytest.raises(FileNotFoundError, match="no-such-program-here"):
        EntryService(lost).status()


def test_ones_own_profiles_are_never_purged(tmp_path: Path):
    service = EntryService(entry_in(tmp_path))
    service.install()
    with pytest.raises(OSError, match="your own profiles"):
        service.remove(purge=True)
    assert service.status().state is State.STOPPED


def test_the_entry_of_this_system_runs_this_very_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    entry = find_entry()
    assert entry.file.is_relative_to(tmp_path)
    assert sys.executable in entry.text and "--leave-after inf" in entry.text
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")  # XDG Base Directory: not valid
    assert find_entry().file.is_relative_to(Path.home() / ".config")
    assert str(entry.file) in EntryService(entry).show()


def test_a_mac_runs_it_as_who_typed_sudo(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("SUDO_USER", "nobody")
    entry = find_entry()
    assert "<string>nobody</string>" in entry.text
    assert entry.file.parent == Path("/Library/LaunchDaemons")
