"""The log collector as an end: every line that was sent is in the file, however it ended."""

from __future__ import annotations

import asyncio
import re
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, StreamError
from bascule.events import Stage, StageResult
from bascule.streams.base import Address
from bascule.streams.log_collector import LogDialer
from bascule.streams.log_file import LogFile, RotatingFile, Rotation
from bascule.streams.origin import Origin, set_origin
from tests.helpers.contract import soon
from tests.helpers.descriptors import descriptors
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS

PEER = Address("192.0.2.7", 4711)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.log"


def collector(
    path: Path | str, *, stamp: str = "none", sender: str = "none", heard: Any = None
) -> LogDialer:
    log = LogFile(RotatingFile(str(path), Rotation()), (heard if heard is not None else []).append)
    return LogDialer(log, str(path), stamp=stamp, sender=sender)


async def test_lines_of_several_are_never_mixed(path: Path):
    dial = collector(path).dial
    one, two = await soon(dial()), await soon(dial())
    await soon(one.send(b"on"))
    await soon(two.send(b"two\r\ntw"))
    await soon(one.send(b"e\n"))
    await soon(two.send(b"o again"))
    assert path.read_bytes() == b"two\none\n"
    await soon(two.send_eof())
    await soon(two.send_eof())
    assert path.read_bytes() == b"two\none\ntwo again\n"
    for each in (one, two):
        await soon(each.aclose())


@pytest.mark.parametrize("how", ["finished", "closed", "aborted"])
async def test_what_is_no_whole_line_is_kept_as_well(path: Path, how: str):
    stream = await soon(collector(path).dial())
    await soon(stream.send(b"half a line"))
    if how == "finished":
        await soon(stream.send_eof())
    elif how == "aborted":
        stream.abort()
    await soon(stream.aclose())
    assert path.read_bytes() == b"half a line\n"


async def test_it_has_nothing_to_say_and_ends_once(path: Path):
    before = descriptors()
    stream = await soon(collector(path).dial())
    assert not stream.can_receive
    assert str(stream.peer) == str(path)
    assert await soon(stream.receive()) == b""
    await soon(stream.send(b""))
    await soon(stream.send_eof())
    with pytest.raises(BasculeError):
        await soon(stream.send(b"too late"))
    await soon(asyncio.gather(stream.aclose(), stream.aclose()))
    stream.abort()
    for call in (stream.receive, lambda: stream.send(b"x")):
        with pytest.raises(BasculeError):
            await soon(call())
    assert path.read_bytes() == b""
    assert descriptors() == before


@pytest.mark.parametrize(
    ("sender", "peer", "said"),
    [
        ("address", PEER, "192.0.2.7 x"),
        ("address-port", PEER, "192.0.2.7:4711 x"),
        ("address-port", Address("::1", 5), "[::1]:5 x"),
        ("none", PEER, "x"),
        ("address", Address(""), "- x"),
        ("address", Address("/run/my socket"), "/run/my_socket x"),
    ],
)
async def test_who_has_sent_it(path: Path, sender: str, peer: Address, said: str):
    set_origin(Origin(peer, Address("192.0.2.8", 514)))
    stream = await soon(collector(path, sender=sender).dial())
    await soon(stream.send(b"x\n"))
    assert path.read_text() == f"{said}\n"
    await soon(stream.aclose())


async def test_a_datagram_is_one_line(path: Path):
    set_origin(Origin(PEER, Address(""), datagrams=True))
    stream = await soon(collector(path).dial())
    await soon(stream.send(b"<34>one\nforged"))
    assert path.read_bytes() == b"<34>one\\nforged\n"
    await soon(stream.aclose())


