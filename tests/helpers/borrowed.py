"""A socket of another process, to look at what was set on it. Linux only (pidfd_getfd(2))."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PIDFD_GETFD = 438  # the number of the system call, on every architecture


@contextmanager
def borrowed(pid: int, peer: Any) -> Iterator[socket.socket]:
    """Our own descriptor of the socket by which a process is connected to ``peer``.

    Raises: LookupError: it has none (yet).
    """
    process = os.pidfd_open(pid)
    try:
        for entry in sorted(Path(f"/proc/{pid}/fd").iterdir()):
            try:
                if not os.readlink(entry).startswith("socket:"):  # noqa: PTH115 - no path
                    continue
                taken = _take(process, int(entry.name))
            except OSError as exc:
                if exc.errno in (errno.ENOENT, errno.EBADF):  # closed meanwhile
                    continue
                raise
            with socket.socket(fileno=taken) as found:
                if _peer_of(found) == peer:
                    yield found
                    return
    finally:
        os.close(process)
    raise LookupError(f"the process {pid} is not connected to {peer}")


def _take(process: int, descriptor: int) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    taken = library.syscall(_PIDFD_GETFD, process, descriptor, 0)
    if taken < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return taken


def _peer_of(sock: socket.socket) -> Any:
    try:
        return sock.getpeername()
    except OSError:
        return None  # it listens
