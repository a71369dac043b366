"""Closing, quitting and the end of the session, with a played window, tray and engine."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from bascule.errors import BasculeError, ErrorCode
from bascule.events import RelayState
from bascule.places import Places
from bascule_desktop import app as module
from bascule_desktop.application import Application
from tests.desktop.played_desktop import Running, Stage, until
from tests.helpers.contract import PATIENCE_SECONDS


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
