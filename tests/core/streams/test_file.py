"""Opening files and devices: each setting with its effect, devices, FIFOs, and what goes wrong."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bascule.errors import DialError, ErrorCode, SpecError, StreamError
from bascule.events import Stage, StageResult
from bascule.streams import file as module
from bascule.streams.base import Stream
from bascule.streams.file import FileDialer, OpenSettings, open_error, open_file
from tests.helpers.contract import StreamContract, random_bytes, read_all, read_count, soon
from tests.helpers.descriptors import Dual, begun, descriptors, no_more_threads_than, until
from tests.helpers.loops import LOOPS
from tests.helpers.pty import Line, SerialContract

if sys.platform != "win32":
    import fcntl
    import termios
    import tty

LOOP_FACTORIES = LOOPS

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


async def opened(path: Path | str, **settings: object) -> Stream:
    arguments: dict = settings
    return await soon(FileDialer(str(path), **arguments).dial())


@posix
class TestContractOverFifos(StreamContract):
    resets = False

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path):
        self.folder = tmp_path

    async def open_pair(self) -> tuple[Stream, Stream]:
        there, back = self.folder / "there", self.folder / "back"
        os.mkfifo(there)
        os.mkfifo(back)
        far_in, near_in = await opened(there, way="read"), await opened(back, way="read")
        far_out, near_out = await opened(back, way="write"), await opened(there, way="write")
        return Dual(near_in, near_out), Dual(far_in, far_out)


@posix
class TestContractOverATerminal(SerialContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        line = Line()
        return await opened(line.device), line


async def refused(path: Path | str, **settings: object) -> DialError:
    before = descriptors()
    with pytest.raises(DialError) as caught:
        await opened(path, field="source.path", **settings)
    assert caught.value.field == "source.path"
    assert caught.value.facts["path"] == str(path)
    assert descriptors() == before
    return caught.value


# files -------------------------------------------------------------------------------------------


async def test_a_file_is_read_to_its_end(tmp_path: Path):
    data = random_bytes(1_000_000)
    (tmp_path / "file").write_bytes(data)
    steps = list[StageResult]()
    stream = await FileDialer(str(tmp_path / "file"), way="read").dial(steps.append)
    assert [(step.stage, step.done) for step in steps] == [
        (Stage.OPEN_DEVICE, False),
        (Stage.OPEN_DEVICE, True),
    ]
    assert (stream.can_receive, stream.can_send, stream.can_half_close) == (True, False, True)
    assert str(stream.peer) == str(tmp_path / "file")
    assert await soon(read_all(stream)) == data
    await soon(stream.aclose())


async def test_a_file_is_written(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("old words, long")
    stream = await opened(path, way="write")
    assert (stream.can_receive, stream.can_send, stream.can_half_close) == (False, True, True)
    await stream.send(b"new")
    await stream.send_eof()
    await soon(stream.aclose())
    assert path.read_text() == "new words, long"


async def test_a_file_is_read_and_written_from_one_place(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("all there is")
    stream = await opened(path)
    assert await soon(read_all(stream)) == b"all there is"
    await stream.send(b", and more")
    await soon(stream.aclose())
    assert path.read_text() == "all there is, and more"


async def test_appending(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("first\n")
    stream = await opened(path, way="write", append=True)
    path.write_text("another program wrote this\n")
    await stream.send(b"last\n")
    await soon(stream.aclose())
    assert path.read_text() == "another program wrote this\nlast\n"


@posix
async def test_creating(tmp_path: Path):
    path = tmp_path / "file"
    error = await refused(path)
    assert error.code is ErrorCode.FILE_MISSING
    umask = os.umask(0)
    try:
        stream = await opened(path, create=True, mode=0o640)
    finally:
        os.umask(umask)
    await soon(stream.aclose())
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    await soon((await opened(path, create=True)).aclose())
    error = await refused(path, create=True, exclusive=True)
    assert error.message == f"{path} is there already"


async def test_emptying(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("old words")
    await soon((await opened(path, way="read", truncate=True)).aclose())
    assert path.read_text() == "old words"
    await soon((await opened(path, truncate=True)).aclose())
    assert path.read_text() == ""


@pytest.mark.parametrize(("seek", "left"), [(4, b"words"), (-3, b"rds"), (0, b"old words")])
async def test_beginning_elsewhere(tmp_path: Path, seek: int, left: bytes):
    path = tmp_path / "file"
    path.write_text("old words")
    stream = await opened(path, seek=seek)
    assert await soon(read_all(stream)) == left
    await soon(stream.aclose())


async def test_beginning_before_the_begin(tmp_path: Path):
    (tmp_path / "file").touch()
    assert (await refused(tmp_path / "file", seek=-1)).code is ErrorCode.FILE_FAILED


async def test_removing(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("old words")
    stream = await opened(path, create=True, remove_first=True, remove_after=True)
    assert path.read_text() == ""
    await soon(stream.aclose())
    assert not path.exists()


@posix  # nobody removes there what somebody has open
async def test_removing_what_others_use(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("old words")
    keeper = path.open()
    stream = await opened(path, create=True, remove_first=True)
    assert keeper.read() == "old words"
    keeper.close()
    assert path.read_text() == ""
    await soon(stream.aclose())
    stream = await opened(path, create=True, remove_first=True, remove_after=True)
    path.unlink()
    path.write_text("another file of this name")
    await soon(stream.aclose())
    assert path.exists()
    stream = await opened(path, remove_after=True)
    path.unlink()
    await soon(stream.aclose())


async def test_a_lock_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    path = tmp_path / "file"
    path.write_text("of the first")
    first = await opened(path, lock=True)
    waiting = await begun(FileDialer(str(path), lock=True, truncate=True).dial())
    assert path.read_text() == "of the first"
    await soon(first.aclose())
    second = await soon(waiting)
    assert path.read_text() == ""
    before = descriptors()
    third = await begun(FileDialer(str(path), lock=True, way="read", truncate=True).dial())
    third.cancel()
    await asyncio.wait([third])
    await until(lambda: descriptors() == before)  # a thread may be opening it still
    await soon(second.aclose())
    path.write_text("not emptied by who reads")
    fourth = await opened(path, lock=True, way="read", truncate=True)
    assert await soon(read_all(fourth)) == b"not emptied by who reads"
    await soon(fourth.aclose())
    fifth = await opened(path, lock=True)
    assert await soon(read_all(fifth)) == b"not emptied by who reads"
    await soon(fifth.aclose())


@posix
async def test_a_full_disk_says_what_was_written():
    stream = await opened("/dev/full", way="write")
    with pytest.raises(StreamError) as caught:
        await soon(stream.send(b"x"))
    assert caught.value.code is ErrorCode.FILE_FULL
    assert caught.value.facts["written"] == 0
    await soon(stream.aclose())


# devices -----------------------------------------------------------------------------------------


@posix
async def test_devices_that_never_wait():
    source, sink = await opened("/dev/zero", way="read"), await opened("/dev/null")
    data = await soon(read_count(source, 100_000))
    assert data == bytes(len(data))
    await soon(sink.send(data))
    assert await soon(sink.receive()) == b""
    assert sink.can_half_close
    await soon(source.aclose())
    await soon(sink.aclose())


@posix
async def test_a_terminal_is_set_up_and_put_back():
    master, slave = os.openpty()
    device = os.ttyname(slave)
    before = termios.tcgetattr(slave)
    stream = await opened(device, terminal=("rawer", "b9600"))
    assert not stream.can_half_close
    assert termios.tcgetattr(slave)[3] == 0
    assert not fcntl.fcntl(slave, fcntl.F_GETFL) & os.O_NONBLOCK
    await soon(stream.send(b"\x03\x04"))
    assert os.read(master, 10) == b"\x03\x04"
    await soon(stream.aclose())
    assert termios.tcgetattr(slave) == before
    os.close(master)
    os.close(slave)


@posix
async def test_a_device_that_hangs_up_is_at_its_end():
    master, slave = os.openpty()
    tty.setraw(slave)
    stream = await opened(os.ttyname(slave))
    os.write(master, b"last words")
    assert await soon(read_count(stream, 10)) == b"last words"
    os.close(master)
    assert await soon(stream.receive()) == b""
    await soon(stream.aclose())
    os.close(slave)


@posix
async def test_settings_of_a_terminal_need_one(tmp_path: Path):
    (tmp_path / "file").touch()
    before = descriptors()
    error = await refused(tmp_path / "file", terminal=("raw",))
    assert "no terminal" in error.message
    assert descriptors() == before
    with pytest.raises(SpecError) as caught:
        FileDialer("/dev/tty", terminal=("rwa",), field="source.path")
    assert caught.value.field == "source.terminal"


# FIFOs -------------------------------------------------------------------------------------------


@posix
async def test_writing_to_a_fifo_begins_when_somebody_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    path = tmp_path / "fifo"
    os.mkfifo(path)
    waiting = await begun(FileDialer(str(path), way="write").dial())
    reading = await opened(path, way="read")
    writing = await soon(waiting)
    await soon(writing.send(b"x"))
    assert await soon(reading.receive()) == b"x"
    await soon(writing.aclose())
    assert await soon(reading.receive()) == b""
    await soon(reading.aclose())


@posix
async def test_a_fifo_has_no_end_before_somebody_writes(tmp_path: Path):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    reading = await opened(path, way="read")
    waiting = await begun(reading.receive())
    writing = await opened(path, way="write")
    await soon(writing.aclose())
    assert await soon(waiting) == b""
    await soon(reading.aclose())


# what goes wrong ---------------------------------------------------------------------------------


async def test_a_folder_of_a_system_that_forbids_to_open_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def forbid(*_args: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", forbid)
    assert "is a folder" in (await refused(tmp_path)).message
    assert (await refused(tmp_path / "file")).code is ErrorCode.FILE_FORBIDDEN


async def test_a_folder(tmp_path: Path):
    for way in ("read", "both"):
        error = await refused(tmp_path, way=way)
        assert error.code is ErrorCode.FILE_FAILED
        assert "is a folder" in error.message


@posix
async def test_a_socket(tmp_path: Path):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "socket"))
        error = await refused(tmp_path / "socket")
    assert "is a socket" in error.message


async def test_no_folder(tmp_path: Path):
    error = await refused(tmp_path / "no" / "file", create=True)
    assert error.code is ErrorCode.FILE_MISSING
    assert "no folder" in error.message


async def test_a_path_that_cannot_be():
    with pytest.raises(DialError) as caught:
        await opened("\0")
    assert caught.value.code is ErrorCode.FILE_FAILED


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, ErrorCode.FILE_FORBIDDEN),
        (errno.EROFS, ErrorCode.FILE_FORBIDDEN),
        (errno.ENOSPC, ErrorCode.FILE_FULL),
        (errno.EIO, ErrorCode.FILE_FAILED),
    ],
)
def test_other_errors_of_opening(number: int, code: ErrorCode):
    error = open_error(OSError(number, os.strerror(number)), OpenSettings("/a/file"))
    assert error.code is code
    assert error.facts["why"] == os.strerror(number)
    assert "/a/file" in error.message


async def test_a_device_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").touch()

    def absent(*_args: object) -> int:
        raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))

    monkeypatch.setattr(os, "open", absent)
    with pytest.raises(OSError, match="No such device"):
        open_file(OpenSettings(str(tmp_path / "file")))


# letting go --------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", ["opened", "failed", "not yet", "cancelled"])
async def test_a_dial_that_is_cancelled_closes_what_it_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: str
):
    path = tmp_path / "file"
    path.touch()
    await soon((await opened(path)).aclose())  # the thread is there
    entered, go = threading.Event(), threading.Event()
    finished = threading.Event()

    def slowly(settings: OpenSettings) -> int | None:
        entered.set()
        assert go.wait(20)
        try:
            if result == "failed":
                raise OSError(errno.EIO, "x")
            return None if result == "not yet" else open_file(settings)
        finally:
            finished.set()

    monkeypatch.setattr(module, "open_file", slowly)
    before = descriptors()
    dialing = asyncio.ensure_future(FileDialer(str(path)).dial())
    await until(entered.is_set)
    dialing.cancel()
    await asyncio.wait([dialing])
    go.set()
    await until(finished.is_set)
    await until(lambda: descriptors() == before)


def test_an_opening_that_was_cancelled_itself():
    loop = asyncio.new_event_loop()
    opening: asyncio.Future[int | None] = loop.create_future()
    opening.cancel()
    module._close_unwanted(opening)
    loop.close()


async def test_a_cycle_leaves_nothing(tmp_path: Path):
    async def cycles(count: int) -> None:
        for _ in range(count):
            stream = await opened(tmp_path / "file", create=True, lock=True, remove_after=True)
            await stream.send(bytes(100_000))
            assert await soon(stream.receive()) == b""
            await soon(stream.aclose())

    # A pool has as many threads as were needed at once, and keeps them.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    await cycles(10)
    before, threads = descriptors(), threading.active_count()
    await cycles(200)
    assert descriptors() == before
    await no_more_threads_than(threads)
