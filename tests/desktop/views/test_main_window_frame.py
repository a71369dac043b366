"""The frame of the window: its size and place, names for who does not see it, dark and light."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from bascule.events import RelayState
from bascule.snapshot import Snapshot
from bascule_desktop.actions import Actions
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.settings import Settings
from bascule_desktop.theme import Theme
from bascule_desktop.views.main_window import MainWindow
from tests.desktop.relay_facts import (
    CHAIN,
    FORWARD,
    IN_USE,
    broken_view,
    profile,
    view,
)
from tests.desktop.views.conftest import Feed, destroy
from tests.desktop.views.test_main_window import THREE


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
