"""The small parts that pages and cards are made of."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from bascule_desktop.wizard.pieces import paragraph


def test_of_a_very_long_paragraph_the_beginning_is_shown(qtbot: QtBot) -> None:
    label = paragraph("a" * 60_000)
    qtbot.addWidget(label)
    assert label.text() == "a" * 2_000 + "…"
    label = paragraph("a" * 2_000)
    qtbot.addWidget(label)
    assert label.text() == "a" * 2_000
