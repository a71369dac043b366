"""Owns one direction of the quick way (``fastpath``): from a socket to a socket.

Read once when the source is ready, write once, count. What the target does not take is kept (one
read at most) and reading stops until it is gone. How much is read at once grows while all of it
goes, and shrinks where it does not: who is slow is not waited for with much. On Linux a direction
that turns bulky borrows a pipe of 1 MiB, through which the system moves pages without copying them
(splice(2)); while somebody looks at the bytes it gives the pipe back.

Every call here is paid for each connection, and many of them for each chunk: that is why a few
lines are repeated where a method would read better.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from bascule.relay.pump import Counters
from bascule.streams.limit import RateLimit
from bascule.streams.socket_stream import SocketStream
from bascule.streams.watch import BUFFER_BYTES

if TYPE_CHECKING:
    from bascule.relay.fastpath import FastPath

_BULKY_BYTES = 64 * 1024
_BULKY_READS = 4
"""So many reads of so many bytes in a row make a direction bulky."""

_FIRST_BYTES = 64 * 1024
"""How much is read at once at first."""

_PIPE_BYTES = 1024 * 1024
_MOST_PIPES = 24
"""An unprivileged user has 64 pipes of this size; past that, all its new pipes are tiny."""

_SLACK_BYTES = 16 * 1024
_SLACK_READS = 64
"""So many small moves in a row, and the pipe is given back."""


class _Pipes:
    """How many pipes are lent."""

    lent = 0


class Way:
    """One direction. At any time it is waiting for the reader, for the writer, or until it may go
    on because of the limit of its rate.
    """

    # What short connections never come to is said once for all of them.
    _held: memoryview | None = None
    _lent: memoryview | None = None
    _pipe: tuple[int, int] | None = None
    _resting: asyncio.TimerHandle | None = None

    def __init__(
        self,
        path: FastPath,
        reader: SocketStream,
        writer: SocketStream,
        counters: Counters,
        up: bool,
        limit: RateLimit | None,
    ) -> None:
        watching = reader.watching
        self._path = path
        self._watch = watching
        self._reader = reader.sock
        self._writer = writer.sock
        self._read_fd = fd = reader.fd
        self._write_fd = writer.fd
        self._counters = counters
        self._up = up
        self._limit = limit
        self._cap = BUFFER_BYTES
        self._most = _FIRST_BYTES
        if limit is not None:
            self._cap = min(limit.piece_bytes, BUFFER_BYTES)
            self._most = min(self._cap, _FIRST_BYTES)
        self._due = 0.0  # seconds to wait before more may pass
        self._inside = 0  # the pipe
        self._bulk = 0
        self.over = False
        watching.read(fd, self._copy)

    # copying ------------------------------------------------------------------------------------

    def _copy(self) -> None:  # noqa: PLR0912 - for each chunk: no calls that can be spared
        if self.over:
            return
        buffer = self._watch.buffer
        try:
            count = self._reader.recv_into(buffer, self._most)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as exc:
            self._path.fail(exc)
            return
        if not count:
            self._finish()
            return
        if self._counters.observe is not None:
            self._show(buffer[:count])
        try:
            sent = self._writer.send(buffer[:count])
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as exc:
            self._path.fail(exc)
            return
        if self._limit is not None:
            self._count(sent)
        elif self._up:
            self._counters.up += sent
        else:
            self._counters.down += sent
        if sent == count < _BULKY_BYTES and self._limit is None:  # nearly always
            self._bulk = 0
            return
        if sent < count:
            self._hold(sent, count)
        else:
            if count == self._most < self._cap:
                self._most = min(2 * count, self._cap)
            if self._due:
                self._rest(self._copy)
        if count < _BULKY_BYTES:
            self._bulk = 0
        else:
            self._bulk += 1
            if self._bulk >= _BULKY_READS and self._held is None and self._resting is None:
                self._borrow_pipe()

    def _show(self, data: memoryview) -> None:
        """Let whoever looks see what was read."""
        if self._counters.observe is not None:
            self._counters.observe("up" if self._up else "down", bytes(data))

    def _hold(self, sent: int, count: int) -> None:
        """Keep what the writer did not take: if much, in the buffer in which it is."""
        buffer = self._watch.buffer
        if self._most > _FIRST_BYTES:
            self._most = max(self._most // 2, _FIRST_BYTES)
        if count - sent >= _BULKY_BYTES:
            self._lent = self._watch.lend()
        self._held = buffer[sent:count] if self._lent else memoryview(bytes(buffer[sent:count]))
        self._wait_for_writer(self._send_held)

    def _send_held(self) -> None:
        assert self._held is not None
        try:
            sent = self._writer.send(self._held)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as exc:
            self._path.fail(exc)
            return
        self._count(sent)
        if sent < len(self._held):
            self._held = self._held[sent:]
            return
        self._drop_held()
        self._wait_for_reader(self._copy)

    def _drop_held(self) -> None:
        self._held = None
        if self._lent is not None:
            self._watch.give_back(self._lent)
            self._lent = None

    def _count(self, count: int) -> None:
        if self._up:
            self._counters.up += count
        else:
            self._counters.down += count
        if self._limit is not None:
            self._due = self._limit.spend(count)

    # moving pages -------------------------------------------------------------------------------

    def _borrow_pipe(self) -> None:
        self._bulk = 0
        if sys.platform != "linux" or _Pipes.lent >= _MOST_PIPES:
            return
        if self._counters.observe is not None:
            return
        import fcntl

        try:
            out, into = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return  # no descriptors left: copying goes on
        try:
            granted = fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        except OSError:
            granted = 0
        if granted < _PIPE_BYTES:  # splicing through a small pipe is slower than copying
            os.close(out)
            os.close(into)
            return
        _Pipes.lent += 1
        self._pipe = (out, into)
        self._watch.read(self._read_fd, self._splice)

    def _splice(self) -> None:
        assert self._pipe is not None
        if self._counters.observe is not None:
            self._copy_again()
            self._copy()
            return
        try:
            # The pipe is empty here, so "try again" means: there is nothing to read.
            count = os.splice(self._read_fd, self._pipe[1], self._cap, flags=os.SPLICE_F_NONBLOCK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as exc:
            self._path.fail(exc)
            return
        if not count:
            self._finish()
            return
        self._inside = count
        if not self._drain():
            if not self.over:
                self._wait_for_writer(self._drain_on)
            return
        then = self._splice
        if count >= _SLACK_BYTES:
            self._bulk = 0
        else:
            self._bulk += 1
            if self._bulk >= _SLACK_READS:
                self._copy_again()
                then = self._copy
        if self._due:
            self._rest(then)

    def _drain(self) -> bool:
        """Move what is in the pipe to the writer; whether all of it went."""
        assert self._pipe is not None
        while self._inside:
            try:
                count = os.splice(
                    self._pipe[0], self._write_fd, self._inside, flags=os.SPLICE_F_NONBLOCK
                )
            except (BlockingIOError, InterruptedError):
                return False
            except OSError as exc:
                self._path.fail(exc)
                return False
            self._inside -= count
            self._count(count)
        return True

    def _drain_on(self) -> None:
        if self._drain():
            self._wait_for_reader(self._splice)

    def _copy_again(self) -> None:
        self._return_pipe()
        self._watch.read(self._read_fd, self._copy)

    def _return_pipe(self) -> None:
        if self._pipe is not None:
            for fd in self._pipe:
                os.close(fd)
            self._pipe = None
            self._bulk = 0
            _Pipes.lent -= 1

    # waiting and ending -------------------------------------------------------------------------

    def _wait_for_writer(self, then: Callable[[], None]) -> None:
        self._watch.no_read(self._read_fd)
        self._watch.write(self._write_fd, then)

    def _wait_for_reader(self, then: Callable[[], None]) -> None:
        self._watch.no_write(self._write_fd)
        if self._due:
            self._rest(then)
        else:
            self._watch.read(self._read_fd, then)

    def _rest(self, then: Callable[[], None]) -> None:
        """Read no further until as much may pass as has passed."""
        self._watch.no_read(self._read_fd)
        loop = asyncio.get_running_loop()
        self._resting = loop.call_later(self._due, self._rested, then)
        self._due = 0.0

    def _rested(self, then: Callable[[], None]) -> None:
        self._resting = None
        try:
            self._watch.read(self._read_fd, then)
        except OSError as exc:
            self._path.fail(exc)

    def _finish(self) -> None:
        self.over = True
        if self._pipe is not None:
            self._return_pipe()
        self._path.finished(self)

    def pass_end_on(self) -> None:
        """Let the writer's peer know that no more comes. Raises: OSError."""
        self._watch.no_read(self._read_fd)
        self._writer.shutdown(socket.SHUT_WR)

    def release(self) -> None:
        """Stop, once; nothing is borrowed afterwards. Both sockets are closed next."""
        self.over = True
        del self._path  # else both would stay until the collector finds them
        if self._held is not None:
            self._drop_held()
        if self._resting is not None:
            self._resting.cancel()
        if self._pipe is not None:
            self._return_pipe()
