"""Which keys and menus of the window do what, and where they lead."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from bascule.events import RelayChanged, RelayState, RelayStatus
from bascule.snapshot import Snapshot
from bascule_desktop import autostart
from bascule_desktop.actions import Actions
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.theme import Theme
from bascule_desktop.views.main_window import MainWindow
from bascule_desktop.views.relay_menu import fill_relay_menu
from tests.desktop.relay_facts import (
    IN_USE,
    broken_view,
)
from tests.desktop.views.conftest import Feed
from tests.desktop.views.test_main_window import LEFT, THREE, Calls


@pytest.fixture
def calls(actions: Actions, monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(actions, monkeypatch)


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
    window: MainWindow,
    actions: Actions,
    link: EngineLink,
    theme: Theme,
    feed: Feed,
    calls: Calls,
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
    assert autostart.is_enabled()
    feed(RelayChanged("a-1", RelayStatus(RelayState.FAILED, IN_USE)))
    fill_relay_menu(menu, link.store.rows["a-1"], actions, theme, window._asking)
    assert texts(menu)[:2] == ["Start", "Try again"]
    fill_relay_menu(menu, link.store.rows["old"], actions, theme, window._asking)
    assert texts(menu) == ["Read the file again", "Open the folder", "Delete…"]


def test_the_details_menu_is_that_of_its_relay(window: MainWindow, feed: Feed) -> None:
    feed(Snapshot(THREE))
    window.detail.header.menu.aboutToShow.emit()
    assert "Duplicate" in texts(window.detail.header.menu)
