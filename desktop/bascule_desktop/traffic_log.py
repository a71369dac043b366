"""Owns what the window has seen of one relay's traffic, and which of it a person wants to see.

Plain Python: no Qt, no I/O. What is formatted is formatted elsewhere, and only where it is looked
at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bascule.recording.records import Mark, Passage, Record, Recorded

MOST_BYTES = 16 * 1024 * 1024
MOST_RECORDS = 100_000
"""What the window keeps, whichever is reached first; as much as the engine does."""

_HEX = re.compile(r"(?:[0-9a-f]{2})+")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are wanted: of one direction, of one connection, that hold certain bytes.
    ``needle`` is looked for without regard to case where ``as_text``.
    """

    mark: Mark | None = None
    connection: int | None = None
    needle: bytes = b""
    as_text: bool = False

    def passes(self, record: Record) -> bool:
        """Whether a record is wanted."""
        if self.mark is not None and record.mark is not self.mark:
            return False
        if self.connection is not None and record.connection != self.connection:
            return False
        if not self.needle:
            return True
        return self.needle in (record.data.lower() if self.as_text else record.data)


def text_needle(text: str) -> bytes:
    """What to look for where a person typed a text."""
    return text.encode("utf-8", errors="replace").lower()


def hex_needle(text: str) -> bytes | None:
    """What to look for where a person typed ``0d 0a``, ``0x0d0a`` or ``0D:0A``; None: no bytes."""
    digits = re.sub(r"0x|[\s:,-]", "", text.lower())
    return bytes.fromhex(digits) if _HEX.fullmatch(digits) else None


class TrafficLog:
    """The records of one relay, oldest first. ``dropped`` were made room for before they were seen
    here.
    """

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.passages: dict[int, Passage] = {}
        self.last = 0
        self.bytes = 0
        self.dropped = 0

    def take(self, recorded: Recorded) -> tuple[Record, ...]:
        """Take what was read after ``last``; return what is new. Call ``trim`` then."""
        new = tuple(record for record in recorded.records if record.number > self.last)
        self.dropped += recorded.dropped
        if new:
            self.last = new[-1].number
            self.records += new
            self.bytes += sum(len(record.data) for record in new)
            self.passages |= {each.connection: each for each in recorded.passages}
        return new

    def trim(self) -> int:
        """Drop the oldest where there is too much; return the number of the first that is kept."""
        gone = max(len(self.records) - MOST_RECORDS, 0)
        left = self.bytes - sum(len(record.data) for record in self.records[:gone])
        while left > MOST_BYTES:
            left -= len(self.records[gone].data)
            gone += 1
        if gone:
            del self.records[:gone]
            self.bytes = left
            kept = {record.connection for record in self.records}
            self.passages = {each: who for each, who in self.passages.items() if each in kept}
        return self.records[0].number if self.records else self.last + 1

    def wanted(self, filter: Filter) -> list[Record]:  # noqa: A002 - what it is
        """The records that pass a filter."""
        return [record for record in self.records if filter.passes(record)]


def moved(records: Iterable[Record], mark: Mark | None = None) -> Iterable[bytes]:
    """The bytes alone, of one direction or in the order in which they passed."""
    return (record.data for record in records if record.moves and mark in (None, record.mark))
