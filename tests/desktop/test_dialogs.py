"""Dialogs are awaited, and other tasks go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QPushButton, QWidget
from shiboken6 import delete, isValid

from bascule_desktop.dialogs import Choice, ask, choose, choose_file, confirm
from tests.helpers.contract import PATIENCE_SECONDS

_NO_NATIVE = Qt.ApplicationAttribute.AA_DontUseNativeDialogs


@pytest.fixture
def parent() -> Iterator[QWidget]:
    window = QWidget()
    window.show()
    yield window
    if isValid(window):
        delete(window)


def shown[T: QDialog](parent: QWidget, kind: type[T]) -> T | None:
    return next((each for each in parent.findChildren(kind) if each.isVisible()), None)


def when_shown[T: QDialog](parent: QWidget, kind: type[T], act: Callable[[T], object]) -> QTimer:
    """Do something to the dialog as soon as it is there, as a person would."""
    timer = QTimer(parent)

    def look() -> None:
        dialog = shown(parent, kind)
        if dialog is not None:
            timer.stop()
            act(dialog)

    timer.timeout.connect(look)
    timer.start(5)
    return timer


def press(box: QMessageBox, label: str) -> None:
    next(button for button in box.buttons() if button.text() == label).click()


async def test_ask_gives_the_result_and_deletes_the_dialog(parent: QWidget) -> None:
    dialog = QDialog(parent)
    gone = asyncio.Event()
    dialog.destroyed.connect(lambda _: gone.set())
    QTimer.singleShot(0, dialog.accept)
    assert await ask(dialog) == QDialog.DialogCode.Accepted
    assert isValid(dialog)  # until the caller awaits again
    await asyncio.wait_for(gone.wait(), PATIENCE_SECONDS)


async def test_other_tasks_go_on_while_a_dialog_is_open(parent: QWidget) -> None:
    dialog = QDialog(parent)
    steps: list[int] = []

    async def work() -> None:
        for step in range(3):
            await asyncio.sleep(0.001)
            steps.append(step)
        dialog.reject()

    async with asyncio.TaskGroup() as group:
        group.create_task(work())
        assert await ask(dialog) == QDialog.DialogCode.Rejected
    assert steps == [0, 1, 2]


async def test_a_dialog_whose_window_goes_is_rejected(parent: QWidget) -> None:
    dialog = QDialog(parent)
    QTimer.singleShot(0, lambda: delete(parent))
    assert await ask(dialog) == QDialog.DialogCode.Rejected


async def test_cancelling_closes_the_dialog(parent: QWidget) -> None:
    dialog = QDialog(parent)
    gone = asyncio.Event()
    dialog.destroyed.connect(lambda _: gone.set())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ask(dialog), 0.02)
    await asyncio.wait_for(gone.wait(), PATIENCE_SECONDS)


@pytest.mark.parametrize(("label", "answer"), [("Delete", True), ("Cancel", False)])
async def test_confirm(parent: QWidget, label: str, answer: bool) -> None:
    when_shown(parent, QMessageBox, lambda box: press(box, label))
    assert await confirm(parent, "Delete?", "It can be undone.", "Delete") is answer


async def test_escape_and_a_vanished_window_are_no(parent: QWidget) -> None:
    when_shown(parent, QMessageBox, lambda box: box.reject())
    assert not await confirm(parent, "Delete?", "", "Delete")
    when_shown(parent, QMessageBox, lambda _: delete(parent))
    assert not await confirm(parent, "Delete?", "", "Delete")


async def test_enter_never_does_what_is_dangerous(parent: QWidget) -> None:
    texts: list[str] = []

    def look(box: QMessageBox) -> None:
        texts.extend((box.text(), box.informativeText()))
        default = box.defaultButton()
        assert isinstance(default, QPushButton)
        texts.append(default.text())
        default.click()

    when_shown(parent, QMessageBox, look)
    assert not await confirm(parent, "Delete?", "All of it.", "Delete", danger=True)
    assert texts == ["Delete?", "All of it.", "Cancel"]


async def test_choose_gives_the_index(parent: QWidget) -> None:
    choices = [Choice("Stop them", danger=True), Choice("Leave them")]
    when_shown(parent, QMessageBox, lambda box: press(box, "Leave them"))
    assert await choose(parent, "Quit?", "", choices) == 1
    when_shown(parent, QMessageBox, lambda box: press(box, "Stop them"))
    assert await choose(parent, "Quit?", "", choices) == 0
    when_shown(parent, QMessageBox, lambda box: press(box, "Cancel"))
    assert await choose(parent, "Quit?", "", choices) is None


@pytest.fixture
def own_file_dialog() -> Iterator[None]:
    QApplication.setAttribute(_NO_NATIVE)
    yield
    QApplication.setAttribute(_NO_NATIVE, False)


@pytest.mark.usefixtures("own_file_dialog")
async def test_choose_file_to_open(parent: QWidget, tmp_path: Path) -> None:
    file = tmp_path / "scale.toml"
    file.write_text("format = 1\n")
    when_shown(parent, QFileDialog, lambda dialog: dialog.done(1))
    chosen = await choose_file(parent, "Import", "Profiles (*.toml);;All (*)", False, str(file))
    assert chosen == file


@pytest.mark.usefixtures("own_file_dialog")
async def test_choose_file_to_save(parent: QWidget, tmp_path: Path) -> None:
    seen: list[object] = []

    def look(dialog: QFileDialog) -> None:
        seen.extend((dialog.acceptMode(), dialog.defaultSuffix(), dialog.nameFilters()))
        dialog.reject()

    when_shown(parent, QFileDialog, look)
    file = tmp_path / "new.toml"
    assert await choose_file(parent, "Export", "Profiles (*.toml)", True, str(file)) is None
    assert seen == [QFileDialog.AcceptMode.AcceptSave, "toml", ["Profiles (*.toml)"]]
