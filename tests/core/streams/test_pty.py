"""Pseudo terminals for other programs: the stream contract, links, waiting, and their end."""

from __future__ import annotations

import asyncio
import os
import stat
import termios
from pathlib import Path

import pytest

from bascule.errors import DialError, ErrorCode, SpecError, StreamError
from bascule.events import Stage, StageResult
from bascule.streams import pty as module
from bascule.streams.base import Stream
from bascule.streams.file import FileDialer
from bascule.streams.pty import Pty, PtyDialer, make_link
from tests.helpers.contract import read_all, read_count, soon
from tests.helpers.descriptors import begun, descriptors
from tests.helpers.loops import LOOPS
from tests.helpers.pty import SerialContract

LOOP_FACTORIES = LOOPS


async def made(link: Path, **settings: object) -> Stream:
    arguments: dict = {"terminal": ("raw", "echo=0"), **settings}
    return await soon(PtyDialer(str(link), **arguments).dial())


class TestContract(SerialContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path):
        self.link = tmp_path / "link"

    async def open_pair(self) -> tuple[Stream, Stream]:
        stream = await made(self.link)
        return stream, await FileDialer(str(self.link)).dial()


async def test_the_step_is_reported_with_the_name_of_the_device(tmp_path: Path):
    steps = list[StageResult]()
    stream = await PtyDialer(str(tmp_path / "link")).dial(steps.append)
    assert [(step.stage, step.done) for step in steps] == [
        (Stage.OPEN_DEVICE, False),
        (Stage.OPEN_DEVICE, True),
    ]
    assert steps[1].detail == str((tmp_path / "link").readlink())
    assert str(stream.peer) == str(tmp_path / "link")
    await soon(stream.aclose())


async def test_one_without_a_link_is_named_by_its_device():
    before = descriptors()
    dialer = PtyDialer()
    stream = await dialer.dial()
    assert dialer.label == "pty"
    device = Path(str(stream.peer))
    assert device.is_char_device()
    await soon(stream.aclose())
    assert descriptors() == before  # the device has gone: its name may be somebody else's by now


async def test_its_permissions_and_settings(tmp_path: Path):
    stream = await made(tmp_path / "link", mode=0o620, terminal=("rawer", "b9600"))
    assert stat.S_IMODE((tmp_path / "link").stat().st_mode) == 0o620
    slave = os.open(tmp_path / "link", os.O_RDWR | os.O_NOCTTY)
    attributes = termios.tcgetattr(slave)
    assert attributes[3] == 0
    assert attributes[5] == termios.B9600
    os.close(slave)
    await soon(stream.aclose())


# its end -----------------------------------------------------------------------------------------


async def test_there_is_no_end_before_somebody_opens_it(tmp_path: Path):
    stream = await made(tmp_path / "link")
    assert not stream.can_half_close
    waiting = await begun(stream.receive())
    await soon(stream.send(b"early words"))
    slave = os.open(tmp_path / "link", os.O_RDWR | os.O_NOCTTY)
    assert os.read(slave, 100) == b"early words"
    os.write(slave, b"answer")
    assert await soon(waiting) == b"answer"
    os.write(slave, b"last words")
    os.close(slave)
    assert await soon(read_all(stream)) == b"last words"
    with pytest.raises(StreamError):
        await soon(stream.send(bytes(1_000_000)))
    # Opened again, it goes on: who takes no end for an end may do so.
    slave = os.open(tmp_path / "link", os.O_RDWR | os.O_NOCTTY)
    os.write(slave, b"again")
    assert await soon(read_count(stream, 5)) == b"again"
    os.close(slave)
    await soon(stream.aclose())


async def test_it_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    link = tmp_path / "link"
    dialing = await begun(PtyDialer(str(link), wait=True, terminal=("rawer",)).dial())
    slave = os.open(link, os.O_RDWR | os.O_NOCTTY)
    stream = await soon(dialing)
    os.write(slave, b"x")
    assert await soon(stream.receive()) == b"x"
    os.close(slave)
    assert await soon(stream.receive()) == b""
    await soon(stream.aclose())


