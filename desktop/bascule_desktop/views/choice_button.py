"""Owns a large button that says a thing and, under it, what it means."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from bascule_desktop.theme import GRID, Theme, look


class ChoiceButton(QPushButton):
    """A card that can be pressed. Its accessible name is the title, its description the words."""

    def __init__(
        self, theme: Theme, icon: str, title: str, words: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        look(self, choice=True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._theme = theme
        self._icon_name = icon
        self._icon = QLabel()
        heading = QLabel(title)
        look(heading, heading="section")
        below = QLabel(words)
        below.setWordWrap(True)
        look(below, muted=True)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(heading)
        text.addWidget(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        row.setSpacing(2 * GRID)
        row.addWidget(self._icon)
        row.addLayout(text, 1)
        for label in (self._icon, heading, below):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._theme.pixmap(self._icon_name, 28, "accent", ratio))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else super().heightForWidth(width)

    @override
    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()
