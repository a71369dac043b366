"""Owns noticing that Bascule was updated while its window runs, which then is of the old version.

The program's file says so: an upgrade puts another one in its place. It is looked at when an engine
answers, as an upgrade renews that as well, and when somebody turns to the window.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import override

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from bascule_desktop.engine_link import EngineLink, LinkState
from bascule_desktop.launcher import is_own_program
from bascule_desktop.views.notices import updated_notice

type Identity = tuple[int, int, int, int]


def program_file() -> Path:
    """A file that every upgrade replaces; where Bascule is a Python package, this one."""
    return Path(sys.executable if is_own_program() else __file__)


class Updated(QObject):
    """Watches ``window`` and ``link``. ``file`` stands for the program's own."""

    noticed = Signal(object)
    """What to tell: a ``Notice``."""

    restart_wanted = Signal()

    def __init__(self, window: QWidget, link: EngineLink, file: Path | None = None) -> None:
        super().__init__(window)
        self._file = file or program_file()
        self._begun_as = _identity(self._file)
        self._told: Identity | None = None
        link.state_changed.connect(self._on_link)
        link.noticed.connect(self._on_noticed)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self._look(again=False)  # whoever has closed the notice knows
        return super().eventFilter(watched, event)

    def _on_link(self, state: LinkState) -> None:
        if state is LinkState.CONNECTED:
            self._look(again=True)  # what was told before gave way to what became of the engine

    def _on_noticed(self, key: str, _facts: dict[str, object]) -> None:
        if key == "engine_version":
            self._look(again=True)

    def _look(self, *, again: bool) -> None:
        found = _identity(self._file)
        # Gone is not replaced: an upgrade may be under way, or the program was taken away.
        if found in (None, self._begun_as) or (found == self._told and not again):
            return
        self._told = found
        self.noticed.emit(updated_notice(self.restart_wanted.emit))


def _identity(file: Path) -> Identity | None:
    try:
        info = file.stat()
    except OSError:
        return None
    return info.st_dev, info.st_ino, info.st_mtime_ns, info.st_size
