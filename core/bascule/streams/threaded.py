"""Owns the ways in and out of what only a thread can wait for: pipes and consoles of Windows.

The reader hands over one chunk and reads the next, the writer takes one piece of work at a time:
memory is constant, and nothing polls. The threads are daemons: a call that never returns must not
keep the program from ending. They work over any blocking call, so all of it is tested everywhere.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from abc import abstractmethod
from collections.abc import Callable

from bascule.errors import BasculeError
from bascule.streams.buffered import broken
from bascule.streams.oserrors import stream_error
from bascule.streams.socket_stream import wake
from bascule.streams.ways import Explain, Inlet, Outlet, Way

READ_BYTES = 64 * 1024
"""Most bytes to ask a blocking call for."""

_CANCEL_SECONDS = 0.05
_CANCEL_TRIES = 20


class _Threaded(Way):
    """One thread, which closes what it works on by ``close`` when it leaves. ``interrupt`` makes
    the call that it is in return, if anything can; a thread that stays inside is left behind.
    """

    blocks = True

    def __init__(
        self,
        name: str,
        close: Callable[[], None],
        explain: Explain,
        interrupt: Callable[[int], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._close = close
        self._explain = explain
        self._interrupt = interrupt
        self._problem: BasculeError | None = None
        self._halted = False
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._waiter: asyncio.Future[None] | None = None
        self._go = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    # in the thread -------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while self._go.acquire() and not self._halted and self._once():
                pass
            self._close()
        except OSError as exc:
            self._tell(self._lose, exc)
            self._close()
        finally:
            self._tell(wake, self._ended)

    @abstractmethod
    def _once(self) -> bool:
        """Do one call; False where there is none after it."""

    def _tell[*A](self, call: Callable[[*A], None], *args: *A) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *args)
        except RuntimeError:
            pass  # the loop has ended: nobody is left to be told

    # in the loop ---------------------------------------------------------------------------------

    def _lose(self, exc: OSError) -> None:
        self._problem = self._explain(exc)
        self._problem.__cause__ = exc
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None:
            wake(self._waiter)

    def _refuse_when_unusable(self) -> None:
        if self._problem is not None:
            raise self._problem
        if self._halted:
            raise broken("the stream is closed")

    def halt(self) -> None:
        self._halted = True
        self._go.release()
        self._wake()

    async def settle(self) -> None:
        # Again and again, as the thread may be just about to enter the call that is interrupted.
        # One that cannot be is left behind.
        for _ in range(_CANCEL_TRIES):
            if self._ended.done() or self._thread.native_id is None:
                return
            self._interrupt(self._thread.native_id)
            await asyncio.wait([self._ended], timeout=_CANCEL_SECONDS)


def leave_open() -> None:
    """The closing of what is not ours."""


def cancel_blocking_call(thread_id: int) -> None:
    """Make the call that a thread is in return with an error, where the system can (Windows)."""
    if sys.platform == "win32":  # pragma: no cover - that system only
        import ctypes

        kernel = ctypes.WinDLL("kernel32")
        kernel.OpenThread.restype = ctypes.c_void_p
        thread = ctypes.c_void_p(kernel.OpenThread(1, False, thread_id))  # THREAD_TERMINATE
        if thread:
            kernel.CancelSynchronousIo(thread)
            kernel.CloseHandle(thread)


class ThreadInlet(_Threaded, Inlet):
    """Reads by a blocking call that gives ``b""`` at the end."""

    def __init__(
        self,
        read: Callable[[], bytes],
        name: str,
        close: Callable[[], None] = leave_open,
        explain: Explain = stream_error,
        interrupt: Callable[[int], None] = cancel_blocking_call,
    ) -> None:
        self._read = read
        self._data: bytes | None = None
        self._at_end = False
        super().__init__(f"read {name}", close, explain, interrupt)
        self._go.release()  # one chunk ahead

    def _once(self) -> bool:
        data = self._read()
        self._tell(self._arrived, data)
        return bool(data)

    def _arrived(self, data: bytes) -> None:
        self._data = data
        self._wake()

    async def receive(self) -> bytes:
        while self._data is None:
            if self._at_end:
                return b""
            self._refuse_when_unusable()
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        data, self._data = self._data, None
        if data:
            self._go.release()
        else:
            self._at_end = True
        return data


class ThreadOutlet(_Threaded, Outlet):
    """Writes by a blocking call that gives the number of bytes it took."""

    def __init__(
        self,
        write: Callable[[memoryview], int],
        name: str,
        close: Callable[[], None] = leave_open,
        explain: Explain = stream_error,
        interrupt: Callable[[int], None] = cancel_blocking_call,
    ) -> None:
        self._write = write
        self._work_left = b""
        super().__init__(f"write {name}", close, explain, interrupt)

    def _once(self) -> bool:
        left = memoryview(self._work_left)
        while left and not self._halted:
            left = left[self._write(left[:READ_BYTES]) :]
        self._tell(self._done)
        return True

    def _done(self) -> None:
        self._work_left = b""
        self._wake()

    def finish(self) -> None:
        """Have it closed: nothing more is sent."""
        self.halt()

    async def send(self, data: bytes) -> None:
        await self._idle()  # a send that was cancelled: its bytes are on their way
        self._refuse_when_unusable()
        if data:
            self._work_left = data
            self._go.release()
            await self._idle()
            self._refuse_when_unusable()

    async def _idle(self) -> None:
        while self._work_left and self._problem is None and not self._halted:
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
