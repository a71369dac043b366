"""Owns noticing that whoever has connected has left, while nothing is read from him yet.

It is asked without taking a byte: a client that has said something, or may still do so, is there.
One that has said something and finished may wait for the answer, as far as TCP can tell: he counts
as there until the system knows better (a reset).
"""

from __future__ import annotations

import select
import socket
import sys
from collections.abc import Callable
from contextvars import ContextVar

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import Stream
from bascule.streams.socket_stream import Socket, SocketStream
from bascule.streams.transport import TransportStream

_left: ContextVar[Callable[[], bool] | None] = ContextVar("left", default=None)


def watch_client(stream: Stream) -> None:
    """Say for whom this task dials from now on; nothing may have been received from him yet.

    What is no TCP connection, nor a Unix socket, cannot be asked: he counts as there.
    """
    if isinstance(stream, TransportStream):
        _left.set(stream.has_left)
        return
    sock = stream.sock if isinstance(stream, SocketStream) and stream.hand_over() else None
    _left.set(None if sock is None else lambda: has_left(sock))


def is_watched() -> bool:
    """Whether it can be known that the client of this task has left."""
    return _left.get() is not None


def check_client(label: str) -> None:
    """Raise StreamError CONNECTION_BROKEN where the client for whom ``label`` is tried has left."""
    left = _left.get()
    if left is not None and left():
        raise StreamError(
            f"whoever connected has left before {label} could be reached",
            code=ErrorCode.CONNECTION_BROKEN,
        )


def has_left(sock: Socket) -> bool:
    """Whether the peer of a connected, non-blocking socket is gone without a word, or reset it."""
    if sock.fileno() < 0:
        return True
    if sys.platform == "linux":  # elsewhere POLLHUP may mean that only the peer has finished
        poll = select.poll()
        poll.register(sock.fileno(), 0)
        if poll.poll(0):  # POLLERR or POLLHUP, which need not be asked for
            return True
    try:
        return sock.recv(1, socket.MSG_PEEK) == b""
    except (BlockingIOError, InterruptedError):
        return False
    except OSError:
        return True
