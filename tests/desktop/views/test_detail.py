"""The detail of a relay in each of its states, as a person reads it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from bascule.errors import ErrorCode, Problem
from bascule.events import RecordingChanged, RelayChanged, RelayState, RelayStatus
from bascule.facts import ShareFacts
from bascule.recording.records import Mark, Record, Recorded
from bascule.snapshot import Event, ProfileSaved, ProfileView
from bascule.spec.endpoints import SerialPort, ServerTls, TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from bascule_desktop import sentences
from bascule_desktop.messages import ActionHint, HintKind
from bascule_desktop.models.connection_table import Column
from bascule_desktop.store import Store
from bascule_desktop.theme import Theme
from bascule_desktop.views import detail as detail_module
from bascule_desktop.views.detail import Detail
from tests.desktop.relay_facts import (
    CHAIN,
    FIRST_HOP_DEAD,
    FORWARD,
    IN_USE,
    MISSING,
    NOW,
    broken_view,
    connection,
    line,
    profile,
    spec,
    store_of,
    traffic,
    view,
)

S = RelayState
LEFT = Qt.MouseButton.LeftButton


class Shown:
    """A detail and the store behind it."""

    def __init__(self, detail: Detail) -> None:
        self.detail = detail
        self.store = Store()
        self.id = ""

    def show(self, made: ProfileView) -> Detail:
        self.store = store_of(made)
        self.id = made.id
        self.detail.show_row(self.store.rows[made.id])
        return self.detail

    def tell(self, *events: Event) -> None:
        self.store.apply(events, NOW + 1)
        self.detail.refresh()
        self.detail.refresh_traffic()
        self.detail.refresh_log()


@pytest.fixture
def shown(theme: Theme, qtbot: QtBot) -> Iterator[Shown]:
    detail = Detail(theme)
    detail.resize(720, 720)
    with qtbot.waitExposed(detail):
        detail.show()
    yield Shown(detail)
    shiboken6.delete(detail)


def addresses(detail: Detail) -> list[str]:
    labels = detail.addresses.findChildren(QLabel, "address")
    return [label.text() for label in labels if not label.isHidden()]


def test_a_stopped_relay(shown: Shown) -> None:
    detail = shown.show(view())
    assert detail.header.name.text() == "Scale"
    assert detail.header.state.text() == "Stopped"
    assert detail.header.toggle.text() == "Start"
    assert detail.header.toggle.property("primary") is True
    assert "passes everything to the serial port COM5" in detail.sentence.text()
    assert not detail.problem.isVisible()
    assert not detail.exposed.isVisible()
    assert addresses(detail) == ["127.0.0.1:2001"]
    assert detail.connections.none.text() == "Nobody is connected: this relay is stopped."


def test_a_running_one(shown: Shown) -> None:
    detail = shown.show(view())
    shown.tell(RelayChanged("scale-1", RelayStatus(S.RUNNING, since=time.time() - 200)))
    assert detail.header.state.text() == "Running"
    assert detail.header.since.text() == "for 3 min"
    assert detail.header.toggle.text() == "Stop"
    assert detail.header.toggle.property("primary") is False
    assert detail.connections.none.text() == "Nobody is connected yet."


def test_the_address_is_copied(shown: Shown, qtbot: QtBot) -> None:
    detail = shown.show(view())
    copy = detail.addresses.findChild(QToolButton, "copy_address")
    assert copy is not None
    assert copy.accessibleName() == "Copy 127.0.0.1:2001"
    qtbot.mouseClick(copy, LEFT)
    assert QGuiApplication.clipboard().text() == "127.0.0.1:2001"
    assert copy.accessibleName() == "Copied"


def test_the_badge_of_an_exposed_relay(shown: Shown) -> None:
    relay = spec(TcpListen(2001, "0.0.0.0"), SerialPort("COM5"))
    detail = shown.show(view(profile(spec=relay), S.RUNNING, exposed=True))
    assert detail.exposed.isVisible()
    assert "Anyone on the network can connect" in detail.exposed.text()


def test_who_shows_a_certificate_says_how_others_trust_it(shown: Shown, qtbot: QtBot) -> None:
    relay = spec(TcpListen(8443, "0.0.0.0", ServerTls("/a.pem", "/a.key")), TcpConnect("h", 80))
    detail = shown.show(view(profile(spec=relay), S.RUNNING))
    hints = QSignalSpy(detail.hint_taken)
    button = detail.addresses.findChild(QPushButton, "trust")
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, LEFT)
    assert hints.at(0)[1].kind is HintKind.TRUST
    detail = shown.show(view(profile(spec=FORWARD), S.RUNNING))
    assert not button.isVisible()


def test_a_failed_one_explains_and_helps(shown: Shown, qtbot: QtBot) -> None:
    detail = shown.show(view(profile(spec=FORWARD), S.FAILED, IN_USE))
    hints = QSignalSpy(detail.hint_taken)
    assert detail.problem.isVisible()
    assert detail.problem.title.text() == "Port 8080 is already used by nginx"
    assert detail.problem.property("card") == "problem"
    assert not detail.problem.exact.isVisible()
    qtbot.mouseClick(detail.problem.more, LEFT)
    assert "code: address_in_use" in detail.problem.exact.text()
    assert detail.problem.exact.isVisible()
    qtbot.mouseClick(detail.problem.copy, LEFT)
    copied = QGuiApplication.clipboard().text()
    assert "Port 8080 is already used by nginx" in copied
    assert "Bascule listens on port 8080 of this computer" in copied
    qtbot.mouseClick(detail.problem.button, LEFT)
    id, hint = hints.at(0)
    assert id == "scale-1"
    assert isinstance(hint, ActionHint)
    assert (hint.kind, hint.value) == (HintKind.USE_PORT, "8081")


def test_a_line_that_is_copied_is_said_to_be(shown: Shown, qtbot: QtBot) -> None:
    facts = {"device": "/dev/ttyUSB0", "group": "dialout"}
    locked = Problem(ErrorCode.DEVICE_FORBIDDEN, "", "target.device", facts)
    detail = shown.show(view(problem=locked, state=S.FAILED))
    hints = QSignalSpy(detail.hint_taken)
    button = detail.problem.button
    assert button.text() == "Copy the line"
    assert not button.icon().isNull()
    qtbot.mouseClick(button, LEFT)
    assert QGuiApplication.clipboard().text() == "sudo usermod -aG dialout $USER"
    assert button.text() == "Copied"
    assert hints.count() == 0
    qtbot.waitUntil(lambda: button.text() == "Copy the line")
    qtbot.mouseClick(button, LEFT)
    shown.show(view(profile(spec=FORWARD), S.FAILED, IN_USE))  # while it still says so
    assert button.text() == "Use 8081 instead"
    assert button.icon().isNull()
    detail.problem.others[0].offer(ActionHint(HintKind.COPY, "Copy it too", "ufw allow 80/tcp"))
    detail.problem.others[0].click()
    assert QGuiApplication.clipboard().text() == "ufw allow 80/tcp"
    assert detail.problem.others[0].text() == "Copied"


def test_a_waiting_one_counts_down_and_can_be_hurried(shown: Shown, qtbot: QtBot) -> None:
    status = RelayStatus(S.WAITING, MISSING, time.time() + 90)
    detail = shown.show(view())
    retries = QSignalSpy(detail.retry_wanted)
    shown.tell(RelayChanged("scale-1", status))
    assert detail.waiting.text().startswith("Waiting for COM5 · next try in 9")
    assert detail.problem.property("card") == "waiting"
    assert detail.problem.button.text() == "Edit the relay…"
    qtbot.mouseClick(detail.try_now, LEFT)
    assert retries.at(0) == ["scale-1"]
    shown.tell(RelayChanged("scale-1", RelayStatus(S.RUNNING)))
    assert not detail.waiting.isVisible()
    assert not detail.problem.isVisible()


def test_a_connection_that_found_no_way_is_told_while_it_runs(shown: Shown) -> None:
    detail = shown.show(view(profile(spec=CHAIN), S.RUNNING))
    assert not detail.problem.isVisible()
    shown.tell(line("10.0.0.3:1080 does not answer", FIRST_HOP_DEAD))
    assert detail.problem.when.text() == "The last connection did not get through:"
    assert detail.problem.when.isVisible()
    assert "(the route breaks here)" in detail.route.accessibleName()
    shown.tell(line("192.168.1.1 is connected"))
    assert not detail.problem.isVisible()


def test_rates_and_totals_move(shown: Shown) -> None:
    detail = shown.show(view(profile(), S.RUNNING, connections=(connection(),)))
    chart = detail.rate.chart.grab().toImage()
    now = time.time()
    shown.store.apply([traffic("scale-1", now - 1, 0, 0)], now - 1)
    shown.store.apply([traffic("scale-1", now - 0.5, 600, 1_000_000)], now)
    detail.refresh_traffic()
    plain = [
        label.text().replace("\N{NO-BREAK SPACE}", " ")
        for label in (detail.rate.up.rate, detail.rate.down.rate, detail.rate.down.total)
    ]
    assert plain == ["1.2 kB/s", "2.0 MB/s", "1.0 MB in all"]
    assert detail.rate.chart.grab().toImage() != chart


def test_a_connection_is_closed_by_key_by_cross_and_by_button(shown: Shown, qtbot: QtBot) -> None:
    two = (connection(1), connection(2))
    detail = shown.show(view(profile(), S.RUNNING, connections=two))
    closes = QSignalSpy(detail.close_wanted)
    tab, table = detail.connections, detail.connections.table
    assert detail.tabs.tabText(1) == "Connections (2)"
    detail.tabs.setCurrentWidget(tab)
    assert not tab.close_button.isVisible()
    table.selectRow(1)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    qtbot.mouseClick(tab.close_button, LEFT)
    cross = table.visualRect(tab.model.index(0, Column.CLOSE)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=cross)
    assert [closes.at(i) for i in range(closes.count())] == [
        ["scale-1", 2],
        ["scale-1", 2],
        ["scale-1", 1],
    ]


def test_more_connections_than_are_listed_are_said(shown: Shown) -> None:
    made = view(profile(), S.RUNNING, connections=(connection(),))
    detail = shown.show(made)
    detail.tabs.setCurrentWidget(detail.connections)
    row = shown.store.rows["scale-1"]
    row.connection_count = 700
    detail.refresh()
    assert detail.connections.more.text() == "1 of 700 connections are listed."


def test_the_log_is_read_and_copied(shown: Shown, qtbot: QtBot) -> None:
    detail = shown.show(view(profile(), S.RUNNING, log=(line("one"), line("two"))))
    tab = detail.log
    detail.tabs.setCurrentWidget(tab)
    tab.list.setCurrentIndex(tab.model.index(1))
    tab.list.setFocus()
    qtbot.keyClick(tab.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().endswith("two")
    qtbot.mouseClick(tab.copy_all, LEFT)
    assert len(QGuiApplication.clipboard().text().splitlines()) == 2
    shown.tell(line("three"))
    assert tab.model.rowCount() == 3


def test_an_empty_log_says_so(shown: Shown) -> None:
    detail = shown.show(view())
    detail.tabs.setCurrentWidget(detail.log)
    assert detail.log.none.isVisible()


def test_a_broken_profile(shown: Shown, qtbot: QtBot) -> None:
    detail = shown.show(broken_view())
    retries, folders = QSignalSpy(detail.retry_wanted), QSignalSpy(detail.folder_wanted)
    assert detail.header.name.text() == "old.toml"
    assert not detail.header.toggle.isVisible()
    assert not detail.tabs.isVisible()
    broken = detail.broken
    assert "line 7" in broken.title.text()
    assert broken.file.text() == "/srv/a/old.toml"
    qtbot.mouseClick(broken.retry, LEFT)
    qtbot.mouseClick(broken.folder, LEFT)
    assert retries.at(0) == ["old"]
    assert folders.at(0) == ["/srv/a/old.toml"]
    qtbot.mouseClick(broken.copy, LEFT)
    assert "profile_damaged" in QGuiApplication.clipboard().text()


def test_another_relay_leaves_nothing_of_the_one_before(shown: Shown) -> None:
    shown.show(broken_view())
    detail = shown.show(view(profile("b-1", "Beta", FORWARD), S.FAILED, IN_USE))
    assert not detail.broken.isVisible()
    detail = shown.show(view(profile("c-1", "Gamma", FORWARD)))
    assert detail.id == "c-1"
    assert not detail.problem.isVisible()
    assert addresses(detail) == ["http://127.0.0.1:8080"]


def test_a_saved_change_is_shown(shown: Shown) -> None:
    detail = shown.show(view())
    shown.tell(ProfileSaved(view(profile("scale-1", "Renamed", FORWARD))))
    assert detail.header.name.text() == "Renamed"
    assert "10.0.0.5" in detail.sentence.text()


def test_it_fits_the_least_width(shown: Shown) -> None:
    detail = shown.show(view(profile(spec=CHAIN), S.FAILED, FIRST_HOP_DEAD))
    detail.resize(456, 500)
    body = detail.widget()
    assert body is not None
    assert body.minimumSizeHint().width() <= detail.viewport().width()
    assert detail.header.more.mapTo(body, QPoint(0, 0)).x() < detail.viewport().width()


def test_that_traffic_is_shown_is_marked_at_its_tab(shown: Shown, qtbot: QtBot) -> None:
    detail = shown.show(view())
    place = detail.tabs.indexOf(detail.traffic)
    assert detail.tabs.tabText(place) == "Traffic"
    wanted, asked = QSignalSpy(detail.record_wanted), QSignalSpy(detail.traffic_wanted)
    detail.tabs.setCurrentIndex(place)
    qtbot.keyClick(detail.traffic.switch, Qt.Key.Key_Space)
    assert wanted.at(0) == ["scale-1", True]
    shown.tell(RecordingChanged("scale-1", True))
    assert detail.tabs.tabText(place) == "Traffic ●"
    assert asked.at(0) == ["scale-1", 0]
    seen = Recorded(True, (Record(1, NOW, 1, Mark.UP, b"x" * 500),))
    detail.take_traffic("another-1", seen)
    assert detail.traffic.model.rowCount() == 0
    detail.take_traffic("scale-1", seen)
    assert detail.traffic.model.rowCount() == 1


def test_shown_traffic_fits_the_least_width(shown: Shown) -> None:
    detail = shown.show(view())
    detail.resize(456, 500)
    detail.tabs.setCurrentWidget(detail.traffic)
    shown.tell(RecordingChanged("scale-1", True))
    detail.take_traffic("scale-1", Recorded(True, (Record(1, NOW, 1, Mark.UP, b"x" * 500),)))
    body = detail.widget()
    assert body is not None
    assert body.minimumSizeHint().width() <= detail.viewport().width()


SHARE = RelaySpec(TcpListen(8000, "0.0.0.0"), ShareFile(path="/srv/report.pdf"))
HANDED_OUT = ShareFacts("/SECRET", "a report with a rather long name.pdf", 12, 1)


def test_a_file_that_is_handed_out_shows_its_link_while_it_runs(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentences, "network_addresses", lambda *, with_ipv6: ["10.0.0.7"])
    running = view(profile(spec=SHARE), S.RUNNING, listening=("0.0.0.0:8000",))
    wanted = QSignalSpy(shown.detail.share_wanted)
    detail = shown.show(running)
    assert wanted.at(0) == ["scale-1"]
    assert detail.share.isHidden()  # nothing is known yet
    detail.take_share("another-1", HANDED_OUT)
    assert detail.share.isHidden()
    detail.take_share("scale-1", HANDED_OUT)
    assert not detail.share.isHidden()
    (link,) = detail.addresses.findChildren(QLabel, "address")
    assert link.text().startswith("http://10.0.0.7:8000/SECRET/a%20report")
    count = wanted.count()
    detail.tick()
    assert wanted.count() == count + 1  # it may have been fetched
    shown.tell(RelayChanged("scale-1", RelayStatus(S.STOPPED, since=NOW)))
    detail.take_share("scale-1", replace(HANDED_OUT, fetched=1))
    assert detail.share.account.text().startswith("Downloads: 1 of 1.")
    assert detail.addresses.isHidden()
    count = wanted.count()
    detail.tick()
    assert wanted.count() == count  # nothing changes any more
    shown.show(view())
    assert detail.share.isHidden()


@pytest.mark.parametrize("walled", [False, True], ids=["no firewall", "a firewall"])
def test_what_is_handed_out_fits_the_least_width(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, walled: bool
) -> None:
    hint = ActionHint(HintKind.COPY, "Copy the line for the firewall", "sudo ufw allow 8000/tcp")
    monkeypatch.setattr(detail_module, "firewall_of", lambda _spec: hint if walled else None)
    detail = shown.show(view(profile(spec=SHARE), S.RUNNING, listening=("0.0.0.0:8000",)))
    detail.resize(456, 500)
    detail.take_share("scale-1", HANDED_OUT)
    body = detail.widget()
    assert body is not None
    assert body.minimumSizeHint().width() <= detail.viewport().width()
    button = detail.addresses.findChild(QPushButton, "firewall")
    assert (button is not None) == walled
    if button is not None:
        button.click()
        assert QGuiApplication.clipboard().text() == hint.value
        assert button.text() == "Copied"
