"""Owns putting the desktop's parts together and taking them apart: start, close, quit, session end.

The parts are made here and handed on; none of them finds another one by itself. What a part does is
its own affair.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import override

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from bascule.errors import BasculeError
from bascule.places import Places
from bascule_desktop import autostart
from bascule_desktop.actions import Actions
from bascule_desktop.application import Application
from bascule_desktop.crash import CrashReporter
from bascule_desktop.dialogs import Choice, choose, tell
from bascule_desktop.dock import Dock
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.language import install_language
from bascule_desktop.opened_files import OpenedFiles
from bascule_desktop.settings import Settings
from bascule_desktop.single_instance import SingleInstance
from bascule_desktop.store import Store
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Scheme, Theme
from bascule_desktop.threads import beside
from bascule_desktop.tray.icon import Tray
from bascule_desktop.views.main_window import MainWindow
from bascule_desktop.views.notice_bar import Notice, Tone
from bascule_desktop.views.notices import not_kept_text
from bascule_desktop.views.updated import Updated

_STOP_SECONDS = 10.0
_TOLD_SECONDS = 20.0

translate = QCoreApplication.translate


async def run_desktop(
    app: Application,
    places: Places,
    instance: SingleInstance,
    crash: CrashReporter,
    opened: OpenedFiles,
    *,
    hidden: bool,
) -> int:
    """Be the desktop until the person quits; the exit status."""
    asyncio.get_running_loop().set_exception_handler(crash.on_loop_problem)
    desktop = Desktop(app, places, instance, crash, opened)
    try:
        await desktop.run(hidden=hidden)
    finally:
        await desktop.take_apart()
    return 0


class Desktop(QObject):
    """The parts, and what happens between them."""

    def __init__(
        self,
        app: Application,
        places: Places,
        instance: SingleInstance,
        crash: CrashReporter,
        opened: OpenedFiles,
    ) -> None:
        super().__init__()
        self._app = app
        self._crash = crash
        self._left: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._session_ends = False
        self._waits_for_tray = False
        self.settings = Settings(places, self)
        install_language(app, self.settings.language)
        self.theme = Theme(self)
        self.theme.apply(app)
        self._set_scheme()
        self.tasks = Tasks(self, crash.report)
        self.link = EngineLink(places, self)
        self.actions = Actions(self.link, self.tasks, self)
        with self.theme.dressing():
            self.window = MainWindow(self.actions, self.link, self.theme, self.settings)
        self.tray = Tray(self.link, self.theme, self.settings, self)
        self._connect(instance, opened)
        updated = Updated(self.window, self.link)
        updated.noticed.connect(self.window.notice.tell)
        updated.restart_wanted.connect(crash.restart)
        crash.leave_wanted.connect(self.leave_now)

    def _connect(self, instance: SingleInstance, opened: OpenedFiles) -> None:
        self.tray.open_wanted.connect(self.show_window)
        self.tray.quit_wanted.connect(self.quit)
        self.window.quit_requested.connect(self.quit)
        self.tray.switched.connect(self._switch)
        self.tray.available_changed.connect(self._on_tray)
        self.tray.attention_wanted.connect(lambda: QApplication.alert(self.window))
        self.settings.changed.connect(self._on_setting)
        self.settings.not_kept.connect(self._on_not_kept)
        if self.settings.why_not_kept is not None:
            self._on_not_kept(self.settings.why_not_kept)
        instance.raise_wanted.connect(self._raise)
        instance.open_wanted.connect(opened.open)
        opened.opened.connect(self._open)
        opened.listen()
        self._opened = opened  # nobody else holds it
        instance.leave_wanted.connect(self.leave_now)
        # Directly: the system waits for the answer, and it comes by no event of ours.
        direct = Qt.ConnectionType.DirectConnection
        self._app.commitDataRequest.connect(self._on_session_end, direct)
        self._app.heed(QEvent.Type.Quit, self._on_quit)
        self.window.installEventFilter(self)

    async def run(self, *, hidden: bool) -> None:
        """Show the window, then reach for the engine; return when the person has quit."""
        if sys.platform == "darwin":
            Dock(self._app, self, hidden=hidden).wanted.connect(self.show_window)
        if not hidden:
            self.show_window()
        elif not self.tray.available:
            # Never invisible: small, where a tray may still come with the rest of the session.
            self._waits_for_tray = True
            self.window.showMinimized()
        self._crash.tell_last_time(self.window)
        self.tasks.start("engine", self.link.run())
        self.tasks.start("login", _repair_login())
        self._obey_signals()
        await self._left

    async def take_apart(self) -> None:
        """End everything, in order; the engine goes on unless it was stopped before."""
        self._app.heed(QEvent.Type.Quit, None)
        await self.tasks.finish()
        self.tray.leave()
        self.settings.save()
        for part in (self.window, self):  # the rest belongs to this object
            if shiboken6.isValid(part):
                shiboken6.delete(part)

    def show_window(self, relay: str = "") -> None:
        """Bring the window to the front, with a relay if one is given."""
        self._waits_for_tray = False
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        if relay:
            self.window.show_relay(relay)

    # leaving ------------------------------------------------------------------------------------

    def quit(self) -> None:
        """Leave, after asking what becomes of relays that run."""
        self.tasks.start("quit", self._quit())

    def leave_now(self) -> None:
        """Leave without a question: the relays go on in the engine."""
        if not self._left.done():
            self._left.set_result(None)

    async def _quit(self) -> None:
        stop = False
        if self.link.store.active_ids():
            self.show_window()  # a question nobody sees is no question
            answer = await choose(self.window, *_question(self.link.store), _answers())
            if answer is None:
                return
            stop = answer == 0
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self.link.leave(stop_engine=stop)
        except (TimeoutError, BasculeError) as exc:
            self._crash.note(exc, "The engine was asked to stop, and did not.")
            with contextlib.suppress(TimeoutError):  # who has quit may be gone already
                async with asyncio.timeout(_TOLD_SECONDS):
                    await tell(self.window, *_still_there())
        self.leave_now()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close and watched is self.window:
            return self._on_close(event)
        return False

    def _on_quit(self, event: QEvent) -> bool:
        """The system's own Quit (macOS: ⌘Q, the Dock; the end of a session) asks as ours does."""
        if self._session_ends:
            self.leave_now()
        else:
            self.quit()
        event.ignore()
        return True

    def _on_close(self, event: QEvent) -> bool:
        if self._left.done() or self._session_ends:
            self.leave_now()
            return False
        event.ignore()
        if self.tray.available:
            self.window.hide()
            self.tray.tell_closed()
        else:
            self.quit()
        return True

    def _on_session_end(self, _manager: QSessionManager) -> None:
        self._session_ends = True
        self.settings.save()

    def _obey_signals(self) -> None:
        if sys.platform != "win32":
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.leave_now)

    # between the parts --------------------------------------------------------------------------

    def _switch(self, relay: str, on: bool) -> None:
        if on:
            self.actions.start(relay)
        else:
            self.actions.stop(relay)

    def _on_tray(self, available: bool) -> None:
        if available and self._waits_for_tray and self.window.isMinimized():
            self.window.hide()
        elif not available and not self.window.isVisible():
            self._waits_for_tray = True
            self.window.showMinimized()

    def _raise(self, token: str) -> None:
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt takes it from there, and away
        self.show_window()

    def _open(self, files: list[Path]) -> None:
        self.show_window()
        self.actions.import_files(files)

    def _on_setting(self, name: str) -> None:
        if name == "theme":
            self._set_scheme()

    def _on_not_kept(self, reason: str) -> None:
        text = not_kept_text(reason, str(self.settings.file.parent))
        self.window.notice.tell(Notice(text, Tone.PROBLEM))

    def _set_scheme(self) -> None:
        known = {str(scheme) for scheme in Scheme}
        chosen = self.settings.theme
        self.theme.set_scheme(Scheme(chosen) if chosen in known else Scheme.SYSTEM)


