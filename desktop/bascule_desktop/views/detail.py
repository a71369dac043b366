"""Owns the right pane: all that is known of one relay, the plainest words first."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from bascule.events import RelayState
from bascule.facts import ShareFacts
from bascule.recording.records import Recorded
from bascule.spec.share_file import ShareFile
from bascule_desktop import format as figures
from bascule_desktop.messages import ActionHint
from bascule_desktop.models.row_text import checks, shown_state, trouble, waiting_line
from bascule_desktop.outside import firewall_of, trust_of
from bascule_desktop.sentences import client_hints, sentence
from bascule_desktop.share_words import links
from bascule_desktop.store import Row
from bascule_desktop.theme import GRID, Theme, look
from bascule_desktop.views.addresses import Addresses
from bascule_desktop.views.broken import BrokenDetail
from bascule_desktop.views.checks_card import ChecksCard
from bascule_desktop.views.connections_tab import ConnectionsTab
from bascule_desktop.views.detail_header import DetailHeader
from bascule_desktop.views.flow import Flow
from bascule_desktop.views.log_tab import LogTab
from bascule_desktop.views.measurement_card import MeasurementCard
from bascule_desktop.views.problem_card import ProblemCard
from bascule_desktop.views.rate_tab import RateTab
from bascule_desktop.views.route import RoutePicture
from bascule_desktop.views.share_card import ShareCard
from bascule_desktop.views.traffic_tab import TrafficTab
from bascule_desktop.views.transfer_card import TransferCard


class Detail(QScrollArea):
    """The detail of the row that was shown last."""

    toggle_wanted = Signal(str)
    edit_wanted = Signal(str)
    close_wanted = Signal(str, int)
    retry_wanted = Signal(str)
    folder_wanted = Signal(str)
    hint_taken = Signal(str, ActionHint)
    record_wanted = Signal(str, bool)
    traffic_wanted = Signal(str, int)
    share_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detail")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._row: Row | None = None
        self.header = DetailHeader(theme)
        self.sentence = QLabel()
        self.sentence.setObjectName("sentence")
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.exposed = QLabel(self.tr("⚠ Anyone on the network can connect"))
        self.exposed.setObjectName("exposed")
        self.exposed.setToolTip(
            self.tr(
                "This relay listens on the network, and neither an allow-list nor client "
                "certificates say who may connect. Edit it to choose who may."
            )
        )
        look(self.exposed, badge="waiting")
        self.waiting = QLabel()
        self.waiting.setObjectName("waiting")
        look(self.waiting, badge="waiting")
        self.try_now = QPushButton(self.tr("Try now"))
        self.try_now.setObjectName("try_now")
        look(self.try_now, quiet=True)
        self.problem = ProblemCard(theme)
        self.transfers = TransferCard(theme)
        self.route_card = QFrame()
        look(self.route_card, card=True)
        self.route = RoutePicture(theme)
        self.share = ShareCard(theme)
        self.addresses = Addresses(theme)
        self.measurement = MeasurementCard(theme)
        self.checks = ChecksCard(theme)
        self.broken = BrokenDetail(theme)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("tabs")
        self.rate = RateTab(theme)
        self.connections = ConnectionsTab(theme)
        self.traffic = TrafficTab(theme)
        self.log = LogTab(theme)
        self.tabs.addTab(self.rate, self.tr("Rate"))
        self.tabs.addTab(self.connections, self.tr("Connections"))
        self.tabs.addTab(self.traffic, self.tr("Traffic"))
        self.tabs.addTab(self.log, self.tr("Log"))
        self.tabs.setMinimumHeight(240)
        self._tab_before = 0  # the one that is shown again after a relay that only checks
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        badges = Flow()
        badges.addWidget(self.header.state)
        badges.addWidget(self.header.since)
        badges.addWidget(self.waiting)
        badges.addWidget(self.try_now)
        badges.addWidget(self.exposed)
        inside = QVBoxLayout(self.route_card)
        inside.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID + GRID // 2)
        inside.addWidget(self.route)
        body = QWidget()
        look(body, clear=True)
        whole = QVBoxLayout(body)
        whole.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(12)
        whole.addWidget(self.header)
        whole.addLayout(badges)
        whole.addWidget(self.sentence)
        whole.addWidget(self.problem)
        whole.addWidget(self.transfers)
        whole.addWidget(self.route_card)
        whole.addWidget(self.share)
        whole.addWidget(self.addresses)
        whole.addWidget(self.measurement)
        whole.addWidget(self.checks)
        whole.addWidget(self.tabs, 1)
        whole.addWidget(self.broken, 1)
        self.setWidget(body)

    def _connect(self) -> None:
        self.header.toggle_wanted.connect(self._on_toggle)
        self.header.edit_wanted.connect(self._on_edit)
        self.try_now.clicked.connect(self._on_try_now)
        self.checks.again_wanted.connect(self._on_try_now)
        self.tabs.currentChanged.connect(self.refresh_traffic)  # a hidden table is not kept fresh
        self.connections.close_wanted.connect(self._on_close)
        self.traffic.record_wanted.connect(self._on_record)
        self.traffic.read_wanted.connect(self._on_read)
        self.broken.retry_wanted.connect(self.retry_wanted)
        self.broken.folder_wanted.connect(self.folder_wanted)
        self.problem.hint_taken.connect(self._on_hint)
        self.addresses.hint_taken.connect(self._on_hint)

    def _on_toggle(self) -> None:
        self.toggle_wanted.emit(self.id)

    def _on_edit(self) -> None:
        self.edit_wanted.emit(self.id)

    def _on_try_now(self) -> None:
        self.retry_wanted.emit(self.id)

    def _on_close(self, number: int) -> None:
        self.close_wanted.emit(self.id, number)

    def _on_record(self, on: bool) -> None:
        self.record_wanted.emit(self.id, on)

    def _on_read(self, after: int) -> None:
        self.traffic_wanted.emit(self.id, after)

    def _on_hint(self, hint: ActionHint) -> None:
        self.hint_taken.emit(self.id, hint)

    @property
    def id(self) -> str:
        """The relay that is shown; empty: none."""
        return self._row.id if self._row is not None else ""

    def show_row(self, row: Row) -> None:
        """Show another relay, or the same one anew."""
        other = self._row is not row
        self._row = row
        if other:
            self.connections.show_row(row)
            self.traffic.show_row(row)
            self.log.show_row(row)
            self.share.hide()
            self.addresses.show_hints([])
            self.verticalScrollBar().setValue(0)
        self.refresh()

    def refresh(self) -> None:
        """Take what changed: profile, state, connections."""
        row = self._row
        if row is None:
            return
        readable = row.profile is not None
        self.header.show_row(row)
        for widget in (self.sentence, self.route_card, self.tabs):
            widget.setVisible(readable)
        self.broken.setVisible(not readable)
        self.exposed.setVisible(row.status.exposed)
        self._refresh_findings(row)
        if row.profile is None:
            self.problem.hide()
            self.transfers.hide()
            self.waiting.hide()
            self.try_now.hide()
            self.header.state.show()
            self.share.hide()
            self.addresses.show_hints([])
            self.broken.show_row(row)
            return
        spec = row.profile.relay
        self.sentence.setText(sentence(spec))
        if isinstance(spec.target, ShareFile):
            self.share_wanted.emit(row.id)  # the engine alone knows the link
        else:
            self.share.hide()
            hints = client_hints(spec, row.status.listening)
            self.addresses.show_hints(hints, firewall_of(spec), trust_of(spec))
        self.connections.refresh()
        self.traffic.refresh()
        self._name_tabs(row)
        self.transfers.show_row(row)
        self._refresh_trouble(row)
        self.tick()

    def refresh_traffic(self) -> None:
        """Take new counters."""
        if self._row is None or self._row.profile is None:
            return
        self.rate.show_row(self._row)
        self.transfers.show_row(self._row)
        self.route.show_traffic(self._row.up, self._row.down)
        if self.connections.isVisible():
            self.connections.refresh()

    def refresh_log(self) -> None:
        """Take new lines of the log."""
        if self._row is not None and self._row.profile is not None:
            self.log.refresh()
            self._refresh_trouble(self._row)

    def tick(self) -> None:
        """Let times, countdown and chart go on; to be called once a second."""
        row = self._row
        if row is None or row.profile is None:
            return
        waits = row.status.state is RelayState.WAITING
        self.waiting.setVisible(waits)
        self.try_now.setVisible(waits and not checks(row))
        if waits:
            self.waiting.setText(waiting_line(row, time.time()))
        self.header.state.setVisible(not waits or checks(row))
        self.header.tick()
        self.rate.show_row(row)
        self.connections.tick()
        if row.status.listening and isinstance(row.profile.relay.target, ShareFile):
            self.share_wanted.emit(row.id)  # how often it was fetched

    def _refresh_findings(self, row: Row) -> None:
        """Show what the relay has found out; where it carries nothing, not what it carries."""
        self.measurement.show_measurement(row.measurement if row.profile is not None else None)
        only_checks = checks(row)
        self.checks.setVisible(only_checks)
        if only_checks:
            self.checks.show_checks(row.checks, active=row.active)
        if only_checks is self.tabs.isTabVisible(self.tabs.indexOf(self.rate)):
            shown, self._tab_before = self._tab_before, self.tabs.currentIndex()
            for tab in (self.rate, self.connections, self.traffic):
                self.tabs.setTabVisible(self.tabs.indexOf(tab), not only_checks)
            self.tabs.setCurrentIndex(self.tabs.indexOf(self.log) if only_checks else shown)

    def _refresh_trouble(self, row: Row) -> None:
        if row.profile is None:
            return
        stopped = row.status.state in (RelayState.STOPPED, RelayState.STOPPING)
        problem = None if stopped else trouble(row)
        self.problem.show_problem(row.profile, problem, shown_state(row))
        self.route.show_route(row.profile.relay, row)

    def take_traffic(self, id: str, recorded: Recorded) -> None:
        """Take what was read of a relay's traffic, if it is still shown."""
        if id == self.id:
            self.traffic.take(recorded)

    def take_share(self, id: str, facts: ShareFacts) -> None:
        """Take what a relay hands out, or did until it stopped, if it is still shown."""
        row = self._row
        if row is None or row.profile is None or id != row.id:
            return
        spec, running = row.profile.relay, row.status.state is RelayState.RUNNING
        found = links(spec, row.status.listening, facts)
        self.share.show_share(found, facts, running=running)
        works = running and not facts.changed
        self.addresses.show_hints(found.hints if works else [], firewall_of(spec))

    def _name_tabs(self, row: Row) -> None:
        plain, count = self.tr("Connections"), row.connection_count
        said = f"{plain} ({figures.count(count)})" if count else plain
        self.tabs.setTabText(self.tabs.indexOf(self.connections), said)
        plain = self.tr("Traffic")
        self.tabs.setTabText(
            self.tabs.indexOf(self.traffic), f"{plain} ●" if row.recording else plain
        )
