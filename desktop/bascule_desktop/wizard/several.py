"""Owns the list of ends that stand together as one: add, move up, remove.

The list is one value (``target.targets``). Its forms have the numbers of their places in their
paths, so that a problem is shown at the field it concerns: where a place changes, they are made
anew from what they hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast, override

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QWidget

from bascule.spec.codec import Data
from bascule_desktop.theme import GRID, look
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.data import get, put
from bascule_desktop.wizard.pieces import carded, column, line, push, tool
from bascule_desktop.wizard.rows import FieldRow, Part

translate = QCoreApplication.translate

_AT_FIRST = 2
"""One alone needs no list."""


@dataclass(frozen=True, slots=True)
class _Card:
    """One of them on the page: its box, and the buttons at its head."""

    frame: QFrame
    up: QToolButton
    down: QToolButton
    remove: QToolButton


class SeveralPart(Part):
    """Several ends below ``path``; ``make`` makes the form of the one at a path, named so."""

    def __init__(self, context: Context, path: str, make: Callable[[str, str], Part]) -> None:
        super().__init__(context)
        self._path = path
        self._make = make
        self.forms: list[Part] = []
        self._cards: list[_Card] = []
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
            self._list.removeWidget(card.frame)
            card.frame.hide()
            card.frame.setParent(None)
            card.frame.deleteLater()
        self.forms, self._cards = [], []
        for index, held in enumerate(values):
            self._append(index, held)

    def _append(self, index: int, held: Data) -> None:
        path = f"{self._path}.{index}"
        name = translate("Wizard", "Target {number}").format(number=index + 1)
        form = self._make(path, translate("Wizard", "Kind of target"))
        data: Data = {}
        put(data, path, held)
        if held:
            form.read(data)
        form.edited.connect(self.edited)
        form.left.connect(self.left)
        form.proposed.connect(self.proposed)
        body = QWidget()
        layout = column(body, spacing=4)
        theme = self.context.theme
        number = QLabel(name)
        look(number, badge="accent")
        head = line(number)
        up = tool(
            theme,
            "chevron-up",
            translate("Wizard", "Move this target up"),
            lambda: self.give_place(index, index - 1),
        )
        down = tool(
            theme,
            "chevron-down",
            translate("Wizard", "Move this target down"),
            lambda: self.give_place(index, index + 1),
        )
        remove = tool(
            theme,
            "delete",
            translate("Wizard", "Remove this target"),
            lambda: self.remove(index),
        )
        for button in (up, down, remove):
            head.addWidget(button)
        layout.addLayout(head)
        layout.addWidget(form)
        card = carded(body)
        self._list.addWidget(card)
        self.forms.append(form)
        self._cards.append(_Card(card, up, down, remove))
        self._enable()

    def _enable(self) -> None:
        """Let only those buttons be pressed that can do something."""
        last = len(self._cards) - 1
        for index, card in enumerate(self._cards):
            card.up.setEnabled(index > 0)
            card.down.setEnabled(index < last)
            card.remove.setEnabled(last > 0)  # without any target there is no relay

    def _values(self) -> list[Data]:
        data: Data = {}
        for form in self.forms:
            form.write(data)
        return [get(data, f"{self._path}.{index}") or {} for index in range(len(self.forms))]

    def _add_one(self) -> None:
        self._append(len(self.forms), {})
        self.edited.emit()

    def give_place(self, index: int, wanted: int) -> None:
        """Give one of them another place in the order."""
        values = self._values()
        values.insert(wanted, values.pop(index))
        self._show(values)
        moved = self._cards[wanted]
        (moved.up if wanted < index and moved.up.isEnabled() else moved.down).setFocus()
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
