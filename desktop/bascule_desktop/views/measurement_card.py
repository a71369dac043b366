"""Owns the card of a measurement: how fast the way is, how certain that is, and how it went."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bascule.events import Measurement, Outcome
from bascule_desktop import format as figures
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.fonts import tabular


class MeasurementCard(QFrame):
    """The last measurement of a relay; it stays when the relay has ended."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("measurement_card")
        look(self, card=True)
        self.figure = QLabel()
        self.figure.setObjectName("measurement_figure")
        look(self.figure, heading="title")
        self.figure.setFont(tabular(self.figure.font()))
        self.figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.other = QLabel()
        self.other.setObjectName("measurement_other")
        look(self.other, muted=True)
        self.other.setFont(tabular(self.other.font()))
        self.account = QLabel()
        self.account.setObjectName("measurement_account")
        self.account.setWordWrap(True)
        self.curve = Curve(theme)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.figure, 0, Qt.AlignmentFlag.AlignBaseline)
        line.addWidget(self.other, 1, Qt.AlignmentFlag.AlignBaseline)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * GRID, 12, 2 * GRID, 12)
        whole.setSpacing(GRID // 2)
        whole.addLayout(line)
        whole.addWidget(self.account)
        whole.addWidget(self.curve)

    def show_measurement(self, measurement: Measurement | None) -> None:
        """Show how a measurement goes or went; nothing where there was none."""
        self.setVisible(measurement is not None)
        if measurement is None:
            return
        mean = measurement.bytes_per_second
        self.figure.setText(figures.rate(mean))
        self.other.setText(self.tr("{figure} Mbit/s").format(figure=_number(mean * 8 / 1e6)))
        self.account.setText(f"{self._amount(measurement)} {self._certainty(measurement)}")
        self.account.setToolTip(figures.moment(measurement.begun_at))
        self.curve.show_samples(measurement)

    def _amount(self, measurement: Measurement) -> str:
        time = QLocale().toString(measurement.seconds, "f", 1)
        if not measurement.sent:
            said = self.tr("{size} received in {time} s.")
            return said.format(size=figures.size(measurement.received), time=time)
        said = self.tr("{size} sent in {time} s.")
        text = said.format(size=figures.size(measurement.sent), time=time)
        if measurement.received:
            back = self.tr("{size} came back.").format(size=figures.size(measurement.received))
            text = f"{text} {back}"
        return text

    def _certainty(self, measurement: Measurement) -> str:
        match measurement.outcome:
            case Outcome.RUNNING:
                return self.tr("The measurement is going on.")
            case Outcome.CONFIRMED:
                return self.tr("The other side has confirmed that it has everything.")
            case Outcome.UNCONFIRMED:
                return self.tr(
                    "The other side did not say that it has everything: the way may be slower."
                )
            case Outcome.INTERRUPTED:
                return self.tr("It ended before everything was sent.")


class Curve(QWidget):
    """The rate over the time of a measurement."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("measurement_curve")
        self._theme = theme
        self.rates: list[tuple[float, float]] = []
        """Moments in seconds, and the bytes per second up to each."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_samples(self, measurement: Measurement) -> None:
        """Show the samples of a measurement."""
        self.rates = _rates(measurement)
        self.setVisible(len(self.rates) > 1)
        highest = max((rate for _at, rate in self.rates), default=0.0)
        lowest = min((rate for _at, rate in self.rates), default=0.0)
        self.setAccessibleName(
            self.tr("Between {least} and {most}").format(
                least=figures.rate(lowest), most=figures.rate(highest)
            )
        )
        self.setToolTip(self.accessibleName())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, 56)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self.rates) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, GRID / 2, -1, -1)
        top = max(rate for _at, rate in self.rates) or 1.0
        end = self.rates[-1][0]
        points = [
            QPointF(
                area.left() + area.width() * at / end, area.bottom() - area.height() * rate / top
            )
            for at, rate in self.rates
        ]
        points.insert(0, QPointF(area.left(), points[0].y()))
        colour = self._theme.colour("up")
        wash = QColor(colour)
        wash.setAlphaF(0.12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(wash)
        painter.drawPolygon(QPolygonF([*points, area.bottomRight(), area.bottomLeft()]))
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        pen = QPen(colour, 1.75)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.end()


def _rates(measurement: Measurement) -> list[tuple[float, float]]:
    """What passed per second from each sample to the next; the wait for the answer is no rate."""
    found: list[tuple[float, float]] = []
    before, count_before = 0.0, 0
    for at, sent, received in measurement.samples:
        count = sent if measurement.sent else received
        if at - before >= 0.05 and count > count_before:
            found.append((at, (count - count_before) / (at - before)))
            before, count_before = at, count
    return found


def _number(value: float) -> str:
    """With so many digits as say something."""
    digits = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    return QLocale().toString(value, "f", digits)
