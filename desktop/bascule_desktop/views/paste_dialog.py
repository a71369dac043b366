"""Owns the dialog in which a command or configuration of another program becomes a relay.

The text is read as it is typed, in a thread: a newer text wins. What is found is shown below it;
what the words mean is the core's business, what becomes of the relay the wizard's.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import override

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from bascule.errors import BasculeError
from bascule.spec.foreign.found import Found, Reading
from bascule.spec.foreign.read import read_text
from bascule.spec.relays import RelaySpec
from bascule_desktop.dialogs import choose_file
from bascule_desktop.pasted import draft_of, read_file
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.threads import beside
from bascule_desktop.views.found_card import FoundCard, RefusedCard, VerdictTable
from bascule_desktop.views.paste_field import PasteField, first_file
from bascule_desktop.wizard.page import scrolled
from bascule_desktop.wizard.pieces import Note, column, line, paragraph, push

_AT_ONCE = 8
"""Cards that are made at once: more would take longer than a click may."""
_LETTERS_AT_ONCE = 10_000
"""Letters of commands to confirm that are shown at once, one card at least: to break them into
lines takes as long as many cards."""

_PAUSE_MILLISECONDS = 150
"""How long nobody has to type before the text is read."""


class PasteDialog(QDialog):
    """Shows what a text would do. ``wanted`` carries the draft of what is to be continued with."""

    wanted = Signal(object, object)
    """A ``Draft``, and the card it comes from: ``finish`` once it is a relay."""

    settled = Signal()
    """What is shown below the field is now what stands in it."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        read: Callable[[str], Reading] = read_text,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("paste_dialog")
        self.setWindowTitle(self.tr("Paste a command"))
        self.resize(800, 680)
        self.setMinimumSize(520, 420)
        self.setAcceptDrops(True)
        self._theme = theme
        self._read = read
        self.tasks = Tasks(self, self._report)
        self.cards: list[FoundCard] = []
        self._rest: list[Found] = []
        self._alone = True
        self._reading = False
        self._wanted_text = ""
        self._shown_text: str | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._begin)
        self._lay_out()
        go_on = QShortcut(QKeySequence("Ctrl+Return"), self)  # Return alone begins a line
        go_on.activated.connect(self._continue_only)
        self.field.textChanged.connect(self._edited)
        self.field.refused.connect(self._refuse)
        self.field.file_dropped.connect(self.open_file)
        self._show_nothing()
        self.field.setFocus()

    def _lay_out(self) -> None:
        self.field = PasteField(self._theme)
        label = QLabel(self.tr("Paste a command or a configuration"))
        label.setBuddy(self.field)
        look(label, heading="title")
        self.field.setAccessibleName(label.text())
        promise = paragraph(
            self.tr("You see what it would do before anything is saved or started."), muted=True
        )
        self.file = push(self.tr("Open a file…"), self._choose)
        self.file.setAutoDefault(False)
        self._theme.set_icon(self.file, "file")
        above = column(spacing=GRID)
        above.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 0)
        above.addWidget(label)
        row = line(stretch=False)
        row.addWidget(promise, 1)
        row.addWidget(self.file)
        above.addLayout(row)
        above.addWidget(self.field)
        body = QWidget()
        self._results = QVBoxLayout(body)
        self._results.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        self._results.setSpacing(2 * GRID)
        self.more = push("", lambda: self._show_more(self.field.text), quiet=True)
        self.more.setParent(body)
        self.more.setObjectName("paste_more")
        self._area = scrolled(body)
        rule = QFrame()
        look(rule, rule=True)
        self.close_button = push(self.tr("Close"), self.reject)
        self.close_button.setAutoDefault(False)
        self.go_on = push(self.tr("Continue"), self._continue_only)
        self.go_on.setObjectName("paste_continue")
        look(self.go_on, primary=True)
        self.status = QLabel()
        self.status.setObjectName("paste_status")
        look(self.status, muted=True)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(3 * GRID, 12, 3 * GRID, 2 * GRID)
        buttons.setSpacing(GRID)
        buttons.addWidget(self.status, 1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go_on)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(above)
        whole.addWidget(self._area, 1)
        whole.addWidget(rule)
        whole.addLayout(buttons)

    # text ---------------------------------------------------------------------------------------

    def show_text(self, text: str) -> None:
        """Put a text into the field and read it."""
        self.field.show_text(text)

    def open_file(self, path: Path) -> None:
        """Put the text of a file into the field and read it."""
        self.tasks.start("file", self._open_file(path))

    def _choose(self) -> None:
        self.tasks.start("choose", self._choose_file())

    async def _choose_file(self) -> None:
        title = self.tr("Open a script or a configuration")
        path = await choose_file(self, title, self.tr("All files (*)"))
        if path is not None:
            await self._open_file(path)

    async def _open_file(self, path: Path) -> None:
        try:
            text = await beside(read_file, path)
        except BasculeError as exc:
            self._refuse(exc, "")
        else:
            self.show_text(text)

    def _edited(self) -> None:
        self.field.unmark()
        for card in self.cards:
            card.setEnabled(False)  # what it says is no longer what stands there
        self._pause.start()
        self._tell()

    def _begin(self) -> None:
        self._wanted_text = self.field.text
        if not self.tasks.start("read", self._read_on()) and not self._reading:
            self._pause.start()  # the one that runs is just ending

    async def _read_on(self) -> None:
        """Read until what is shown is what stands in the field."""
        self._reading = True
        try:
            await self._read_all()
        finally:
            self._reading = False
        self.settled.emit()

    async def _read_all(self) -> None:
        while self._shown_text != self._wanted_text or not self._current:
            text = self._wanted_text
            if not text.strip():
                self._shown_text = text
                self._show_nothing()
                break
            try:
                reading = await beside(self._read, text)
            except BasculeError as exc:
                problem, reading = exc, None
            else:
                problem = None
            if text != self._wanted_text:
                continue  # a newer text wins
            self._shown_text = text
            if reading is not None:
                self._show(reading, text)
            elif problem is not None:
                self._refuse(problem, text)

    @property
    def _current(self) -> bool:
        """Whether the cards are those of the text that was read last."""
        return all(card.isEnabled() for card in self.cards)

    # what is found ------------------------------------------------------------------------------

    def _clear(self) -> None:
        self.cards = []
        self._rest = []
        self._alone = True
        self._results.removeWidget(self.more)  # it is used again
        self.more.hide()
        while (item := self._results.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _show_nothing(self) -> None:
        self._clear()
        hint = Note(
            self._theme,
            self.tr(
                "From a colleague's notes, a script or a manual: a line such as the one above, or "
                "a file that you drop here."
            ),
        )
        hint.setObjectName("paste_hint")
        self._results.addWidget(hint)
        self._results.addStretch(1)
        self._tell()

    def _show(self, reading: Reading, text: str) -> None:
        self._clear()
        self._alone = len(reading.found) == 1
        self._rest = list(reading.found)
        self._show_more(text)
        if reading.notes:
            self._results.addWidget(VerdictTable(self._theme, reading.notes))
        self._results.addStretch(1)
        self._mark(next((each.problem for each in reading.found if each.problem), None))

    def _show_more(self, text: str) -> None:
        """Show what is found next, and a button for what comes behind."""
        number = _at_once(self._rest)
        shown, self._rest = self._rest[:number], self._rest[number:]
        self.more.hide()
        place = max(self._results.indexOf(self.more), 0)
        self._results.removeWidget(self.more)
        for found in shown:
            if found.relay is not None:
                self._results.insertWidget(place, self._card(found, found.relay))
            elif found.problem is not None:
                self._results.insertWidget(place, self._refused_card(found.problem, text))
            place += 1
        if self._rest:
            self._results.insertWidget(place, self.more, 0, Qt.AlignmentFlag.AlignLeft)
            self.more.setText(self.tr("Show %Ln more", "", _at_once(self._rest)))
            self.more.show()
        self._tell()

    def _card(self, found: Found, relay: RelaySpec) -> FoundCard:
        card = FoundCard(self._theme, found, relay, alone=self._alone)
        card.changed.connect(self._tell)
        card.continue_wanted.connect(functools.partial(self._continue, card))
        self.cards.append(card)
        return card

    def _refuse(self, problem: BasculeError, text: str = "") -> None:
        self._clear()
        self._results.addWidget(self._refused_card(problem, text, whole=True))
        self._results.addStretch(1)
        self._mark(problem)
        self._tell()

    def _refused_card(
        self, problem: BasculeError, text: str, *, whole: bool = False
    ) -> RefusedCard:
        card = RefusedCard(problem, text, whole=whole)
        card.place_wanted.connect(functools.partial(self._go_to, problem))
        card.near_wanted.connect(functools.partial(self._write_near, problem))
        return card

    def _mark(self, problem: BasculeError | None) -> None:
        position = problem.facts.get("position") if problem is not None else None
        if problem is not None and isinstance(position, int):
            self.field.mark(position, str(problem.facts.get("token", "")))
        else:
            self.field.unmark()

    def _go_to(self, problem: BasculeError) -> None:
        self._mark(problem)
        self.field.go_to_mark()

    def _write_near(self, problem: BasculeError) -> None:
        name = str(problem.facts.get("token", "")).partition("=")[0]  # a value stays
        self.field.mark(int(problem.facts.get("position", 0)), name)
        self.field.replace_mark(str(problem.facts["near"]))

    # going on -----------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Bring the buttons in line with what is shown."""
        number = len(self.cards) + sum(found.relay is not None for found in self._rest)
        one = number == 1
        ready = [card for card in self.cards if card.ready and card.isEnabled()]
        self.go_on.setVisible(self._alone)
        self.go_on.setEnabled(one and bool(ready))
        waiting = one and not ready and self.cards[0].isEnabled() and not self.cards[0].saved
        if waiting:
            self.status.setText(self.tr("Confirm what it runs, then continue."))
        elif number > 1:
            self.status.setText(self.tr("%Ln relay(s) found", "", number))
        else:
            self.status.clear()

    def _continue_only(self) -> None:
        if self.go_on.isEnabled():
            self._continue(self.cards[0])

    def _continue(self, card: FoundCard) -> None:
        if card.ready and card.isEnabled():
            self.wanted.emit(draft_of(card.found), card)

    def finish(self, card: FoundCard) -> None:
        """Something has become a relay: say so, and close when nothing is left."""
        card.mark_saved()
        if not self._rest and all(other.saved for other in self.cards):
            self.accept()

    def _report(self, problem: Exception) -> None:
        raise problem

    # Qt's events --------------------------------------------------------------------------------

    @override
    def done(self, result: int) -> None:
        self._pause.stop()
        self.tasks.cancel_all()
        super().done(result)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.field.canInsertFromMimeData(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        source = event.mimeData()
        file = first_file(source)
        if file is not None:
            self.open_file(file)
        else:
            self.show_text(source.text())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()


def _at_once(rest: list[Found]) -> int:
    """How many of what was found are shown with one click, one at least where there is one."""
    letters = 0
    for number, found in enumerate(rest[:_AT_ONCE]):
        letters += sum(map(len, found.runs))
        if number and letters > _LETTERS_AT_ONCE:
            return number
    return min(len(rest), _AT_ONCE)
