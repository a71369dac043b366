"""Files: reading to the end and on, writing, full disks, and slow ones that hold up nobody."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams import disk as module
from bascule.streams.disk import DIRECT_BYTES, READ_BYTES, DiskInlet, DiskOutlet
from tests.helpers.contract import random_bytes, soon
from tests.helpers.descriptors import begun, descriptors, no_more_threads_than
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS


@pytest.fixture
def file(tmp_path: Path):
    fd = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0))
    yield fd
    os.close(fd)


async def read_on(inlet: DiskInlet) -> bytes:
    data = b""
    while more := await soon(inlet.receive()):
        assert len(more) <= READ_BYTES
        data += more
    return data


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_file_is_read_to_its_end_and_on(file: int, at_once: bool):
    data = random_bytes(3 * READ_BYTES + 17)
    os.write(file, data)
    os.lseek(file, 10, os.SEEK_SET)
    inlet = DiskInlet(file, "file")
    if not at_once:  # a system, or a kind of file, that cannot say what is in memory
        inlet._flag = None
    assert await read_on(inlet) == data[10:]
    assert await soon(inlet.receive()) == b""
    os.write(file, b"grown")
    os.lseek(file, -5, os.SEEK_CUR)
    assert await read_on(inlet) == b"grown"
    assert os.lseek(file, 0, os.SEEK_CUR) == len(data) + 5


async def test_what_is_not_in_memory_is_read_in_a_thread(
    file: int, monkeypatch: pytest.MonkeyPatch
):
    def busy(*_args: object) -> int:
        raise BlockingIOError(errno.EAGAIN, "not there yet")

    os.write(file, b"cold")
    os.lseek(file, 0, os.SEEK_SET)
    monkeypatch.setattr(os, "preadv", busy)
    inlet = DiskInlet(file, "file")
    assert await soon(inlet.receive()) == b"cold"
    assert inlet._flag is not None


@pytest.mark.skipif(sys.platform == "win32", reason="a device of Linux")
async def test_a_device_that_cannot_say_what_is_in_memory():
    fd = os.open("/dev/zero", os.O_RDONLY)
    inlet = DiskInlet(fd, "zero")
    for _ in range(3):
        data = await soon(inlet.receive())
        assert data == bytes(len(data)) != b""
    os.close(fd)


async def test_a_kind_of_file_that_does_not_know_the_question(
    file: int, monkeypatch: pytest.MonkeyPatch
):
    def unknown(*_args: object) -> int:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    os.write(file, b"old")
    os.lseek(file, 0, os.SEEK_SET)
    monkeypatch.setattr(os, "preadv", unknown)
    inlet = DiskInlet(file, "file")
    assert await soon(inlet.receive()) == b"old"
    assert inlet._flag is None


@pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be opened there")
async def test_reading_what_cannot_be_read(tmp_path: Path):
    fd = os.open(tmp_path, os.O_RDONLY)
    inlet = DiskInlet(fd, "the folder")
    for _ in range(2):
        with pytest.raises(StreamError) as caught:
            await soon(inlet.receive())
        assert caught.value.code is ErrorCode.FILE_FAILED
        assert caught.value.facts["path"] == "the folder"
        assert isinstance(caught.value.__cause__, IsADirectoryError)
    os.close(fd)


@pytest.mark.parametrize("size", [1, DIRECT_BYTES, DIRECT_BYTES + 1, 1_000_000])
async def test_what_is_written_is_there(file: int, size: int):
    outlet = DiskOutlet(file, "file")
    data = random_bytes(size)
    await soon(outlet.send(data))
    await soon(outlet.send(b"end"))
    assert os.pread(file, size + 10, 0) == data + b"end"
    assert outlet.written == size + 3


class Gate:
    """Stands for a slow disk: a call through it waits until it is opened."""

    def __init__(self, call: Callable[..., object]) -> None:
        self.call = call
        self.open = threading.Event()
        self.entered = threading.Event()
        self.threads = list[threading.Thread]()

    def __call__(self, *args: object) -> object:
        self.threads.append(threading.current_thread())
        self.entered.set()
        assert self.open.wait(20)
        return self.call(*args)


async def test_a_slow_write_does_not_hold_up_the_loop(file: int, monkeypatch: pytest.MonkeyPatch):
    gate = Gate(os.write)
    monkeypatch.setattr(module.os, "write", gate)
    outlet = DiskOutlet(file, "file")
    sending = await begun(outlet.send(bytes(DIRECT_BYTES + 1)))
    gate.open.set()
    await soon(sending)
    assert gate.threads[0] is not threading.current_thread()


async def test_once_slow_small_writes_go_to_a_thread_as_well(
    file: int, monkeypatch: pytest.MonkeyPatch
):
    real = os.write
    threads = list[threading.Thread]()

    def slow(*args: object) -> int:
        threads.append(threading.current_thread())
        time.sleep(2 * module.SLOW_SECONDS)  # the slow disk itself
        return real(*args)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(module.os, "write", slow)
    outlet = DiskOutlet(file, "file")
    for _ in range(3):
        await soon(outlet.send(b"x"))
    assert threads[0] is threading.current_thread()
    assert threading.current_thread() not in threads[1:]


async def test_a_cancelled_write_comes_before_the_next(file: int, monkeypatch: pytest.MonkeyPatch):
    gate = Gate(os.write)
    first = random_bytes(DIRECT_BYTES + 1)
    outlet = DiskOutlet(file, "file")
    with monkeypatch.context() as patch:
        patch.setattr(module.os, "write", gate)
        sending = await begun(outlet.send(first))
        sending.cancel()
        await asyncio.wait([sending])
    second = await begun(outlet.send(b"second"))
    gate.open.set()
    await soon(second)
    assert os.pread(file, len(first) + 10, 0) == first + b"second"


async def test_a_cancelled_read_loses_nothing(file: int, monkeypatch: pytest.MonkeyPatch):
    os.write(file, b"once")
    os.lseek(file, 0, os.SEEK_SET)
    gate = Gate(os.read)
    inlet = DiskInlet(file, "file")
    inlet._flag = None
    with monkeypatch.context() as patch:
        patch.setattr(module.os, "read", gate)
        for _ in range(2):
            reading = await begun(inlet.receive())
            reading.cancel()
            await asyncio.wait([reading])
        gate.open.set()
    assert await soon(inlet.receive()) == b"once"
    assert await soon(inlet.receive()) == b""


async def test_a_cancelled_read_that_failed_is_told(file: int, monkeypatch: pytest.MonkeyPatch):
    def fail(*_args: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    gate = Gate(fail)
    inlet = DiskInlet(file, "file")
    inlet._flag = None
    with monkeypatch.context() as patch:
        patch.setattr(module.os, "read", gate)
        reading = await begun(inlet.receive())
        reading.cancel()
        await asyncio.wait([reading])
        gate.open.set()
    with pytest.raises(StreamError) as caught:
        await soon(inlet.receive())
    assert caught.value.code is ErrorCode.FILE_FAILED
    assert await soon(inlet.receive()) == b""


@pytest.mark.parametrize("fails", [True, False])
async def test_settling_waits_for_the_thread(
    file: int, monkeypatch: pytest.MonkeyPatch, fails: bool
):
    def call(*_args: object) -> bytes:
        if fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return b"late"

    gate = Gate(call)
    inlet = DiskInlet(file, "file")
    inlet._flag = None
    monkeypatch.setattr(module.os, "read", gate)
    reading = await begun(inlet.receive())
    inlet.halt()
    settling = await begun(inlet.settle())
    gate.open.set()
    await soon(settling)
    with pytest.raises(StreamError):
        await soon(reading)
    with pytest.raises(StreamError):
        await soon(inlet.receive())


async def test_halting_ends_a_write(file: int, monkeypatch: pytest.MonkeyPatch):
    gate = Gate(os.write)
    monkeypatch.setattr(module.os, "write", gate)
    outlet = DiskOutlet(file, "file")
    sending = await begun(outlet.send(bytes(DIRECT_BYTES + 1)))
    outlet.halt()
    gate.open.set()
    with pytest.raises(StreamError) as caught:
        await soon(sending)
    assert caught.value.code is ErrorCode.CONNECTION_BROKEN
    with pytest.raises(StreamError):
        await soon(outlet.send(b"x"))


@pytest.mark.skipif(sys.platform == "win32", reason="a device of Linux")
@pytest.mark.parametrize("size", [1, DIRECT_BYTES + 1])
async def test_a_full_disk_says_what_was_written(size: int):
    fd = os.open("/dev/full", os.O_WRONLY)
    outlet = DiskOutlet(fd, "/dev/full")
    assert outlet._never_slow
    with pytest.raises(StreamError) as caught:
        await soon(outlet.send(bytes(size)))
    assert caught.value.code is ErrorCode.FILE_FULL
    assert caught.value.facts == {
        "path": "/dev/full",
        "why": os.strerror(errno.ENOSPC),
        "written": 0,
    }
    os.close(fd)


@pytest.mark.parametrize("size", [DIRECT_BYTES, 300_000])
async def test_a_limit_reached_on_the_way_says_how_much_was_written(
    file: int, size: int, monkeypatch: pytest.MonkeyPatch
):
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    limit = size + size // 2
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))  # Python ignores SIGXFSZ
    try:
        outlet = DiskOutlet(file, "file")
        await soon(outlet.send(bytes(size)))
        with pytest.raises(StreamError) as caught:
            await soon(outlet.send(bytes(size)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.code is ErrorCode.FILE_FULL
    assert caught.value.facts["written"] == outlet.written == limit
    assert f"{limit} bytes were written" in caught.value.message


async def test_another_error_of_writing(tmp_path: Path):
    path = tmp_path / "file"
    path.touch()
    fd = os.open(path, os.O_RDONLY)
    with pytest.raises(StreamError) as caught:
        await soon(DiskOutlet(fd, "file").send(b"x"))
    assert caught.value.code is ErrorCode.FILE_FAILED
    os.close(fd)


@pytest.mark.skipif(sys.platform == "win32", reason="a device of Linux")
def test_elsewhere_any_device_may_be_slow(file: int, monkeypatch: pytest.MonkeyPatch):
    assert not module._never_slow(file)
    fd = os.open("/dev/null", os.O_WRONLY)
    assert module._never_slow(fd)
    monkeypatch.setattr(module.sys, "platform", "darwin")
    assert not module._never_slow(fd)
    os.close(fd)


async def test_others_go_on_while_a_device_is_always_ready():
    source, sink = os.open("/dev/zero", os.O_RDONLY), os.open("/dev/null", os.O_WRONLY)
    inlet, outlet = DiskInlet(source, "zero"), DiskOutlet(sink, "null")

    async def carry() -> None:
        while True:
            await outlet.send(await inlet.receive())

    carrying = await begun(carry())
    carrying.cancel()
    await asyncio.wait([carrying])
    assert outlet.written > 0
    os.close(source)
    os.close(sink)


async def test_nothing_is_left_open(tmp_path: Path):
    async def cycles(count: int) -> None:
        for _ in range(count):
            fd = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
            await DiskOutlet(fd, "file").send(bytes(DIRECT_BYTES + 1))
            await DiskInlet(fd, "file").receive()
            os.close(fd)

    # A pool has as many threads as were needed at once, and keeps them.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    await cycles(10)
    before, threads = descriptors(), threading.active_count()
    await cycles(200)
    assert descriptors() == before
    await no_more_threads_than(threads)
