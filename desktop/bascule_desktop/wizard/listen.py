"""Owns the part of a page that says where a relay listens, and who may come."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QWidget

from bascule.errors import BasculeError
from bascule.spec.codec import Data
from bascule.spec.endpoints import TcpListen
from bascule.spec.fields import parse_host
from bascule.spec.relays import RelaySpec
from bascule_desktop.theme import GRID
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.editors import Editor
from bascule_desktop.wizard.pieces import Note, column, form_layout, heading, line
from bascule_desktop.wizard.rows import FieldRow, Part

translate = QCoreApplication.translate

THIS_COMPUTER = "127.0.0.1"
EVERY_ADDRESS = "0.0.0.0"


class ReachEditor(Editor):
    """Who can reach the relay: this computer, the network, or one address. Its value is a host."""

    label_offset = 4

    def __init__(self) -> None:
        holder = QWidget()
        super().__init__(holder)
        self.this = QRadioButton(translate("Wizard", "This computer only"))
        self.network = QRadioButton(translate("Wizard", "My network"))
        self.certain = QRadioButton(translate("Wizard", "A certain address of this computer"))
        self.address = QLineEdit()
        self.address.setObjectName("source.host.address")
        self.address.setAccessibleName(translate("Wizard", "Address to listen on"))
        self.address.setPlaceholderText("192.168.1.5")
        self.address.setMaximumWidth(220)
        group = QButtonGroup(self)
        layout = column(holder, spacing=4)
        for button in (self.this, self.network, self.certain):
            group.addButton(button)
            button.toggled.connect(self._changed)
        layout.addWidget(self.this)
        layout.addWidget(self.network)
        layout.addLayout(line(self.certain, self.address))
        self.input = self.this
        self.setFocusProxy(self.this)
        self.this.setChecked(True)
        self.address.textChanged.connect(self.edited)
        self.address.editingFinished.connect(self.left)
        self._changed()

    @override
    def value(self) -> object:
        if self.network.isChecked():
            return EVERY_ADDRESS
        return self.address.text().strip() if self.certain.isChecked() else THIS_COMPUTER

    @override
    def set_value(self, value: object) -> None:
        if value == THIS_COMPUTER:
            self.this.setChecked(True)
        elif value == EVERY_ADDRESS:
            self.network.setChecked(True)
        else:
            self.address.setText(str(value or ""))
            self.certain.setChecked(True)

    @override
    def set_hint(self, hint: str) -> None:
        self.address.setToolTip(hint)

    @override
    def set_invalid(self, invalid: bool) -> None:
        self.address.setProperty("invalid", invalid)
        self.address.style().polish(self.address)

    def _changed(self) -> None:
        self.address.setVisible(self.certain.isChecked())
        self.edited.emit()


class ListenPart(Part):
    """Port and reach of a relay that listens, and its allow-list where others can reach it."""

    def __init__(self, context: Context, first_port: int) -> None:
        super().__init__(context)
        self._first_port = first_port
        self._proposed: object = ""
        self._kept = False
        self.port = self.add_row(FieldRow(context, TcpListen, "port", "source.port"))
        self.reach = ReachEditor()
        self.host = self.add_row(
            FieldRow(
                context,
                TcpListen,
                "host",
                "source.host",
                editor=self.reach,
                label=translate("Wizard", "Who can reach it"),
            )
        )
        self.host.editor.input.setAccessibleName("")  # the radio button's own words
        self.allow = self.add_row(FieldRow(context, RelaySpec, "allow", "allow"))
        self.open_note = Note(
            context.theme,
            translate(
                "Wizard",
                "Everybody on your network will be able to connect. Say who may, or leave it so "
                "if you trust everyone there.",
            ),
            "waiting",
        )
        form = form_layout()
        for row in (self.port, self.host, self.allow):
            row.add_to(form)
        layout = column(self, GRID)
        layout.addWidget(heading(translate("Wizard", "Listen on this computer")))
        layout.addLayout(form)
        layout.addWidget(self.open_note)
        self.edited.connect(self._tell)
        self._tell()

    @property
    def exposed(self) -> bool:
        """Whether other computers can reach it."""
        address = parse_host(str(self.reach.value()))
        return self.reach.value() != "" and (address is None or not address.is_loopback)

    def use_port(self, port: str) -> None:
        """Listen on another port."""
        self.port.editor.set_value(port)
        self.port.show_problem(None)

    def propose(self) -> None:
        """Fill in a free port while nobody has typed one."""
        self.context.start("propose port", self._propose())

    @override
    def write(self, data: Data) -> None:
        super().write(data)
        if not self.limited:
            data["allow"] = []

    @override
    def read(self, data: Data) -> None:
        super().read(data)
        self._kept = not self.exposed and bool(self.allow.editor.value())
        self._tell()

    @property
    def limited(self) -> bool:
        """Whether the allow-list counts: where others can come, or where a profile has one."""
        return self.exposed or self._kept

    async def _propose(self) -> None:
        port = self._first_port
        try:
            port = await self.context.client.free_port(str(self.reach.value()), port)
        except BasculeError:
            pass  # a proposal only: the test tells, should it be taken
        if self.port.editor.value() in ("", self._proposed):
            self._proposed = port
            self.port.editor.propose(port)
            self.proposed.emit(self.port.path, port)

    def _tell(self) -> None:
        self.allow.set_visible(self.limited)
        self.open_note.setVisible(self.exposed and not self.allow.editor.value())
