"""Files of profiles: which are meant, and what cannot be read or written."""

from __future__ import annotations

import codecs
import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule_desktop.messages import explain
from bascule_desktop.profile_file import (
    is_profile_file,
    meant_files,
    not_imported,
    read_text,
    write_text,
)
from tests.helpers.disks import files_end_at


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("a.bascule", True), ("A.BASCULE", True), ("a.toml", True), ("a.conf", False), ("a", False)],
)
def test_a_profile_by_its_name(name: str, is_one: bool) -> None:
    assert is_profile_file(Path(name)) is is_one


def test_files_that_words_mean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given = tmp_path / "d 1" / "été.bascule"
    words = ["a.bascule", str(given), QUrl.fromLocalFile(str(given)).toString()]
    assert meant_files(words) == [tmp_path / "a.bascule", given, given]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.bascule"
    write_text(file, "name = 'été'\n")
    assert file.read_bytes() == "name = 'été'\n".encode()
    assert read_text(file) == "name = 'été'\n"


def test_the_mark_that_windows_editors_begin_with_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(codecs.BOM_UTF8 + b"format = 1")
    assert read_text(tmp_path / "a.toml") == "format = 1"


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.toml")
    with pytest.raises(SpecError) as caught:
        read_text(tmp_path / "a.toml")
    assert caught.value.facts["why"] == "no file"


@pytest.mark.parametrize("what", ["absent", "folder", "long", "binary"])
def test_what_cannot_be_read(tmp_path: Path, what: str) -> None:
    file = tmp_path / "a.bascule"
    if what == "folder":
        file.mkdir()
    elif what != "absent":
        file.write_bytes(b"#" * 600_000 if what == "long" else b"\xff\xfe\x00")
    with pytest.raises(SpecError) as caught:
        read_text(file)
    absent = what == "absent"
    code = ErrorCode.FILE_MISSING if absent else ErrorCode.PROFILE_DAMAGED
    assert caught.value.code is code
    assert caught.value.facts["path"] == str(file)
    told = not_imported(file, caught.value).problem
    assert told.code is code
    assert explain(told).title.endswith("is not there") is absent
    assert "Nothing was imported" in explain(told).action


def test_a_disk_that_is_full_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.bascule"
    write_text(file, "old")
    with files_end_at(1000), pytest.raises(SpecError) as caught:
        write_text(file, "new" * 1000)
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE
    assert [each.read_text() for each in tmp_path.iterdir()] == ["old"]


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        write_text(tmp_path / "no" / "a.bascule", "")
    assert caught.value.code is ErrorCode.PROFILE_UNWRITABLE


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (ErrorCode.PROFILE_NEWER, ErrorCode.PROFILE_NEWER),
        (ErrorCode.ENGINE_LOST, ErrorCode.ENGINE_LOST),
        (ErrorCode.FIELD_UNKNOWN, ErrorCode.PROFILE_DAMAGED),
        (ErrorCode.VALUE_INVALID, ErrorCode.PROFILE_DAMAGED),
        (ErrorCode.FILE_FORBIDDEN, ErrorCode.FILE_FORBIDDEN),
    ],
)
def test_why_a_file_is_not_imported(code: ErrorCode, told: ErrorCode) -> None:
    problem = not_imported(
        Path("/srv/a.bascule"), BasculeError("so it is", code=code, field="relay.x", line=3)
    ).problem
    assert (problem.code, problem.field) == (told, "relay.x")
    assert problem.facts == {
        "why": "so it is",
        "line": 3,
        "path": str(Path("/srv/a.bascule")),
        "imported": "a.bascule",
    }
