"""Owns what a person needs so that others trust a certificate: the file to hand out, the steps on
each system, and after it was made its files and its fingerprint.
"""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication, QDate, QLocale, QStandardPaths
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from bascule.facts import CertificateFacts, CertificateMade
from bascule.whole_file import ORDINARY, replace_file
from bascule_desktop.dialogs import choose_file
from bascule_desktop.folders import show_folder
from bascule_desktop.theme import GRID, look
from bascule_desktop.threads import beside
from bascule_desktop.views.combo import ComboBox
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.pieces import CopyLine, column, form_layout, line, paragraph, push

translate = QCoreApplication.translate

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


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


def copy_certificate(source: Path, to: Path) -> None:
    """Write the first certificate of a PEM file to another; a key in the same file stays behind.

    Raises: OSError, ValueError where there is none.
    """
    found = _CERTIFICATE.search(source.read_bytes())
    if found is None:
        raise ValueError(f"{source.name} holds no certificate")
    replace_file(to, (found[0], b"\n"), mode=ORDINARY)


def trust_steps(file: str) -> dict[str, str]:
    """How to trust the file of that name, by system, in short steps."""
    return {
        "Windows": translate(
            "Wizard",
            "1. Copy the file to the computer and double-click it.\n"
            "2. Choose “Install Certificate…”, then “Local Machine”.\n"
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
            "sudo cp {file} /usr/local/share/ca-certificates/\n"
            "sudo update-ca-certificates",
        ).format(file=shlex.quote(file)),
        "Firefox": translate(
            "Wizard",
            "Firefox keeps its own list.\n"
            "1. Open Settings, “Privacy & Security”, then “View Certificates…”.\n"
            "2. Under “Authorities” choose “Import…”, and take the file.\n"
            "3. Tick “Trust this CA to identify websites”.",
        ),
    }


class TrustSteps(QWidget):
    """The file that others are to trust, to be saved for them, and what they do with it."""

    def __init__(self, context: Context, facts: CertificateFacts, authority: str) -> None:
        super().__init__()
        self._context = context
        self._authority = Path(authority)
        self._saved: Path | None = None
        if facts.self_signed:
            why = translate(
                "Wizard",
                "Browsers warn until their computer trusts this certificate. Save it for the "
                "others: on each computer it is accepted once.",
            )
        else:
            why = translate(
                "Wizard",
                "Browsers warn until their computer trusts your own authority. Save its file for "
                "the others: on each computer it is accepted once. Certificates that you make "
                "later are then trusted as well.",
            )
        self.save = push(translate("Wizard", "Save the file for others…"), self._start_saving)
        self.save.setObjectName("save_authority")
        context.theme.set_icon(self.save, "export")
        self.open = push(translate("Wizard", "Show the folder"), self._open_folder, quiet=True)
        self.open.hide()
        self.said = paragraph(muted=True)
        self.said.hide()
        self.systems = ComboBox()
        self._steps = trust_steps(self._file_name)
        self.systems.addItems(list(self._steps))
        how = QLabel(translate("Wizard", "Trust it on"))
        how.setBuddy(self.systems)
        self.steps = paragraph()
        layout = column(self)
        layout.addWidget(paragraph(why))
        layout.addLayout(line(self.save, self.open))
        layout.addWidget(self.said)
        layout.addLayout(line(how, self.systems))
        layout.addWidget(self.steps)
        self.systems.currentTextChanged.connect(self._tell)
        self._tell(self.systems.currentText())

    @property
    def _file_name(self) -> str:
        return f"{self._authority.stem}.crt"  # what Windows opens on a double-click

    def _tell(self, system: str) -> None:
        self.steps.setText(self._steps.get(system, ""))

    def _start_saving(self) -> None:
        self._context.start("save authority", self._save())

    async def _save(self) -> None:
        path = await choose_file(
            self.window(),
            translate("Wizard", "Save the file for others"),
            translate("Wizard", "Certificates (*.crt)"),
            save=True,
            suggested=str(_downloads() / self._file_name),
        )
        if path is None:
            return
        try:
            await beside(copy_certificate, self._authority, path)
        except (OSError, ValueError) as exc:
            why = (exc.strerror if isinstance(exc, OSError) else None) or str(exc)
            said = translate("Wizard", "The file could not be saved: {why}.").format(why=why)
        else:
            self._saved = path
            said = translate("Wizard", "Saved as {file}. It holds nothing secret.")
            said = said.format(file=path)
        if shiboken6.isValid(self):
            self.said.setText(said)
            self.said.show()
            self.open.setVisible(self._saved is not None)

    def _open_folder(self) -> None:
        if self._saved is not None:
            show_folder(self._saved)


def _downloads() -> Path:
    """Where people look for a file that they have saved."""
    where = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    return Path(where) if Path(where).is_dir() else Path.home()


class TrustPanel(QFrame):
    """A certificate that was just made: how others trust it, and its files."""

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
        self.steps = TrustSteps(context, made.facts, made.authority)
        layout.addWidget(self.steps)
        layout.addSpacing(GRID)
        form = form_layout()
        entries = (
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
