"""Owns the widgets for single values: text, number, switch, choice, secret, file, networks.

Each is an ``Editor``: it gives and takes plain data, says when it was edited and when it was left,
and judges nothing. What a value may be is the spec's business.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import cast, override

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from bascule.spec.fields import Field, FieldKind
from bascule_desktop import dialogs
from bascule_desktop.labels import choice_label
from bascule_desktop.theme import GRID, look
from bascule_desktop.views.combo import ComboBox
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.pieces import narrow, push, without_arguments

translate = QCoreApplication.translate


class Editor(QWidget):
    """Base of the widgets for one value. ``input`` is the widget that takes the focus."""

    edited = Signal()
    left = Signal()
    label_offset = 8
    """Pixels from the top of the editor to that of the first line of its text."""
    hint_below = False
    """Whether a hint needs a line of its own, as the editor has no place for it."""

    def __init__(self, input: QWidget) -> None:  # noqa: A002 - it is the input of a form
        super().__init__()
        self.input = input
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(GRID)
        self.row.addWidget(input)
        self.setFocusProxy(input)

    def value(self) -> object:
        """The value as plain data, right or wrong."""
        raise NotImplementedError

    def set_value(self, value: object) -> None:
        """Show a value."""
        raise NotImplementedError

    def propose(self, value: object) -> None:
        """Show a value that was not asked for: what is typed next takes its place."""
        self.set_value(value)

    def secrets(self) -> dict[str, str]:
        """Secrets typed here, by their reference."""
        return {}

    def set_hint(self, hint: str) -> None:
        """Help with a few words: in the editor or beside it."""
        self.input.setToolTip(hint)

    def set_invalid(self, invalid: bool) -> None:
        """Mark the field as wrong, or no longer so."""
        if bool(self.input.property("invalid")) != invalid:
            look(self.input, invalid=invalid)


class TextEditor(Editor):
    """One line of text."""

    def __init__(self) -> None:
        self.edit = QLineEdit()
        super().__init__(self.edit)
        self.edit.textChanged.connect(self.edited)
        self.edit.editingFinished.connect(self.left)

    @override
    def value(self) -> object:
        return self.edit.text().strip()

    @override
    def set_value(self, value: object) -> None:
        self.edit.setText("" if value is None else str(value))

    @override
    def propose(self, value: object) -> None:
        self.set_value(value)
        if self.edit.hasFocus():  # somebody is about to type, and not behind it
            self.edit.selectAll()

    @override
    def set_hint(self, hint: str) -> None:
        self.edit.setPlaceholderText(hint)


class NumberEditor(TextEditor):
    """A number, typed; what is none is given as it was typed, for the spec to judge."""

    def __init__(self, described: Field, unit: str = "") -> None:
        super().__init__()
        self._whole = described.kind is not FieldKind.SECONDS
        narrow(self.edit, 6)
        self._unit = unit
        self._beside = _beside(self)
        self._beside.setText(unit)

    @override
    def value(self) -> object:
        text = self.edit.text().strip().replace(",", ".")
        try:
            return int(text) if self._whole else float(text)
        except ValueError:
            return text

    @override
    def set_value(self, value: object) -> None:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        self.edit.setText(str(value or 0))

    @override
    def set_hint(self, hint: str) -> None:
        self._beside.setText(" · ".join(text for text in (self._unit, hint) if text))


class PortEditor(NumberEditor):
    """A port; empty while none is known."""

    @override
    def set_value(self, value: object) -> None:
        self.edit.setText("" if value is None else str(value))


class SwitchEditor(Editor):
    """Yes or no, with its label beside it."""

    hint_below = True

    def __init__(self, label: str) -> None:
        self.box = QCheckBox(label)
        super().__init__(self.box)
        self.row.addStretch(1)
        self.box.toggled.connect(self.edited)
        self.box.toggled.connect(self.left)

    @override
    def value(self) -> object:
        return self.box.isChecked()

    @override
    def set_value(self, value: object) -> None:
        self.box.setChecked(bool(value))


class ChoiceEditor(Editor):
    """One of a few values."""

    def __init__(self, choices: dict[str, object]) -> None:
        self.combo = ComboBox()
        super().__init__(self.combo)
        for label, choice in choices.items():
            self.combo.addItem(label, choice)
        self.combo.setMinimumContentsLength(10)
        self._beside = _beside(self)
        self.combo.currentIndexChanged.connect(without_arguments(self.edited.emit))
        self.combo.activated.connect(without_arguments(self.left.emit))

    @override
    def value(self) -> object:
        return self.combo.currentData()

    @override
    def set_value(self, value: object) -> None:
        self.combo.setCurrentIndex(max(0, self.combo.findData(value)))

    @override
    def set_hint(self, hint: str) -> None:
        self._beside.setText(hint)


class ProposedNumberEditor(Editor):
    """A number with the usual ones to choose from (baud)."""

    def __init__(self, proposals: tuple[int, ...]) -> None:
        self.combo = ComboBox()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(ComboBox.InsertPolicy.NoInsert)
        super().__init__(self.combo)
        self.combo.addItems([str(number) for number in proposals])
        self.combo.setMinimumContentsLength(10)
        self.row.addStretch(1)
        self.combo.currentTextChanged.connect(without_arguments(self.edited.emit))
        self.combo.activated.connect(without_arguments(self.left.emit))
        line = self.combo.lineEdit()
        assert line is not None
        line.editingFinished.connect(self.left)

    @override
    def value(self) -> object:
        text = self.combo.currentText().strip()
        try:
            return int(text)
        except ValueError:
            return text

    @override
    def set_value(self, value: object) -> None:
        self.combo.setCurrentText(str(value))


class NetworksEditor(TextEditor):
    """Addresses and networks, separated by commas."""

    @override
    def value(self) -> object:
        parts = self.edit.text().replace(";", ",").replace("\n", ",").split(",")
        return [part.strip() for part in parts if part.strip()]

    @override
    def set_value(self, value: object) -> None:
        self.edit.setText(", ".join(cast("list[str]", value or [])))


class LinesEditor(Editor):
    """Several lines of text. They end as those of the text that was given: LF, or CR and LF."""

    def __init__(self) -> None:
        self._line_end = "\n"
        self.edit = QPlainTextEdit()
        super().__init__(self.edit)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * 5)
        self.edit.textChanged.connect(self.edited)
        self.edit.textChanged.connect(self.left)

    @override
    def value(self) -> object:
        # toPlainText makes common spaces of those that do not break.
        raw = self.edit.document().toRawText()
        return raw.replace("\u2028", "\n").replace("\u2029", "\n").replace("\n", self._line_end)

    @override
    def set_value(self, value: object) -> None:
        text = "" if value is None else str(value)
        self._line_end = "\r\n" if "\r\n" in text else "\n"
        self.edit.setPlainText(text)

    @override
    def set_hint(self, hint: str) -> None:
        self.edit.setPlaceholderText(hint)


class CommandEditor(LinesEditor):
    """A command, which may go on over several lines; spaces around it are none of it."""

    @override
    def value(self) -> object:
        return str(super().value()).strip()


class SecretEditor(Editor):
    """A password or passphrase. Its value is a reference; the secret itself travels apart.

    One that is saved already keeps its reference while nobody types; typing makes a new one.
    """

    def __init__(self, context: Context) -> None:
        self.edit = QLineEdit()
        super().__init__(self.edit)
        self._context = context
        self._saved = ""
        self._fresh = uuid.uuid4().hex
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QAction(translate("Wizard", "Show what is typed"), self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._reveal)
        self.edit.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self._forget = QAction(translate("Wizard", "Forget the saved one"), self)
        self._forget.triggered.connect(self._clear)
        context.theme.set_icon(self._eye, "eye", "muted")
        context.theme.set_icon(self._forget, "cross", "muted")
        self.edit.textChanged.connect(self.edited)
        self.edit.editingFinished.connect(self.left)

    @override
    def value(self) -> object:
        return self._fresh if self.edit.text() else self._saved

    @override
    def set_value(self, value: object) -> None:
        if value == self._fresh and self.edit.text():
            return  # ours, moved with its hop: the secret was typed here
        self._saved = str(value or "")
        self.edit.clear()
        self._tell()

    @override
    def secrets(self) -> dict[str, str]:
        return {self._fresh: self.edit.text()} if self.edit.text() else {}

    def _clear(self) -> None:
        self._saved = ""
        self.edit.clear()
        self._tell()
        self.edited.emit()

    def _tell(self) -> None:
        if self._saved in self._context.handed:
            said = translate("Wizard", "Taken from what you pasted. Type to replace it.")
        else:
            said = translate("Wizard", "Saved. Type to replace it.") if self._saved else ""
        self.edit.setPlaceholderText(said)
        if self._saved:
            self.edit.addAction(self._forget, QLineEdit.ActionPosition.TrailingPosition)
        else:
            self.edit.removeAction(self._forget)

    def _reveal(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self._context.theme.set_icon(self._eye, "eye-off" if shown else "eye", "muted")


class FileEditor(TextEditor):
    """The path of a file, typed or chosen; ``filter`` is Qt's, for the dialog that finds it."""

    def __init__(self, context: Context, title: str, filter: str) -> None:  # noqa: A002 - Qt's word
        super().__init__()
        self._context = context
        self._title = title
        self._filter = filter
        self.button = push(translate("Wizard", "Choose…"), self.choose)
        self.button.setAccessibleName(translate("Wizard", "Choose: {name}").format(name=title))
        self.row.addWidget(self.button)

    def choose(self) -> None:
        """Open the dialog that finds a file."""
        self._context.start(f"choose {id(self)}", self._choose())

    async def _choose(self) -> None:
        current = self.edit.text().strip()
        path = await dialogs.choose_file(
            self._context.window,
            self._title,
            self._filter,
            suggested=current if current and Path(current).is_absolute() else "",
        )
        if path is not None:
            self.edit.setText(str(path))
            self.left.emit()


def _beside(editor: Editor) -> QLabel:
    """Room for a few words to the right of a short field."""
    label = QLabel()
    label.setWordWrap(True)
    look(label, muted=True)
    editor.row.addWidget(label, 1)
    return label


def choices_of(name: str, described: Field) -> dict[str, object]:
    """The choices of a field by their labels; a small range of numbers is a choice as well."""
    if described.kind is FieldKind.CHOICE:
        return {choice_label(name, choice): choice for choice in described.choices}
    low, high = described.minimum, described.maximum
    if described.kind is FieldKind.INTEGER and low is not None and high is not None:
        count = int(high - low) + 1
        if count <= 10:
            return {str(number): number for number in reversed(range(int(low), int(high) + 1))}
    return {}
