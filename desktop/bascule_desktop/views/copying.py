"""Owns the copy button: one click puts a text on the clipboard, and the button says it did."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from bascule_desktop.theme import Theme

translate = QCoreApplication.translate

_SAID_MILLISECONDS = 1500


class CopyButton(QToolButton):
    """A small button beside a text; ``what`` is named for those who do not see it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self._what = ""
        self.clicked.connect(self._copy)
        self._timer = _said_timer(self, self._calm)
        self._calm()

    def set_text(self, text: str, what: str) -> None:
        """What to copy, and what it is."""
        self._text = text
        self._what = what
        self._name()

    def _name(self) -> None:
        self.setToolTip(self.tr("Copy"))
        self.setAccessibleName(self.tr("Copy {what}").format(what=self._what))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self._theme.set_icon(self, "check", "running")
        self.setToolTip(_copied())
        self.setAccessibleName(_copied())
        self._timer.start()

    def _calm(self) -> None:
        self._theme.set_icon(self, "copy")
        self._name()


class CopyingButton(QPushButton):
    """A button with words that says for a moment that it has copied; what, and when, is told by
    those who use it.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._label = self._icon = ""
        self._timer = _said_timer(self, self._calm)

    def wear(self, label: str, icon: str = "") -> None:
        """Show these words and this icon, from now on."""
        self._timer.stop()
        self._label, self._icon = label, icon
        self._calm()

    def copy_text(self, text: str) -> None:
        """Put a text on the clipboard, and say so."""
        QGuiApplication.clipboard().setText(text)
        self._theme.set_icon(self, "check", "running")
        self.setText(_copied())
        self._timer.start()

    def _calm(self) -> None:
        self._theme.set_icon(self, self._icon)
        self.setText(self._label)


class CopyTextButton(CopyingButton):
    """A button with words that copies a longer text."""

    def __init__(self, theme: Theme, label: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.copied_text = ""
        self.clicked.connect(self._copy)
        self.wear(label, "copy")

    def _copy(self) -> None:
        self.copy_text(self.copied_text)


def _copied() -> str:
    return translate("Copying", "Copied")


def _said_timer(button: CopyButton | CopyingButton, calm: object) -> QTimer:
    timer = QTimer(button)
    timer.setSingleShot(True)
    timer.setInterval(_SAID_MILLISECONDS)
    assert callable(calm)
    timer.timeout.connect(calm)
    return timer
