"""Owns the sentences for a source that cannot listen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence
from bascule_desktop.messages.value import go_to

translate = QCoreApplication.translate


def _in_use(facts: Facts) -> Sentence:
    if "path" in facts and "port" not in facts:
        return _path_in_use(facts)
    if "program" in facts:
        title = translate("Messages", "Port {port} is already used by {program}")
        short = translate("Messages", "Port {port} is already used by {program}.")
    else:
        title = translate("Messages", "Port {port} is already in use")
        short = translate("Messages", "Port {port} is already in use.")
    if "port" not in facts:
        title = translate("Messages", "The port is already in use")
        short = translate("Messages", "This port is already in use.")
    if "program" in facts and "pid" in facts:
        cause = translate(
            "Messages",
            "{program} (process {pid}) listens there, and only one program at a time can.",
        )
    else:
        cause = translate(
            "Messages", "Another program listens there, and only one program at a time can."
        )
    if "suggestion" in facts:
        action = translate("Messages", "Use port {suggestion}, which is free, or end that program.")
        label = translate("Messages", "Use {suggestion} instead")
        button = ActionHint(HintKind.USE_PORT, facts.fill(label), facts["suggestion"])
    else:
        action = translate("Messages", "Choose another port, or end that program.")
        button = go_to(facts)
    others: tuple[ActionHint, ...] = ()
    if facts["program_path"]:
        show = facts.fill(translate("Messages", "Show where {program} is"))
        others = (ActionHint(HintKind.OPEN_FOLDER, show, facts["program_path"]),)
    return Sentence(
        facts.fill(title), facts.fill(cause), facts.fill(action), button, facts.fill(short), others
    )


def _path_in_use(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "The socket {path} is already in use")),
        translate("Messages", "Another program listens there, or a file of that name exists."),
        translate("Messages", "Choose another path, or end that program."),
        go_to(facts),
        translate("Messages", "Another program listens there, or a file of that name exists."),
    )


def _not_local(facts: Facts) -> Sentence:
    host = facts.first("host", "subject")
    return Sentence(
        translate("Messages", "{host} is not an address of this computer").format(host=host)
        if host
        else translate("Messages", "That is not an address of this computer"),
        translate(
            "Messages",
            "The address belongs to another machine, or the network card that had it is off.",
        ),
        translate(
            "Messages", "Choose “This computer only”, “My network”, or an address of this computer."
        ),
        go_to(facts),
        translate("Messages", "This is not an address of this computer."),
    )


def _forbidden(facts: Facts) -> Sentence:
    from bascule_desktop.outside import allow_low_ports  # which makes its hints of this package

    port = facts["port"]
    small = port.isdigit() and 0 < int(port) < 1024
    if small:
        title = translate("Messages", "The system reserves port {port}")
        cause = translate(
            "Messages", "Ports below 1024 are kept for the administrator on many systems."
        )
        action = translate("Messages", "Use a port from 1024 up, for example {suggestion}.")
        free = facts["suggestion"] or str(8000 + int(port))
        label = translate("Messages", "Use {suggestion} instead").format(suggestion=free)
        allow = allow_low_ports(int(port))
        if len(allow) == 1:
            action += " " + translate(
                "Messages",
                "To use port {port} all the same, have the administrator run the line once.",
            )
        elif allow:
            action += " " + translate(
                "Messages",
                "To use port {port} all the same, have the administrator run one of these lines: "
                "for Bascule alone (again after each update), or for every program. Then restart "
                "the relay engine: quit Bascule, choosing “Stop them and quit”, and open it again.",
            )
        return Sentence(
            facts.fill(title),
            cause,
            facts.fill(action, suggestion=free),
            ActionHint(HintKind.USE_PORT, label, free),
            translate("Messages", "The system reserves ports below 1024."),
            allow,
        )
    subject = facts.first("port", "path", "subject")
    return Sentence(
        translate("Messages", "The system does not let Bascule listen on {subject}").format(
            subject=subject
        )
        if subject
        else translate("Messages", "The system does not let Bascule listen there"),
        translate("Messages", "The place is reserved for the system or for another user."),
        translate("Messages", "Choose another port or path."),
        go_to(facts),
        translate("Messages", "The system does not let Bascule listen here."),
    )


def _failed(facts: Facts) -> Sentence:
    subject = facts.first("subject", "port", "path")
    return Sentence(
        translate("Messages", "Bascule cannot listen on {subject}").format(subject=subject)
        if subject
        else translate("Messages", "Bascule cannot listen"),
        facts.fill(translate("Messages", "The system says: {why}."))
        if "why" in facts
        else translate("Messages", "The system does not say why."),
        translate("Messages", "Choose another port or address, then try again."),
        go_to(facts),
        translate("Messages", "Bascule cannot listen here. Choose another port or address."),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.ADDRESS_IN_USE: _in_use,
    ErrorCode.ADDRESS_NOT_LOCAL: _not_local,
    ErrorCode.ADDRESS_FORBIDDEN: _forbidden,
    ErrorCode.LISTEN_FAILED: _failed,
}
