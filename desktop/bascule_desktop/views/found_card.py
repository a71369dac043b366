"""Owns how one thing looks that was found in a pasted text: what it does, and what becomes of it.

Commands that it would run stand there word for word, and each has to be confirmed.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bascule.errors import BasculeError
from bascule.spec.foreign.found import Found
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.verdicts import Verdict
from bascule_desktop.paste_words import judged, meaning, program_name, refused
from bascule_desktop.pasted import excerpt, visible
from bascule_desktop.sentences import sentence
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.consent import Consent
from bascule_desktop.views.route import RoutePicture
from bascule_desktop.wizard.pieces import IconLabel, Note, line, paragraph, push

_TOKEN_WIDTH = 200
_LONGEST_TOKEN = 500
"""So much of a word is in its tooltip."""

_AT_ONCE = 50
"""Words of a command that are shown at once: a label for each of ten thousand takes minutes."""


class FoundCard(QFrame):
    """A relay that was found. ``ready`` once every command that it would run is confirmed."""

    changed = Signal()
    continue_wanted = Signal()

    def __init__(self, theme: Theme, found: Found, relay: RelaySpec, *, alone: bool) -> None:
        super().__init__()
        self.setObjectName("found")
        look(self, card=True)
        self.found = found
        self.confirmed: list[QCheckBox] = []
        self._saved = False
        inner = QVBoxLayout(self)
        inner.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        inner.setSpacing(2 * GRID)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        program = QLabel(program_name(found.program))
        look(program, badge="accent")
        head.addWidget(program, 0, Qt.AlignmentFlag.AlignTop)
        does = paragraph(sentence(relay))
        does.setObjectName("found_sentence")
        look(does, heading="section")
        head.addWidget(does, 1)
        inner.addLayout(head)
        picture = RoutePicture(theme)
        picture.show_route(relay)
        inner.addWidget(picture)
        for note in self._notes(theme, relay):
            inner.addWidget(note)
        for command in found.runs:
            inner.addWidget(self._run(theme, command))
        if found.verdicts:
            inner.addWidget(VerdictTable(theme, found.verdicts))
        self.go_on = push(self.tr("Continue"), self.continue_wanted.emit)
        self.go_on.setObjectName("continue")
        look(self.go_on, primary=True)
        self.done = QLabel(self.tr("Saved"))
        look(self.done, badge="running")
        self.done.hide()
        below = line(self.done)
        below.addWidget(self.go_on)
        inner.addLayout(below)
        self.go_on.setVisible(not alone)
        self._tell()

    @property
    def ready(self) -> bool:
        """Whether nothing stands between it and the wizard."""
        return not self._saved and all(box.isChecked() for box in self.confirmed)

    @property
    def saved(self) -> bool:
        """Whether it has become a relay."""
        return self._saved

    def mark_saved(self) -> None:
        """Say that it has become a relay: it is not made a second time."""
        self._saved = True
        self.done.show()
        self._tell()

    def _notes(self, theme: Theme, relay: RelaySpec) -> list[Note]:
        notes: list[Note] = []
        if relay.exposed:
            said = self.tr("Anyone on the network can connect. The next page lets you change that.")
            notes.append(Note(theme, said, "waiting"))
        if relay.once and relay.listens:
            said = self.tr("It serves one connection and then stops, as the command says.")
            notes.append(Note(theme, said))
        return notes

    def _run(self, theme: Theme, command: str) -> QWidget:
        box = Consent(theme)
        box.ask([command])
        box.changed.connect(self._tell)
        self.confirmed.append(box.agreed)
        return box

    def _tell(self) -> None:
        self.go_on.setEnabled(self.ready)
        self.changed.emit()


class VerdictTable(QWidget):
    """One line for each word of a command: the word, what becomes of it, and what that means."""

    def __init__(self, theme: Theme, verdicts: tuple[Verdict, ...]) -> None:
        super().__init__()
        self.setObjectName("verdicts")
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(3, 1)
        self._rest = list(verdicts)
        self._rows = 0
        self.more = push("", self._show_more, quiet=True)
        self.more.setObjectName("verdicts_more")
        self.more.setParent(self)
        self._show_more()

    def _show_more(self) -> None:
        """Show the next words, and a button for those behind them."""
        shown, self._rest = self._rest[:_AT_ONCE], self._rest[_AT_ONCE:]
        self._grid.removeWidget(self.more)
        for verdict in shown:
            self._add(verdict)
        self.more.setVisible(bool(self._rest))
        if self._rest:
            self.more.setText(self.tr("Show %Ln more", "", min(len(self._rest), _AT_ONCE)))
            self._grid.addWidget(self.more, self._rows, 0, 1, 4, Qt.AlignmentFlag.AlignLeft)

    def _add(self, verdict: Verdict) -> None:
        top = Qt.AlignmentFlag.AlignTop
        icon, colour, word = judged(verdict)
        said = paragraph(word)
        said.setWordWrap(False)
        said.setObjectName("verdict_word")
        look(said, muted=True)
        text = paragraph(meaning(verdict))
        text.setObjectName("verdict_text")
        row = self._rows
        self._grid.addWidget(_Elided(verdict.token, _TOKEN_WIDTH), row, 0, top)
        self._grid.addWidget(IconLabel(self._theme, icon, colour, 16), row, 1, top)
        self._grid.addWidget(said, row, 2, top)
        self._grid.addWidget(text, row, 3, top)
        self._rows += 1


class _Elided(QLabel):
    """A word of a command, cut where it is long; more of it stands in its tooltip."""

    def __init__(self, text: str, width: int) -> None:
        super().__init__()
        self.setObjectName("verdict_token")
        self.setTextFormat(Qt.TextFormat.PlainText)
        look(self, mono=True)
        self.ensurePolished()
        plain = visible(text[:_LONGEST_TOKEN]).replace("\n", " ")
        cut = self.fontMetrics().elidedText(plain, Qt.TextElideMode.ElideMiddle, width)
        self.setText(cut)
        if cut != plain:
            self.setToolTip(plain)


class RefusedCard(QFrame):
    """Why something is not read, the line with a caret under the place, and what helps.

    ``whole``: nothing at all was found in the text.
    """

    place_wanted = Signal()
    near_wanted = Signal()
    """What is nearest to the word that is not known is to take its place."""

    def __init__(self, problem: BasculeError, text: str, *, whole: bool = False) -> None:
        super().__init__()
        self.setObjectName("refused")
        look(self, card="problem")
        said = refused(problem, text, whole=whole)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(2 * GRID, 12, 2 * GRID, 12)
        inner.setSpacing(GRID)
        title = paragraph(said.title)
        title.setObjectName("refused_title")
        look(title, problem=True, heading="section")
        inner.addWidget(title)
        cause = paragraph(said.cause)
        cause.setObjectName("refused_cause")
        inner.addWidget(cause)
        position = problem.facts.get("position")
        if isinstance(position, int) and text.strip():
            piece, caret = excerpt(text, position)
            shown = QLabel(f"{piece}\n{' ' * caret}^")
            shown.setObjectName("refused_excerpt")
            shown.setTextFormat(Qt.TextFormat.PlainText)
            shown.setAccessibleDescription(said.cause)
            look(shown, mono=True)
            inner.addWidget(shown)
        inner.addWidget(paragraph(said.action))
        helps = self._helps(problem)
        if helps:
            inner.addLayout(line(*helps))

    def _helps(self, problem: BasculeError) -> list[QPushButton]:
        """The buttons: what is nearest instead, and the way to the place."""
        if not isinstance(problem.facts.get("position"), int):
            return []
        there = push(self.tr("Show the place"), self.place_wanted.emit)
        near = problem.facts.get("near")
        if not near:
            return [there]
        instead = push(self.tr("Write {word} there").format(word=near), self.near_wanted.emit)
        instead.setObjectName("near")
        return [instead, there]
