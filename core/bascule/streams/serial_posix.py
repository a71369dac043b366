"""Owns serial ports on Linux and macOS: opening through pyserial, bytes through the descriptor.

The loop watches the non-blocking descriptor, so no thread stands between the line and the relay.
How a port is closed is in ``serial``, what errors mean in ``serial_errors``.
"""

from __future__ import annotations

import array
import asyncio
import errno
import fcntl
import os
import struct
import sys
import termios

import serial
from serial import serialposix

from bascule.streams.serial import PortSettings, SerialStream, wake
from bascule.streams.serial_errors import PORT_ERRORS, refused

READ_BYTES = 64 * 1024
"""Most bytes taken at once; the line discipline of Linux gives 4 KiB."""

_BAUD_TOLERANCE = 0.05  # a UART reads what differs by less
_SIZES = {5: termios.CS5, 6: termios.CS6, 7: termios.CS7, 8: termios.CS8}
_LETTERS = {
    "none": serial.PARITY_NONE,
    "even": serial.PARITY_EVEN,
    "odd": serial.PARITY_ODD,
    "mark": serial.PARITY_MARK,
    "space": serial.PARITY_SPACE,
}
_PARITIES = {
    "none": 0,
    "even": termios.PARENB,
    "odd": termios.PARENB | termios.PARODD,
    "mark": termios.PARENB | termios.PARODD | serialposix.CMSPAR,
    "space": termios.PARENB | serialposix.CMSPAR,
}


class _Port(serial.Serial):
    """pyserial's port, which leaves DTR and RTS alone: they are set afterwards, or left."""

    def _update_dtr_state(self) -> None:
        pass

    def _update_rts_state(self) -> None:
        pass


def open_device(settings: PortSettings) -> serial.Serial:
    """Open the port for this program alone and set it up; blocks.

    Raises: one of PORT_ERRORS; DeviceError where the driver takes a setting and does not keep it.
    """
    if settings.flow_control == "dsr-dtr":
        raise refused(settings, "flow_control", "this system's drivers only know RTS/CTS")
    port = _Port(
        settings.device,
        settings.baud,
        settings.data_bits,
        _LETTERS[settings.parity],
        float(settings.stop_bits),
        xonxoff=settings.flow_control == "xon-xoff",
        rtscts=settings.flow_control == "rts-cts",
        # Makes pyserial set VMIN to 1 (and VTIME to 0). With VMIN 0 a read of nothing would not
        # differ from a device that hung up.
        inter_byte_timeout=0.01,
        exclusive=True,  # flock: what programs that ask for it agree on
    )
    try:
        # What the system keeps: nobody else opens it (but root).
        fcntl.ioctl(port.fileno(), termios.TIOCEXCL)
        _verify(port.fileno(), settings)
        if settings.dtr != "unchanged":
            _set_line(port.fileno(), termios.TIOCM_DTR, settings.dtr == "on")
        if settings.rts != "unchanged" and settings.flow_control != "rts-cts":
            _set_line(port.fileno(), termios.TIOCM_RTS, settings.rts == "on")
    except BaseException:
        port.close()
        raise
    return port


def _set_line(descriptor: int, line: int, on: bool) -> None:
    request = termios.TIOCMBIS if on else termios.TIOCMBIC
    try:
        fcntl.ioctl(descriptor, request, struct.pack("I", line))
    except OSError as exc:
        # A pseudo-terminal has no such lines, nor has many a USB gadget.
        if exc.errno not in (errno.ENOTTY, errno.EINVAL):
            raise


def _verify(descriptor: int, settings: PortSettings) -> None:
    """Compare what was asked for with what is: the system reports success if one setting of many
    was taken (POSIX tcsetattr), and drivers quietly keep what they cannot change.
    """
    flags: int = termios.tcgetattr(descriptor)[2]
    parity = termios.PARENB | termios.PARODD | serialposix.CMSPAR
    kept = {
        "parity": flags & parity == _PARITIES[settings.parity],
        "data_bits": flags & termios.CSIZE == _SIZES[settings.data_bits],
        "stop_bits": bool(flags & termios.CSTOPB) == (settings.stop_bits != "1"),
        "flow_control": bool(flags & termios.CRTSCTS) == (settings.flow_control == "rts-cts"),
        "baud": abs(_baud(descriptor, settings.baud) / settings.baud - 1) <= _BAUD_TOLERANCE,
    }
    for name, is_so in kept.items():
        if not is_so:
            raise refused(settings, name, "its driver does not know this value")


def _baud(descriptor: int, asked: int) -> int:
    """The speed the port really has, where the system tells."""
    if sys.platform == "linux":
        terminal = array.array("i", [0] * 64)  # struct termios2, of 44 bytes, and room to grow
        try:
            fcntl.ioctl(descriptor, serialposix.TCGETS2, terminal)
        except OSError:
            return asked
        return terminal[10]  # c_ospeed
    return asked  # pragma: no cover - macOS: a speed of one's own does not show


class PosixSerialStream(SerialStream):
    """A stream over the descriptor of an open port. Holds at most one chunk."""

    def __init__(self, port: serial.Serial, device: str) -> None:
        super().__init__(port, device)
        self._descriptor = port.fileno()
        self._chunk = b""
        self._watching = False
        self._receiver: asyncio.Future[None] | None = None
        self._sender: asyncio.Future[None] | None = None

    async def receive(self) -> bytes:
        while True:
            self._refuse_when_closed()
            if self._chunk:
                data, self._chunk = self._chunk, b""
                return data
            self._refuse_when_unusable()
            if not self._watching:
                self._loop.add_reader(self._descriptor, self._readable)
                self._watching = True
            waiter = self._receiver = self._loop.create_future()
            try:
                await waiter
            finally:
                if self._receiver is waiter:
                    self._receiver = None

    def _readable(self) -> None:
        if self._receiver is None or self._chunk:
            # Nobody wants more now. It stays with the driver, whose flow control then works.
            self._loop.remove_reader(self._descriptor)
            self._watching = False
            return
        try:
            self._chunk = os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return
        except OSError as exc:
            self._lose(exc)
            return
        if self._chunk:
            wake(self._receiver)
        else:
            self._lose(None)

    async def send(self, data: bytes) -> None:
        self._refuse_sending()
        left = memoryview(data)
        while left:
            left = left[self._write(left) :]
            if left and self._problem is None:
                await self._room()
            self._refuse_when_unusable()

    def _write(self, data: memoryview) -> int:
        """Give the driver what it takes now."""
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            pass
        except OSError as exc:
            self._lose(exc)
        return 0

    async def _room(self) -> None:
        """Wait until the driver takes more."""
        waiter = self._sender = self._loop.create_future()
        self._loop.add_writer(self._descriptor, wake, waiter)
        try:
            await waiter
        finally:
            if self._sender is waiter:
                self._sender = None
                self._loop.remove_writer(self._descriptor)

    def _halt(self) -> None:
        if self._watching:
            self._loop.remove_reader(self._descriptor)
            self._watching = False
        if self._sender is not None:
            self._loop.remove_writer(self._descriptor)
        wake(self._receiver)
        wake(self._sender)
        self._receiver = self._sender = None

    def _release(self) -> None:
        try:
            # Where another program holds the terminal too (the two ends of a pseudo-terminal do),
            # closing alone would leave it locked.
            fcntl.ioctl(self._descriptor, termios.TIOCNXCL)
        except PORT_ERRORS:
            pass  # gone, and the lock with it
        super()._release()
