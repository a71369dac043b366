"""Owns the tab of the log: what happened, to be read and copied."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from bascule.events import LogLevel, LogLine
from bascule_desktop.models.log_list import LINE_ROLE, Index, LogList
from bascule_desktop.store import Row
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.fonts import tabular


class LogTab(QWidget):
    """The log of one relay. It stays at the end while it is there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LogList(self)
        self.list = _LogView()
        self.list.setObjectName("log")
        self.list.setAccessibleName(self.tr("Log"))
        self.list.setModel(self.model)
        self.list.setFont(tabular(self.list.font()))
        self.list.setItemDelegate(_LineDelegate(theme, self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._copy = QAction(self.tr("Copy"), self.list)
        self._copy.setShortcut(QKeySequence.StandardKey.Copy)
        self._copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._copy.triggered.connect(self._copy_selected)
        self.list.addAction(self._copy)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        theme.changed.connect(self.list.viewport().update)
        self.copy_all = QPushButton(self.tr("Copy the whole log"))
        self.copy_all.setObjectName("copy_log")
        look(self.copy_all, quiet=True)
        theme.set_icon(self.copy_all, "copy", "accent")
        self.copy_all.clicked.connect(self._copy_all)
        self.none = QLabel(self.tr("Nothing has happened yet."))
        self.none.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        look(self.none, muted=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, GRID, 0, 0)
        whole.setSpacing(GRID // 2)
        whole.addWidget(self.none)
        whole.addWidget(self.list, 1)
        whole.addWidget(self.copy_all, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addStretch(0)
        self._say()

    def show_row(self, row: Row) -> None:
        """Show another relay's log."""
        self.model.show_row(row)
        self._say()
        self.list.scrollToBottom()

    def refresh(self) -> None:
        """Take new lines."""
        bar = self.list.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        self.model.refresh()
        self._say()
        if at_end:
            self.list.scrollToBottom()

    def _say(self) -> None:
        any_line = self.model.rowCount() > 0
        self.list.setVisible(any_line)
        self.copy_all.setVisible(any_line)
        self.none.setVisible(not any_line)

    def _copy_selected(self) -> None:
        rows = [index.row() for index in self.list.selectionModel().selectedIndexes()]
        if rows:
            QGuiApplication.clipboard().setText(self.model.copied(rows))

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.model.copied(range(self.model.rowCount())))


class _LogView(QListView):
    """A list whose lines keep off its round corners."""

    def __init__(self) -> None:
        super().__init__()
        self.setViewportMargins(0, GRID, 0, GRID)


class _LineDelegate(QStyledItemDelegate):
    """Lines close together, with a mark and a colour before those that matter."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, option.fontMetrics.height() + 6)

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        line = index.data(LINE_ROLE)
        if isinstance(line, LogLine) and line.level is not LogLevel.INFO:
            serious = line.level is LogLevel.PROBLEM
            colour = QColor(self._theme.colour("problem" if serious else "waiting"))
            option.palette.setColor(option.palette.ColorRole.Text, colour)
            option.palette.setColor(option.palette.ColorRole.HighlightedText, colour)
