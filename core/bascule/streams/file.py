"""Owns files and devices as ends: how one is opened, set up, locked and, at the end, removed.

How bytes move is in ``disk`` (files) and ``descriptor`` (what the loop can watch).
"""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bascule.errors import DialError, ErrorCode
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.descriptor import (
    HUNG_UP,
    WatchedInlet,
    WatchedOutlet,
    can_be_watched,
    close_quietly,
)
from bascule.streams.disk import DiskInlet, DiskOutlet
from bascule.streams.oserrors import reason_of
from bascule.streams.stage import staged
from bascule.streams.terminal import TerminalSettings
from bascule.streams.ways import DescriptorStream, Inlet, Outlet

AGAIN_SECONDS = 0.1
"""Pause between two looks at what must not be waited for in a call: a lock, a FIFO's reader."""

_WAYS = {"read": os.O_RDONLY, "write": os.O_WRONLY, "both": os.O_RDWR}
_LOCKED_AT = 0x7FFF_FFF0  # Windows locks bytes: one that no file reaches stands for all


@dataclass(frozen=True, slots=True)
class OpenSettings:
    """How a file is opened; the words are those of a profile. ``mode`` is that of a new one."""

    path: str
    way: str = "both"
    create: bool = False
    exclusive: bool = False
    append: bool = False
    truncate: bool = False
    seek: int = 0
    mode: int = 0o644
    lock: bool = False
    remove_first: bool = False
    remove_after: bool = False
    field: str = "path"

    @property
    def flags(self) -> int:
        """For the system. Nothing waits (for a modem's carrier, for the other end of a FIFO), and
        no terminal becomes ours.
        """
        flags = _WAYS[self.way]
        for wanted, flag in (
            (self.create, os.O_CREAT),
            (self.exclusive, os.O_EXCL),
            (self.append, os.O_APPEND),
            (self.truncate and self.way != "read" and not self.lock, os.O_TRUNC),
        ):
            flags |= flag if wanted else 0
        for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT"):
            flags |= getattr(os, name, 0)
        return flags


class FileDialer(Dialer):
    """Opens a file or device for each dial. Reading ends at the end of a file.

    ``seek`` is in bytes, negative from the end. ``lock`` waits until nobody else has locked it;
    only who asks for a lock respects one. ``terminal`` holds settings in socat's words.
    """

    def __init__(
        self,
        path: str,
        *,
        way: str = "both",
        create: bool = False,
        exclusive: bool = False,
        append: bool = False,
        truncate: bool = False,
        seek: int = 0,
        mode: int = 0o644,
        lock: bool = False,
        remove_first: bool = False,
        remove_after: bool = False,
        terminal: tuple[str, ...] = (),
        field: str = "path",
    ) -> None:
        """Raises: SpecError: a setting of the terminal."""
        self._settings = OpenSettings(
            path,
            way,
            create,
            exclusive,
            append,
            truncate,
            seek,
            mode,
            lock,
            remove_first,
            remove_after,
            field,
        )
        group, dot, _path = field.rpartition(".")
        self._terminal = TerminalSettings(terminal, f"{group}{dot}terminal")
        self.label = path

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.OPEN_DEVICE, self.label):
            try:
                fd = await open_patiently(self._settings)
                return await self._opened(fd)
            except (OSError, ValueError) as exc:
                raise open_error(exc, self._settings) from exc

    async def _opened(self, fd: int) -> Stream:
        put_back: Callable[[], None] | None = None
        try:
            if self._settings.lock:
                await _take(fd)
                if self._settings.truncate and self._settings.way != "read":
                    os.ftruncate(fd, 0)  # not before: somebody else was writing it
            if self._terminal:
                put_back = self._terminal.apply(fd)
            return file_stream(fd, self._settings, put_back)
        except BaseException:
            close_quietly(fd)
            raise


async def open_patiently(settings: OpenSettings) -> int:
    """Open in a thread, as a disk may be slow; for writing to a FIFO, wait until somebody reads.

    Raises: OSError, ValueError.
    """
    loop = asyncio.get_running_loop()
    while True:
        opening = loop.run_in_executor(None, open_file, settings)
        try:
            fd = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_unwanted)
            raise
        if fd is not None:
            return fd
        await asyncio.sleep(AGAIN_SECONDS)


