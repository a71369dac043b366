"""Owns the route as a picture: who is joined to whom, through what, and where it breaks.

It stands side by side where there is room, else one under another.
"""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, QVariantAnimation
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from bascule.errors import Problem
from bascule.events import RelayState
from bascule.spec.relays import RelaySpec
from bascule_desktop.models.row_text import trouble
from bascule_desktop.route_nodes import (
    NodeKind,
    Privacy,
    RouteNode,
    failed_node,
    route_nodes,
)
from bascule_desktop.store import Row
from bascule_desktop.theme import GRID, Theme
from bascule_desktop.views.route_paint import NodeState, Pulse, RoutePainter

PULSE_MILLISECONDS = 180

_LEAST_BOX = 96
_WIDEST_BOX = 200
_BASCULE = 44
_EDGE = 6
"""Room for the marks that stand out of a box."""
_LEAST_GAP = 32
_WIDEST_GAP = 120


def node_states(nodes: list[RouteNode], row: Row) -> list[NodeState]:
    """How each node stands, from the row's state, its problem and its connections."""
    state = row.status.state
    problem = trouble(row)
    if problem is not None and state is not RelayState.STOPPED:
        return _broken_states(nodes, problem)
    if state in (RelayState.STOPPED, RelayState.STOPPING):
        return [NodeState.IDLE] * len(nodes)
    if any(one.connected for one in row.connections.values()):
        return [NodeState.REACHED] * len(nodes)
    if row.connections or state in (RelayState.STARTING, RelayState.WAITING):
        return [NodeState.TRYING] * len(nodes)
    return [NodeState.READY] * len(nodes)


def _broken_states(nodes: list[RouteNode], problem: Problem) -> list[NodeState]:
    """Bascule is in the middle and looks both ways: what lies behind the break is not known."""
    broken = failed_node(nodes, problem)
    centre = next(i for i, node in enumerate(nodes) if node.kind is NodeKind.BASCULE)
    states: list[NodeState] = []
    for index in range(len(nodes)):
        if index == broken:
            states.append(NodeState.BROKEN)
        elif (broken > centre and index > broken) or (broken < centre and index < broken):
            states.append(NodeState.UNKNOWN)
        elif min(broken, centre) < index < max(broken, centre):
            states.append(NodeState.REACHED)
        else:
            states.append(NodeState.READY)
    return states


