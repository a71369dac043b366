"""Owns which pane comes next when F6 is pressed. It moves the focus and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

type Pane = tuple[QWidget, QWidget]
"""A pane, and what gets the focus in it."""


def change_pane(panes: Sequence[Pane], focused: QWidget | None, step: int) -> None:
    """Focus the pane after the one that has the focus; the innermost one counts."""
    at = 0
    for place, (pane, _) in enumerate(panes):
        if focused is not None and (pane is focused or pane.isAncestorOf(focused)):
            at = place
    panes[(at + step) % len(panes)][1].setFocus(Qt.FocusReason.ShortcutFocusReason)
