"""Owns the ways in and out of what the loop cannot watch: files, disks, devices that never wait.

What the system has in memory is read at once, and little is written at once; everything else is
done in a thread, so that a slow disk or a network drive never holds up the loop.
"""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import sys
import time
from collections.abc import Callable
from typing import Any

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.streams.buffered import broken
from bascule.streams.oserrors import reason_of
from bascule.streams.watch import watch
from bascule.streams.ways import Inlet, Outlet

READ_BYTES = 256 * 1024
"""Most bytes read at once."""

DIRECT_BYTES = 64 * 1024
"""What is longer is written in a thread, as a disk may be behind it."""

SLOW_SECONDS = 0.005
"""A write that took longer was the last one outside a thread."""

_MEMORY_DEVICES = 1  # their major number on Linux: null, zero, full, random
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


class _InThread:
    """One call at a time in a thread. One that nobody waits for any more is waited for before the
    next, and its result is kept.
    """

    blocks = True

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._calling: asyncio.Future[Any] | None = None
        self._halted = False

    async def _call[*A, T](self, call: Callable[[*A], T], *args: *A) -> T:
        calling = self._loop.run_in_executor(None, call, *args)
        self._calling = calling
        result = await asyncio.shield(calling)
        self._calling = None
        return result

    def halt(self) -> None:
        self._halted = True

    async def settle(self) -> None:
        calling = self._calling
        if calling is not None:
            await asyncio.wait([calling])
            calling.exception()  # nobody is left whom it concerns

    def _refuse_when_halted(self) -> None:
        if self._halted:
            raise broken("the stream is closed")


class DiskInlet(_InThread, Inlet):
    """Reads a descriptor from where it stands."""

    def __init__(self, fd: int, name: str) -> None:
        super().__init__()
        self._fd = fd
        self._name = name
        self._flag: int | None = getattr(os, "RWF_NOWAIT", None)

    async def receive(self) -> bytes:
        self._refuse_when_halted()
        try:
            if self._calling is not None:  # a receive that was cancelled
                data = await asyncio.shield(self._calling)
                self._calling = None
                return data
            await asyncio.sleep(0)  # a file is always ready; others want to go on too
            data = self._read_at_once()
            if data is None:
                data = await self._call(os.read, self._fd, READ_BYTES)
        except OSError as exc:
            self._calling = None
            raise read_error(exc, self._name) from exc
        self._refuse_when_halted()
        return data

    def _read_at_once(self) -> bytes | None:
        """What is in memory already; None where that cannot be known, or nothing is."""
        if self._flag is None:
            return None
        buffer = watch().buffer[:READ_BYTES]
        try:
            # At -1: from where the descriptor stands (Linux, preadv2).
            return bytes(buffer[: os.preadv(self._fd, [buffer], -1, self._flag)])
        except BlockingIOError:
            return None
        except OSError:
            self._flag = None  # this kind of file does not know how; a real error comes again
            return None


class DiskOutlet(_InThread, Outlet):
    """Writes a descriptor from where it stands, and knows how much it has written."""

    def __init__(self, fd: int, name: str) -> None:
        super().__init__()
        self._fd = fd
        self._name = name
        self.written = 0
        self._never_slow = _never_slow(fd)
        self._slow = False

    async def send(self, data: bytes) -> None:
        await self.settle()  # a send that was cancelled
        self._calling = None
        self._refuse_when_halted()
        try:
            if self._never_slow or not (self._slow or len(data) > DIRECT_BYTES):
                begun = time.perf_counter()
                self._write(data)
                self._slow = time.perf_counter() - begun > SLOW_SECONDS
            else:
                await self._call(self._write, data)
        except OSError as exc:
            self._calling = None
            raise write_error(exc, self._name, self.written) from exc
        self._refuse_when_halted()

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            count = os.write(self._fd, left)
            self.written += count
            left = left[count:]


def _never_slow(fd: int) -> bool:
    if sys.platform != "linux":
        return False
    status = os.fstat(fd)
    return stat.S_ISCHR(status.st_mode) and os.major(status.st_rdev) == _MEMORY_DEVICES


def read_error(exc: OSError, name: str) -> BasculeError:
    """What an error while reading a file means."""
    return StreamError(
        f"cannot read {name}: {reason_of(exc)}",
        code=ErrorCode.FILE_FAILED,
        path=name,
        why=reason_of(exc),
    )


def write_error(exc: OSError, name: str, written: int) -> BasculeError:
    """What an error while writing a file means, and what was written before it, in bytes."""
    full = exc.errno in _FULL
    return StreamError(
        f"cannot write {name}: {reason_of(exc)} ({written} bytes were written)",
        code=ErrorCode.FILE_FULL if full else ErrorCode.FILE_FAILED,
        path=name,
        why=reason_of(exc),
        written=written,
    )
