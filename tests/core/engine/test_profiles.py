"""The profile files: whole or reported, never overwritten, never lost, deleted and brought back."""

from __future__ import annotations

import codecs
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bascule.engine.profiles import KEEP_DELETED_DAYS, LONGEST_BYTES, ProfileFolder
from bascule.errors import BasculeError, ErrorCode, Problem
from bascule.spec import profiles
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.profiles import Profile, new_id, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers.disks import files_end_at
from tests.helpers.engines import forward

DAY_SECONDS = 86_400


@pytest.fixture
def folder(tmp_path: Path) -> ProfileFolder:
    return ProfileFolder(tmp_path / "profiles", tmp_path / "deleted")


def put(folder: ProfileFolder, name: str, data: str | bytes) -> Path:
    path = folder.path_of(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def problem_of(folder: ProfileFolder, path: Path) -> Problem:
    """Why a file gives no profile; it must be as it was, listed, and protected from writing."""
    before = path.read_bytes()
    file = folder.read(path)
    assert file.profile is None
    assert file.problem is not None
    assert file.problem.facts["path"] == str(path)
    assert file.problem.message.startswith(f"{path.name}: ")
    assert file in folder.read_all()
    if "-" in path.stem:
        with pytest.raises(BasculeError) as caught:
            folder.write(replace(forward(), id=path.stem))
        assert caught.value.problem == file.problem
    assert path.read_bytes() == before
    return file.problem


@pytest.mark.parametrize(
    "name",
    ["com2", "Waage.", "", "caf\u00e9 \u2615 \u6e2c\u8a66", "a/b\\c:d*e?", "..", "con", "x" * 5000],
)
def test_any_name_saves(folder: ProfileFolder, name: str):
    profile = replace(forward(), id=new_id(name), name=name or " .", group="", autostart=True)
    path = folder.write(profile)
    stem = path.stem.lower()
    assert stem.partition(".")[0] not in {"com2", "con"}
    assert not stem.endswith((".", " "))
    assert folder.read_all() == [folder.read(path)]
    assert folder.read(path).profile == profile


def test_there_may_be_no_folder_yet(folder: ProfileFolder):
    assert folder.read_all() == []
    assert folder.purge() == []


def test_a_syntax_error_is_reported_with_its_line(folder: ProfileFolder):
    problem = problem_of(folder, put(folder, "a-1", "format = 1\nid = \n"))
    assert (problem.code, problem.facts["line"]) == (ErrorCode.PROFILE_DAMAGED, 2)


def test_a_newer_file_is_reported(folder: ProfileFolder):
    text = profile_to_toml(replace(forward(), id="a-1")).replace("format = 1", "format = 2")
    problem = problem_of(folder, put(folder, "a-1", text))
    assert (problem.code, problem.facts["format"]) == (ErrorCode.PROFILE_NEWER, 2)


def test_a_wrong_value_is_reported_with_its_field(folder: ProfileFolder):
    text = profile_to_toml(replace(forward(), id="a-1")).replace("port = 9", "port = 99999")
    problem = problem_of(folder, put(folder, "a-1", text))
    assert (problem.code, problem.field) == (ErrorCode.VALUE_INVALID, "relay.target.port")


def test_a_file_under_a_foreign_name_is_reported(folder: ProfileFolder):
    problem = problem_of(folder, put(folder, "b-2", profile_to_toml(replace(forward(), id="a-1"))))
    assert (problem.code, problem.field) == (ErrorCode.PROFILE_DAMAGED, "id")
    assert "id = a-1" in problem.message


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"\0" * 100, b"[" * 9000, b"#" * (LONGEST_BYTES + 1)]
)
def test_what_is_no_profile_is_reported(folder: ProfileFolder, data: bytes):
    problem = problem_of(folder, put(folder, "a-1", data))
    assert problem.code is ErrorCode.PROFILE_DAMAGED


