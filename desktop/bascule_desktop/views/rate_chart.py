"""Owns the picture of the last five minutes: bytes per second up and down over time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import override

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from bascule_desktop import format as figures
from bascule_desktop.colours import ColourName
from bascule_desktop.store import HISTORY_SECONDS, RateSample
from bascule_desktop.theme import GRID, Theme
from bascule_desktop.views.fonts import tabular

_LINES = 4
_LEAST_TOP = 2000.0
"""The axis never ends below 2 kB/s: a few bytes shall not look like a mountain."""


def axis_top(highest: float) -> float:
    """The end of the axis, not below ``highest``: 2, 4 or 8 times a power of ten, so that a
    quarter of it is a round figure.
    """
    top = _LEAST_TOP
    while True:
        for factor in (1, 2, 4):
            if top * factor >= highest:
                return top * factor
        top *= 10


class RateChart(QWidget):
    """The chart. ``show_history`` is called as samples come; it paints up to ``now``."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rate_chart")
        self._theme = theme
        self._history: Sequence[RateSample] = ()
        self._now = time.time()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)
        theme.changed.connect(self.update)
        self.show_history((), self._now)

    def show_history(self, history: Sequence[RateSample], now: float) -> None:
        """Show these samples; the right edge is ``now``."""
        self._history = history
        self._now = now
        highest_up = max((sample.up_rate for sample in history), default=0.0)
        highest_down = max((sample.down_rate for sample in history), default=0.0)
        self.setAccessibleName(
            self.tr("Rate over the last five minutes: at most {up} up and {down} down").format(
                up=figures.rate(highest_up), down=figures.rate(highest_down)
            )
        )
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, 200)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = tabular(self.font())
        small.setPointSizeF(self.font().pointSizeF() * 0.85)
        painter.setFont(small)
        highest = max(
            (max(sample.up_rate, sample.down_rate) for sample in self._history), default=0.0
        )
        top = axis_top(highest)
        area = self._paint_axes(painter, small, top)
        painter.setClipRect(area.adjusted(0, -2, 0, 2))
        self._paint_way(painter, area, top, [(s.at, s.down_rate) for s in self._history], "down")
        self._paint_way(painter, area, top, [(s.at, s.up_rate) for s in self._history], "up")
        painter.end()

    def _paint_axes(self, painter: QPainter, font: QFont, top: float) -> QRectF:
        """Paint lines and figures; the rectangle that is left for the rates."""
        metrics = QFontMetricsF(font)
        power = figures.power_of(top)
        said = [
            f"{figures.scaled(top * i / _LINES, power)}\N{NO-BREAK SPACE}{figures.rate_unit(power)}"
            for i in range(_LINES + 1)
        ]
        left = max(metrics.horizontalAdvance(text) for text in said) + GRID
        line = metrics.height()
        area = QRectF(self.rect()).adjusted(left, line / 2 + 1, -GRID, -line - GRID)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for i, text in enumerate(said):
            y = round(area.bottom() - area.height() * i / _LINES) + 0.5
            painter.setPen(QPen(self._theme.colour("field_line" if i == 0 else "line"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(self._theme.colour("muted"))
            painter.drawText(QRectF(0, y - line / 2, left - GRID, line), right, text)
        minutes = int(HISTORY_SECONDS / 60)
        for minute in range(minutes + 1):
            x = area.right() - area.width() * minute / minutes
            text = self.tr("{minutes} min").format(minutes=-minute) if minute else self.tr("now")
            width = metrics.horizontalAdvance(text)
            at = min(max(x - width / 2, area.left()), area.right() - width)
            painter.drawText(QPointF(at, area.bottom() + GRID / 2 + metrics.ascent()), text)
        return area

    def _paint_way(
        self,
        painter: QPainter,
        area: QRectF,
        top: float,
        rates: list[tuple[float, float]],
        colour: ColourName,
    ) -> None:
        if not rates:
            return
        begin = self._now - HISTORY_SECONDS
        points = [
            QPointF(
                area.left() + area.width() * (at - begin) / HISTORY_SECONDS,
                area.bottom() - area.height() * rate / top,
            )
            for at, rate in rates
        ]
        # Before the first sample nothing moved; after the last one it is as it was.
        points.insert(0, QPointF(points[0].x(), area.bottom()))
        points.append(QPointF(area.right(), points[-1].y()))
        ground = QPolygonF([*points, QPointF(area.right(), area.bottom())])
        wash = QColor(self._theme.colour(colour))
        wash.setAlphaF(0.12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(wash)
        painter.drawPolygon(ground)
        pen = QPen(self._theme.colour(colour), 1.75)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
