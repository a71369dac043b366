"""Owns the card of a file that is handed out: its code for a camera, and how far it has got. The
links themselves stand among the addresses.
"""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bascule.facts import ShareFacts
from bascule_desktop import format as figures
from bascule_desktop.share_words import Links, account, advice
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.copying import CopyTextButton
from bascule_desktop.views.qr_picture import QrPicture


class ShareCard(QFrame):
    """The card; hidden until there is something to hand out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("share")
        look(self, card=True)
        self.code = QrPicture()
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setWordWrap(True)
        look(self.name, heading="section")
        self.advice = QLabel()
        self.advice.setWordWrap(True)
        look(self.advice, muted=True)
        self.account = QLabel()
        self.account.setObjectName("share_account")
        self.account.setWordWrap(True)
        self.copy = CopyTextButton(theme, self.tr("Copy the link"))
        self.copy.setObjectName("copy_link")
        words = QVBoxLayout()
        words.setSpacing(GRID)
        words.addWidget(self.name)
        words.addWidget(self.advice)
        words.addWidget(self.account)
        words.addStretch(1)
        words.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(words, 1)
        self.hide()

    def show_share(self, found: Links, facts: ShareFacts, *, running: bool) -> None:
        """Show what is handed out now, or was until the relay stopped."""
        works = running and bool(found.hints) and not facts.changed
        self.name.setText(f"{facts.name} · {figures.size(facts.size)}")
        self.name.setToolTip(figures.exact_bytes(facts.size))
        self.advice.setText(advice(found))
        self.advice.setVisible(works)
        self.account.setText(account(facts, time.time(), running=running))
        end = figures.moment(facts.ends_at) if running and facts.ends_at is not None else ""
        self.account.setToolTip(end)
        self.code.setVisible(works and not found.here_only)  # a phone is another computer
        self.copy.setVisible(works)
        if works:
            self.code.show_text(found.code)
            self.copy.copied_text = found.hints[0].command
        self.show()
