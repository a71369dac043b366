"""Owns the sentences for exports: why another program cannot do it, and what is lost on the way."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule.spec.export.exported import Loss, LossKind
from bascule_desktop.kind_words import kind_label
from bascule_desktop.labels import choice_label, path_label
from bascule_desktop.messages.sentence import Explain, Facts, Sentence

translate = QCoreApplication.translate


def loss_sentence(loss: Loss) -> str:
    """Say what is lost, or what is still to be done, in the person's words."""
    facts = {name: str(value) for name, value in loss.facts.items()}
    facts.setdefault("value", "")
    shown = {"yes": translate("Exports", "yes"), "no": translate("Exports", "no")}
    name = loss.field.rpartition(".")[2]
    if loss.kind is LossKind.SETTING:
        facts["value"] = shown.get(facts["value"], choice_label(name, facts["value"]))
    label = path_label(loss.field) or name
    return _losses()[loss.kind].format_map({**facts, "label": label})


def _losses() -> dict[LossKind, str]:
    return {
        LossKind.SETTING: translate("Exports", "{program} has no setting for “{label}” ({value})."),
        LossKind.ALLOW: translate(
            "Exports",
            "Anyone who reaches the port gets in. Let a firewall keep out all but {value}.",
        ),
        LossKind.PERMISSIONS: translate(
            "Exports",
            "Every user of the computer can connect to {value}. Keep the others out by the "
            "permissions of its folder.",
        ),
        LossKind.HALF_CLOSE: translate(
            "Exports",
            "{program} hangs up when a client has finished sending: an answer that is still to "
            "come is lost.",
        ),
        LossKind.NAMES: translate(
            "Exports",
            "{program} looks up {value} when it starts, and not again. Start it again when the "
            "address has changed.",
        ),
        LossKind.ORDER: translate(
            "Exports",
            "{program} takes the first target, then any of the others: their order is lost.",
        ),
        LossKind.AGAIN: translate(
            "Exports",
            "{program} ends with the first connection. Start it again each time, for example as a "
            "service.",
        ),
        LossKind.PASSWORD: translate(
            "Exports", "Write the password in place of {value}: passwords are never exported."
        ),
        LossKind.PASSPHRASE: translate(
            "Exports",
            "The passphrase of the key {value} is never exported. {program} asks for it when it "
            "starts, or needs a key without one.",
        ),
        LossKind.ONE_FILE: translate(
            "Exports", "Put certificate and key into one file, with this command: {value}"
        ),
        LossKind.AUTHORITIES: translate(
            "Exports",
            "Look whether the trusted authorities of that computer are in {value}, as on Debian "
            "and Ubuntu; else write their path there.",
        ),
        LossKind.ADDRESS: translate(
            "Exports",
            "{program} compares names only. Write the name in the certificate in place of {value}.",
        ),
        LossKind.ACCOUNT: translate(
            "Exports",
            "Choose the account that may read its files (User=): without one the service runs as "
            "root.",
        ),
        LossKind.BASCULE: translate(
            "Exports", "Install Bascule on that computer: the service runs it."
        ),
    }


def _why(facts: Facts) -> str:
    kind = kind_label(facts["kind"])
    reasons = {
        "source": translate("Exports", "It has nothing like the source “{kind}”."),
        "target": translate("Exports", "It has nothing like the target “{kind}”."),
        "proxy": translate("Exports", "It does not know these proxies on the way to the target."),
        "tls": translate("Exports", "It cannot encrypt with TLS there."),
        "one_tls": translate(
            "Exports", "It needs TLS on one side and none on the other: it adds TLS or removes it."
        ),
        "proxy_header": translate(
            "Exports", "It cannot handle the header of a load balancer (PROXY) there."
        ),
        "abstract": translate("Exports", "It cannot use an abstract name instead of a path."),
        "port": translate(
            "Exports", "The relay listens on any free port, and there the port must be chosen."
        ),
        "characters": translate(
            "Exports", "Its configuration cannot hold the characters of “{value}”."
        ),
        "zone": translate("Exports", "It cannot use the address of one interface, {value}."),
        "targets": translate(
            "Exports", "Its targets may differ in host and port only, and these differ in more."
        ),
        "bind": translate("Exports", "It can connect from an address only, not from a name."),
        "stop_bits": translate("Exports", "Its serial ports have 1 or 2 stop bits."),
        "foreground": translate("Exports", "A service has nothing like “{kind}”."),
    }
    usual = translate("Exports", "It has no words for something in this relay.")
    return facts.fill(reasons.get(facts["rule"], usual), kind=kind)


def _not_exportable(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Exports", "{program} cannot do what this relay does"))
        if "program" in facts
        else translate("Exports", "That program cannot do what this relay does"),
        _why(facts),
        translate("Exports", "Choose another program.")
        if facts["rule"] == "foreground"
        else translate(
            "Exports",
            "Choose another program. A systemd service can do all of it, with Bascule inside.",
        ),
    )


EXPLAINED: dict[ErrorCode, Explain] = {ErrorCode.NOT_EXPORTABLE: _not_exportable}
