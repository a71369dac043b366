"""A file that is written is the old one or the new one, whatever happens in between."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule import whole_file
from bascule.errors import ErrorCode, StreamError
from bascule.whole_file import ORDINARY, replace_file, write_whole
from tests.helpers.disks import files_end_at
from tests.helpers.engines import wait_until

without_modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))  # noqa: PTH208 - hidden ones too, by name


def test_it_is_written_in_pieces(tmp_path: Path):
    replace_file(tmp_path / "made", (b"one\r\n", b"two\n", b"\x1a"))
    assert (tmp_path / "made").read_bytes() == b"one\r\ntwo\n\x1a"
    assert names(tmp_path) == ["made"]


@without_modes
def test_a_new_file_is_this_users_alone(tmp_path: Path):
    file = tmp_path / "made"
    file.write_text("old")
    file.chmod(0o644)
    seen: list[int] = []

    def pieces() -> Iterator[bytes]:
        seen.extend(mode(each) for each in tmp_path.iterdir() if each != file)
        yield b"new"

    replace_file(file, pieces())
    assert (file.read_text(), mode(file), seen) == ("new", 0o600, [0o600])


@without_modes
def test_an_ordinary_file_is_as_the_person_has_it(tmp_path: Path):
    before = os.umask(0o027)
    try:
        replace_file(tmp_path / "made", (b"all",), mode=ORDINARY)
    finally:
        os.umask(before)
    assert mode(tmp_path / "made") == 0o640


@pytest.mark.parametrize("wanted", [whole_file.PRIVATE, ORDINARY])
def test_a_disk_whose_files_have_no_modes_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: int
):
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")  # as a FAT disk of another user does

    monkeypatch.setattr(os, "chmod", refused)
    monkeypatch.setattr(Path, "chmod", refused)
    replace_file(tmp_path / "made", (b"all",), mode=wanted)
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


def test_a_disk_that_is_full_when_it_has_to_keep_it_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "made"
    file.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(file, (b"new",))
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


def test_where_the_place_is_taken_nothing_is_left_behind(tmp_path: Path):
    (tmp_path / "made" / "inner").mkdir(parents=True)
    with pytest.raises(OSError, match="made"):
        replace_file(tmp_path / "made", (b"new",))
    assert names(tmp_path) == ["made"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a whole path at 260 characters")
def test_the_longest_name_that_a_disk_takes(tmp_path: Path):
    file = tmp_path / ("n" * 255)
    replace_file(file, (b"all",))
    assert file.read_bytes() == b"all"


def test_two_that_write_one_file_leave_one_of_theirs(tmp_path: Path):
    file = tmp_path / "made"

    def pieces() -> Iterator[bytes]:
        yield b"a"
        replace_file(file, (b"bb",))  # another program, meanwhile
        yield b"a"

    replace_file(file, pieces())
    assert file.read_bytes() == b"aa"
    assert names(tmp_path) == ["made"]


@pytest.mark.parametrize("times", [1, 5])
def test_a_file_that_somebody_looks_into_is_replaced_when_that_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
):
    """Windows refuses to replace what is open; elsewhere that is played."""
    file = tmp_path / "made"
    file.write_text("old")
    look = file.open()
    replace = Path.replace
    waits: list[float] = []

    def refuse_what_is_open(path: Path, target: Path) -> Path:
        if not look.closed:
            raise PermissionError
        return replace(path, target)

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == times:
            look.close()

    if sys.platform != "win32":
        monkeypatch.setattr(Path, "replace", refuse_what_is_open)
    monkeypatch.setattr(whole_file.time, "sleep", wait)
    replace_file(file, (b"new",))
    assert (file.read_text(), len(waits)) == ("new", times)
    assert names(tmp_path) == ["made"]


def test_what_stays_in_use_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tries = 0

    def refuse(_path: Path, _target: Path) -> None:
        nonlocal tries
        tries += 1
        raise PermissionError

    monkeypatch.setattr(whole_file, "_BETWEEN_TRIES_SECONDS", 0)
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        replace_file(tmp_path / "made", (b"new",))
    assert tries > 1
    assert names(tmp_path) == []


def test_killed_at_any_moment_the_file_is_whole(tmp_path: Path):
    path = tmp_path / "made"
    program = (
        "import sys; from pathlib import Path; from bascule.whole_file import replace_file\n"
        "while True:\n"
        "    for text in b'a', b'b': replace_file(Path(sys.argv[1]), (text * 300_000,))\n"
    )
    for _ in range(3):
        path.unlink(missing_ok=True)
        process = subprocess.Popen([sys.executable, "-c", program, str(path)])
        try:
            wait_until(path.exists)
        finally:
            process.kill()
            process.wait()
        assert path.read_text() in ("a" * 300_000, "b" * 300_000)
