"""Owns the sentences for values that cannot be: missing, out of range, unknown, a loop."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop.labels import path_label
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence

translate = QCoreApplication.translate


def go_to(facts: Facts) -> ActionHint | None:
    """The button that leads to the field a problem concerns, where there is one."""
    if not facts.field:
        return None
    return ActionHint(HintKind.GO_TO_FIELD, translate("Messages", "Show the field"), facts.field)


def _missing(facts: Facts) -> Sentence:
    label = path_label(facts.field)
    return Sentence(
        translate("Messages", "“{label}” is empty").format(label=label)
        if label
        else translate("Messages", "A value is missing"),
        translate("Messages", "Bascule needs this value for the relay to work."),
        translate("Messages", "Fill it in."),
        go_to(facts),
        translate("Messages", "Please fill this in."),
    )


def _rules() -> dict[str, str]:
    return {
        "range": translate("Messages", "Use a number from {minimum} to {maximum}."),
        "minimum": translate("Messages", "Use a number of at least {minimum}."),
        "number": translate("Messages", "Use a number."),
        "choice": translate("Messages", "Use one of these: {choices}."),
        "host": translate(
            "Messages",
            "Use a host name such as server.example, or an address such as 10.0.0.3, without "
            "“http://” and without a port.",
        ),
        "networks": translate(
            "Messages", "Write 192.168.1.20 or 192.168.1.0/24, separated by commas."
        ),
        "network": translate(
            "Messages",
            "“{entry}” is not an address. Write 192.168.1.20 or 192.168.1.0/24, separated by "
            "commas.",
        ),
        "certificate_name": translate(
            "Messages", "“{entry}” is neither a name such as server.example nor an address."
        ),
        "maximum_bytes": translate("Messages", "This is too long: at most 255 characters fit."),
        "octal": translate("Messages", "Use permissions in octal, such as 600 or 660."),
        "terminal": translate(
            "Messages",
            "“{entry}” is not a setting of a terminal. Write raw, echo=0 or b115200, separated by "
            "commas.",
        ),
        "line": translate("Messages", "Use a single line of text."),
        "text": translate("Messages", "Use a single line of text."),
        "switch": translate("Messages", "Use yes or no."),
        "name": translate(
            "Messages", "Use a file name such as report.pdf. The folder stands above."
        ),
        "id": translate("Messages", "Use small letters, digits and hyphens."),
        "socks4_password": translate("Messages", "SOCKS 4 knows no passwords. Choose SOCKS 5."),
        "socks4_ipv6": translate(
            "Messages", "SOCKS 4 cannot carry IPv6 addresses. Choose SOCKS 5."
        ),
        "socks4_name": translate("Messages", "SOCKS 4 cannot carry names. Choose SOCKS 4a or 5."),
        "socks4_mark": translate("Messages", "SOCKS 4 cannot carry this address. Choose SOCKS 5."),
        "abstract_file": translate(
            "Messages",
            "An abstract name is not a file: it has neither owner nor permissions. Leave this as "
            "it was, or use a path.",
        ),
        "group": translate(
            "Messages",
            "“{entry}” is not a multicast group. Write 239.1.2.3, or 239.1.2.3:eth0 to join it on "
            "a certain interface.",
        ),
        "interface": translate(
            "Messages",
            "“{entry}” is not an interface of this computer. Write its name, such as eth0, or one "
            "of its addresses.",
        ),
        "retry": translate(
            "Messages", "Use a number up to {maximum}, the longest pause, or raise that one."
        ),
        "gives": translate("Messages", "Nothing ever comes from there. Choose something to read."),
        "takes": translate("Messages", "Nothing can be sent there. Choose something to write to."),
        "": translate("Messages", "Bascule cannot use this value. Please change it."),
    }


def _rule(facts: Facts) -> str:
    """What the value must be, in a sentence."""
    rule = facts["rule"]
    if rule == "networks" and "entry" in facts:
        rule = "network"
    elif not rule and "entry" in facts:
        rule = "certificate_name"
    elif not rule and "minimum" in facts and "maximum" in facts:
        rule = "range"
    rules = _rules()
    return facts.fill(rules.get(rule, rules[""]))


def _invalid(facts: Facts) -> Sentence:
    label = path_label(facts.field)
    rule = _rule(facts)
    return Sentence(
        translate("Messages", "“{label}” does not fit").format(label=label)
        if label
        else translate("Messages", "A value does not fit"),
        translate("Messages", "What is written there cannot be used for this field."),
        rule,
        go_to(facts),
        rule,
    )


def _unknown_field(facts: Facts) -> Sentence:
    name = facts.field or facts["name"]
    return Sentence(
        translate("Messages", "The profile holds a setting Bascule does not know: {name}").format(
            name=name
        )
        if name
        else translate("Messages", "The profile holds a setting Bascule does not know"),
        translate("Messages", "It is misspelt, or a newer Bascule wrote it."),
        translate("Messages", "Correct the line in the file, or install the newest Bascule."),
    )


def _unknown_kind(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "Bascule does not know the kind “{kind}”"))
        if "kind" in facts
        else translate("Messages", "Bascule does not know this kind of source or target"),
        translate("Messages", "It is misspelt, or a newer Bascule wrote it."),
        facts.fill(translate("Messages", "It can be one of these: {known}."))
        if "known" in facts
        else translate("Messages", "Choose another kind, or install the newest Bascule."),
    )


def _loop(facts: Facts) -> Sentence:
    return Sentence(
        translate("Messages", "The relay would connect to itself"),
        translate("Messages", "Source and target are the same place, so data would go in circles."),
        translate("Messages", "Choose another port to listen on, or another target."),
        go_to(facts),
        translate("Messages", "This is the relay's own source. Choose another target or port."),
    )


def _other_system(facts: Facts) -> Sentence:
    return Sentence(
        translate("Messages", "That does not exist here"),
        translate(
            "Messages",
            "It belongs to another system, or to a command in a terminal: a relay that this window "
            "starts has no terminal.",
        ),
        translate("Messages", "Choose something else here, for example a TCP port."),
        go_to(facts),
        translate("Messages", "This does not exist here."),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.VALUE_MISSING: _missing,
    ErrorCode.VALUE_INVALID: _invalid,
    ErrorCode.FIELD_UNKNOWN: _unknown_field,
    ErrorCode.KIND_UNKNOWN: _unknown_kind,
    ErrorCode.RELAY_LOOP: _loop,
    ErrorCode.NOT_ON_THIS_SYSTEM: _other_system,
}
