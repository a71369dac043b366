"""Owns showing where a file is, in the system's own file manager."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def show_folder(path: str | Path) -> None:
    """Show the folder of a file, or a folder itself.

    Never the file: the system would open it, and start it where it is a program.
    """
    path = Path(path)
    folder = path if path.is_dir() else path.parent
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
