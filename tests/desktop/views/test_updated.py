"""A window whose program is replaced on the disk says so, in time and not too often."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtTest import QSignalSpy

from bascule.errors import ErrorCode, Problem
from bascule_desktop.engine_link import EngineLink, LinkState
from bascule_desktop.views import updated as module
from bascule_desktop.views.main_window import MainWindow
from bascule_desktop.views.updated import Updated, program_file

SAID = "Bascule was updated. Restart the window to use the new version."


@pytest.fixture
def program(tmp_path: Path) -> Path:
    file = tmp_path / "bascule-desktop"
    file.write_text("the old one", "utf-8")
    return file


@pytest.fixture
def updated(window: MainWindow, link: EngineLink, program: Path) -> Updated:
    made = Updated(window, link, program)
    made.noticed.connect(window.notice.tell)
    return made


def upgrade(program: Path) -> None:
    """As packages do it: the new file takes the name of the old one."""
    new = program.with_name("new")
    new.write_text("the new one", "utf-8")
    new.replace(program)


def turn_to(window: QObject) -> None:
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))


def test_a_window_that_somebody_turns_to_tells_it_once(
    window: MainWindow, updated: Updated, program: Path
) -> None:
    turn_to(window)
    assert not window.notice.isVisible()
    upgrade(program)
    turn_to(window)
    assert window.notice.text.text() == SAID
    window.notice.dismiss()
    turn_to(window)
    assert not window.notice.isVisible()
    program.write_text("one that is newer still", "utf-8")
    turn_to(window)
    assert window.notice.isVisible()


def test_it_has_the_last_word_when_the_new_engine_answers(
    window: MainWindow, link: EngineLink, updated: Updated, program: Path
) -> None:
    link._set(LinkState.CONNECTED)
    assert not window.notice.isVisible()
    upgrade(program)
    link._set(LinkState.LOST, Problem(ErrorCode.ENGINE_STOPPED, "asked"))
    turn_to(window)
    facts: dict[str, object] = {"version": "9.9", "connections": 0, "newer": True}
    link.noticed.emit("engine_version", facts)
    assert window.notice.text.text() == SAID
    link.noticed.emit("engine_renewed", {"relays": 1})
    link._set(LinkState.CONNECTED)
    assert window.notice.text.text() == SAID


def test_its_button_asks_for_a_restart(window: MainWindow, updated: Updated, program: Path) -> None:
    spy = QSignalSpy(updated.restart_wanted)
    upgrade(program)
    turn_to(window)
    assert window.notice.button.text() == "Restart the window"
    window.notice.button.click()
    assert spy.count() == 1
    assert not window.notice.isVisible()


def test_a_program_that_was_taken_away_was_not_updated(
    window: MainWindow, link: EngineLink, updated: Updated, program: Path
) -> None:
    program.unlink()
    turn_to(window)
    link._set(LinkState.CONNECTED)
    assert not window.notice.isVisible()


def test_the_file_is_the_program_or_one_of_the_package(
    monkeypatch: pytest.MonkeyPatch, program: Path
) -> None:
    assert program_file() == Path(module.__file__)
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(program))
    assert program_file() == program
