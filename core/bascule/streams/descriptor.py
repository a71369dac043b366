"""Owns the ways in and out of what the loop can watch: terminals, pipes, sockets; and what there
is to know about a descriptor.

Descriptors that others share (standard input) keep their flags: their readiness is asked first.
"""

from __future__ import annotations

import asyncio
import errno
import os
import select
import stat
import sys
from collections.abc import Callable
from functools import partial

from bascule.errors import BasculeError
from bascule.streams.buffered import broken
from bascule.streams.oserrors import stream_error
from bascule.streams.socket_stream import wake
from bascule.streams.watch import READ_BYTES, watch
from bascule.streams.ways import Explain, Inlet, Outlet

CAREFUL_BYTES = 512
"""What a descriptor that may block surely takes once it is ready: POSIX's least PIPE_BUF."""


class WatchedInlet(Inlet):
    """Reads when the loop says that there is something.

    ``ends``: errors that mean the end. ``read`` fills a buffer in place of the system's read.
    """

    def __init__(
        self,
        fd: int,
        explain: Explain = stream_error,
        *,
        ends: frozenset[int] = frozenset(),
        read: Callable[[memoryview], int] | None = None,
    ) -> None:
        self._fd = fd
        self._explain = explain
        self._ends = ends
        self._read = read or self._read_descriptor
        self._loop = asyncio.get_running_loop()
        self._watch = watch()
        self._watching = False
        self._halted = False
        self._data: bytes | None = None  # read, but whoever asked for it was cancelled
        self._problem: BasculeError | None = None
        self._receiver: asyncio.Future[None] | None = None

    async def receive(self) -> bytes:
        while True:
            if self._data is not None:
                data, self._data = self._data, None
                return data
            if self._problem is not None:
                raise self._problem
            if self._halted:
                raise broken("the stream is closed")
            self._receiver = self._loop.create_future()
            if not self._watching:
                self._watch.read(self._fd, self._readable)
                self._watching = True
            try:
                await self._receiver
            finally:
                self._receiver = None

    def _read_descriptor(self, buffer: memoryview) -> int:
        return os.readv(self._fd, [buffer])

    def _readable(self) -> None:
        receiver = self._receiver
        if receiver is None or receiver.done():
            self._unwatch()  # nobody asks: the system holds it, and the peer, back
            return
        buffer = self._watch.buffer[:READ_BYTES]
        try:
            self._data = bytes(buffer[: self._read(buffer)])
        except (BlockingIOError, InterruptedError):
            return
        except OSError as exc:
            if exc.errno in self._ends:
                self._data = b""
            else:
                self._problem = self._explain(exc)
                self._problem.__cause__ = exc
        if not self._data:
            self._unwatch()  # an end stays ready for ever
        receiver.set_result(None)

    def _unwatch(self) -> None:
        if self._watching:
            self._watching = False
            self._watch.no_read(self._fd)

    def halt(self) -> None:
        self._halted = True
        self._data = None
        self._unwatch()
        if self._receiver is not None:
            wake(self._receiver)


class WatchedOutlet(Outlet):
    """Writes what the system takes, and waits for the loop to say that it takes more.

    ``careful``: the descriptor may block; so little is written, and only when it is ready.
    ``write`` gives bytes to the system in place of its write.
    """

    def __init__(
        self,
        fd: int,
        explain: Explain = stream_error,
        *,
        careful: bool = False,
        write: Callable[[memoryview], int] | None = None,
    ) -> None:
        self._fd = fd
        self._explain = explain
        self._careful = careful
        self._write_some = write or partial(os.write, fd)
        self._watch = watch()
        self._halted = False
        self._sender: asyncio.Future[None] | None = None

    async def send(self, data: bytes) -> None:
        left = memoryview(data)
        waits = self._careful
        while left:
            if waits:
                await self._writable()
            count = self._write(left[:CAREFUL_BYTES] if self._careful else left)
            if waits and not count and hung_up(self._fd):
                # A terminal that nobody has open is ready for ever, and takes nothing.
                exc = OSError(errno.EIO, os.strerror(errno.EIO))
                raise self._explain(exc) from exc
            left = left[count:]
            waits = True

    def _write(self, data: memoryview) -> int:
        try:
            return self._write_some(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as exc:
            raise self._explain(exc) from exc

    async def _writable(self) -> None:
        sender = self._sender = asyncio.get_running_loop().create_future()
        self._watch.write(self._fd, partial(wake, sender))
        try:
            await sender
        finally:
            self._sender = None
            if not self._halted:  # else the number may be another's by now
                self._watch.no_write(self._fd)
        if self._halted:
            raise broken("the stream is closed")

    def halt(self) -> None:
        self._halted = True
        if self._sender is not None:
            self._watch.no_write(self._fd)
            wake(self._sender)


def can_be_watched(fd: int) -> bool:
    """Whether the loop can tell when the descriptor is ready; of files and of devices that never
    wait it cannot. Raises: OSError where it is no descriptor.
    """
    mode = os.fstat(fd).st_mode
    if sys.platform == "win32":
        return False
    if not stat.S_ISCHR(mode):
        return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    if sys.platform == "linux":
        with select.epoll() as probe:
            try:
                probe.register(fd, 0)
            except PermissionError:  # what Linux says of /dev/null
                return False
        return True
    return os.isatty(fd)


def reopen(fd: int, flags: int) -> int | None:
    """Open the pipe or terminal behind a descriptor that others share once more, so that it can be
    non-blocking for us alone. None where the system has no such way, or does not let us.
    """
    mode = os.fstat(fd).st_mode
    flags |= os.O_NONBLOCK | os.O_NOCTTY
    try:
        if sys.platform == "linux" and (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
            again = os.open(f"/proc/self/fd/{fd}", flags)
            if hung_up(fd) and not hung_up(again):
                # A FIFO whose writers have gone: the new one would wait for the next.
                os.close(again)
                return None
            return again
        return os.open(os.ttyname(fd), flags) if os.isatty(fd) else None
    except OSError:
        return None


def hung_up(fd: int) -> bool:
    """Whether the other side of a pipe or terminal is gone."""
    look = select.poll()
    look.register(fd, 0)
    return any(events & select.POLLHUP for _fd, events in look.poll(0))


def close_quietly(*fds: int) -> None:
    """Close descriptors of ours; what the system says about it helps nobody any more."""
    for fd in fds:
        try:
            os.close(fd)
        except OSError:
            pass


HUNG_UP = frozenset({errno.EIO})
"""How the end of a pseudo-terminal shows: the other side was closed."""
