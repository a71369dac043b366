"""The tray icon, with a tray that is played: the platform of these tests has none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMessageBox, QSystemTrayIcon
from shiboken6 import delete

from bascule.errors import ErrorCode, Problem
from bascule.events import RelayChanged, RelayState, RelayStatus
from bascule.places import Places
from bascule.snapshot import ProfileView, Snapshot
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.settings import Settings
from bascule_desktop.theme import Theme
from bascule_desktop.tray.icon import Tray

SPEC = RelaySpec(TcpListen(2001), TcpConnect("127.0.0.1", 2002))
FAILED = RelayStatus(RelayState.FAILED, Problem(ErrorCode.CONNECTION_REFUSED, "refused"))


class Panel:
    """What the system's tray would show."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there = True
        self.tells = True
        self.messages: list[tuple[str, str]] = []
        self.shown = 0
        for name, played in {
            "isSystemTrayAvailable": staticmethod(lambda: self.there),
            "supportsMessages": staticmethod(lambda: self.tells),
            "showMessage": lambda _icon, title, text, _kind: self.messages.append((title, text)),
            "show": lambda _icon: self._show(),
        }.items():
            monkeypatch.setattr(QSystemTrayIcon, name, played)

    def _show(self) -> None:
        self.shown += 1


@pytest.fixture
def panel(monkeypatch: pytest.MonkeyPatch) -> Panel:
    return Panel(monkeypatch)


class Parts:
    def __init__(self, places: Places) -> None:
        self.owner = QObject()
        self.settings = Settings(places, self.owner)
        self.link = EngineLink(places, self.owner)
        self.theme = Theme(self.owner)
        self.tray = Tray(self.link, self.theme, self.settings, self.owner)
        views = [ProfileView(id, "", Profile(id, id.upper(), SPEC)) for id in ("a-1", "b-2")]
        self.tell(Snapshot(tuple(views)))

    def tell(self, *events: Snapshot | RelayChanged) -> None:
        self.link.changed.emit(self.link.store.apply(events, 0))


@pytest.fixture
def parts(places: Places, panel: Panel) -> Iterator[Parts]:
    made = Parts(places)
    yield made
    made.tray.leave()
    delete(made.owner)


def test_the_tooltip_says_it_in_words(parts: Parts) -> None:
    assert parts.tray._icon.toolTip() == "Bascule: no relay is running"
    parts.tell(RelayChanged("a-1", RelayStatus(RelayState.RUNNING)))
    assert parts.tray._icon.toolTip() == "Bascule: 1 relay(s) running"


def test_the_icon_changes_with_the_state_and_the_theme(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    original = parts.theme.tray_icon
    monkeypatch.setattr(
        parts.theme, "tray_icon", lambda state: (drawn.append(state), original(state))[1]
    )
    parts.tell(RelayChanged("a-1", RelayStatus(RelayState.RUNNING)))
    parts.tell(RelayChanged("b-2", RelayStatus(RelayState.RUNNING)))
    parts.tell(RelayChanged("b-2", FAILED))
    parts.theme.changed.emit()
    assert drawn == ["running", "problem", "problem"]


def test_a_failure_is_told_and_a_click_on_it_shows_the_relay(parts: Parts, panel: Panel) -> None:
    parts.tell(RelayChanged("a-1", FAILED))
    [(title, text)] = panel.messages
    assert title == "A-1"
    assert text
    wanted: list[str] = []
    parts.tray.open_wanted.connect(wanted.append)
    parts.tray._icon.messageClicked.emit()
    assert wanted == ["a-1"]
    parts.settings.notifications = False
    parts.tell(RelayChanged("b-2", FAILED))
    assert len(panel.messages) == 1


def test_without_a_tray_the_window_asks_for_attention(parts: Parts, panel: Panel) -> None:
    panel.there = False
    asked: list[bool] = []
    parts.tray.attention_wanted.connect(lambda: asked.append(True))
    parts.tray._look()
    parts.tell(RelayChanged("a-1", FAILED))
    assert asked == [True]
    assert panel.messages == []


def test_closing_is_explained_once(parts: Parts, panel: Panel) -> None:
    parts.tray.tell_closed()
    parts.tray.tell_closed()
    assert [title for title, _ in panel.messages] == ["Bascule goes on in the tray"]
    assert parts.settings.told_about_tray


def test_closing_is_explained_by_a_window_where_the_tray_has_no_messages(
    parts: Parts, panel: Panel
) -> None:
    panel.tells = False
    parts.tray.tell_closed()
    notices = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox)]
    [notice] = [each for each in notices if each.isVisible()]
    assert not notice.isModal()
    notice.close()


def test_a_tray_may_go_and_come(parts: Parts, panel: Panel) -> None:
    heard: list[bool] = []
    parts.tray.available_changed.connect(heard.append)
    assert (parts.tray.available, panel.shown) == (True, 1)
    parts.tray._look()
    panel.there = False
    parts.tray._look()
    panel.there = True
    parts.tray._look()
    assert heard == [False, True]
    assert panel.shown == 2


def test_a_click_opens_the_window(parts: Parts) -> None:
    wanted: list[str] = []
    parts.tray.open_wanted.connect(wanted.append)
    parts.tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    parts.tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert wanted == [""]


def test_what_the_menu_says_is_passed_on(parts: Parts, panel: Panel) -> None:
    heard: list[object] = []
    parts.tray.open_wanted.connect(heard.append)
    parts.tray.quit_wanted.connect(lambda: heard.append("quit"))
    parts.tray.switched.connect(lambda id, on: heard.append((id, on)))
    menu = parts.tray._menu
    menu.open_wanted.emit()
    menu.quit_wanted.emit()
    menu.switched.emit("a-1", True)
    menu.login_failed.emit("Permission denied")
    assert heard == ["", "quit", ("a-1", True)]
    assert "Permission denied" in panel.messages[0][1]
