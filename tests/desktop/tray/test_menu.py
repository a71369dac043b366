"""The tray's menu changes in place, and says what the person wants."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QAction
from shiboken6 import delete

from bascule.errors import ErrorCode, Problem
from bascule.events import RelayChanged, RelayState, RelayStatus
from bascule.snapshot import ProfileSaved, ProfileView, Snapshot
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop import autostart, login_entry
from bascule_desktop.login_entry import Entry
from bascule_desktop.login_words import for_everybody
from bascule_desktop.store import Store
from bascule_desktop.tray.menu import TrayMenu

SPEC = RelaySpec(TcpListen(2001), TcpConnect("127.0.0.1", 2002))


def view(id: str, name: str, state: RelayState = RelayState.STOPPED) -> ProfileView:
    return ProfileView(id, f"{id}.toml", Profile(id, name, SPEC), status=RelayStatus(state))


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def menu(store: Store) -> Iterator[TrayMenu]:
    made = TrayMenu(store)
    yield made
    delete(made)


def shown(menu: TrayMenu) -> list[str]:
    return [each.text() for each in menu.actions() if each.isVisible() and not each.isSeparator()]


def action(menu: TrayMenu, text: str) -> QAction:
    return next(each for each in menu.actions() if each.text() == text)


def test_without_relays(menu: TrayMenu) -> None:
    assert shown(menu) == ["No relays yet", "Open Bascule", "Start at login", "Quit"]
    assert not action(menu, "No relays yet").isEnabled()


def test_relays_are_there_by_name_and_marked_where_they_run(menu: TrayMenu, store: Store) -> None:
    broken = ProfileView("x-1", "x.toml", broken=Problem(ErrorCode.PROFILE_DAMAGED, "damaged"))
    views = (
        view("b-1", "scale", RelayState.RUNNING),
        view("c-1", "Web", RelayState.WAITING),
        view("a-1", "Q&A"),
        broken,
    )
    store.apply([Snapshot(views)], 0)
    menu.refresh()
    assert shown(menu)[:4] == ["Q&&A", "scale", "Web", "Open Bascule"]
    checked = [each.text() for each in menu.actions() if each.isChecked()]
    assert checked == ["scale", "Web"]


def test_the_menu_changes_in_place(menu: TrayMenu, store: Store) -> None:
    store.apply([Snapshot((view("a-1", "A"), view("b-1", "B"), view("c-1", "C")))], 0)
    menu.refresh()
    kept = action(menu, "B")
    store.apply([ProfileSaved(view("a-1", "Z", RelayState.RUNNING))], 0)
    store.apply([ProfileSaved(view("d-1", "D"))], 0)
    store.apply([Snapshot(tuple(v for v in _views(store) if v.id != "c-1"))], 0)
    menu.refresh()
    assert shown(menu)[:4] == ["B", "D", "Z", "Open Bascule"]
    assert action(menu, "B") is kept
    before = menu.actions()
    menu.refresh()
    assert menu.actions() == before


def _views(store: Store) -> tuple[ProfileView, ...]:
    return tuple(replace(view(row.id, row.name), status=row.status) for row in store.rows.values())


def test_a_click_is_a_wish_and_the_mark_follows_the_relay(menu: TrayMenu, store: Store) -> None:
    store.apply([Snapshot((view("a-1", "A"),))], 0)
    menu.refresh()
    wishes: list[tuple[str, bool]] = []
    menu.switched.connect(lambda id, on: wishes.append((id, on)))
    entry = action(menu, "A")
    entry.trigger()
    assert wishes == [("a-1", True)]
    assert not entry.isChecked()
    store.apply([RelayChanged("a-1", RelayStatus(RelayState.RUNNING))], 0)
    menu.refresh()
    assert entry.isChecked()
    entry.trigger()
    assert wishes[-1] == ("a-1", False)
    assert entry.isChecked()


def test_the_programs_own_entries(menu: TrayMenu) -> None:
    heard: list[str] = []
    menu.open_wanted.connect(lambda: heard.append("open"))
    menu.quit_wanted.connect(lambda: heard.append("quit"))
    action(menu, "Open Bascule").trigger()
    action(menu, "Quit").trigger()
    assert heard == ["open", "quit"]


def test_start_at_login_is_what_the_system_says(
    menu: TrayMenu, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = action(menu, "Start at login")
    assert not entry.isChecked()
    entry.trigger()
    assert autostart.is_enabled()
    assert entry.isChecked()
    autostart.set_enabled(False)  # switched off in the system's own settings
    menu.aboutToShow.emit()
    assert not entry.isChecked()

    def refuse(_on: bool) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(autostart, "set_enabled", refuse)
    heard: list[str] = []
    menu.login_failed.connect(heard.append)
    entry.trigger()
    assert heard == ["The system did not allow it: Permission denied."]
    assert not entry.isChecked()


def test_what_an_administrator_has_set_cannot_be_changed(
    menu: TrayMenu, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = action(menu, "Start at login")
    assert entry.isEnabled()
    theirs = Entry(sys.executable)
    monkeypatch.setattr(login_entry, "read_for_everybody", lambda: theirs)
    menu.aboutToShow.emit()
    assert entry.isChecked() and not entry.isEnabled()
    assert entry.toolTip() == for_everybody()
