"""Owns the question before commands from somebody else may run: they are shown as they are."""

from __future__ import annotations

import unicodedata

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from bascule_desktop.theme import GRID, look


def visible(command: str) -> str:
    """A command in which nothing hides: characters that are not seen, or that turn the direction
    of the text, are written as escapes.
    """
    return "".join(
        f"\\u{ord(char):04x}" if _hides(char) else char for char in command.replace("\r\n", "\n")
    )


def _hides(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")


class CommandDialog(QDialog):
    """Shows commands word for word. Accepted: they may run."""

    def __init__(self, commands: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("command_dialog")
        self.setWindowTitle(self.tr("Allow a command"))
        self.resize(640, 320)
        question = QLabel(self.tr("This relay came from somebody else. It would run this:"))
        question.setWordWrap(True)
        self.shown = QPlainTextEdit("\n".join(map(visible, commands)))
        self.shown.setObjectName("command_text")
        self.shown.setAccessibleName(self.tr("The command"))
        self.shown.setReadOnly(True)
        self.shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        note = QLabel(
            self.tr(
                "It runs with your rights, each time the relay needs it. Allow it only if you know "
                "what it does."
            )
        )
        note.setWordWrap(True)
        look(note, muted=True)
        buttons = QDialogButtonBox()
        self.allow = buttons.addButton(
            self.tr("Allow and start"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        cancel = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.allow.setAutoDefault(False)  # Enter does not allow what was not read
        cancel.setDefault(True)
        cancel.setFocus()
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        for widget in (question, self.shown, note, buttons):
            whole.addWidget(widget)
