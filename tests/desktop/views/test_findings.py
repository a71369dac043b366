"""What a relay has found out about its way, as the detail shows it: a measurement, its checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from bascule.errors import ErrorCode, Problem
from bascule.events import (
    Checked,
    CheckResult,
    Measured,
    Measurement,
    Outcome,
    RelayChanged,
    RelayState,
    RelayStatus,
)
from bascule.snapshot import ProfileView
from bascule.spec.endpoints import TcpConnect
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.relays import RelaySpec
from bascule_desktop.store import Store
from bascule_desktop.theme import Theme
from bascule_desktop.views.detail import Detail
from tests.desktop.relay_facts import NOW, profile, store_of, view

TARGET = TcpConnect("db.example", 5432)
CHECKS = profile(spec=RelaySpec(Schedule(), TARGET))
MEASURES = profile(spec=RelaySpec(Throughput(), TARGET, once=True))
REFUSED = Problem(
    ErrorCode.CONNECTION_REFUSED, "refused", "target.host", {"subject": "db.example:5432"}
)
MEBIBYTE = 2**20
DONE = Measurement(
    Outcome.CONFIRMED, NOW, 2.0, 8 * MEBIBYTE, 0, ((0.5, MEBIBYTE, 0), (1.0, 8 * MEBIBYTE, 0))
)


@pytest.fixture
def detail(theme: Theme, qtbot: QtBot) -> Iterator[Detail]:
    made = Detail(theme)
    made.resize(720, 720)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    shiboken6.delete(made)


def shown(detail: Detail, made: ProfileView) -> Store:
    store = store_of(made)
    detail.show_row(store.rows[made.id])
    return store


def test_a_measurement_stays_when_the_relay_has_ended(detail: Detail) -> None:
    store = shown(detail, view(MEASURES, RelayState.RUNNING))
    assert not detail.measurement.isVisible()
    going = Measurement(Outcome.RUNNING, NOW, 0.5, MEBIBYTE, 0, DONE.samples[:1])
    store.apply([Measured("scale-1", going)], NOW)
    detail.refresh()
    assert detail.measurement.isVisible()
    assert detail.measurement.figure.text() == "2.1\N{NO-BREAK SPACE}MB/s"
    assert "going on" in detail.measurement.account.text()
    stopped = RelayChanged("scale-1", RelayStatus(RelayState.STOPPED))
    store.apply([Measured("scale-1", DONE), stopped], NOW)
    detail.refresh()
    assert detail.measurement.figure.text() == "4.2\N{NO-BREAK SPACE}MB/s"
    assert detail.measurement.other.text() == "33.6 Mbit/s"
    said = detail.measurement.account.text()
    assert said.startswith("8.4\N{NO-BREAK SPACE}MB sent in 2.0 s.")
    assert said.endswith("confirmed that it has everything.")
    assert [rate / MEBIBYTE for _at, rate in detail.measurement.curve.rates] == [2, 14]
    assert not detail.checks.isVisible()


@pytest.mark.parametrize(
    ("measurement", "said"),
    [
        (replace(DONE, outcome=Outcome.UNCONFIRMED), "did not say that it has everything"),
        (replace(DONE, outcome=Outcome.INTERRUPTED), "ended before everything was sent"),
        (replace(DONE, received=2_000_000), "2.0\N{NO-BREAK SPACE}MB came back."),
        (replace(DONE, sent=0, received=2_000_000), "2.0\N{NO-BREAK SPACE}MB received in 2.0 s."),
    ],
)
def test_a_figure_that_is_less_certain_says_so(
    detail: Detail, measurement: Measurement, said: str
) -> None:
    shown(detail, replace(view(MEASURES), measurement=measurement))
    assert said in detail.measurement.account.text()


def test_the_last_checks_as_a_strip(detail: Detail, qtbot: QtBot) -> None:
    results = (CheckResult(NOW, 10.0), CheckResult(NOW + 60, 30.0, REFUSED))
    made = replace(view(CHECKS, RelayState.RUNNING), checks=results[:1])
    store = shown(detail, made)
    card = detail.checks
    assert card.isVisible()
    assert detail.header.state.text() == "Answers"
    assert card.last.text().endswith("Answers in 10\N{NO-BREAK SPACE}ms")
    assert card.share.text().startswith("1 of the last 1 checks were answered")
    waiting = RelayStatus(RelayState.WAITING, REFUSED, NOW + 120, since=NOW + 60)
    store.apply([Checked("scale-1", results[1]), RelayChanged("scale-1", waiting)], NOW)
    detail.refresh()
    assert detail.header.state.text() == "Does not answer"
    assert detail.header.state.property("badge") == "problem"
    assert card.last.text().endswith("db.example:5432 refuses the connection")
    assert card.share.text().startswith("1 of the last 2 checks were answered · 10")
    assert card.strip.accessibleDescription() == "2 checks, 1 of them not answered"
    right = card.strip.width()
    assert card.strip.check_at(right - 1) == results[1]
    assert card.strip.check_at(right - 1 - right // 60) == results[0]
    assert card.strip.check_at(0) is None
    assert detail.problem.isVisible()
    now = QSignalSpy(detail.retry_wanted)
    card.again.click()
    assert now.at(0) == ["scale-1"]


def test_where_nothing_passes_there_are_no_tabs_for_it(detail: Detail) -> None:
    shown(detail, view(MEASURES))
    detail.tabs.setCurrentWidget(detail.connections)
    shown(detail, view(CHECKS))
    seen = [detail.tabs.isTabVisible(number) for number in range(detail.tabs.count())]
    assert seen == [False, False, False, True]
    assert detail.tabs.currentWidget() is detail.log
    assert detail.checks.last.text() == "Nothing was checked yet"
    assert not detail.checks.again.isVisible()  # it does not run
    shown(detail, view(MEASURES))
    assert detail.tabs.currentWidget() is detail.connections
