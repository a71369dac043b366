"""Owns a desktop with a played window, tray and engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QSystemTrayIcon, QWidget

from bascule.errors import BasculeError
from bascule.events import ConnectionStatus, RelayState, RelayStatus
from bascule.snapshot import ProfileView, Snapshot
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop import app as module
from bascule_desktop.app import Desktop
from bascule_desktop.crash import CrashReporter
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.single_instance import SingleInstance
from bascule_desktop.theme import Theme
from bascule_desktop.views.notice_bar import Notice
from tests.helpers.contract import PATIENCE_SECONDS


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
