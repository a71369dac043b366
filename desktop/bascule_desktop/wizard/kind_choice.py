"""Owns the list in which a kind of end is chosen: kinds that belong together under one heading."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox

from bascule_desktop.kind_words import kind_groups, kind_help, kind_label

_SHOWN = 24
"""Entries of the open list before it scrolls."""


class KindChoice(QComboBox):
    """A choice of kinds, in the order in which they are offered within their groups."""

    def __init__(self, kinds: Iterable[str]) -> None:
        super().__init__()
        offered = tuple(kinds)
        self._model = QStandardItemModel(self)
        for heading, members in kind_groups().items():
            chosen = [kind for kind in offered if kind in members]
            if chosen:
                self._add_heading(heading)
            for kind in chosen:
                self._add(kind)
        self.setModel(self._model)
        self.setMaxVisibleItems(_SHOWN)
        self.setMinimumContentsLength(10)
        if offered:
            self.choose(offered[0])

    @property
    def kind(self) -> str:
        """The kind that is chosen."""
        return str(self.currentData())

    def choose(self, kind: str) -> None:
        """Choose a kind; one that was not offered, but is there in a profile, is offered now."""
        if self.findData(kind) < 0:
            self._add(kind)
        self.setCurrentIndex(self.findData(kind))

    def _add_heading(self, text: str) -> None:
        item = QStandardItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        self._model.appendRow(item)

    def _add(self, kind: str) -> None:
        item = QStandardItem(kind_label(kind))
        item.setData(kind, Qt.ItemDataRole.UserRole)
        item.setToolTip(kind_help(kind))
        self._model.appendRow(item)
