"""Owns the live connections of one relay as a Qt table. The facts are the store's."""

from __future__ import annotations

import time
from enum import IntEnum
from typing import override

from PySide6.QtCore import QObject, Qt

from bascule.events import ConnectionStatus
from bascule_desktop import format as figures
from bascule_desktop.models.listing import LEFT, RIGHT, Index, Listing
from bascule_desktop.store import Row


class Column(IntEnum):
    """The columns, from the left."""

    PEER = 0
    SINCE = 1
    UP = 2
    DOWN = 3
    STATE = 4
    CLOSE = 5


class ConnectionTable(Listing[ConnectionStatus, Column]):
    """The connections of the row that was shown last, oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(Column, parent)
        self._row: Row | None = None

    def show_row(self, row: Row | None) -> None:
        """Show the connections of another relay."""
        self._row = row
        self._relist(list(row.connections.values()) if row is not None else [])

    def refresh(self) -> None:
        """Take what changed: lines go and come one by one, so that a selection stays."""
        wanted = list(self._row.connections.values()) if self._row is not None else []
        alive = {one.number for one in wanted}
        for place in range(len(self._listed) - 1, -1, -1):
            if self._listed[place].number not in alive:
                self._remove(place, place)
        known = {one.number for one in self._listed}
        by_number = {one.number: one for one in wanted}
        self._listed = [by_number[one.number] for one in self._listed]
        self._append(one for one in wanted if one.number not in known)
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
    def _title(self, column: Column) -> str:
        match column:
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
    def _alignment(self, column: Column) -> Qt.AlignmentFlag:
        return RIGHT if column in (Column.UP, Column.DOWN) else LEFT

    @override
    def _text(self, thing: ConnectionStatus, column: Column) -> str:
        match column:
            case Column.PEER:
                return thing.peer
            case Column.SINCE:
                return figures.ago(thing.since, time.time())
            case Column.UP:
                return figures.size(thing.up)
            case Column.DOWN:
                return figures.size(thing.down)
            case Column.STATE:
                return self.tr("Connected") if thing.connected else self.tr("Connecting")
            case Column.CLOSE:
                return ""

    @override
    def _tip(self, thing: ConnectionStatus, column: Column) -> str:
        match column:
            case Column.SINCE:
                return figures.moment(thing.since)
            case Column.UP:
                return figures.exact_bytes(thing.up)
            case Column.DOWN:
                return figures.exact_bytes(thing.down)
            case Column.CLOSE:
                return self.tr("Close this connection")
            case _:
                return self._text(thing, column)

    @override
    def _spoken(self, thing: ConnectionStatus, column: Column) -> str | None:
        if column is Column.CLOSE:
            return self.tr("Close the connection of {peer}").format(peer=thing.peer)
        return None
