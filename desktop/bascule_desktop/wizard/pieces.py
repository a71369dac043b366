"""Owns the small widgets that wizard pages are made of: headings, notes, buttons, an expander."""

from __future__ import annotations

from collections.abc import Callable
from typing import override

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bascule_desktop.colours import ColourName
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.wizard.context import Context

translate = QCoreApplication.translate

LABEL_WIDTH = 168
"""Width of the column of labels: all forms of a page begin their fields on one line."""

_LONGEST_PARAGRAPH = 2_000


def heading(text: str) -> QLabel:
    """The name of a section."""
    label = QLabel(text)
    look(label, heading="section")
    return label


def paragraph(text: str = "", *, muted: bool = False) -> QLabel:
    """Text that wraps and can be selected with the mouse; of a very long one, the beginning: it
    holds what somebody else wrote, and to break 60,000 letters into lines stops the window.
    """
    label = QLabel(text if len(text) <= _LONGEST_PARAGRAPH else f"{text[:_LONGEST_PARAGRAPH]}…")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if muted:
        look(label, muted=True)
    return label


class Remark(QLabel):
    """A few small words below a field. They wrap where they must and ask for one line else.

    A label that wraps asks for the height of a block of text, and a form gives it that height
    even where the words fit on a line.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setWordWrap(True)
        look(self, muted=True, small=True)

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())


def form_layout(parent: QWidget | None = None) -> QFormLayout:
    """A form whose labels stand in a column of the same width everywhere."""
    form = QFormLayout(parent) if parent is not None else QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(2 * GRID)
    form.setVerticalSpacing(GRID)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    return form


def side_label(text: str, offset: int = 8) -> QLabel:
    """The label to the left of a field, ``offset`` pixels lower than the field begins.

    It is level with the first line of the field, however tall the field is.
    """
    label = QLabel(text)
    label.setWordWrap(True)
    label.setMinimumWidth(LABEL_WIDTH)
    label.setMaximumWidth(LABEL_WIDTH)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    label.setContentsMargins(0, offset, 0, 0)
    return label


def carded(widget: QWidget) -> QFrame:
    """A widget in a box of its own, as one among several."""
    card = QFrame()
    look(card, card=True)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(12, 12, 12, 4)
    layout.addWidget(widget)
    return card


def column(parent: QWidget | None = None, spacing: int = GRID) -> QVBoxLayout:
    """A column without margins."""
    layout = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    return layout


def line(*widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    """Widgets side by side; with ``stretch`` they keep to the left."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    for widget in widgets:
        layout.addWidget(widget)
    if stretch:
        layout.addStretch(1)
    return layout


def without_arguments(call: Callable[[], object]) -> Callable[..., None]:
    """A slot for a signal whose arguments nobody wants."""

    def slot(*_: object) -> None:
        call()

    return slot


def push(text: str, clicked: Callable[[], object], *, quiet: bool = False) -> QPushButton:
    """A button with a text."""
    button = QPushButton(text)
    if quiet:
        look(button, quiet=True)
    button.clicked.connect(without_arguments(clicked))
    return button


def tool(
    theme: Theme, icon: str, name: str, clicked: Callable[[], object] | None = None
) -> QToolButton:
    """A button with an icon only; ``name`` is its tooltip and what a screen reader says."""
    button = QToolButton()
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    theme.set_icon(button, icon, "muted")
    if clicked is not None:
        button.clicked.connect(without_arguments(clicked))
    return button


class IconLabel(QLabel):
    """An icon of the theme, redrawn when the theme changes."""

    def __init__(self, theme: Theme, name: str, colour: ColourName = "muted", size: int = 20):
        super().__init__()
        self._theme = theme
        self._size = size
        self._shown: tuple[str, ColourName] = (name, colour)
        self.setFixedSize(size, size)
        theme.changed.connect(self._draw)
        self._draw()

    def show_icon(self, name: str, colour: ColourName) -> None:
        """Show another icon."""
        self._shown = (name, colour)
        self._draw()

    def _draw(self) -> None:
        name, colour = self._shown
        ratio = self.devicePixelRatioF()
        self.setPixmap(self._theme.pixmap(name, self._size, colour, ratio))


class Note(QFrame):
    """A calm remark in a box: ``tone`` "true" (plain), "waiting" (amber) or "problem" (red)."""

    _ICONS: dict[str, tuple[str, ColourName]] = {  # noqa: RUF012 - never changed
        "true": ("info", "accent"),
        "waiting": ("warning", "waiting"),
        "problem": ("state-problem", "problem"),
    }

    def __init__(self, theme: Theme, text: str = "", tone: str = "true", icon: str = "") -> None:
        super().__init__()
        look(self, card=tone)
        name, colour = self._ICONS[tone]
        self.label = paragraph(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, GRID, 12, GRID)
        row.setSpacing(GRID + 4)
        row.addWidget(IconLabel(theme, icon or name, colour), 0, Qt.AlignmentFlag.AlignTop)
        self.body = column(spacing=4)
        self.body.addWidget(self.label)
        row.addLayout(self.body, 1)

    def set_text(self, text: str) -> None:
        """Say something else; nothing hides the box."""
        self.label.setText(text)
        self.setVisible(bool(text))


class Expander(QWidget):
    """A part that is folded away until somebody wants it."""

    toggled = Signal(bool)

    def __init__(self, theme: Theme, text: str, content: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self.button = QToolButton()
        self.button.setText(text)
        self.button.setCheckable(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.toggled.connect(self._show)
        self.content = content
        layout = column(self)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(content)
        self._show(False)

    def expand(self) -> None:
        """Unfold it."""
        self.button.setChecked(True)

    def _show(self, shown: bool) -> None:
        self._theme.set_icon(self.button, "chevron-down" if shown else "chevron-right", "muted")
        self.content.setVisible(shown)
        self.toggled.emit(shown)


class CopyLine(QWidget):
    """A text that can be read, selected and copied with one click."""

    def __init__(self, context: Context, text: str, name: str) -> None:
        super().__init__()
        self._context = context
        self.edit = QLineEdit(text)
        self.edit.setReadOnly(True)
        self.edit.setAccessibleName(name)
        self.edit.setCursorPosition(0)
        self.copy = push(translate("Wizard", "Copy"), self._copy)
        self.copy.setAccessibleName(translate("Wizard", "Copy: {name}").format(name=name))
        context.theme.set_icon(self.copy, "copy")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.edit, 1)
        row.addWidget(self.copy)

    def set_text(self, text: str) -> None:
        """Offer another text."""
        self.edit.setText(text)
        self.edit.setCursorPosition(0)

    def _copy(self) -> None:
        self._context.copy(self.edit.text())
        self._context.theme.set_icon(self.copy, "check", "running")


def narrow(edit: QLineEdit, characters: int) -> None:
    """Make a field as wide as what it holds."""
    width = QFontMetrics(edit.font()).horizontalAdvance("0" * characters) + 32
    edit.setFixedWidth(max(width, 96))
    edit.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