async def test_a_cancelled_wait_leaves_nothing(tmp_path: Path):
    before = descriptors()
    dialing = await begun(PtyDialer(str(tmp_path / "link"), wait=True).dial())
    dialing.cancel()
    await asyncio.wait([dialing])
    assert descriptors() == before
    assert not (tmp_path / "link").is_symlink()


# links -------------------------------------------------------------------------------------------


async def test_a_link_is_replaced_and_goes_at_the_end(tmp_path: Path):
    link = tmp_path / "link"
    link.symlink_to("/nowhere")
    first = await made(link)
    assert link.is_char_device()
    second = await made(link)
    await soon(first.aclose())
    assert link.is_char_device()  # the second's
    await soon(second.aclose())
    assert not link.is_symlink()
    assert list(tmp_path.iterdir()) == []


async def test_a_link_that_somebody_removed(tmp_path: Path):
    stream = await made(tmp_path / "link")
    (tmp_path / "link").unlink()
    await soon(stream.aclose())


async def test_what_is_not_a_link_is_left_alone(tmp_path: Path):
    (tmp_path / "link").write_text("precious")
    before = descriptors()
    with pytest.raises(DialError) as caught:
        await PtyDialer(str(tmp_path / "link"), field="source.link").dial()
    assert caught.value.code is ErrorCode.FILE_FAILED
    assert caught.value.field == "source.link"
    assert (tmp_path / "link").read_text() == "precious"
    assert descriptors() == before


def test_a_link_that_cannot_be_replaced_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(_new: Path, _old: Path) -> None:
        raise PermissionError

    (tmp_path / "link").symlink_to("/nowhere")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(PermissionError):
        make_link(str(tmp_path / "link"), "/dev/null")
    assert [each.name for each in tmp_path.iterdir()] == ["link"]


# what goes wrong ---------------------------------------------------------------------------------


async def test_no_folder_for_the_link(tmp_path: Path):
    with pytest.raises(DialError) as caught:
        await PtyDialer(str(tmp_path / "no" / "link")).dial()
    assert caught.value.code is ErrorCode.FILE_MISSING


async def test_no_right_to_make_the_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(_link: Path, _target: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "symlink_to", fail)
    with pytest.raises(DialError) as caught:
        await PtyDialer(str(tmp_path / "link")).dial()
    assert caught.value.code is ErrorCode.FILE_FORBIDDEN


async def test_settings_that_it_does_not_keep(tmp_path: Path):
    before = descriptors()
    with pytest.raises(DialError) as caught:
        await PtyDialer(str(tmp_path / "link"), terminal=("cs7", "parenb")).dial()
    assert caught.value.code is ErrorCode.FILE_FAILED
    assert descriptors() == before
    assert not (tmp_path / "link").is_symlink()
    with pytest.raises(SpecError) as wrong:
        PtyDialer(terminal=("rwa",), field="source.link")
    assert wrong.value.field == "source.terminal"


def test_no_name_for_it_closes_it(monkeypatch: pytest.MonkeyPatch):
    def fail(*_args: object) -> bytes:
        raise OSError(5, "Input/output error")

    before = descriptors()
    monkeypatch.setattr(module.fcntl, "ioctl", fail)
    with pytest.raises(OSError, match="Input"):
        Pty("")
    assert descriptors() == before


def test_elsewhere_the_slave_is_held_open(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module.sys, "platform", "darwin")
    before = descriptors()
    pty = Pty("")
    assert Path(pty.name).is_char_device()
    assert len(descriptors()) == len(before) + 2
    pty.close()
    assert descriptors() == before


async def test_windows_has_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module.sys, "platform", "win32")
    with pytest.raises(SpecError) as caught:
        await PtyDialer().dial()
    assert caught.value.code is ErrorCode.NOT_ON_THIS_SYSTEM


async def test_a_cycle_leaves_nothing(tmp_path: Path):
    async def cycles(count: int) -> None:
        for _ in range(count):
            stream = await made(tmp_path / "link")
            slave = os.open(tmp_path / "link", os.O_RDWR | os.O_NOCTTY)
            os.write(slave, b"x")
            assert await soon(stream.receive()) == b"x"
            os.close(slave)
            await soon(stream.aclose())

    await cycles(1)
    before = descriptors()
    await cycles(200)
    assert descriptors() == before
    assert list(tmp_path.iterdir()) == []
