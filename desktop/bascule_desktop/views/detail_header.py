"""Owns the head of the detail: the name, the state in a word, and the three buttons."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from bascule.events import RelayState
from bascule_desktop import format as figures
from bascule_desktop.models.row_text import row_name, row_word, shown_state
from bascule_desktop.store import Row
from bascule_desktop.theme import GRID, Theme, look, state_mark

_BADGES = {
    RelayState.RUNNING: "running",
    RelayState.WAITING: "waiting",
    RelayState.FAILED: "problem",
    RelayState.STARTING: "accent",
    RelayState.STOPPING: "accent",
}


class DetailHeader(QWidget):
    """The head. ``menu`` is filled by the window as it opens."""

    toggle_wanted = Signal()
    edit_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row: Row | None = None
        self._mark = QLabel()
        self.name = QLabel()
        self.name.setObjectName("relay_name")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setWordWrap(True)
        look(self.name, heading="title")
        self.state = QLabel()
        self.state.setObjectName("relay_state")
        look(self.state, badge="accent")
        self.since = QLabel()
        look(self.since, muted=True, small=True)
        self.toggle = QPushButton()
        self.toggle.setObjectName("start_stop")
        self.toggle.clicked.connect(self.toggle_wanted)
        self.edit = QPushButton(self.tr("Edit"))
        self.edit.setObjectName("edit")
        self.edit.setToolTip(self.tr("Change this relay (Ctrl+E)"))
        theme.set_icon(self.edit, "edit")
        self.edit.clicked.connect(self.edit_wanted)
        self.menu = QMenu(self)
        self.more = QToolButton()
        self.more.setObjectName("relay_more")
        self.more.setAccessibleName(self.tr("More for this relay"))
        self.more.setToolTip(self.tr("More for this relay"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self.menu)
        theme.set_icon(self.more, "menu")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._mark)
        row.addWidget(self.name, 1)
        for button in (self.toggle, self.edit, self.more):
            row.addWidget(button)
        theme.changed.connect(self._draw)

    def show_row(self, row: Row) -> None:
        """Show a relay as it is now."""
        self._row = row
        readable = row.profile is not None
        self.name.setText(row_name(row))
        self.state.setText(row_word(row))
        badge = _BADGES.get(shown_state(row), "true") if readable else "problem"
        if self.state.property("badge") != badge:
            look(self.state, badge=badge)
        self.toggle.setVisible(readable)
        self.edit.setVisible(readable)
        stops = row.active or row.status.state is RelayState.STOPPING
        self.toggle.setText(self.tr("Stop") if stops else self.tr("Start"))
        self.toggle.setEnabled(row.status.state is not RelayState.STOPPING)
        if bool(self.toggle.property("primary")) is stops:
            look(self.toggle, primary=not stops)
        self._theme.set_icon(
            self.toggle, "stop" if stops else "start", "text" if stops else "on_accent"
        )
        self.tick()
        self._draw()

    def tick(self) -> None:
        """Let the time go on."""
        row = self._row
        if row is None or row.status.state is not RelayState.RUNNING or not row.status.since:
            self.since.hide()
            return
        span = figures.duration(time.time() - row.status.since)
        self.since.setText(self.tr("for {span}").format(span=span))
        self.since.setToolTip(figures.moment(row.status.since))
        self.since.show()

    def _draw(self) -> None:
        if self._row is None:
            return
        mark = state_mark(shown_state(self._row))
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(self._theme.pixmap(mark.icon, 24, mark.colour, ratio))
