"""The list as a model: order, groups, search, and how little changes at a time."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from bascule.events import RelayChanged, RelayState, RelayStatus
from bascule.snapshot import Event, ProfileSaved, Snapshot
from bascule_desktop.models.relay_list import ID_ROLE, ROW_ROLE, RelayListModel
from bascule_desktop.store import Store
from tests.desktop.relay_facts import (
    CHAIN,
    MISSING,
    NOW,
    broken_view,
    connection,
    profile,
    store_of,
    traffic,
    view,
)


@pytest.fixture
def store() -> Store:
    return store_of(
        view(profile("b-1", "beta")),
        view(profile("a-1", "Alpha")),
        view(profile("w-1", "Weigh", group="Workshop")),
        view(profile("l-1", "Lamp", group="lab")),
    )


@pytest.fixture
def model(store: Store) -> RelayListModel:
    made = RelayListModel(store)
    QAbstractItemModelTester(
        made, QAbstractItemModelTester.FailureReportingMode.Warning, made
    )  # a warning fails the test
    return made


def tell(model: RelayListModel, store: Store, *events: Event) -> None:
    model.apply(store.apply(events, NOW + 1))


def lines(model: RelayListModel) -> list[str]:
    return [str(model.index(i).data()) for i in range(model.rowCount())]


def test_names_in_order_groups_under_headings(model: RelayListModel) -> None:
    assert lines(model) == ["Alpha", "beta", "lab", "Lamp", "Workshop", "Weigh"]
    heading = model.index(2)
    assert heading.data(ROW_ROLE) is None
    assert not heading.flags() & Qt.ItemFlag.ItemIsSelectable
    assert heading.data(Qt.ItemDataRole.AccessibleTextRole) == "lab"
    assert model.groups == ["lab", "Workshop"]


def test_search_takes_every_word_in_name_route_and_group(model: RelayListModel) -> None:
    model.set_search("com5 WORK")
    assert lines(model) == ["Workshop", "Weigh"]
    assert model.narrowed
    model.set_search("nothing")
    assert lines(model) == []
    model.set_search("")
    assert len(lines(model)) == 6


def test_a_group_alone(model: RelayListModel) -> None:
    model.set_group("lab")
    assert lines(model) == ["lab", "Lamp"]


def test_a_new_name_moves_one_line(model: RelayListModel, store: Store) -> None:
    spy = QSignalSpy(model.modelReset)
    tell(model, store, ProfileSaved(view(profile("b-1", "zeta"))))
    assert lines(model)[:2] == ["Alpha", "zeta"]
    tell(model, store, ProfileSaved(view(profile("b-1", "Aaa"))))
    assert lines(model)[:2] == ["Aaa", "Alpha"]
    assert spy.count() == 0


def test_a_snapshot_may_replace_all(model: RelayListModel, store: Store) -> None:
    tell(model, store, Snapshot((broken_view(), view(profile("b-1", "beta")))))
    assert lines(model) == ["beta", "old.toml"]
    tell(model, store, Snapshot(()))
    assert lines(model) == []


def test_a_state_changes_one_line_and_traffic_only_wants_paint(
    model: RelayListModel, store: Store
) -> None:
    changed, touched = QSignalSpy(model.dataChanged), QSignalSpy(model.touched)
    tell(model, store, RelayChanged("b-1", RelayStatus(RelayState.RUNNING)))
    assert changed.count() == 1
    assert changed.at(0)[0].data(ID_ROLE) == "b-1"
    tell(model, store, traffic("b-1", NOW + 2, 10, 10))
    assert changed.count() == 1
    assert touched.count() == 1
    assert touched.at(0)[0].data(ID_ROLE) == "b-1"


def test_only_waiting_rows_tick(model: RelayListModel, store: Store) -> None:
    touched = QSignalSpy(model.touched)
    model.tick()
    assert touched.count() == 0
    tell(model, store, RelayChanged("a-1", RelayStatus(RelayState.WAITING, MISSING, NOW + 9)))
    model.tick()
    assert [touched.at(i)[0].data(ID_ROLE) for i in range(touched.count())] == ["a-1"]


def test_the_switch_is_a_check_state_and_asks(model: RelayListModel, store: Store) -> None:
    wanted = QSignalSpy(model.toggle_wanted)
    index = model.index_of("a-1")
    role = Qt.ItemDataRole.CheckStateRole
    assert Qt.CheckState(index.data(role)) is Qt.CheckState.Unchecked
    assert model.setData(index, Qt.CheckState.Checked, role) is False
    assert wanted.at(0) == ["a-1", True]
    # It turns when the engine says so.
    assert Qt.CheckState(index.data(role)) is Qt.CheckState.Unchecked
    tell(model, store, RelayChanged("a-1", RelayStatus(RelayState.RUNNING)))
    assert Qt.CheckState(index.data(role)) is Qt.CheckState.Checked
    assert model.setData(index, "x", Qt.ItemDataRole.EditRole) is False


def test_a_broken_profile_has_no_switch(store: Store) -> None:
    store.apply([Snapshot((broken_view(),))], NOW)
    model = RelayListModel(store)
    index = model.index_of("old")
    assert index.data(Qt.ItemDataRole.CheckStateRole) is None
    assert not index.flags() & Qt.ItemFlag.ItemIsUserCheckable
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "/srv/a/old.toml"


def test_words_for_a_screen_reader_and_exact_values(store: Store) -> None:
    running = view(profile("b-1", "beta", CHAIN), RelayState.RUNNING, connections=(connection(),))
    store.apply([ProfileSaved(running), traffic("b-1", NOW + 0.5, 1_234_567, 0)], NOW)
    model = RelayListModel(store)
    index = model.index_of("b-1")
    assert str(index.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("beta, Running, 127.")
    assert "1 connection" in str(index.data(Qt.ItemDataRole.AccessibleDescriptionRole))
    assert "↑" in str(index.data(Qt.ItemDataRole.AccessibleDescriptionRole))
    assert "bytes" in str(index.data(Qt.ItemDataRole.ToolTipRole))
    assert model.data(QModelIndex()) is None


def test_two_hundred_profiles_list_at_once() -> None:
    store = store_of(
        *(view(profile(f"r-{i}", f"Relay {i}", group=f"G{i % 9}")) for i in range(200))
    )
    begun = time.thread_time()  # of ours: others may be busy meanwhile
    model = RelayListModel(store)
    model.set_search("relay 1")
    model.set_search("")
    assert model.rowCount() == 209
    assert time.thread_time() - begun < 0.5
