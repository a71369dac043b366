"""Owns showing what a diagnosis holds, each text to be read, before it is saved as one file.

It gathers nothing itself and sends nothing.
"""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from bascule.diagnosis.bundle import write_bundle
from bascule.diagnosis.collect import Entry, collect
from bascule.errors import BasculeError
from bascule.places import Places
from bascule_desktop.diagnosis import window_texts
from bascule_desktop.dialogs import choose_file
from bascule_desktop.messages import explain
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import GRID, look

translate = QCoreApplication.translate

_LIST_WIDTH = 232


class DiagnosisDialog(QDialog):
    """What helps to find a fault."""

    def __init__(self, places: Places, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("diagnosis_dialog")
        self.setWindowTitle(self.tr("Help to find a fault"))
        self.resize(860, 580)
        self._places = places
        self._entries: tuple[Entry, ...] = ()
        self.tasks = Tasks(self, self._report)
        words = QLabel(
            self.tr(
                "Save this file and give it to whoever helps you. Passwords, keys, traffic and "
                "what programs are told are not in it. Bascule sends it nowhere: read here what "
                "is in it."
            )
        )
        words.setWordWrap(True)
        self.files = QListWidget()
        self.files.setObjectName("diagnosis_files")
        self.files.setAccessibleName(self.tr("What is in it"))
        self.files.setFixedWidth(_LIST_WIDTH)
        self.files.currentRowChanged.connect(self._show)
        self.text = QPlainTextEdit()
        self.text.setObjectName("diagnosis_text")
        self.text.setAccessibleName(self.tr("The text"))
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.without_hosts = QCheckBox(self.tr("Leave out names of hosts and addresses"))
        self.without_hosts.setObjectName("diagnosis_without_hosts")
        self.without_hosts.toggled.connect(self._gather)
        self.said = QLabel()
        self.said.setObjectName("diagnosis_said")
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said.hide()
        both = QHBoxLayout()
        both.setSpacing(2 * GRID)
        both.addWidget(self.files)
        both.addWidget(self.text, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addWidget(words)
        whole.addLayout(both, 1)
        whole.addWidget(self.without_hosts)
        whole.addWidget(self.said)
        whole.addWidget(self._make_buttons())
        self._gather()

    def _make_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.save = buttons.addButton(self.tr("Save as…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setObjectName("diagnosis_save")
        self.save.setEnabled(False)
        look(self.save, primary=True)
        self.save.clicked.connect(self._ask_where)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        return buttons

    def save_to(self, file: Path) -> None:
        """Write the file, and say that it is there or why not."""
        try:
            write_bundle(file, self._entries)
        except BasculeError as exc:
            said = explain(exc.problem)
            self.said.setText(" ".join((f"{said.title}.", said.cause, said.action)))
            look(self.said, problem=True, muted=None)
        else:
            self.said.setText(self.tr("Saved as {file}").format(file=file))
            look(self.said, problem=None, muted=True)
        self.said.show()

    def _gather(self) -> None:
        self.save.setEnabled(False)
        self.tasks.start("gather", self._fill())

    async def _fill(self) -> None:
        found, ticked = (), None
        while ticked is not self.without_hosts.isChecked():  # perhaps ticked in the meantime
            ticked = self.without_hosts.isChecked()
            more = window_texts(self._places)
            found = await collect(self._places, hosts=not ticked, more=more)
        row = max(self.files.currentRow(), 0)
        self.files.clear()
        self._entries = found
        self.files.addItems([entry.name for entry in found])
        self.files.setCurrentRow(min(row, len(found) - 1))
        self.save.setEnabled(True)

    def _show(self, row: int) -> None:
        self.text.setPlainText(self._entries[row].text if row >= 0 else "")

    def _ask_where(self) -> None:
        self.tasks.start("save", self._save())

    async def _save(self) -> None:
        name = f"bascule-diagnosis-{time.strftime('%Y-%m-%d')}.zip"
        title, kinds = self.tr("Save the file"), self.tr("Archives (*.zip)")
        file = await choose_file(self, title, kinds, save=True, suggested=name)
        if file is not None:
            self.save_to(file)

    def _report(self, problem: Exception) -> None:
        raise problem  # nothing of this is expected: the crash report hears it from the loop
