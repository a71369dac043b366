"""Owns the tab of the connections: who is connected, and closing one."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QKeySequence, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bascule_desktop import format as figures
from bascule_desktop.models.connection_table import Column, ConnectionTable
from bascule_desktop.store import Row
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.fonts import tabular

type Index = QModelIndex | QPersistentModelIndex


class ConnectionsTab(QWidget):
    """The live connections of one relay."""

    close_wanted = Signal(int)
    """A connection is to be ended: its number."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ConnectionTable(self)
        self.table = QTableView()
        self.table.setObjectName("connections")
        self.table.setAccessibleName(self.tr("Connections"))
        self.table.setModel(self.model)
        self.table.setFont(tabular(self.table.font()))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(Column.PEER, QHeaderView.ResizeMode.Stretch)
        for column, width in (
            (Column.SINCE, 110),
            (Column.UP, 88),
            (Column.DOWN, 88),
            (Column.STATE, 104),
            (Column.CLOSE, 44),
        ):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)
        delegate = _CloseDelegate(theme, self.table)
        delegate.clicked.connect(self._close_at)
        self.table.setItemDelegateForColumn(Column.CLOSE, delegate)
        theme.changed.connect(self.table.viewport().update)
        self._close = QAction(self.tr("Close this connection"), self.table)
        self._close.setShortcut(QKeySequence.StandardKey.Delete)
        self._close.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._close.triggered.connect(self._close_selected)
        self.table.addAction(self._close)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.close_button = QPushButton(self.tr("Close this connection"))
        self.close_button.setObjectName("close_connection")
        self.close_button.clicked.connect(self._close_selected)
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        self.none = QLabel()
        self.none.setObjectName("no_connections")
        self.none.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.none.setWordWrap(True)
        look(self.none, muted=True)
        self.more = QLabel()
        look(self.more, muted=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, GRID, 0, 0)
        whole.setSpacing(GRID)
        whole.addWidget(self.none)
        whole.addWidget(self.table, 1)
        whole.addWidget(self.more)
        whole.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._row: Row | None = None
        self._stretch = QWidget()
        whole.addWidget(self._stretch, 1)
        self._say()

    def show_row(self, row: Row) -> None:
        """Show another relay's connections."""
        self._row = row
        self.model.show_row(row)
        self._say()

    def refresh(self) -> None:
        """Take what changed."""
        self.model.refresh()
        self._say()

    def tick(self) -> None:
        """Let the times go on."""
        if self.isVisible():
            self.model.tick()

    def _say(self) -> None:
        any_open = self.model.rowCount() > 0
        running = self._row is not None and self._row.active
        self.table.setVisible(any_open)
        self.none.setVisible(not any_open)
        self._stretch.setVisible(not any_open)
        self.none.setText(
            self.tr("Nobody is connected yet.")
            if running
            else self.tr("Nobody is connected: this relay is stopped.")
        )
        listed = self.model.rowCount()
        in_all = self._row.connection_count if self._row is not None else 0
        self.more.setVisible(in_all > listed > 0)
        self.more.setText(
            self.tr("{listed} of {all} connections are listed.").format(
                listed=figures.count(listed), all=figures.count(in_all)
            )
        )
        self._on_selection()

    def _on_selection(self) -> None:
        chosen = self.table.selectionModel().hasSelection() and self.model.rowCount() > 0
        self.close_button.setVisible(chosen)
        self._close.setEnabled(chosen)

    def _close_selected(self) -> None:
        for index in self.table.selectionModel().selectedRows():
            self._close_at(index)

    def _close_at(self, index: QModelIndex) -> None:
        number = self.model.number_at(index)
        if number is not None:
            self.close_wanted.emit(number)


class _CloseDelegate(QStyledItemDelegate):
    """Paints a cross that can be clicked."""

    clicked = Signal(QModelIndex)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        centre = option.rect.center()
        area = QRectF(centre.x() - 7.5, centre.y() - 7.5, 16, 16)
        self._theme.paint(painter, "close", area, "muted")

    @override
    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if (
            isinstance(event, QMouseEvent)
            and event.type() is QEvent.Type.MouseButtonRelease
            and event.button() is Qt.MouseButton.LeftButton
        ):
            self.clicked.emit(model.index(index.row(), index.column()))
            return True
        return False
