"""Owns the left pane: New relay, search, groups, the list, and what is said where it is empty."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bascule_desktop.models.relay_list import RelayListModel
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.combo import ComboBox
from bascule_desktop.views.relay_list import RelayListView


class SidePane(QFrame):
    """The left pane. ``menu_button`` wears the window's menu."""

    new_wanted = Signal()
    group_chosen = Signal(str)

    def __init__(self, model: RelayListModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look(self, pane="side")
        self._model = model
        self.new = QPushButton(self.tr("New relay"))
        self.new.setObjectName("new_relay")
        self.new.setToolTip(self.tr("Make a new relay (Ctrl+N)"))
        self.new.clicked.connect(self.new_wanted)
        look(self.new, primary=True)
        theme.set_icon(self.new, "add", "on_accent")
        self.menu_button = QToolButton()
        self.menu_button.setObjectName("menu")
        self.menu_button.setAccessibleName(self.tr("Menu"))
        self.menu_button.setToolTip(self.tr("Menu"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        theme.set_icon(self.menu_button, "menu")
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setAccessibleName(self.tr("Search relays"))
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self._glass = QAction(self.search)
        theme.set_icon(self._glass, "search", "muted")
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._on_search)
        self.groups = ComboBox()
        self.groups.setObjectName("groups")
        self.groups.setAccessibleName(self.tr("Group"))
        self.groups.activated.connect(self._on_group)
        self.list = RelayListView(model, theme)
        self.nothing = QLabel()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.nothing.setWordWrap(True)
        look(self.nothing, muted=True)
        self._lay_out()
        self.refresh_groups("")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.new, 1)
        top.addWidget(self.menu_button)
        fields = QVBoxLayout()
        fields.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        fields.setSpacing(GRID)
        fields.addLayout(top)
        fields.addWidget(self.search)
        fields.addWidget(self.groups)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 1, 0)
        whole.setSpacing(0)
        whole.addLayout(fields)
        whole.addWidget(self.nothing)
        whole.addWidget(self.list, 1)
        self.nothing.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)

    def refresh_groups(self, wanted: str) -> None:
        """Offer the groups there are; hidden where there is none."""
        groups = self._model.groups
        with QSignalBlocker(self.groups):
            self.groups.clear()
            self.groups.addItem(self.tr("All groups"), "")
            for group in groups:
                self.groups.addItem(group, group)
            place = self.groups.findData(wanted)
            self.groups.setCurrentIndex(max(place, 0))
        self.groups.setVisible(bool(groups))
        self._model.set_group(str(self.groups.currentData() or ""))
        self.refresh_nothing()

    def refresh_groups_if_changed(self) -> None:
        """Offer other groups where they are not the same any more."""
        offered = [str(self.groups.itemData(i)) for i in range(1, self.groups.count())]
        if offered != self._model.groups:
            self.refresh_groups(str(self.groups.currentData() or ""))
        self.refresh_nothing()

    def refresh_nothing(self) -> None:
        """Say so where a search finds nothing; where there is no relay, there is no search."""
        self.search.setVisible(self._model.rowCount() > 0 or self._model.narrowed)
        empty = self._model.narrowed and self._model.rowCount() == 0
        self.nothing.setText(self.tr("No relay matches your search.") if empty else "")
        self.nothing.setVisible(empty)

    def show_all(self) -> None:
        """Forget search and group, so that any relay can be shown."""
        self.search.clear()
        self.groups.setCurrentIndex(0)
        self._on_group()

    def _on_search(self, text: str) -> None:
        self._model.set_search(text)
        self.refresh_nothing()

    def _on_group(self) -> None:
        group = str(self.groups.currentData() or "")
        self._model.set_group(group)
        self.refresh_nothing()
        self.group_chosen.emit(group)
