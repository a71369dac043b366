"""Owns one row of a form: label, editor, and the sentence that stands beside a wrong value."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFormLayout, QWidget

from bascule.errors import BasculeError, ErrorCode, Problem
from bascule.spec.codec import Data
from bascule.spec.endpoints import ClientTls, ServerTls
from bascule.spec.fields import Field, FieldKind, Spec, check_value, fields_of
from bascule.spec.local import File
from bascule_desktop.labels import field_hint, field_label
from bascule_desktop.messages import explain_field
from bascule_desktop.theme import look
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.data import get, put
from bascule_desktop.wizard.editors import (
    ChoiceEditor,
    CommandEditor,
    Editor,
    FileEditor,
    LinesEditor,
    NetworksEditor,
    NumberEditor,
    PortEditor,
    ProposedNumberEditor,
    SecretEditor,
    SwitchEditor,
    TextEditor,
    choices_of,
)
from bascule_desktop.wizard.pieces import Remark, column, paragraph, side_label, translate
from bascule_desktop.wizard.serial_picker import DeviceEditor

_BESIDE_THE_BOX = 26
"""Pixels from the left of a switch to its words."""

BAUDS = (300, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)


def make_editor(context: Context, spec: type[Spec], name: str, described: Field) -> Editor:
    """The widget for a kind of field."""
    label = field_label(spec.__name__, name)
    choices = choices_of(name, described)
    if choices:
        return ChoiceEditor(choices)
    match described.kind:
        case FieldKind.PORT:
            return PortEditor(described)
        case FieldKind.INTEGER if name == "baud":
            return ProposedNumberEditor(BAUDS)
        case FieldKind.INTEGER | FieldKind.SECONDS:
            return NumberEditor(described, _unit(name))
        case FieldKind.SWITCH:
            return SwitchEditor(label)
        case FieldKind.SECRET:
            return SecretEditor(context)
        case FieldKind.FILE if spec in (ServerTls, ClientTls):
            filters = translate(
                "Wizard", "Certificates and keys (*.pem *.crt *.cer *.key);;All files (*)"
            )
            return FileEditor(context, label, filters)
        case FieldKind.FILE if spec is File:
            return FileEditor(context, label, translate("Wizard", "All files (*)"))
        case FieldKind.DEVICE:
            return DeviceEditor(context)
        case FieldKind.NETWORKS | FieldKind.TEXTS:
            return NetworksEditor()
        case FieldKind.LINES:
            return LinesEditor()
        case FieldKind.COMMAND:
            return CommandEditor()
        case _:
            return TextEditor()


class FieldRow(QObject):
    """One field at ``path`` of the relay's data, with its widgets.

    ``edited`` when its value changes, ``left`` when the person is done with it.
    """

    edited = Signal()
    left = Signal(str)

    def __init__(
        self,
        context: Context,
        spec: type[Spec],
        name: str,
        path: str,
        *,
        editor: Editor | None = None,
        label: str = "",
    ) -> None:
        super().__init__()
        self.path = path
        self._name = name
        self.described = fields_of(spec)[name]
        self.editor = editor or make_editor(context, spec, name, self.described)
        self.title = label or field_label(spec.__name__, name)
        self.problem: Problem | None = None
        self._given: tuple[object, object] | None = None
        self.editor.input.setObjectName(path)
        self.editor.input.setAccessibleName(self.title)
        self.set_hint(field_hint(spec.__name__, name))
        default = next(item.default for item in dataclasses.fields(spec) if item.name == name)
        if default is not dataclasses.MISSING:
            self.editor.set_value(default)
        self.label = side_label(self.title, self.editor.label_offset)
        self.label.setBuddy(self.editor.input)
        self.hint = Remark()
        # What stands in an empty field is not seen in one that is filled from the start.
        filled = isinstance(default, str) and default != "" and type(self.editor) is TextEditor
        if self._hint and (self.editor.hint_below or filled):
            self.hint.setText(self._hint)
            if isinstance(self.editor, SwitchEditor):
                self.hint.setContentsMargins(_BESIDE_THE_BOX, 0, 0, 0)
        else:
            self.hint.hide()
        self.note = paragraph()
        look(self.note, problem=True)
        self.note.hide()
        self.field = QWidget()
        layout = column(self.field, spacing=4)
        layout.addWidget(self.editor)
        layout.addWidget(self.hint)
        layout.addWidget(self.note)
        self.editor.edited.connect(self._edited)
        self.editor.left.connect(lambda: self.left.emit(self.path))

    def set_hint(self, hint: str) -> None:
        """An example, or what a special value means."""
        self._hint = hint
        self.editor.set_hint(hint)
        self.editor.input.setAccessibleDescription(hint)

    def add_to(self, form: QFormLayout) -> None:
        """Put it at the end of a form."""
        if isinstance(self.editor, SwitchEditor):
            self.label.clear()  # its words stand beside the box; the column stays as wide
        form.addRow(self.label, self.field)

    def set_visible(self, visible: bool) -> None:
        """Show or hide label and field."""
        self.label.setVisible(visible)
        self.field.setVisible(visible)

    def value(self) -> object:
        """The value as plain data; what nobody has edited is exactly what was given to ``show``.

        A widget may be unable to hold it all: one line of text ends no line with CR and LF.
        """
        shown = self.editor.value()
        return self._given[1] if self._given is not None and self._given[0] == shown else shown

    def show(self, value: object) -> None:
        """Show a value."""
        self.editor.set_value(value)
        self._given = (self.editor.value(), value)

    def write(self, data: Data) -> None:
        """Put the value into a relay's data."""
        put(data, self.path, self.value())

    def read(self, data: Data) -> None:
        """Show what a relay's data holds, if anything."""
        value: Any = get(data, self.path)
        if value is not None:
            self.show(value)

    def check(self) -> Problem | None:
        """Judge the value by itself, and say so beside it."""
        value = self.value()
        try:
            check_value(self._name, self.described, _as_spec(value))
        except BasculeError as exc:
            problem = exc.problem
            self.show_problem(Problem(problem.code, problem.message, self.path, problem.facts))
        else:
            self.show_problem(None)
        return self.problem

    def show_problem(self, problem: Problem | None) -> None:
        """Say what is wrong, or take it back."""
        self.problem = problem
        self.editor.set_invalid(problem is not None)
        if problem is None:
            text = ""
        elif problem.code is ErrorCode.VALUE_MISSING and isinstance(self.editor, SwitchEditor):
            text = translate("Wizard", "Another setting needs this one: switch it on as well.")
        else:
            text = explain_field(problem)
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self.hint.setVisible(bool(self.hint.text()) and not text)
        self.editor.input.setAccessibleDescription(text or self._hint)

    def _edited(self) -> None:
        if self.problem is not None:
            self.check()  # takes the sentence back as soon as it is no longer true
        self.edited.emit()


