"""The thread bridge that Windows uses, here over a pty that pyserial opened: the stream contract.

Not run on Linux, and so excluded from coverage: Windows' own question for a device name.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import serial

from bascule.errors import BasculeError, DeviceError, ErrorCode
from bascule.streams import serial_windows
from bascule.streams.base import Stream
from bascule.streams.serial import PortSettings
from bascule.streams.serial_windows import ThreadSerialStream, device_exists, open_device
from tests.helpers.contract import PATIENCE_SECONDS, read_count, soon
from tests.helpers.descriptors import begun, descriptors
from tests.helpers.loops import LOOPS
from tests.helpers.pty import Line, SerialContract

LOOP_FACTORIES = LOOPS


class TestContract(SerialContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        line = Line()
        return ThreadSerialStream(open_device(PortSettings(line.device)), line.device), line


@pytest_asyncio.fixture
async def stream(line: Line) -> AsyncIterator[ThreadSerialStream]:
    stream = ThreadSerialStream(open_device(PortSettings(line.device)), line.device)
    yield stream
    stream.abort()
    await soon(stream.aclose())


def join_threads() -> None:
    """Wait until no thread of ours is left."""
    for each in threading.enumerate():
        if each.name.startswith("serial-"):
            each.join(PATIENCE_SECONDS)
            assert not each.is_alive()


class Fake:
    """A port that does what a test says; whatever is not said blocks until it is closed."""

    in_waiting = 0
    out_waiting = 0

    def __init__(self, **calls) -> None:
        self.closed = threading.Event()
        self.cancelled = 0
        self.__dict__.update(calls)

    def read(self, _count: int) -> bytes:
        self.closed.wait()
        raise TypeError("the handle is None")

    def write(self, data: memoryview) -> int:
        return len(data)

    def cancel_read(self) -> None:
        self.cancelled += 1

    def cancel_write(self) -> None:
        pass

    def flush(self) -> None:
        pass

    def reset_input_buffer(self) -> None:
        pass

    def reset_output_buffer(self) -> None:
        pass

    def close(self) -> None:
        self.closed.set()


def over(port: Any) -> ThreadSerialStream:
    return ThreadSerialStream(port, "COM5")


async def test_unplugging_ends_who_waits(stream: ThreadSerialStream, line: Line):
    receiving = await begun(stream.receive())
    sending = await begun(stream.send(bytes(100_000)))
    line.unplug()
    for waiting in (receiving, sending):
        with pytest.raises(DeviceError) as caught:
            await soon(waiting)
        assert caught.value.code is ErrorCode.DEVICE_GONE
    with pytest.raises(DeviceError):
        await soon(stream.receive())


@pytest.mark.parametrize("call", ["aclose", "abort"])
async def test_closing_wakes_who_waits_and_ends_the_threads(
    call: str, line: Line, monkeypatch: pytest.MonkeyPatch
):
    # On POSIX, pyserial does not look for a cancellation while the system takes nothing more:
    # that write ends only as the port is closed.
    monkeypatch.setattr(serial_windows, "_CANCEL_SECONDS", 0.002)
    before = descriptors()
    for _ in range(5):
        stream = ThreadSerialStream(open_device(PortSettings(line.device)), line.device)
        receiving = await begun(stream.receive())
        sending = await begun(stream.send(bytes(100_000)))
        if call == "abort":
            stream.abort()
        await soon(stream.aclose())
        for waiting in (receiving, sending):
            with pytest.raises(BasculeError) as caught:
                await soon(waiting)
            assert caught.value.code is ErrorCode.CONNECTION_BROKEN
    await asyncio.to_thread(join_threads)
    assert descriptors() == before


async def test_one_chunk_is_read_ahead_and_no_more(stream: ThreadSerialStream, line: Line):
    await line.send(b"first")
    while not stream._chunk:
        await asyncio.sleep(0)
    await line.send(b"second")
    assert await soon(stream.receive()) == b"first"
    assert await soon(stream.receive()) == b"second"


async def test_a_cancelled_send_goes_on_before_the_next(stream: ThreadSerialStream, line: Line):
    sending = await begun(stream.send(b"a" * 100_000))
    sending.cancel()
    await asyncio.wait([sending])
    following = await begun(stream.send(b"b"))
    assert await soon(read_count(line, 100_001)) == b"a" * 100_000 + b"b"
    await soon(following)
    await soon(stream.send(b""))


async def test_a_read_of_nothing_is_the_end():
    stream = over(Fake(read=lambda _count: b""))
    with pytest.raises(DeviceError) as caught:
        await soon(stream.receive())
    assert caught.value.code is ErrorCode.DEVICE_GONE
    assert str(stream.peer) == "COM5"
    await soon(stream.aclose())


async def test_an_error_of_windows_is_the_end():
    def fail(_count: int) -> bytes:
        raise serial.SerialException(
            "ClearCommError failed (PermissionError(13, 'Access is denied.', None, 5))"
        )

    stream = over(Fake(read=fail))
    with pytest.raises(DeviceError) as caught:
        await soon(stream.receive())
    assert caught.value.code is ErrorCode.DEVICE_GONE
    assert caught.value.facts["why"] == "Access is denied."
    await soon(stream.aclose())


async def test_a_call_that_cannot_be_cancelled_ends_with_the_port(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(serial_windows, "_CANCEL_TRIES", 2)
    port = Fake()
    stream = over(port)
    waiting = await begun(stream.receive())
    await soon(stream.aclose())
    assert port.cancelled == 2
    assert port.closed.is_set()
    with pytest.raises(BasculeError):
        await soon(waiting)
    await soon(stream._stopped)


async def test_cancelling_at_a_port_that_is_gone_is_quiet():
    def fail() -> None:
        port.closed.set()
        raise OSError("gone")

    port = Fake(cancel_read=fail)
    stream = over(port)
    await soon(stream.aclose())


def test_a_thread_that_outlives_the_loop_is_quiet():
    port = Fake()

    async def leave() -> ThreadSerialStream:
        return over(port)

    stream = asyncio.run(leave())
    port.closed.set()
    stream._halt()
    join_threads()


def test_the_port_is_set_up_as_asked():
    line = Line()
    port = open_device(
        PortSettings(
            line.device,
            115200,
            stop_bits="2",
            flow_control="dsr-dtr",
            dtr="off",
            rts="unchanged",
        )
    )
    assert (port.baudrate, port.bytesize, port.parity, port.stopbits) == (115200, 8, "N", 2)
    assert (port.dsrdtr, port.rtscts, port.xonxoff) == (True, False, False)
    assert (port.dtr, port.rts) == (False, True)
    port.close()
    line.abort()


def test_a_port_is_known_by_its_device_name():
    assert device_exists(r"\\.\COM12", {"COM12": 0}.__getitem__)
    assert device_exists("COM1", lambda _name: 122)  # known, but its answer is long
    assert not device_exists("COM3", lambda _name: 2)
