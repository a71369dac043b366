"""Owns the tab of the traffic: the switch, what was seen, and the bytes of the chosen record."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import (
    QItemSelectionModel,
    QSignalBlocker,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bascule.recording.records import Record, Recorded
from bascule.recording.text import hex_lines, lines_of, text
from bascule_desktop import format as figures
from bascule_desktop.models.traffic_table import Column, TrafficTable
from bascule_desktop.store import Row
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.traffic_file import Form
from bascule_desktop.traffic_log import TrafficLog
from bascule_desktop.views.flow import Flow
from bascule_desktop.views.fonts import tabular
from bascule_desktop.views.traffic_filter import TrafficFilter

_POLL_MILLISECONDS = 250
_MOST_COPIED = 20_000
"""Lines of text that the clipboard gets: to make more of them would stop the window."""
_LEAST_PANE = 108
"""Pixels: the head of the table and three records, or six lines of bytes."""


class TrafficTab(QWidget):
    """The traffic of one relay. It asks for more only while somebody looks."""

    record_wanted = Signal(bool)
    """The recording is to be switched on or off."""

    read_wanted = Signal(int)
    """What was recorded after that number is wanted: ``take`` it."""

    save_wanted = Signal(object, object, object)
    """A file is wanted: ``Form``, the records, the passages by connection."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: Row | None = None
        self._behind = False  # the engine may hold what was not read
        self._too_much = False  # is chosen to be copied
        self.log = TrafficLog()
        self.model = TrafficTable(self)
        self.switch = QCheckBox(self.tr("Show the traffic"))
        self.switch.setObjectName("traffic_switch")
        look(self.switch, switch=True)
        self.state = QLabel()
        self.state.setObjectName("traffic_state")
        self.pause = _tool("traffic_pause", self.tr("Pause"))
        self.pause.setToolTip(self.tr("Hold the list still; the engine goes on recording"))
        self.follow = _tool("traffic_follow", self.tr("Follow"))
        self.follow.setToolTip(self.tr("Stay at the newest record"))
        self.follow.setChecked(True)
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.setObjectName("traffic_copy")
        self.copy.setToolTip(self.tr("Copy the chosen records as hex and text"))
        theme.set_icon(self.copy, "copy")
        self.save = QPushButton(self.tr("Save"))
        self.save.setObjectName("traffic_save")
        self.save.setToolTip(self.tr("Save what is listed to a file"))
        theme.set_icon(self.save, "export")
        self.save.setMenu(self._save_menu())
        self.filter = TrafficFilter(theme)
        self.table = self._make_table()
        self.bytes = self._make_bytes()
        self.note = QLabel()
        self.note.setObjectName("traffic_note")
        self.note.setWordWrap(True)
        look(self.note, muted=True)
        self.panes = QSplitter(Qt.Orientation.Vertical)
        self.panes.addWidget(self.table)
        self.panes.addWidget(self.bytes)
        self.panes.setChildrenCollapsible(False)
        self.panes.setHandleWidth(GRID)
        look(self.panes, clear=True)
        self.panes.setSizes([_LEAST_PANE, _LEAST_PANE])
        # Both take what room there is, and do not ask for more: they scroll.
        self.panes.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.panes.setMinimumHeight(2 * _LEAST_PANE + GRID)
        self._poll = QTimer(self)
        self._poll.setInterval(_POLL_MILLISECONDS)
        self._lay_out()
        self._connect()
        self._say()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("traffic")
        table.setAccessibleName(self.tr("Traffic"))
        table.setModel(self.model)
        table.setFont(tabular(table.font()))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setMinimumHeight(_LEAST_PANE)
        rows = table.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # else each line is measured
        rows.setDefaultSectionSize(table.fontMetrics().height() + GRID)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        # With the table's it would ask each cell of a column whether it is chosen.
        header.setSelectionModel(QItemSelectionModel(self.model, header))
        header.setSectionsClickable(False)
        header.setSectionResizeMode(Column.BYTES, QHeaderView.ResizeMode.Stretch)
        for column, width in (
            (Column.TIME, 112),
            (Column.DIRECTION, 36),
            (Column.CONNECTION, 96),
            (Column.SIZE, 80),
        ):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)
        return table

    def _make_bytes(self) -> QPlainTextEdit:
        shown = QPlainTextEdit()
        shown.setObjectName("traffic_bytes")
        shown.setAccessibleName(self.tr("Bytes of the chosen record"))
        shown.setReadOnly(True)
        shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        shown.setPlaceholderText(self.tr("Choose a record to see its bytes."))
        shown.setTabChangesFocus(True)
        shown.setMinimumHeight(_LEAST_PANE)
        look(shown, mono=True)
        return shown

    def _save_menu(self) -> QMenu:
        menu = QMenu(self)
        for form, words in (
            (Form.PCAPNG, self.tr("Capture for Wireshark (.pcapng)…")),
            (Form.TEXT, self.tr("Hex and text (.txt)…")),
            (Form.UP, self.tr("Only the bytes that went up…")),
            (Form.DOWN, self.tr("Only the bytes that went down…")),
            (Form.BOTH, self.tr("The bytes of both ways…")),
        ):
            action = menu.addAction(words)
            action.setData(form)
        menu.triggered.connect(self._on_save)
        return menu

    def _lay_out(self) -> None:
        top = Flow()
        for widget in (
            self.switch,
            self.pause,
            self.follow,
            self.copy,
            self.save,
            self.state,  # last: its width changes all the time
        ):
            top.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, GRID, 0, 0)
        whole.setSpacing(GRID)
        whole.addLayout(top)
        whole.addWidget(self.filter)
        whole.addWidget(self.note)
        whole.addWidget(self.panes, 1)
        self._stretch = QWidget()
        whole.addWidget(self._stretch, 1)

    def _connect(self) -> None:
        self._poll.timeout.connect(self._ask)
        self.switch.clicked.connect(self._on_switch)
        self.pause.toggled.connect(self._on_pause)
        self.follow.toggled.connect(self._on_follow)
        self.copy.clicked.connect(self._on_copy)
        self.filter.changed.connect(self._on_filter)
        self.table.verticalScrollBar().actionTriggered.connect(self._on_scrolled)
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        self.table.selectionModel().currentChanged.connect(self._on_current)
        self.model.modelReset.connect(self._on_selection)
        copying = QAction(self.tr("Copy"), self.table)
        copying.setShortcut(QKeySequence.StandardKey.Copy)
        copying.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copying.triggered.connect(self._on_copy)
        self.table.addAction(copying)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    # what is shown ------------------------------------------------------------------------------

    def show_row(self, row: Row) -> None:
        """Show another relay's traffic: what the engine still has of it."""
        self._row = row
        self._behind = False
        self._begin()
        self.refresh()

    def _begin(self) -> None:
        """Show nothing, and all that comes."""
        self.log = TrafficLog()
        self.model.show_log(self.log)
        self.pause.setChecked(False)
        self.follow.setChecked(True)
        self.filter.clear()
        self.filter.list_connections({})

    def refresh(self) -> None:
        """Take what changed: whether it is on."""
        row = self._row
        if row is None:
            return
        on = row.recording
        if on and not self.switch.isChecked():
            self._begin()  # perhaps in another engine, which counts from 1
        self.switch.setChecked(on)
        self._set_polling()
        self._say()

    def take(self, recorded: Recorded) -> None:
        """Take what was read of this relay."""
        new = self.log.take(recorded)
        if not (recorded.on or recorded.more):
            self._behind = False
            self._set_polling()
        self.model.follow(new, self.log.trim())
        if new:
            self.filter.list_connections(self.log.passages)
            if self.follow.isChecked():
                self.table.scrollToBottom()
        self._say()

    def _say(self) -> None:
        row, log = self._row, self.log
        on = row is not None and row.recording
        seen = bool(log.records)
        for widget in (self.filter, self.panes, self.copy, self.save):
            widget.setVisible(on or seen)
        self.pause.setVisible(on)
        self.follow.setVisible(on)
        self._stretch.setVisible(not (on or seen))
        self.copy.setEnabled(self.table.selectionModel().hasSelection() and not self._too_much)
        self.save.setEnabled(self.model.rowCount() > 0)
        self.state.setText(self._counted() if seen else "")
        self.state.setVisible(seen)
        notes = self._notes(on=on, seen=seen)
        if self._too_much:
            notes.append(
                self.tr(
                    "This is too much to be copied. Choose fewer records, or save what is listed "
                    "to a file."
                )
            )
        self.note.setText(" ".join(notes))
        self.note.setVisible(bool(self.note.text()))

    def _counted(self) -> str:
        listed, held = self.model.rowCount(), len(self.log.records)
        size = figures.size(self.log.bytes)
        if listed == held:
            return self.tr("%Ln record(s), {size}", "", held).format(size=size)
        return self.tr("{listed} of %Ln record(s)", "", held).format(listed=figures.count(listed))

    def _notes(self, *, on: bool, seen: bool) -> list[str]:
        """What has to be known of what is listed, or is not."""
        if not on:
            if seen:
                return [self.tr("Off: nothing more is recorded. This list stays until you leave.")]
            return [
                self.tr(
                    "See every byte that passes this relay, both ways. It stays on this computer "
                    "and in memory only, but it may show passwords. While it is off, it costs "
                    "nothing."
                )
            ]
        notes: list[str] = []
        if self.log.dropped:
            notes.append(
                self.tr(
                    "%Ln record(s) had to make room before they were read.", "", self.log.dropped
                )
            )
        if not seen and not notes:
            notes.append(self.tr("Nothing has passed since this was switched on."))
        return notes

    # asking for more ----------------------------------------------------------------------------

    def _set_polling(self) -> None:
        row = self._row
        if row is not None and row.recording:
            self._behind = True
            wanted = self.isVisible() and not self.pause.isChecked()
        else:
            wanted = self._behind
        if not wanted:
            self._poll.stop()
        elif not self._poll.isActive():
            self._poll.start()
            self._ask()

    def _ask(self) -> None:
        self.read_wanted.emit(self.log.last)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._set_polling()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._set_polling()

    # what a person does -------------------------------------------------------------------------

    def _on_switch(self) -> None:
        wanted = self.switch.isChecked()
        # The switch follows the engine, not the click: it turns when the engine says so.
        self.switch.setChecked(not wanted)
        self.record_wanted.emit(wanted)

    def _on_pause(self) -> None:
        self._set_polling()

    def _on_follow(self, on: bool) -> None:
        if on:
            self.table.scrollToBottom()

    def _on_scrolled(self) -> None:
        bar = self.table.verticalScrollBar()
        with QSignalBlocker(self.follow):
            self.follow.setChecked(bar.sliderPosition() >= bar.maximum())

    def _on_filter(self, wanted: object) -> None:
        self.model.set_filter(self.filter.filter)
        if self.follow.isChecked():
            self.table.scrollToBottom()
        self._say()

    def _on_current(self) -> None:
        index = self.table.currentIndex()
        if index.isValid() and index.row() < self.model.rowCount() - 1:
            with QSignalBlocker(self.follow):
                self.follow.setChecked(False)

    def _on_selection(self) -> None:
        chosen = self._chosen()
        data = chosen[0].data if len(chosen) == 1 else b""
        self.bytes.setPlainText("\n".join(hex_lines(data)))
        self._too_much = sum(map(lines_of, chosen)) > _MOST_COPIED
        self._say()

    def _chosen(self) -> list[Record]:
        """The records of the chosen lines, oldest first. By ranges, as an index for each of a
        hundred thousand lines takes seconds.
        """
        ranges = self.table.selectionModel().selection().toList()
        rows = {row for each in ranges for row in range(each.top(), each.bottom() + 1)}
        shown = self.model.shown
        return [shown[row] for row in sorted(rows)]

    def _on_copy(self) -> None:
        chosen = self._chosen()
        if chosen and not self._too_much:
            lines = text(chosen, self.log.passages)
            QGuiApplication.clipboard().setText("\n".join(lines))

    def _on_save(self, action: QAction) -> None:
        self.save_wanted.emit(Form(action.data()), tuple(self.model.shown), dict(self.log.passages))


def _tool(name: str, words: str) -> QToolButton:
    """A small button that stays pressed."""
    button = QToolButton()
    button.setObjectName(name)
    button.setText(words)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setCheckable(True)
    return button
