"""Owns serial ports where the loop cannot watch them (Windows): a reader and a writer thread.

The reader hands over one chunk and reads the next; the writer takes one piece of work at a time:
memory is constant, and nothing polls. The threads work over any pyserial port, so that all but
the opening is tested on every system. How a port is closed is in ``serial``, what errors mean in
``serial_errors``.

Under Windows' own Python this has run in wine only, with COM ports that lead to pseudo-terminals.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from bascule.streams.serial import PortSettings, SerialStream, wake
from bascule.streams.serial_errors import PORT_ERRORS

if TYPE_CHECKING:
    from serial import Serial

READ_BYTES = 64 * 1024
"""Most bytes handed over at once; also what the driver is asked to buffer."""

WRITE_BYTES = 16 * 1024
"""Most bytes given to the driver in one call."""

_CANCEL_SECONDS = 0.05
_CANCEL_TRIES = 40
_NOT_FOUND = {2, 3}  # ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND

# A port that had to be closed under its thread fails on a handle that is None.
_THREAD_ERRORS = (*PORT_ERRORS, TypeError, AttributeError)


def open_device(settings: PortSettings) -> Serial:
    """Open the port (Windows gives it to one program only) and set it up; blocks.

    Raises: one of PORT_ERRORS.
    """
    import serial

    port = serial.Serial(None)
    port.port = settings.device
    port.baudrate = settings.baud
    port.bytesize = settings.data_bits
    port.parity = settings.parity[0].upper()
    port.stopbits = float(settings.stop_bits)
    port.xonxoff = settings.flow_control == "xon-xoff"
    port.rtscts = settings.flow_control == "rts-cts"
    port.dsrdtr = settings.flow_control == "dsr-dtr"
    port.dtr = settings.dtr != "off"
    port.rts = settings.rts != "off"
    port.open()
    if sys.platform == "win32":  # pragma: no cover - the others have nothing to set
        port.set_buffer_size(READ_BYTES, READ_BYTES)
    return port


def device_exists(device: str, query: Callable[[str], int] | None = None) -> bool:
    """Whether the system knows a port of this name, without opening it.

    The list of ports will not do: it leaves out what a driver did not announce.
    """
    return (query or _query)(device.removeprefix("\\\\.\\")) not in _NOT_FOUND


def _query(name: str) -> int:  # pragma: no cover - Windows' own call
    """Ask for what stands behind a DOS device name; 0 or the number of the error."""
    if sys.platform != "win32":
        return 0
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    answer = ctypes.create_unicode_buffer(1024)
    if kernel.QueryDosDeviceW(ctypes.c_wchar_p(name), answer, len(answer)):
        return 0
    return ctypes.get_last_error()


class ThreadSerialStream(SerialStream):
    """A stream over the blocking calls of an open port. Holds at most one chunk each way."""

    def __init__(self, port: Serial, device: str) -> None:
        super().__init__(port, device)
        self._chunk = b""
        self._receiver: asyncio.Future[None] | None = None
        self._stopping = False
        self._may_read = threading.Semaphore(1)  # one chunk ahead of the relay
        self._may_write = threading.Semaphore(0)
        self._outgoing = b""
        self._sent: asyncio.Future[None] | None = None
        self._running = 2
        self._stopped: asyncio.Future[None] = self._loop.create_future()
        for name, work in (("read", self._read_on), ("write", self._write_on)):
            # A daemon: a driver that never returns must not keep the program from ending.
            threading.Thread(
                target=self._work, args=(work,), name=f"serial-{name} {device}", daemon=True
            ).start()

    # in the threads ------------------------------------------------------------------------------

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except _THREAD_ERRORS as exc:
            self._tell(self._lose, exc)
        finally:
            self._tell(self._ended)

    def _read_on(self) -> None:
        while self._may_read.acquire() and not self._stopping:
            data = self._port.read(min(self._port.in_waiting, READ_BYTES) or 1)
            more = min(self._port.in_waiting, READ_BYTES - len(data)) if data else 0
            if more:  # what came together with the one byte that was waited for
                data += self._port.read(more)
            if data:
                self._tell(self._arrived, data)
            elif not self._stopping:
                self._tell(self._lose, None)
                return

    def _write_on(self) -> None:
        while self._may_write.acquire() and not self._stopping:
            left = memoryview(self._outgoing)
            while left and not self._stopping:
                left = left[self._port.write(left[:WRITE_BYTES]) or 0 :]
            self._tell(self._written)

    def _tell[*A](self, call: Callable[[*A], None], *args: *A) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *args)
        except RuntimeError:
            pass  # the loop has ended: nobody is left to be told

    # in the loop ---------------------------------------------------------------------------------

    def _arrived(self, data: bytes) -> None:
        self._chunk = data
        wake(self._receiver)

    def _written(self) -> None:
        self._outgoing = b""
        wake(self._sent)
        self._sent = None

    def _ended(self) -> None:
        self._running -= 1
        if not self._running:
            wake(self._stopped)

    async def receive(self) -> bytes:
        while True:
            self._refuse_when_closed()
            if self._chunk:
                data, self._chunk = self._chunk, b""
                self._may_read.release()
                return data
            self._refuse_when_unusable()
            waiter = self._receiver = self._loop.create_future()
            try:
                await waiter
            finally:
                self._receiver = None

    async def send(self, data: bytes) -> None:
        self._refuse_sending()
        while self._sent is not None:  # a send that was cancelled: its bytes are on their way
            await asyncio.shield(self._sent)
            self._refuse_sending()
        if not data:
            return
        self._outgoing = data
        sent = self._sent = self._loop.create_future()
        self._may_write.release()
        await asyncio.shield(sent)
        self._refuse_when_unusable()

    def _halt(self) -> None:
        self._stopping = True
        self._may_read.release()
        self._may_write.release()
        wake(self._receiver)
        wake(self._sent)
        self._sent = None

    async def _settle(self) -> None:
        # Again and again, as a thread may be just about to enter the call that is cancelled;
        # in the end the port is closed under it, which ends every call.
        for _ in range(_CANCEL_TRIES):
            if self._stopped.done():
                return
            try:
                self._port.cancel_read()
                self._port.cancel_write()
            except PORT_ERRORS:
                pass  # gone: the calls end by themselves
            await asyncio.wait([self._stopped], timeout=_CANCEL_SECONDS)
