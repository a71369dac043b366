"""The log as a list: new lines come at the end, old ones fall out at the beginning."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from bascule.events import RelayState
from bascule.snapshot import ProfileSaved
from bascule_desktop.models.log_list import LogList
from bascule_desktop.store import Store
from tests.desktop.relay_facts import MISSING, NOW, line, profile, store_of, view


@pytest.fixture
def store() -> Store:
    return store_of(view(profile(), RelayState.RUNNING, log=(line("one"), line("two"))))


@pytest.fixture
def log(store: Store) -> LogList:
    made = LogList()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning, made)
    made.show_row(store.rows["scale-1"])
    return made


def texts(log: LogList) -> list[str]:
    return [str(log.index(i).data()).partition("  ")[2] for i in range(log.rowCount())]


def test_a_new_line_is_appended(log: LogList, store: Store) -> None:
    resets = QSignalSpy(log.modelReset)
    store.apply([line("three")], NOW)
    log.refresh()
    assert texts(log) == ["one", "two", "three"]
    assert resets.count() == 0


def test_what_the_store_drops_falls_out(log: LogList, store: Store) -> None:
    resets = QSignalSpy(log.modelReset)
    store.apply([line(f"line {i}") for i in range(999)], NOW)
    log.refresh()
    assert log.rowCount() == 1000
    assert texts(log)[0] == "two"
    assert texts(log)[-1] == "line 998"
    assert resets.count() == 0


def test_a_log_that_began_anew_is_read_anew(log: LogList, store: Store) -> None:
    store.apply([ProfileSaved(view(profile(), log=(line("other", at=NOW - 9),)))], NOW)
    log.refresh()
    assert texts(log) == ["other"]


def test_problems_are_said_in_the_persons_words(log: LogList, store: Store) -> None:
    store.apply([line("COM5: ENOENT", MISSING)], NOW)
    log.refresh()
    last = log.index(2)
    assert texts(log)[-1] == "COM5 is not there"
    assert last.data(Qt.ItemDataRole.ToolTipRole) == "COM5: ENOENT"
    assert str(last.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("Problem: ")


def test_lines_are_copied_in_order(log: LogList) -> None:
    copied = log.copied([1, 0]).splitlines()
    assert [each.partition("  ")[2] for each in copied] == ["one", "two"]


def test_no_relay_has_no_log(log: LogList) -> None:
    log.show_row(None)
    log.refresh()
    assert log.rowCount() == 0