@pytest.mark.parametrize(("stamp", "form"), [
    ("local", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"),
    ("utc", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
])  # fmt: skip
async def test_the_time_before_it(path: Path, stamp: str, form: str):
    before = datetime.now().astimezone() - timedelta(seconds=1)  # milliseconds are cut off
    stream = await soon(collector(path, stamp=stamp).dial())
    await soon(stream.send(b"x\n"))
    said, line = path.read_text().split(" ")
    assert line == "x\n"
    assert re.fullmatch(form, said)
    assert before < datetime.fromisoformat(said) <= datetime.now().astimezone()
    await soon(stream.aclose())


class Slow:
    """Stands for a disk that is waited for; opened, it is quick again."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entered, self.gate = threading.Event(), threading.Event()
        self._real = RotatingFile.write

        def write(file: RotatingFile, lines: bytes, now: float) -> None:
            self._write(file, lines, now)

        monkeypatch.setattr(RotatingFile, "write", write)

    def _write(self, file: RotatingFile, lines: bytes, now: float) -> None:
        self.entered.set()
        self.gate.wait()
        self._real(file, lines, now)

    async def waited_for(self) -> None:
        assert await soon(asyncio.to_thread(self.entered.wait, 40))


async def test_who_is_cancelled_while_the_disk_is_slow_has_lost_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    slow = Slow(monkeypatch)
    stream = await soon(collector(path).dial())
    sending = asyncio.ensure_future(stream.send(b"one\ntw"))
    await slow.waited_for()
    sending.cancel()
    await asyncio.wait([sending])
    closing = asyncio.ensure_future(stream.aclose())
    await asyncio.sleep(0)
    closing.cancel()
    slow.gate.set()
    await soon(stream.aclose())
    assert path.read_bytes() == b"one\ntw\n"


async def test_it_goes_on_after_a_send_that_was_cancelled(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    slow = Slow(monkeypatch)
    stream = await soon(collector(path).dial())
    sending = asyncio.ensure_future(stream.send(b"one\n"))
    await slow.waited_for()
    sending.cancel()
    await asyncio.wait([sending])
    following = asyncio.ensure_future(stream.send(b"two\n"))
    await asyncio.sleep(0)
    slow.gate.set()
    await soon(following)
    assert path.read_bytes() == b"one\ntwo\n"
    await soon(stream.aclose())


async def test_who_is_cancelled_while_it_is_opened_leaves_nothing_open(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = descriptors()
    entered, gate = threading.Event(), threading.Event()
    real = RotatingFile.open

    def slow(file: RotatingFile) -> None:
        entered.set()
        gate.wait()
        real(file)

    monkeypatch.setattr(RotatingFile, "open", slow)
    dialer = collector(path)
    dialing = asyncio.ensure_future(dialer.dial())
    assert await soon(asyncio.to_thread(entered.wait, 40))
    dialing.cancel()
    await asyncio.wait([dialing])
    gate.set()
    stream = await soon(dialer.dial())  # after the first one was opened and closed, or while
    await soon(stream.send(b"x\n"))
    await soon(stream.aclose())
    while dialer._leaving:
        await soon(asyncio.wait(set(dialer._leaving)))
    assert path.read_bytes() == b"x\n"
    assert descriptors() == before


async def test_a_full_disk_is_said_once():
    heard: list[BasculeError] = []
    stream = await soon(collector("/dev/full", heard=heard).dial())
    await soon(stream.send(b"half"))
    with pytest.raises(StreamError) as caught:
        await soon(stream.send(b"\nanother"))
    assert caught.value.code is ErrorCode.FILE_FULL
    assert "No space left on device" in caught.value.message
    await soon(stream.aclose())
    assert heard == []


async def test_what_fails_at_the_very_end_is_told():
    heard: list[BasculeError] = []
    stream = await soon(collector("/dev/full", heard=heard).dial())
    await soon(stream.send(b"half"))
    await soon(stream.aclose())
    assert [why.code for why in heard] == [ErrorCode.FILE_FULL]


async def test_a_log_that_cannot_be_opened(tmp_path: Path):
    steps: list[StageResult] = []
    with pytest.raises(DialError) as caught:
        await soon(collector(tmp_path / "no" / "folder").dial(steps.append))
    assert caught.value.code is ErrorCode.FILE_MISSING
    assert {step.stage for step in steps} == {Stage.OPEN_DEVICE}
    assert list(tmp_path.iterdir()) == []


async def test_who_is_cancelled_while_it_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    entered, gate, over = threading.Event(), threading.Event(), threading.Event()
    real = RotatingFile.open

    def slow(file: RotatingFile) -> None:
        entered.set()
        gate.wait()
        try:
            real(file)
        finally:
            over.set()

    monkeypatch.setattr(RotatingFile, "open", slow)
    dialer = collector(tmp_path / "no" / "folder")
    dialing = asyncio.ensure_future(dialer.dial())
    assert await soon(asyncio.to_thread(entered.wait, 40))
    dialing.cancel()
    await asyncio.wait([dialing])
    gate.set()
    with pytest.raises(DialError):  # after the first one, which left nothing to be closed
        await soon(dialer.dial())
    assert over.is_set()
    assert dialer._leaving == set()
