"""Owns what the tables of the window have in common: a line for each thing, a column for each fact.

What is shown of a thing is formatted when it is looked at.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from enum import IntEnum
from typing import Any, override

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

type Index = QModelIndex | QPersistentModelIndex

NOWHERE = QModelIndex()
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


class Listing[Thing, Column: IntEnum](QAbstractTableModel):
    """Lists things in ``_listed``, under columns that are numbered from the left."""

    def __init__(self, columns: type[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._listed: list[Thing] = []

    # what a table says --------------------------------------------------------------------------

    @abstractmethod
    def _title(self, column: Column) -> str:
        """What stands above a column."""

    @abstractmethod
    def _alignment(self, column: Column) -> Qt.AlignmentFlag:
        """Where a column's words stand."""

    @abstractmethod
    def _text(self, thing: Thing, column: Column) -> str:
        """What a cell says."""

    @abstractmethod
    def _tip(self, thing: Thing, column: Column) -> str | None:
        """What a cell says to whoever points at it."""

    def _spoken(self, thing: Thing, column: Column) -> str | None:
        """What is read out in place of the text; None: the text."""
        del thing, column
        return None

    # what changes -------------------------------------------------------------------------------

    def _relist(self, things: list[Thing]) -> None:
        """List other things."""
        self.beginResetModel()
        self._listed = things
        self.endResetModel()

    def _append(self, things: Iterable[Thing]) -> None:
        """List more things, at the end."""
        come = list(things)
        if come:
            first = len(self._listed)
            self.beginInsertRows(NOWHERE, first, first + len(come) - 1)
            self._listed += come
            self.endInsertRows()

    def _remove(self, first: int, last: int) -> None:
        """List some lines no more, ``last`` included."""
        self.beginRemoveRows(NOWHERE, first, last)
        del self._listed[first : last + 1]
        self.endRemoveRows()

    # what Qt asks -------------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._listed)

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._title(self._columns(section))
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(self._columns(section))
            case _:
                return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        thing, column = self._listed[index.row()], self._columns(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(thing, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(thing, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(thing, column)
            case _:
                return None
