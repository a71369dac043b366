"""Owns how a line of the relay list is painted, and the switch in it that can be clicked.

Two lines a relay: state mark, name, connections, switch; then what matters now and the rate.
"""

from __future__ import annotations

import time
from typing import override

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bascule.events import RelayState, TransferState
from bascule_desktop import format as figures
from bascule_desktop.models.relay_list import ROW_ROLE
from bascule_desktop.models.row_text import row_line, row_name, shown_state, trouble
from bascule_desktop.store import Row
from bascule_desktop.theme import GRID, Theme, state_mark
from bascule_desktop.transfer_words import percent
from bascule_desktop.views.fonts import tabular
from bascule_desktop.views.ground import paint_ground

type Index = QModelIndex | QPersistentModelIndex

_MARK = 20
_SWITCH = QSize(34, 18)
_BAR = 3
_SWITCH_REACH = 6
"""How far beside the switch a click still means it."""


class RelayDelegate(QStyledItemDelegate):
    """Paints relays and headings; a click on a switch sets the check state of its line."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pressed = QPersistentModelIndex()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetrics(option.font).height()
        if index.data(ROW_ROLE) is None:
            return QSize(0, line + 2 * GRID)
        return QSize(0, 2 * line + 3 * GRID)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Row):
            self._paint_row(painter, option, row)
        else:
            self._paint_heading(painter, option, str(index.data()))
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        rect: QRect = option.rect
        font: QFont = option.font
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * 0.9)
        small.setWeight(QFont.Weight.DemiBold)
        painter.setFont(small)
        painter.setPen(self._theme.colour("muted"))
        area = rect.adjusted(2 * GRID, GRID, -GRID, 0)
        elided = QFontMetrics(small).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), elided
        )

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        rect: QRect = option.rect
        font: QFont = option.font
        state: QStyle.StateFlag = option.state
        paint_ground(painter, self._theme, rect, state)
        inner = rect.adjusted(2 * GRID, GRID, -2 * GRID, -GRID)
        bold = tabular(font)
        bold.setWeight(QFont.Weight.DemiBold)
        small = tabular(font)
        small.setPointSizeF(font.pointSizeF() * 0.92)
        line = QFontMetrics(font).height()
        top = QRect(inner.left(), inner.top(), inner.width(), max(line, _SWITCH.height()))
        below = QRect(inner.left(), inner.bottom() - line, inner.width(), line)

        self._paint_mark(painter, row, QRectF(top.left(), top.center().y() - 9.5, _MARK, _MARK))
        text_left = inner.left() + _MARK + GRID
        right = inner.right()
        if row.profile is not None:
            right = switch_rect(rect).left() - GRID
            self._paint_switch(painter, rect, row)
        if row.recording:
            eye = QRectF(right - 18, top.center().y() - 7.5, 16, 16)
            self._theme.paint(painter, "eye", eye, "accent")
            right = int(eye.left()) - GRID // 2
        if row.connection_count:
            right = self._paint_count(painter, row, small, top, right) - GRID
        painter.setPen(self._theme.colour("text"))
        self._text(
            painter,
            bold,
            row_name(row),
            QRect(text_left, top.top(), right - text_left, top.height()),
        )

        right = inner.right()
        if row.rate_up or row.rate_down:
            rates = figures.rate_pair(row.rate_up, row.rate_down)
            width = QFontMetrics(small).horizontalAdvance(rates)
            painter.setPen(self._theme.colour("text"))
            self._text(painter, small, rates, QRect(right - width, below.top(), width + 1, line))
            right -= width + GRID
        painter.setPen(self._line_colour(row))
        said = row_line(row, time.time())
        self._text(painter, small, said, QRect(text_left, below.top(), right - text_left, line))
        width = below.right() - text_left
        self._paint_progress(painter, row, QRect(text_left, rect.bottom() - 6, width, _BAR))

    def _paint_progress(self, painter: QPainter, row: Row, area: QRect) -> None:
        """Paint a slim bar below, while files are on their way and their size is known."""
        transfer = row.transfer
        if transfer is None or transfer.state is not TransferState.RUNNING:
            return
        done = percent(transfer)
        if done is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(area)
        painter.setBrush(self._theme.colour("line"))
        painter.drawRoundedRect(whole, 1.5, 1.5)
        whole.setWidth(whole.width() * done / 100)
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(whole, 1.5, 1.5)

    def _text(self, painter: QPainter, font: QFont, text: str, area: QRect) -> None:
        painter.setFont(font)
        elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), elided
        )

    def _line_colour(self, row: Row) -> QColor:
        troubled = trouble(row) is not None
        if shown_state(row) is RelayState.WAITING:
            return self._theme.colour("waiting")
        if troubled and row.status.state is RelayState.STARTING:
            return self._theme.colour("waiting")
        return self._theme.colour("problem" if troubled else "muted")

    def _paint_mark(self, painter: QPainter, row: Row, area: QRectF) -> None:
        mark = state_mark(shown_state(row))
        self._theme.paint(painter, mark.icon, area, mark.colour)

    def _paint_count(
        self, painter: QPainter, row: Row, font: QFont, line: QRect, right: int
    ) -> int:
        """Paint how many are connected; where that begins."""
        text = figures.count(row.connection_count)
        width = QFontMetrics(font).horizontalAdvance(text)
        painter.setPen(self._theme.colour("muted"))
        self._text(painter, font, text, QRect(right - width, line.top(), width + 1, line.height()))
        icon = QRectF(right - width - 20, line.center().y() - 7.5, 16, 16)
        self._theme.paint(painter, "connections", icon, "muted")
        return int(icon.left())

    def _paint_switch(self, painter: QPainter, rect: QRect, row: Row) -> None:
        colours = self._theme.colours
        area = QRectF(switch_rect(rect))
        on = row.active
        half = area.height() / 2
        painter.setPen(QPen(QColor(colours.accent_fill if on else colours.field_line), 1))
        painter.setBrush(QColor(colours.accent_fill if on else colours.card))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), half, half)
        x = area.right() - half if on else area.left() + half
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.on_accent if on else colours.field_line))
        painter.drawEllipse(QPointF(x, area.center().y()), half - 3.5, half - 3.5)

    @override
    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        kinds = QEvent.Type
        presses = (kinds.MouseButtonPress, kinds.MouseButtonDblClick)
        row = index.data(ROW_ROLE)
        if not isinstance(event, QMouseEvent) or not isinstance(row, Row) or row.profile is None:
            return False
        rect: QRect = option.rect
        on_switch = reach_rect(rect).contains(event.position().toPoint())
        left = event.button() is Qt.MouseButton.LeftButton
        if event.type() in presses:
            self._pressed = QPersistentModelIndex(index) if left and on_switch else _NONE
            return left and on_switch
        if event.type() is kinds.MouseButtonRelease and left:
            meant = on_switch and self._pressed == index
            self._pressed = _NONE
            if meant:
                toggle(model, index)
            return meant
        return False


_NONE = QPersistentModelIndex()


def switch_rect(rect: QRect) -> QRect:
    """Where the switch of a line is."""
    top = rect.top() + GRID
    return QRect(rect.right() - 2 * GRID - _SWITCH.width(), top, _SWITCH.width(), _SWITCH.height())


def reach_rect(rect: QRect) -> QRect:
    """Where a click means the switch of a line."""
    reach = _SWITCH_REACH
    return switch_rect(rect).adjusted(-reach, -reach, reach, reach)


def toggle(model: QAbstractItemModel, index: Index) -> None:
    """Turn the switch of a line, as a click does."""
    checked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
    wanted = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
    model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)
