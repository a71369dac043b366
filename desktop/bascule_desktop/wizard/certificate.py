"""Owns the part of a page that says which certificate a relay listens with: made, or chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import override

import shiboken6
from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QHostInfo
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from bascule.control.messages import CertificateRequest
from bascule.errors import BasculeError, ErrorCode, Problem
from bascule.facts import CertificateMade
from bascule.spec.codec import Data
from bascule.spec.endpoints import ServerTls
from bascule.spec.fields import FieldKind, Spec, spec, spec_field
from bascule_desktop.messages import explain
from bascule_desktop.sentences import network_addresses
from bascule_desktop.theme import GRID
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.data import get
from bascule_desktop.wizard.editors import ChoiceEditor
from bascule_desktop.wizard.pieces import Note, column, form_layout, heading, line, paragraph, push
from bascule_desktop.wizard.rows import FieldRow, Part
from bascule_desktop.wizard.trust import TrustPanel, facts_text

translate = QCoreApplication.translate

_PATH = "source.tls"


@spec()
class CertificateWish(Spec):
    """What a certificate shall be. The engine knows it as ``CertificateRequest``."""

    names: str = spec_field(FieldKind.TEXT, "names and addresses, separated by commas")
    days: int = spec_field(FieldKind.INTEGER, "days", 397, minimum=1, maximum=825)
    own_authority: bool = spec_field(FieldKind.SWITCH, "signed by the own authority", True)


def proposed_names() -> str:
    """The names under which others may know this computer. Asks no resolver."""
    host = QHostInfo.localHostName()
    found = [host, "localhost", "127.0.0.1", *network_addresses()]
    return ", ".join(dict.fromkeys(name for name in found if name))


class CertificatePart(Part):
    """The certificate of a relay that listens with TLS."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.made: CertificateMade | None = None
        self._made_for: CertificateRequest | None = None
        self.make = QRadioButton(translate("Wizard", "Make one for me"))
        self.choose = QRadioButton(translate("Wizard", "I have the files"))
        group = QButtonGroup(self)
        for button in (self.make, self.choose):
            group.addButton(button)
            button.toggled.connect(self._show)
        self._make_box = self._build_make()
        self._choose_box = self._build_choose()
        layout = column(self, GRID)
        layout.addWidget(heading(translate("Wizard", "Certificate")))
        layout.addLayout(line(self.make, self.choose))
        layout.addWidget(self._make_box)
        layout.addWidget(self._choose_box)
        self.make.setChecked(True)

    def _build_make(self) -> QWidget:
        self.names = FieldRow(
            self.context,
            CertificateWish,
            "names",
            "certificate.names",
            label=translate("Wizard", "Names and addresses"),
        )
        self.names.editor.set_value(proposed_names())
        self.days = FieldRow(
            self.context,
            CertificateWish,
            "days",
            "certificate.days",
            label=translate("Wizard", "Valid for (days)"),
        )
        signers: dict[str, object] = {
            translate("Wizard", "My own certificate authority"): True,
            translate("Wizard", "Nobody else (self-signed)"): False,
        }
        self.signer = FieldRow(
            self.context,
            CertificateWish,
            "own_authority",
            "certificate.own_authority",
            editor=ChoiceEditor(signers),
            label=translate("Wizard", "Signed by"),
        )
        self._make_rows = (self.names, self.days, self.signer)
        form = form_layout()
        for row in self._make_rows:
            row.setParent(self)
            row.edited.connect(self.edited)
            row.left.connect(self.left)
            row.add_to(form)
        self._why = paragraph(
            translate(
                "Wizard",
                "Others trust your own authority once; every certificate you make later is "
                "trusted as well. Write every name and address by which they reach this computer.",
            ),
            muted=True,
        )
        self.make_button = push(translate("Wizard", "Make the certificate"), self._start_making)
        self.context.theme.set_icon(self.make_button, "certificate")
        self.trouble = Note(self.context.theme, tone="problem")
        self.trouble.hide()
        self._panel_place = column()
        self.panel: TrustPanel | None = None
        box = QWidget()
        layout = column(box)
        layout.addLayout(form)
        layout.addWidget(self._why)
        layout.addLayout(line(self.make_button))
        layout.addWidget(self.trouble)
        layout.addLayout(self._panel_place)
        return box

    def _build_choose(self) -> QWidget:
        names = ("certificate", "key", "key_passphrase")
        rows = [
            self.add_row(FieldRow(self.context, ServerTls, name, f"{_PATH}.{name}"))
            for name in names
        ]
        self.certificate, self.key, self.passphrase = rows
        form = form_layout()
        for row in rows:
            row.add_to(form)
        for row in (self.certificate, self.key):
            row.left.connect(self._look)
        self.passphrase.set_visible(False)
        self.said = Note(self.context.theme, icon="certificate")
        self.said.hide()
        box = QWidget()
        layout = column(box)
        layout.addLayout(form)
        layout.addWidget(self.said)
        return box

    # data ---------------------------------------------------------------------------------------

    @override
    def rows(self) -> Iterator[FieldRow]:
        return iter(self._make_rows) if self.make.isChecked() else super().rows()

    @override
    def read(self, data: Data) -> None:
        super().read(data)
        if get(data, f"{_PATH}.certificate"):
            self.choose.setChecked(True)
            self.passphrase.set_visible(bool(self.passphrase.editor.value()))
            self._look()

    @override
    def write(self, data: Data) -> None:
        super().write(data)
        if self.make.isChecked() and self.made is not None:
            tls: Data = data["source"]["tls"]
            tls |= {
                "certificate": self.made.certificate,
                "key": self.made.key,
                "key_passphrase": "",
            }

    @override
    async def prepare(self) -> bool:
        if not self.make.isChecked():
            return True
        return self._made_for == self._request() or await self._make()

    # make ---------------------------------------------------------------------------------------

    def _request(self) -> CertificateRequest:
        names = re.split(r"[\s,;]+", str(self.names.editor.value()))
        days = self.days.editor.value()
        return CertificateRequest(
            tuple(name for name in names if name),
            days if isinstance(days, int) else 0,
            bool(self.signer.editor.value()),
        )

    def _start_making(self) -> None:
        problems = [row for row in self._make_rows if row.check() is not None]
        if not problems:
            self.context.start("make certificate", self._make())

    async def _make(self) -> bool:
        self.trouble.hide()
        request = self._request()
        self.make_button.setEnabled(False)
        try:
            made = await self.context.client.create_certificate(request)
        except BasculeError as exc:
            self._explain(exc.problem)
            return False
        finally:
            if shiboken6.isValid(self.make_button):
                self.make_button.setEnabled(True)
        self._made_for = request
        self._present(made)
        return True

    def _explain(self, problem: Problem) -> None:
        row = {"names": self.names, "days": self.days}.get(problem.field or "")
        if row is not None:
            row.show_problem(problem)
        else:
            self.trouble.set_text(explain(problem).text)

    def _present(self, made: CertificateMade) -> None:
        self.made = made
        if self.panel is not None:
            self.panel.hide()
            self.panel.deleteLater()
        self.panel = TrustPanel(self.context, made)
        self._panel_place.addWidget(self.panel)
        self.make_button.setText(translate("Wizard", "Make another one"))
        self.edited.emit()

    # choose -------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Say what the chosen files hold, or what is wrong with them."""
        certificate = str(self.certificate.editor.value())
        self.said.hide()
        if certificate:
            key = str(self.key.editor.value())
            self.context.start(f"look at {certificate} {key}", self._look_at(certificate, key))

    async def _look_at(self, certificate: str, key: str) -> None:
        try:
            facts = await self.context.client.certificate_facts(certificate, key)
        except BasculeError as exc:
            if exc.code is ErrorCode.KEY_ENCRYPTED:
                self.passphrase.set_visible(True)
                if not self.passphrase.editor.value():
                    self.passphrase.show_problem(exc.problem)
                return
            row = {"key": self.key, "certificate": self.certificate}.get(exc.field or "")
            if row is not None:
                row.show_problem(exc.problem)
            return
        if facts.key_matches is False:
            self.key.show_problem(Problem(ErrorCode.KEY_MISMATCH, "", self.key.path, {"path": key}))
            return
        self.said.set_text(facts_text(facts))

    def _show(self) -> None:
        self._make_box.setVisible(self.make.isChecked())
        self._choose_box.setVisible(self.choose.isChecked())
        self.edited.emit()
