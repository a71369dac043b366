"""Owns how the program asks a person something without stopping its own loop.

``dialog.exec()`` inside a coroutine would run a second loop in which other tasks never go on; here
a dialog is opened and its end awaited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from bascule.places import portable_folder
from bascule_desktop import qt_memory

translate = QCoreApplication.translate


async def ask(dialog: QDialog) -> int:
    """Open a dialog and wait for its result, ``QDialog.DialogCode``; the dialog is deleted after.

    What it holds can be read until the caller awaits again. Cancelling closes it.
    """
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def finish(result: int) -> None:
        if not answer.done() and not answer.get_loop().is_closed():
            answer.set_result(result)

    def gone(*_: object) -> None:
        finish(int(QDialog.DialogCode.Rejected))

    dialog.finished.connect(finish)
    dialog.destroyed.connect(gone)  # its parent may go first
    dialog.open()
    try:
        return await answer
    finally:
        if shiboken6.isValid(dialog):
            dialog.hide()
            dialog.deleteLater()


@dataclass(frozen=True, slots=True)
class Choice:
    """One button of a question. ``danger`` marks what cannot be taken back."""

    label: str
    danger: bool = False


async def choose(
    parent: QWidget | None, title: str, text: str, choices: Sequence[Choice]
) -> int | None:
    """Ask with one button a choice, and Cancel; the index of the choice, None if cancelled.

    Enter takes the first choice that is no danger, or cancels.
    """
    box = _box(parent, "question", QMessageBox.Icon.Question, title, text)
    buttons = [
        box.addButton(
            choice.label,
            QMessageBox.ButtonRole.DestructiveRole
            if choice.danger
            else QMessageBox.ButtonRole.AcceptRole,
        )
        for choice in choices
    ]
    cancel = box.addButton(translate("Dialogs", "Cancel"), QMessageBox.ButtonRole.RejectRole)
    harmless = [button for button, one in zip(buttons, choices, strict=True) if not one.danger]
    box.setDefaultButton((*harmless, cancel)[0])
    box.setEscapeButton(cancel)
    await ask(box)
    clicked = box.clickedButton() if shiboken6.isValid(box) else None
    return next((i for i, button in enumerate(buttons) if button is clicked), None)


async def confirm(
    parent: QWidget | None, title: str, text: str, accept_label: str, danger: bool = False
) -> bool:
    """Ask whether to go on. ``title`` is the question, ``text`` what it means."""
    return await choose(parent, title, text, [Choice(accept_label, danger)]) == 0


async def tell(parent: QWidget | None, title: str, text: str, label: str) -> None:
    """Say something, and wait until its one button is pressed."""
    box = _box(parent, "message", QMessageBox.Icon.Information, title, text)
    box.addButton(label, QMessageBox.ButtonRole.AcceptRole)
    await ask(box)


def _box(
    parent: QWidget | None, name: str, icon: QMessageBox.Icon, title: str, text: str
) -> QMessageBox:
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setIcon(icon)
    box.setWindowTitle(QCoreApplication.applicationName())
    box.setText(title)
    box.setInformativeText(text)
    return box


async def choose_file(
    parent: QWidget | None,
    title: str,
    filter: str,  # noqa: A002 - Qt's word for it
    save: bool = False,
    suggested: str = "",
) -> Path | None:
    """Ask for a file to open or, with ``save``, to write; None if cancelled.

    ``filter`` is Qt's (``Profiles (*.toml)``, several joined by ``;;``); ``suggested`` a name or a
    path to begin with.
    """
    dialog = QFileDialog(parent, title)
    dialog.setObjectName("choose_file")
    if portable_folder() is not None:
        qt_memory.forget(dialog)
    dialog.setNameFilters(filter.split(";;"))
    if save:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(suggested).suffix.removeprefix("."))
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    if suggested:
        start = Path(suggested)
        if start.is_absolute():
            dialog.setDirectory(str(start.parent))
        dialog.selectFile(start.name)
    accepted = await ask(dialog) == QDialog.DialogCode.Accepted
    if not accepted or not shiboken6.isValid(dialog):
        return None
    chosen = dialog.selectedFiles()
    return Path(chosen[0]) if chosen else None
