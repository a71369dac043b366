"""Owns the sentences for trouble between the window and the engine that runs the relays."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence

translate = QCoreApplication.translate


def _again() -> ActionHint:
    return ActionHint(HintKind.TRY_AGAIN, translate("Messages", "Try again"))


def _not_running(facts: Facts) -> Sentence:
    if "late" in facts:
        return Sentence(
            translate("Messages", "Bascule's engine takes longer than usual to start"),
            translate(
                "Messages", "This computer is busy, or a virus scanner looks through Bascule first."
            ),
            translate("Messages", "Bascule goes on waiting for it."),
            _again(),
        )
    return Sentence(
        translate("Messages", "Bascule's engine is not running"),
        translate("Messages", "The engine is the part that runs the relays; it was ended."),
        translate("Messages", "Bascule starts it again by itself. If not, quit and open Bascule."),
        _again(),
    )


def _already_running(facts: Facts) -> Sentence:
    return Sentence(
        translate("Messages", "Bascule's engine is already running"),
        facts.fill(translate("Messages", "Process {pid} of this user runs the relays already."))
        if "pid" in facts
        else translate("Messages", "Another process of this user runs the relays already."),
        translate("Messages", "Use the one that runs; a second one is not needed."),
    )


def _lost(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "The connection to Bascule's engine is interrupted"),
        translate("Messages", "The engine, the part that runs the relays, ended or restarts."),
        translate("Messages", "Wait a moment: Bascule starts it again, with the relays that ran."),
        _again(),
    )


def _stopped(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "Bascule's engine was stopped, as for an update"),
        translate("Messages", "An installer, or “bascule engine --stop”, asked it to end."),
        translate("Messages", "Wait: Bascule starts it again within a minute."),
    )


def _other_version(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "The running engine is of another version"),
        translate("Messages", "Bascule was updated while its engine went on running."),
        translate("Messages", "Quit Bascule, choosing “Stop the relays”, then open it again."),
    )


def _token(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "The engine does not let this window in"),
        translate("Messages", "The engine was restarted a moment ago, or belongs to another user."),
        translate("Messages", "Quit Bascule and open it again."),
        _again(),
    )


def _malformed(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "Window and engine do not understand each other"),
        translate("Messages", "They are of different versions, or another program is in between."),
        translate("Messages", "Quit Bascule, choosing “Stop the relays”, then open it again."),
    )


def _too_long(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "That is too much at once"),
        translate("Messages", "A profile can hold at most one megabyte."),
        translate("Messages", "Use a smaller file, or shorten the lists in it."),
    )


def _connection_unknown(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "This connection has already ended"),
        translate("Messages", "It ended just before you asked."),
        translate("Messages", "There is nothing left to do."),
    )


def _internal(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "Something in Bascule did not work as it should"),
        translate("Messages", "This is a fault of Bascule, not yours."),
        translate("Messages", "Try again. If it happens again, send the details to the makers."),
        _again(),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.ENGINE_NOT_RUNNING: _not_running,
    ErrorCode.ENGINE_ALREADY_RUNNING: _already_running,
    ErrorCode.ENGINE_LOST: _lost,
    ErrorCode.ENGINE_STOPPED: _stopped,
    ErrorCode.PROTOCOL_MISMATCH: _other_version,
    ErrorCode.TOKEN_REFUSED: _token,
    ErrorCode.MESSAGE_MALFORMED: _malformed,
    ErrorCode.MESSAGE_TOO_LONG: _too_long,
    ErrorCode.METHOD_UNKNOWN: _malformed,
    ErrorCode.CONNECTION_UNKNOWN: _connection_unknown,
    ErrorCode.INTERNAL: _internal,
}
