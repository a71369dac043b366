"""Owns writing a file whole, or not at all: who reads it sees the old one or the new one."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bascule.errors import ErrorCode, StreamError

PRIVATE = 0o600
"""The mode of what may hold a secret: its owner alone, from the first byte on."""
ORDINARY = 0o666
"""The mode of every other file."""

_TRIES = 100
_BETWEEN_TRIES_SECONDS = 0.02


def replace_file(path: Path, content: Iterable[bytes], *, mode: int = PRIVATE) -> None:
    """Write ``content`` beside its name, to the disk, and put it in the place of ``path`` at once.

    The folder must exist. ``mode`` is that of open(2): the umask takes from it, and no disk is
    asked for a mode that it does not have; on Windows the access list of the folder decides. Where
    the program is killed in between, a hidden ``.NAME.….new`` stays behind. Blocks, as
    ``once_free`` may. Raises: OSError; the old file is then as it was.
    """
    new = path.with_name(f".{path.name[:50]}.{secrets.token_hex(4)}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    number = os.open(new, flags, mode)
    try:
        with os.fdopen(number, "wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        once_free(lambda: new.replace(path))
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def write_whole(path: Path, content: Iterable[bytes], *, mode: int = PRIVATE) -> None:
    """``replace_file`` for a file that somebody asked for. Raises: StreamError FILE_FAILED."""
    try:
        replace_file(path, content, mode=mode)
    except OSError as exc:
        raise StreamError(
            f"{path} cannot be written: {exc.strerror or exc}",
            code=ErrorCode.FILE_FAILED,
            path=str(path),
            why=exc.strerror or str(exc),
        ) from exc


def once_free(act: Callable[[], object]) -> None:
    """Replace or remove a file that others look into: Windows refuses that while one of them has
    it open, which is for a moment. It waits for at most two seconds. Raises: OSError of the last
    try.
    """
    for _ in range(_TRIES):
        try:
            act()
        except PermissionError:
            time.sleep(_BETWEEN_TRIES_SECONDS)
        else:
            return
    act()
