"""Start, close and quit, with a played window, tray and engine."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QSystemTrayIcon, QWidget
from shiboken6 import isValid

from bascule.errors import BasculeError, ErrorCode
from bascule.events import ConnectionStatus, RelayState, RelayStatus
from bascule.places import Places
from bascule.snapshot import ProfileView, Snapshot
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop import app as module
from bascule_desktop.app import Desktop, run_desktop
from bascule_desktop.application import Application
from bascule_desktop.crash import CrashReporter
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.opened_files import OpenedFiles
from bascule_desktop.single_instance import SingleInstance
from bascule_desktop.theme import Scheme, Theme
from bascule_desktop.views.notice_bar import Notice, Tone
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.disks import files_end_at
from tests.helpers.leftovers import no_desktop_left


class PlayedActions(QObject):
    def __init__(self, *_: object) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    def start(self, relay: str) -> None:
        self.asked.append(("start", relay))

    def stop(self, relay: str) -> None:
        self.asked.append(("stop", relay))

    def import_files(self, files: list[Path]) -> None:
        self.asked += [("import", str(file)) for file in files]


class PlayedWindow(QWidget):
    quit_requested = Signal()

    def __init__(self, *_: object) -> None:
        super().__init__()
        self.relays: list[str] = []
        self.told: list[Notice] = []
        self.notice = SimpleNamespace(tell=self.told.append)

    def show_relay(self, relay: str) -> None:
        self.relays.append(relay)


class Stage:
    """What surrounds the desktop: whether there is a tray, and what the engine was told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tray = True
        self.left: list[bool] = []
        self.hangs = False
        self.refuses: BasculeError | None = None
        self.messages: list[str] = []
        monkeypatch.setattr(module, "Actions", PlayedActions)
        monkeypatch.setattr(module, "MainWindow", PlayedWindow)
        # Both change the application, which is every test's.
        monkeypatch.setattr(module, "install_language", lambda _app, _setting: "en")
        monkeypatch.setattr(Theme, "apply", lambda _theme, _app: None)

        async def follow(_link: EngineLink) -> None:
            await asyncio.Event().wait()

        async def leave(_link: EngineLink, *, stop_engine: bool) -> None:
            if self.hangs:
                await asyncio.Event().wait()
            if self.refuses is not None:
                raise self.refuses
            self.left.append(stop_engine)

        monkeypatch.setattr(EngineLink, "run", follow)
        monkeypatch.setattr(EngineLink, "leave", leave)
        for name, played in {
            "isSystemTrayAvailable": staticmethod(lambda: self.tray),
            "supportsMessages": staticmethod(lambda: True),
            "show": lambda _icon: None,
            "showMessage": lambda _icon, title, *_: self.messages.append(title),
        }.items():
            monkeypatch.setattr(QSystemTrayIcon, name, played)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(monkeypatch)


class Running:
    """A desktop that runs."""

    def __init__(self, desktop: Desktop, instance: SingleInstance, crash: CrashReporter) -> None:
        self.desktop = desktop
        self.instance = instance
        self.crash = crash
        self.task: asyncio.Task[None] | None = None

    @property
    def window(self) -> PlayedWindow:
        window = self.desktop.window
        assert isinstance(window, PlayedWindow)
        return window

    async def begin(self, *, hidden: bool = False) -> None:
        self.task = asyncio.get_running_loop().create_task(self.desktop.run(hidden=hidden))
        await until(lambda: self.desktop.tasks.running("engine"))

    async def ended(self) -> None:
        assert self.task is not None
        await asyncio.wait_for(self.task, PATIENCE_SECONDS)

    def show(self, state: RelayState, connections: int = 0) -> None:
        spec = RelaySpec(TcpListen(2001), TcpConnect("127.0.0.1", 2002))
        live = tuple(ConnectionStatus(number, "peer", 0) for number in range(connections))
        view = ProfileView(
            "a-1",
            "",
            Profile("a-1", "A", spec),
            status=RelayStatus(state),
            connections=live,
            connection_count=connections,
        )
        link = self.desktop.link
        link.changed.emit(link.store.apply([Snapshot((view,))], 0))

    async def answer(self, label: str) -> tuple[str, str]:
        """Press a button of the question that is asked; title and text of the question."""
        await until(lambda: self.question() is not None)
        box = self.question()
        assert box is not None
        said = (box.text(), box.informativeText())
        next(button for button in box.buttons() if button.text() == label).click()
        return said

    def question(self) -> QMessageBox | None:
        return next((b for b in self.window.findChildren(QMessageBox) if b.isVisible()), None)

    def told(self, title: str) -> QMessageBox | None:
        box = self.question()
        return box if box is not None and box.text() == title else None


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():
            await asyncio.sleep(0)