def test_what_is_no_file_is_reported(folder: ProfileFolder, tmp_path: Path):
    inner = folder.path_of("folder-1")
    inner.mkdir(parents=True)
    os.mkfifo(folder.path_of("pipe-1"))
    folder.path_of("link-1").symlink_to(tmp_path / "nowhere")
    found = {file.id: file.problem for file in folder.read_all()}
    assert {problem and problem.facts["why"] for problem in found.values()} == {"it is no file"}
    assert found.keys() == {"folder-1", "pipe-1", "link-1"}


@pytest.mark.skipif(sys.platform != "linux", reason="macOS and Windows know no such names")
def test_a_name_that_is_no_text_is_reported(folder: ProfileFolder):
    put(folder, "a-1", "x")
    Path(os.fsdecode(b"%s/\xff-1.toml" % os.fsencode(folder.path_of("a").parent))).write_text("x")
    assert [file.id for file in folder.read_all()] == ["a-1", "\udcff-1"]


def test_the_mark_that_windows_editors_begin_with_is_no_part_of_a_profile(folder: ProfileFolder):
    profile = forward()
    path = folder.write(profile)
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    (found,) = folder.read_all()
    assert found.profile == profile


def test_the_others_load_and_hidden_files_are_nothing(folder: ProfileFolder):
    good = forward()
    folder.write(good)
    put(folder, "a-1", "damaged")
    put(folder, ".web-1.toml.new", "half-written")
    put(folder, "._web-1", "of another system")
    found = folder.read_all()
    assert [file.id for file in found] == ["a-1", good.id]
    assert found[1].profile == good


def test_a_profile_that_is_too_long_is_not_written(folder: ProfileFolder):
    profile = replace(forward(), group="x" * LONGEST_BYTES)
    with pytest.raises(BasculeError, match="longer than") as caught:
        folder.write(profile)
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE
    assert caught.value.facts["longest"] == LONGEST_BYTES
    assert folder.read_all() == []


def test_a_full_disk_keeps_the_old_profile(folder: ProfileFolder):
    profile = forward()
    path = folder.write(profile)
    with files_end_at(50), pytest.raises(BasculeError) as caught:
        folder.write(replace(profile, name="new"))
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE
    assert caught.value.facts == {"path": str(path), "why": "File too large"}
    assert folder.read(path).profile == profile


def test_deleted_and_brought_back(folder: ProfileFolder, tmp_path: Path):
    profile = forward()
    path = folder.write(profile)
    text = path.read_bytes()
    folder.delete(profile.id)
    assert folder.read_all() == []
    assert (tmp_path / "deleted" / path.name).read_bytes() == text
    assert folder.restore(profile.id).profile == profile
    assert path.read_bytes() == text
    assert list((tmp_path / "deleted").iterdir()) == []


def test_a_damaged_file_is_deleted_and_brought_back_as_it_was(folder: ProfileFolder):
    path = put(folder, "a-1", "damaged")
    folder.delete("a-1")
    assert folder.restore("a-1").problem is not None
    assert path.read_text() == "damaged"


def test_a_file_that_somebody_removed_is_deleted(folder: ProfileFolder):
    folder.delete("a-1")
    with pytest.raises(BasculeError) as caught:
        folder.restore("a-1")
    assert caught.value.code is ErrorCode.PROFILE_UNKNOWN


def test_what_cannot_be_deleted_stays(folder: ProfileFolder, tmp_path: Path):
    path = folder.write(profile := forward())
    (tmp_path / "deleted").write_text("a file")
    with pytest.raises(BasculeError) as caught:
        folder.delete(profile.id)
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE
    assert path.is_file()


def test_a_deleted_profile_comes_back_over_nothing(folder: ProfileFolder):
    profile = forward()
    folder.write(profile)
    folder.delete(profile.id)
    folder.write(replace(profile, name="another"))
    with pytest.raises(BasculeError) as caught:
        folder.restore(profile.id)
    assert caught.value.code is ErrorCode.PROFILE_UNKNOWN
    held = folder.read_all()[0].profile
    assert held is not None
    assert held.name == "another"


