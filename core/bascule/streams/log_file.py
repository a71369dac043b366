"""Owns the log file that all connections of a relay write: whole lines, rotated, never cut.

``RotatingFile`` is the file, and blocks; ``LogFile`` shares it between the connections. An old file
is called after the time of its last line: ``events-2026-11-21T17-27-20.log``.
"""

from __future__ import annotations

import asyncio
import os
import re
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from bascule.errors import BasculeError, DialError, ErrorCode, StreamError
from bascule.streams.descriptor import close_quietly
from bascule.streams.disk import DIRECT_BYTES, SLOW_SECONDS, write_error
from bascule.streams.file import OpenSettings, open_error, open_file
from bascule.streams.oserrors import reason_of

AGAIN_SECONDS = 60.0
"""How long a file that could not be renamed goes on before that is tried again."""

LOOK_SECONDS = 1.0
"""How often it is looked whether the file is still the one that has its name."""

_STAMP = "%Y-%m-%dT%H-%M-%S"
_STAMPED = r"-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)(?:-(\d+))?"

type Tell = Callable[[BasculeError], None]
"""Hears what went wrong without ending anything."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a new file is begun: before it is larger than ``size_bytes`` (0: never), or with the
    first line of a day (``daily``; in ``utc``, or this computer's zone). ``keep`` old ones stay.
    """

    size_bytes: int = 0
    daily: bool = False
    keep: int = 10
    utc: bool = False

    def at(self, seconds: float) -> datetime:
        """A time (seconds since 1970) in the zone whose days count."""
        return datetime.fromtimestamp(seconds, UTC) if self.utc else _local(seconds)

    def day(self, seconds: float) -> date:
        """The day on which a time falls."""
        return self.at(seconds).date()


def _local(seconds: float) -> datetime:
    # By way of UTC: Windows knows no local time on the first day of 1970.
    return datetime.fromtimestamp(seconds, UTC).astimezone()


class _Old(NamedTuple):
    """A file that was put aside: when it was changed last, and what its name says. The time goes
    first: an hour that the clocks repeat in autumn stands in two names.
    """

    changed: int
    stamp: str
    number: int
    path: Path


