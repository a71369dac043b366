"""Owns the sentences for updates: where nothing can be looked for, and what cannot be read."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop.messages.sentence import Explain, Facts, Sentence

translate = QCoreApplication.translate


def _off(facts: Facts) -> Sentence:
    if facts["why"] == "managed":
        return Sentence(
            translate("Messages", "Updates of this copy are looked after by whoever installed it"),
            translate("Messages", "It was set up so that it does not look for them by itself."),
            translate("Messages", "Ask the people who look after this computer."),
        )
    return Sentence(
        translate("Messages", "This copy names no place where to look for updates"),
        translate("Messages", "Whoever built it left that open."),
        translate("Messages", "Look where you got it from."),
    )


def _unreadable(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "What is said of the newest version cannot be read"),
        translate(
            "Messages",
            "Something is out of order where Bascule looks, or something on the way changes it.",
        ),
        translate("Messages", "Try again tomorrow, or look where you got Bascule from."),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.UPDATES_OFF: _off,
    ErrorCode.RELEASE_UNREADABLE: _unreadable,
}
