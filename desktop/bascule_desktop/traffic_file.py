"""Owns writing seen traffic to a file: in a form that others read, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from bascule.errors import ErrorCode, StreamError
from bascule.recording.pcapng import pcapng
from bascule.recording.records import Mark, Passage, Record
from bascule.recording.text import text
from bascule_desktop.traffic_log import moved


class Form(StrEnum):
    """What a file holds."""

    PCAPNG = "pcapng"
    TEXT = "txt"
    UP = "up"
    DOWN = "down"
    BOTH = "both"

    @property
    def suffix(self) -> str:
        """How the file's name ends."""
        return f".{self}" if self in (Form.PCAPNG, Form.TEXT) else ".bin"


def pieces(
    form: Form, records: Sequence[Record], passages: Mapping[int, Passage]
) -> Iterable[bytes]:
    """The content of a file, piece by piece."""
    match form:
        case Form.PCAPNG:
            return pcapng(records, passages)
        case Form.TEXT:
            return (f"{line}\n".encode() for line in text(records, passages))
        case Form.UP:
            return moved(records, Mark.UP)
        case Form.DOWN:
            return moved(records, Mark.DOWN)
        case Form.BOTH:
            return moved(records)


def write(path: Path, content: Iterable[bytes]) -> None:
    """Write a file beside its name first, so that who reads it never sees half of it. Only its
    owner may read it: it can hold passwords. Call it in a thread.

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
