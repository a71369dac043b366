"""Owns the picture of a QR code: dark on light in either theme, each module a whole number of the
screen's points.
"""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bascule.qr_code import Modules, modules

_LONGEST_SIDE = 205


class QrPicture(QWidget):
    """The code of a text, which is also its description for those who do not see it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._rows: Modules = ()
        self.setAccessibleName(self.tr("QR code of the link"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show the code of a text."""
        if text != self._text:
            self._text = text
            self._rows = modules(text)
            self.setAccessibleDescription(text)
            self.updateGeometry()
            self.update()

    @override
    def sizeHint(self) -> QSize:
        count = len(self._rows) or 1
        side = count * max(_LONGEST_SIDE // count, 2)
        return QSize(side, side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)  # a reader needs a light border
        if not self._rows:
            return
        ratio = self.devicePixelRatioF()
        side = int(self.width() * ratio)
        points = side // len(self._rows)
        margin = (side - points * len(self._rows)) // 2
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    left, top = margin + x * points, margin + y * points
                    module = QRectF(left / ratio, top / ratio, points / ratio, points / ratio)
                    painter.fillRect(module, Qt.GlobalColor.black)