def _close_unwanted(opening: asyncio.Future[int | None]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        fd = opening.result()
        if fd is not None:
            close_quietly(fd)


def open_file(settings: OpenSettings) -> int | None:
    """Open and go to where reading or writing begins; may block, but not for another program.
    None where it is a FIFO that nobody reads. Raises: OSError, ValueError.
    """
    path = Path(settings.path)
    if settings.remove_first:
        path.unlink(missing_ok=True)
    try:
        fd = os.open(path, settings.flags, settings.mode)
    except OSError as exc:
        if exc.errno == errno.ENXIO and path.is_fifo():
            return None
        if exc.errno == errno.EACCES and path.is_dir():  # Windows does not say what it is
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)) from exc
        raise
    try:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if settings.seek:
            os.lseek(fd, settings.seek, os.SEEK_END if settings.seek < 0 else os.SEEK_SET)
    except BaseException:
        os.close(fd)
        raise
    return fd


async def _take(fd: int) -> None:
    """Wait until the lock is ours."""
    while True:
        if _lock(fd):
            return
        await asyncio.sleep(AGAIN_SECONDS)


def _lock(fd: int) -> bool:
    """Whether the lock is ours now."""
    try:
        if sys.platform == "win32":  # pragma: no cover - that system only
            import msvcrt

            here = os.lseek(fd, 0, os.SEEK_CUR)
            os.lseek(fd, _LOCKED_AT, os.SEEK_SET)
            try:
                msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(fd, here, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def file_stream(
    fd: int, settings: OpenSettings, at_end: Callable[[], None] | None = None
) -> DescriptorStream:
    """Make the stream over an open file, which it owns; it does what is to be done at the end,
    closes it, and removes it where that is asked for.
    """
    name, status = settings.path, os.fstat(fd)
    reads, writes = settings.way != "write", settings.way != "read"
    watched = can_be_watched(fd)
    inlet: Inlet | None
    outlet: Outlet | None
    if watched:
        # A device that hangs up is at its end.
        inlet = WatchedInlet(fd, ends=HUNG_UP) if reads else None
        outlet = WatchedOutlet(fd) if writes else None
    else:
        inlet = DiskInlet(fd, name) if reads else None
        outlet = DiskOutlet(fd, name) if writes else None

    def release() -> None:
        if at_end is not None:
            at_end()
        close_quietly(fd)
        if settings.remove_after:
            remove_if_same(name, status)

    # Nobody waits at the other end of a file. A terminal cannot be told; a FIFO by closing it,
    # which ends our reading as well.
    plain = not watched or not writes

    def nothing() -> None:
        pass

    return DescriptorStream(
        Address(name),
        inlet,
        outlet,
        release,
        finish=nothing if plain else None,
        slow_release=not stat.S_ISFIFO(status.st_mode),
    )


def remove_if_same(path: str, status: os.stat_result) -> None:
    """Remove a path if it still is what it was; somebody may have put another thing there."""
    try:
        if os.path.samestat(Path(path).lstat(), status):
            Path(path).unlink()
    except OSError:
        pass  # it is gone, or may not be removed


def open_error(exc: OSError | ValueError, settings: OpenSettings) -> DialError:
    """What an error while opening means."""
    path = settings.path
    why = reason_of(exc) if isinstance(exc, OSError) else str(exc)
    code, words = ErrorCode.FILE_FAILED, f"cannot open {path}: {why}"
    number = exc.errno if isinstance(exc, OSError) else None
    if number in (errno.ENOENT, errno.ENOTDIR):
        code, words = ErrorCode.FILE_MISSING, f"there is no file {path}"
        if settings.create:
            words = f"there is no folder for {path}"
    elif number in (errno.EACCES, errno.EPERM, errno.EROFS):
        code, words = ErrorCode.FILE_FORBIDDEN, f"you may not open {path}: {why}"
    elif number == errno.EEXIST:
        words = f"{path} is there already"
    elif number == errno.ENXIO:
        words = f"{path} is a socket, or a device that is not there"
    elif number == errno.EISDIR:
        words = f"{path} is a folder"
    elif number == errno.ENOTTY:
        words = f"{path} is no terminal: settings of a terminal do not fit"
    elif number in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        code, words = ErrorCode.FILE_FULL, f"the disk of {path} is full"
    return DialError(words, code=code, field=settings.field, path=path, why=why)
