"""Owns how one recipe looks: when to use it, its route, what to fill in, what to type elsewhere."""

from __future__ import annotations

import functools

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from bascule.errors import BasculeError, Problem
from bascule_desktop.messages import explain
from bascule_desktop.recipes.filled import Filled
from bascule_desktop.recipes.recipe import Asked, owner_at, this_system
from bascule_desktop.recipes.words import systems_text
from bascule_desktop.theme import GRID, look
from bascule_desktop.views.consent import Consent
from bascule_desktop.views.route import RoutePicture
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.draft import Draft
from bascule_desktop.wizard.pieces import CopyLine, Note, column, form_layout, heading, paragraph
from bascule_desktop.wizard.rows import FieldRow


class RecipePage(QWidget):
    """One recipe that is being filled in. ``changed`` whenever ``ready`` may have."""

    changed = Signal()

    def __init__(self, context: Context, filled: Filled, language: str) -> None:
        super().__init__()
        self.setObjectName("recipe_page")
        self.filled = filled
        self._context = context
        self._language = language
        self._words = filled.recipe.words(language)
        self.rows = [self._row(asked) for asked in filled.recipe.asked]
        self.commands: list[CopyLine] = []
        self.picture = RoutePicture(context.theme)
        self.consent = Consent(context.theme)
        self.consent.changed.connect(self.changed)
        self.trouble = Note(context.theme, tone="problem")
        self.trouble.hide()
        self._elsewhere = systems_text(filled.recipe.systems, this_system())
        self._lay_out()
        self._refresh()

    @property
    def ready(self) -> bool:
        """Whether the wizard may be opened with it, as far as nobody has to fill in more."""
        return not self._elsewhere and self.consent.given

    def draft(self) -> Draft | None:
        """What the wizard begins with; None where something is wrong, said at its place."""
        wrong = [row for row in self.rows if row.check() is not None]
        if wrong:
            wrong[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        try:
            return self.filled.draft(self._words.title)
        except BasculeError as exc:
            self._show_problem(exc.problem)
            return None

    # making -------------------------------------------------------------------------------------

    def _row(self, asked: Asked) -> FieldRow:
        owner = owner_at(self.filled.recipe.relay, asked.at)
        assert owner is not None, "the recipe was read, so the field is there"
        spec, name = owner
        label = asked.label.in_language(self._language)
        row = FieldRow(self._context, type(spec), name, asked.at, label=label)
        row.setParent(self)
        row.show(self.filled.value(asked.at))
        if asked.help is not None:
            row.hint.setText(asked.help.in_language(self._language))
            row.hint.show()
            row.editor.input.setAccessibleDescription(row.hint.text())
        row.edited.connect(functools.partial(self._edited, row))
        row.left.connect(functools.partial(self._left, row))
        return row

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        title = QLabel(self._words.title)
        title.setObjectName("recipe_title")
        title.setWordWrap(True)
        look(title, heading="title")
        above = column(spacing=GRID)
        above.addWidget(title)
        above.addWidget(paragraph(self._words.when))
        whole.addLayout(above)
        card = QFrame()
        look(card, card=True)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(GRID, GRID, GRID, GRID)
        inner.addWidget(self.picture)
        whole.addWidget(card)
        if self._elsewhere:
            whole.addWidget(Note(self._context.theme, self._elsewhere, "waiting"))
        if self._words.caution:
            whole.addWidget(Note(self._context.theme, self._words.caution, "waiting"))
        if self.rows:
            form = form_layout()
            for row in self.rows:
                row.add_to(form)
            fields = column(spacing=GRID)
            fields.addWidget(heading(self.tr("What to fill in")))
            fields.addLayout(form)
            whole.addLayout(fields)
        whole.addWidget(self.trouble)
        whole.addWidget(self.consent)
        whole.addLayout(self._uses())
        whole.addStretch(1)

    def _uses(self) -> QVBoxLayout:
        uses = column(spacing=GRID)
        uses.addWidget(heading(self.tr("What to type once it runs")))
        for use in self.filled.recipe.uses:
            text = use.label.in_language(self._language)
            label = paragraph(text, muted=True)
            entry = CopyLine(self._context, self.filled.command(use), text)
            look(entry.edit, mono=True)
            label.setBuddy(entry.edit)
            self.commands.append(entry)
            uses.addWidget(label)
            uses.addWidget(entry)
        return uses

    # values -------------------------------------------------------------------------------------

    def _edited(self, row: FieldRow) -> None:
        self.filled.put(row.path, row.value())
        self.trouble.hide()
        self._refresh()

    def _left(self, row: FieldRow, _path: str) -> None:
        row.check()

    def _refresh(self) -> None:
        """Bring the picture and the commands in line with the values, while they make a relay."""
        for entry, use in zip(self.commands, self.filled.recipe.uses, strict=True):
            entry.set_text(self.filled.command(use))
        try:
            relay = self.filled.relay()
        except BasculeError:
            return  # said at the field, once the person has left it
        self.picture.show_route(relay)
        self.consent.ask(self.filled.programs())

    def _show_problem(self, problem: Problem) -> None:
        row = next((row for row in self.rows if row.path == problem.field), None)
        if row is not None:
            row.show_problem(problem)
            row.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            sentence = explain(problem)
            self.trouble.set_text(f"{sentence.title} {sentence.action}".strip())
