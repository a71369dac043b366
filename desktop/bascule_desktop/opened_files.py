"""Owns hearing of files that Bascule is to open: given at its start, or by macOS at any time.

What comes before somebody listens waits, so that a double click that starts Bascule is not lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent

from bascule_desktop.application import Application


class OpenedFiles(QObject):
    """Hears of them from the very start of ``app``."""

    opened = Signal(object)
    """Files to open: a list of ``Path``. Heard only after ``listen``."""

    def __init__(self, app: Application, files: Sequence[Path] = ()) -> None:
        super().__init__()
        self._waiting = list(files)
        self._heard = False
        app.heed(QEvent.Type.FileOpen, self._on_file)

    def listen(self) -> None:
        """Tell what waits, and from now on everything at once."""
        self._heard = True
        self.open([])

    def open(self, files: Sequence[Path]) -> None:
        """Tell that files are to be opened, as soon as somebody listens."""
        self._waiting += files
        if self._heard and self._waiting:
            files, self._waiting = self._waiting, []
            self.opened.emit(files)

    def _on_file(self, event: QEvent) -> bool:
        # Where macOS sends it, no word of a command line names a file.
        if isinstance(event, QFileOpenEvent) and event.file():  # an address of the web has none
            self.open([Path(event.file())])
        return True
