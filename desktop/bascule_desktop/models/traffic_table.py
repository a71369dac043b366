"""Owns seen traffic as a Qt table: a line a record. A line is formatted when it is looked at."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, override

from PySide6.QtCore import QObject, Qt

from bascule.recording.records import Mark, Record
from bascule.recording.text import printable
from bascule_desktop import format as figures
from bascule_desktop.models.listing import CENTRE, LEFT, RIGHT, Index, Listing
from bascule_desktop.traffic_log import Filter, TrafficLog

RECORD_ROLE = Qt.ItemDataRole.UserRole + 1
SHOWN_BYTES = 160
"""How many of the first bytes a line shows: more than fit."""

_ARROWS = {Mark.UP: "↑", Mark.DOWN: "↓", Mark.OPENED: "+", Mark.CLOSED: "\N{MULTIPLICATION SIGN}"}


class Column(IntEnum):
    """The columns, from the left."""

    TIME = 0
    DIRECTION = 1
    CONNECTION = 2
    SIZE = 3
    BYTES = 4


class TrafficTable(Listing[Record, Column]):
    """The records of a log that pass a filter, oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(Column, parent)
        self._log = TrafficLog()
        self._filter = Filter()

    @property
    def shown(self) -> Sequence[Record]:
        """The records that are listed."""
        return self._listed

    def show_log(self, log: TrafficLog) -> None:
        """List the records of another log."""
        self._log = log
        self.set_filter(self._filter)

    def set_filter(self, filter: Filter) -> None:  # noqa: A002 - what it is
        """List other records of the log."""
        self._filter = filter
        self._relist(self._log.wanted(filter))

    def follow(self, new: Iterable[Record], first_kept: int) -> None:
        """Take what the log took at its end, and drop what it dropped before ``first_kept``."""
        gone = bisect_left(self._listed, first_kept, key=lambda record: record.number)
        if gone:
            self._remove(0, gone - 1)
        self._append(
            record for record in new if record.number >= first_kept and self._filter.passes(record)
        )

    @override
    def _title(self, column: Column) -> str:
        match column:
            case Column.TIME:
                return self.tr("Time")
            case Column.DIRECTION:
                return ""
            case Column.CONNECTION:
                return self.tr("Connection")
            case Column.SIZE:
                return self.tr("Size")
            case Column.BYTES:
                return self.tr("First bytes")

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == RECORD_ROLE:
            return self._listed[index.row()] if index.isValid() else None
        return super().data(index, role)

    @override
    def _alignment(self, column: Column) -> Qt.AlignmentFlag:
        if column is Column.SIZE:
            return RIGHT
        return CENTRE if column is Column.DIRECTION else LEFT

    @override
    def _text(self, thing: Record, column: Column) -> str:
        match column:
            case Column.TIME:
                seconds, thousandths = divmod(round(thing.at * 1000), 1000)
                clock = time.strftime("%H:%M:%S", time.localtime(seconds))
                return f"{clock}.{thousandths:03d}"
            case Column.DIRECTION:
                return _ARROWS[thing.mark]
            case Column.CONNECTION:
                return f"#{thing.connection}"
            case Column.SIZE:
                return figures.size(len(thing.data)) if thing.moves else ""
            case Column.BYTES:
                return self._bytes(thing)

    def _bytes(self, record: Record) -> str:
        if record.moves:
            return printable(record.data[:SHOWN_BYTES])
        passage = self._log.passages.get(record.connection)
        peer = passage.peer if passage is not None else f"#{record.connection}"
        if record.mark is Mark.OPENED:
            return self.tr("{peer} is connected").format(peer=peer)
        return self.tr("{peer}: the connection has ended").format(peer=peer)

    def _direction(self, record: Record) -> str:
        match record.mark:
            case Mark.UP:
                return self.tr("Up: from the source to the target")
            case Mark.DOWN:
                return self.tr("Down: from the target to the source")
            case Mark.OPENED:
                return self.tr("A connection begins")
            case Mark.CLOSED:
                return self.tr("A connection ends")

    @override
    def _tip(self, thing: Record, column: Column) -> str | None:
        match column:
            case Column.TIME:
                return figures.moment(thing.at)
            case Column.DIRECTION:
                return self._direction(thing)
            case Column.SIZE:
                return figures.exact_bytes(len(thing.data))
            case Column.BYTES:
                return None
            case _:
                passage = self._log.passages.get(thing.connection)
                return passage.peer if passage is not None else ""

    @override
    def _spoken(self, thing: Record, column: Column) -> str | None:
        return self._direction(thing) if column is Column.DIRECTION else None
