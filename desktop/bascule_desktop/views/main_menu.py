"""Owns the window's one menu: what concerns the program and not a relay."""

from __future__ import annotations

import functools
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from bascule_desktop.theme import Theme


class MainMenu(QMenu):
    """The menu; each entry is a signal."""

    recipes_wanted = Signal()
    import_wanted = Signal()
    settings_wanted = Signal()
    demo_wanted = Signal()
    about_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("main_menu")
        self._add(theme, "book", self.tr("Recipes…"), self.recipes_wanted.emit)
        self._add(theme, "import", self.tr("Import a profile…"), self.import_wanted.emit)
        self._add(theme, "settings", self.tr("Settings…"), self.settings_wanted.emit)
        self.addSeparator()
        self._add(theme, "demo", self.tr("Demonstration…"), self.demo_wanted.emit)
        self._add(theme, "info", self.tr("About Bascule"), self.about_wanted.emit)
        self.addSeparator()
        # Shown only: the window owns the keys.
        keys = QKeySequence(QKeySequence.StandardKey.Quit)
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        label = self.tr("Quit")
        self._add(theme, "quit", f"{label}\t{shown}" if shown else label, self.quit_wanted.emit)

    def _add(self, theme: Theme, icon: str, label: str, act: Callable[[], None]) -> None:
        action = self.addAction(label)
        action.setObjectName(icon)
        theme.set_icon(action, icon)
        action.triggered.connect(functools.partial(_call, act))


def _call(act: Callable[[], None], _checked: bool = False) -> None:
    act()
