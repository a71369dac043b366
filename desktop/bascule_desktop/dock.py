"""Owns hearing that a person asks for the window where macOS sends no second process: a click on
Bascule in the Dock, or Bascule opened again while it runs.

Qt tells both as the application becoming active, also where it was active already.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication


class Dock(QObject):
    """Watches ``app``. ``hidden``: it starts without a window, so that its start asks for none."""

    wanted = Signal()
    """The window is asked for, and none is to be seen."""

    def __init__(self, app: QApplication, parent: QObject, *, hidden: bool) -> None:
        super().__init__(parent)
        self._app = app
        # Qt makes an application active as it starts, which may be over by now.
        active = app.applicationState() is Qt.ApplicationState.ApplicationActive
        self._starts_hidden = hidden and not active
        app.applicationStateChanged.connect(self._on_state)

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive:
            return
        if self._starts_hidden:
            self._starts_hidden = False
        elif not any(window.isVisible() for window in self._app.topLevelWidgets()):
            self.wanted.emit()
