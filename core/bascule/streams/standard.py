"""Owns the ends that a program is born with: standard input and output, descriptors it was given.

They belong to who started the program: nothing of theirs is changed that others would notice, and
they are never closed here, only our own copies of them.
"""

from __future__ import annotations

import atexit
import errno
import os
import socket
import stat
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from bascule.errors import DialError, ErrorCode
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.descriptor import (
    HUNG_UP,
    WatchedInlet,
    WatchedOutlet,
    can_be_watched,
    close_quietly,
    reopen,
)
from bascule.streams.disk import DiskInlet, DiskOutlet
from bascule.streams.oserrors import reason_of
from bascule.streams.stage import staged
from bascule.streams.terminal import TerminalSettings
from bascule.streams.ways import DescriptorStream, Inlet, Outlet

_LABELS = {
    "both": "standard input and output",
    "input": "standard input",
    "output": "standard output",
    "error": "standard error",
}
_USES = {"both": (0, 1), "input": (0, None), "output": (None, 1), "error": (None, 2)}


class StandardDialer(Dialer):
    """Standard input and output of this program, or one of them: "input", "output", "error".

    ``terminal`` settings are made on those that are terminals, and undone at the end. An input
    that is closed is at its end.
    """

    def __init__(
        self, use: str = "both", *, terminal: tuple[str, ...] = (), field: str = "use"
    ) -> None:
        """Raises: SpecError: a setting of the terminal."""
        group, dot, _use = field.rpartition(".")
        self._use = use
        self._settings = TerminalSettings(terminal, f"{group}{dot}terminal")
        self._field = field
        self.label = _LABELS[use]

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.OPEN_DEVICE, self.label):
            return inherited_stream(*_USES[self._use], self._settings, self.label, self._field)


class DescriptorDialer(Dialer):
    """A descriptor that this program was given by who started it."""

    def __init__(
        self,
        number: int,
        *,
        way: str = "both",
        terminal: tuple[str, ...] = (),
        field: str = "number",
    ) -> None:
        """Raises: SpecError: a setting of the terminal."""
        group, dot, _number = field.rpartition(".")
        self._reading = number if way != "write" else None
        self._writing = number if way != "read" else None
        self._settings = TerminalSettings(terminal, f"{group}{dot}terminal")
        self._field = field
        self.label = f"descriptor {number}"

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.OPEN_DEVICE, self.label):
            number = self._reading if self._writing is None else self._writing
            if number is None or not _is_open(number):
                raise DialError(
                    f"{self.label} is not open",
                    code=ErrorCode.FILE_MISSING,
                    field=self._field,
                    path=self.label,
                    why=os.strerror(errno.EBADF),
                )
            return inherited_stream(
                self._reading, self._writing, self._settings, self.label, self._field
            )


def inherited_stream(
    reading: int | None, writing: int | None, settings: TerminalSettings, name: str, field: str
) -> Stream:
    """Make the stream over descriptors that are not ours. Raises: DialError."""
    ours = _Ours(name)
    try:
        for fd in dict.fromkeys(each for each in (reading, writing) if each is not None):
            if settings and _is_open(fd) and os.isatty(fd):
                ours.undo.append(settings.apply(fd))
                break  # both are the same terminal, if both are terminals
        inlet = None if reading is None else ours.inlet(reading)
        outlet = None if writing is None else ours.outlet(writing)
    except OSError as exc:
        ours.release()
        raise DialError(
            f"cannot use {name}: {reason_of(exc)}",
            code=ErrorCode.FILE_FAILED,
            field=field,
            path=name,
            why=reason_of(exc),
        ) from exc
    atexit.register(ours.put_back)  # should the program end in disorder
    return DescriptorStream(Address(name), inlet, outlet, ours.release, finish=_finish(writing))


class _Ours:
    """What of inherited descriptors is ours: copies, and what is to be put back."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._copies = list[int]()
        self._stack = ExitStack()
        self.undo = list[Callable[[], None]]()

    def _copy(self, fd: int, flags: int) -> tuple[int, bool]:
        """A descriptor of ours that leads to the same, and whether it never blocks."""
        again = reopen(fd, flags)
        copy = os.dup(fd) if again is None else again
        self._copies.append(copy)
        return copy, again is not None

    def _socket(self, fd: int) -> socket.socket | None:
        """A socket of ours over a descriptor that is one; its calls can be told not to wait."""
        if not stat.S_ISSOCK(os.fstat(fd).st_mode):
            return None
        return self._stack.enter_context(socket.socket(fileno=os.dup(fd)))

    def inlet(self, fd: int) -> Inlet:
        if not _is_open(fd):
            return _AtEnd()
        if not can_be_watched(fd):
            return unwatched_inlet(fd, self._name)
        sock = self._socket(fd)
        if sock is not None:
            read = partial(sock.recv_into, nbytes=0, flags=socket.MSG_DONTWAIT)
            return WatchedInlet(sock.fileno(), read=read)
        copy, _never_blocks = self._copy(fd, os.O_RDONLY)
        return WatchedInlet(copy, ends=HUNG_UP)

    def outlet(self, fd: int) -> Outlet:
        if not _is_open(fd):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if not can_be_watched(fd):
            return unwatched_outlet(fd, self._name)
        sock = self._socket(fd)
        if sock is not None:
            return WatchedOutlet(
                sock.fileno(), write=lambda data: sock.send(data, socket.MSG_DONTWAIT)
            )
        copy, never_blocks = self._copy(fd, os.O_WRONLY)
        return WatchedOutlet(copy, careful=not never_blocks)

    def put_back(self) -> None:
        for undo in self.undo:
            undo()
        self.undo.clear()

    def release(self) -> None:
        atexit.unregister(self.put_back)
        self.put_back()
        self._stack.close()
        close_quietly(*self._copies)
        self._copies.clear()


class _AtEnd(Inlet):
    """An input that is closed."""

    async def receive(self) -> bytes:
        return b""

    def halt(self) -> None:
        pass


def _is_open(fd: int) -> bool:
    """Whether a descriptor is what it was when the program began. Python forgets its standard
    streams where they were closed; the numbers may be another's since.
    """
    if fd <= 2 and (sys.__stdin__, sys.__stdout__, sys.__stderr__)[fd] is None:
        return False
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def _finish(writing: int | None) -> Callable[[], None] | None:
    """How the peer learns the end: a socket can say it; the others would have to be closed, and
    are not ours.
    """
    if writing is None or not stat.S_ISSOCK(os.fstat(writing).st_mode):
        return None

    def shut_down() -> None:
        with socket.socket(fileno=os.dup(writing)) as sock:
            sock.shutdown(socket.SHUT_WR)

    return shut_down


def unwatched_inlet(fd: int, name: str) -> Inlet:
    """The inlet of what the loop cannot watch: a file, or on Windows a pipe or a console."""
    if sys.platform == "win32" and not stat.S_ISREG(os.fstat(fd).st_mode):  # pragma: no cover
        from bascule.streams.threaded import READ_BYTES, ThreadInlet

        return ThreadInlet(lambda: os.read(fd, READ_BYTES), name)
    return DiskInlet(fd, name)


def unwatched_outlet(fd: int, name: str) -> Outlet:
    """The outlet of what the loop cannot watch."""
    if sys.platform == "win32" and not stat.S_ISREG(os.fstat(fd).st_mode):  # pragma: no cover
        from bascule.streams.threaded import ThreadOutlet

        return ThreadOutlet(lambda data: os.write(fd, data), name)
    return DiskOutlet(fd, name)
