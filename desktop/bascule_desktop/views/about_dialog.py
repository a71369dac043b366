"""Owns what Bascule says of itself: its version, its licence, where a portable copy keeps all."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bascule_desktop.theme import GRID, Theme, look


def bascule_version() -> str:
    """The version that is installed; empty where it runs from a bare checkout."""
    try:
        return version("bascule")
    except PackageNotFoundError:
        return ""


class AboutDialog(QDialog):
    """A mark, a sentence, the versions. Accepted, the person wants to look for a newer one."""

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, portable: Path | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setWindowTitle(self.tr("About Bascule"))
        mark = QLabel()
        ratio = self.devicePixelRatioF()
        mark.setPixmap(theme.pixmap("app", QSize(72, 72), ratio=ratio))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        title = QLabel("Bascule")
        look(title, heading="title")
        does = QLabel(
            self.tr("Joins serial ports, network ports, TLS and proxies, without a command line.")
        )
        does.setWordWrap(True)
        versions = QLabel(
            self.tr("Version {version} · Qt {qt} · MIT licence").format(
                version=bascule_version(), qt=qVersion()
            )
        )
        versions.setObjectName("versions")
        versions.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        look(versions, muted=True)
        words = QVBoxLayout()
        words.setSpacing(GRID)
        words.addWidget(title)
        words.addWidget(does)
        words.addWidget(versions)
        if portable is not None:
            where = QLabel(
                self.tr("Portable: everything is kept in {folder}").format(folder=portable)
            )
            where.setObjectName("portable")
            where.setWordWrap(True)
            where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            look(where, muted=True)
            words.addWidget(where)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(3 * GRID)
        row.addWidget(mark)
        row.addLayout(words, 1)
        buttons = QDialogButtonBox()
        self.updates = buttons.addButton(
            self.tr("Look for a newer version…"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.updates.setObjectName("look_for_updates")
        buttons.accepted.connect(self.accept)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addLayout(row)
        whole.addWidget(buttons)
        self.setMinimumWidth(440)
