"""Owns the icon in the system's tray: its state, its tooltip, its notifications, and whether there
is a tray at all.

A tray may come late (the panel starts after us) or go (the panel crashed); who needs to know hears
``available_changed``.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QSystemTrayIcon

from bascule_desktop.engine_link import EngineLink
from bascule_desktop.settings import Settings
from bascule_desktop.store import TrayState
from bascule_desktop.theme import Theme
from bascule_desktop.tray.menu import TrayMenu
from bascule_desktop.tray.words import TroubleWatch, notification, summary

_LOOK_MILLISECONDS = 3000


class Tray(QObject):
    """The tray icon, shown wherever there is a tray."""

    open_wanted = Signal(str)
    """The window is wanted; carries the relay to show, or an empty text."""

    quit_wanted = Signal()
    switched = Signal(str, bool)
    """A relay is to be started (True) or stopped."""

    attention_wanted = Signal()
    """Something is wrong, and there is no tray to say so."""

    available_changed = Signal(bool)

    def __init__(
        self,
        link: EngineLink,
        theme: Theme,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = link.store
        self._theme = theme
        self._settings = settings
        self._troubles = TroubleWatch()
        self._told_of = ""
        self._drawn: TrayState | None = None
        self._notice: QMessageBox | None = None
        self._menu = TrayMenu(link.store)
        self._menu.open_wanted.connect(lambda: self.open_wanted.emit(""))
        self._menu.quit_wanted.connect(self.quit_wanted)
        self._menu.switched.connect(self.switched)
        self._menu.login_failed.connect(self._tell_login_failed)
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(lambda: self.open_wanted.emit(self._told_of))
        link.changed.connect(self._on_changed)
        theme.changed.connect(self._draw_anew)
        self._draw()
        self.available = False
        self._look()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def tell_closed(self) -> None:
        """Say, the first time only, that the window went into the tray."""
        if self._settings.told_about_tray:
            return
        self._settings.told_about_tray = True
        title = self.tr("Bascule goes on in the tray")
        text = self.tr("Your relays go on. Click its icon to see them, or to quit.")
        if QSystemTrayIcon.supportsMessages():
            self._told_of = ""
            self._tell(title, text)
            return
        notice = QMessageBox(QMessageBox.Icon.Information, title, title)
        notice.setInformativeText(text)
        notice.setModal(False)
        notice.show()
        self._notice = notice  # it has no window to belong to

    def leave(self) -> None:
        """Take the icon away, for the end of the program."""
        self._timer.stop()
        self._icon.hide()
        self._menu.deleteLater()

    def _look(self) -> None:
        # Qt's isVisible() is true without any tray: only this one tells the truth.
        there = QSystemTrayIcon.isSystemTrayAvailable()
        if there == self.available:
            return
        self.available = there
        if there:
            self._icon.hide()  # what was shown to a tray that went is not shown to the next
            self._icon.show()
        self.available_changed.emit(there)

    def _on_changed(self) -> None:
        self._menu.refresh()
        self._draw()
        news = self._troubles.news(self._store)
        if news and self._settings.notifications:
            self._told_of = news[0].id
            title, text = notification(news)
            self._tell(title, text, QSystemTrayIcon.MessageIcon.Warning)

    def _draw(self) -> None:
        state = self._store.overall()
        if state is not self._drawn:
            self._drawn = state
            self._icon.setIcon(self._theme.tray_icon(state.value))
        self._icon.setToolTip(summary(self._store))

    def _draw_anew(self) -> None:
        self._drawn = None
        self._draw()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # On macOS every click opens the menu already.
        if reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.open_wanted.emit("")

    def _tell(
        self,
        title: str,
        text: str,
        kind: QSystemTrayIcon.MessageIcon = QSystemTrayIcon.MessageIcon.Information,
    ) -> None:
        if self.available:
            self._icon.showMessage(title, text, kind)
        else:
            self.attention_wanted.emit()

    def _tell_login_failed(self, why: str) -> None:
        self._told_of = ""
        self._tell(
            self.tr("Start at login could not be changed"),
            why,
            QSystemTrayIcon.MessageIcon.Warning,
        )
