"""The log file: whole lines whatever happens, old files by size and by day, what is in the way."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, StreamError
from bascule.streams import log_file as module
from bascule.streams.disk import DIRECT_BYTES
from bascule.streams.log_file import AGAIN_SECONDS, LogFile, RotatingFile, Rotation
from tests.helpers.contract import soon
from tests.helpers.descriptors import descriptors

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
DAY = 86_400.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.log"


def opened(path: Path, *, last: float = NOON, **rotation: Any) -> RotatingFile:
    """A file whose last line, if there is one, was written at this time."""
    if path.exists():
        os.utime(path, (last, last))
    file = RotatingFile(str(path), Rotation(utc=True, **rotation))
    file.open()
    return file


def names(path: Path) -> dict[str, bytes]:
    """What lies in the folder."""
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


def test_lines_are_added_to_what_is_there(path: Path):
    path.write_bytes(b"before\n")
    file = opened(path)
    file.write(b"one\n", NOON)
    file.write(b"two\n", NOON + 9 * DAY)
    assert names(path) == {"events.log": b"before\none\ntwo\n"}
    file.close()
    file.close()


def test_a_new_file_before_the_old_one_is_too_large(path: Path):
    file = opened(path, size_bytes=10)
    for second, line in enumerate(
        [b"12345\n", b"123\n", b"456\n", b"longer than a file\n", b"end\n"]
    ):
        file.write(line, NOON + second)
    assert names(path) == {
        "events-2026-11-21T12-00-01.log": b"12345\n123\n",
        "events-2026-11-21T12-00-02.log": b"456\n",
        "events-2026-11-21T12-00-03.log": b"longer than a file\n",
        "events.log": b"end\n",
    }
    file.close()


def test_a_new_file_each_day_also_after_a_restart(path: Path):
    path.write_bytes(b"yesterday\n")
    file = opened(path, last=NOON - DAY, daily=True)
    file.write(b"noon\n", NOON)
    file.write(b"evening\n", NOON + DAY / 2 - 1)
    file.write(b"tomorrow\n", NOON + DAY / 2)
    assert names(path) == {
        "events-2026-11-20T12-00-00.log": b"yesterday\n",
        "events-2026-11-21T23-59-59.log": b"noon\nevening\n",
        "events.log": b"tomorrow\n",
    }
    file.close()


def test_an_empty_file_is_not_put_aside(path: Path):
    path.touch()
    file = opened(path, last=NOON - DAY, daily=True)
    file.write(b"now\n", NOON)
    assert names(path) == {"events.log": b"now\n"}
    file.close()


def test_the_day_is_that_of_the_zone(monkeypatch: pytest.MonkeyPatch):
    import time

    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert Rotation(utc=True).day(NOON).day == 21
        assert Rotation().day(NOON).day == 22
    finally:
        monkeypatch.undo()
        time.tzset()


def test_so_many_old_files_are_kept(path: Path):
    others = ["events-2020.log", "other-2020-01-01T00-00-00.log", "events-2020-01-01T00-00-00.txt"]
    for other in others:
        path.with_name(other).touch()
    file = opened(path, size_bytes=1, keep=2)
    for line in range(13):  # eleven within one second: the number counts, not the letters
        file.write(b"%d\n" % line, NOON)
    assert [old.read_bytes() for old in file.old_files()] == [b"10\n", b"11\n"]
    assert {*others, "events.log"} < set(names(path))
    assert path.read_bytes() == b"12\n"
    file.close()


def test_a_file_that_cannot_be_renamed_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch):
    """As on Windows, where another program has it open."""

    def refuse(_self: Path, _target: Path) -> Path:
        raise PermissionError(errno.EACCES, "in use")

    file = opened(path, size_bytes=4)
    file.write(b"one\n", NOON)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        file.write(b"two\n", NOON)
        trouble, file.trouble = file.trouble, None
        assert trouble is not None
        assert trouble.message == f"cannot rename {path}, it goes on: in use"
        file.write(b"three\n", NOON + AGAIN_SECONDS - 1)
        assert file.trouble is None
    file.write(b"four\n", NOON + AGAIN_SECONDS)
    assert path.read_bytes() == b"four\n"
    assert [old.read_bytes() for old in file.old_files()] == [b"one\ntwo\nthree\n"]
    file.close()


def test_an_old_file_that_cannot_be_removed_is_told(path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_self: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(Path, "unlink", refuse)
    file = opened(path, size_bytes=1, keep=1)
    for line in (b"one\n", b"two\n", b"three\n"):
        file.write(line, NOON)
    assert file.trouble is not None
    assert "cannot remove" in file.trouble.message
    assert path.read_bytes() == b"three\n"
    file.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows moves no file that is open")
def test_who_has_moved_or_removed_the_file_gets_a_new_one(path: Path):
    file = opened(path)
    file.write(b"one\n", NOON)
    path.rename(path.with_name("mine"))
    file.write(b"two\n", NOON + 2)
    path.unlink()
    path.write_bytes(b"another\n")
    file.write(b"three\n", NOON + 4)
    assert names(path) == {"mine": b"one\n", "events.log": b"another\nthree\n"}
    file.close()


def test_a_folder_that_is_away_for_a_while_is_not_the_end(tmp_path: Path):
    folder = tmp_path / "share"
    folder.mkdir()
    path = folder / "events.log"
    file = opened(path)
    file.write(b"one\n", NOON)
    folder.rename(tmp_path / "away")
    for second in (2, 3):
        with pytest.raises(DialError) as caught:
            file.write(b"two\n", NOON + second)
        assert caught.value.code is ErrorCode.FILE_MISSING
    (tmp_path / "away").rename(folder)
    file.write(b"three\n", NOON + 4)
    assert path.read_bytes() == b"one\nthree\n"
    file.write(b"at once\n", NOON + 4)
    assert path.read_bytes() == b"one\nthree\nat once\n"
    file.close()


def test_what_cannot_be_looked_at_is_still_written(path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_self: Path) -> os.stat_result:
        raise PermissionError(errno.EACCES, "no")

    file = opened(path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "stat", refuse)
        file.write(b"one\n", NOON)
    assert path.read_bytes() == b"one\n"
    file.close()


def test_a_full_disk_keeps_whole_lines_only(path: Path, monkeypatch: pytest.MonkeyPatch):
    left = 10

    def write(fd: int, data: memoryview) -> int:
        nonlocal left
        if not left:
            raise OSError(errno.ENOSPC, "No space left on device")
        count = real(fd, data[:left])
        left -= count
        return count

    real = os.write
    file = opened(path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write)
        with pytest.raises(StreamError) as caught:
            file.write(b"one\ntwo\nthree\n", NOON)
    assert caught.value.code is ErrorCode.FILE_FULL
    assert caught.value.facts["written"] == 8
    file.write(b"room again\n", NOON)
    assert path.read_bytes() == b"one\ntwo\nroom again\n"
    file.close()


def test_a_device_is_written_and_never_put_aside():
    with pytest.raises(StreamError) as caught:
        opened(Path("/dev/full"), last=NOON, size_bytes=1).write(b"x\n", NOON)
    assert caught.value.code is ErrorCode.FILE_FULL


def test_a_pipe_that_nobody_reads_is_not_waited_for(path: Path):
    os.mkfifo(path)
    with pytest.raises(DialError, match="nobody reads the pipe"):
        opened(path)


@pytest.mark.parametrize(("name", "code"), [
    (".", ErrorCode.FILE_FAILED), ("no/such/folder", ErrorCode.FILE_MISSING),
])  # fmt: skip
def test_what_cannot_be_opened(tmp_path: Path, name: str, code: ErrorCode):
    with pytest.raises(DialError) as caught:
        RotatingFile(str(tmp_path / name), Rotation(), field="target.path").open()
    assert (caught.value.code, caught.value.field) == (code, "target.path")


# shared -------------------------------------------------------------------------------------------


def shared(path: Path) -> tuple[LogFile, list[BasculeError]]:
    heard: list[BasculeError] = []
    return LogFile(RotatingFile(str(path), Rotation(size_bytes=1)), heard.append), heard


async def test_it_is_open_while_anybody_uses_it(path: Path):
    log, _heard = shared(path)
    before = len(descriptors())
    for _ in range(2):
        await soon(log.open())
    assert len(descriptors()) == before + 1
    await soon(log.close())
    assert len(descriptors()) == before + 1
    await soon(log.close())
    assert len(descriptors()) == before


async def test_many_who_write_at_once_are_written_one_after_the_other(path: Path):
    log = LogFile(RotatingFile(str(path), Rotation()), lambda _why: None)
    await soon(log.open())
    blocks = [bytes([65 + each]) * 200_000 + b"\n" for each in range(8)]
    await soon(asyncio.gather(*(log.write(block) for block in blocks)))
    assert path.read_bytes() == b"".join(blocks)
    await soon(log.close())


async def test_what_waits_for_nobody_is_written_at_once(path: Path, monkeypatch: Any):
    monkeypatch.setattr(module, "SLOW_SECONDS", 3600.0)  # however busy this computer is
    log = LogFile(RotatingFile(str(path), Rotation()), lambda _why: None)
    await soon(log.open())
    await soon(log.write(b"looked\n"))
    monkeypatch.setattr(module, "LOOK_SECONDS", 3600.0)
    assert log.write_now(b"one\n")
    assert not log.write_now(b"x" * DIRECT_BYTES + b"\n")
    threads = {threading.get_ident()}
    real = os.write

    def write(fd: int, data: memoryview) -> int:
        threads.add(threading.get_ident())
        return real(fd, data)

    monkeypatch.setattr(os, "write", write)
    writing = asyncio.ensure_future(log.write(b"x" * 1_000_000 + b"\n"))
    await asyncio.sleep(0)
    assert not log.write_now(b"before the others\n")
    await soon(writing)
    assert len(threads) == 2
    monkeypatch.setattr(module, "SLOW_SECONDS", -1.0)
    assert log.write_now(b"slow\n")
    assert not log.write_now(b"never again\n")
    assert path.read_bytes() == b"looked\none\n" + b"x" * 1_000_000 + b"\nslow\n"
    await soon(log.close())


async def test_trouble_is_told(path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_self: Path, _target: Path) -> Path:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(Path, "rename", refuse)
    log, heard = shared(path)
    await soon(log.open())
    await soon(log.write(b"one\n"))
    assert heard == []
    await soon(log.write(b"two\n"))
    assert [why.code for why in heard] == [ErrorCode.FILE_FAILED]
    log.tell(heard[0])
    assert len(heard) == 2
    await soon(log.close())
