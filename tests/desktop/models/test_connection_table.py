"""Connections as a table: lines come and go one by one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from bascule.events import ConnectionClosed, ConnectionOpened, RelayState, Traffic
from bascule_desktop.models.connection_table import Column, ConnectionTable
from bascule_desktop.store import Store
from tests.desktop.relay_facts import NOW, connection, profile, store_of, view


@pytest.fixture
def store() -> Store:
    return store_of(view(profile(), RelayState.RUNNING, connections=(connection(1), connection(2))))


@pytest.fixture
def table(store: Store) -> ConnectionTable:
    made = ConnectionTable()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning, made)
    made.show_row(store.rows["scale-1"])
    return made


def text(table: ConnectionTable, row: int, column: Column) -> str:
    return str(table.index(row, column).data()).replace("\N{NO-BREAK SPACE}", " ")


def numbers(table: ConnectionTable) -> list[int | None]:
    return [table.number_at(table.index(i, 0)) for i in range(table.rowCount())]


def test_a_line_says_peer_bytes_and_state(table: ConnectionTable, store: Store) -> None:
    store.apply([Traffic("scale-1", NOW + 1, 1500, 0, ((1, 1500, 20),))], NOW + 1)
    table.refresh()
    assert text(table, 0, Column.PEER) == "192.168.1.1:5000"
    assert text(table, 0, Column.UP) == "1.5 kB"
    assert text(table, 0, Column.DOWN) == "20 B"
    assert text(table, 0, Column.STATE) == "Connected"
    assert "ago" in text(table, 0, Column.SINCE)
    tip = table.index(0, Column.UP).data(Qt.ItemDataRole.ToolTipRole)
    assert "1" in str(tip)
    assert "500" in str(tip)
    assert "192.168.1.1" in str(
        table.index(0, Column.CLOSE).data(Qt.ItemDataRole.AccessibleTextRole)
    )


def test_lines_come_and_go_without_a_reset(table: ConnectionTable, store: Store) -> None:
    resets = QSignalSpy(table.modelReset)
    store.apply(
        [
            ConnectionClosed("scale-1", 1, 0, 0),
            ConnectionOpened("scale-1", connection(7, connected=False)),
        ],
        NOW,
    )
    table.refresh()
    assert numbers(table) == [2, 7]
    assert text(table, 1, Column.STATE) == "Connecting"
    store.apply([ConnectionOpened("scale-1", connection(7))], NOW)
    table.refresh()
    assert text(table, 1, Column.STATE) == "Connected"
    assert resets.count() == 0


def test_headings(table: ConnectionTable) -> None:
    across = Qt.Orientation.Horizontal
    said = [str(table.headerData(column, across)) for column in Column]
    assert said == ["Peer", "Since", "Up", "Down", "State", ""]
    assert table.headerData(0, Qt.Orientation.Vertical) is None


def test_nothing_is_shown_of_no_relay(table: ConnectionTable) -> None:
    table.show_row(None)
    table.refresh()
    assert table.rowCount() == 0
    assert table.number_at(QModelIndex()) is None
