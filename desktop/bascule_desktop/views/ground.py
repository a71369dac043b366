"""Owns what lines of painted lists have in common: what is behind a line."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle

from bascule_desktop.theme import GRID, Theme


def paint_ground(painter: QPainter, theme: Theme, line: QRect, state: QStyle.StateFlag) -> None:
    """Paint behind a line that it is chosen, pointed at or has the keyboard; else nothing. Pen and
    brush are others afterwards.
    """
    selected = bool(state & QStyle.StateFlag.State_Selected)
    hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    focused = bool(state & QStyle.StateFlag.State_HasFocus)
    colours = theme.colours
    ground = QRectF(line).adjusted(GRID, 1, -GRID, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if selected or hovered:
        painter.setBrush(QColor(colours.accent_soft if selected else colours.hover))
        painter.drawRoundedRect(ground, 8, 8)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 7, 7)
