"""A file that somebody asked for is whole, or as it was."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.whole_file import write_whole
from tests.helpers.disks import files_end_at


def test_it_is_written_in_pieces_for_its_owner_alone(tmp_path: Path):
    file = tmp_path / "made"
    write_whole(file, (b"one", b"two"))
    assert file.read_bytes() == b"onetwo"
    if sys.platform != "win32":  # which has no modes
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_disk_whose_files_have_no_modes_takes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")  # as a FAT disk of another user does

    monkeypatch.setattr(Path, "chmod", refused)
    write_whole(tmp_path / "made", (b"all",))
    assert (tmp_path / "made").read_bytes() == b"all"


def test_what_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path: Path):
    file = tmp_path / "made"
    file.write_text("old")

    def broken() -> Iterator[bytes]:
        yield b"new"
        raise OSError(28, "No space left on device")

    with pytest.raises(StreamError, match="No space left on device") as caught:
        write_whole(file, broken())
    assert caught.value.code is ErrorCode.FILE_FAILED
    assert caught.value.facts["path"] == str(file)
    assert [each.read_text() for each in tmp_path.iterdir()] == ["old"]


def test_a_disk_that_takes_no_more_is_said(tmp_path: Path):
    """The system itself refuses to write on, as it does on a full disk."""
    with files_end_at(1000), pytest.raises(StreamError) as caught:
        write_whole(tmp_path / "made", (bytes(2000),))
    assert caught.value.facts["why"] == "File too large"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(StreamError, match="No such file or directory"):
        write_whole(tmp_path / "none" / "made", (b"",))