def test_what_cannot_be_brought_back_stays_deleted(folder: ProfileFolder, tmp_path: Path):
    profile = forward()
    path = folder.write(profile)
    folder.delete(profile.id)
    path.parent.rmdir()
    with pytest.raises(BasculeError) as caught:
        folder.restore(profile.id)
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE
    assert (tmp_path / "deleted" / path.name).is_file()


@pytest.mark.parametrize(
    "id", ["../out-1", "", ".", "a/b-1", "\0", "\ud800", "/etc/x-1", "x" * 9999]
)
def test_no_id_reaches_out_of_the_folder(folder: ProfileFolder, tmp_path: Path, id: str):
    folder.write(profile := forward())
    folder.delete(profile.id)
    (tmp_path / "out-1.toml").write_text("not ours")
    with pytest.raises(BasculeError) as caught:
        folder.restore(id)
    assert caught.value.code is ErrorCode.PROFILE_UNKNOWN
    assert (tmp_path / "out-1.toml").read_text() == "not ours"


def test_what_was_deleted_long_ago_goes_for_good(folder: ProfileFolder, tmp_path: Path):
    hop = ProxyHop("5", "127.0.0.1", 1080, username="ann", password="reference-1")
    relay = RelaySpec(TcpListen(0), TcpConnect("db.example", 5432, via=(hop,)))
    old = Profile(new_id("old"), "old", relay)
    for profile in (old, forward()):
        folder.write(profile)
        folder.delete(profile.id)
    put(folder, "bad-1", "damaged")
    folder.delete("bad-1")
    (tmp_path / "deleted" / "folder-1.toml").mkdir()  # cannot be removed, and does not matter
    now = time.time()
    assert folder.purge(now + (KEEP_DELETED_DAYS - 1) * DAY_SECONDS) == []
    assert len(list((tmp_path / "deleted").iterdir())) == 4
    assert folder.purge(now + (KEEP_DELETED_DAYS + 1) * DAY_SECONDS) == ["reference-1"]
    assert [path.name for path in (tmp_path / "deleted").iterdir()] == ["folder-1.toml"]


@pytest.fixture
def next_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version of Bascule, in which the group of a relay was called its place before."""

    def step(data: dict[str, Any]) -> dict[str, Any]:
        return {("group" if key == "place" else key): value for key, value in data.items()}

    monkeypatch.setattr(profiles, "FORMAT", 2)
    monkeypatch.setattr(profiles, "STEPS", {1: step})


@pytest.mark.usefixtures("next_format")
def test_a_file_of_an_older_format_is_read_and_copied_before_it_is_rewritten(folder: ProfileFolder):
    older = profile_to_toml(replace(forward(), id="scale-1"))
    older = older.replace("format = 2\n", 'format = 1\nplace = "Lab"\n')
    path = put(folder, "scale-1", older)
    held = folder.read(path).profile
    assert held is not None
    assert held.group == "Lab"
    assert path.read_text("utf-8") == older  # reading changes nothing
    for name in ("Scale", "Balance"):  # the second time it is of the present format
        folder.write(replace(held, name=name))
    copy = path.with_name("scale-1.toml.format-1.bak")
    assert copy.read_text("utf-8") == older
    assert path.read_text("utf-8").startswith("format = 2\n")
    assert [file.profile for file in folder.read_all()] == [replace(held, name="Balance")]


@pytest.mark.usefixtures("next_format")
def test_without_a_copy_an_older_file_is_not_rewritten(folder: ProfileFolder):
    older = profile_to_toml(replace(forward(), id="scale-1")).replace("format = 2", "format = 1")
    path = put(folder, "scale-1", older)
    path.with_name("scale-1.toml.format-1.bak").mkdir()
    with pytest.raises(BasculeError) as caught:
        folder.write(replace(forward(), id="scale-1", name="Other"))
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE
    assert path.read_text("utf-8") == older
