"""Owns how a file or a folder becomes bytes piece by piece: a tar archive, or a file as it is.

Folders, files and symbolic links are packed; links are not followed. It holds one piece, and is
nobody's thread: each piece is read when it is asked for. All of it blocks.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tarfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from bascule.errors import ErrorCode, StreamError
from bascule.streams.descriptor import close_quietly
from bascule.streams.disk import read_error
from bascule.streams.oserrors import reason_of
from bascule.streams.packed import totals_header
from bascule.streams.transfer import Transfer

_PIECE_BYTES = 128 * 1024
_BLOCK = tarfile.BLOCKSIZE


@dataclass(frozen=True, slots=True)
class Packed:
    """A file all of which was given: its path as sent, its bytes, its SHA-256 in hexadecimal.
    ``grew``: it was longer in the end; what came later was not given.
    """

    path: str
    size: int
    sha256: str
    grew: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not packed, and why."""

    path: str
    why: str


type Tell = Callable[[Packed | LeftOut], None]


def pack(path: Path, *, tell: Tell, transfer: Transfer) -> Generator[bytes]:
    """A file or folder as an archive of the PAX format, which says ahead how much will come.
    ``tell`` hears of each file, ``transfer`` accounts for all.

    Raises:
        StreamError: FILE_FAILED: a file became shorter, or cannot be read to its end.
    """
    return _Packer(tell, transfer).archive(path)


def plain(path: Path, *, tell: Tell, transfer: Transfer) -> Generator[bytes]:
    """A file as it is. Raises: as ``pack``; also where it cannot be opened."""
    return _Packer(tell, transfer).file(path)


class _Packer:
    def __init__(self, tell: Tell, transfer: Transfer) -> None:
        self._tell = tell
        self._transfer = transfer

    def archive(self, root: Path) -> Generator[bytes]:
        files = size = 0
        for _path, _name, status in _walk(root, _ignore):
            if stat.S_ISREG(status.st_mode):
                files, size = files + 1, size + status.st_size
        self._transfer.expect(files, size)
        yield totals_header(files, size)
        for path, name, status in _walk(root, self._leave_out):
            if stat.S_ISREG(status.st_mode):
                yield from self._member(path, name)
            elif stat.S_ISDIR(status.st_mode):
                yield _header(name, status, tarfile.DIRTYPE)
            elif stat.S_ISLNK(status.st_mode):
                yield from self._link(path, name, status)
            else:
                self._leave_out(name, "it is neither a file nor a folder")
        yield bytes(2 * _BLOCK)

    def file(self, path: Path) -> Generator[bytes]:
        try:
            fd = os.open(path, _flags())
        except OSError as exc:
            raise read_error(exc, str(path)) from exc
        try:
            size = os.fstat(fd).st_size
            self._transfer.expect(1, size)
            yield from self._content(fd, path.name, size)
        finally:
            close_quietly(fd)

    def _leave_out(self, name: str, why: str) -> None:
        self._transfer.pass_over()
        self._tell(LeftOut(name, why))

    def _member(self, path: str, name: str) -> Iterator[bytes]:
        try:
            fd = os.open(path, _flags(follow=False))
        except OSError as exc:
            self._leave_out(name, reason_of(exc))
            return
        try:
            status = os.fstat(fd)  # what is sent is what was opened, whatever has the name now
            if not stat.S_ISREG(status.st_mode):
                self._leave_out(name, "it is neither a file nor a folder")
                return
            yield _header(name, status, tarfile.REGTYPE)
            yield from self._content(fd, name, status.st_size)
            if status.st_size % _BLOCK:
                yield bytes(_BLOCK - status.st_size % _BLOCK)
        finally:
            close_quietly(fd)

    def _link(self, path: str, name: str, status: os.stat_result) -> Iterator[bytes]:
        try:
            leads_to = os.readlink(path)  # noqa: PTH115 - a Path would change its words
        except OSError as exc:
            self._leave_out(name, reason_of(exc))
            return
        yield _header(name, status, tarfile.SYMTYPE, leads_to)

    def _content(self, fd: int, name: str, size: int) -> Iterator[bytes]:
        """So many bytes of a file. Raises: StreamError."""
        self._transfer.begin(name)
        digest = hashlib.sha256()
        left = size
        while left:
            piece = _read(fd, min(left, _PIECE_BYTES), name)
            if not piece:
                raise _shorter(name)
            digest.update(piece)
            left -= len(piece)
            yield piece
            self._transfer.count(len(piece))
        grew = bool(_read(fd, 1, name))
        self._transfer.finish_file(digest.hexdigest())
        self._tell(Packed(name, size, digest.hexdigest(), grew))


def _walk(
    root: Path, unread: Callable[[str, str], None]
) -> Iterator[tuple[str, str, os.stat_result]]:
    """What is at ``root`` and in it: its path, its name in the archive, its status. ``unread``
    hears the name of what cannot be looked at, and why. Links are followed to ``root`` only.
    """
    folders = [(str(root), root.resolve().name or ".")]
    try:
        status = root.stat()
    except OSError as exc:
        raise read_error(exc, str(root)) from exc
    yield *folders[0], status
    while folders:
        folder, name = folders.pop()
        if not stat.S_ISDIR(status.st_mode):
            return  # one file
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    inner = f"{name}/{entry.name}"
                    try:
                        found = entry.stat(follow_symlinks=False)
                    except OSError as exc:
                        unread(inner, reason_of(exc))
                        continue
                    if entry.is_junction():
                        unread(inner, "it leads elsewhere")
                        continue
                    yield entry.path, inner, found
                    if stat.S_ISDIR(found.st_mode):
                        folders.append((entry.path, inner))
        except OSError as exc:
            unread(name, reason_of(exc))


def _header(name: str, status: os.stat_result, kind: bytes, link: str = "") -> bytes:
    """The header of a member. Whose it is here concerns nobody there."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    info.mode = stat.S_IMODE(status.st_mode)
    info.mtime = int(status.st_mtime)
    if kind == tarfile.REGTYPE:
        info.size = status.st_size
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _flags(*, follow: bool = True) -> int:
    """To read a file. Nothing waits, and what has become a link meanwhile is not followed."""
    names = ["O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT"]
    if not follow:
        names.append("O_NOFOLLOW")
    flags = os.O_RDONLY
    for name in names:
        flags |= getattr(os, name, 0)
    return flags


def _read(fd: int, size: int, name: str) -> bytes:
    try:
        return os.read(fd, size)
    except OSError as exc:
        raise read_error(exc, name) from exc


def _shorter(name: str) -> StreamError:
    why = "it became shorter while it was sent: send it again when nothing changes it any more"
    return StreamError(
        f"cannot send {name}: {why}",
        code=ErrorCode.FILE_FAILED,
        path=name,
        why=why,
        reason="shorter",
    )


def _ignore(_name: str, _why: str) -> None:
    """Nobody hears of it twice."""
