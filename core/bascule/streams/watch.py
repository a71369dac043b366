"""Owns who is told when a descriptor is ready.

A loop that can be told to watch says so itself (``poll_loop``); any other does it by its own
``add_reader``.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from typing import Protocol

type Ready = Callable[[], None]
"""Called each time the loop finds the descriptor ready; a call too many must do no harm."""

BUFFER_BYTES = 1024 * 1024
"""Most bytes taken from the system at once, by who passes them on at once. What a call of the
system and waking the reader cost is paid the seldomer."""

READ_BYTES = 256 * 1024
"""Most bytes taken from the system at once by who makes an object of them."""


_MOST_LENT = 16
_MOST_SPARE = 4


class Buffers:
    """What is read into. ``buffer`` has BUFFER_BYTES and is shared by all who read in one loop: it
    is emptied before anything suspends, or lent.
    """

    def __init__(self) -> None:
        self.buffer = memoryview(bytearray(BUFFER_BYTES))
        self.scratch = memoryview(bytearray(2 * READ_BYTES))
        """Twice READ_BYTES, for who makes something else of it; emptied before it suspends."""
        self._spare: list[memoryview] = []
        self._lent = 0

    def lend(self) -> memoryview | None:
        """Hand over ``buffer`` with what is in it: another takes its place. None where so many
        are lent that what is in it had better be copied.
        """
        if self._lent >= _MOST_LENT:
            return None
        self._lent += 1
        lent = self.buffer
        self.buffer = self._spare.pop() if self._spare else memoryview(bytearray(BUFFER_BYTES))
        return lent

    def give_back(self, buffer: memoryview) -> None:
        """Take back what was lent."""
        self._lent -= 1
        if len(self._spare) < _MOST_SPARE:
            self._spare.append(buffer)


class Watch(Protocol):
    """Watches the descriptors of one loop. Each has at most one reader and one writer."""

    buffer: memoryview
    """See ``Buffers``."""

    scratch: memoryview
    """See ``Buffers``."""

    def lend(self) -> memoryview | None:
        """See ``Buffers``."""
        ...

    def give_back(self, buffer: memoryview) -> None:
        """See ``Buffers``."""
        ...

    def read(self, fd: int, ready: Ready) -> None:
        """Call ``ready`` while there is something to read, in place of whoever was called.

        Raises: OSError, as ``write`` does: too many are open or watched; it cannot be watched.
        """
        ...

    def write(self, fd: int, ready: Ready) -> None:
        """Call ``ready`` while the system takes bytes, in place of whoever was called."""
        ...

    def no_read(self, fd: int) -> None:
        """Stop watching for reading, if it was."""
        ...

    def no_write(self, fd: int) -> None:
        """Stop watching for writing, if it was."""
        ...

    def forget(self, fd: int) -> None:
        """Stop watching a descriptor that is closed next."""
        ...


_watches: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = weakref.WeakKeyDictionary()


def watch() -> Watch:
    """The watch of the running loop."""
    loop = asyncio.get_running_loop()
    found: Watch | None = getattr(loop, "watch", None) or _watches.get(loop)
    if found is None:
        found = _watches[loop] = _LoopWatch(loop)
    return found


class _LoopWatch(Buffers):
    """Lets the loop watch."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = weakref.proxy(loop)  # it is the key under which this object is found

    def read(self, fd: int, ready: Ready) -> None:
        self._loop.add_reader(fd, ready)

    def write(self, fd: int, ready: Ready) -> None:
        self._loop.add_writer(fd, ready)

    def no_read(self, fd: int) -> None:
        self._loop.remove_reader(fd)

    def no_write(self, fd: int) -> None:
        self._loop.remove_writer(fd)

    def forget(self, fd: int) -> None:
        self._loop.remove_reader(fd)
        self._loop.remove_writer(fd)
