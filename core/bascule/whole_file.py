"""Owns writing a file that somebody asked for: whole, or not there at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bascule.errors import ErrorCode, StreamError

_PRIVATE = 0o600  # as tempfile makes a file


def write_whole(path: Path, content: Iterable[bytes], *, mode: int = _PRIVATE) -> None:
    """Write a file beside its name first, so that who reads it never sees half of it. Only its
    owner may read it, as it can hold passwords, unless ``mode`` says otherwise. Call it in a
    thread.

    Raises: StreamError FILE_FAILED.
    """
    made: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            made = Path(file.name)
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        if mode != _PRIVATE:  # it is made so, and not every disk lets anybody say it
            made.chmod(mode)
        made.replace(path)
        made = None
    except OSError as exc:
        raise StreamError(
            f"{path} cannot be written: {exc.strerror or exc}",
            code=ErrorCode.FILE_FAILED,
            path=str(path),
            why=exc.strerror or str(exc),
        ) from exc
    finally:
        if made is not None:
            made.unlink(missing_ok=True)
