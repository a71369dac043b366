"""Owns the fonts that the views derive from the system's: figures of equal width."""

from __future__ import annotations

from PySide6.QtGui import QFont


def tabular(font: QFont) -> QFont:
    """Give the same font with figures of equal width, for numbers that change in place."""
    figures = QFont(font)
    # A Tag and not its name: PySide6 6.12 announces that it takes a str, and does not.
    figures.setFeature(QFont.Tag("tnum"), 1)
    return figures
