"""Owns who is told when a descriptor is ready.

The loops' own ``add_reader`` costs uvloop a handle and half a dozen system calls for each
descriptor. On Linux all descriptors of a loop are therefore watched by one epoll instance, which
the loop watches in turn: a connection costs one call to begin and none to end. Elsewhere the loop
does it.
"""

from __future__ import annotations

import asyncio
import select
import sys
import weakref
from collections.abc import Callable
from typing import Protocol

type Ready = Callable[[], None]
"""Called each time the loop finds the descriptor ready; a call too many must do no harm."""

READ_BYTES = 256 * 1024
"""Most bytes taken from the system at once; larger gains nothing, smaller costs CPU."""

_EVENTS_AT_ONCE = 256


class Watch(Protocol):
    """Watches the descriptors of one loop. Each has at most one reader and one writer."""

    buffer: memoryview
    """READ_BYTES that all who read in this loop share: emptied before anything suspends."""

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
    found = _watches.get(loop)
    if found is None:
        found = _watches[loop] = _EpollWatch() if sys.platform == "linux" else _LoopWatch(loop)
    return found


class _LoopWatch:
    """Lets the loop watch."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.buffer = memoryview(bytearray(READ_BYTES))
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


if sys.platform == "linux":  # pragma: no branch
    _READ, _WRITE = select.EPOLLIN, select.EPOLLOUT
    _TROUBLE = select.EPOLLHUP | select.EPOLLERR

    class _EpollWatch:
        """Watches by an epoll instance of its own, which exists while anything is watched."""

        def __init__(self) -> None:
            self.buffer = memoryview(bytearray(READ_BYTES))
            self._epoll: select.epoll | None = None
            self._readers: dict[int, Ready] = {}
            self._writers: dict[int, Ready] = {}
            self._fresh: set[int] = set()  # begun since the events at hand were taken

        def read(self, fd: int, ready: Ready) -> None:
            if fd not in self._readers:
                self._want(fd, _READ, _WRITE if fd in self._writers else 0)
            self._readers[fd] = ready

        def write(self, fd: int, ready: Ready) -> None:
            if fd not in self._writers:
                self._want(fd, _WRITE, _READ if fd in self._readers else 0)
            self._writers[fd] = ready

        def _want(self, fd: int, event: int, other: int) -> None:
            if other:
                assert self._epoll is not None
                self._epoll.modify(fd, event | other)
                return
            if self._epoll is None:
                self._epoll = select.epoll()
                asyncio.get_running_loop().add_reader(self._epoll.fileno(), self._dispatch)
            self._fresh.add(fd)
            try:
                self._epoll.register(fd, event)
            except OSError:
                self._rest()
                raise

        def no_read(self, fd: int) -> None:
            if self._readers.pop(fd, None) is not None:
                self._want_less(fd, _WRITE if fd in self._writers else 0)

        def no_write(self, fd: int) -> None:
            if self._writers.pop(fd, None) is not None:
                self._want_less(fd, _READ if fd in self._readers else 0)

        def _want_less(self, fd: int, rest: int) -> None:
            assert self._epoll is not None
            if rest:
                self._epoll.modify(fd, rest)
            else:
                # Not merely nothing wanted: trouble would be reported again and again.
                self._epoll.unregister(fd)
                self._rest()

        def forget(self, fd: int) -> None:
            # Closing takes it out of the epoll instance.
            self._readers.pop(fd, None)
            self._writers.pop(fd, None)
            self._rest()

        def _rest(self) -> None:
            if self._epoll is not None and not self._readers and not self._writers:
                asyncio.get_running_loop().remove_reader(self._epoll.fileno())
                self._epoll.close()
                self._epoll = None

        def _dispatch(self) -> None:
            assert self._epoll is not None
            readers, writers, fresh = self._readers, self._writers, self._fresh
            fresh.clear()
            for fd, events in self._epoll.poll(0, _EVENTS_AT_ONCE):
                # A number may have been given to another socket meanwhile: its events come next.
                if fresh and fd in fresh:
                    continue
                if events & (_READ | _TROUBLE):
                    ready = readers.get(fd)
                    if ready is not None:
                        ready()
                if events & (_WRITE | _TROUBLE) and fd not in fresh:
                    ready = writers.get(fd)
                    if ready is not None:
                        ready()
