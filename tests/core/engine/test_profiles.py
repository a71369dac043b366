"""Profile files: read with what is wrong in them, never overwritten when damaged, never lost."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.engine.profiles import KEEP_DELETED_DAYS, ProfileFolder
from bascule.errors import BasculeError, ErrorCode
from bascule.spec.endpoints import SocksHop, TcpConnect, TcpListen
from bascule.spec.profiles import Profile, new_id, profile_to_toml
from bascule.spec.relays import RelaySpec

PROFILE = Profile("scale-0001", "Scale", RelaySpec(TcpListen(2001), TcpConnect("a.example", 1)))


@pytest.fixture
def folder(tmp_path: Path) -> ProfileFolder:
    return ProfileFolder(tmp_path / "profiles", tmp_path / "deleted")


def test_what_is_written_is_read(folder: ProfileFolder):
    assert folder.read_all() == []
    path = folder.write(PROFILE)
    assert [(file.id, file.profile, file.path) for file in folder.read_all()] == [
        (PROFILE.id, PROFILE, path)
    ]
    folder.write(replace(PROFILE, name="Balance"))
    assert folder.read(path).profile == replace(PROFILE, name="Balance")


@pytest.mark.parametrize("name", ["com2", "CON", "Scale.", "  ", "été", "🏭", "a/b\\c", "x" * 500])
def test_names_that_systems_forbid_still_save(folder: ProfileFolder, name: str):
    if not name.strip():
        name = "_" + name
    profile = replace(PROFILE, id=new_id(name), name=name)
    path = folder.write(profile)
    assert folder.read(path).profile == profile
    assert path.stem.split(".")[0].upper() not in {"CON", "COM2", "NUL"}
    assert path.name.isascii()
    assert len(path.name) < 100


BROKEN = {
    "damaged": ("format = 1\nname = \n", ErrorCode.PROFILE_DAMAGED),
    "no-format": ('name = "x"\n', ErrorCode.PROFILE_DAMAGED),
    "newer": ("format = 99\n", ErrorCode.PROFILE_NEWER),
    "other-id": (profile_to_toml(PROFILE), ErrorCode.PROFILE_DAMAGED),
    "unknown": (profile_to_toml(PROFILE) + "\n[more]\nx = 1\n", ErrorCode.FIELD_UNKNOWN),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_and_kept_while_others_load(
    folder: ProfileFolder, tmp_path: Path, name: str
):
    text, code = BROKEN[name]
    folder.write(PROFILE)
    path = tmp_path / "profiles" / f"{name}-1.toml"
    path.write_text(text)
    found = {file.id: file for file in folder.read_all()}
    assert found[PROFILE.id].profile == PROFILE
    problem = found[f"{name}-1"].problem
    assert problem is not None
    assert problem.code is code
    assert path.name in problem.message
    if name == "damaged":
        assert problem.facts["line"] == 2
    with pytest.raises(BasculeError) as caught:
        folder.write(replace(PROFILE, id=f"{name}-1"))
    assert caught.value.code is code
    assert path.read_text() == text


def test_a_file_that_is_no_text_is_told(folder: ProfileFolder, tmp_path: Path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "bytes-1.toml").write_bytes(b"\xff\xfe\x00")
    (file,) = folder.read_all()
    assert file.problem is not None
    assert file.problem.code is ErrorCode.PROFILE_DAMAGED


def test_deleting_can_be_undone(folder: ProfileFolder):
    folder.write(PROFILE)
    folder.delete(PROFILE.id)
    assert folder.read_all() == []
    assert folder.restore(PROFILE.id).profile == PROFILE
    with pytest.raises(BasculeError) as caught:
        folder.restore(PROFILE.id)
    assert caught.value.code is ErrorCode.PROFILE_UNKNOWN
    with pytest.raises(BasculeError) as caught:
        folder.delete("nothing-1")
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE


def test_after_a_month_it_is_gone_with_its_secrets(folder: ProfileFolder, tmp_path: Path):
    via = (SocksHop("5", "10.0.0.1", 1080, username="ann", password="ref-1"),)
    target = TcpConnect("a.example", 1, via=via)
    folder.write(replace(PROFILE, relay=RelaySpec(TcpListen(1), target)))
    folder.delete(PROFILE.id)
    assert folder.purge() == []
    later = time.time() + (KEEP_DELETED_DAYS + 1) * 86_400
    (tmp_path / "deleted" / "broken-1.toml").write_text("not one")
    assert folder.purge(later) == ["ref-1"]
    assert list((tmp_path / "deleted").iterdir()) == []


def test_a_folder_that_cannot_be_written(folder: ProfileFolder, tmp_path: Path):
    (tmp_path / "profiles").write_text("a file where the folder should be")
    with pytest.raises(BasculeError) as caught:
        folder.write(PROFILE)
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE
