"""The window is asked for by the Dock: with the signal that Qt sends on macOS, on any system."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bascule_desktop.dock import Dock

ACTIVE = Qt.ApplicationState.ApplicationActive
INACTIVE = Qt.ApplicationState.ApplicationInactive

type Watch = Callable[..., list[str]]


@pytest.fixture
def watch(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Starts to watch; gives a list that grows with each wish for the window."""
    owner = QObject()

    def begin(*, hidden: bool = False, state: Qt.ApplicationState = INACTIVE) -> list[str]:
        monkeypatch.setattr(qapp, "applicationState", lambda: state)
        asked: list[str] = []
        Dock(qapp, owner, hidden=hidden).wanted.connect(lambda: asked.append("window"))
        return asked

    yield begin
    shiboken6.delete(owner)


def test_each_click_in_the_dock_asks_for_the_window(qapp: QApplication, watch: Watch) -> None:
    asked = watch()
    qapp.applicationStateChanged.emit(ACTIVE)
    qapp.applicationStateChanged.emit(ACTIVE)  # Qt tells it also where nothing has changed
    assert asked == ["window", "window"]
    qapp.applicationStateChanged.emit(INACTIVE)
    assert asked == ["window", "window"]


def test_nothing_is_asked_for_while_a_window_is_to_be_seen(
    qapp: QApplication, watch: Watch, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    asked = watch()
    qapp.applicationStateChanged.emit(ACTIVE)
    assert asked == []
    window.hide()
    qapp.applicationStateChanged.emit(ACTIVE)
    assert asked == ["window"]


def test_a_hidden_start_asks_for_nothing_by_itself(qapp: QApplication, watch: Watch) -> None:
    asked = watch(hidden=True)
    qapp.applicationStateChanged.emit(ACTIVE)  # Qt makes every application active as it starts
    assert asked == []
    qapp.applicationStateChanged.emit(ACTIVE)
    assert asked == ["window"]


def test_a_hidden_start_that_is_over_takes_no_click_away(qapp: QApplication, watch: Watch) -> None:
    asked = watch(hidden=True, state=ACTIVE)
    qapp.applicationStateChanged.emit(ACTIVE)
    assert asked == ["window"]
