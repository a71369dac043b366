"""Owns what is shown while nothing is known yet, because the engine has not answered.

An engine that is soon there is not spoken of: words that come and go at once only flicker.
"""

from __future__ import annotations

from typing import override

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from bascule_desktop.engine_link import EngineLink, LinkState
from bascule_desktop.theme import GRID, Theme, look

_CALM_MILLISECONDS = 1200
_PICTURE_PIXELS = 40


class Waiting(QWidget):
    """Says what is waited for. What stands in the way is told by the notice above."""

    def __init__(self, theme: Theme, link: EngineLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("waiting")
        self._theme = theme
        self._link = link
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title = _line("waiting_title")
        look(self.title, heading="section")
        self.words = _line("waiting_words")
        self.words.setText(self.tr("It runs the relays. You see them here as soon as it answers."))
        look(self.words, muted=True)
        self.said = QWidget()
        inside = QVBoxLayout(self.said)
        inside.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        inside.setSpacing(GRID)
        for label in (self._picture, self.title, self.words):
            inside.addWidget(label)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addStretch(2)
        whole.addWidget(self.said)
        whole.addStretch(3)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CALM_MILLISECONDS)
        self._timer.timeout.connect(self._say)
        self.said.hide()
        link.state_changed.connect(self._on_state)
        theme.changed.connect(self._draw)
        self._name()
        self._draw()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._link.state is LinkState.CONNECTING and self.said.isHidden():
            self._timer.start()

    def _on_state(self, state: LinkState) -> None:
        self._name()
        if state is not LinkState.CONNECTING:
            self._timer.stop()
            self.said.hide()

    def _name(self) -> None:
        """Where something stands in the way, nothing is just being started."""
        problem = self._link.problem
        if problem is None or "late" in problem.facts:
            self.title.setText(self.tr("Starting the relay engine…"))
        else:
            self.title.setText(self.tr("Waiting for the relay engine…"))

    def _say(self) -> None:
        self.said.show()
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.title.text()))

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        drawn = self._theme.pixmap("state-starting", _PICTURE_PIXELS, "muted", ratio)
        self._picture.setPixmap(drawn)


def _line(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setWordWrap(True)
    return label
