"""Owns the choice of what a relay is exported as: each form in words, its text, what is lost.

It writes no file. Accepted, ``chosen`` says what is to be saved.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bascule.errors import SpecError
from bascule.spec.export.exported import Exported, Form
from bascule.spec.export.write import write
from bascule.spec.fields import references
from bascule.spec.profiles import Profile, profile_to_toml
from bascule_desktop.colours import ColourName
from bascule_desktop.messages import explain
from bascule_desktop.messages.export import loss_sentence
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.copying import CopyTextButton

translate = QCoreApplication.translate

_LIST_WIDTH = 208
_MARK = 16


@dataclass(frozen=True)
class Chosen:
    """What is to be saved; ``form`` is None for a profile of Bascule's own."""

    form: Form | None
    text: str
    file_name: str


class ExportDialog(QDialog):
    """Shows a relay in the words of other programs. ``suggested`` names the profile's own file."""

    def __init__(
        self, profile: Profile, suggested: str, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setWindowTitle(self.tr("Export “{name}”").format(name=profile.name))
        self.resize(880, 600)
        self._profile = profile
        self._suggested = suggested
        self._theme = theme
        self.chosen: Chosen | None = None
        self.forms = self._make_forms()
        self.title = QLabel()
        look(self.title, heading="section")
        self.words = _label("export_words")
        look(self.words, muted=True)
        self.refused = _Refused()
        self.text = QPlainTextEdit()
        self.text.setObjectName("export_text")
        self.text.setAccessibleName(self.tr("The text"))
        self.text.setReadOnly(True)
        self.text.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        look(self.text, mono=True)
        self.lost = _Lost(theme)
        self.copy = CopyTextButton(theme, self.tr("Copy"))
        self.copy.setObjectName("export_copy")
        right = QVBoxLayout()
        right.setSpacing(GRID)
        for widget, share in (
            (self.title, 0),
            (self.words, 0),
            (self.refused, 0),
            (self.text, 3),
            (self.lost, 2),
        ):
            right.addWidget(widget, share)
        right.addStretch(0)
        both = QHBoxLayout()
        both.setSpacing(2 * GRID)
        both.addWidget(self.forms)
        both.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addLayout(both, 1)
        whole.addWidget(self._make_buttons())
        self.forms.currentRowChanged.connect(self._show)
        self.forms.setCurrentRow(0)

    def _make_forms(self) -> QListWidget:
        """The list to choose from. What cannot be is grey, and says why to whoever points at it or
        chooses it.
        """
        forms = QListWidget()
        forms.setObjectName("export_forms")
        forms.setAccessibleName(self.tr("Export as"))
        forms.setFixedWidth(_LIST_WIDTH)
        for form, (title, _words) in _forms().items():
            item = QListWidgetItem(title)
            if isinstance(found := self._write(form), SpecError):
                item.setForeground(self._theme.colour("muted"))
                why = explain(found.problem).cause
                item.setToolTip(why)
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, why)
            forms.addItem(item)
        return forms

    def _make_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.save = buttons.addButton(self.tr("Save as…"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setObjectName("export_save")
        look(self.save, primary=True)
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def choose(self, form: Form | None) -> None:
        """Show one of the forms."""
        self.forms.setCurrentRow(list(_forms()).index(form))

    def _write(self, form: Form | None) -> Exported | SpecError:
        if form is None:
            return Exported(profile_to_toml(self._profile), self._suggested)
        try:
            return write(form, self._profile.relay, name=self._profile.name)
        except SpecError as exc:
            return exc

    def _show(self, row: int) -> None:
        form, (title, words) = list(_forms().items())[row]
        found = self._write(form)
        self.title.setText(title)
        self.words.setText(words)
        written = not isinstance(found, SpecError)
        self.refused.setVisible(not written)
        for widget in (self.text, self.lost):
            widget.setVisible(written)
        for button in (self.copy, self.save):
            button.setEnabled(written)
        self.chosen = None
        if isinstance(found, SpecError):
            self.refused.show_why(found)
            return
        self.chosen = Chosen(form, found.text, found.file_name)
        self.text.setPlainText(found.text)
        self.copy.copied_text = found.text
        to_do = [loss_sentence(loss) for loss in found.lost if loss.to_do]
        if form is None and references(self._profile.relay):
            to_do = [self.tr("Type its passwords again after importing it: they stay here.")]
        gone = [loss_sentence(loss) for loss in found.lost if not loss.to_do]
        self.lost.show_lines(to_do, gone)


class _Refused(QFrame):
    """Why another program cannot do what the relay does, and what to do instead."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("export_refused")
        look(self, card="waiting")
        self._title, self._why, self._action = (_label("export_refusal") for _ in range(3))
        look(self._title, heading="section")
        held = QVBoxLayout(self)
        held.setContentsMargins(2 * GRID, 12, 2 * GRID, 12)
        for label in (self._title, self._why, self._action):
            held.addWidget(label)

    def show_why(self, refusal: SpecError) -> None:
        """Say it."""
        said = explain(refusal.problem)
        self._title.setText(said.title)
        self._why.setText(said.cause)
        self._action.setText(said.action)


class _Lost(QScrollArea):
    """What is still to be done, and what is lost: one line each, with a mark."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("export_lost")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._theme = theme

    def show_lines(self, to_do: list[str], gone: list[str]) -> None:
        """Show these sentences; where there are none, that is said."""
        inside = QWidget()
        lines = QGridLayout(inside)
        lines.setContentsMargins(0, 0, GRID, 0)
        lines.setHorizontalSpacing(GRID)
        lines.setVerticalSpacing(GRID)
        lines.setColumnStretch(1, 1)
        if to_do:
            self._head(lines, self.tr("Before it works, you have to do this:"))
        for text in to_do:
            self._line(lines, text, "edit", "accent")
        if gone:
            self._head(lines, self.tr("What is lost:"))
        for text in gone:
            self._line(lines, text, "warning", "waiting")
        if not gone:
            self._line(lines, self.tr("Nothing of the relay is lost."), "check", "running")
        lines.setRowStretch(lines.rowCount(), 1)
        self.setWidget(inside)

    def _head(self, lines: QGridLayout, text: str) -> None:
        label = QLabel(text)
        look(label, muted=True)
        lines.addWidget(label, lines.rowCount(), 0, 1, 2)

    def _line(self, lines: QGridLayout, text: str, icon: str, colour: ColourName) -> None:
        mark = QLabel()
        mark.setPixmap(self._theme.pixmap(icon, _MARK, colour, self.devicePixelRatioF()))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        label = _label("export_loss")
        label.setText(text)
        row = lines.rowCount()
        lines.addWidget(mark, row, 0)
        lines.addWidget(label, row, 1)


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _forms() -> dict[Form | None, tuple[str, str]]:
    """What a relay can be exported as: a title, and when to choose it. None: a profile."""
    return {
        None: (
            translate("ExportDialog", "Bascule profile"),
            translate("ExportDialog", "For Bascule on another computer, or as a safe copy."),
        ),
        Form.SOCAT: (
            translate("ExportDialog", "Command for socat"),
            translate("ExportDialog", "One line for a terminal or a script on Linux and macOS."),
        ),
        Form.SYSTEMD: (
            translate("ExportDialog", "Service for systemd"),
            translate(
                "ExportDialog",
                "Starts with a Linux server, without a window and without anybody logged in. Put "
                "it into /etc/systemd/system.",
            ),
        ),
        Form.HAPROXY: (
            translate("ExportDialog", "Configuration for haproxy"),
            translate("ExportDialog", "For a Linux server with many connections."),
        ),
        Form.NGINX: (
            translate("ExportDialog", "Configuration for nginx"),
            translate("ExportDialog", "For a server that has nginx already (its stream module)."),
        ),
        Form.STUNNEL: (
            translate("ExportDialog", "Configuration for stunnel"),
            translate("ExportDialog", "Adds TLS to a service that has none, or takes it off."),
        ),
        Form.SER2NET: (
            translate("ExportDialog", "Configuration for ser2net"),
            translate("ExportDialog", "Puts a serial port on the network, from a small Linux box."),
        ),
    }
