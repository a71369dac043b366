"""Owns the quick way between two plain sockets, where nothing looks at the bytes.

It does what ``pump`` does, with callbacks of the loop instead of tasks: read once when the source
is ready, write once, count. What the target does not take is kept (one read at most) and reading
stops until it is gone. On Linux a direction that turns bulky borrows a pipe of 1 MiB, through
which the system moves pages without copying them (splice(2)). It can be deleted: ``pump`` remains.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable

from bascule.errors import BasculeError
from bascule.relay.pump import Counters, Rules
from bascule.streams.base import Stream
from bascule.streams.oserrors import stream_error
from bascule.streams.socket_stream import Socket, SocketStream
from bascule.streams.watch import Watch

_BULKY_BYTES = 64 * 1024
_BULKY_READS = 4
"""So many reads of so many bytes in a row make a direction bulky."""

type Over = Callable[[BasculeError | None], None]

_PIPE_BYTES = 1024 * 1024
_MOST_PIPES = 24
"""An unprivileged user has 64 pipes of this size; past that, all its new pipes are tiny."""

_SLACK_BYTES = 16 * 1024
_SLACK_READS = 64
"""So many small moves in a row, and the pipe is given back."""


class _Pipes:
    """How many pipes are lent."""

    lent = 0


def fits(source: Stream, target: Stream, rules: Rules) -> bool:
    """Whether the quick way knows both streams, and the rules."""
    return (
        type(source) is SocketStream
        and type(target) is SocketStream
        and rules.direction == "both"
        and not rules.layers
    )


def between(
    source: Stream, target: Stream, counters: Counters, rules: Rules, over: Over
) -> FastPath | None:
    """Begin to carry between two streams that fit; None, with nothing done, where one of the two
    cannot be handed over.

    ``over`` is called once, from the loop: after both sides have finished, with the first thing
    that broke (StreamError), or on ``stop``. Whoever is called closes both streams at once.
    Raises: StreamError, where they cannot be watched.
    """
    assert isinstance(source, SocketStream)
    assert isinstance(target, SocketStream)
    near, far = source.hand_over(), target.hand_over()
    if near is None or far is None:
        return None
    try:
        return FastPath(source.watching, near, far, counters, rules, over)
    except OSError as exc:
        raise stream_error(exc) from exc


class FastPath:
    """Carries bytes between two sockets until both sides have finished."""

    __slots__ = ("_counters", "_down", "_linger", "_looking", "_over", "_up")

    def __init__(
        self,
        watching: Watch,
        near: Socket,
        far: Socket,
        counters: Counters,
        rules: Rules,
        over: Over,
    ) -> None:
        self._counters = counters
        self._linger = rules.half_close_seconds
        self._over = over
        self._looking: asyncio.TimerHandle | None = None
        self._up = _Way(self, watching, near, far, True)
        self._down = _Way(self, watching, far, near, False)

    def stop(self) -> None:
        """Carry no further; what has been taken from one side has not all reached the other."""
        self._end(None)

    def _end(self, error: BasculeError | None) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._up.release()
        self._down.release()
        self._over(error)

    def count(self, up: bool, count: int) -> None:
        """Note that bytes were handed to the system."""
        if up:
            self._counters.up += count
        else:
            self._counters.down += count

    def fail(self, exc: OSError) -> None:
        """End both directions because of what the system says."""
        error = stream_error(exc)
        error.__cause__ = exc
        self._end(error)

    def finish(self, way: _Way) -> None:
        """Hear that one direction has come to its end."""
        if self._up.over and self._down.over:
            return self._end(None)  # closing tells the other side
        try:
            way.tell_end()
        except OSError as exc:
            return self.fail(exc)
        if self._linger:
            self._until_quiet((self._counters.up, self._counters.down))
        return None

    def _until_quiet(self, before: tuple[int, int]) -> None:
        def look() -> None:
            now = (self._counters.up, self._counters.down)
            if now == before:
                self._end(None)
            else:
                self._until_quiet(now)

        self._looking = asyncio.get_running_loop().call_later(self._linger, look)


class _Way:
    """One direction. At any time it is either waiting for the reader or for the writer."""

    __slots__ = (
        "_buffer",
        "_bulk",
        "_held",
        "_inside",
        "_path",
        "_pipe",
        "_read_fd",
        "_reader",
        "_up",
        "_watch",
        "_write_fd",
        "_writer",
        "over",
    )

    def __init__(
        self, path: FastPath, watching: Watch, reader: Socket, writer: Socket, up: bool
    ) -> None:
        self._path = path
        self._watch = watching
        self._buffer = watching.buffer
        self._reader = reader
        self._writer = writer
        self._read_fd = reader.fileno()
        self._write_fd = writer.fileno()
        self._up = up
        self._held: memoryview | None = None
        self._pipe: tuple[int, int] | None = None
        self._inside = 0
        self._bulk = 0
        self.over = False
        self._watch.read(self._read_fd, self._copy)

    # copying ------------------------------------------------------------------------------------

    def _copy(self) -> None:
        if self.over:
            return
        try:
            count = self._reader.recv_into(self._buffer)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as exc:
            self._path.fail(exc)
            return
        if not count:
            self._finish()
            return
        data = self._buffer[:count]
        try:
            sent = self._writer.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as exc:
            self._path.fail(exc)
            return
        self._path.count(self._up, sent)
        if sent < count:
            self._held = memoryview(bytes(data[sent:]))
            self._wait_for_writer(self._send_held)
        if count < _BULKY_BYTES:
            self._bulk = 0
        else:
            self._bulk += 1
            if self._bulk >= _BULKY_READS and self._held is None:
                self._borrow_pipe()

    def _send_held(self) -> None:
        assert self._held is not None
        try:
            sent = self._writer.send(self._held)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as exc:
            self._path.fail(exc)
            return
        self._path.count(self._up, sent)
        self._held = self._held[sent:]
        if not self._held:
            self._held = None
            self._wait_for_reader(self._copy)

    # moving pages -------------------------------------------------------------------------------

    def _borrow_pipe(self) -> None:
        self._bulk = 0
        if sys.platform != "linux" or _Pipes.lent >= _MOST_PIPES:
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
        try:
            # The pipe is empty here, so "try again" means: there is nothing to read.
            count = os.splice(self._read_fd, self._pipe[1], _PIPE_BYTES, flags=os.SPLICE_F_NONBLOCK)
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
        elif count >= _SLACK_BYTES:
            self._bulk = 0
        else:
            self._bulk += 1
            if self._bulk >= _SLACK_READS:
                self._return_pipe()
                self._watch.read(self._read_fd, self._copy)

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
            self._path.count(self._up, count)
        return True

    def _drain_on(self) -> None:
        if self._drain():
            self._wait_for_reader(self._splice)

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
        self._watch.read(self._read_fd, then)

    def _finish(self) -> None:
        self.over = True
        self._return_pipe()
        self._path.finish(self)

    def tell_end(self) -> None:
        """Let the writer's peer know that no more comes. Raises: OSError."""
        self._watch.no_read(self._read_fd)
        self._writer.shutdown(socket.SHUT_WR)

    def release(self) -> None:
        """Stop; nothing is borrowed afterwards. Both sockets are closed next."""
        self.over = True
        self._return_pipe()
