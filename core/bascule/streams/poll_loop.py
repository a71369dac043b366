"""Owns the event loop of Linux: asyncio's own, which tells who watches a descriptor directly.

A loop's ``add_reader`` costs a handle for each call, and a turn of the loop each time that a
descriptor is ready. Here whoever watches is called by the selector itself, as soon as the system
has answered: one epoll_wait(2) for everything, one call to begin to watch, none to end. All else
is asyncio as it is. Figures and reasons are in docs/decisions/0008.
"""

from __future__ import annotations

import asyncio
import select
import selectors
import sys
from collections.abc import Mapping
from time import monotonic
from typing import Any

from bascule.streams.watch import Buffers, Ready

_EVENTS_AT_ONCE = 256

if sys.platform == "linux":  # pragma: no branch
    _READ, _WRITE = select.EPOLLIN, select.EPOLLOUT
    _TROUBLE = select.EPOLLHUP | select.EPOLLERR
    _READABLE, _WRITABLE = _READ | _TROUBLE, _WRITE | _TROUBLE

    class PollLoop(asyncio.SelectorEventLoop):
        """asyncio's loop; ``watch`` is how streams hear of their descriptors."""

        def __init__(self) -> None:
            self.watch = PollWatch(self)
            super().__init__(PollSelector(self.watch, self))

    class PollWatch(Buffers):
        """Watches by the epoll instance of its loop."""

        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            super().__init__()
            self.epoll = select.epoll()
            self._loop = loop
            self._readers: dict[int, Ready] = {}
            self._writers: dict[int, Ready] = {}
            self.fresh: set[int] = set()
            """Begun since the events at hand were taken."""

        def read(self, fd: int, ready: Ready) -> None:
            """See ``Watch``."""
            readers = self._readers
            if fd not in readers:
                if fd in self._writers:
                    self.epoll.modify(fd, _READ | _WRITE)
                else:
                    self.fresh.add(fd)
                    self.epoll.register(fd, _READ)
            readers[fd] = ready

        def write(self, fd: int, ready: Ready) -> None:
            """See ``Watch``."""
            writers = self._writers
            if fd not in writers:
                if fd in self._readers:
                    self.epoll.modify(fd, _READ | _WRITE)
                else:
                    self.fresh.add(fd)
                    self.epoll.register(fd, _WRITE)
            writers[fd] = ready

        def no_read(self, fd: int) -> None:
            """See ``Watch``."""
            if self._readers.pop(fd, None) is not None:
                if fd in self._writers:
                    self.epoll.modify(fd, _WRITE)
                else:
                    # Not merely nothing wanted: trouble would be reported again and again.
                    self.epoll.unregister(fd)

        def no_write(self, fd: int) -> None:
            """See ``Watch``."""
            if self._writers.pop(fd, None) is not None:
                if fd in self._readers:
                    self.epoll.modify(fd, _READ)
                else:
                    self.epoll.unregister(fd)

        def forget(self, fd: int) -> None:
            """See ``Watch``. Closing takes it out of the epoll instance."""
            self._readers.pop(fd, None)
            if self._writers:
                self._writers.pop(fd, None)

        def tell(self, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
            """Call all who watch what the system has found; return what is not theirs."""
            readers, writers, fresh = self._readers, self._writers, self.fresh
            others: list[tuple[int, int]] = []
            fresh.clear()
            left = iter(found)
            while True:
                try:
                    for fd, events in left:
                        # A number may be another socket's by now: its events come next time.
                        if fresh and fd in fresh:
                            continue
                        reader = readers.get(fd)
                        if reader is not None and (events == _READ or not writers):
                            reader()  # nearly always
                            continue
                        writer = writers.get(fd) if writers else None
                        if reader is None and writer is None:
                            others.append((fd, events))
                            continue
                        if reader is not None and events & _READABLE:
                            reader()
                            # It may have ended the writing as well, or begun another.
                            writer = writers.get(fd) if writer is not None else None
                        if writer is not None and events & _WRITABLE and fd not in fresh:
                            writer()
                    return others
                except (KeyboardInterrupt, SystemExit):
                    raise
                except BaseException as exc:  # noqa: BLE001 - as the loop does with what it calls
                    self._loop.call_exception_handler(
                        {"message": "whoever watches a descriptor broke", "exception": exc}
                    )

        def close(self) -> None:
            """Let go of everybody."""
            self._readers.clear()
            self._writers.clear()
            self.epoll.close()

    class PollSelector(selectors.BaseSelector):
        """What asyncio itself watches: its own wake-up, pipes, the sockets of its transports."""

        def __init__(self, watch: PollWatch, loop: Any) -> None:
            self._watch = watch
            self._loop = loop  # asyncio's own attributes of it are looked at
            self._keys = _Keys()

        def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
            key = selectors.SelectorKey(fileobj, _number(fileobj), events, data)
            self._watch.epoll.register(key.fd, _wanted(events))
            self._watch.fresh.add(key.fd)
            self._keys[key.fd] = key
            return key

        def unregister(self, fileobj: Any) -> selectors.SelectorKey:
            key = self._keys.pop(_number(fileobj))
            try:
                self._watch.epoll.unregister(key.fd)
            except OSError:
                pass  # it has been closed before
            return key

        def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
            before = self._keys[_number(fileobj)]
            if events != before.events:
                self._watch.epoll.modify(before.fd, _wanted(events))
            key = self._keys[before.fd] = before._replace(events=events, data=data)
            return key

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            """Wait for what the loop watches. Until there is something for the loop to do, who
            watches directly is served here, again and again: a turn of the loop costs more than
            the bytes of a small message.
            """
            loop, watch = self._loop, self._watch
            timers = len(loop._scheduled)
            until = monotonic() + timeout if timeout else 0.0
            while True:
                if timeout:  # poll() rounds up to what the system counts: none too early
                    timeout = max(until - monotonic(), 0.0)
                found = watch.epoll.poll(timeout, _EVENTS_AT_ONCE)
                others = watch.tell(found)
                if others:
                    return self._ready(others)
                if (
                    not found
                    or timeout == 0
                    or loop._ready
                    or loop._stopping
                    or len(loop._scheduled) != timers
                ):
                    return []

        def _ready(self, others: list[tuple[int, int]]) -> list[tuple[selectors.SelectorKey, int]]:
            ready: list[tuple[selectors.SelectorKey, int]] = []
            for fd, events in others:
                key = self._keys.get(fd)
                if key is not None:
                    mask = (selectors.EVENT_READ if events & _READABLE else 0) | (
                        selectors.EVENT_WRITE if events & _WRITABLE else 0
                    )
                    if mask & key.events:
                        ready.append((key, mask & key.events))
            return ready

        def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
            return self._keys

        def close(self) -> None:
            self._keys.clear()
            self._watch.close()

    class _Keys(dict[int, selectors.SelectorKey]):
        """By number; asyncio may ask for a file object as well."""

        def get(self, key: Any, default: Any = None) -> Any:
            return super().get(_number(key), default)

        def __missing__(self, key: Any) -> selectors.SelectorKey:
            if isinstance(key, int):
                raise KeyError(key)
            return self[_number(key)]

    def _number(fileobj: Any) -> int:
        return fileobj if isinstance(fileobj, int) else fileobj.fileno()

    def _wanted(events: int) -> int:
        return (_READ if events & selectors.EVENT_READ else 0) | (
            _WRITE if events & selectors.EVENT_WRITE else 0
        )
