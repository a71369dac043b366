"""Owns the question before an import: what the profile in the file will do, word and picture."""

from __future__ import annotations

from dataclasses import replace
from typing import override

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from bascule.spec.profiles import Profile, unconfirmed_commands
from bascule_desktop.sentences import sentence
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.route import RoutePicture


class ImportDialog(QDialog):
    """Shows a profile that was read. Accepted, ``profile`` is what to save."""

    def __init__(self, profile: Profile, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setWindowTitle(self.tr("Import a profile"))
        self.setMinimumWidth(560)
        self.resize(720, 0)
        self._profile = profile
        does = QLabel(sentence(profile.relay))
        does.setObjectName("import_sentence")
        does.setWordWrap(True)
        does.setTextFormat(Qt.TextFormat.PlainText)
        card = QFrame()
        look(card, card=True)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        picture = RoutePicture(theme)
        picture.show_route(profile.relay)
        inner.addWidget(picture)
        self.name = QLineEdit(profile.name)
        self.name.setObjectName("import_name")
        self.name.textChanged.connect(self._check)
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        label = QLabel(self.tr("Name"))
        self.name.ensurePolished()
        label.setMinimumHeight(self.name.sizeHint().height())  # else it hangs at the field's top
        form.addRow(label, self.name)
        note = _line(
            self.tr(
                "It is saved stopped. Passwords are not in the file: edit the relay to add them."
            )
        )
        look(note, muted=True)
        self.buttons = QDialogButtonBox()
        self.accept_button = self.buttons.addButton(
            self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        look(self.accept_button, primary=True)
        self.buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addWidget(does)
        if profile.relay.exposed:
            badge = QLabel(self.tr("Anyone on the network can connect"))
            look(badge, badge="waiting")
            whole.addWidget(badge, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(card)
        whole.addLayout(form)
        if unconfirmed_commands(profile):
            whole.addWidget(
                _line(
                    self.tr(
                        "It runs a program on this computer. Nothing runs before you have read the "
                        "exact command and allowed it."
                    )
                )
            )
        whole.addWidget(note)
        whole.addStretch(1)
        whole.addWidget(self.buttons)

    @property
    def profile(self) -> Profile:
        """The profile as it is to be saved."""
        return replace(self._profile, name=self.name.text().strip())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        layout = self.layout()
        if layout is not None:
            # Lines that wrap and a picture that turns: the height is known once the width is.
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _check(self, name: str) -> None:
        self.accept_button.setEnabled(bool(name.strip()))


def _line(text: str) -> QLabel:
    line = QLabel(text)
    line.setWordWrap(True)
    return line
