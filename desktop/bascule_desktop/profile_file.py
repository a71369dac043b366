"""Owns the files in which people hand profiles on: which are meant, reading and writing one.

What is in them is the engine's to judge. The engine's own files are never touched here.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QUrl

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.whole_file import ORDINARY, replace_file

SUFFIX = ".bascule"
"""What systems open with Bascule. The text is the same as in a profile's own file."""

SUFFIXES = (SUFFIX, ".toml")

_LONGEST_BYTES = 512 * 1024


def is_profile_file(path: Path) -> bool:
    """Whether a file is a profile by its name."""
    return path.suffix.lower() in SUFFIXES


def meant_files(words: Iterable[str]) -> list[Path]:
    """The files that words of a command line mean: paths, or addresses as file managers give them
    (RFC 8089). They are absolute, so that they can be handed to another process.
    """
    return [
        Path(QUrl(word).toLocalFile() if word.startswith("file:") else word).absolute()
        for word in words
    ]


def read_text(path: Path) -> str:
    """Read a profile's file.

    Raises: SpecError FILE_MISSING, FILE_FORBIDDEN, or PROFILE_DAMAGED where it is something else.
    """
    why, code = "", ErrorCode.PROFILE_DAMAGED
    try:
        mode, size = (found := path.stat()).st_mode, found.st_size
        if stat.S_ISREG(mode) and size <= _LONGEST_BYTES:
            return path.read_text("utf-8-sig")  # editors of Windows begin with the mark
        # Reading a pipe that nobody writes to would never end.
        why = "a folder" if stat.S_ISDIR(mode) else "too long" if stat.S_ISREG(mode) else "no file"
    except UnicodeError:
        why = "not text"
    except OSError as exc:
        why, code = exc.strerror or str(exc), _code_of(exc)
    raise SpecError(f"{path.name}: {why}", code=code, path=str(path), why=why)


def _code_of(exc: OSError) -> ErrorCode:
    match exc:
        case FileNotFoundError():
            return ErrorCode.FILE_MISSING
        case PermissionError():
            return ErrorCode.FILE_FORBIDDEN
        case _:
            return ErrorCode.PROFILE_DAMAGED


def write_text(path: Path, text: str) -> None:
    """Write an exported profile. Raises: SpecError PROFILE_UNWRITABLE."""
    try:
        replace_file(path, (text.encode(),), mode=ORDINARY)
    except OSError as exc:
        raise SpecError(
            f"{path} cannot be written: {exc.strerror or exc}",
            code=ErrorCode.PROFILE_UNWRITABLE,
            path=str(path),
            why=exc.strerror or str(exc),
        ) from exc


def not_imported(path: Path, exc: BasculeError) -> BasculeError:
    """Why a file is not imported: the fact ``imported`` is its name.

    A value that this version does not know makes the file as unusable as a damaged one.
    """
    kept = (
        ErrorCode.PROFILE_NEWER, ErrorCode.ENGINE_LOST, ErrorCode.FILE_MISSING,
        ErrorCode.FILE_FORBIDDEN,
    )  # fmt: skip
    code = exc.code if exc.code in kept else ErrorCode.PROFILE_DAMAGED
    facts = {"why": exc.message, **exc.facts, "path": str(path), "imported": path.name}
    error = SpecError(f"{path.name}: {exc.message}", code=code, field=exc.field)
    error.facts = facts
    return error
