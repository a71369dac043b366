"""Files that arrive: there when the sender has finished, gone where the connection broke off."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, StreamError
from bascule.events import TransferState
from bascule.streams.receive_files import ReceiveDialer
from bascule.streams.transfer import Transfer
from tests.helpers.contract import random_bytes, soon
from tests.helpers.descriptors import descriptors, until
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS

DATA = random_bytes(1_000_000)


def packed() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        info = tarfile.TarInfo("sub/data")
        info.size = len(DATA)
        tar.addfile(info, io.BytesIO(DATA))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "sub/data"
        tar.addfile(link)
    return made.getvalue()


def dialer(
    folder: Path,
    said: list[str] | None = None,
    began: list[Transfer] | None = None,
    name: str = "",
) -> ReceiveDialer:
    hears: list[str] = [] if said is None else said
    watches: list[Transfer] = [] if began is None else began
    return ReceiveDialer(str(folder), "refuse", hears.append, watches.append, name=name)


def files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


async def test_what_is_sent_is_there_and_told_when_it_is_finished(tmp_path: Path):
    said: list[str] = []
    before = descriptors()
    folder = tmp_path / "new" / "folder"
    stream = await soon(dialer(folder, said).dial())
    assert not stream.can_receive
    assert await soon(stream.receive()) == b""
    data = packed()
    for at in range(0, len(data), 70_000):
        await soon(stream.send(data[at : at + 70_000]))
    await soon(stream.send(b""))
    await soon(stream.send_eof())
    await soon(stream.send_eof())
    assert (folder / "sub" / "data").read_bytes() == DATA
    assert files(folder) == ["sub/data"]
    with pytest.raises(BasculeError):
        await soon(stream.send(b"too late"))
    await soon(stream.aclose())
    await soon(stream.aclose())
    assert said == [
        f"received sub/data: 1000000 bytes, SHA-256 {hashlib.sha256(DATA).hexdigest()}",
        "passed over link: it is neither a file nor a folder",
    ]
    for call in (stream.receive, lambda: stream.send(b"x")):
        with pytest.raises(BasculeError):
            await soon(call())
    assert descriptors() == before


async def test_what_breaks_off_leaves_nothing(tmp_path: Path):
    before = descriptors()
    stream = await soon(dialer(tmp_path).dial())
    await soon(stream.send(packed()[:600_000]))
    await soon(until(lambda: files(tmp_path)))  # it is under way
    await soon(stream.aclose())
    assert files(tmp_path) == []
    assert descriptors() == before


async def test_what_is_refused_is_told_to_who_sends(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "data").write_bytes(b"mine")
    stream = await soon(dialer(tmp_path).dial())

    async def send() -> None:
        for piece in [packed()] * 3:
            await stream.send(piece)

    with pytest.raises(StreamError, match="there already"):
        await soon(send())
    await soon(stream.aclose())
    assert (tmp_path / "sub" / "data").read_bytes() == b"mine"
    assert files(tmp_path) == ["sub/data"]


async def test_an_end_that_comes_too_early_is_told(tmp_path: Path):
    stream = await soon(dialer(tmp_path).dial())
    await soon(stream.send(packed()[:100_000]))
    with pytest.raises(StreamError, match="cut off"):
        await soon(stream.send_eof())
    await soon(stream.aclose())
    assert files(tmp_path) == []


async def test_a_send_that_was_cancelled_has_lost_nothing(tmp_path: Path):
    stream = await soon(dialer(tmp_path).dial())
    data = packed()
    sending = asyncio.ensure_future(stream.send(data[:500_000]))
    await asyncio.sleep(0)
    sending.cancel()
    await asyncio.wait([sending])
    await soon(stream.send(data[500_000:]))
    await soon(stream.send_eof())
    assert (tmp_path / "sub" / "data").read_bytes() == DATA
    await soon(stream.aclose())


async def test_a_folder_that_cannot_be(tmp_path: Path):
    (tmp_path / "file").touch()
    file = str(tmp_path / "file")
    refused = ReceiveDialer(file, "refuse", print, print, field="target.folder")
    with pytest.raises(DialError) as caught:
        await soon(refused.dial())
    assert (caught.value.code, caught.value.field) == (ErrorCode.FILE_FAILED, "target.folder")


async def test_one_file_comes_as_it_is_under_the_name_that_was_given(tmp_path: Path):
    said: list[str] = []
    began: list[Transfer] = []
    stream = await soon(dialer(tmp_path, said, began, name="big.log").dial())
    assert str(stream.peer) == str(tmp_path / "big.log")
    await soon(stream.send(DATA))
    await soon(stream.send_eof())
    assert (tmp_path / "big.log").read_bytes() == DATA
    await soon(stream.aclose())
    digest = hashlib.sha256(DATA).hexdigest()
    assert said == [f"received big.log: 1000000 bytes, SHA-256 {digest}"]
    (transfer,) = began
    status = transfer.status(1, 0)
    assert (status.state, status.sha256) == (TransferState.COMPLETE, digest)


async def test_the_account_says_that_it_failed_and_why(tmp_path: Path):
    began: list[Transfer] = []
    stream = await soon(dialer(tmp_path, began=began).dial())
    await soon(stream.send(packed()[:600_000]))
    (transfer,) = began
    assert not transfer.over
    await soon(stream.aclose())
    status = transfer.status(1, 0)
    assert status.state is TransferState.FAILED
    assert status.problem is not None
    assert "before the files were complete" in status.problem.message
