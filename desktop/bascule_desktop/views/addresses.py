"""Owns the addresses under the route: what to type to use the relay, each with a copy button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from bascule_desktop.sentences import Hint
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.copying import CopyButton


class Addresses(QFrame):
    """The addresses, one a line; hidden where there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("addresses")
        look(self, card=True)
        self._theme = theme
        self._hints: list[Hint] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def show_hints(self, hints: list[Hint]) -> None:
        """Show what can be typed."""
        if hints == self._hints:
            return
        self._hints = hints
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        before = ""
        for line, hint in enumerate(hints):
            label = QLabel(hint.label if hint.label != before else "")
            before = hint.label
            look(label, muted=True)
            address = QLabel(hint.command)
            address.setObjectName("address")
            address.setTextFormat(Qt.TextFormat.PlainText)
            address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            look(address, mono=True)
            copy = CopyButton(self._theme)
            copy.setObjectName("copy_address")
            copy.set_text(hint.command, hint.command)
            self._grid.addWidget(label, line, 0)
            self._grid.addWidget(address, line, 1)
            self._grid.addWidget(copy, line, 2)
        self.setVisible(bool(hints))
