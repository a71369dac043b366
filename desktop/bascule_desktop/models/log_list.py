"""Owns the log of one relay as a Qt list. The lines are the store's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, override

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bascule.events import LogLevel, LogLine
from bascule_desktop import format as figures
from bascule_desktop.messages import explain
from bascule_desktop.store import Row

type Index = QModelIndex | QPersistentModelIndex

LINE_ROLE = Qt.ItemDataRole.UserRole + 1
_NOWHERE = QModelIndex()


class LogList(QAbstractListModel):
    """The log of the row that was shown last, oldest line first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row: Row | None = None
        self._lines: list[LogLine] = []

    def show_row(self, row: Row | None) -> None:
        """Show the log of another relay."""
        self.beginResetModel()
        self._row = row
        self._lines = list(row.log) if row is not None else []
        self.endResetModel()

    def refresh(self) -> None:
        """Take new lines at the end, and drop what the store dropped at the beginning."""
        if self._row is None:
            return
        wanted = list(self._row.log)
        gone = _fallen_out(self._lines, wanted)
        if gone is None:  # the store began anew
            self.show_row(self._row)
            return
        if gone:
            self.beginRemoveRows(_NOWHERE, 0, gone - 1)
            del self._lines[:gone]
            self.endRemoveRows()
        if len(wanted) > len(self._lines):
            self.beginInsertRows(_NOWHERE, len(self._lines), len(wanted) - 1)
            self._lines = wanted
            self.endInsertRows()

    def copied(self, rows: Iterable[int]) -> str:
        """Lines as text for the clipboard."""
        return "\n".join(self.said(self._lines[row]) for row in sorted(rows))

    def said(self, line: LogLine) -> str:
        """One line: when, and what. What went wrong is said in the person's words."""
        text = line.text if line.problem is None else explain(line.problem).title
        return f"{figures.moment(line.at)}  {text}"

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.said(line)
            case Qt.ItemDataRole.ToolTipRole:
                return line.text
            case Qt.ItemDataRole.AccessibleTextRole:
                if line.level is LogLevel.INFO:
                    return self.said(line)
                return self.tr("Problem: {line}").format(line=self.said(line))
            case _:
                return line if role == LINE_ROLE else None


def _fallen_out(old: list[LogLine], new: list[LogLine]) -> int | None:
    """How many old lines are gone at the beginning; None where the two do not join."""
    if not old:
        return 0
    if not new:
        return None
    for gone, line in enumerate(old):
        if line is new[0]:
            kept = len(old) - gone
            return gone if len(new) >= kept and new[kept - 1] is old[-1] else None
    return None
