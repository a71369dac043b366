"""Owns the dialog that says how others trust the certificate of a relay that is there already."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from bascule.facts import CertificateFacts
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.pieces import paragraph
from bascule_desktop.wizard.trust import TrustSteps, facts_text


class TrustDialog(QDialog):
    """What the certificate says, then the file to hand out and the steps; where somebody else has
    signed it, whom to ask.
    """

    def __init__(
        self,
        facts: CertificateFacts,
        link: EngineLink,
        theme: Theme,
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trust_dialog")
        self.setWindowTitle(self.tr("How others trust the certificate"))
        self.setMinimumWidth(600)
        title = QLabel(self.windowTitle())
        look(title, heading="title")
        title.setWordWrap(True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(12)
        whole.addWidget(title)
        whole.addWidget(paragraph(facts_text(facts), muted=True))
        self.steps: TrustSteps | None = None
        if facts.authority:
            context = Context(link, theme, tasks, self)
            self.steps = TrustSteps(context, facts, facts.authority)
            whole.addWidget(self.steps)
        else:
            self.others = paragraph(
                self.tr(
                    "{issuer} signed it: computers that trust {issuer} accept it as it is. Where a "
                    "browser warns, ask whoever gave you the files for the certificate of {issuer}."
                ).format(issuer=facts.issuer)
            )
            whole.addWidget(self.others)
        whole.addStretch(1)
        whole.addSpacing(GRID)
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        whole.addWidget(buttons)
