"""Owns the sentences for a target, or a hop on the way, that cannot be reached."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence
from bascule_desktop.messages.value import go_to

translate = QCoreApplication.translate


def _subject(facts: Facts) -> str:
    return facts.first("subject", "host", "proxy", "target")


def _again() -> ActionHint:
    return ActionHint(HintKind.TRY_AGAIN, translate("Messages", "Try again"))


def _host_unknown(facts: Facts) -> Sentence:
    host = _subject(facts)
    return Sentence(
        translate("Messages", "Nobody knows the name {host}").format(host=host)
        if host
        else translate("Messages", "Nobody knows this name"),
        translate(
            "Messages", "The name is mistyped, or this computer has no network at the moment."
        ),
        translate("Messages", "Check the spelling, or use the address in numbers."),
        go_to(facts),
        translate("Messages", "This name is not known. Check the spelling."),
    )


def _refused(facts: Facts) -> Sentence:
    subject = _subject(facts)
    return Sentence(
        translate("Messages", "{subject} refuses the connection").format(subject=subject)
        if subject
        else translate("Messages", "The host refuses the connection"),
        translate(
            "Messages",
            "The host is there, but no program listens on that port, or a firewall says no.",
        ),
        translate("Messages", "Start the program over there, or check the port number."),
        _again(),
        translate("Messages", "Nothing listens there, or a firewall says no."),
    )


def _timed_out(facts: Facts) -> Sentence:
    subject = _subject(facts)
    if subject and "seconds" in facts:
        title = translate("Messages", "{subject} does not answer within {seconds} seconds")
    elif subject:
        title = translate("Messages", "{subject} does not answer")
    else:
        title = translate("Messages", "The other side does not answer")
    return Sentence(
        facts.fill(title, subject=subject),
        translate(
            "Messages",
            "The host is off, the address is wrong, or a firewall swallows the packets.",
        ),
        translate("Messages", "Check that the host is on and its address right, then try again."),
        _again(),
        translate("Messages", "It does not answer. Is the host on, is the address right?"),
    )


def _unreachable(facts: Facts) -> Sentence:
    subject = _subject(facts)
    return Sentence(
        translate("Messages", "There is no way to {subject}").format(subject=subject)
        if subject
        else translate("Messages", "There is no way to the host"),
        translate(
            "Messages",
            "This computer is not connected to that network: a cable, the Wi-Fi or the VPN is off.",
        ),
        translate("Messages", "Connect to the network, then try again."),
        _again(),
        translate("Messages", "There is no way there from this computer."),
    )


def _failed(facts: Facts) -> Sentence:
    subject = _subject(facts)
    return Sentence(
        translate("Messages", "Bascule cannot connect to {subject}").format(subject=subject)
        if subject
        else translate("Messages", "Bascule cannot connect to the target"),
        facts.fill(translate("Messages", "The system says: {why}."))
        if "why" in facts
        else translate("Messages", "The system does not say why."),
        translate("Messages", "Check the address and the port, then try again."),
        _again(),
        translate("Messages", "Bascule cannot connect there."),
    )


def _only_by_proxy(facts: Facts) -> Sentence:
    host = _subject(facts)
    return Sentence(
        translate("Messages", "{host} can only be reached through a proxy").format(host=host)
        if host
        else translate("Messages", "This name can only be reached through a proxy"),
        translate(
            "Messages",
            "Names such as .onion and .i2p mean nothing to the internet's name service, and asking "
            "it would give away whom you want to reach. So Bascule never asks.",
        ),
        translate("Messages", "Add a proxy that knows the name, with SOCKS 5 or 4a."),
        go_to(facts),
        translate("Messages", "Only a proxy can find this name: use one, with SOCKS 5 or 4a."),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.HOST_UNKNOWN: _host_unknown,
    ErrorCode.CONNECTION_REFUSED: _refused,
    ErrorCode.TIMED_OUT: _timed_out,
    ErrorCode.UNREACHABLE: _unreachable,
    ErrorCode.DIAL_FAILED: _failed,
    ErrorCode.NAME_NOT_RESOLVABLE_HERE: _only_by_proxy,
}
