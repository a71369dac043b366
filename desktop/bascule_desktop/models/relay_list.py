"""Owns the list of relays as a Qt model: which rows are shown, in what order, under which headings.

The facts are the store's; a view asks for them by ``ROW_ROLE``. Counters change too often to be
told as changed data, which makes a list lay itself out anew: ``touched`` only wants a repaint.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, override

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from bascule.events import RelayState
from bascule_desktop import format as figures
from bascule_desktop.models.row_text import connections_text, row_name, spoken
from bascule_desktop.sentences import route_line
from bascule_desktop.store import Changes, Row, Store

translate = QCoreApplication.translate

type Index = QModelIndex | QPersistentModelIndex

ID_ROLE = Qt.ItemDataRole.UserRole + 1
ROW_ROLE = Qt.ItemDataRole.UserRole + 2
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: a relay, or the heading of a group where ``id`` is empty."""

    id: str
    heading: str = ""


class RelayListModel(QAbstractListModel):
    """The rows of the store that pass the search and the group, by group and name."""

    touched = Signal(QModelIndex)
    """A row's figures changed: it wants a repaint, nothing else."""

    toggle_wanted = Signal(str, bool)
    """Somebody turned the switch of a relay."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._search = ""
        self._group = ""
        self._entries: list[Entry] = []
        self._places: dict[str, int] = {}
        self._set_entries(self._wanted())

    # what is shown ------------------------------------------------------------------------------

    def set_search(self, text: str) -> None:
        """Show only relays in whose name, route or group every word of a text occurs."""
        self._search = text.casefold()
        self._set_entries(self._wanted())

    def set_group(self, group: str) -> None:
        """Show only one group; empty: all."""
        self._group = group
        self._set_entries(self._wanted())

    @property
    def groups(self) -> list[str]:
        """The groups that relays have, by name."""
        named = {_group(row) for row in self._store.rows.values()} - {""}
        return sorted(named, key=str.casefold)

    @property
    def narrowed(self) -> bool:
        """Whether a search or a group hides relays."""
        return bool(self._search or self._group)

    def apply(self, changes: Changes) -> None:
        """Follow the store."""
        if changes.reset or changes.added or changes.removed or changes.changed:
            self._set_entries(self._wanted())
        for id in self._store.rows if changes.reset else changes.changed:
            index = self.index_of(id)
            if index.isValid():
                self.dataChanged.emit(index, index)
        for id in changes.traffic | changes.log:
            index = self.index_of(id)
            if index.isValid():
                self.touched.emit(index)

    def tick(self) -> None:
        """Let countdowns go on; to be called once a second."""
        for id, place in self._places.items():
            row = self._store.rows.get(id)
            if row is not None and row.status.state is RelayState.WAITING:
                self.touched.emit(self.index(place))

    def index_of(self, id: str) -> QModelIndex:
        """Where a relay is; an invalid index where it is not shown."""
        place = self._places.get(id)
        return QModelIndex() if place is None else self.index(place)

    def row_at(self, index: Index) -> Row | None:
        """The relay of a line; None for a heading."""
        if not index.isValid():
            return None
        return self._store.rows.get(self._entries[index.row()].id)

    def _wanted(self) -> list[Entry]:
        words = self._search.split()
        shown = [
            row
            for row in self._store.rows.values()
            if (not self._group or _group(row) == self._group)
            and (not words or all(word in _searched(row) for word in words))
        ]
        # Those without a group come first and need no heading.
        shown.sort(key=lambda row: (_group(row).casefold(), row_name(row).casefold(), row.id))
        entries: list[Entry] = []
        before = ""
        for row in shown:
            group = _group(row)
            if group != before:
                entries.append(Entry("", group))
                before = group
            entries.append(Entry(row.id))
        return entries

    def _set_entries(self, wanted: list[Entry]) -> None:
        """Replace only the lines between what stays the same above and below."""
        old = self._entries
        first = 0
        while first < min(len(old), len(wanted)) and old[first] == wanted[first]:
            first += 1
        same = 0
        while same < min(len(old), len(wanted)) - first and old[-1 - same] == wanted[-1 - same]:
            same += 1
        gone, come = len(old) - first - same, len(wanted) - first - same
        if gone:
            self.beginRemoveRows(_NOWHERE, first, first + gone - 1)
            self._entries = old[:first] + old[first + gone :]
            self._renumber()
            self.endRemoveRows()
        if come:
            self.beginInsertRows(_NOWHERE, first, first + come - 1)
            self._entries = list(wanted)
            self._renumber()
            self.endInsertRows()

    def _renumber(self) -> None:
        self._places = {entry.id: i for i, entry in enumerate(self._entries) if entry.id}

    # Qt's questions -----------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        row = self.row_at(index)
        if row is None:
            return Qt.ItemFlag.ItemIsEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if row.profile is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        row = self._store.rows.get(entry.id)
        if row is None:
            spoken_roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return entry.heading if role in spoken_roles else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row_name(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken(row, time.time())
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                rates = figures.rate_pair(row.rate_up, row.rate_down)
                return f"{connections_text(row)}, {rates}" if row.active else ""
            case Qt.ItemDataRole.CheckStateRole if row.profile is not None:
                return Qt.CheckState.Checked if row.active else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(row)
            case _:
                if role == ID_ROLE:
                    return row.id
                return row if role == ROW_ROLE else None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row_at(index)
        if role != Qt.ItemDataRole.CheckStateRole or row is None or row.profile is None:
            return False
        # The switch follows the relay, not the click: it turns when the engine says so.
        self.toggle_wanted.emit(row.id, Qt.CheckState(value) is Qt.CheckState.Checked)
        return False


def _group(row: Row) -> str:
    return row.profile.group.strip() if row.profile is not None else ""


def _searched(row: Row) -> str:
    route = route_line(row.profile.relay) if row.profile is not None else row.file
    return f"{row_name(row)}\n{route}\n{_group(row)}".casefold()


def _tip(row: Row) -> str:
    if row.profile is None:
        return row.file
    up = translate("RelayList", "Up: {bytes}").format(bytes=figures.exact_bytes(row.up))
    down = translate("RelayList", "Down: {bytes}").format(bytes=figures.exact_bytes(row.down))
    lines = [route_line(row.profile.relay), connections_text(row), up, down]
    if row.recording:
        lines.append(translate("RelayList", "Its traffic is shown"))
    return "\n".join(lines)