@pytest.fixture
async def running(places: Places, stage: Stage, qapp: Application) -> AsyncIterator[Running]:
    instance = SingleInstance(places.runtime)
    crash = CrashReporter(places)
    made = Running(Desktop(qapp, places, instance, crash, OpenedFiles(qapp)), instance, crash)
    yield made
    if made.task is not None:
        made.task.cancel()
        await asyncio.wait([made.task])
    await made.desktop.take_apart()
    if crash._dialog is not None and isValid(crash._dialog):
        crash._dialog.close()


async def test_the_window_is_there_before_the_engine(running: Running) -> None:
    await running.begin()
    assert running.window.isVisible()
    assert running.desktop.link.problem is None


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


async def test_closing_goes_to_the_tray_and_says_so_once(running: Running, stage: Stage) -> None:
    await running.begin()
    running.window.close()
    assert not running.window.isVisible()
    running.desktop.show_window()
    running.window.close()
    assert len(stage.messages) == 1
    assert running.task is not None
    assert not running.task.done()


async def test_closing_without_a_tray_quits(running: Running, stage: Stage) -> None:
    stage.tray = False
    running.desktop.tray._look()
    await running.begin()
    running.window.close()
    await running.ended()
    assert stage.left == [False]


async def test_quitting_asks_nothing_where_nothing_runs(running: Running, stage: Stage) -> None:
    await running.begin()
    running.show(RelayState.STOPPED)
    running.desktop.tray.quit_wanted.emit()
    await running.ended()
    assert stage.left == [False]


@pytest.mark.parametrize(
    ("connections", "title"), [(2, "2 connection(s) are open"), (0, "1 relay(s) are running")]
)
@pytest.mark.parametrize(
    ("label", "stopped"), [("Stop them and quit", True), ("Leave the relays running", False)]
)
async def test_quitting_asks_what_becomes_of_the_relays(
    running: Running, stage: Stage, connections: int, title: str, label: str, stopped: bool
) -> None:
    await running.begin(hidden=True)
    running.show(RelayState.RUNNING, connections)
    running.desktop.quit()
    running.desktop.quit()  # a second click asks no second time
    said = await running.answer(label)
    assert said[0] == title
    await running.ended()
    assert stage.left == [stopped]


async def test_quitting_can_be_thought_better_of(running: Running, stage: Stage) -> None:
    await running.begin()
    running.show(RelayState.WAITING)
    running.desktop.quit()
    await running.answer("Cancel")
    await until(lambda: not running.desktop.tasks.running("quit"))
    assert stage.left == []
    assert running.window.isVisible()


@pytest.mark.parametrize("hangs", [False, True], ids=["refuses", "hangs"])
@pytest.mark.parametrize("read", [False, True], ids=["nobody is there", "it is read"])
async def test_an_engine_that_does_not_stop_is_told_of_and_left(
    running: Running,
    stage: Stage,
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    hangs: bool,
    read: bool,
) -> None:
    monkeypatch.setattr(module, "_STOP_SECONDS", 0.01)
    monkeypatch.setattr(module, "_TOLD_SECONDS", PATIENCE_SECONDS if read else 0.01)
    await running.begin()
    running.show(RelayState.RUNNING)
    stage.hangs = hangs
    stage.refuses = None if hangs else BasculeError("it will not", code=ErrorCode.INTERNAL)
    running.desktop.quit()
    await running.answer("Stop them and quit")
    if read:
        await until(lambda: running.told("The relay engine did not stop") is not None)
        box = running.told("The relay engine did not stop")
        assert box is not None
        assert "Relays may go on running" in box.informativeText()
        assert running.desktop.tasks.running("quit")
        box.buttons()[0].click()
    await running.ended()
    said = capsys.readouterr().err
    assert "The engine was asked to stop, and did not." in said
    assert ("TimeoutError" if hangs else "it will not") in said
    (file,) = places.logs.glob("desktop-crash-*.txt")
    assert file.read_text("utf-8") == said
    assert running.crash._dialog is None


async def test_the_systems_own_quit_asks_too(running: Running, qapp: Application) -> None:
    await running.begin()
    running.show(RelayState.RUNNING)
    QCoreApplication.sendEvent(qapp, QEvent(QEvent.Type.Quit))
    await running.answer("Leave the relays running")
    await running.ended()


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


@pytest.mark.parametrize("way", ["close", "quit"])
async def test_the_end_of_the_session_is_not_held_up(
    running: Running, stage: Stage, qapp: Application, way: str
) -> None:
    await running.begin()
    running.show(RelayState.RUNNING, 3)
    running.desktop._on_session_end(None)  # type: ignore[arg-type]
    if way == "close":
        assert running.window.close()
    else:
        QCoreApplication.sendEvent(qapp, QEvent(QEvent.Type.Quit))
    await running.ended()
    assert running.question() is None
    assert stage.left == []


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
