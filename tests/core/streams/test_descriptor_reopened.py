"""What is known of a descriptor: whether the loop can watch it, and whether it can be opened again,
non-blocking for us alone.
"""

# pyright: reportArgumentType=false

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
import stat
import termios
import tty
from pathlib import Path

import pytest

from bascule.streams import descriptor as module
from bascule.streams.base import Address
from bascule.streams.descriptor import (
    WatchedInlet,
    WatchedOutlet,
    can_be_watched,
    close_quietly,
    reopen,
)
from bascule.streams.ways import DescriptorStream
from tests.helpers.contract import random_bytes, read_count, soon
from tests.helpers.descriptors import descriptors
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS


def test_what_can_be_watched(tmp_path: Path, pipe: tuple[int, int]):
    master, slave = os.openpty()
    near, far = socket.socketpair()
    file = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    null, zero = os.open("/dev/null", os.O_RDWR), os.open("/dev/zero", os.O_RDWR)
    assert all(map(can_be_watched, (*pipe, master, slave, near.fileno())))
    assert not any(map(can_be_watched, (file, null, zero)))
    near.close()
    far.close()
    close_quietly(master, slave, file, null, zero, -1)
    with pytest.raises(OSError, match="Bad file"):
        can_be_watched(file)


def test_on_other_systems_terminals_can_be_watched(monkeypatch: pytest.MonkeyPatch):
    master, slave = os.openpty()
    null = os.open("/dev/null", os.O_RDWR)
    monkeypatch.setattr(module.sys, "platform", "darwin")
    assert can_be_watched(slave)
    assert not can_be_watched(null)
    monkeypatch.setattr(module.sys, "platform", "win32")
    assert not can_be_watched(slave)
    close_quietly(master, slave, null)


def status_flags(fd: int) -> int:
    return fcntl.fcntl(fd, fcntl.F_GETFL)


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_terminal_opened_again_is_non_blocking_for_us_alone(
    platform: str, monkeypatch: pytest.MonkeyPatch
):
    master, slave = os.openpty()
    tty.setraw(slave)
    monkeypatch.setattr(module.sys, "platform", platform)
    again = reopen(slave, os.O_RDONLY)
    assert again is not None
    assert status_flags(again) & os.O_NONBLOCK
    assert not status_flags(slave) & os.O_NONBLOCK
    os.write(master, b"x")
    assert os.read(again, 10) == b"x"
    close_quietly(master, slave, again)


def test_a_pipe_opened_again_is_non_blocking_for_us_alone():
    reading, writing = os.pipe()
    ours = reopen(reading, os.O_RDONLY), reopen(writing, os.O_WRONLY)
    assert ours[0] is not None
    assert ours[1] is not None
    os.write(ours[1], b"x")
    assert os.read(ours[0], 10) == b"x"
    with pytest.raises(BlockingIOError):
        os.read(ours[0], 10)
    assert not status_flags(reading) & os.O_NONBLOCK
    assert not status_flags(writing) & os.O_NONBLOCK
    close_quietly(reading, writing, *ours)


def test_a_fifo_whose_writer_has_gone_is_not_opened_again(tmp_path: Path):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    writing = os.open(path, os.O_WRONLY)
    os.write(writing, b"all there is")
    os.close(writing)
    before = descriptors()
    assert reopen(reading, os.O_RDONLY) is None
    assert descriptors() == before
    os.close(reading)


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_socket_cannot_be_opened_again(platform: str, monkeypatch: pytest.MonkeyPatch):
    near, far = socket.socketpair()
    monkeypatch.setattr(module.sys, "platform", platform)
    assert reopen(near.fileno(), os.O_RDWR) is None
    near.close()
    far.close()


def test_what_may_not_be_opened_again_is_not(tmp_path: Path):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    writing = os.open(path, os.O_WRONLY)
    os.close(reading)
    assert reopen(writing, os.O_WRONLY) is None  # ENXIO: nobody reads
    os.close(writing)


async def test_a_terminal_is_read_and_written():
    master, slave = os.openpty()
    tty.setraw(slave, termios.TCSANOW)
    again = reopen(slave, os.O_RDWR)
    assert again is not None
    assert stat.S_ISCHR(os.fstat(again).st_mode)
    os.set_blocking(master, False)
    near = DescriptorStream(
        Address("near"), WatchedInlet(again), WatchedOutlet(again), lambda: close_quietly(again)
    )
    far = DescriptorStream(
        Address("far"), WatchedInlet(master), WatchedOutlet(master), lambda: close_quietly(master)
    )
    data = random_bytes(100_000)
    sending = asyncio.ensure_future(near.send(data))
    assert await soon(read_count(far, len(data))) == data
    await soon(sending)
    await soon(near.aclose())
    await soon(far.aclose())
    os.close(slave)
