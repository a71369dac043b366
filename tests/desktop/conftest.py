"""What every test of the desktop gets: Qt's own event loop, a home of its own, no leftovers. For
who wants it, a desk, at which all can be done that a person can do.
"""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from bascule.events import RelayState
from bascule.places import HOME_VARIABLE, Places, find_places
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop import engine_link, qt_memory
from bascule_desktop import launcher as launching
from bascule_desktop.actions import Actions
from bascule_desktop.app import Desktop
from bascule_desktop.application import Application
from bascule_desktop.crash import CrashReporter
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.launcher import Launcher
from bascule_desktop.loop import new_loop
from bascule_desktop.opened_files import OpenedFiles
from bascule_desktop.single_instance import SingleInstance
from bascule_desktop.tasks import Tasks
from tests.desktop.played_desktop import Running, Stage
from tests.helpers.contract import PATIENCE_SECONDS
from tests.helpers.leftovers import no_desktop_left
from tests.helpers.login import login_of_ones_own

_YOUNG, _OLD = 1, 2
"""Generations of objects: collecting one collects the younger ones too."""


def pytest_configure(config: pytest.Config) -> None:
    """Let pass what the platform without a screen says of itself; it is no fault of a window."""
    config.addinivalue_line("qt_log_ignore", r"This plugin does not support \w+\(\)")
    # What is waited for must happen, and nobody measures how soon: as everywhere else in the tests.
    for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitExposed):
        assert wait.__kwdefaults__ is not None
        wait.__kwdefaults__["timeout"] = int(PATIENCE_SECONDS * 1000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Keep Python from freeing what is in cycles wherever it happens to allocate: Qt's objects must
    not be freed in any thread but their own, and the processes of a parallel run have another, in
    which they hear what to do next.
    """
    gc.disable()


@pytest.hookimpl(trylast=True)  # when the fixtures are gone
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Let go of the keyboard; free what is left of the windows, and all of it after each file."""
    if QApplication.instance() and QApplication.keyboardModifiers():
        # Of a key that was pressed with Shift, Qt goes on to think that Shift is held.
        QTest.keyRelease(QWidget(), Qt.Key.Key_Shift)
    same_file = nextitem is not None and nextitem.path == item.path
    gc.collect(_YOUNG if same_file else _OLD)
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        gc.enable()


def _qt_loop() -> asyncio.AbstractEventLoop:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return new_loop(app)


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Every asynchronous test here runs on Qt's loop, as the program does."""
    return {"qt": _qt_loop}


@pytest.fixture(scope="session", autouse=True)
def _application(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> QApplication:
    qt_memory.keep_in(tmp_path_factory.mktemp("qt"))
    qapp.setQuitOnLastWindowClosed(False)
    return qapp


@pytest.fixture(autouse=True)
def _nothing_left(qapp: Application) -> Iterator[None]:
    with no_desktop_left(qapp):
        yield


@pytest.fixture(autouse=True)
def _login_of_this_test(tmp_path: Path) -> Iterator[None]:
    """That of the machine is left alone."""
    with login_of_ones_own(tmp_path / "login"):
        yield


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Folders of this test alone, also for the processes it starts."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    return find_places()


@pytest.fixture
def launcher(places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Launcher]:
    """A launcher whose engines do not outlive the test, and may take longer to start and to answer
    than a user should wait without a word.
    """
    monkeypatch.setattr(launching, "LATE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(engine_link, "_HELLO_SECONDS", PATIENCE_SECONDS)
    made = Launcher(places)
    yield made
    for process in made._processes:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


ID = "echo-1"


class Desk:
    """Actions, and waiting until the store says what it should."""

    def __init__(self, link: EngineLink) -> None:
        self.link = link
        self.unforeseen: list[Exception] = []
        self.tasks = Tasks(link, self.unforeseen.append)
        self.actions = Actions(link, self.tasks, link)
        self.heard: list[tuple[Any, ...]] = []
        self._news = asyncio.Event()
        link.changed.connect(lambda *_: self._news.set())
        link.state_changed.connect(lambda *_: self._news.set())
        for name in (
            "failed",
            "deleted",
            "saved",
            "exported",
            "import_read",
            "wizard_wanted",
            "traffic_read",
            "share_read",
            "traffic_saved",
            "confirmation_wanted",
            "login_arranged",
        ):
            getattr(self.actions, name).connect(self._hearer(name))

    def _hearer(self, name: str) -> Callable[..., None]:
        def hear(*what: Any) -> None:
            self.heard.append((name, *what))
            self._news.set()

        return hear

    def told(self, name: str) -> list[tuple[Any, ...]]:
        return [what[1:] for what in self.heard if what[0] == name]

    def state(self, id: str = ID) -> RelayState | None:
        row = self.link.store.rows.get(id)
        return row.status.state if row is not None else None

    def profile(self, id: str = ID) -> Profile:
        found = self.link.store.rows[id].profile
        assert found is not None
        return found

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until the store says so, and what was done is over: what an engine tells of it may
        come before its answer, and until that is there the same is not done twice.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                await self._news.wait()
                self._news.clear()
            while self.tasks._running:
                await asyncio.sleep(0)


@pytest.fixture
async def desk(places: Places, launcher: Launcher) -> AsyncIterator[Desk]:
    link = EngineLink(places, launcher=launcher)
    made = Desk(link)
    running = asyncio.get_running_loop().create_task(link.run())
    await made.until(lambda: link.connected)
    await link.client.save(Profile(ID, "Echo", RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 9))))
    await made.until(lambda: made.state() is not None)
    yield made
    await made.tasks.finish()
    running.cancel()
    await asyncio.wait([running])
    assert not made.unforeseen


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(monkeypatch)


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
