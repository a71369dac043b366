"""Owns the form that any spec gets for free: a widget for every field, by the field's kind.

Used for *More settings* and for relays that no page of their own covers. A new kind of end needs
labels, nothing else.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator
from typing import Any, cast, override

from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from bascule.spec.codec import Data
from bascule.spec.endpoints import ProxyHop
from bascule.spec.fields import Field, FieldKind, Spec, fields_of
from bascule_desktop.labels import field_label, kind_label, members
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.data import get, put
from bascule_desktop.wizard.editors import SwitchEditor
from bascule_desktop.wizard.hops import HopsPart
from bascule_desktop.wizard.pieces import LABEL_WIDTH, Expander, column, form_layout, translate
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
        if described.kind is FieldKind.GROUPS:
            part: Part = self._list_part(path, members(hint))
        elif described.kind is FieldKind.GROUP:
            specs = members(hint)
            if type(None) in typing.get_args(hint):
                part = OptionalForm(
                    self.context, specs[0], path, field_label(self._spec.__name__, name)
                )
            else:
                part = KindForm(self.context, specs, path, field_label(self._spec.__name__, name))
        else:
            self.add_row(FieldRow(self.context, self._spec, name, path)).add_to(self._form)
            return
        self._form.addRow(self.add_part(part))

    def _list_part(self, path: str, specs: list[type[Spec]]) -> Part:
        if specs == [ProxyHop]:
            return HopsPart(self.context, path)
        single = [spec for spec in specs if not _holds_a_list(spec)]
        return SeveralPart(
            self.context, path, lambda at, name: KindForm(self.context, single, at, name)
        )


class OptionalForm(Part):
    """A group that may be left out: a switch, and its fields while it is on."""

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
        self.switch = SwitchEditor(label)
        self.switch.input.setObjectName(path)
        self.form = self.add_part(SpecForm(context, spec, path, names, fold=True))
        self.form.hide()
        inner = QWidget()
        indented = column(inner)
        indented.setContentsMargins(24, 0, 0, 0)
        indented.addWidget(self.form)
        layout = column(self)
        layout.addWidget(self.switch)
        layout.addWidget(inner)
        self.switch.box.toggled.connect(self.form.setVisible)
        self.switch.edited.connect(self.edited)

    @property
    def on(self) -> bool:
        """Whether the group is wanted."""
        return self.switch.box.isChecked()

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

    def __init__(self, context: Context, specs: list[type[Spec]], path: str, label: str) -> None:
        super().__init__(context)
        self._path = path
        self._specs = {spec.kind: spec for spec in specs}
        self._forms: dict[str, SpecForm] = {}
        self.combo = QComboBox()
        self.combo.setObjectName(f"{path}.kind")
        title = QLabel(label)
        title.setMinimumWidth(LABEL_WIDTH)
        title.setBuddy(self.combo)
        head = form_layout()
        self._column = column(self)
        self._column.setContentsMargins(0, 0, 0, 16)
        self._column.addLayout(head)
        if len(specs) > 1 or specs[0].kind:
            head.addRow(title, self.combo)
        for kind in self._specs:
            self.combo.addItem(kind_label(kind), kind)
        self.combo.currentIndexChanged.connect(self._show)
        self._show()

    @property
    def kind(self) -> str:
        """The kind that is chosen."""
        return str(self.combo.currentData())

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
        put(data, self._path, {"kind": self.kind, **held} if self.kind else held)

    @override
    def read(self, data: Data) -> None:
        kind = get(data, f"{self._path}.kind")
        index = self.combo.findData(kind)
        if index >= 0:
            self.combo.setCurrentIndex(index)
        self._chosen.read(data)

    @override
    def reveal(self, path: str) -> None:
        self._chosen.reveal(path)

    @override
    async def prepare(self) -> bool:
        return await self._chosen.prepare()

    def _show(self) -> None:
        chosen = self._chosen
        for form in self._forms.values():
            form.setVisible(form is chosen)
        self.edited.emit()


def _holds_a_list(spec: type[Spec]) -> bool:
    """Whether a spec holds a list of ends: lists within lists would be too much for a form."""
    return any(
        described.kind is FieldKind.GROUPS and name != "via"
        for name, described in fields_of(spec).items()
    )