class RoutePicture(QWidget):
    """The picture of one relay's route. ``show_route`` without a row shows a plan."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("route")
        self._theme = theme
        self._spec: RelaySpec | None = None
        self._nodes: list[RouteNode] = []
        self._states: list[NodeState] = []
        self._pulse: Pulse | None = None
        self._moved = (0, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(PULSE_MILLISECONDS)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._on_pulse)
        self._animation.finished.connect(self._end_pulse)
        theme.changed.connect(self.update)

    def show_route(self, spec: RelaySpec, row: Row | None = None) -> None:
        """Show a spec; with a row also how its parts stand now."""
        if spec != self._spec:
            self._spec = spec
            self._nodes = route_nodes(spec)
            self._states = []
            self._moved = (row.up, row.down) if row is not None else (0, 0)
            self._animation.stop()
            self._pulse = None
            self._fit()
        states = (
            node_states(self._nodes, row)
            if row is not None
            else [NodeState.READY] * len(self._nodes)
        )
        if states != self._states:
            self._states = states
            self.setAccessibleName(self._described())
            self.update()

    def show_traffic(self, up: int, down: int) -> None:
        """Let the lines pulse where the counters of bytes moved on since the last time."""
        before, self._moved = self._moved, (up, down)
        moved_up, moved_down = up > before[0], down > before[1]
        if not (moved_up or moved_down) or not self._theme.motion or not self.isVisible():
            return
        if self._animation.state() is not QVariantAnimation.State.Running:
            self._pulse = Pulse(0.0, moved_up, moved_down)
            self._animation.start()

    def _on_pulse(self, way: object) -> None:
        if self._pulse is not None and isinstance(way, float):
            self._pulse = Pulse(way, self._pulse.up, self._pulse.down)
            self.update()

    def _end_pulse(self) -> None:
        self._pulse = None
        self.update()

    # words --------------------------------------------------------------------------------------

    def _described(self) -> str:
        parts: list[str] = []
        for node, state in zip(self._nodes, self._states, strict=True):
            said = f"{node.label} {node.detail}".strip()
            if state is NodeState.BROKEN:
                said = self.tr("{node} (the route breaks here)").format(node=said)
            parts.append(said)
        return self.tr("Route: {nodes}").format(nodes=" → ".join(parts))

    def _tip(self, node: RouteNode, state: NodeState) -> str:
        lines = [f"{node.label} {node.detail}".strip()]
        match state:
            case NodeState.REACHED:
                lines.append(self.tr("Reached"))
            case NodeState.TRYING:
                lines.append(self.tr("Being tried"))
            case NodeState.BROKEN:
                lines.append(self.tr("The route breaks here"))
            case NodeState.UNKNOWN:
                lines.append(self.tr("Not known while the route is broken"))
            case _:
                pass
        if node.privacy is Privacy.ENCRYPTED:
            lines.append(self.tr("Encrypted with TLS"))
        elif node.privacy is Privacy.UNVERIFIED:
            lines.append(self.tr("Encrypted, but the certificate is not verified"))
        return "\n".join(lines)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            for node, state, box in zip(self._nodes, self._states, self._boxes(), strict=True):
                if box.contains(QPointF(event.pos())):
                    QToolTip.showText(event.globalPos(), self._tip(node, state), self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    # geometry -----------------------------------------------------------------------------------

    def _abreast(self, width: int) -> bool:
        boxes = len(self._nodes) - 1
        return width >= boxes * (_LEAST_BOX + _LEAST_GAP) + _BASCULE + 2 * _EDGE

    def _box_height(self, *, abreast: bool) -> int:
        lines = 2 * QFontMetrics(self.font()).height()
        return lines + 24 + 4 * GRID - 4 if abreast else lines + 2 * GRID

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        if self._abreast(width):
            return self._box_height(abreast=True) + GRID
        boxes = max(len(self._nodes) - 1, 0)
        return boxes * (self._box_height(abreast=False) + 4 * GRID) + _BASCULE + GRID

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, self.heightForWidth(max(self.width(), 1)))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(self.width(), 1)))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # Not left to height-for-width alone: dialogs and scroll areas ask for it too early.
        high = self.heightForWidth(self.width())
        if high != self.minimumHeight():
            self.setFixedHeight(high)

    def _boxes(self) -> list[QRectF]:
        boxes = len(self._nodes) - 1
        if boxes < 1:
            return []
        if not self._abreast(self.width()):
            return self._stacked()
        room = self.width() - _BASCULE - 2 * _EDGE
        wide = min(max((room - boxes * _LEAST_GAP) / boxes, _LEAST_BOX), _WIDEST_BOX)
        gap = min((room - boxes * wide) / boxes, _WIDEST_GAP)
        left = (self.width() - _BASCULE - boxes * (wide + gap)) / 2
        high = self._box_height(abreast=True)
        found: list[QRectF] = []
        for node in self._nodes:
            width = _BASCULE if node.kind is NodeKind.BASCULE else wide
            found.append(QRectF(left, GRID, width, high))
            left += width + gap
        return found

    def _stacked(self) -> list[QRectF]:
        high, gap = self._box_height(abreast=False), 4 * GRID
        wide = min(self.width() - GRID, 360)
        left = (self.width() - wide) / 2
        top = float(GRID)
        found: list[QRectF] = []
        for node in self._nodes:
            height = _BASCULE if node.kind is NodeKind.BASCULE else high
            found.append(QRectF(left, top, wide, height))
            top += height + gap
        return found

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        parts = RoutePainter(painter, self._theme, self.font())
        boxes = self._boxes()
        abreast = self._abreast(self.width())
        centre = next((i for i, node in enumerate(self._nodes) if node.kind is NodeKind.BASCULE), 0)
        for index in range(1, len(boxes)):
            # The state of a stretch is that of its end away from Bascule.
            state = self._states[index if index > centre else index - 1]
            line = _between(boxes[index - 1], boxes[index], abreast=abreast)
            privacy = self._nodes[index].privacy
            parts.line(line.p1(), line.p2(), state, privacy, self._pulse)
        for node, state, box in zip(self._nodes, self._states, boxes, strict=True):
            parts.box(node, box, state, flat=not abreast)
        painter.end()


def _between(first: QRectF, second: QRectF, *, abreast: bool) -> QLineF:
    if abreast:
        y = first.center().y()
        return QLineF(first.right() + 3, y, second.left() - 3, y)
    x = first.center().x()
    return QLineF(x, first.bottom() + 3, x, second.top() - 3)
