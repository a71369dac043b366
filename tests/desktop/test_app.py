"""Start, what happens between the parts, and the end, with a played window, tray and engine."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import override

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from bascule.places import HOME_VARIABLE, Places
from bascule_desktop import app as module
from bascule_desktop import autostart, login_entry
from bascule_desktop.app import Desktop, run_desktop
from bascule_desktop.application import Application
from bascule_desktop.crash import CrashReporter
from bascule_desktop.opened_files import OpenedFiles
from bascule_desktop.single_instance import SingleInstance
from bascule_desktop.theme import Scheme
from bascule_desktop.views.notice_bar import Tone
from tests.desktop.played_desktop import PlayedActions, Running, Stage, until
from tests.helpers.disks import files_end_at
from tests.helpers.leftovers import no_desktop_left


class ShownAfter(QObject):
    """Whether a window was shown while there was no dialog of a crash."""

    def __init__(self, crash: CrashReporter) -> None:
        super().__init__()
        self._crash = crash
        self.without_a_dialog = False

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.without_a_dialog = self._crash._dialog is None
        return False


async def test_the_window_is_there_before_the_engine(running: Running) -> None:
    await running.begin()
    assert running.window.isVisible()
    assert running.desktop.link.problem is None


async def test_how_the_last_window_ended_is_told_once_this_one_is_there(
    running: Running, places: Places
) -> None:
    """Before, its dialog would be below the window, and in no language yet."""
    places.logs.mkdir(parents=True, exist_ok=True)
    (places.logs / "desktop-native.log").write_text("Segmentation fault", "utf-8")
    running.crash.watch_native()
    looked = ShownAfter(running.crash)
    running.window.installEventFilter(looked)
    try:
        await running.begin()
    finally:
        running.crash.uninstall()
    dialog = running.crash._dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.parent() is running.window  # which systems keep below it
    assert looked.without_a_dialog
    dialog.close()


async def test_a_start_at_login_that_leads_nowhere_leads_here_again(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HOME_VARIABLE)
    login_entry.write([str(tmp_path / "removed" / "bascule-desktop"), "--hidden"], None)
    await running.begin()
    await until(lambda: not running.desktop.tasks.running("login"))
    assert autostart.is_enabled()


async def test_a_hidden_start_is_in_the_tray(running: Running) -> None:
    await running.begin(hidden=True)
    assert not running.window.isVisible()
    running.desktop.tray.open_wanted.emit("a-1")
    assert running.window.isVisible()
    assert running.window.relays == ["a-1"]


async def test_settings_that_cannot_be_written_are_told_of_once(
    running: Running, places: Places
) -> None:
    await running.begin()
    with files_end_at(4):
        for folder in ("/srv/a", "/srv/b"):
            running.desktop.settings.folder = folder
            await until(lambda: bool(running.window.told))
        running.desktop.settings.save()
    notice = running.window.told.pop()
    assert notice.tone is Tone.PROBLEM
    assert f"({os.strerror(errno.EFBIG)})" in notice.text
    assert f"write in {places.config}." in notice.text
    assert running.window.told == []


async def test_on_macos_the_dock_brings_the_window_back(
    running: Running, qapp: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "sys", SimpleNamespace(platform="darwin"))
    await running.begin()
    running.window.hide()
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert running.window.isVisible()


async def test_without_a_tray_nothing_is_invisible(running: Running, stage: Stage) -> None:
    stage.tray = False
    running.desktop.tray._look()
    await running.begin(hidden=True)
    assert running.window.isMinimized()
    stage.tray = True  # the panel is there at last
    running.desktop.tray._look()
    assert not running.window.isVisible()
    stage.tray = False  # and gone again
    running.desktop.tray._look()
    assert running.window.isVisible()
    assert running.window.isMinimized()


async def test_a_window_that_was_opened_stays_when_a_tray_comes(
    running: Running, stage: Stage
) -> None:
    stage.tray = False
    running.desktop.tray._look()
    await running.begin(hidden=True)
    running.instance.raise_wanted.emit("")
    assert not running.window.isMinimized()
    stage.tray = True
    running.desktop.tray._look()
    assert running.window.isVisible()


async def test_events_that_are_for_others_do_not_pass_through_it(
    places: Places, stage: Stage, qapp: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched: list[QObject] = []

    def look(_desktop: Desktop, whose: QObject, _event: QEvent) -> bool:
        watched.append(whose)
        return False

    monkeypatch.setattr(Desktop, "eventFilter", look)
    instance, crash = SingleInstance(places.runtime), CrashReporter(places)
    desktop = Desktop(qapp, places, instance, crash, OpenedFiles(qapp))
    try:
        other = QWidget(desktop.window)
        QCoreApplication.sendEvent(other, QEvent(QEvent.Type.User))
        QCoreApplication.sendEvent(desktop.window, QEvent(QEvent.Type.User))
        assert desktop.window in watched, "its own are looked at"
        assert {*watched} == {desktop.window}
    finally:
        await desktop.take_apart()


async def test_the_tray_switches_relays(running: Running) -> None:
    running.desktop.tray.switched.emit("a-1", True)
    running.desktop.tray.switched.emit("a-1", False)
    actions = running.desktop.actions
    assert isinstance(actions, PlayedActions)
    assert actions.asked == [("start", "a-1"), ("stop", "a-1")]


async def test_starting_again_raises_the_window(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    await running.begin(hidden=True)
    running.instance.raise_wanted.emit("clicked-1")
    assert running.window.isVisible()


async def test_files_to_open_are_offered_for_import(running: Running) -> None:
    await running.begin(hidden=True)
    files = [Path("/srv/a.bascule"), Path("/srv/b.bascule")]
    running.instance.open_wanted.emit(files)
    assert running.window.isVisible()
    actions = running.desktop.actions
    assert isinstance(actions, PlayedActions)
    assert actions.asked == [("import", str(file)) for file in files]


async def test_the_looks_follow_the_setting(running: Running) -> None:
    for chosen, scheme in (("dark", Scheme.DARK), ("plaid", Scheme.SYSTEM)):
        running.desktop.settings.theme = chosen
        assert running.desktop.theme.scheme is scheme


async def test_it_is_taken_apart_at_the_end(
    places: Places, stage: Stage, qapp: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Desktop] = []

    class Remembered(Desktop):
        def __init__(self, *parts: object) -> None:
            super().__init__(*parts)  # type: ignore[arg-type]
            made.append(self)
            asyncio.get_running_loop().call_soon(self.quit)

    monkeypatch.setattr(module, "Desktop", Remembered)
    instance, crash = SingleInstance(places.runtime), CrashReporter(places)
    assert await run_desktop(qapp, places, instance, crash, OpenedFiles(qapp), hidden=False) == 0
    assert not isValid(made[0])
    assert not isValid(made[0].window)


async def test_one_that_a_test_leaves_behind_is_noticed(
    places: Places, stage: Stage, qapp: Application
) -> None:
    instance, crash = SingleInstance(places.runtime), CrashReporter(places)
    with no_desktop_left(qapp):
        await Desktop(qapp, places, instance, crash, OpenedFiles(qapp)).take_apart()
    left: list[Desktop] = []
    with pytest.raises(AssertionError, match="leaves a Desktop behind"), no_desktop_left(qapp):
        left.append(Desktop(qapp, places, instance, crash, OpenedFiles(qapp)))
    assert not isValid(left[0])
    assert not isValid(left[0].window)
