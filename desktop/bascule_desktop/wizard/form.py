"""Owns the form that any spec gets for free: a widget for every field, by the field's kind.

Used for *More settings* and for relays that no page of their own covers. A new kind of end needs
labels, nothing else.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator
from typing import Any, cast, override

from PySide6.QtWidgets import QLabel

from bascule.spec.codec import Data
from bascule.spec.endpoints import ProxyHop
from bascule.spec.fields import Field, FieldKind, Spec, fields_of
from bascule_desktop.kind_words import kind_help
from bascule_desktop.labels import field_label, label_of_reached, members
from bascule_desktop.theme import GRID, look
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.data import get, put
from bascule_desktop.wizard.editors import SwitchEditor
from bascule_desktop.wizard.hops import HopsPart
from bascule_desktop.wizard.kind_choice import KindChoice
from bascule_desktop.wizard.pieces import (
    LABEL_WIDTH,
    Expander,
    Remark,
    carded,
    column,
    form_layout,
    side_label,
    translate,
)
from bascule_desktop.wizard.rows import FieldRow, Part
from bascule_desktop.wizard.several import SeveralPart


class SpecForm(Part):
    """The fields of one spec, below ``path``; ``names`` limits and orders them."""

    def __init__(
        self,
        context: Context,
        spec: type[Spec],
        path: str,
        names: Iterable[str] | None = None,
        *,
        fold: bool = False,
    ) -> None:
        super().__init__(context)
        self._spec = spec
        self._prefix = f"{path}." if path else ""
        self._expander: Expander | None = None
        self._form = form_layout()
        layout = column(self)
        layout.addLayout(self._form)
        chosen = fields_of(spec) if names is None else {n: fields_of(spec)[n] for n in names}
        hints = typing.get_type_hints(spec)
        plain = {n: f for n, f in chosen.items() if not (fold and f.advanced)}
        for name, described in plain.items():
            self._add(name, described, hints[name])
        folded = [name for name in chosen if name not in plain]
        # Groups are opened least of all, and long when they are.
        folded.sort(key=lambda name: chosen[name].kind is FieldKind.GROUP)
        if folded:
            more = self.add_part(SpecForm(context, spec, path, folded))
            self._expander = Expander(context.theme, translate("Wizard", "More settings"), more)
            layout.addWidget(self._expander)
            self._folded = {f"{self._prefix}{name}" for name in folded}

    @override
    def reveal(self, path: str) -> None:
        if self._expander is not None and path in self._folded:
            self._expander.expand()
        super().reveal(path)

    def _add(self, name: str, described: Field, hint: Any) -> None:
        path = f"{self._prefix}{name}"
        label = field_label(self._spec.__name__, name)
        if described.kind is FieldKind.GROUPS and members(hint) == [ProxyHop]:
            title = side_label(label)
            hops = self.add_part(HopsPart(self.context, path, titled=False))
            title.setBuddy(hops.add)
            self._form.addRow(title, hops)
            return
        if described.kind is FieldKind.GROUPS:
            part: Part = self._several(path, members(hint))
        elif described.kind is not FieldKind.GROUP:
            reached = label_of_reached(self._spec.__name__, name, path)
            row = FieldRow(self.context, self._spec, name, path, label=reached)
            self.add_row(row).add_to(self._form)
            return
        elif type(None) in typing.get_args(hint):
            part = OptionalForm(self.context, members(hint)[0], path, label)
        else:
            # Ends within an end are single ones: lists within lists would be too much for a form.
            within = "." in path
            offered = [each for each in members(hint) if not (within and _holds_ends(each))]
            part = KindForm(self.context, members(hint), path, label, offered)
            if within:
                self._form.addRow(carded(self.add_part(part)))
                return
        self._form.addRow(self.add_part(part))

    def _several(self, path: str, specs: list[type[Spec]]) -> SeveralPart:
        single = [spec for spec in specs if not _holds_ends(spec)]
        return SeveralPart(
            self.context, path, lambda at, name: KindForm(self.context, specs, at, name, single)
        )


class OptionalForm(Part):
    """A group that may be left out: a switch, and its fields while it is on.

    The fields are made when the switch is first turned on: an end has a hundred of them, and few
    people want any.
    """

    def __init__(
        self,
        context: Context,
        spec: type[Spec],
        path: str,
        label: str,
        names: Iterable[str] | None = None,
    ) -> None:
        super().__init__(context)
        self._path = path
        self._make = lambda: SpecForm(context, spec, path, names, fold=True)
        self._made: SpecForm | None = None
        self.switch = SwitchEditor(label)
        self.switch.input.setObjectName(path)
        head = form_layout()
        head.addRow(side_label(""), self.switch)
        self._indented = column()
        self._indented.setContentsMargins(2 * GRID, 0, 0, 0)
        layout = column(self)
        layout.addLayout(head)
        layout.addLayout(self._indented)
        self.switch.edited.connect(self._show)
        self.switch.edited.connect(self.edited)

    @property
    def on(self) -> bool:
        """Whether the group is wanted."""
        return self.switch.box.isChecked()

    def _show(self) -> None:
        if self.on and self._made is None:
            self._made = self.add_part(self._make())
            self._indented.addWidget(self._made)
        if self._made is not None:
            self._made.setVisible(self.on)

    @override
    def rows(self) -> Iterator[FieldRow]:
        return super().rows() if self.on else iter(())

    @override
    def write(self, data: Data) -> None:
        if self.on:
            if get(data, self._path) is None:
                put(data, self._path, {})
            super().write(data)
        else:
            put(data, self._path, None)

    @override
    def read(self, data: Data) -> None:
        self.switch.set_value(get(data, self._path) is not None)
        super().read(data)


class KindForm(Part):
    """A group that is one of several specs: a choice of the kind, and the fields of that kind.

    The form of a kind is made when it is chosen for the first time: an end may hold other ends.
    """

    def __init__(
        self,
        context: Context,
        specs: list[type[Spec]],
        path: str,
        label: str,
        offered: list[type[Spec]] | None = None,
    ) -> None:
        super().__init__(context)
        self._path = path
        self._specs = {spec.kind: spec for spec in specs}
        self._forms: dict[str, SpecForm] = {}
        self.combo = KindChoice(spec.kind for spec in (offered or specs))
        self.combo.setObjectName(f"{path}.kind")
        title = QLabel(label)
        look(title, heading="section")
        title.setMinimumWidth(LABEL_WIDTH)
        title.setContentsMargins(0, 4, 0, 0)
        title.setBuddy(self.combo)
        self.combo.setAccessibleName(label)
        self._said = Remark()
        chosen = column(spacing=4)
        chosen.addWidget(self.combo)
        chosen.addWidget(self._said)
        head = form_layout()
        head.addRow(title, chosen)
        self._column = column(self)
        self._column.setContentsMargins(0, 0, 0, GRID)
        self._column.addLayout(head)
        self.combo.currentIndexChanged.connect(self._show)
        self._show()

    @property
    def kind(self) -> str:
        """The kind that is chosen."""
        return self.combo.kind

    @property
    def _chosen(self) -> SpecForm:
        form = self._forms.get(self.kind)
        if form is None:
            form = SpecForm(self.context, self._specs[self.kind], self._path, fold=True)
            self._forms[self.kind] = self.add_part(form)
            self._column.addWidget(form)
        return form

    @override
    def rows(self) -> Iterator[FieldRow]:
        return self._chosen.rows()

    @override
    def write(self, data: Data) -> None:
        written: Data = {}
        self._chosen.write(written)
        held = cast("Data | None", get(written, self._path)) or {}
        put(data, self._path, {"kind": self.kind, **held})

    @override
    def read(self, data: Data) -> None:
        kind = get(data, f"{self._path}.kind")
        if kind in self._specs:
            self.combo.choose(kind)
        self._chosen.read(data)

    @override
    def reveal(self, path: str) -> None:
        self._chosen.reveal(path)

    @override
    async def prepare(self) -> bool:
        return await self._chosen.prepare()

    def _show(self) -> None:
        chosen = self._chosen
        said = kind_help(self.kind)
        self._said.setText(said)
        self._said.setVisible(bool(said))
        self.combo.setAccessibleDescription(said)
        for form in self._forms.values():
            form.setVisible(form is chosen)
        self.edited.emit()


def _holds_ends(spec: type[Spec]) -> bool:
    """Whether a spec is made of other ends."""
    return any(
        member.kind for hint in typing.get_type_hints(spec).values() for member in members(hint)
    )
