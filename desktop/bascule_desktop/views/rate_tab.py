"""Owns the tab of the rate: the chart, and the figures of now and in all."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bascule_desktop import format as figures
from bascule_desktop.colours import ColourName
from bascule_desktop.store import Row
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.fonts import tabular
from bascule_desktop.views.rate_chart import RateChart


class RateTab(QWidget):
    """Rates and counters of one relay."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = RateChart(theme)
        self.up = _Figure(theme, "up", "up", self.tr("Up"))
        self.down = _Figure(theme, "down", "down", self.tr("Down"))
        row = QHBoxLayout()
        row.setSpacing(4 * GRID)
        row.addWidget(self.up)
        row.addWidget(self.down)
        row.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 12, 0, 0)
        whole.setSpacing(GRID)
        whole.addLayout(row)
        whole.addWidget(self.chart, 1)

    def show_row(self, row: Row) -> None:
        """Show the figures as they are now."""
        self.up.show_figures(row.rate_up, row.up)
        self.down.show_figures(row.rate_down, row.down)
        self.chart.show_history(row.history, time.time())


class _Figure(QWidget):
    """One way: its arrow, its rate now, and all of it since the start."""

    def __init__(self, theme: Theme, icon: str, colour: ColourName, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._drawn: tuple[str, ColourName] = (icon, colour)
        self._icon = QLabel()
        self._name = QLabel(name)
        self.rate = QLabel()
        self.rate.setObjectName(f"rate_{icon}")
        look(self.rate, heading="section")
        self.rate.setFont(tabular(self.rate.font()))
        self.total = QLabel()
        self.total.setObjectName(f"total_{icon}")
        look(self.total, muted=True)
        self.total.setFont(tabular(self.total.font()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for label in (self._icon, self._name, self.rate, self.total):
            row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self._draw)
        self._draw()

    def show_figures(self, rate: float, total: int) -> None:
        self.rate.setText(figures.rate(rate))
        self.total.setText(self.tr("{size} in all").format(size=figures.size(total)))
        self.total.setToolTip(figures.exact_bytes(total))

    def _draw(self) -> None:
        icon, colour = self._drawn
        self._icon.setPixmap(self._theme.pixmap(icon, 16, colour, self.devicePixelRatioF()))
