"""The question before a command from somebody else may run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from bascule_desktop.theme import Theme
from bascule_desktop.views.command_dialog import CommandDialog, visible
from tests.desktop.views.conftest import destroy


@pytest.fixture
def parent(theme: Theme) -> Iterator[QWidget]:
    made = QWidget()
    made.show()
    yield made
    destroy(made)


def test_commands_are_shown_as_they_are(parent: QWidget, qtbot: QtBot) -> None:
    commands = ("<b>date</b> &amp; x", "printf 'a\nb'")
    dialog = CommandDialog(commands, parent)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert dialog.shown.toPlainText() == "\n".join(commands)
    assert dialog.shown.isReadOnly()
    qtbot.mouseClick(dialog.allow, Qt.MouseButton.LeftButton)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_enter_allows_nothing(parent: QWidget, qtbot: QtBot) -> None:
    dialog = CommandDialog(("date",), parent)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert not dialog.isVisible()


def test_nothing_hides_in_a_command() -> None:
    assert visible("echo \u202egnp.exe\x1b[2J\u200b") == ("echo \\u202egnp.exe\\u001b[2J\\u200b")
    assert visible("echo é\n\tdone\r\n") == "echo é\n\tdone\n"
