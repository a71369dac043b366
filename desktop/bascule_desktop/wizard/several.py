"""Owns the list of ends that stand together as one: add, move up, remove.

The list is one value (``target.targets``). Its forms have the numbers of their places in their
paths, so that a problem is shown at the field it concerns: where a place changes, they are made
anew from what they hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast, override

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from bascule.spec.codec import Data
from bascule_desktop.theme import GRID, look
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.data import get, put
from bascule_desktop.wizard.pieces import column, line, push, tool
from bascule_desktop.wizard.rows import FieldRow, Part

translate = QCoreApplication.translate

_AT_FIRST = 2
"""One alone needs no list."""


class SeveralPart(Part):
    """Several ends below ``path``; ``make`` makes the form of the one at a path, named so."""

    def __init__(self, context: Context, path: str, make: Callable[[str, str], Part]) -> None:
        super().__init__(context)
        self._path = path
        self._make = make
        self.forms: list[Part] = []
        self._cards: list[QFrame] = []
        self._list = column(spacing=GRID)
        self.add = push(translate("Wizard", "Add a target"), self._add_one)
        context.theme.set_icon(self.add, "add")
        layout = column(self)
        layout.addLayout(self._list)
        layout.addLayout(line(self.add))
        self._show([{} for _ in range(_AT_FIRST)])

    # the list -----------------------------------------------------------------------------------

    def _show(self, values: list[Data]) -> None:
        for card in self._cards:
            self._list.removeWidget(card)
            card.hide()
            card.setParent(None)
            card.deleteLater()
        self.forms, self._cards = [], []
        for index, held in enumerate(values):
            self._append(index, held)

    def _append(self, index: int, held: Data) -> None:
        path = f"{self._path}.{index}"
        form = self._make(path, translate("Wizard", "Target {number}").format(number=index + 1))
        data: Data = {}
        put(data, path, held)
        if held:
            form.read(data)
        form.edited.connect(self.edited)
        form.left.connect(self.left)
        form.proposed.connect(self.proposed)
        card = QFrame()
        look(card, card=True)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(12, GRID, 12, 0)
        head = line(QLabel())
        theme = self.context.theme
        name = translate("Wizard", "Move this target up")
        up = tool(theme, "chevron-up", name, lambda: self.move_up(index))
        up.setEnabled(index > 0)
        head.addWidget(up)
        name = translate("Wizard", "Remove this target")
        head.addWidget(tool(theme, "delete", name, lambda: self.remove(index)))
        layout.addLayout(head)
        layout.addWidget(form)
        self._list.addWidget(card)
        self.forms.append(form)
        self._cards.append(card)

    def _values(self) -> list[Data]:
        data: Data = {}
        for form in self.forms:
            form.write(data)
        return [get(data, f"{self._path}.{index}") or {} for index in range(len(self.forms))]

    def _add_one(self) -> None:
        self._append(len(self.forms), {})
        self.edited.emit()

    def move_up(self, index: int) -> None:
        """Let one of them be asked before the one above it."""
        values = self._values()
        values.insert(index - 1, values.pop(index))
        self._show(values)
        self.edited.emit()

    def remove(self, index: int) -> None:
        """Take one of them out of the list."""
        values = self._values()
        del values[index]
        self._show(values)
        self.add.setFocus()
        self.edited.emit()

    # a part of a page ---------------------------------------------------------------------------

    @override
    def rows(self) -> Iterator[FieldRow]:
        for form in self.forms:
            yield from form.rows()

    @override
    def write(self, data: Data) -> None:
        put(data, self._path, self._values())

    @override
    def read(self, data: Data) -> None:
        held = cast("list[Data] | None", get(data, self._path))
        if held is not None:
            self._show(held)

    @override
    def reveal(self, path: str) -> None:
        for form in self.forms:
            form.reveal(path)

    @override
    async def prepare(self) -> bool:
        for form in self.forms:
            if not await form.prepare():
                return False
        return True
