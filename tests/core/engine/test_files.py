"""A file is whole or not there, and for this user alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bascule.engine.files import replace_file


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path: Path):
    path = tmp_path / "new" / "file.toml"
    replace_file(path, "one\n")
    replace_file(path, "é\n")
    assert path.read_bytes() == "é\n".encode()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["file.toml"]


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path):
    path = tmp_path / "file.toml"
    replace_file(path, "old")
    with pytest.raises(UnicodeEncodeError):
        replace_file(path, "half of it \ud800")
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["file.toml"]


def test_where_the_place_is_taken_by_a_folder(tmp_path: Path):
    (tmp_path / "file.toml" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match=r"file\.toml"):
        replace_file(tmp_path / "file.toml", "x")
    assert [each.name for each in tmp_path.iterdir()] == ["file.toml"]
