"""What every test of the desktop gets: Qt's own event loop, a home of its own, no leftovers."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bascule.places import HOME_VARIABLE, Places, find_places
from bascule_desktop import engine_link
from bascule_desktop import launcher as launching
from bascule_desktop.launcher import Launcher
from bascule_desktop.loop import new_loop
from tests.helpers.contract import PATIENCE_SECONDS

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
    """Free what is left of the windows here, and all of it after each file."""
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
def _application(qapp: QApplication) -> QApplication:
    qapp.setQuitOnLastWindowClosed(False)
    return qapp


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Folders of this test alone, also for the processes it starts."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    return find_places()


@pytest.fixture
def launcher(places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Launcher]:
    """A launcher whose engines do not outlive the test, and may take longer to start and to answer
    than a user should wait.
    """
    monkeypatch.setattr(launching, "START_SECONDS", PATIENCE_SECONDS)
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
