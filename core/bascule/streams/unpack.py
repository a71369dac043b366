"""Owns how a tar archive becomes files in a folder while it arrives, plain or compressed.

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

EXISTING = ("refuse", "rename", "replace")
"""What becomes of a file whose name is taken: it ends all, gets another name, takes the place."""

_PIECE_BYTES = 256 * 1024


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


def unpack(source: Readable, folder: Path, *, existing: str, tell: Tell) -> None:
    """Read an archive to its end; ``tell`` hears of each member when it is done with. ``folder``
    has to be there; ``existing`` is one of ``EXISTING``.

    Raises:
        StreamError: FILE_FAILED, FILE_FULL: a file cannot be made, is refused, or what arrives is
            no archive or is cut off. What was complete before stays.
    """
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", source), mode="r|*") as archive:
            for member in archive:
                _unpack_member(archive, member, folder, existing, tell)
        while source.read(_PIECE_BYTES):
            pass  # tar fills its last block up
    except tarfile.FilterError as exc:
        raise _failed(exc.tarinfo.name, "it leads out of the folder") from exc
    except (tarfile.TarError, EOFError, TypeError) as exc:  # TypeError: gzip's header, cut off
        why = "what arrives is no tar archive, or it is cut off"
        raise _failed(str(folder), why) from exc


def _unpack_member(
    archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, existing: str, tell: Tell
) -> None:
    if not (member.isfile() or member.isdir()):
        tell(PassedOver(member.name))
        return
    path = folder
    try:
        safe = tarfile.data_filter(member, str(folder))
        path = folder / safe.name
        if safe.isdir():
            path.mkdir(parents=True, exist_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path = _place(path, existing)
        data = archive.extractfile(member)
        assert data is not None
        digest = _write(path, data, safe)
    except OSError as exc:
        raise write_error(exc, str(path), 0) from exc
    except ValueError as exc:  # a zero byte in it, or on Windows another drive before it
        raise _failed(member.name, "no file can have this name here") from exc
    tell(Unpacked(path.relative_to(folder).as_posix(), member.size, digest))


def _place(path: Path, existing: str) -> Path:
    """Where a file goes. Raises: StreamError where its name is taken and that is refused."""
    if existing == "replace" or not os.path.lexists(path):
        return path
    if existing == "refuse":
        raise _failed(str(path), "a file of this name is there already")
    names = (path.with_name(f"{path.stem} ({number}){path.suffix}") for number in count(2))
    return next(name for name in names if not os.path.lexists(name))


def _write(path: Path, data: IO[bytes], member: tarfile.TarInfo) -> str:
    """Write a file under a temporary name, then give it its own; return its SHA-256."""
    digest = hashlib.sha256()
    fd, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        try:
            while piece := data.read(_PIECE_BYTES):
                digest.update(piece)
                left = memoryview(piece)
                while left:
                    left = left[os.write(fd, left) :]
        finally:
            close_quietly(fd)
        Path(temporary).chmod(0o644 if member.mode is None else member.mode)  # pyright: ignore[reportUnnecessaryComparison]
        with contextlib.suppress(OSError, OverflowError, ValueError):  # not every time can be kept
            os.utime(temporary, (member.mtime, member.mtime))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def _failed(path: str, why: str) -> StreamError:
    return StreamError(
        f"cannot receive {path}: {why}", code=ErrorCode.FILE_FAILED, path=path, why=why
    )
