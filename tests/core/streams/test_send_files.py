"""The end that sends files: what it gives, and when it says that all has been taken."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, StreamError
from bascule.events import Stage, StageResult, TransferState
from bascule.streams.send_files import SendDialer
from bascule.streams.transfer import Transfer
from tests.helpers.contract import random_bytes, read_all, soon
from tests.helpers.descriptors import descriptors, until
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS

DATA = random_bytes(1_000_000)
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    (made / "data").write_bytes(DATA)
    return made


class Sending:
    """A dialer, and what it has said."""

    def __init__(self, path: Path, *, as_it_is: bool = False) -> None:
        self.said: list[str] = []
        self.began: list[Transfer] = []
        self.dialer = SendDialer(
            str(path), self.said.append, self.began.append, as_it_is=as_it_is, field="target.path"
        )

    @property
    def state(self) -> TransferState:
        return self.began[-1].status(1, 0).state


async def test_a_folder_comes_as_an_archive_and_is_complete_when_the_other_side_has_ended(
    folder: Path,
):
    before = descriptors()
    sending = Sending(folder)
    steps: list[StageResult] = []
    stream = await soon(sending.dialer.dial(steps.append))
    assert [step.stage for step in steps] == [Stage.OPEN_DEVICE] * 2
    assert str(stream.peer) == str(folder)
    data = await soon(read_all(stream))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        held = tar.extractfile("folder/data")
        assert held is not None
        assert held.read() == DATA
    assert await soon(stream.receive()) == b""
    assert sending.state is TransferState.RUNNING
    await soon(stream.send(b"what it is sent is discarded"))
    await soon(stream.send_eof())
    await soon(stream.send_eof())
    await soon(stream.aclose())
    await soon(stream.aclose())
    assert sending.state is TransferState.COMPLETE
    assert sending.said == [f"sent folder/data: 1000000 bytes, SHA-256 {DIGEST}"]
    assert descriptors() == before
    for call in (stream.receive, stream.send_eof, lambda: stream.send(b"x")):
        with pytest.raises(BasculeError):
            await soon(call())


async def test_each_who_connects_gets_it_from_the_beginning(folder: Path):
    sending = Sending(folder / "data", as_it_is=True)
    first, second = [await soon(sending.dialer.dial()) for _ in range(2)]
    assert await soon(read_all(first)) == await soon(read_all(second)) == DATA
    await soon(first.aclose())
    assert [each.over for each in sending.began] == [True, False]
    await soon(second.aclose())


async def test_a_connection_that_ends_too_early_is_a_failure(folder: Path):
    before = descriptors()
    sending = Sending(folder)
    for end_in_order in (True, False):
        stream = await soon(sending.dialer.dial())
        assert await soon(stream.receive())
        if not end_in_order:
            await soon(read_all(stream))
            stream.abort()
        await soon(stream.aclose())
        status = sending.began[-1].status(1, 0)
        assert status.state is TransferState.FAILED
        assert status.problem is not None
        assert "before all had been sent" in status.problem.message
    assert descriptors() == before


async def test_a_receive_that_was_cancelled_has_lost_nothing(folder: Path):
    stream = await soon(Sending(folder / "data", as_it_is=True).dialer.dial())
    receiving = asyncio.ensure_future(stream.receive())
    await asyncio.sleep(0)
    receiving.cancel()
    await asyncio.wait([receiving])
    assert await soon(read_all(stream)) == DATA
    await soon(stream.aclose())


async def test_closing_while_a_piece_is_read_frees_all(folder: Path):
    before = descriptors()
    stream = await soon(Sending(folder).dialer.dial())
    await soon(stream.receive())
    receiving = asyncio.ensure_future(stream.receive())
    await asyncio.sleep(0)
    await soon(stream.aclose())
    with pytest.raises(BasculeError):
        await soon(receiving)
    assert descriptors() == before


async def test_a_file_that_becomes_shorter_breaks_it_in_words(folder: Path):
    sending = Sending(folder / "data", as_it_is=True)
    stream = await soon(sending.dialer.dial())
    await soon(stream.receive())
    (folder / "data").write_bytes(b"short")
    with pytest.raises(StreamError, match="became shorter"):
        await soon(read_all(stream))
    await soon(stream.aclose())
    problem = sending.began[-1].status(1, 0).problem
    assert problem is not None
    assert "became shorter" in problem.message


async def test_what_is_left_out_is_said(folder: Path):
    (folder / "data").unlink()
    os.mkfifo(folder / "fifo")
    sending = Sending(folder)
    stream = await soon(sending.dialer.dial())
    await soon(read_all(stream))
    await soon(until(lambda: sending.said))
    assert sending.said == ["left out folder/fifo: it is neither a file nor a folder"]
    await soon(stream.aclose())


async def test_what_grew_is_said(folder: Path):
    sending = Sending(folder / "data", as_it_is=True)
    stream = await soon(sending.dialer.dial())
    first = await soon(stream.receive())
    with (folder / "data").open("ab") as file:
        file.write(b"more")
    assert first + await soon(read_all(stream)) == DATA
    await soon(until(lambda: sending.said))
    (said,) = sending.said
    assert said.startswith(f"sent data: 1000000 bytes, SHA-256 {DIGEST}; it has grown meanwhile")
    await soon(stream.aclose())


@pytest.mark.parametrize(
    ("name", "as_it_is", "why", "code"),
    [
        ("gone", False, "there is no file", ErrorCode.FILE_MISSING),
        ("gone", True, "there is no file", ErrorCode.FILE_MISSING),
        (".", True, "it is not a file", ErrorCode.FILE_FAILED),
        ("fifo", False, "it is not a file or a folder", ErrorCode.FILE_FAILED),
        ("with\0zero", False, "null", ErrorCode.FILE_FAILED),
    ],
)
async def test_what_cannot_be_sent(
    folder: Path, name: str, as_it_is: bool, why: str, code: ErrorCode
):
    os.mkfifo(folder / "fifo")
    sending = Sending(folder / name, as_it_is=as_it_is)
    with pytest.raises(DialError, match=why) as caught:
        await soon(sending.dialer.dial())
    assert (caught.value.code, caught.value.field) == (code, "target.path")
    assert sending.began == []
