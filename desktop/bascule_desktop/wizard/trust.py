"""Owns what a person needs after a certificate was made: its files, its fingerprint, how to make
other computers trust it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from bascule.facts import CertificateFacts, CertificateMade
from bascule_desktop.theme import GRID, look
from bascule_desktop.views.combo import ComboBox
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.pieces import CopyLine, form_layout, line, paragraph, push

translate = QCoreApplication.translate


def day(moment: float) -> str:
    """A day as people write it here."""
    date = datetime.fromtimestamp(moment, UTC).date()
    as_qt = QDate(date.year, date.month, date.day)
    return QLocale().toString(as_qt, QLocale.FormatType.LongFormat)


def facts_text(facts: CertificateFacts) -> str:
    """What a certificate says, in a sentence."""
    names = ", ".join(facts.names) or facts.subject
    if facts.expired:
        text = translate("Wizard", "Made out for {names}; it ran out on {day}.")
    else:
        text = translate("Wizard", "Made out for {names}; valid until {day}.")
    return text.format(names=names, day=day(facts.not_after))


def trust_steps(file: str) -> dict[str, str]:
    """How to trust an authority's file, by system, in short steps."""
    quoted = f'"{file}"' if " " in file else file
    return {
        "Windows": translate(
            "Wizard",
            "1. Copy the file to the computer and rename it so that it ends in .crt.\n"
            "2. Double-click it and choose “Install Certificate…”, then “Local Machine”.\n"
            "3. Choose “Place all certificates in the following store”, then “Trusted Root "
            "Certification Authorities”.\n"
            "4. Finish, and restart the browser.",
        ),
        "macOS": translate(
            "Wizard",
            "1. Copy the file to the Mac and double-click it: Keychain Access opens. Add it to "
            "“System”.\n"
            "2. Double-click the new entry there and open “Trust”.\n"
            "3. Choose “Always Trust”, close the window, type your password.",
        ),
        "Linux": translate(
            "Wizard",
            "Copy the file to the computer, then as administrator (Debian, Ubuntu):\n"
            "sudo cp {file} /usr/local/share/ca-certificates/bascule.crt\n"
            "sudo update-ca-certificates",
        ).format(file=quoted),
        "Firefox": translate(
            "Wizard",
            "Firefox keeps its own list.\n"
            "1. Open Settings, “Privacy & Security”, then “View Certificates…”.\n"
            "2. Under “Authorities” choose “Import…”, and take the file.\n"
            "3. Tick “Trust this CA to identify websites”.",
        ),
    }


class TrustPanel(QFrame):
    """The files of a certificate that was just made, and the steps that make others trust it."""

    def __init__(self, context: Context, made: CertificateMade) -> None:
        super().__init__()
        self.made = made
        look(self, card=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(GRID)
        title = QLabel(translate("Wizard", "✓ Your certificate is ready"))
        look(title, heading="section")
        layout.addWidget(title)
        layout.addWidget(paragraph(facts_text(made.facts), muted=True))
        form = form_layout()
        entries = (
            (translate("Wizard", "Authority to trust"), made.authority),
            (translate("Wizard", "Certificate file"), made.certificate),
            (translate("Wizard", "Key file (keep it to yourself)"), made.key),
            (translate("Wizard", "Fingerprint (SHA-256)"), made.facts.fingerprint_sha256),
        )
        for name, text in entries:
            entry = CopyLine(context, text, name)
            label = QLabel(name)
            label.setWordWrap(True)
            label.setFixedWidth(136)
            label.setBuddy(entry.edit)
            form.addRow(label, entry)
        layout.addLayout(form)
        self.systems = ComboBox()
        self._steps = trust_steps(made.authority)
        self.systems.addItems(list(self._steps))
        how = QLabel(translate("Wizard", "Trust it on"))
        how.setBuddy(self.systems)
        self.open = push(translate("Wizard", "Show the folder"), self._open_folder, quiet=True)
        layout.addLayout(line(how, self.systems, self.open))
        self.steps = paragraph()
        layout.addWidget(self.steps)
        self.systems.currentTextChanged.connect(self._tell)
        self._tell(self.systems.currentText())

    def _tell(self, system: str) -> None:
        self.steps.setText(self._steps.get(system, ""))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self.made.authority).parent)))
