"""Seen traffic as a table: what a line says, and which lines are listed."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from bascule.recording.records import Mark, Passage, Record, Recorded
from bascule_desktop import format as figures
from bascule_desktop.models.traffic_table import RECORD_ROLE, SHOWN_BYTES, Column, TrafficTable
from bascule_desktop.traffic_log import Filter, TrafficLog

AT = time.mktime((2026, 11, 21, 17, 46, 52, 0, 0, -1)) + 0.123
RECORDS = (
    Record(1, AT, 3, Mark.OPENED),
    Record(2, AT, 3, Mark.UP, b"GET /\r\n" + b"x" * 2000),
    Record(3, AT, 3, Mark.DOWN, b"\x00"),
    Record(4, AT, 3, Mark.CLOSED),
    Record(5, AT, 4, Mark.UP, b""),
)


def said(model: TrafficTable, row: int, role: Any = Qt.ItemDataRole.DisplayRole) -> list[Any]:
    return [model.index(row, column).data(role) for column in Column]


@pytest.fixture
def model() -> TrafficTable:
    log = TrafficLog()
    log.take(Recorded(True, RECORDS, (Passage(3, "10.0.0.7:5000"),)))
    made = TrafficTable()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.show_log(log)
    return made


def test_what_a_line_says(model: TrafficTable) -> None:
    clock = "17:46:52.123"
    assert said(model, 0) == [clock, "+", "#3", "", "10.0.0.7:5000 is connected"]
    first = ("GET /.." + "x" * 2000)[:SHOWN_BYTES]
    assert said(model, 1) == [clock, "↑", "#3", "2.0\u00a0kB", first]
    assert said(model, 2) == [clock, "↓", "#3", "1\u00a0B", "."]
    assert said(model, 3)[1:] == ["×", "#3", "", "10.0.0.7:5000: the connection has ended"]  # noqa: RUF001
    assert said(model, 4)[1:] == ["↑", "#4", "0\u00a0B", ""]


def test_what_is_said_of_it_beside(model: TrafficTable) -> None:
    tips = said(model, 1, Qt.ItemDataRole.ToolTipRole)
    assert tips[1:] == [
        "Up: from the source to the target",
        "10.0.0.7:5000",
        figures.exact_bytes(2007),
        None,
    ]
    spoken = [
        model.index(row, Column.DIRECTION).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(4)
    ]
    assert spoken == [
        "A connection begins",
        "Up: from the source to the target",
        "Down: from the target to the source",
        "A connection ends",
    ]
    assert model.index(2, 0).data(RECORD_ROLE) is RECORDS[2]
    heads = [model.headerData(each, Qt.Orientation.Horizontal) for each in Column]
    assert heads == ["Time", "", "Connection", "Size", "First bytes"]


def test_only_what_is_wanted_is_listed_also_of_what_comes(model: TrafficTable) -> None:
    model.set_filter(Filter(mark=Mark.UP))
    assert [record.number for record in model.shown] == [2, 5]
    model.follow((Record(6, AT, 4, Mark.DOWN, b"a"), Record(7, AT, 4, Mark.UP, b"b")), 3)
    assert [record.number for record in model.shown] == [5, 7]
    model.follow((), 8)
    assert model.rowCount() == 0
