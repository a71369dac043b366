"""Owns the line above the panes that tells what just happened, and offers to undo or mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from bascule_desktop.theme import GRID, Theme, look

UNDO_MILLISECONDS = 20_000


class Tone(StrEnum):
    """How much a notice matters."""

    PLAIN = "plain"
    WAITING = "waiting"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell. ``act`` belongs to the button ``label``; ``passing`` goes by itself, and what
    is ``about_link`` goes when the engine is there again.
    """

    text: str
    tone: Tone = Tone.PLAIN
    label: str = ""
    act: Callable[[], None] | None = None
    passing: bool = False
    detail: str = ""
    about_link: bool = False


class NoticeBar(QFrame):
    """Shows the newest notice until it is closed, acted upon, or another one comes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice_bar")
        self._theme = theme
        self._notice: Notice | None = None
        self._icon = QLabel()
        self.text = QLabel()
        self.text.setObjectName("notice")
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.button.setObjectName("notice_action")
        self.button.clicked.connect(self._act)
        look(self.button, quiet=True)
        self.close_button = QToolButton()
        self.close_button.setAccessibleName(self.tr("Close this message"))
        self.close_button.setToolTip(self.tr("Close this message"))
        self.close_button.clicked.connect(self.dismiss)
        theme.set_icon(self.close_button, "close")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(UNDO_MILLISECONDS)
        self._timer.timeout.connect(self._pass)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        theme.changed.connect(self._draw)
        self.hide()

    def tell(self, notice: Notice) -> None:
        """Show a notice in place of the one before, and let a screen reader say it."""
        self._notice = notice
        self.text.setText(notice.text)
        self.text.setToolTip(notice.detail)
        self.button.setText(notice.label)
        self.button.setVisible(bool(notice.label))
        tone = None if notice.tone is Tone.PLAIN else str(notice.tone)
        look(self, card="true" if tone is None else tone)
        self._draw()
        self.show()
        if notice.passing:
            self._timer.start()
        else:
            self._timer.stop()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, notice.text))

    @property
    def about_link(self) -> bool:
        """Whether the notice that is shown tells of the engine being away."""
        return self._notice is not None and self._notice.about_link

    def dismiss(self) -> None:
        """Take the notice away."""
        self._timer.stop()
        self._notice = None
        self.hide()

    def _pass(self) -> None:
        if self.underMouse() or self.button.hasFocus():
            self._timer.start()  # somebody is about to use it
        else:
            self.dismiss()

    def _act(self) -> None:
        act = self._notice.act if self._notice is not None else None
        self.dismiss()
        if act is not None:
            act()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        match self._notice.tone if self._notice is not None else Tone.PLAIN:
            case Tone.PLAIN:
                drawn = self._theme.pixmap("info", 20, "accent", ratio)
            case Tone.WAITING:
                drawn = self._theme.pixmap("warning", 20, "waiting", ratio)
            case Tone.PROBLEM:
                drawn = self._theme.pixmap("state-problem", 20, "problem", ratio)
        self._icon.setPixmap(drawn)
