"""Owns how certificate and key files are read and written. Knows no cryptography."""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bascule.errors import ErrorCode, SpecError
from bascule.whole_file import PRIVATE, replace_file

_LIMIT_BYTES = 1024 * 1024
"""No certificate file is larger; what is, was chosen by mistake."""

_WINDOWS_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
PUBLIC = 0o644
"""The mode of a certificate: it is no secret."""


def certificate_unreadable(path: str | Path, why: str, field: str = "certificate") -> SpecError:
    """The error for a file that gives no certificate."""
    return SpecError(
        f"{path} cannot be read as a certificate: {why}",
        code=ErrorCode.CERTIFICATE_UNREADABLE,
        field=field,
        path=str(path),
        why=why,
    )


def key_unreadable(path: str | Path, why: str, field: str = "key") -> SpecError:
    """The error for a file that gives no private key."""
    return SpecError(
        f"{path} cannot be read as a private key: {why}",
        code=ErrorCode.KEY_UNREADABLE,
        field=field,
        path=str(path),
        why=why,
    )


def read_limited(path: str | Path) -> bytes:
    """Return what a file holds. Raises: ValueError, in words, where it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(_LIMIT_BYTES + 1)
    except OSError as exc:
        raise ValueError(exc.strerror or str(exc)) from exc
    if len(data) > _LIMIT_BYTES:
        raise ValueError("the file is too large")
    return data


def safe_stem(text: str) -> str:
    """Make a file name, without ending, that every system accepts."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", text)[:64].strip(".")
    # Windows opens the device for "com2.pem" too.
    return f"_{stem}" if not stem or _WINDOWS_DEVICES.match(stem) else stem


def write_new_pair(folder: Path, stem: str, certificate: bytes, key: bytes) -> tuple[Path, Path]:
    """Write both files under the next free name; return (certificate, key).

    Nothing that exists is overwritten, and neither file is ever seen half written. The key is
    readable by its owner only from its first byte on; on Windows the access list of the profile
    folder does that, as there is no mode.

    Raises: SpecError CERTIFICATE_UNWRITABLE.
    """
    with unwritable(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        paths = _reserve(folder, stem)
        try:
            replace_file(paths[1], (key,))
            replace_file(paths[0], (certificate,), mode=PUBLIC)
        except OSError:
            for path in paths:
                path.unlink(missing_ok=True)
            raise
    return paths


@contextmanager
def unwritable(path: Path) -> Generator[None]:
    """Turn what the system says about writing below ``path`` into our error."""
    try:
        yield
    except OSError as exc:
        why = exc.strerror or str(exc)
        raise SpecError(
            f"cannot write to {exc.filename or path}: {why}",
            code=ErrorCode.CERTIFICATE_UNWRITABLE,
            path=str(exc.filename or path),
            why=why,
        ) from exc


def _reserve(folder: Path, stem: str) -> tuple[Path, Path]:
    """Take the next free name by creating both files, empty."""
    number = 1
    while True:
        name = stem if number == 1 else f"{stem}-{number}"
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        try:
            os.close(_create(key, PRIVATE))
            try:
                os.close(_create(certificate, PUBLIC))
            except OSError:
                key.unlink()
                raise
        except FileExistsError:
            number += 1
        else:
            return certificate, key


def _create(path: Path, mode: int) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
