"""Owns what a recording of a relay's traffic consists of, as frozen data.

No behaviour but questions, no I/O. Times are seconds since the epoch (UTC) as float.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

RECORD_BYTES = 64 * 1024
"""The most that one record holds; what passes in larger pieces makes several of one time."""


class Mark(StrEnum):
    """What a record tells: bytes that went up or down, or that a connection began or ended."""

    UP = "up"
    DOWN = "down"
    OPENED = "opened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was seen. ``number`` grows by one from record to record of a relay;
    ``connection`` is that of ``ConnectionStatus``. A mark without bytes has empty ``data``, and so
    has an empty datagram.
    """

    number: int
    at: float
    connection: int
    mark: Mark
    data: bytes = b""

    @property
    def moves(self) -> bool:
        """Whether it is about bytes."""
        return self.mark is Mark.UP or self.mark is Mark.DOWN


@dataclass(frozen=True, slots=True)
class Passage:
    """Who talks in one connection. ``client`` sends up and ``server`` sends down: an IP address and
    a port each, empty and 0 where the end has none. ``datagrams``: each record is a datagram.
    """

    connection: int
    peer: str
    client: str = ""
    client_port: int = 0
    server: str = ""
    server_port: int = 0
    datagrams: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """Part of a recording: ``records`` in order, with the passages they belong to.

    ``on``: whether it goes on. ``dropped``: records that were asked for and had to make room.
    ``more``: there are more at once.
    """

    on: bool
    records: tuple[Record, ...] = ()
    passages: tuple[Passage, ...] = ()
    dropped: int = 0
    more: bool = False
