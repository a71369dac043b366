"""Owns the card of a relay that checks its target: the last checks as a strip, newest at the right.

A check that was answered is a bar whose height is its time; one that was not is a full bar of
another colour with a gap in it, so that it is told by its shape as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import override

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from bascule.events import CheckResult
from bascule_desktop import format as figures
from bascule_desktop.messages import explain
from bascule_desktop.models.row_text import answer_text
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.fonts import tabular

_PLACES = 60
_LEAST_TOP_MILLISECONDS = 20.0
"""A bar is never full height below this: a few milliseconds shall not look like a mountain."""


class ChecksCard(QFrame):
    """The last checks. ``again_wanted``: somebody wants to know now."""

    again_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("checks_card")
        look(self, card=True)
        self.last = QLabel()
        self.last.setObjectName("checks_last")
        look(self.last, heading="section")
        self.last.setFont(tabular(self.last.font()))
        self.last.setWordWrap(True)
        self.share = QLabel()
        self.share.setObjectName("checks_share")
        look(self.share, muted=True)
        self.share.setFont(tabular(self.share.font()))
        self.share.setWordWrap(True)
        self.again = QPushButton(self.tr("Check now"))
        self.again.setObjectName("check_now")
        look(self.again, quiet=True)
        self.again.clicked.connect(self.again_wanted)
        theme.set_icon(self.again, "refresh")
        self.strip = Strip(theme)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.last)
        words.addWidget(self.share)
        line = QHBoxLayout()
        line.addLayout(words, 1)
        line.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * GRID, 12, 2 * GRID, 12)
        whole.setSpacing(GRID)
        whole.addLayout(line)
        whole.addWidget(self.strip)

    def show_checks(self, checks: Sequence[CheckResult], *, active: bool) -> None:
        """Show these checks, oldest first; ``active``: it goes on checking."""
        self.again.setVisible(active)
        self.strip.show_checks(checks)
        if not checks:
            self.last.setText(self.tr("Nothing was checked yet"))
            self.share.setText("")
            return
        self.last.setText(check_text(checks[-1]))
        answered = [check.milliseconds for check in checks if check.problem is None]
        said = self.tr("{answered} of the last {count} checks were answered")
        text = said.format(answered=len(answered), count=len(checks))
        if answered:
            mean = figures.milliseconds(sum(answered) / len(answered))
            longest = figures.milliseconds(max(answered))
            times = self.tr("{mean} on average, {longest} at most")
            text = f"{text} · {times.format(mean=mean, longest=longest)}"
        self.share.setText(text)


def check_text(check: CheckResult) -> str:
    """``14:03:21 · Answers in 12 ms``."""
    if check.problem is None:
        said = answer_text(check.milliseconds)
    else:
        said = explain(check.problem).title
    return f"{figures.moment(check.at)} · {said}"


class Strip(QWidget):
    """The bars, one a check; what one says is its tooltip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("checks_strip")
        self._theme = theme
        self._checks: tuple[CheckResult, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_checks(self, checks: Sequence[CheckResult]) -> None:
        """Show these checks, oldest first."""
        self._checks = tuple(checks)[-_PLACES:]
        failed = sum(check.problem is not None for check in self._checks)
        self.setAccessibleName(self.tr("Last checks"))
        self.setAccessibleDescription(
            self.tr("{count} checks, {failed} of them not answered").format(
                count=len(self._checks), failed=failed
            )
        )
        self.update()

    def bar_at(self, place: int) -> QRectF:
        """Where the bar at a place from the left may reach."""
        width = self.width() / _PLACES
        gap = min(2.0, width / 4)
        return QRectF(place * width + gap / 2, 0, width - gap, self.height())

    def check_at(self, x: float) -> CheckResult | None:
        """The check whose bar is there, if any."""
        place = int(x * _PLACES / max(self.width(), 1)) - (_PLACES - len(self._checks))
        return self._checks[place] if 0 <= place < len(self._checks) else None

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, 48)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            check = self.check_at(event.pos().x())
            if check is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), check_text(check), self)
            return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        answered = [check.milliseconds for check in self._checks if check.problem is None]
        top = max([_LEAST_TOP_MILLISECONDS, *answered])
        empty = _PLACES - len(self._checks)
        for place in range(_PLACES):
            bar = self.bar_at(place)
            if place < empty:
                painter.setBrush(self._theme.colour("line"))
                painter.drawRect(bar.adjusted(0, bar.height() - 2, 0, 0))
                continue
            check = self._checks[place - empty]
            if check.problem is not None:
                painter.setBrush(self._theme.colour("problem"))
                painter.drawRect(bar.adjusted(0, 0, 0, -GRID))
                painter.drawRect(bar.adjusted(0, bar.height() - GRID / 2, 0, 0))
                continue
            height = max(3.0, bar.height() * check.milliseconds / top)
            painter.setBrush(self._theme.colour("running"))
            painter.drawRect(bar.adjusted(0, bar.height() - height, 0, 0))
        painter.end()
