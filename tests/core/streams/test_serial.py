"""Opening serial ports: steps reported, what is known beforehand, and how an orderly close ends."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from bascule.errors import DeviceError, ErrorCode, StreamError
from bascule.events import Stage, StageResult
from bascule.streams import serial as serial_module
from bascule.streams.base import Stream
from bascule.streams.serial import PortSettings, SerialDialer, SerialStream, open_port, wake
from tests.helpers.contract import soon
from tests.helpers.pty import Line, SerialContract


class TestContract(SerialContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        line = Line()
        return await SerialDialer(line.device).dial(), line


async def test_the_step_is_reported_with_the_line_settings():
    line, steps = Line(), list[StageResult]()
    stream = await SerialDialer(line.device, baud=19200).dial(steps.append)
    begun, done = steps
    assert (begun.stage, begun.subject, begun.done) == (Stage.OPEN_DEVICE, line.device, False)
    assert done.done
    assert done.problem is None
    assert done.detail == "19200 8N1"
    assert str(stream.peer) == line.device
    await soon(stream.aclose())
    line.abort()


async def test_a_failure_is_reported_too():
    steps = list[StageResult]()
    dialer = SerialDialer("/dev/no-such-port", field="source.device")
    assert dialer.label == "/dev/no-such-port"
    with pytest.raises(DeviceError) as caught:
        await dialer.dial(steps.append)
    assert caught.value.code is ErrorCode.DEVICE_MISSING
    assert caught.value.field == "source.device"
    assert steps[-1].problem == caught.value.problem


@pytest.mark.usefixtures("every_process")
async def test_a_port_in_use_names_who_uses_it():
    line = Line()
    stream = await SerialDialer(line.device).dial()
    with pytest.raises(DeviceError) as caught:
        await SerialDialer(line.device).dial()
    assert caught.value.code is ErrorCode.DEVICE_BUSY
    if sys.platform == "linux":
        assert caught.value.facts["pid"] == os.getpid()
        assert caught.value.facts["program"]
    await soon(stream.aclose())
    again = await SerialDialer(line.device).dial()
    await soon(again.aclose())
    line.abort()


async def test_a_refused_setting_names_its_field():
    line = Line()
    for _ in range(2):  # the system complains at the first try, the driver is silent at others
        with pytest.raises(DeviceError) as caught:
            await SerialDialer(line.device, parity="even", field="target.device").dial()
        assert caught.value.code is ErrorCode.DEVICE_SETTING_REFUSED
        assert caught.value.field == "target.parity"
        assert caught.value.facts["value"] == "even"
    line.abort()


@pytest.mark.parametrize("fails", [False, True])
async def test_a_port_that_opens_too_late_is_closed(fails: bool, monkeypatch: pytest.MonkeyPatch):
    line, entered, go = Line(), threading.Event(), threading.Event()
    ports = []

    def slow(settings: PortSettings):
        entered.set()
        go.wait()
        if fails:
            raise DeviceError("no", code=ErrorCode.DEVICE_FAILED)
        ports.append(open_port(settings))
        return ports[0]

    monkeypatch.setattr(serial_module, "open_port", slow)
    dialing = asyncio.ensure_future(SerialDialer(line.device).dial())
    await asyncio.to_thread(entered.wait)
    dialing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dialing
    go.set()
    await soon(asyncio.get_running_loop().shutdown_default_executor())
    await asyncio.sleep(0)
    assert [port.is_open for port in ports] == ([] if fails else [False])
    line.abort()


async def test_check_is_quiet_where_opening_may_work():
    line = Line()
    await SerialDialer(line.device).check()
    line.abort()


@pytest.mark.parametrize("device", ["/dev/no-such-port", "/etc/passwd/port", "/dev/tty\0USB"])
async def test_check_knows_a_missing_device(device: str):
    with pytest.raises(DeviceError) as caught:
        await SerialDialer(device).check()
    assert caught.value.code is ErrorCode.DEVICE_MISSING
    assert caught.value.facts["device"] == device


async def test_check_knows_what_is_no_device(tmp_path: Path):
    file = tmp_path / "file"
    file.touch()
    for path in (tmp_path, file):
        with pytest.raises(DeviceError) as caught:
            await SerialDialer(str(path)).check()
        assert caught.value.code is ErrorCode.DEVICE_FAILED
        assert caught.value.facts["why"] == "it is not a serial port"


async def test_check_knows_a_forbidden_device(monkeypatch: pytest.MonkeyPatch):
    # Tests may run as root, to whom nothing is forbidden.
    line = Line()
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(DeviceError) as caught:
        await SerialDialer(line.device).check()
    assert caught.value.code is ErrorCode.DEVICE_FORBIDDEN

    def hidden(_path: Path) -> os.stat_result:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", hidden)
    with pytest.raises(DeviceError) as caught:
        await SerialDialer("/dev/hidden/port").check()
    assert caught.value.code is ErrorCode.DEVICE_FORBIDDEN
    line.abort()


async def test_a_device_that_is_no_terminal_is_no_serial_port():
    with pytest.raises(DeviceError) as caught:
        await SerialDialer(os.devnull).dial()
    assert caught.value.code is ErrorCode.DEVICE_FAILED
    assert caught.value.facts["why"] == "it is not a serial port"


# the end of a stream -----------------------------------------------------------------------------


class Port:
    """A port whose output leaves when a test says so."""

    def __init__(self, waiting: list[int]) -> None:
        self.waiting = waiting
        self.empty = threading.Event()
        self.calls: list[str] = []

    @property
    def out_waiting(self) -> int:
        self.calls.append("out_waiting")
        if len(self.waiting) == 1:
            return self.waiting[0]
        if len(self.waiting) == 2:
            self.empty.set()
        return self.waiting.pop(0)

    def flush(self) -> None:
        self.empty.wait()

    def reset_output_buffer(self) -> None:
        self.calls.append("purge")
        self.empty.set()

    def reset_input_buffer(self) -> None:
        pass

    def close(self) -> None:
        self.calls.append("close")


class Halting(SerialStream):
    """A stream that carries nothing."""

    def __init__(self, port: Any) -> None:
        super().__init__(port, "COM5")

    def _halt(self) -> None:
        pass

    async def receive(self) -> bytes:
        raise NotImplementedError

    async def send(self, data: bytes) -> None:
        raise NotImplementedError


@pytest.fixture
def soon_stalled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_module, "STALL_SECONDS", 0.05)


async def test_closing_waits_while_output_moves(soon_stalled: None):
    port = Port([30, 20, 10, 0])
    stream = Halting(port)
    await soon(stream.aclose())
    assert "purge" not in port.calls
    assert port.calls[-1] == "close"


async def test_closing_gives_up_output_that_is_held_back(soon_stalled: None):
    port = Port([30, 20, 20, 20, 20])
    stream = Halting(port)
    await soon(stream.aclose())
    assert port.calls[-2:] == ["purge", "close"]


async def test_an_abort_ends_the_wait_of_a_close():
    port = Port([30])
    stream = Halting(port)
    closing = asyncio.ensure_future(stream.aclose())
    await asyncio.wait([closing], timeout=0.05)
    assert not closing.done()
    stream.abort()
    await soon(closing)
    assert port.calls[-1] == "close"
    stream.abort()
    assert port.calls.count("purge") == 1


async def test_a_cancelled_close_goes_on():
    port = Port([30])
    stream = Halting(port)
    closing = asyncio.ensure_future(stream.aclose())
    await asyncio.wait([closing], timeout=0.05)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    port.empty.set()
    await soon(stream.aclose())
    assert port.calls.count("close") == 1


async def test_a_port_that_fails_while_it_is_closed_is_let_go():
    class Gone:
        @property
        def out_waiting(self) -> int:
            raise OSError(5, "Input/output error")

        flush = close = reset_output_buffer = reset_input_buffer = out_waiting.fget

    for abort in (False, True):
        stream = Halting(Gone())
        if abort:
            stream.abort()
        await soon(stream.aclose())


async def test_the_end_of_sending_stays_on_this_side():
    stream = Halting(Port([0, 0]))
    assert not stream.can_half_close
    await stream.send_eof()
    await stream.send_eof()
    with pytest.raises(StreamError) as caught:
        stream._refuse_sending()
    assert caught.value.code is ErrorCode.CONNECTION_BROKEN


async def test_the_first_reason_stays():
    stream = Halting(Port([0, 0]))
    stream._lose(OSError(5, "Input/output error"))
    stream._lose(None)
    with pytest.raises(DeviceError, match="Input/output"):
        await stream.send_eof()
    await soon(stream.aclose())


async def test_waking_nobody_or_the_cancelled_is_quiet():
    waiter = asyncio.get_running_loop().create_future()
    waiter.cancel()
    wake(waiter)
    wake(None)
