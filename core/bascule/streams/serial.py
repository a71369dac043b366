"""Owns opening a serial port, and how a stream over one ends.

How bytes move is in ``serial_posix`` (a non-blocking descriptor) and ``serial_windows`` (threads),
what goes wrong in ``serial_errors``. pyserial is imported in the first two only: a relay
without a serial port does not pay for it.
"""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bascule.errors import DeviceError
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.buffered import broken
from bascule.streams.serial_errors import (
    PORT_ERRORS,
    cause_of,
    failed,
    forbidden,
    gone_error,
    missing,
    open_error,
)
from bascule.streams.stage import staged

if TYPE_CHECKING:
    from serial import Serial

STALL_SECONDS = 3.0
"""An orderly close waits while output moves, and gives it up once nothing moved for this long."""


@dataclass(frozen=True, slots=True)
class PortSettings:
    """How a serial port is opened; the words are those of a profile."""

    device: str
    baud: int = 9600
    data_bits: int = 8
    parity: str = "none"
    stop_bits: str = "1"
    flow_control: str = "none"
    dtr: str = "on"
    rts: str = "on"
    field: str = "device"
    """The dotted path of ``device``, for errors; the other settings stand beside it."""

    @property
    def line(self) -> str:
        """The line settings as technicians write them: ``9600 8N1``."""
        return f"{self.baud} {self.data_bits}{self.parity[0].upper()}{self.stop_bits}"

    def beside(self, name: str) -> str:
        """The dotted path of another setting."""
        group, dot, _device = self.field.rpartition(".")
        return f"{group}{dot}{name}"


class SerialDialer(Dialer):
    """Opens one serial port, for this program alone.

    ``dtr`` and ``rts`` are "on", "off" or "unchanged". Unchanged means as far as the system lets
    it be: Linux and macOS raise both lines by themselves when a port is first opened (``stty
    -hupcl`` keeps them up from one opening to the next), and Windows raises a line that is
    unchanged. A line that flow control uses is left to it. POSIX systems send two stop bits
    for 1.5 unless there are five data bits.
    """

    exclusive = True

    def __init__(
        self,
        device: str,
        *,
        baud: int = 9600,
        data_bits: int = 8,
        parity: str = "none",
        stop_bits: str = "1",
        flow_control: str = "none",
        dtr: str = "on",
        rts: str = "on",
        field: str = "device",
    ) -> None:
        self._settings = PortSettings(
            device, baud, data_bits, parity, stop_bits, flow_control, dtr, rts, field
        )
        self.label = device

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        if sys.platform == "win32":  # pragma: no cover - that system only
            from bascule.streams.serial_windows import ThreadSerialStream as PortStream
        else:
            from bascule.streams.serial_posix import PosixSerialStream as PortStream
        with staged(progress, Stage.OPEN_DEVICE, self.label) as noted:
            port = await self._open()
            noted.detail = self._settings.line
        return PortStream(port, self.label)

    async def _open(self) -> Serial:
        # Opening may take seconds (a Bluetooth port), and nothing can interrupt it.
        opening = asyncio.get_running_loop().run_in_executor(None, open_port, self._settings)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_unwanted)
            raise

    async def check(self) -> None:
        await asyncio.to_thread(check_device, self._settings)


