"""Owns the addresses under the route: what to type to use the relay, each with a copy button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from bascule_desktop.messages import ActionHint
from bascule_desktop.sentences import Hint
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.copying import CopyButton
from bascule_desktop.views.elided import ElidedLabel
from bascule_desktop.views.flow import Flow
from bascule_desktop.views.hint_button import HintButton


class Addresses(QFrame):
    """The addresses, one a line; hidden where there is none. ``hint_taken`` is what may help where
    nobody gets through.
    """

    hint_taken = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("addresses")
        look(self, card=True)
        self._theme = theme
        self._shown: tuple[list[Hint], ActionHint | None, ActionHint | None] = ([], None, None)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def show_hints(
        self,
        hints: list[Hint],
        firewall: ActionHint | None = None,
        trust: ActionHint | None = None,
    ) -> None:
        """Show what can be typed, and what helps where no other computer gets through, or one warns
        of the certificate.
        """
        if (hints, firewall, trust) == self._shown:
            return
        self._shown = (hints, firewall, trust)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        before = ""
        for line, hint in enumerate(hints):
            label = QLabel(hint.label if hint.label != before else "")
            before = hint.label
            look(label, muted=True)
            address = ElidedLabel(hint.command)
            address.setObjectName("address")
            look(address, mono=True)
            copy = CopyButton(self._theme)
            copy.setObjectName("copy_address")
            copy.set_text(hint.command, hint.command)
            self._grid.addWidget(label, line, 0)
            self._grid.addWidget(address, line, 1)
            self._grid.addWidget(copy, line, 2)
        helps = (
            ("firewall", self.tr("No answer from there?"), firewall),
            ("trust", self.tr("A warning there?"), trust),
        )
        for line, (name, question, hint) in enumerate(helps, len(hints)):
            if hints and hint is not None:
                self._add_help(line, name, question, hint)
        self.setVisible(bool(hints))

    def _add_help(self, line: int, name: str, question: str, hint: ActionHint) -> None:
        """Add a line with a question, and the button that helps: below it where it is narrow."""
        row = QWidget()
        flow = Flow(row)
        label = QLabel(question)
        look(label, muted=True)
        button = HintButton(self._theme)
        button.offer(hint)
        button.setObjectName(name)
        button.setToolTip(hint.value)
        look(button, quiet=True)
        button.taken.connect(self.hint_taken)
        flow.addWidget(label)
        flow.addWidget(button)
        self._grid.addWidget(row, line, 0, 1, 3)
