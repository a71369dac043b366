"""The list of kinds: headings that cannot be chosen, and every kind under its own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bascule_desktop.wizard.kind_choice import KindChoice


def entries(choice: KindChoice) -> list[str]:
    return [choice.itemText(index) for index in range(choice.count())]


def test_kinds_stand_below_their_headings(qtbot: QtBot) -> None:
    choice = KindChoice(["serial", "tcp-listen", "echo"])
    qtbot.addWidget(choice)
    assert entries(choice) == [
        "Network",
        "Listen on a TCP port",
        "Devices and terminals",
        "Serial port",
        "Bascule itself",
        "Echo",
    ]
    assert choice.kind == "serial", "what is offered first is chosen, wherever it stands"


def test_the_keyboard_passes_over_headings(qtbot: QtBot) -> None:
    choice = KindChoice(["tcp-listen", "serial"])
    qtbot.addWidget(choice)
    choice.show()
    qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert choice.kind == "serial"
    qtbot.keyClick(choice, Qt.Key.Key_Up)
    assert choice.kind == "tcp-listen"
    qtbot.keyClick(choice, Qt.Key.Key_Home)
    assert choice.kind == "tcp-listen"


def test_what_a_profile_holds_is_offered_even_if_nobody_else_gets_it(qtbot: QtBot) -> None:
    choice = KindChoice(["tcp-listen"])
    qtbot.addWidget(choice)
    choice.choose("dual")
    assert choice.kind == "dual"
    assert entries(choice)[-1] == "Two ends as one"
