"""A problem in the wizard: what its buttons do."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bascule.errors import ErrorCode, Problem
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.messages import HintKind, explain
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import Theme
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.problem import ProblemCard
from tests.desktop.wizard.played import PlayedLink


@pytest.fixture
def context(link: PlayedLink, theme: Theme, qtbot: QtBot) -> Context:
    window = QWidget()
    qtbot.addWidget(window)
    return Context(cast(EngineLink, link), theme, Tasks(window, print), window)


def button(card: ProblemCard, label: str) -> QPushButton:
    (found,) = (each for each in card.findChildren(QPushButton) if label in each.text())
    return found


async def test_the_folder_of_a_program_is_shown_and_the_program_is_not_started(
    context: Context, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    program = tmp_path / "server.exe"
    program.write_bytes(b"")
    facts = {"port": 8080, "program": "server", "pid": 8, "program_path": str(program)}
    card = ProblemCard(context, Problem(ErrorCode.ADDRESS_IN_USE, "", "source.port", facts))
    qtbot.addWidget(card)
    button(card, "Show where").click()
    assert opened == [QUrl.fromLocalFile(str(tmp_path))]


async def test_a_line_that_is_copied_is_said_to_be(context: Context, qtbot: QtBot) -> None:
    facts = {"device": "/dev/ttyUSB0", "group": "dialout"}
    problem = Problem(ErrorCode.DEVICE_FORBIDDEN, "", "source.device", facts)
    line = explain(problem).button
    assert line is not None
    assert line.kind is HintKind.COPY
    card = ProblemCard(context, problem)
    qtbot.addWidget(card)
    copy = button(card, line.label)
    copy.click()
    assert QGuiApplication.clipboard().text() == line.value
    assert copy.text() == "Copied"
    qtbot.waitUntil(lambda: copy.text() == line.label)


async def test_copied_details_are_said_to_be(context: Context, qtbot: QtBot) -> None:
    problem = Problem(ErrorCode.ADDRESS_FORBIDDEN, "", "source.port", {"port": 443})
    card = ProblemCard(context, problem, unfolded=True)
    qtbot.addWidget(card)
    copy = button(card, "Copy the details")
    copy.click()
    assert "code: address_forbidden" in QGuiApplication.clipboard().text()
    assert copy.text() == "Copied"
