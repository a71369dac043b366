"""Owns the button of a hint, wherever a problem is explained: it copies what is to be copied, and
says so; everything else it leaves to those who know what to do.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from bascule_desktop.messages import ActionHint, HintKind
from bascule_desktop.theme import Theme
from bascule_desktop.views.copying import CopyingButton


class HintButton(CopyingButton):
    """The button. ``taken`` carries a hint that is not for copying, when it is pressed."""

    taken = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._hint: ActionHint | None = None
        self.clicked.connect(self._act)

    def offer(self, hint: ActionHint, label: str = "") -> None:
        """Offer a hint, under its own label or another one."""
        self._hint = hint
        self.wear(label or hint.label, "copy" if hint.kind is HintKind.COPY else "")

    def _act(self) -> None:
        if self._hint is None:
            return
        if self._hint.kind is HintKind.COPY:
            self.copy_text(self._hint.value)
        else:
            self.taken.emit(self._hint)
