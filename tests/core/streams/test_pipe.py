"""Pipes: the stream contract over two FIFOs, the pipe to ourselves, making and removing."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest

from bascule.errors import DialError, ErrorCode, SpecError, StreamError
from bascule.events import Stage, StageResult
from bascule.streams import pipe as module
from bascule.streams.base import Stream
from bascule.streams.pipe import PipeDialer
from tests.helpers.contract import StreamContract, random_bytes, read_all, read_count, soon
from tests.helpers.descriptors import Dual, begun, descriptors
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS


async def opened(path: Path, way: str = "both", **settings: object) -> Stream:
    arguments: dict = settings
    return await soon(PipeDialer(str(path), way=way, **arguments).dial())


class TestContractOverTwoFifos(StreamContract):
    resets = False

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path):
        self.folder = tmp_path

    async def open_pair(self) -> tuple[Stream, Stream]:
        there, back = self.folder / "there", self.folder / "back"
        far_in, near_in = await opened(there, "read"), await opened(back, "read")
        near_out, far_out = await opened(there, "write"), await opened(back, "write")
        return Dual(near_in, near_out), Dual(far_in, far_out)


async def test_what_is_sent_into_a_pipe_to_ourselves_comes_back():
    steps = list[StageResult]()
    dialer = PipeDialer()
    stream = await dialer.dial(steps.append)
    assert [(step.stage, step.subject, step.done) for step in steps] == [
        (Stage.OPEN_DEVICE, "pipe", False),
        (Stage.OPEN_DEVICE, "pipe", True),
    ]
    data = random_bytes(1_000_000)

    async def feed() -> None:
        for start in range(0, len(data), 10_000):
            await stream.send(data[start : start + 10_000])
        await stream.send_eof()

    feeding = asyncio.ensure_future(feed())
    assert await soon(read_all(stream)) == data
    await soon(feeding)
    assert stream.can_half_close
    assert str(stream.peer)
    await soon(stream.aclose())
    with pytest.raises(StreamError):
        await soon(stream.receive())


async def test_a_pipe_to_ourselves_holds_one_chunk():
    stream = await PipeDialer().dial()
    await soon(stream.send(b"one"))
    second = await begun(stream.send(b"two"))
    assert await soon(read_count(stream, 6)) == b"onetwo"
    await soon(second)
    waiting = await begun(stream.receive())
    stream.abort()
    with pytest.raises(StreamError):
        await soon(waiting)
    await soon(stream.aclose())


async def test_both_ways_of_a_fifo_give_back_what_is_sent(tmp_path: Path):
    stream = await opened(tmp_path / "fifo")
    await soon(stream.send(b"hello"))
    assert await soon(stream.receive()) == b"hello"
    assert not stream.can_half_close
    await soon(stream.aclose())


async def test_a_fifo_is_made_and_removed(tmp_path: Path):
    path = tmp_path / "fifo"
    stream = await opened(path, "read", mode=0o622)
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o622
    await soon(stream.aclose())
    assert not path.exists()
    await soon((await opened(path, "read", remove_after=False)).aclose())
    assert path.exists()
    await soon((await opened(path, "read")).aclose())
    assert path.exists()  # it was not made here


async def test_another_thing_of_that_name_is_left_alone(tmp_path: Path):
    path = tmp_path / "fifo"
    stream = await opened(path, "read")
    path.unlink()
    path.write_text("precious")
    await soon(stream.aclose())
    assert path.read_text() == "precious"
    before = descriptors()
    with pytest.raises(DialError) as caught:
        await opened(path, "write", field="source.path")
    assert caught.value.code is ErrorCode.FILE_FAILED
    assert caught.value.field == "source.path"
    assert path.read_text() == "precious"
    assert descriptors() == before


async def test_one_that_nobody_reads_is_waited_for_and_goes_when_we_do(tmp_path: Path):
    path = tmp_path / "fifo"
    dialing = await begun(PipeDialer(str(path), way="write").dial())
    assert path.is_fifo()
    dialing.cancel()
    await asyncio.wait([dialing])
    assert not path.exists()
    dialing = await begun(PipeDialer(str(path), way="write", remove_after=False).dial())
    dialing.cancel()
    await asyncio.wait([dialing])
    assert path.is_fifo()


async def test_no_folder(tmp_path: Path):
    with pytest.raises(DialError) as caught:
        await opened(tmp_path / "no" / "fifo")
    assert caught.value.code is ErrorCode.FILE_MISSING


async def test_a_path_that_cannot_be():
    with pytest.raises(DialError):
        await opened(Path("\0"))


async def test_windows_has_no_fifos(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module.sys, "platform", "win32")
    with pytest.raises(SpecError) as caught:
        await PipeDialer("x").dial()
    assert caught.value.code is ErrorCode.NOT_ON_THIS_SYSTEM
    await (await PipeDialer().dial()).aclose()


async def test_a_cycle_leaves_nothing(tmp_path: Path):
    async def cycles(count: int) -> None:
        for _ in range(count):
            reading = await opened(tmp_path / "fifo", "read")
            writing = await opened(tmp_path / "fifo", "write")
            await soon(writing.send(b"x"))
            await soon(writing.aclose())
            assert await soon(read_all(reading)) == b"x"
            await soon(reading.aclose())

    await cycles(10)
    before = descriptors()
    await cycles(200)
    assert descriptors() == before
    assert os.listdir(tmp_path) == []  # noqa: PTH208
