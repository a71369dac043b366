"""Owns the forms in which seen traffic is written to a file, so that others can read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

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