def _close_unwanted(opening: asyncio.Future[Serial]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


def open_port(settings: PortSettings) -> Serial:
    """Open the port; blocks. Raises: DeviceError."""
    if sys.platform == "win32":  # pragma: no cover - that system only
        from bascule.streams.serial_windows import open_device
    else:
        from bascule.streams.serial_posix import open_device

        check_device(settings)  # to open what is no port may block (a FIFO)
    try:
        return open_device(settings)
    except PORT_ERRORS as exc:
        raise open_error(exc, settings) from exc


def check_device(settings: PortSettings) -> None:
    """Raise DeviceError where opening is known to fail; opens nothing."""
    if sys.platform == "win32":  # pragma: no cover - that system only
        from bascule.streams.serial_windows import device_exists

        if not device_exists(settings.device):
            raise missing(settings, "no such port")
        return
    try:
        mode = Path(settings.device).stat().st_mode
    except PermissionError as exc:
        raise forbidden(settings) from exc
    except (OSError, ValueError) as exc:
        raise missing(settings, cause_of(exc)[1]) from exc
    if not stat.S_ISCHR(mode):
        raise failed(settings, "it is not a serial port")
    if not os.access(settings.device, os.R_OK | os.W_OK):
        raise forbidden(settings)


# streams -----------------------------------------------------------------------------------------


class SerialStream(Stream):
    """What both kinds of serial stream share: their states, and how they let the port go."""

    can_half_close = False

    def __init__(self, port: Serial, device: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._port = port
        self._problem: DeviceError | None = None
        self._finished = False
        self._closing: asyncio.Task[None] | None = None
        self._released = False
        self.peer = Address(device)

    @abstractmethod
    def _halt(self) -> None:
        """Touch the port no more, and wake whoever waits."""

    async def _settle(self) -> None:
        """Wait until nothing of ours is inside the port."""

    def _refuse_when_closed(self) -> None:
        if self._closing is not None:
            raise broken("the serial port is closed")

    def _refuse_when_unusable(self) -> None:
        self._refuse_when_closed()
        if self._problem is not None:
            raise self._problem

    def _refuse_sending(self) -> None:
        self._refuse_when_unusable()
        if self._finished:
            raise broken("sending has been finished")

    def _lose(self, exc: BaseException | None) -> None:
        """Remember that the device is gone, and why."""
        if self._problem is None:
            self._problem = gone_error(exc, str(self.peer))
            self._problem.__cause__ = exc
        self._halt()

    async def send_eof(self) -> None:
        # A serial line has no end of file, and what the driver holds flows out by itself.
        if not self._finished:
            self._refuse_when_unusable()
            self._finished = True

    async def aclose(self) -> None:
        if self._closing is None:
            self._closing = self._loop.create_task(self._close(drain=True))
        await asyncio.shield(self._closing)

    def abort(self) -> None:
        if self._closing is None:
            self._closing = self._loop.create_task(self._close(drain=False))
            self._halt()
        self._purge()

    async def _close(self, *, drain: bool) -> None:
        self._halt()
        await self._settle()
        if drain and self._problem is None:
            await self._drain()
        self._released = True
        # Closing may wait in the kernel for what is left in the transmitter.
        await self._loop.run_in_executor(None, self._release)

    async def _drain(self) -> None:
        """Let the driver send what it holds; give it up where flow control holds it back."""
        draining = self._loop.run_in_executor(None, self._flush)
        left = self._unsent()
        while not draining.done():
            await asyncio.wait([draining], timeout=STALL_SECONDS)
            before, left = left, self._unsent()
            if left >= before and not draining.done():
                self._purge()  # the thread has nothing to wait for any more
                await asyncio.wait([draining], timeout=STALL_SECONDS)
                break

    def _flush(self) -> None:
        try:
            self._port.flush()
        except PORT_ERRORS:
            pass  # gone: nothing can be sent

    def _unsent(self) -> int:
        try:
            return self._port.out_waiting
        except PORT_ERRORS:
            return 0

    def _purge(self) -> None:
        """Throw away what the driver holds."""
        if self._released:
            return  # a thread is closing it at this moment, or has
        try:
            self._port.reset_output_buffer()
            self._port.reset_input_buffer()
        except PORT_ERRORS:
            pass  # gone: it holds nothing

    def _release(self) -> None:
        try:
            self._port.close()
        except PORT_ERRORS:
            pass  # gone: the system has freed it


def wake(waiter: asyncio.Future[None] | None) -> None:
    """Let whoever waits go on; one that was cancelled meanwhile stays as it is."""
    if waiter is not None and not waiter.done():
        waiter.set_result(None)
