"""Owns seen traffic as a Qt table: a line a record. A line is formatted when it is looked at."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, override

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bascule.recording.records import Mark, Record
from bascule.recording.text import printable
from bascule_desktop import format as figures
from bascule_desktop.traffic_log import Filter, TrafficLog

type Index = QModelIndex | QPersistentModelIndex

RECORD_ROLE = Qt.ItemDataRole.UserRole + 1
SHOWN_BYTES = 160
"""How many of the first bytes a line shows: more than fit."""

_NOWHERE = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
_ARROWS = {Mark.UP: "↑", Mark.DOWN: "↓", Mark.OPENED: "+", Mark.CLOSED: "\N{MULTIPLICATION SIGN}"}


class Column(IntEnum):
    """The columns, from the left."""

    TIME = 0
    DIRECTION = 1
    CONNECTION = 2
    SIZE = 3
    BYTES = 4


class TrafficTable(QAbstractTableModel):
    """The records of a log that pass a filter, oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = TrafficLog()
        self._filter = Filter()
        self._shown: list[Record] = []

    @property
    def shown(self) -> Sequence[Record]:
        """The records that are listed."""
        return self._shown

    def show_log(self, log: TrafficLog) -> None:
        """List the records of another log."""
        self._log = log
        self.set_filter(self._filter)

    def set_filter(self, filter: Filter) -> None:  # noqa: A002 - what it is
        """List other records of the log."""
        self.beginResetModel()
        self._filter = filter
        self._shown = self._log.wanted(filter)
        self.endResetModel()

    def follow(self, new: Iterable[Record], first_kept: int) -> None:
        """Take what the log took at its end, and drop what it dropped before ``first_kept``."""
        gone = bisect_left(self._shown, first_kept, key=lambda record: record.number)
        if gone:
            self.beginRemoveRows(_NOWHERE, 0, gone - 1)
            del self._shown[:gone]
            self.endRemoveRows()
        come = [
            record for record in new if record.number >= first_kept and self._filter.passes(record)
        ]
        if come:
            first = len(self._shown)
            self.beginInsertRows(_NOWHERE, first, first + len(come) - 1)
            self._shown += come
            self.endInsertRows()

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        match Column(section):
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
        if not index.isValid():
            return None
        record, column = self._shown[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(record, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.ToolTipRole if column is not Column.BYTES:
                return self._tip(record, column)
            case Qt.ItemDataRole.AccessibleTextRole if column is Column.DIRECTION:
                return self._direction(record)
            case _:
                return record if role == RECORD_ROLE else None

    def _text(self, record: Record, column: Column) -> str:
        match column:
            case Column.TIME:
                seconds, thousandths = divmod(round(record.at * 1000), 1000)
                clock = time.strftime("%H:%M:%S", time.localtime(seconds))
                return f"{clock}.{thousandths:03d}"
            case Column.DIRECTION:
                return _ARROWS[record.mark]
            case Column.CONNECTION:
                return f"#{record.connection}"
            case Column.SIZE:
                return figures.size(len(record.data)) if record.moves else ""
            case Column.BYTES:
                return self._bytes(record)

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

    def _tip(self, record: Record, column: Column) -> str:
        match column:
            case Column.TIME:
                return figures.moment(record.at)
            case Column.DIRECTION:
                return self._direction(record)
            case Column.SIZE:
                return figures.exact_bytes(len(record.data))
            case _:
                passage = self._log.passages.get(record.connection)
                return passage.peer if passage is not None else ""


def _alignment(column: Column) -> Qt.AlignmentFlag:
    if column is Column.SIZE:
        return _RIGHT
    return _CENTRE if column is Column.DIRECTION else _LEFT
