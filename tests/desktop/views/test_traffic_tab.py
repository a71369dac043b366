"""The tab of the traffic as a person uses it: with a hundred thousand records as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from bascule.events import RecordingChanged
from bascule.recording.records import Mark, Passage, Record, Recorded
from bascule_desktop.models import traffic_table
from bascule_desktop.models.traffic_table import TrafficTable
from bascule_desktop.store import Row, Store
from bascule_desktop.theme import Theme
from bascule_desktop.traffic_file import Form
from bascule_desktop.views.traffic_tab import TrafficTab
from tests.desktop.relay_facts import NOW, store_of, view

LEFT = Qt.MouseButton.LeftButton
PASSAGE = Passage(1, "10.0.0.7:5000")
ID = "scale-1"


def some(first: int, count: int, data: bytes = b"GET / HTTP/1.1\r\n") -> Recorded:
    numbers = range(first, first + count)
    marks = (Mark.UP, Mark.DOWN)
    records = tuple(Record(each, NOW + each / 8, 1, marks[each % 2], data) for each in numbers)
    return Recorded(True, records, (PASSAGE,))


class Shown:
    def __init__(self, tab: TrafficTab) -> None:
        self.tab = tab
        self.store: Store = store_of(view())
        tab.show_row(self.row)

    @property
    def row(self) -> Row:
        return self.store.rows[ID]

    def switch(self, on: bool) -> None:
        self.store.apply([RecordingChanged(ID, on)], NOW)
        self.tab.refresh()


@pytest.fixture
def shown(theme: Theme, qtbot: QtBot) -> Iterator[Shown]:
    tab = TrafficTab(theme)
    tab.resize(700, 400)
    with qtbot.waitExposed(tab):
        tab.show()
    yield Shown(tab)
    shiboken6.delete(tab)


def test_off_says_what_it_would_show_and_asks_for_nothing(shown: Shown, qtbot: QtBot) -> None:
    tab = shown.tab
    asked, wanted = QSignalSpy(tab.read_wanted), QSignalSpy(tab.record_wanted)
    assert "See every byte" in tab.note.text()
    assert not tab.table.isVisible()
    qtbot.keyClick(tab.switch, Qt.Key.Key_Space)
    assert [wanted.at(0)[0], tab.switch.isChecked()] == [True, False]  # it turns with the engine
    assert asked.count() == 0


def test_on_asks_while_somebody_looks(shown: Shown, qtbot: QtBot) -> None:
    tab = shown.tab
    asked = QSignalSpy(tab.read_wanted)
    shown.switch(True)
    assert (tab.switch.isChecked(), asked.at(0)[0]) == (True, 0)
    tab.take(some(1, 5))
    qtbot.waitUntil(lambda: asked.count() > 1 and asked.at(asked.count() - 1)[0] == 5)
    tab.hide()
    assert not tab._poll.isActive()
    tab.show()
    assert tab._poll.isActive()
    qtbot.mouseClick(tab.pause, LEFT)
    assert not tab._poll.isActive()
    qtbot.mouseClick(tab.pause, LEFT)
    assert tab._poll.isActive()


def test_after_it_is_off_the_rest_is_read(shown: Shown, qtbot: QtBot) -> None:
    tab = shown.tab
    shown.switch(True)
    tab.take(some(1, 3))
    wanted, asked = QSignalSpy(tab.record_wanted), QSignalSpy(tab.read_wanted)
    qtbot.mouseClick(tab.pause, LEFT)
    qtbot.keyClick(tab.switch, Qt.Key.Key_Space)
    assert wanted.at(0)[0] is False
    shown.switch(False)
    assert asked.at(0)[0] == 3
    tab.take(replace(some(4, 2), more=True))  # was on its way
    tab.take(replace(some(6, 2), on=False, more=True))
    assert tab._poll.isActive()
    tab.take(replace(some(8, 2), on=False))
    assert not tab._poll.isActive()
    assert tab.model.rowCount() == 9
    assert tab.note.text().startswith("Off: nothing more is recorded")
    shown.switch(True)  # perhaps in another engine, which counts from 1
    assert tab.model.rowCount() == 0
    tab.take(some(1, 2))
    assert tab.model.rowCount() == 2


def test_what_had_to_make_room_is_said(shown: Shown) -> None:
    tab = shown.tab
    shown.switch(True)
    assert tab.note.text() == "Nothing has passed since this was switched on."
    tab.take(replace(some(1, 1), dropped=1))
    assert "had to make room" in tab.note.text()


def test_the_bytes_of_the_chosen_record_and_copying_it(shown: Shown, qtbot: QtBot) -> None:
    tab = shown.tab
    shown.switch(True)
    tab.take(some(1, 3))
    assert not tab.copy.isEnabled()
    tab.table.selectRow(1)
    line = "00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|"
    assert tab.bytes.toPlainText() == line
    tab.table.setFocus()
    qtbot.keySequence(tab.table, QKeySequence(QKeySequence.StandardKey.Copy))
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[1:] == [line]
    assert copied[0].startswith(">")
    assert "#1 16 bytes 10.0.0.7:5000" in copied[0]


def test_searching_and_filtering(shown: Shown, qtbot: QtBot) -> None:
    tab = shown.tab
    shown.switch(True)
    tab.take(some(1, 10))
    tab.take(some(11, 1, b"\x00needle"))
    qtbot.keyClicks(tab.filter.search, "NEEDLE")
    qtbot.keyClick(tab.filter.search, Qt.Key.Key_Return)
    assert [record.number for record in tab.model.shown] == [11]
    assert tab.state.text().startswith("1 of 11")
    tab.filter.search.setText("00 6e")
    tab.filter.hex.setChecked(True)
    assert [record.number for record in tab.model.shown] == [11]
    tab.filter.search.setText("nonsense")
    qtbot.keyClick(tab.filter.search, Qt.Key.Key_Return)
    assert tab.filter.search.property("invalid") is True
    assert "two hexadecimal digits" in tab.filter.search.toolTip()
    tab.filter.clear()
    tab.filter.direction.setCurrentIndex(1)
    assert {record.mark for record in tab.model.shown} == {Mark.UP}
    assert [tab.filter.connection.itemText(place) for place in range(2)] == [
        "All connections",
        "#1 10.0.0.7:5000",
    ]


def test_it_follows_until_somebody_looks_back(shown: Shown, qtbot: QtBot) -> None:
    tab = shown.tab
    shown.switch(True)
    bar = tab.table.verticalScrollBar()
    tab.take(some(1, 200))
    assert bar.value() == bar.maximum() > 0
    qtbot.keyClick(tab.table, Qt.Key.Key_Home)
    tab.table.selectRow(0)
    assert not tab.follow.isChecked()
    before = bar.value()
    tab.take(some(201, 50))
    assert bar.value() == before
    qtbot.mouseClick(tab.follow, LEFT)
    assert bar.value() == bar.maximum()


def test_what_is_listed_is_what_is_saved(shown: Shown) -> None:
    tab = shown.tab
    shown.switch(True)
    assert not tab.save.isEnabled()
    tab.take(some(1, 4))
    tab.filter.direction.setCurrentIndex(2)
    spy = QSignalSpy(tab.save_wanted)
    for action in tab.save.menu().actions():
        action.trigger()
    assert [spy.at(place)[0] for place in range(5)] == list(Form)
    assert [record.number for record in spy.at(0)[1]] == [1, 3]
    assert spy.at(0)[2] == {1: PASSAGE}


def test_of_a_hundred_thousand_records_only_what_is_seen_is_formatted(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab, formatted = shown.tab, set[bytes]()
    printable = traffic_table.printable

    def counting(data: bytes) -> str:
        formatted.add(data)
        return printable(data)

    monkeypatch.setattr(traffic_table, "printable", counting)
    shown.switch(True)
    for first in range(0, 100_000, 1000):
        records = tuple(
            Record(number + 1, NOW, 1, Mark.UP, b"%06d" % number)
            for number in range(first, first + 1000)
        )
        tab.take(Recorded(True, records, (PASSAGE,)))
    assert tab.model.rowCount() == 100_000
    tab.table.scrollToBottom()
    tab.grab()
    assert b"099999" in formatted
    for place in (0, 25_000, 50_000, 75_000):
        tab.table.scrollTo(tab.model.index(place, 0))
        tab.grab()
        assert b"%06d" % place in formatted
    # A view of this height holds some twenty lines; it looked at six places, some of them twice.
    assert len(formatted) < 400


def test_all_of_a_hundred_thousand_are_chosen_at_once_and_not_copied(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab, asked = shown.tab, 0
    rows = TrafficTable.rowCount

    def counting(*about: Any) -> int:
        nonlocal asked
        asked += 1
        return rows(*about)

    shown.switch(True)
    tab.take(some(1, 100_000))
    tab.grab()
    QGuiApplication.clipboard().setText("before")
    monkeypatch.setattr(TrafficTable, "rowCount", counting)
    tab.table.selectAll()
    tab.grab()
    assert asked < 1000  # that is none for each record
    assert not tab.copy.isEnabled()
    assert "too much to be copied" in tab.note.text()
    QTest.keySequence(tab.table, QKeySequence.StandardKey.Copy)
    assert QGuiApplication.clipboard().text() == "before"
    QTest.mouseClick(tab.table.viewport(), LEFT, pos=QPoint(20, 20))
    assert tab.copy.isEnabled()
    assert "too much" not in tab.note.text()
