"""Serial ports through the descriptor: the stream contract, settings, unplugging, letting go."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import struct
import termios
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import serial
from serial import serialposix

from bascule.errors import BasculeError, DeviceError, ErrorCode
from bascule.streams import serial_posix
from bascule.streams.base import Stream
from bascule.streams.serial import PortSettings
from bascule.streams.serial_posix import PosixSerialStream, open_device
from tests.helpers.contract import soon
from tests.helpers.descriptors import begun, descriptors
from tests.helpers.loops import LOOPS
from tests.helpers.pty import Line, SerialContract

LOOP_FACTORIES = LOOPS


class TestContract(SerialContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        line = Line()
        return PosixSerialStream(open_device(PortSettings(line.device)), line.device), line


@pytest_asyncio.fixture
async def stream(line: Line) -> AsyncIterator[PosixSerialStream]:
    stream = PosixSerialStream(open_device(PortSettings(line.device)), line.device)
    yield stream
    stream.abort()
    await soon(stream.aclose())


async def read_until(line: Line, end: bytes) -> bytes:
    data = b""
    while not data.endswith(end):
        data += await line.receive()
    return data


async def test_unplugging_ends_a_waiting_receive(stream: PosixSerialStream, line: Line):
    waiting = await begun(stream.receive())
    line.unplug()
    with pytest.raises(DeviceError) as caught:
        await soon(waiting)
    assert caught.value.code is ErrorCode.DEVICE_GONE
    assert caught.value.facts["device"] == line.device
    with pytest.raises(DeviceError):
        await soon(stream.receive())
    with pytest.raises(DeviceError):
        await soon(stream.send(b"x"))


async def test_unplugging_ends_a_waiting_send_and_receive(stream: PosixSerialStream, line: Line):
    receiving = await begun(stream.receive())
    sending = await begun(stream.send(bytes(100_000)))
    line.unplug()
    for waiting in (sending, receiving):
        with pytest.raises(DeviceError) as caught:
            await soon(waiting)
        assert caught.value.code is ErrorCode.DEVICE_GONE


async def test_a_device_that_is_gone_is_let_go(line: Line):
    before = descriptors()
    stream = PosixSerialStream(open_device(PortSettings(line.device)), line.device)
    line.unplug()
    with pytest.raises(DeviceError):
        await soon(stream.send(b"x"))
    await soon(stream.aclose())
    assert len(descriptors()) == len(before) - 1  # the far end is closed too


async def test_bytes_before_the_end_are_kept(stream: PosixSerialStream, line: Line):
    waiting = await begun(stream.receive())
    await line.send(b"last words")
    await asyncio.wait([waiting])
    line.unplug()
    assert waiting.result() == b"last words"
    with pytest.raises(DeviceError):
        await soon(stream.receive())


async def test_what_nobody_asks_for_stays_with_the_driver(stream: PosixSerialStream, line: Line):
    waiting = await begun(stream.receive())
    waiting.cancel()
    await asyncio.wait([waiting])
    await line.send(b"ab")
    while stream._watching:
        await asyncio.sleep(0)
    assert await soon(stream.receive()) == b"ab"


async def test_a_cancelled_send_leaves_the_stream_usable(stream: PosixSerialStream, line: Line):
    sending = await begun(stream.send(bytes(100_000)))
    sending.cancel()
    await asyncio.wait([sending])
    # What the driver took of the first comes before the second, which comes whole.
    reading = asyncio.ensure_future(read_until(line, b"end"))
    await soon(stream.send(bytes(100_000) + b"end"))
    assert 100_003 <= len(await soon(reading)) < 200_000


@pytest.mark.parametrize("call", ["aclose", "abort"])
async def test_closing_wakes_who_waits(call: str, stream: PosixSerialStream):
    receiving = await begun(stream.receive())
    sending = await begun(stream.send(bytes(100_000)))
    if call == "abort":
        stream.abort()
    await soon(stream.aclose())
    for waiting in (receiving, sending):
        with pytest.raises(BasculeError) as caught:
            await soon(waiting)
        assert caught.value.code is ErrorCode.CONNECTION_BROKEN
    stream.abort()


async def test_closing_leaves_no_descriptor_and_no_lock(line: Line):
    before = descriptors()
    for _ in range(30):
        stream = PosixSerialStream(open_device(PortSettings(line.device)), line.device)
        waiting = asyncio.ensure_future(stream.receive())
        await line.send(b"x")
        assert await soon(waiting) == b"x"
        await soon(stream.aclose())
    assert descriptors() == before
    fcntl.flock(line.near, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # TIOCGEXCL (Linux): whether the terminal is for one program only
    assert fcntl.ioctl(line.near, 0x80045440, b"\0\0\0\0") == b"\0\0\0\0"


async def test_the_port_is_for_one_program(stream: PosixSerialStream, line: Line):
    assert fcntl.ioctl(line.near, 0x80045440, b"\0\0\0\0") != b"\0\0\0\0"
    with pytest.raises(serial.SerialException):
        open_device(PortSettings(line.device))


async def test_a_spurious_wake_up_is_no_end(
    stream: PosixSerialStream, line: Line, monkeypatch: pytest.MonkeyPatch
):
    waiting = await begun(stream.receive())
    stream._readable()
    assert not waiting.done()
    await line.send(b"real")
    assert await soon(waiting) == b"real"


async def test_a_read_error_is_the_end(stream: PosixSerialStream, monkeypatch: pytest.MonkeyPatch):
    def fail(_descriptor: int, _count: int) -> bytes:
        raise OSError(errno.ENXIO, "No such device or address")

    waiting = await begun(stream.receive())
    monkeypatch.setattr(serial_posix.os, "read", fail)
    stream._readable()
    with pytest.raises(DeviceError) as caught:
        await soon(waiting)
    assert caught.value.code is ErrorCode.DEVICE_GONE
    assert isinstance(caught.value.__cause__, OSError)


# settings ----------------------------------------------------------------------------------------


def test_the_line_is_raw_and_set_up():
    line = Line()
    port = open_device(
        PortSettings(line.device, 115200, stop_bits="2", flow_control="xon-xoff", rts="unchanged")
    )
    iflag, oflag, cflag, lflag, _ispeed, ospeed, control = termios.tcgetattr(line.near)
    assert ospeed == termios.B115200
    assert cflag & termios.CSTOPB
    assert iflag & termios.IXON
    assert not lflag & (termios.ICANON | termios.ECHO | termios.ISIG)
    assert not oflag & termios.OPOST
    assert control[termios.VMIN] in (1, b"\x01")
    port.close()
    line.abort()


def test_any_speed_is_kept():
    line = Line()
    port = open_device(PortSettings(line.device, 12_345, flow_control="rts-cts", dtr="off"))
    assert serial_posix._baud(port.fileno(), 1) == 12_345
    assert termios.tcgetattr(line.near)[2] & termios.CRTSCTS
    port.close()
    line.abort()


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"parity": "odd"}, "parity"),
        ({"parity": "mark"}, "parity"),
        ({"data_bits": 7}, "data_bits"),
        ({"flow_control": "dsr-dtr"}, "flow_control"),
    ],
)
def test_a_setting_the_driver_does_not_keep_is_refused(changed: dict, name: str):
    # A pseudo-terminal is always 8 bits without parity, and takes other values without a word.
    line = Line()
    before = descriptors()
    with pytest.raises(DeviceError) as caught:
        open_device(PortSettings(line.device, field="target.device", **changed))
    assert caught.value.code is ErrorCode.DEVICE_SETTING_REFUSED
    assert caught.value.field == f"target.{name}"
    assert descriptors() == before
    line.abort()


def test_a_speed_the_driver_does_not_keep_is_refused(monkeypatch: pytest.MonkeyPatch):
    line = Line()
    monkeypatch.setattr(serial_posix, "_baud", lambda _descriptor, _asked: 9600)
    with pytest.raises(DeviceError) as caught:
        open_device(PortSettings(line.device, 19200))
    assert caught.value.field == "baud"
    line.abort()


def test_a_system_that_does_not_tell_the_speed_is_believed(monkeypatch: pytest.MonkeyPatch):
    line = Line()
    monkeypatch.setattr(serialposix, "TCGETS2", 0)
    assert serial_posix._baud(line.near, 4_800) == 4_800
    line.abort()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {(termios.TIOCMBIS, termios.TIOCM_DTR), (termios.TIOCMBIS, termios.TIOCM_RTS)}),
        (
            {"dtr": "off", "rts": "off"},
            {(termios.TIOCMBIC, termios.TIOCM_DTR), (termios.TIOCMBIC, termios.TIOCM_RTS)},
        ),
        ({"dtr": "unchanged", "rts": "unchanged"}, set()),
        ({"flow_control": "rts-cts"}, {(termios.TIOCMBIS, termios.TIOCM_DTR)}),
    ],
)
def test_the_lines_are_set_as_asked(settings: dict, expected: set, monkeypatch: pytest.MonkeyPatch):
    line = Line()
    real = fcntl.ioctl
    told: set[tuple[int, int]] = set()

    def record(descriptor: int, request: int, *rest: Any) -> object:
        if request in (termios.TIOCMBIS, termios.TIOCMBIC):
            told.add((request, struct.unpack("I", rest[0])[0]))
        return real(descriptor, request, *rest)

    monkeypatch.setattr(fcntl, "ioctl", record)
    open_device(PortSettings(line.device, **settings)).close()
    assert told == expected
    line.abort()


def test_a_line_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch):
    def fail(*_args: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(fcntl, "ioctl", fail)
    with pytest.raises(OSError, match="Input/output"):
        serial_posix._set_line(-1, termios.TIOCM_DTR, on=True)
