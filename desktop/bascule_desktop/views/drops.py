"""Owns what may be dropped on the window: a command as text, a file with one, a profile."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from bascule_desktop.profile_file import is_profile_file


class Drops(QObject):
    """Watches ``window``. Nothing is opened here: whoever listens does."""

    text_dropped = Signal(str)
    file_dropped = Signal(object)
    """A script or a configuration: its ``Path``."""

    profiles_dropped = Signal(object)
    """Profiles that were exported: a list of ``Path``."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() in (
            QEvent.Type.DragEnter,
            QEvent.Type.Drop,
        ):
            return self._take(event)
        return super().eventFilter(watched, event)

    def _take(self, event: QDropEvent) -> bool:
        # Only now: all that reads what is pasted comes with it, and the window is to open soon.
        from bascule_desktop.views.paste_field import files_in, first_file

        source = event.mimeData()
        file = first_file(source)
        if file is None and not source.hasText():
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            if file is None:
                self.text_dropped.emit(source.text())
            elif is_profile_file(file):
                self.profiles_dropped.emit(list(filter(is_profile_file, files_in(source))))
            else:
                self.file_dropped.emit(file)
        return True
