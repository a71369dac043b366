"""Opening devices and FIFOs as files: terminals, what never waits, what hangs up."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bascule.errors import SpecError
from bascule.streams import file as module
from bascule.streams.file import FileDialer
from tests.core.streams.test_file import opened, posix, refused
from tests.helpers.contract import read_count, soon
from tests.helpers.descriptors import begun, descriptors
from tests.helpers.loops import LOOPS

if sys.platform != "win32":
    import fcntl
    import termios
    import tty

LOOP_FACTORIES = LOOPS


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
