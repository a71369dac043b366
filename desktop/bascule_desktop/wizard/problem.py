"""Owns how a problem looks in the wizard: title, and on demand cause, action, details, button."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from bascule.errors import Problem
from bascule_desktop.folders import show_folder
from bascule_desktop.messages import ActionHint, HintKind, details, explain
from bascule_desktop.theme import GRID, look
from bascule_desktop.views.copying import CopyTextButton
from bascule_desktop.views.hint_button import HintButton
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.pieces import column, line, paragraph, push

translate = QCoreApplication.translate


class ProblemCard(QFrame):
    """What went wrong, why, what to do; ``wanted`` carries the hint whose button was pressed."""

    wanted = Signal(object)

    def __init__(self, context: Context, problem: Problem, *, unfolded: bool = False) -> None:
        super().__init__()
        self._context = context
        sentence = explain(problem)
        look(self, card="problem")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, GRID, 12, 12)
        layout.setSpacing(GRID)
        self.title = QLabel(sentence.title)
        self.title.setWordWrap(True)
        look(self.title, problem=True, heading="section")
        layout.addWidget(self.title)
        layout.addWidget(paragraph(sentence.action))
        self.why = push(translate("Wizard", "See why"), self._unfold, quiet=True)
        buttons = line()
        self.button = None
        if sentence.button is not None:
            self.button = self._offer(sentence.button)
            buttons.insertWidget(0, self.button)
        for more_help in sentence.others:
            other = self._offer(more_help, quiet=True)
            other.setToolTip(more_help.value)
            buttons.insertWidget(buttons.count() - 1, other)
        buttons.insertWidget(buttons.count() - 1, self.why)
        layout.addLayout(buttons)
        self._more = QWidget()
        more = column(self._more)
        more.addWidget(paragraph(sentence.cause))
        for hint in (sentence.button, *sentence.others):
            if hint is not None and hint.kind is HintKind.COPY:
                command = paragraph(hint.value)
                look(command, mono=True)
                more.addWidget(command)
        self.details = QPlainTextEdit(details(problem))
        self.details.setReadOnly(True)
        self.details.setAccessibleName(translate("Wizard", "Details"))
        look(self.details, mono=True)
        lines = self.details.document().blockCount()
        self.details.setFixedHeight(self.details.fontMetrics().lineSpacing() * min(lines, 6) + 20)
        more.addWidget(self.details)
        copy = CopyTextButton(context.theme, translate("Wizard", "Copy the details"))
        copy.copied_text = f"{sentence.text}\n\n{details(problem)}"
        look(copy, quiet=True)
        more.addLayout(line(copy))
        layout.addWidget(self._more)
        self._more.setVisible(unfolded)
        self.why.setVisible(not unfolded)

    def _offer(self, hint: ActionHint, *, quiet: bool = False) -> QPushButton:
        button = HintButton(self._context.theme)
        button.offer(hint)
        button.taken.connect(self._press)
        if quiet:
            look(button, quiet=True)
        return button

    def _unfold(self) -> None:
        self._more.show()
        self.why.hide()
        self.details.setFocus()

    def _press(self, hint: ActionHint) -> None:
        match hint.kind:
            case HintKind.OPEN_FOLDER:
                show_folder(hint.value)
            case HintKind.OPEN_SETTINGS:
                QDesktopServices.openUrl(QUrl(hint.value))
            case _:
                self.wanted.emit(hint)
