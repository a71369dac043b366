"""The window as a whole: what is shown, what is told, which keys do what."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from bascule.errors import ErrorCode, Problem
from bascule.events import ProfileRemoved, RelayChanged, RelayState, RelayStatus
from bascule.snapshot import ProfileSaved, Snapshot
from bascule_desktop.actions import Actions
from bascule_desktop.engine_link import EngineLink, LinkState
from bascule_desktop.settings import Settings
from bascule_desktop.theme import Theme
from bascule_desktop.views.main_window import MainWindow
from bascule_desktop.views.relay_menu import fill_relay_menu
from tests.desktop.relay_facts import (
    CHAIN,
    FORWARD,
    IN_USE,
    broken_view,
    profile,
    traffic,
    view,
)
from tests.desktop.views.conftest import Feed, destroy

LEFT = Qt.MouseButton.LeftButton
LATE = Problem(ErrorCode.ENGINE_NOT_RUNNING, "it takes long", None, {"late": True})
THREE = (
    view(profile("a-1", "Alpha")),
    view(profile("b-1", "Beta", FORWARD)),
    view(profile("w-1", "Weigh", group="Workshop")),
)


class Calls:
    """What was asked of the actions, which have no engine here."""

    def __init__(self, actions: Actions, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[Any, ...]] = []
        monkeypatch.setattr(actions._tasks, "start", self._start)

    def _start(self, name: str, work: Any) -> bool:
        work.close()
        self.made.append((name,))
        return True

    @property
    def names(self) -> list[str]:
        return [name for (name,) in self.made]


@pytest.fixture
def calls(actions: Actions, monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(actions, monkeypatch)


def test_before_the_engine_answers_nothing_is_claimed(window: MainWindow) -> None:
    assert window.stack.currentWidget() is window.waiting


def test_an_engine_that_is_soon_there_is_not_spoken_of(
    window: MainWindow, link: EngineLink, feed: Feed
) -> None:
    assert window.waiting._timer.isActive()
    assert not window.waiting.said.isVisible()
    feed(Snapshot(THREE))
    link._set(LinkState.CONNECTED)
    assert not window.waiting._timer.isActive()
    assert window.waiting.said.isHidden()


def test_an_engine_that_is_not_soon_there_is_waited_for_in_words(
    window: MainWindow, link: EngineLink, feed: Feed, qtbot: QtBot
) -> None:
    waiting = window.waiting
    waiting._timer.start(1)
    qtbot.waitUntil(waiting.said.isVisible)
    assert waiting.title.text() == "Starting the relay engine…"
    link._set(LinkState.CONNECTING, Problem(ErrorCode.ENGINE_NOT_RUNNING, "it ended"))
    assert waiting.title.text() == "Waiting for the relay engine…"
    link._set(LinkState.CONNECTING, LATE)
    assert waiting.title.text() == "Starting the relay engine…"
    assert waiting.said.isVisible()
    feed(Snapshot(THREE))
    link._set(LinkState.CONNECTED)
    assert window.stack.currentWidget() is window.detail
    assert waiting.said.isHidden()


@pytest.mark.parametrize("state", [LinkState.CONNECTING, LinkState.LOST])
def test_an_engine_that_takes_long_is_told_of_and_can_be_tried_again(
    window: MainWindow,
    link: EngineLink,
    state: LinkState,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(link._launcher, "start_anew", lambda: asked.append(True))
    link._set(state, LATE)
    said = window.notice.text.text()
    assert said.startswith("Bascule's engine takes longer than usual to start.")
    assert said.endswith("Bascule goes on waiting for it.")
    assert window.notice.property("card") == "waiting"
    assert window.notice.button.text() == "Try again"
    qtbot.mouseClick(window.notice.button, LEFT)
    assert asked == [True]
    link._set(state, LATE)
    assert window.notice.isVisible(), "it takes long again"
    link._set(LinkState.CONNECTED)
    assert not window.notice.isVisible()


def test_no_relay_leads_to_the_first_one(
    window: MainWindow, link: EngineLink, actions: Actions, feed: Feed, qtbot: QtBot
) -> None:
    link.state = LinkState.LOST  # as good as an answer: there is nothing to show
    feed(Snapshot(()))
    assert window.stack.currentWidget() is window.empty
    assert not window.side.search.isVisible()
    names = [button.accessibleName() for button in window.empty.buttons]
    assert names == [
        "New relay",
        "Start from a recipe",
        "Paste a command…",
        "Try the demonstration",
    ]
    demo = QSignalSpy(actions.demo_wanted)
    actions.wizard_wanted.disconnect()
    actions.demo_wanted.disconnect()
    wizard, demo = QSignalSpy(actions.wizard_wanted), QSignalSpy(actions.demo_wanted)
    qtbot.mouseClick(window.empty.new, LEFT)
    qtbot.mouseClick(window.empty.demo, LEFT)
    assert (wizard.count(), demo.count()) == (1, 1)


def test_the_first_relay_is_shown_and_another_on_demand(window: MainWindow, feed: Feed) -> None:
    feed(Snapshot(THREE))
    assert window.stack.currentWidget() is window.detail
    assert window.detail.id == "a-1"
    window.show_relay("w-1")
    assert window.detail.header.name.text() == "Weigh"


def test_a_relay_hidden_by_a_search_is_shown_all_the_same(window: MainWindow, feed: Feed) -> None:
    feed(Snapshot(THREE))
    window.side.search.setText("nothing like it")
    assert window.side.nothing.text() == "No relay matches your search."
    window.show_relay("b-1")
    assert window.detail.id == "b-1"
    assert window.side.search.text() == ""
    assert not window.side.nothing.isVisible()


def test_one_that_is_saved_later_is_shown_then(window: MainWindow, feed: Feed) -> None:
    feed(Snapshot(THREE))
    window.show_relay("new-1")
    assert window.detail.id == "a-1"
    feed(ProfileSaved(view(profile("new-1", "New"))))
    assert window.detail.id == "new-1"


def test_the_relay_shown_last_is_shown_again(
    actions: Actions, link: EngineLink, theme: Theme, settings: Settings, feed: Feed
) -> None:
    settings.selected = "w-1"
    window = MainWindow(actions, link, theme, settings)
    feed(Snapshot(THREE))
    assert window.detail.id == "w-1"
    destroy(window)


def test_a_deleted_relay_gives_way_to_its_neighbour(window: MainWindow, feed: Feed) -> None:
    feed(Snapshot(THREE))
    window.show_relay("b-1")
    feed(ProfileRemoved("b-1"))
    assert window.detail.id in {"a-1", "w-1"}
    feed(ProfileRemoved("a-1"), ProfileRemoved("w-1"))
    assert window.stack.currentWidget() is not window.detail


def test_a_restarted_engine_keeps_what_is_shown(window: MainWindow, feed: Feed) -> None:
    feed(Snapshot(THREE))
    window.show_relay("b-1")
    feed(Snapshot(THREE))
    assert window.detail.id == "b-1"
    assert window.side.list.current_id == "b-1"


def test_states_and_counters_arrive_in_the_detail(window: MainWindow, feed: Feed) -> None:
    feed(Snapshot(THREE))
    feed(RelayChanged("a-1", RelayStatus(RelayState.RUNNING)))
    assert window.detail.header.toggle.text() == "Stop"
    now = time.time()
    feed(traffic("a-1", now, 500, 0), at=now)
    assert window.detail.rate.up.rate.text() != "0\N{NO-BREAK SPACE}B/s"
    feed(RelayChanged("b-1", RelayStatus(RelayState.FAILED, IN_USE)))
    assert window.detail.id == "a-1"
    assert not window.detail.problem.isVisible()


def test_groups_narrow_the_list_and_are_remembered(
    window: MainWindow, settings: Settings, feed: Feed
) -> None:
    assert not window.side.groups.isVisible()
    feed(Snapshot(THREE))
    assert window.side.groups.isVisible()
    window.side.groups.setCurrentIndex(1)
    window.side.groups.activated.emit(1)
    assert settings.group == "Workshop"
    assert window.model.rowCount() == 2
    feed(ProfileSaved(view(profile("w-1", "Weigh"))))
    assert not window.side.groups.isVisible()
    assert window.model.rowCount() == 3


def test_the_switch_in_the_list_and_the_button_in_the_detail(
    window: MainWindow, feed: Feed, calls: Calls, qtbot: QtBot
) -> None:
    feed(Snapshot(THREE))
    window.side.list.setFocus()
    qtbot.keyClick(window.side.list, Qt.Key.Key_Space)
    qtbot.mouseClick(window.detail.header.toggle, LEFT)
    feed(RelayChanged("a-1", RelayStatus(RelayState.RUNNING)))
    qtbot.mouseClick(window.detail.header.toggle, LEFT)
    assert calls.names == ["start a-1", "start a-1", "stop a-1"]


def test_delete_and_its_undo(
    window: MainWindow, actions: Actions, feed: Feed, calls: Calls, qtbot: QtBot
) -> None:
    feed(Snapshot(THREE))
    window.side.list.setFocus()
    qtbot.keyClick(window.side.list, Qt.Key.Key_Delete)
    assert calls.names == ["delete a-1"]
    actions.deleted.emit("a-1", "Alpha")
    assert window.notice.text.text() == "“Alpha” was deleted."
    assert window.notice.button.text() == "Undo"
    qtbot.mouseClick(window.notice.button, LEFT)
    assert calls.names == ["delete a-1", "restore a-1"]
    assert not window.notice.isVisible()


def test_keys_of_the_window(
    window: MainWindow, actions: Actions, feed: Feed, calls: Calls, qtbot: QtBot
) -> None:
    feed(Snapshot(THREE))
    actions.wizard_wanted.disconnect()
    wizard, quits = QSignalSpy(actions.wizard_wanted), QSignalSpy(window.quit_requested)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(window, Qt.Key.Key_N, control)
    qtbot.keyClick(window, Qt.Key.Key_E, control)
    qtbot.keyClick(window, Qt.Key.Key_D, control)
    assert wizard.at(0) == [None]
    assert wizard.at(1) == [THREE[0].profile]
    assert calls.names == ["duplicate a-1"]
    qtbot.keyClick(window, Qt.Key.Key_F, control)
    assert window.side.search.hasFocus()
    assert quits.count() == 0


def test_f6_goes_round_the_panes(window: MainWindow, feed: Feed, qtbot: QtBot) -> None:
    feed(Snapshot(THREE))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.side.list.setFocus()
    detail = window.detail
    for wanted in (detail.header.toggle, detail.tabs.tabBar(), window.side.list):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        assert QApplication.focusWidget() is wanted
    qtbot.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is detail.tabs.tabBar()


def test_the_menu_says_what_it_can(window: MainWindow, qtbot: QtBot) -> None:
    menu = window.side.menu_button.menu()
    said = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    assert said == [
        "Paste a command…",
        "Recipes…",
        "Check a connection…",
        "Import a profile…",
        "Settings…",
        "Demonstration…",
        "Help to find a fault…",
        "About Bascule",
        "Quit",
    ]
    quits = QSignalSpy(window.quit_requested)
    menu.actions()[-1].trigger()
    assert quits.count() == 1


def texts(menu: QMenu) -> list[str]:
    return [action.text().partition("\t")[0] for action in menu.actions() if action.text()]


def test_every_door_leads_to_the_field_for_commands(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened: list[str] = []

    def start(name: str, work: Any) -> bool:
        work.close()
        opened.append(name)
        return True

    monkeypatch.setattr(window._openings._tasks, "start", start)
    qtbot.mouseClick(window.empty.paste, LEFT)
    window.side.menu_button.menu().actions()[0].trigger()
    qtbot.keyClick(
        window,
        Qt.Key.Key_V,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert opened == ["paste"] * 3


def test_the_menu_of_a_relay(
    window: MainWindow, actions: Actions, link: EngineLink, theme: Theme, feed: Feed, calls: Calls
) -> None:
    feed(Snapshot((*THREE, broken_view())))
    menu = QMenu(window)
    fill_relay_menu(menu, link.store.rows["a-1"], actions, theme, window._asking)
    assert texts(menu) == [
        "Start",
        "Edit…",
        "Duplicate",
        "Group…",
        "Export…",
        "Start with the computer",
        "Delete",
    ]
    by_text = {action.text().partition("\t")[0]: action for action in menu.actions()}
    by_text["Start"].trigger()
    by_text["Start with the computer"].trigger()
    by_text["Delete"].trigger()
    assert calls.names == ["start a-1", "save a-1", "delete a-1"]
    feed(RelayChanged("a-1", RelayStatus(RelayState.FAILED, IN_USE)))
    fill_relay_menu(menu, link.store.rows["a-1"], actions, theme, window._asking)
    assert texts(menu)[:2] == ["Start", "Try again"]
    fill_relay_menu(menu, link.store.rows["old"], actions, theme, window._asking)
    assert texts(menu) == ["Read the file again", "Open the folder", "Delete…"]


def test_the_details_menu_is_that_of_its_relay(window: MainWindow, feed: Feed) -> None:
    feed(Snapshot(THREE))
    window.detail.header.menu.aboutToShow.emit()
    assert "Duplicate" in texts(window.detail.header.menu)


# what is told -----------------------------------------------------------------------------------


def test_the_engine_went_and_came_back(window: MainWindow, link: EngineLink, feed: Feed) -> None:
    feed(Snapshot(THREE))
    link._set(LinkState.LOST, Problem(ErrorCode.ENGINE_LOST, "lost"))
    assert "stopped unexpectedly" in window.notice.text.text()
    link._set(LinkState.RESTARTED)
    link.noticed.emit("engine_restarted", {"relays": 2})
    link._set(LinkState.CONNECTED)
    said = window.notice.text.text()
    assert said.startswith("The relay engine stopped unexpectedly and was started again. 2 relay")
    assert window.notice.isVisible()


def test_an_engine_that_goes_again_and_again_leads_to_help(
    window: MainWindow, link: EngineLink
) -> None:
    link.noticed.emit("engine_unstable", {"relays": 1, "times": 3})
    assert "stopped unexpectedly 3 time" in window.notice.text.text()
    assert window.notice.button.text() == "Help to find the fault…"


def test_a_link_that_is_back_without_news_says_nothing(
    window: MainWindow, link: EngineLink
) -> None:
    link._set(LinkState.LOST, Problem(ErrorCode.ENGINE_LOST, "lost"))
    link._set(LinkState.CONNECTED)
    assert not window.notice.isVisible()


def test_an_engine_that_does_not_start_is_explained(window: MainWindow, link: EngineLink) -> None:
    link._set(LinkState.CONNECTING, Problem(ErrorCode.ENGINE_NOT_RUNNING, "no"))
    assert window.notice.isVisible()
    assert "engine" in window.notice.text.text()
    assert window.notice.button.text() == "Try again"
    assert window.notice.property("card") == "problem"


def test_an_engine_that_was_asked_to_end_is_told_of_as_such(
    window: MainWindow, link: EngineLink
) -> None:
    link._set(LinkState.LOST, Problem(ErrorCode.ENGINE_STOPPED, "asked"))
    assert window.notice.text.text().startswith("Bascule's engine was stopped, as for an update.")
    link._set(LinkState.CONNECTED)
    assert not window.notice.isVisible()
    link.noticed.emit("engine_renewed", {"relays": 2})
    said = window.notice.text.text()
    assert said.startswith("The relay engine was stopped in order and started again. 2 relay")


def test_an_engine_of_another_version_can_be_replaced(
    window: MainWindow, link: EngineLink, calls: Calls, qtbot: QtBot
) -> None:
    facts: dict[str, object] = {"version": "0.0.9", "connections": 2, "newer": False}
    link.noticed.emit("engine_version", facts)
    # What the state says of the same thing does not take the button away.
    link._set(LinkState.CONNECTING, Problem(ErrorCode.PROTOCOL_MISMATCH, "another"))
    assert window.notice.button.text() == "Stop it and use this version"
    said = window.notice.text.text()
    assert said.startswith(
        "The engine of an earlier version (0.0.9) still runs. Stopping it ends 2"
    )
    qtbot.mouseClick(window.notice.button, LEFT)
    assert calls.names == ["replace engine"]
    link.noticed.emit("engine_version", {**facts, "connections": 0, "newer": True})
    assert "newer than this window (0.0.9)" in window.notice.text.text()
    window.notice.dismiss()
    link.noticed.emit("unheard_of", {})
    assert not window.notice.isVisible()


def test_what_failed_is_told_with_its_button(
    window: MainWindow, actions: Actions, feed: Feed, calls: Calls, qtbot: QtBot
) -> None:
    feed(Snapshot(THREE))
    actions.failed.emit("b-1", IN_USE)
    assert window.notice.text.text().startswith("Beta: Port 8080 is already used by nginx.")
    assert window.notice.button.text() == "Use 8081 instead"
    qtbot.mouseClick(window.notice.button, LEFT)
    assert calls.names == ["save b-1"]
    actions.failed.emit(None, Problem(ErrorCode.ENGINE_LOST, "lost"))
    assert not window.notice.button.isVisible()
    qtbot.mouseClick(window.notice.close_button, LEFT)
    assert not window.notice.isVisible()


def test_an_export_is_told_with_its_folder(window: MainWindow, actions: Actions) -> None:
    actions.exported.emit("Scale", "/srv/a/Scale.toml")
    assert "/srv/a/Scale.toml" in window.notice.text.text()
    assert window.notice.button.text() == "Open the folder"


# the frame --------------------------------------------------------------------------------------


def test_sizes(window: MainWindow) -> None:
    assert (window.width(), window.height()) == (1080, 720)
    window.resize(100, 100)
    assert (window.width(), window.height()) == (760, 500)


def test_the_place_is_remembered(
    window: MainWindow,
    actions: Actions,
    link: EngineLink,
    theme: Theme,
    settings: Settings,
) -> None:
    window.resize(780, 640)  # within the screen that the tests have
    window.hide()
    again = MainWindow(actions, link, theme, settings)
    assert (again.width(), again.height()) == (780, 640)
    destroy(again)


def test_it_fits_the_least_size_in_every_state(window: MainWindow, feed: Feed) -> None:
    feed(
        Snapshot(
            (
                view(profile("a-1", "A rather long name of a relay", CHAIN), RelayState.RUNNING),
                view(profile("b-1", "B", FORWARD), RelayState.FAILED, IN_USE),
                view(profile("c-1", "TLS for webserver1:8080", FORWARD), RelayState.RUNNING),
                broken_view(),
            )
        )
    )
    window.resize(760, 500)
    for id in ("a-1", "b-1", "c-1", "TLS for webserver1:8080"):
        window.show_relay(id)
        QApplication.processEvents()
        body, seen = window.detail.widget(), window.detail.viewport()
        assert body is not None
        assert body.width() <= seen.width()


def test_everything_that_takes_focus_has_a_name(window: MainWindow, feed: Feed) -> None:
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QScrollArea, QSplitter, QTabWidget, QWidget

    feed(Snapshot(THREE))
    nameless: list[str] = []
    for widget in window.findChildren(QWidget):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible():
            continue
        if isinstance(widget, QScrollArea | QTabWidget | QSplitter):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name):
            nameless.append(f"{type(widget).__name__} {widget.objectName()}")
    assert nameless == []


def test_dark_and_light_repaint(window: MainWindow, theme: Theme, feed: Feed) -> None:
    from bascule_desktop.theme import Scheme

    feed(Snapshot(THREE))
    light = window.grab().toImage()
    theme.set_scheme(Scheme.DARK)
    try:
        dark = window.grab().toImage()
    finally:
        theme.set_scheme(Scheme.LIGHT)
    assert light.pixelColor(5, 700).lightness() > 200
    assert dark.pixelColor(5, 700).lightness() < 80
    assert isinstance(window, QObject)


def test_a_profile_that_was_mended_takes_the_broken_ones_place(
    window: MainWindow, feed: Feed
) -> None:
    feed(Snapshot((broken_view("old-1"), *THREE)))
    window.show_relay("old-1")
    assert window.detail.broken.isVisible()
    feed(ProfileRemoved("old-1"), ProfileSaved(view(profile("old-1", "Mended"))))
    assert window.detail.header.name.text() == "Mended"
    assert not window.detail.broken.isVisible()
