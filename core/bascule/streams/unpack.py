"""Owns how what arrives becomes files in a folder: a tar archive, plain or compressed, or one file.

No path leaves the folder, and only files and folders are made: links and devices are passed over.
A file gets its name when all of it is there and written; until then it has a temporary one. All of
it blocks: it belongs into a thread.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Protocol, cast

from bascule.errors import ErrorCode, StreamError
from bascule.streams.descriptor import close_quietly
from bascule.streams.disk import write_error
from bascule.streams.packed import totals_said
from bascule.streams.transfer import Transfer

EXISTING = ("refuse", "rename", "replace")
"""What becomes of a file whose name is taken: it ends all, gets another name, takes the place."""

_PIECE_BYTES = 256 * 1024
_MODE = 0o644


class Readable(Protocol):
    """What an archive is read from: ``read`` gives at most so many bytes, ``b""`` at the end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file that is there: its path within the folder, its bytes, its SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What was not made, as it is neither a file nor a folder."""

    path: str


type Tell = Callable[[Unpacked | PassedOver], None]


def unpack(
    source: Readable,
    folder: Path,
    *,
    existing: str,
    limit_bytes: int = 0,
    tell: Tell,
    transfer: Transfer,
) -> None:
    """Read an archive to its end; ``tell`` hears of each member when it is done with, ``transfer``
    accounts for all. ``folder`` has to be there; ``existing`` is one of ``EXISTING``;
    ``limit_bytes`` are written at most (0: no limit), however well they were compressed.

    Raises:
        StreamError: FILE_FAILED, FILE_FULL: a file cannot be made, is refused or too much, or what
            arrives is no archive or is cut off. What was complete before stays.
    """
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", source), mode="r|*") as archive:
            writer = _Writer(folder, existing, limit_bytes, tell, transfer)
            for number, member in enumerate(archive):
                totals = totals_said(archive.pax_headers) if number == 0 else None
                if totals is not None:
                    transfer.expect(*totals)
                    writer.make_room(totals[1], folder)
                writer.take(archive, member)
        while source.read(_PIECE_BYTES):
            pass  # tar fills its last block up
    except tarfile.FilterError as exc:
        raise _failed(exc.tarinfo.name, "it leads out of the folder", "outside") from exc
    except (tarfile.TarError, EOFError, TypeError) as exc:  # TypeError: gzip's header, cut off
        why = "what arrives is no tar archive, or it is cut off"
        raise _failed(str(folder), why, "no_archive") from exc


def keep(
    source: Readable,
    folder: Path,
    name: str,
    *,
    existing: str,
    limit_bytes: int = 0,
    tell: Tell,
    transfer: Transfer,
) -> None:
    """Write all that comes into one file. Raises: as ``unpack``."""
    transfer.begin(name)
    try:
        writer = _Writer(folder, existing, limit_bytes, tell, transfer)
        writer.write(folder / name, source, None)
    except OSError as exc:
        raise write_error(exc, str(folder / name), 0) from exc


class _Writer:
    """Writes what arrives into ``folder``."""

    def __init__(
        self, folder: Path, existing: str, limit_bytes: int, tell: Tell, transfer: Transfer
    ) -> None:
        self._folder = folder
        self._existing = existing
        self._limit = limit_bytes
        self._tell = tell
        self._transfer = transfer

    def take(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        """Make what a member of an archive is, in its place."""
        if not (member.isfile() or member.isdir()):
            self._transfer.pass_over()
            self._tell(PassedOver(member.name))
            return
        path = self._folder
        try:
            safe = tarfile.data_filter(member, str(self._folder))
            path = self._folder / safe.name
            if safe.isdir():
                path.mkdir(parents=True, exist_ok=True)
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            data = archive.extractfile(member)
            assert data is not None
            self._transfer.begin(safe.name)
            self.write(path, data, safe)
        except OSError as exc:
            raise write_error(exc, str(path), 0) from exc
        except ValueError as exc:  # a zero byte in it, or on Windows another drive before it
            why = "no file can have this name here"
            raise _failed(member.name, why, "no_name") from exc

    def make_room(self, size: int, path: Path) -> None:
        """Raise StreamError where so many more bytes would be too many."""
        if self._limit and self._transfer.bytes_done + size > self._limit:
            megabytes = self._limit // 1_000_000
            raise _failed(str(path), f"more than {megabytes} MB arrive", "too_much")

    def write(self, wanted: Path, data: Readable, member: tarfile.TarInfo | None) -> None:
        """Write a file under a temporary name, then give it its own. Its mode and time are those
        of ``member``, if there is one. Raises: OSError; StreamError where its name is taken.
        """
        _place(wanted, self._existing)  # what is refused is refused before anything is written
        digest, size = hashlib.sha256(), 0
        fd, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=wanted.parent)
        try:
            try:
                while piece := data.read(_PIECE_BYTES):
                    self.make_room(len(piece), wanted)
                    digest.update(piece)
                    left = memoryview(piece)
                    while left:
                        left = left[os.write(fd, left) :]
                    size += len(piece)
                    self._transfer.count(len(piece))
            finally:
                close_quietly(fd)
            mode = None if member is None else member.mode
            Path(temporary).chmod(_MODE if mode is None else mode)
            if member is not None:
                with contextlib.suppress(OSError, OverflowError, ValueError):  # not every time fits
                    os.utime(temporary, (member.mtime, member.mtime))
            path = _place(wanted, self._existing)  # others may have come meanwhile
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        self._transfer.finish_file(digest.hexdigest())
        name = path.relative_to(self._folder).as_posix()
        self._tell(Unpacked(name, size, digest.hexdigest()))


def _place(path: Path, existing: str) -> Path:
    """Where a file goes. Raises: StreamError where its name is taken and that is refused."""
    if existing == "replace" or not os.path.lexists(path):
        return path
    if existing == "refuse":
        raise _failed(str(path), "a file of this name is there already", "taken")
    names = (path.with_name(f"{path.stem} ({number}){path.suffix}") for number in count(2))
    return next(name for name in names if not os.path.lexists(name))


def _failed(path: str, why: str, reason: str) -> StreamError:
    return StreamError(
        f"cannot receive {path}: {why}",
        code=ErrorCode.FILE_FAILED,
        path=path,
        why=why,
        reason=reason,
    )
