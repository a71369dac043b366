"""Owns the field of the paste dialog: it takes text and files, and marks where reading stopped."""

from __future__ import annotations

from pathlib import Path
from typing import override

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from bascule.errors import SpecError
from bascule_desktop.pasted import check_text, qt_position
from bascule_desktop.theme import GRID, Theme, look

_LINES = 6


class PasteField(QPlainTextEdit):
    """Several lines of a command."""

    refused = Signal(object)
    """A text was not taken: the ``SpecError`` that says why. What stood there still does."""
    file_dropped = Signal(object)
    """Somebody dropped a file: its ``Path``."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paste_field")
        self._theme = theme
        self._marked: tuple[int, int] | None = None
        look(self, mono=True)
        self.setTabChangesFocus(True)
        # Anywhere: at word boundaries, one word of 64,000 letters takes Qt a second to break.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setPlaceholderText("socat TCP-LISTEN:8080,fork TCP:intranet.example:80")
        self.ensurePolished()
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES + 3 * GRID)
        theme.changed.connect(self._draw)

    @property
    def text(self) -> str:
        """What stands there, with the spaces that do not break as they are."""
        raw = self.document().toRawText()
        return raw.replace("\u2029", "\n").replace("\u2028", "\n")

    def show_text(self, text: str) -> None:
        """Replace what stands there; it can be undone."""
        if not self._takes(text, beside=0):
            return
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def mark(self, position: int, token: str) -> None:
        """Mark where reading stopped, in characters of ``text``."""
        text = self.text
        begin = min(max(position, 0), len(text))
        if not text.startswith(token, begin):
            token = ""
        end = begin + len(token.partition("\n")[0]) or begin
        if end == begin:  # something is missing: the letter before or behind is marked
            begin, end = (begin, begin + 1) if begin < len(text) else (max(begin - 1, 0), begin)
        self._marked = qt_position(text, begin), qt_position(text, end)
        self._draw()

    def unmark(self) -> None:
        """Take the mark back."""
        self._marked = None
        self._draw()

    def go_to_mark(self) -> None:
        """Put the caret where reading stopped, and the focus here."""
        if self._marked is not None:
            cursor = self.textCursor()
            cursor.setPosition(min(self._marked[0], self.document().characterCount() - 1))
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
        self.setFocus()

    def replace_mark(self, text: str) -> None:
        """Write something else where reading stopped; it can be undone."""
        if self._marked is not None:
            cursor = self.textCursor()
            cursor.setPosition(self._marked[0])
            cursor.setPosition(self._marked[1], QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(text)
            self.setTextCursor(cursor)
        self.setFocus()

    def _takes(self, text: str, *, beside: int) -> bool:
        try:
            check_text(text, beside=beside)
        except SpecError as problem:
            self.refused.emit(problem)
            return False
        return True

    def _draw(self) -> None:
        if self._marked is None:
            self.setExtraSelections([])
            return
        begin, end = (min(each, self.document().characterCount() - 1) for each in self._marked)
        chosen = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        marked = QTextCharFormat()
        marked.setForeground(self._theme.colour("problem"))
        marked.setBackground(QColor(self._theme.colours.problem_soft))
        marked.setUnderlineColor(self._theme.colour("problem"))
        marked.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        chosen.cursor = cursor
        chosen.format = marked
        self.setExtraSelections([chosen])

    # Qt's events --------------------------------------------------------------------------------

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or first_file(source) is not None

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        file = first_file(source)
        if file is not None:
            self.file_dropped.emit(file)
            return
        text = source.text()
        if self._takes(text, beside=self.document().characterCount()):
            self.textCursor().insertText(text)
            self.ensureCursorVisible()


def first_file(source: QMimeData) -> Path | None:
    """The first file of this computer among what was dropped or pasted."""
    return next(iter(files_in(source)), None)


def files_in(source: QMimeData) -> list[Path]:
    """The files of this computer among what was dropped or pasted."""
    return [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