def _unit(name: str) -> str:
    """The unit of a number, as the names of fields end in theirs."""
    units = {
        "_bytes_per_second": translate("Wizard", "bytes per second"),
        "_bytes": translate("Wizard", "bytes"),
        "_seconds": translate("Wizard", "seconds"),
    }
    return next((unit for ending, unit in units.items() if name.endswith(ending)), "")


def _as_spec(value: object) -> object:
    """A value as a spec holds it: what is a list in plain data is a tuple there."""
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


class Part(QWidget):
    """A part of a page: some rows, and how they become a relay's data and come from it."""

    edited = Signal()
    left = Signal(str)
    proposed = Signal(str, object)
    """A value that nobody typed was filled in: path and value."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._rows: list[FieldRow] = []
        self._parts: list[Part] = []

    def add_row(self, row: FieldRow) -> FieldRow:
        """Take a row into the part; placing it is the caller's."""
        row.setParent(self)
        row.edited.connect(self.edited)
        row.left.connect(self.left)
        self._rows.append(row)
        return row

    def add_part[P: Part](self, part: P) -> P:
        """Take another part into this one."""
        part.edited.connect(self.edited)
        part.left.connect(self.left)
        part.proposed.connect(self.proposed)
        self._parts.append(part)
        return part

    def rows(self) -> Iterator[FieldRow]:
        """Every row that counts now."""
        yield from self._rows
        for part in self._parts:
            yield from part.rows()

    def write(self, data: Data) -> None:
        """Put every value into a relay's data."""
        for row in self._rows:
            row.write(data)
        for part in self._parts:
            part.write(data)

    def read(self, data: Data) -> None:
        """Show what a relay's data holds."""
        for row in self._rows:
            row.read(data)
        for part in self._parts:
            part.read(data)

    def reveal(self, path: str) -> None:
        """Unfold what hides a field."""
        for part in self._parts:
            part.reveal(path)

    def secrets(self) -> dict[str, str]:
        """The secrets typed here, by reference."""
        found: dict[str, str] = {}
        for row in self.rows():
            found |= row.editor.secrets()
        return found

    async def prepare(self) -> bool:
        """Do what must be done before the page is left; False keeps the person here."""
        for part in self._parts:
            if not await part.prepare():
                return False
        return True
