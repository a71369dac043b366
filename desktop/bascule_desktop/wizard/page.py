"""Owns the page on which a relay is described: its parts, its checks, the relay it makes."""

from __future__ import annotations

from copy import deepcopy
from typing import override

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from bascule.errors import BasculeError, Problem
from bascule.spec.codec import Data, from_data, to_data
from bascule.spec.relays import RelaySpec
from bascule_desktop.theme import GRID, look
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.data import put
from bascule_desktop.wizard.editors import Editor
from bascule_desktop.wizard.pieces import Expander, paragraph, translate
from bascule_desktop.wizard.rows import FieldRow, Part

WIDEST = 680
"""A page's fields do not grow wider than one reads well."""


def scrolled(content: QWidget) -> QScrollArea:
    """Content that scrolls where the screen is small or letters are large."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    look(content, clear=True)
    area.setWidget(content)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class RelayPage(Part):
    """The fields of one kind of relay. Subclasses fill ``body`` with parts.

    ``kind`` names it; ``base`` is what a new relay of that kind begins with.
    """

    kind = ""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._base: Data = {}
        self._baseline: Data = {}
        self._touched: set[str] = set()
        self._more: list[Expander] = []
        self.body = QWidget()
        self._column = QVBoxLayout(self.body)
        self._column.setContentsMargins(3 * GRID, GRID, 3 * GRID, 2 * GRID)
        self._column.setSpacing(2 * GRID)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.area = scrolled(self.body)
        outer.addWidget(self.area)
        self.left.connect(self._check_left)
        self.proposed.connect(self._take_proposal)

    # for subclasses -----------------------------------------------------------------------------

    def title(self) -> str:
        """What the page is called."""
        raise NotImplementedError

    def propose_name(self, spec: RelaySpec) -> str:
        """A name for the profile, from what it does."""
        raise NotImplementedError

    def add(self, widget: QWidget) -> None:
        """Put a part of the page below the others."""
        if isinstance(widget, Part):
            self.add_part(widget)
        self._column.addWidget(widget)

    def add_text(self, text: str) -> None:
        """A sentence that says what the page is for."""
        self._column.addWidget(paragraph(text, muted=True))

    def add_more(self, *parts: Part, title: str = "") -> Expander:
        """The settings that few people need, folded away under ``title``."""
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        for part in parts:
            layout.addWidget(self.add_part(part))
        title = title or translate("Wizard", "More settings")
        expander = Expander(self.context.theme, title, box)
        self._more.append(expander)
        self._column.addWidget(expander)
        return expander

    def finish(self, base: Data) -> None:
        """Begin with ``base``; to be called when all parts are there."""
        self._column.addStretch(1)
        self._base = base
        self.read(base)
        self._baseline = self.data()

    # data ---------------------------------------------------------------------------------------

    def fill(self, spec: RelaySpec) -> None:
        """Show an existing relay; what the page has no field for is kept."""
        self._base = to_data(spec, keep_defaults=True)
        self.read(self._base)
        self._baseline = self.data()

    def data(self) -> Data:
        """The relay as plain data, right or wrong."""
        data = deepcopy(self._base)
        self.write(data)
        return data

    def spec(self) -> RelaySpec:
        """The relay. Raises: SpecError, with the dotted path of the field."""
        return from_data(RelaySpec, self.data())

    @property
    def changed(self) -> bool:
        """Whether somebody typed something that would be lost."""
        return self.data() != self._baseline or bool(self.secrets())

    def entered(self) -> None:
        """The page comes into sight."""

    # checks -------------------------------------------------------------------------------------

    def check_rows(self) -> bool:
        """Check every field by itself; where something is wrong say so, and go to the first."""
        self._touched |= {row.path for row in self.rows()}
        wrong = [row for row in self.rows() if row.check() is not None]
        if wrong:
            self._go_to(wrong[0])
        return not wrong

    def check(self) -> RelaySpec | None:
        """Check everything together; the relay, or None where something is wrong, said so."""
        try:
            return self.spec()
        except BasculeError as exc:
            if not self.show_problem(exc.problem):
                raise
            return None

    def editor_at(self, path: str) -> Editor | None:
        """The editor of a field, where the page shows it."""
        return next((row.editor for row in self.rows() if row.path == path), None)

    def show_problem(self, problem: Problem) -> bool:
        """Say a problem at the field it concerns, and go there; False where there is no such."""
        row = self._find(problem.field or "")
        if row is None:
            return False
        row.show_problem(problem)
        self._go_to(row)
        return True

    def go_to(self, path: str) -> bool:
        """Put the focus on a field; False where the page has none of that path."""
        self.reveal(path)
        row = self._find(path)
        if row is not None:
            self._go_to(row)
        return row is not None

    @override
    def reveal(self, path: str) -> None:
        super().reveal(path)
        for expander in self._more:
            inside = (w for w in expander.content.findChildren(Part))
            if any(row.path == path for part in inside for row in part.rows()):
                expander.expand()

    def _find(self, path: str) -> FieldRow | None:
        rows = {row.path: row for row in self.rows()}
        while path:
            if path in rows:
                return rows[path]
            below = next((row for name, row in rows.items() if name.startswith(f"{path}.")), None)
            if below is not None:
                return below
            path = path.rpartition(".")[0]
        return None

    def _go_to(self, row: FieldRow) -> None:
        self.reveal(row.path)
        row.editor.setFocus()
        self.area.ensureWidgetVisible(row.field, 24, 48)

    def _check_left(self, path: str) -> None:
        """Check a field that was left: by itself, then together with the others left before."""
        self._touched.add(path)
        rows = {row.path: row for row in self.rows()}
        row = rows.get(path)
        if row is None or row.check() is not None:
            return
        if any(other.problem for other in rows.values()):
            return
        try:
            self.spec()
        except BasculeError as exc:
            wrong = rows.get(exc.field or "")
            if wrong is not None and wrong.path in self._touched:
                wrong.show_problem(exc.problem)

    def _take_proposal(self, path: str, value: object) -> None:
        put(self._baseline, path, value)