class RotatingFile:
    """A file that only grows, until it is put aside and a new one begun. Every call blocks, and
    only one at a time is allowed. Times are seconds since 1970.
    """

    def __init__(self, path: str, rotation: Rotation, *, field: str = "path") -> None:
        self.path = Path(path)
        self.trouble: BasculeError | None = None
        """What went wrong beside the writing, for whoever takes it from here."""
        self._settings = OpenSettings(path, "write", create=True, append=True, field=field)
        self._rotation = rotation
        self._fd = -1
        self._size = 0
        self._last = 0.0
        self._rotates = False
        self._not_before = 0.0
        self._looked = 0.0

    def open(self) -> None:
        """Open it, at its end. Raises: DialError."""
        try:
            fd = open_file(self._settings)
            if fd is None:
                raise DialError(
                    f"nobody reads the pipe {self.path}",
                    code=ErrorCode.FILE_FAILED,
                    field=self._settings.field,
                    path=str(self.path),
                    why="it is a pipe that nobody reads",
                )
        except (OSError, ValueError) as exc:
            raise open_error(exc, self._settings) from exc
        status = os.fstat(fd)
        self._fd = fd
        self._size = status.st_size
        self._last = status.st_mtime
        self._rotates = stat.S_ISREG(status.st_mode)

    def close(self) -> None:
        """Close it. Doing it again does nothing."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            close_quietly(fd)

    def is_due(self, count: int, now: float) -> bool:
        """Whether more than writing is to be done before ``count`` bytes are written."""
        rotation = self._rotation
        return (
            self._fd < 0
            or now - self._looked >= LOOK_SECONDS
            or (0 < rotation.size_bytes < self._size + count)
            or (rotation.daily and rotation.day(now) != rotation.day(self._last))
        )

    def write(self, lines: bytes, now: float) -> None:
        """Write whole lines, all of them to one file. Where only some of them fit on the disk,
        these are kept, whole.

        Raises: DialError: it could not be opened again; StreamError: it could not be written.
        """
        if self.is_due(len(lines), now):
            self._look(now)
            if self._is_full(len(lines), now):
                self._rotate(now)
        written = 0
        try:
            while written < len(lines):
                written += os.write(self._fd, memoryview(lines)[written:])
        except OSError as exc:
            whole = lines.rfind(b"\n", 0, written) + 1
            if self._rotates and whole < written:
                os.ftruncate(self._fd, self._size + whole)
            self._size += whole
            raise write_error(exc, str(self.path), whole) from exc
        self._size += written
        self._last = now

    def _look(self, now: float) -> None:
        """Take the file of this name, where another program has put ours aside or removed it."""
        self._looked = now
        if self._fd >= 0:
            try:
                if os.path.samestat(self.path.stat(), os.fstat(self._fd)):
                    return
            except FileNotFoundError:
                pass
            except OSError:
                return  # it cannot be known: what is open can be written
            self.close()
        self.open()

    def _is_full(self, count: int, now: float) -> bool:
        rotation = self._rotation
        if not (self._rotates and self._size) or now < self._not_before:
            return False
        too_large = 0 < rotation.size_bytes < self._size + count
        return too_large or (rotation.daily and rotation.day(now) != rotation.day(self._last))

    def _rotate(self, now: float) -> None:
        """Put the file aside and begin a new one. Windows renames no file that is open; where
        another program has it open there, this one goes on.
        """
        self.close()
        try:
            old = self._old()
            self.path.rename(self._free_name(old))
        except OSError as exc:
            self._not_before = now + AGAIN_SECONDS
            self._tell(exc, f"cannot rename {self.path}, it goes on")
            old = []
        self.open()
        for each in old[: max(0, len(old) + 1 - self._rotation.keep)]:
            try:
                each.path.unlink()
            except OSError as exc:
                self._tell(exc, f"cannot remove {each.path}")

    def _free_name(self, old: list[_Old]) -> Path:
        stamp = self._rotation.at(self._last).strftime(_STAMP)
        number = max((each.number for each in old if each.stamp == stamp), default=0) + 1
        more = f"-{number}" if number > 1 else ""
        return self.path.with_name(f"{self.path.stem}-{stamp}{more}{self.path.suffix}")

    def old_files(self) -> list[Path]:
        """The files that were put aside, the oldest first."""
        return [each.path for each in self._old()]

    def _old(self) -> list[_Old]:
        named = re.compile(re.escape(self.path.stem) + _STAMPED + re.escape(self.path.suffix))
        found: list[_Old] = []
        for path in self.path.parent.iterdir():
            match = named.fullmatch(path.name)
            if match:
                changed = path.lstat().st_mtime_ns
                found.append(_Old(changed, match[1], int(match[2] or 1), path))
        return sorted(found)

    def _tell(self, exc: OSError, words: str) -> None:
        why = reason_of(exc)
        self.trouble = StreamError(
            f"{words}: {why}", code=ErrorCode.FILE_FAILED, path=str(self.path), why=why
        )


class LogFile:
    """The file as all connections share it: open while anybody uses it. ``tell`` hears what went
    wrong without ending a connection.
    """

    def __init__(self, file: RotatingFile, tell: Tell) -> None:
        self._file = file
        self._tell = tell
        self._users = 0
        self._lock = asyncio.Lock()
        self._slow = False

    async def open(self) -> None:
        """Use it from now on. Raises: DialError."""
        async with self._lock:
            if not self._users:
                await _in_thread(self._file.open)
            self._users += 1

    async def close(self) -> None:
        """Use it no longer."""
        async with self._lock:
            self._users -= 1
            if not self._users:
                await _in_thread(self._file.close)

    def write_now(self, lines: bytes) -> bool:
        """Write whole lines where that waits for nobody; else say False. Raises: as ``write``."""
        now = time.time()
        if (
            self._slow
            or self._lock.locked()
            or len(lines) > DIRECT_BYTES
            or self._file.is_due(len(lines), now)
        ):
            return False
        begun = time.perf_counter()
        self._file.write(lines, now)
        self._slow = time.perf_counter() - begun > SLOW_SECONDS
        return True

    async def write(self, lines: bytes) -> None:
        """Write whole lines after those that others have written before; not to be cancelled.

        Raises: DialError, StreamError.
        """
        async with self._lock:
            await _in_thread(self._file.write, lines, time.time())
            trouble, self._file.trouble = self._file.trouble, None
        if trouble is not None:
            self._tell(trouble)

    def tell(self, trouble: BasculeError) -> None:
        """Tell what went wrong where there is no call left to raise it."""
        self._tell(trouble)


async def _in_thread[*A](call: Callable[[*A], None], *args: *A) -> None:
    await asyncio.get_running_loop().run_in_executor(None, call, *args)
