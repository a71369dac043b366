"""A process that may open nothing more, for a while."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator


@contextlib.contextmanager
def no_descriptors_left(but: int = 0) -> Iterator[list[int]]:
    """Refuse every new descriptor but so many. What is yielded holds the place of one each: close
    one to give it back.
    """
    import resource  # Windows has no such limits

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (held[0] + 16, before[1]))
    try:
        while True:
            try:
                held.append(os.open(os.devnull, os.O_RDONLY))
            except OSError:
                break
        for _ in range(but):
            os.close(held.pop())
        yield held
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for fd in held:
            os.close(fd)


def refuse_to_watch(_fd: int, _ready: object) -> None:
    """What ``Watch.read`` and ``write`` do where the user watches too much: see epoll_ctl(2)."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
