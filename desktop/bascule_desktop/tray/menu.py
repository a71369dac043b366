"""Owns the tray's menu: a switch for each relay, and the four things the program itself can do.

It says what the person wants by signals and shows what the store says; nothing is done here but the
entry *Start at login*, which is the system's.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from bascule_desktop import autostart, login_words
from bascule_desktop.store import Row, Store


class TrayMenu(QMenu):
    """The menu. ``refresh`` changes it in place: it may be open."""

    switched = Signal(str, bool)
    """A relay is to be started (True) or stopped."""

    open_wanted = Signal()
    quit_wanted = Signal()
    login_failed = Signal(str)
    """*Start at login* could not be changed; carries the sentence that says why."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.setObjectName("tray_menu")
        self.setToolTipsVisible(True)
        self._store = store
        self._relays: dict[str, QAction] = {}
        self._none = self.addAction(self.tr("No relays yet"))
        self._none.setEnabled(False)
        self._end = self.addSeparator()
        self._open = self.addAction(self.tr("Open Bascule"))
        self._open.triggered.connect(self.open_wanted)
        self._login = self.addAction(self.tr("Start at login"))
        self._login.setCheckable(True)
        self._login.triggered.connect(self._set_login)
        self.addSeparator()
        self._quit = self.addAction(self.tr("Quit"))
        self._quit.triggered.connect(self.quit_wanted)
        self.setDefaultAction(self._open)
        self.aboutToShow.connect(self._show_login)
        self._show_login()
        self.refresh()

    def refresh(self) -> None:
        """Show the relays as they are now, by name."""
        rows = sorted(
            (row for row in self._store.rows.values() if row.profile is not None),
            key=lambda row: (row.name.casefold(), row.id),
        )
        for id in self._relays.keys() - {row.id for row in rows}:
            gone = self._relays.pop(id)
            self.removeAction(gone)
            gone.deleteLater()
        self._none.setVisible(not rows)
        before = self._end
        for row in reversed(rows):  # each before the next: only what moved is moved
            before = self._place(row, before)

    def _place(self, row: Row, before: QAction) -> QAction:
        action = self._relays.get(row.id)
        if action is None:
            action = QAction(self)
            action.setCheckable(True)

            def switch(on: bool, id: str = row.id) -> None:
                self._switch(id, on)

            action.triggered.connect(switch)
            self._relays[row.id] = action
            self.insertAction(before, action)
        else:
            actions = self.actions()
            if actions[actions.index(before) - 1] is not action:
                self.removeAction(action)
                self.insertAction(before, action)
        text = row.name.replace("&", "&&")
        if action.text() != text:
            action.setText(text)
        action.setChecked(row.active)
        return action

    def _switch(self, id: str, on: bool) -> None:
        # The mark follows the relay, not the click: it changes when the engine says so.
        row = self._store.rows.get(id)
        self._relays[id].setChecked(row is not None and row.active)
        self.switched.emit(id, on)

    def _show_login(self) -> None:
        self._login.setChecked(autostart.is_enabled())
        given = autostart.is_for_everybody()
        self._login.setEnabled(autostart.is_possible() and not given)
        self._login.setToolTip(login_words.for_everybody() if given else "")

    def _set_login(self, on: bool) -> None:
        try:
            autostart.set_enabled(on)
        except OSError as exc:
            self.login_failed.emit(login_words.refused(exc))
        self._show_login()