async def _repair_login() -> None:
    with contextlib.suppress(OSError):  # then it is shown as off, and ticking it says why
        await beside(autostart.repair)


def _question(store: Store) -> tuple[str, str]:
    """Title and text of the question before quitting."""
    open_now = store.open_connections()
    if open_now:
        return (
            translate("Quit", "%Ln connection(s) are open", "", open_now),
            translate(
                "Quit",
                "Stopping the relays ends them. If you leave the relays running, everything goes "
                "on without this window; open Bascule again to see it.",
            ),
        )
    return (
        translate("Quit", "%Ln relay(s) are running", "", len(store.active_ids())),
        translate(
            "Quit",
            "If you stop them, nobody can connect. If you leave them running, they go on without "
            "this window; open Bascule again to see them.",
        ),
    )


def _still_there() -> tuple[str, str, str]:
    """Title, text and button of what is said where the engine does not stop."""
    return (
        translate("Quit", "The relay engine did not stop"),
        translate(
            "Quit",
            "Relays may go on running without this window; open Bascule again to see them.",
        ),
        translate("Quit", "Quit"),
    )


def _answers() -> list[Choice]:
    return [
        Choice(translate("Quit", "Stop them and quit"), danger=True),
        Choice(translate("Quit", "Leave the relays running")),
    ]
