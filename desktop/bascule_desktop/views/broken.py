"""Owns the detail of a profile that cannot be read: why, in which file, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from bascule_desktop.messages import explain
from bascule_desktop.models.row_text import for_it
from bascule_desktop.store import Row
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.copying import CopyButton, CopyTextButton
from bascule_desktop.views.flow import Flow


class BrokenDetail(QWidget):
    """The file stays as it is, whatever is pressed here but Delete."""

    retry_wanted = Signal(str)
    folder_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("broken")
        self._row: Row | None = None
        card = QFrame()
        look(card, card="problem")
        self.title = QLabel()
        self.title.setObjectName("broken_title")
        look(self.title, heading="section")
        self.words = QLabel()
        self.words.setObjectName("broken_words")
        self.reason = QLabel()
        self.reason.setObjectName("broken_reason")
        self.file = QLabel()
        self.file.setObjectName("broken_file")
        for label in (self.title, self.words, self.reason, self.file):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self.reason, self.file):
            look(label, mono=True)
        self._copy_file = CopyButton(theme)
        self.retry = QPushButton(self.tr("Read the file again"))
        self.retry.setObjectName("read_again")
        look(self.retry, primary=True)
        theme.set_icon(self.retry, "refresh", "on_accent")
        self.retry.clicked.connect(self._retry)
        self.folder = QPushButton(self.tr("Open the folder"))
        self.folder.setObjectName("open_folder")
        theme.set_icon(self.folder, "folder")
        self.folder.clicked.connect(self._open_folder)
        self.copy = CopyTextButton(theme, self.tr("Copy for your IT department"))
        where = QHBoxLayout()
        where.addWidget(self.file, 1)
        where.addWidget(self._copy_file)
        buttons = Flow()
        for button in (self.retry, self.folder, self.copy):
            buttons.addWidget(button)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(2 * GRID, 12, 2 * GRID, 12)
        inside.setSpacing(GRID)
        for label in (self.title, self.words, self.reason):
            inside.addWidget(label)
        inside.addLayout(where)
        inside.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        whole.addStretch(1)

    def show_row(self, row: Row) -> None:
        """Say why a profile cannot be read."""
        self._row = row
        if row.broken is None:
            return
        said = explain(row.broken)
        self.title.setText(said.title)
        self.words.setText("\n".join(part for part in (said.cause, said.action) if part))
        self.reason.setText(row.broken.message)
        self.file.setText(row.file)
        self._copy_file.set_text(row.file, self.tr("the path of the file"))
        self.copy.copied_text = for_it(None, row.broken)

    def _retry(self) -> None:
        if self._row is not None:
            self.retry_wanted.emit(self._row.id)

    def _open_folder(self) -> None:
        if self._row is not None:
            self.folder_wanted.emit(self._row.file)
