"""Owns how the parts of a route are painted: box, line, lock, and what passes along."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from bascule_desktop.colours import ColourName
from bascule_desktop.route_nodes import NodeKind, Privacy, RouteNode
from bascule_desktop.theme import GRID, Theme
from bascule_desktop.views.fonts import tabular


class NodeState(StrEnum):
    """How a node stands, as far as is known."""

    IDLE = "idle"  # the relay is stopped
    READY = "ready"  # nothing has passed yet, nothing speaks against it
    REACHED = "reached"
    TRYING = "trying"
    BROKEN = "broken"
    UNKNOWN = "unknown"  # it lies behind a broken one


_MARKS: dict[NodeState, tuple[str, ColourName]] = {
    NodeState.REACHED: ("check", "running"),
    NodeState.TRYING: ("state-waiting", "waiting"),
    NodeState.BROKEN: ("cross", "problem"),
}
_LINES: dict[NodeState, ColourName] = {
    NodeState.IDLE: "field_line",
    NodeState.READY: "field_line",
    NodeState.REACHED: "running",
    NodeState.TRYING: "waiting",
    NodeState.BROKEN: "problem",
    NodeState.UNKNOWN: "field_line",
}
_DASHED = frozenset({NodeState.TRYING, NodeState.BROKEN, NodeState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Pulse:
    """Bytes on their way: how far (0 … 1), and which ways they go."""

    way: float
    up: bool
    down: bool


class RoutePainter:
    """Paints the parts with one painter, in the theme's colours."""

    def __init__(self, painter: QPainter, theme: Theme, font: QFont) -> None:
        self._painter = painter
        self._theme = theme
        self._bold = tabular(font)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._small = tabular(font)
        self._small.setPointSizeF(font.pointSizeF() * 0.9)

    def box(self, node: RouteNode, area: QRectF, state: NodeState, *, flat: bool) -> None:
        """Paint a node; ``flat`` puts icon and words beside one another."""
        if node.kind is NodeKind.BASCULE:
            self._mark_of_bascule(area, state)
            return
        colours = self._theme.colours
        broken = state is NodeState.BROKEN
        edge = QColor(colours.problem if broken else colours.line)
        painter = self._painter
        painter.setPen(QPen(edge, 2 if broken else 1))
        painter.setBrush(QColor(colours.problem_soft if broken else colours.window))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 8, 8)
        if flat:
            self._words_beside(node, area)
        else:
            self._words_below(node, area)
        if state in _MARKS:
            icon, colour = _MARKS[state]
            self._badge(QPointF(area.right() - 6, area.top() + 6), icon, colour)

    def line(
        self,
        begin: QPointF,
        end: QPointF,
        state: NodeState,
        privacy: Privacy,
        pulse: Pulse | None,
    ) -> None:
        """Paint the stretch to a node, which is in ``state``."""
        painter = self._painter
        pen = QPen(self._theme.colour(_LINES[state]), 2)
        if state in _DASHED:
            pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawLine(begin, end)
        middle = (begin + end) / 2
        if state is NodeState.BROKEN:
            self._badge(middle, "cross", "problem")
        elif privacy is Privacy.ENCRYPTED:
            self._badge(middle, "lock", "running")
        elif privacy is Privacy.UNVERIFIED:
            self._badge(middle, "lock-open", "waiting")
        if pulse is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            if pulse.up:
                painter.setBrush(self._theme.colour("up"))
                painter.drawEllipse(begin + (end - begin) * pulse.way, 4, 4)
            if pulse.down:
                painter.setBrush(self._theme.colour("down"))
                painter.drawEllipse(end + (begin - end) * pulse.way, 4, 4)

    def _badge(self, centre: QPointF, icon: str, colour: ColourName) -> None:
        painter = self._painter
        painter.setPen(QPen(self._theme.colour(colour), 1))
        painter.setBrush(QColor(self._theme.colours.card))
        painter.drawEllipse(centre, 10, 10)
        self._theme.paint(painter, icon, QRectF(centre.x() - 7, centre.y() - 7, 14, 14), colour)

    def _mark_of_bascule(self, area: QRectF, state: NodeState) -> None:
        side = min(area.width(), area.height(), 44)
        centre = area.center()
        mark = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
        painter = self._painter
        if state is NodeState.IDLE:
            painter.setOpacity(0.55)
        self._theme.paint(painter, "app", mark)
        painter.setOpacity(1.0)

    def _words_below(self, node: RouteNode, area: QRectF) -> None:
        icon = QRectF(area.center().x() - 12, area.top() + GRID + 2, 24, 24)
        self._theme.paint(self._painter, node.icon, icon)
        words = area.adjusted(GRID / 2, 0, -GRID / 2, 0)
        top = icon.bottom() + GRID / 2
        centred = Qt.AlignmentFlag.AlignHCenter
        top = self._text(self._bold, node.label, words, top, "text", centred)
        self._text(self._small, node.detail, words, top, "muted", centred)

    def _words_beside(self, node: RouteNode, area: QRectF) -> None:
        icon = QRectF(area.left() + 12, area.center().y() - 12, 24, 24)
        self._theme.paint(self._painter, node.icon, icon)
        words = area.adjusted(48, 0, -2 * GRID, 0)
        high = QFontMetricsF(self._bold).height() + QFontMetricsF(self._small).height()
        left = Qt.AlignmentFlag.AlignLeft
        top = area.center().y() - high / 2
        top = self._text(self._bold, node.label, words, top, "text", left)
        self._text(self._small, node.detail, words, top, "muted", left)

    def _text(
        self,
        font: QFont,
        text: str,
        words: QRectF,
        top: float,
        colour: ColourName,
        align: Qt.AlignmentFlag,
    ) -> float:
        """Paint one line of words; where the next one begins."""
        line_height = QFontMetricsF(font).height()
        if QFontMetricsF(font).horizontalAdvance(text) > words.width():
            font = QFont(font)
            font.setPointSizeF(self._small.pointSizeF())
        metrics = QFontMetricsF(font)
        self._painter.setFont(font)
        self._painter.setPen(self._theme.colour(colour))
        line = QRectF(words.left(), top, words.width(), line_height)
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, line.width())
        self._painter.drawText(line, int(align | Qt.AlignmentFlag.AlignVCenter), elided)
        return line.bottom()
