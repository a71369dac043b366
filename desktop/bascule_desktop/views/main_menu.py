"""Owns the window's one menu: what concerns the program and not a relay."""

from __future__ import annotations

import functools
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from bascule_desktop.theme import Theme

PASTE_KEYS = "Ctrl+Shift+V"
RECIPE_KEYS = "Ctrl+R"
CHECK_KEYS = "Ctrl+K"


class MainMenu(QMenu):
    """The menu; each entry is a signal."""

    recipes_wanted = Signal()
    paste_wanted = Signal()
    check_wanted = Signal()
    import_wanted = Signal()
    settings_wanted = Signal()
    demo_wanted = Signal()
    diagnosis_wanted = Signal()
    about_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("main_menu")
        self._add(theme, "paste", self.tr("Paste a command…"), self.paste_wanted.emit, PASTE_KEYS)
        self._add(theme, "book", self.tr("Recipes…"), self.recipes_wanted.emit, RECIPE_KEYS)
        check = self.tr("Check a connection…")
        self._add(theme, "test", check, self.check_wanted.emit, CHECK_KEYS)
        self._add(theme, "import", self.tr("Import a profile…"), self.import_wanted.emit)
        self._add(theme, "settings", self.tr("Settings…"), self.settings_wanted.emit)
        self.addSeparator()
        self._add(theme, "demo", self.tr("Demonstration…"), self.demo_wanted.emit)
        self._add(theme, "log", self.tr("Help to find a fault…"), self.diagnosis_wanted.emit)
        self._add(theme, "info", self.tr("About Bascule"), self.about_wanted.emit)
        self.addSeparator()
        keys = QKeySequence(QKeySequence.StandardKey.Quit)
        self._add(theme, "quit", self.tr("Quit"), self.quit_wanted.emit, keys)

    def _add(
        self,
        theme: Theme,
        icon: str,
        label: str,
        act: Callable[[], None],
        keys: QKeySequence | str = "",
    ) -> None:
        # Shown only: the window owns the keys.
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        action = self.addAction(f"{label}\t{shown}" if shown else label)
        action.setObjectName(icon)
        theme.set_icon(action, icon)
        action.triggered.connect(functools.partial(_call, act))


def _call(act: Callable[[], None], _checked: bool = False) -> None:
    act()
