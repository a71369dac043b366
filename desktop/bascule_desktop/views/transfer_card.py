"""Owns the card that shows files on their way: name, bar, figures, and at the end the SHA-256."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from bascule.events import TransferState, TransferStatus
from bascule_desktop import format as figures
from bascule_desktop.messages import explain
from bascule_desktop.store import Row
from bascule_desktop.theme import GRID, Mark, Theme, look
from bascule_desktop.transfer_words import details, percent, progress, sum_label, title
from bascule_desktop.views.copying import CopyButton
from bascule_desktop.views.fonts import tabular

SHOWN = 3
"""Most transfers shown at once: those under way, newest first, else the last one that ended."""

_MARKS = {
    TransferState.RUNNING: Mark("file", "accent"),
    TransferState.COMPLETE: Mark("check", "running"),
    TransferState.FAILED: Mark("state-problem", "problem"),
}


class TransferCard(QFrame):
    """The transfers of a relay; hidden where there are none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transfer_card")
        look(self, card=True)
        self.lines = [TransferLine(theme) for _ in range(SHOWN)]
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * GRID, 12, 2 * GRID, 12)
        whole.setSpacing(2 * GRID)
        for line in self.lines:
            whole.addWidget(line)
        self.hide()

    def show_row(self, row: Row) -> None:
        """Show what is under way; where nothing is, what ended last."""
        running = [each for each in row.transfers.values() if each.state is TransferState.RUNNING]
        shown = sorted(running, key=lambda each: -each.number)[:SHOWN]
        if not shown and row.transfer is not None:
            shown = [row.transfer]
        for number, line in enumerate(self.lines):
            line.show_transfer(shown[number] if number < len(shown) else None)
        self.setVisible(bool(shown))


class TransferLine(QWidget):
    """One transfer."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: TransferStatus | None = None
        self._mark = QLabel()
        self.title = _label("transfer_title")
        self.title.setWordWrap(True)
        look(self.title, heading="section")
        self.progress = _label("transfer_progress")
        self.progress.setFont(tabular(self.progress.font()))
        self.bar = QProgressBar()
        self.bar.setObjectName("transfer_bar")
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.details = _label("transfer_details")
        self.details.setFont(tabular(self.details.font()))
        self.details.setWordWrap(True)
        look(self.details, muted=True)
        self.why = _label("transfer_why")
        self.why.setWordWrap(True)
        self.sum_label = _label("transfer_sum_label")
        self.sum_label.setWordWrap(True)
        look(self.sum_label, muted=True, small=True)
        self.sum = _label("transfer_sum")
        self.sum.setWordWrap(True)
        look(self.sum, mono=True, small=True)
        self.copy = CopyButton(theme)
        self.copy.setObjectName("copy_sum")
        self._sums = QWidget()
        self._lay_out()
        theme.changed.connect(self._draw)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        head.addWidget(self.progress)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.sum_label)
        words.addWidget(self.sum)
        beside = QHBoxLayout(self._sums)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addLayout(words, 1)
        beside.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignBottom)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GRID // 2)
        whole.addLayout(head)
        whole.addWidget(self.bar)
        whole.addWidget(self.why)
        whole.addWidget(self.details)
        whole.addWidget(self._sums)

    def show_transfer(self, transfer: TransferStatus | None) -> None:
        """Show how far a transfer is; None: nothing."""
        if transfer == self._shown:
            return
        before, self._shown = self._shown, transfer
        self.setVisible(transfer is not None)
        if transfer is None:
            return
        known = percent(transfer)
        running = transfer.state is TransferState.RUNNING
        self.title.setText(title(transfer))
        self.progress.setText(progress(transfer))
        self.progress.setVisible(running)
        self.bar.setVisible(running and known is not None)
        self.bar.setValue(known or 0)
        self.bar.setAccessibleName(title(transfer))
        self.bar.setAccessibleDescription(details(transfer))
        self.details.setText(details(transfer))
        self.details.setToolTip(figures.exact_bytes(transfer.bytes_done))
        self.why.setVisible(transfer.problem is not None)
        if transfer.problem is not None:
            self.why.setText(explain(transfer.problem).text)
        self._show_sum(transfer)
        if before is None or before.state is not transfer.state:
            self._draw()

    def _show_sum(self, transfer: TransferStatus) -> None:
        done = transfer.state is TransferState.COMPLETE and bool(transfer.sha256)
        self._sums.setVisible(done)
        if done:
            self.sum_label.setText(sum_label(transfer))
            self.sum.setText(transfer.sha256)
            self.copy.set_text(
                transfer.sha256, self.tr("the SHA-256 of {name}").format(name=transfer.name)
            )

    def _draw(self) -> None:
        if self._shown is None:
            return
        mark = _MARKS[self._shown.state]
        self._mark.setPixmap(
            self._theme.pixmap(mark.icon, 20, mark.colour, self.devicePixelRatioF())
        )


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
