"""Owns the line that narrows seen traffic: a search, a direction, a connection."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from bascule.recording.records import Mark, Passage
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.traffic_log import Filter, hex_needle, text_needle
from bascule_desktop.views.combo import ComboBox

_TYPING_MILLISECONDS = 200
_LISTED_CONNECTIONS = 200


class TrafficFilter(QWidget):
    """What is wanted, as a ``Filter``."""

    changed = Signal(object)
    """Another ``Filter`` is wanted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit()
        self.search.setObjectName("traffic_search")
        self.search.setAccessibleName(self.tr("Search the traffic"))
        self.search.setClearButtonEnabled(True)
        self.hex = QCheckBox(self.tr("Hex"))
        self.hex.setObjectName("traffic_search_hex")
        self.hex.setToolTip(self.tr("Search for bytes, such as 0d 0a"))
        self.direction = ComboBox()
        self.direction.setObjectName("traffic_direction")
        self.direction.setAccessibleName(self.tr("Direction"))
        self.direction.addItem(self.tr("Both ways"), None)
        self.direction.addItem(self.tr("↑ Up"), Mark.UP)
        self.direction.addItem(self.tr("↓ Down"), Mark.DOWN)
        self.connection = ComboBox()
        self.connection.setObjectName("traffic_connection")
        self.connection.setAccessibleName(self.tr("Connection"))
        self.connection.setSizeAdjustPolicy(
            ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.connection.setMinimumContentsLength(7)
        self.connection.addItem(self.tr("All connections"), None)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(self.search, 3)
        line.addWidget(self.hex)
        line.addWidget(self.direction)
        line.addWidget(self.connection, 2)
        # Looking through all that was seen takes a moment: not at each key.
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MILLISECONDS)
        self._typing.timeout.connect(self._tell)
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self._tell)
        self.hex.toggled.connect(self._tell)
        self.direction.currentIndexChanged.connect(self._tell)
        self.connection.currentIndexChanged.connect(self._tell)
        self._name_search()

    @property
    def filter(self) -> Filter:
        """What is wanted now. A search for bytes that are none is no search."""
        text = self.search.text()
        needle = (hex_needle(text) or b"") if self.hex.isChecked() else text_needle(text)
        mark = self.direction.currentData()  # Qt makes a plain text of it
        return Filter(
            None if mark is None else Mark(mark),
            self.connection.currentData(),
            needle,
            not self.hex.isChecked(),
        )

    def list_connections(self, passages: Mapping[int, Passage]) -> None:
        """Offer the connections that were seen, the newest ones where they are many."""
        box = self.connection
        wanted = sorted(passages)[-_LISTED_CONNECTIONS:]
        chosen = box.currentData()
        if chosen is not None and chosen not in wanted:
            wanted.insert(0, chosen)
        if wanted == [box.itemData(place) for place in range(1, box.count())]:
            return
        box.blockSignals(True)
        while box.count() > 1:
            box.removeItem(box.count() - 1)
        for number in wanted:
            who = passages.get(number)
            box.addItem(f"#{number} {who.peer}" if who is not None else f"#{number}", number)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        box.blockSignals(False)

    def clear(self) -> None:
        """Want everything, as at first."""
        self.connection.setCurrentIndex(0)
        self.direction.setCurrentIndex(0)
        self.search.clear()
        self._tell()

    def _typed(self) -> None:
        self._typing.start()

    def _tell(self) -> None:
        self._typing.stop()
        self._name_search()
        self.changed.emit(self.filter)

    def _name_search(self) -> None:
        text, as_hex = self.search.text().strip(), self.hex.isChecked()
        wrong = bool(as_hex and text and hex_needle(text) is None)
        self.search.setPlaceholderText(self.tr("0d 0a") if as_hex else self.tr("Search"))
        self.search.setToolTip(
            self.tr("These are no bytes. Write two hexadecimal digits for each: 0d 0a")
            if wrong
            else ""
        )
        if bool(self.search.property("invalid")) is not wrong:
            look(self.search, invalid=wrong)
