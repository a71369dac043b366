"""Owns the live connections of one relay as a Qt table. The facts are the store's."""

from __future__ import annotations

import time
from enum import IntEnum
from typing import Any, override

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from bascule.events import ConnectionStatus
from bascule_desktop import format as figures
from bascule_desktop.store import Row

type Index = QModelIndex | QPersistentModelIndex

_NOWHERE = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    """The columns, from the left."""

    PEER = 0
    SINCE = 1
    UP = 2
    DOWN = 3
    STATE = 4
    CLOSE = 5


class ConnectionTable(QAbstractTableModel):
    """The connections of the row that was shown last, oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row: Row | None = None
        self._listed: list[ConnectionStatus] = []

    def show_row(self, row: Row | None) -> None:
        """Show the connections of another relay."""
        self.beginResetModel()
        self._row = row
        self._listed = list(row.connections.values()) if row is not None else []
        self.endResetModel()

    def refresh(self) -> None:
        """Take what changed: lines go and come one by one, so that a selection stays."""
        wanted = list(self._row.connections.values()) if self._row is not None else []
        alive = {one.number for one in wanted}
        for place in range(len(self._listed) - 1, -1, -1):
            if self._listed[place].number not in alive:
                self.beginRemoveRows(_NOWHERE, place, place)
                del self._listed[place]
                self.endRemoveRows()
        known = {one.number for one in self._listed}
        come = [one for one in wanted if one.number not in known]
        by_number = {one.number: one for one in wanted}
        self._listed = [by_number[one.number] for one in self._listed]
        if come:
            first = len(self._listed)
            self.beginInsertRows(_NOWHERE, first, first + len(come) - 1)
            self._listed += come
            self.endInsertRows()
        self.tick()

    def tick(self) -> None:
        """Say anew what changes with time."""
        if self._listed:
            last = len(self._listed) - 1
            self.dataChanged.emit(self.index(0, Column.SINCE), self.index(last, Column.STATE))

    def number_at(self, index: Index) -> int | None:
        """The number of the connection of a line."""
        return self._listed[index.row()].number if index.isValid() else None

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._listed)

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
            return _RIGHT if section in (Column.UP, Column.DOWN) else _LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        match Column(section):
            case Column.PEER:
                return self.tr("Peer")
            case Column.SINCE:
                return self.tr("Since")
            case Column.UP:
                return self.tr("Up")
            case Column.DOWN:
                return self.tr("Down")
            case Column.STATE:
                return self.tr("State")
            case Column.CLOSE:
                return ""

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one, column = self._listed[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(one, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column in (Column.UP, Column.DOWN) else _LEFT
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(one, column)
            case Qt.ItemDataRole.AccessibleTextRole if column is Column.CLOSE:
                return self.tr("Close the connection of {peer}").format(peer=one.peer)
            case _:
                return None

    def _text(self, one: ConnectionStatus, column: Column) -> str:
        match column:
            case Column.PEER:
                return one.peer
            case Column.SINCE:
                return figures.ago(one.since, time.time())
            case Column.UP:
                return figures.size(one.up)
            case Column.DOWN:
                return figures.size(one.down)
            case Column.STATE:
                return self.tr("Connected") if one.connected else self.tr("Connecting")
            case Column.CLOSE:
                return ""

    def _tip(self, one: ConnectionStatus, column: Column) -> str:
        match column:
            case Column.SINCE:
                return figures.moment(one.since)
            case Column.UP:
                return figures.exact_bytes(one.up)
            case Column.DOWN:
                return figures.exact_bytes(one.down)
            case Column.CLOSE:
                return self.tr("Close this connection")
            case _:
                return self._text(one, column)
