"""The list as hands, keys and ears use it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import override

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage, QPaintEvent
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from bascule.events import RelayChanged, RelayState, RelayStatus, TransferChanged
from bascule.snapshot import Event
from bascule_desktop.models.relay_list import ID_ROLE, RelayListModel
from bascule_desktop.models.row_text import spoken
from bascule_desktop.store import Store
from bascule_desktop.theme import Theme
from bascule_desktop.views.relay_delegate import switch_rect
from bascule_desktop.views.relay_list import RelayListView
from tests.desktop.relay_facts import (
    IN_USE,
    MISSING,
    NOW,
    profile,
    store_of,
    traffic,
    view,
)
from tests.desktop.test_transfer_words import DONE, UNDER_WAY

LEFT = Qt.MouseButton.LeftButton


class Watched(RelayListView):
    """Remembers what was painted and how often it was laid out."""

    painted: QRect
    laid_out = 0

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted = self.painted.united(event.rect())
        super().paintEvent(event)

    @override
    def doItemsLayout(self) -> None:
        self.laid_out += 1
        super().doItemsLayout()


@pytest.fixture
def store() -> Store:
    return store_of(
        view(profile("a-1", "Alpha")),
        view(profile("b-1", "Beta")),
        view(profile("w-1", "Weigh", group="Workshop")),
    )


@pytest.fixture
def model(store: Store) -> Iterator[RelayListModel]:
    made = RelayListModel(store)
    yield made
    shiboken6.delete(made)


@pytest.fixture
def list_(model: RelayListModel, theme: Theme, qtbot: QtBot) -> Iterator[Watched]:
    made = Watched(model, theme)
    made.painted = QRect()
    made.resize(360, 400)
    with qtbot.waitExposed(made):
        made.show()
    made.select("a-1")
    yield made
    shiboken6.delete(made)


def tell(model: RelayListModel, store: Store, *events: Event) -> None:
    model.apply(store.apply(events, NOW + 1))


def place(list_: RelayListView, model: RelayListModel, id: str) -> QRect:
    return list_.visualRect(model.index_of(id))


def test_a_click_on_the_switch_asks_and_a_click_beside_it_selects(
    list_: Watched, model: RelayListModel, qtbot: QtBot
) -> None:
    wanted = QSignalSpy(model.toggle_wanted)
    line = place(list_, model, "b-1")
    qtbot.mouseClick(list_.viewport(), LEFT, pos=line.topLeft() + QPoint(60, 12))
    assert list_.current_id == "b-1"
    assert wanted.count() == 0
    qtbot.mouseClick(list_.viewport(), LEFT, pos=switch_rect(line).center())
    assert wanted.at(0) == ["b-1", True]


def test_a_press_that_slides_off_the_switch_does_nothing(
    list_: Watched, model: RelayListModel, qtbot: QtBot
) -> None:
    wanted = QSignalSpy(model.toggle_wanted)
    line = place(list_, model, "b-1")
    qtbot.mousePress(list_.viewport(), LEFT, pos=switch_rect(line).center())
    qtbot.mouseRelease(list_.viewport(), LEFT, pos=line.topLeft() + QPoint(60, 12))
    assert wanted.count() == 0


def test_a_double_click_edits_but_not_on_the_switch(
    list_: Watched, model: RelayListModel, qtbot: QtBot
) -> None:
    edits = QSignalSpy(list_.edit_wanted)
    line = place(list_, model, "b-1")
    qtbot.mouseDClick(list_.viewport(), LEFT, pos=switch_rect(line).center())
    assert edits.count() == 0
    qtbot.mouseDClick(list_.viewport(), LEFT, pos=line.topLeft() + QPoint(60, 12))
    assert edits.at(0) == ["b-1"]


def test_keys(list_: Watched, model: RelayListModel, qtbot: QtBot) -> None:
    wanted, edits, deletes = (
        QSignalSpy(model.toggle_wanted),
        QSignalSpy(list_.edit_wanted),
        QSignalSpy(list_.delete_wanted),
    )
    qtbot.keyClick(list_, Qt.Key.Key_Space)
    qtbot.keyClick(list_, Qt.Key.Key_Return)
    qtbot.keyClick(list_, Qt.Key.Key_Delete)
    assert wanted.at(0) == ["a-1", True]
    assert edits.at(0) == ["a-1"]
    assert deletes.at(0) == ["a-1"]


def test_arrows_step_over_headings(list_: Watched, qtbot: QtBot) -> None:
    for key, id in (
        (Qt.Key.Key_Down, "b-1"),
        (Qt.Key.Key_Down, "w-1"),
        (Qt.Key.Key_Down, "w-1"),
        (Qt.Key.Key_Up, "b-1"),
        (Qt.Key.Key_End, "w-1"),
        (Qt.Key.Key_Home, "a-1"),
        (Qt.Key.Key_Up, "a-1"),
    ):
        qtbot.keyClick(list_, key)
        assert list_.current_id == id


def test_the_keyboard_opens_the_menu_of_the_current_row(list_: Watched, qtbot: QtBot) -> None:
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QApplication

    menus = QSignalSpy(list_.menu_wanted)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(list_.viewport(), event)
    assert menus.at(0)[0] == "a-1"


def test_a_screen_reader_hears_each_row_and_its_switch(list_: Watched) -> None:
    whole = QAccessible.queryAccessibleInterface(list_)
    assert whole.text(QAccessible.Text.Name) == "Relays"
    rows = [whole.child(i) for i in range(whole.childCount())]
    names = [row.text(QAccessible.Text.Name) for row in rows]
    assert names[0] == "Alpha, Stopped, 127.0.0.1:2001 → COM5 · 9600 8N1"
    assert names[2] == "Workshop"
    assert rows[0].state().checkable
    assert not rows[0].state().checked


def test_the_switch_turns_when_the_engine_says_so(
    list_: Watched, model: RelayListModel, store: Store
) -> None:
    before = list_.grab().toImage()
    tell(model, store, RelayChanged("a-1", RelayStatus(RelayState.RUNNING)))
    after = list_.grab().toImage()
    switch = switch_rect(place(list_, model, "a-1"))
    assert before.copy(switch) != after.copy(switch)
    row = QAccessible.queryAccessibleInterface(list_).child(0)
    assert row.state().checked


def test_each_state_looks_different(list_: Watched, model: RelayListModel, store: Store) -> None:
    seen: list[object] = []
    for status in (
        RelayStatus(RelayState.STOPPED),
        RelayStatus(RelayState.STARTING),
        RelayStatus(RelayState.RUNNING),
        RelayStatus(RelayState.WAITING, MISSING, time.time() + 60),
        RelayStatus(RelayState.FAILED, IN_USE),
    ):
        tell(model, store, RelayChanged("b-1", status))
        image = list_.grab().toImage().copy(place(list_, model, "b-1"))
        assert image not in seen
        seen.append(image)


def test_files_on_their_way_have_a_slim_bar_and_words(
    list_: Watched, model: RelayListModel, store: Store
) -> None:
    def row_image(*events: Event) -> QImage:
        store.apply(events, NOW)
        return list_.grab(list_.visualRect(model.index(0, 0))).toImage()

    before = row_image()
    pictures = [before]
    for done in (10, 20, 20):
        moved = replace(UNDER_WAY, bytes_done=done, total_bytes=100, name="x")
        pictures.append(row_image(TransferChanged("a-1", moved)))
    assert pictures[0] != pictures[1] != pictures[2] == pictures[3]
    assert "20%" in spoken(store.rows["a-1"], NOW)
    unknown = replace(UNDER_WAY, total_bytes=None, total_files=None)
    assert row_image(TransferChanged("a-1", unknown)) not in pictures
    assert row_image(TransferChanged("a-1", replace(DONE, number=1))) == before


def test_counters_repaint_their_row_only_and_lay_nothing_out(
    list_: Watched, model: RelayListModel, store: Store, qtbot: QtBot
) -> None:
    tell(model, store, traffic("b-1", NOW + 1, 10, 10))
    qtbot.waitUntil(lambda: not list_.painted.isNull())
    list_.repaint()
    list_.painted, list_.laid_out = QRect(), 0
    tell(model, store, traffic("b-1", NOW + 2, 50_000, 10))
    qtbot.waitUntil(lambda: not list_.painted.isNull())
    assert place(list_, model, "b-1").contains(list_.painted)
    assert list_.laid_out == 0


def test_a_pointer_over_the_switch_is_a_hand(
    list_: Watched, model: RelayListModel, qtbot: QtBot
) -> None:
    line = place(list_, model, "b-1")
    qtbot.mouseMove(list_.viewport(), switch_rect(line).center())
    assert list_.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    qtbot.mouseMove(list_.viewport(), line.topLeft() + QPoint(60, 12))
    assert list_.viewport().cursor().shape() is Qt.CursorShape.ArrowCursor


def test_two_hundred_rows_scroll_without_a_pause(theme: Theme, qtbot: QtBot) -> None:
    store = store_of(*(view(profile(f"r-{i}", f"Relay {i:03}")) for i in range(200)))
    model = RelayListModel(store)
    list_ = RelayListView(model, theme)
    list_.resize(360, 600)
    begun = time.thread_time()  # of ours: others may be busy meanwhile
    list_.show()
    list_.grab()
    list_.select("r-199")
    list_.grab()
    took = time.thread_time() - begun
    assert list_.indexAt(QPoint(60, 590)).data(ID_ROLE) == "r-199"
    shiboken6.delete(list_)
    assert took < 1.0
