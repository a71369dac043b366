"""Owns the sentences for connections that broke, or that a rule ended."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop.messages.sentence import Explain, Facts, Sentence

translate = QCoreApplication.translate


def _reset(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "The other side broke off the connection"),
        translate("Messages", "Its program ended or restarted, or a firewall cut the line."),
        translate("Messages", "Connect again; if it happens often, look at the program there."),
    )


def _broken(facts: Facts) -> Sentence:
    return Sentence(
        translate("Messages", "The connection ended"),
        facts.fill(translate("Messages", "The system says: {why}."))
        if "why" in facts
        else translate("Messages", "The other side has gone, or the network was interrupted."),
        translate("Messages", "Check the network, then connect again."),
    )


def _truncated(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "The encrypted connection ended without a farewell"),
        translate("Messages", "The end of the data may be missing: somebody or something cut it."),
        translate("Messages", "Send it again if what arrived looks incomplete."),
    )


def _idle(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "The connection was silent for {seconds} seconds"))
        if "seconds" in facts
        else translate("Messages", "The connection was silent for too long"),
        translate("Messages", "The relay ends connections without traffic, as you set it."),
        translate("Messages", "Raise the limit under More settings if it was too soon."),
    )


def _not_allowed(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "{peer} is not allowed to connect"))
        if "peer" in facts
        else translate("Messages", "This computer is not allowed to connect"),
        translate("Messages", "Its address is not on the list of those who may."),
        translate("Messages", "Add the address to the list if it should be let in."),
    )


def _too_many(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "All {limit} places of the relay are taken"))
        if "limit" in facts
        else translate("Messages", "All places of the relay are taken"),
        translate("Messages", "The relay carries only so many connections at once, as you set it."),
        translate("Messages", "Close a connection, or raise the limit under More settings."),
    )


def _taken(facts: Facts) -> Sentence:
    if "device" in facts and "holder" in facts:
        title = translate("Messages", "{device} is in use by {holder}")
    elif "device" in facts:
        title = translate("Messages", "{device} is in use by another connection")
    else:
        title = translate("Messages", "The serial port is in use by another connection")
    return Sentence(
        facts.fill(title),
        translate("Messages", "One connection at a time can use a serial port."),
        translate("Messages", "Close the other connection first."),
    )


def _too_slow(facts: Facts) -> Sentence:
    title = (
        translate("Messages", "{subject} is too slow for the other targets")
        if "subject" in facts
        else translate("Messages", "A target is too slow for the others")
    )
    return Sentence(
        facts.fill(title),
        facts.fill(
            translate(
                "Messages",
                "It did not take what was sent within {seconds} seconds, and the others do not "
                "wait longer. It gets nothing more in this connection.",
            )
        )
        if "seconds" in facts
        else translate(
            "Messages", "The others do not wait for it. It gets nothing more in this connection."
        ),
        translate(
            "Messages",
            "The next connection includes it again. If it is slow by nature, as a serial port is, "
            "make it the one that answers: that one sets the pace.",
        ),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.CONNECTION_RESET: _reset,
    ErrorCode.CONNECTION_BROKEN: _broken,
    ErrorCode.TLS_TRUNCATED: _truncated,
    ErrorCode.IDLE_EXPIRED: _idle,
    ErrorCode.NOT_ALLOWED: _not_allowed,
    ErrorCode.TOO_MANY_CONNECTIONS: _too_many,
    ErrorCode.DEVICE_TAKEN: _taken,
    ErrorCode.TARGET_TOO_SLOW: _too_slow,
}
