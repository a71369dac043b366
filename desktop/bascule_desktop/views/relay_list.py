"""Owns the list of relays as a person uses it: keys, clicks, the context menu. Painting is in
``relay_delegate.py``; what is in the list is the model's.
"""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from bascule_desktop.models.relay_list import ID_ROLE, RelayListModel
from bascule_desktop.theme import Theme, look
from bascule_desktop.views.relay_delegate import RelayDelegate, reach_rect, toggle


class RelayListView(QListView):
    """The relays. ``current_id`` is the one whose detail is shown."""

    current_changed = Signal(str)
    """Another relay is current; empty: none."""

    edit_wanted = Signal(str)
    delete_wanted = Signal(str)
    menu_wanted = Signal(str, QPoint)
    """The context menu of a relay, at a global position."""

    def __init__(self, model: RelayListModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("relay_list")
        self.setAccessibleName(self.tr("Relays"))
        self._relays = model
        self.setModel(model)
        self.setItemDelegate(RelayDelegate(theme, self))
        look(self, plain=True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        model.touched.connect(self._repaint)
        theme.changed.connect(self.viewport().update)
        self.selectionModel().currentChanged.connect(self._on_current)

    @property
    def current_id(self) -> str:
        """The relay that is current; empty: none."""
        return str(self.currentIndex().data(ID_ROLE) or "")

    def select(self, id: str) -> bool:
        """Make a relay current and bring it into view; False where the list does not show it."""
        index = self._relays.index_of(id)
        if not index.isValid():
            return False
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.scrollTo(index)
        return True

    def select_first(self) -> None:
        """Make the first relay current, if there is one."""
        for place in range(self._relays.rowCount()):
            id = str(self._relays.index(place).data(ID_ROLE) or "")
            if id:
                self.select(id)
                return

    def _on_current(self, current: QModelIndex) -> None:
        self.current_changed.emit(str(current.data(ID_ROLE) or ""))

    def _repaint(self, index: QModelIndex) -> None:
        self.update(index)

    @override
    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Step over headings, which cannot be current."""
        wanted = super().moveCursor(action, modifiers)
        back = action in (
            QAbstractItemView.CursorAction.MoveUp,
            QAbstractItemView.CursorAction.MoveHome,
            QAbstractItemView.CursorAction.MovePageUp,
            QAbstractItemView.CursorAction.MovePrevious,
        )
        step = -1 if back and action != QAbstractItemView.CursorAction.MoveHome else 1
        place = wanted.row()
        while 0 <= place < self._relays.rowCount():
            index = self._relays.index(place)
            if index.data(ID_ROLE):
                return index
            place += step
        return self.currentIndex()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        id = self.current_id
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if not id or not plain:
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Space:
                toggle(self._relays, self.currentIndex())
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.edit_wanted.emit(id)
            case Qt.Key.Key_Delete:
                self.delete_wanted.emit(id)
            case _:
                super().keyPressEvent(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        id = str(index.data(ID_ROLE) or "")
        on_switch = reach_rect(self.visualRect(index)).contains(event.position().toPoint())
        if id and not on_switch and event.button() is Qt.MouseButton.LeftButton:
            self.edit_wanted.emit(id)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex()
        where = self.visualRect(index).center()
        if event.reason() is not QContextMenuEvent.Reason.Keyboard:
            index, where = self.indexAt(event.pos()), event.pos()
        id = str(index.data(ID_ROLE) or "")
        if id:
            self.menu_wanted.emit(id, self.viewport().mapToGlobal(where))

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        # The pointer becomes a hand over a switch: it is the one thing in a row that acts.
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            index = self.indexAt(event.position().toPoint())
            over = bool(index.data(ID_ROLE)) and reach_rect(self._line(index)).contains(
                event.position().toPoint()
            )
            shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
        return super().viewportEvent(event)

    def _line(self, index: QModelIndex) -> QRect:
        return self.visualRect(index)
