"""Owns the question whether programs may run: each command word for word, and a box to tick."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit

from bascule_desktop.pasted import visible
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.wizard.pieces import Note

_WIDTH = 60
"""Characters of a line of the box, about."""
_MOST_LINES = 6


class Consent(Note):
    """Hidden where nothing would run. ``given`` only for exactly the commands that are shown."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tone="waiting", icon="terminal")
        self.label.setText(
            self.tr("This relay starts a program on this computer. Read exactly what it runs:")
        )
        self._commands: list[str] = []
        self.shown = QPlainTextEdit()
        self.shown.setObjectName("run_command")
        self.shown.setReadOnly(True)
        self.shown.setTabChangesFocus(True)
        self.shown.setAccessibleName(self.tr("The command that runs on this computer"))
        look(self.shown, mono=True)
        self.agreed = QCheckBox(
            self.tr("I have read this command and want it to run on this computer")
        )
        self.agreed.setObjectName("confirm_run")
        self.agreed.toggled.connect(self.changed)
        self.body.addWidget(self.shown)
        self.body.addWidget(self.agreed)
        self.hide()

    @property
    def given(self) -> bool:
        """Whether nothing would run that somebody has not agreed to."""
        return not self._commands or self.agreed.isChecked()

    def ask(self, commands: list[str]) -> None:
        """Show commands; others than before have to be agreed to anew."""
        if commands == self._commands:
            return
        self._commands = list(commands)
        self.agreed.setChecked(False)
        text = visible("\n".join(commands))
        self.shown.setPlainText(text)
        lines = sum(len(line) // _WIDTH + 1 for line in text.split("\n"))
        height = self.shown.fontMetrics().lineSpacing() * min(lines, _MOST_LINES)
        self.shown.setFixedHeight(height + 3 * GRID)
        self.setVisible(bool(commands))
        self.changed.emit()
