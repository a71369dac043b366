"""Owns the sentences for TLS: reached, but no agreement on trust."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from bascule.errors import ErrorCode
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence
from bascule_desktop.messages.value import go_to

translate = QCoreApplication.translate


def _day(facts: Facts) -> str:
    """The last day of validity, as people write it here; empty where it is not known."""
    held = facts.problem.facts.get("not_after")
    if isinstance(held, int | float) and not isinstance(held, bool):
        moment = datetime.fromtimestamp(held, UTC).date()
    elif isinstance(held, str):
        try:
            moment = datetime.fromisoformat(held).date()
        except ValueError:
            return held
    else:
        return ""
    day = QDate(moment.year, moment.month, moment.day)
    return QLocale().toString(day, QLocale.FormatType.LongFormat)


def _ours_untrusted(facts: Facts) -> Sentence:
    """The other way round: somebody who connects does not trust the relay's own certificate."""
    return Sentence(
        facts.fill(translate("Messages", "{peer} does not trust your certificate"))
        if "peer" in facts
        else translate("Messages", "A computer that connects does not trust your certificate"),
        translate("Messages", "Your certificate authority is not known over there yet."),
        translate("Messages", "Make the other computer trust the authority's file, once."),
    )


def _no_authorities(facts: Facts) -> Sentence:
    return Sentence(
        translate("Messages", "This computer has no list of trusted authorities"),
        facts.fill(
            translate(
                "Messages",
                "Without it no certificate can be verified. It was looked for in {path} and where "
                "other systems keep it.",
            )
        )
        if "path" in facts
        else translate("Messages", "Without it no certificate can be verified."),
        translate(
            "Messages",
            "Install the package “ca-certificates”, or choose the authority's file under “Trust "
            "this authority”. If SSL_CERT_FILE or SSL_CERT_DIR is set, it must name what is there.",
        ),
        ActionHint(
            HintKind.CHOOSE_FILE,
            translate("Messages", "Choose the authority's file"),
            facts.field or "target.tls.authority",
        ),
        translate("Messages", "This computer has no list of trusted authorities."),
    )


def _untrusted(facts: Facts) -> Sentence:
    field = "target.tls.authority"
    if facts["whose"] == "own":
        return _ours_untrusted(facts)
    return Sentence(
        facts.fill(translate("Messages", "The certificate of {peer} is not trusted"))
        if "peer" in facts
        else translate("Messages", "The certificate is not trusted"),
        translate(
            "Messages",
            "An authority this computer does not know signed it; that is usual for devices and for "
            "services inside a company. It may also be somebody in between.",
        ),
        translate(
            "Messages",
            "Ask who runs the service for the file of their certificate authority, and choose it "
            "under “Trust this authority”.",
        ),
        ActionHint(
            HintKind.CHOOSE_FILE, translate("Messages", "Choose the authority's file"), field
        ),
        translate("Messages", "Its certificate is not trusted by this computer."),
    )


def _expired(facts: Facts) -> Sentence:
    day = _day(facts)
    if "peer" in facts and day:
        title = translate("Messages", "The certificate of {peer} ran out on {day}")
    elif "peer" in facts:
        title = translate("Messages", "The certificate of {peer} is not valid today")
    else:
        title = translate("Messages", "The certificate is not valid today")
    return Sentence(
        facts.fill(title, day=day),
        translate("Messages", "It was not renewed in time, or this computer's clock is wrong."),
        translate(
            "Messages",
            "Check the date of this computer, then ask who runs the service to renew it.",
        ),
        go_to(facts),
        translate("Messages", "The certificate is not valid today."),
    )


def _name_mismatch(facts: Facts) -> Sentence:
    if "names" in facts:
        cause = translate("Messages", "It is made out for {names}, not for the name you gave.")
    else:
        cause = translate("Messages", "It is made out for another name than the one you gave.")
    return Sentence(
        facts.fill(translate("Messages", "The certificate does not belong to {peer}"))
        if "peer" in facts
        else translate("Messages", "The certificate belongs to another name"),
        facts.fill(cause),
        translate(
            "Messages",
            "Use the name in the certificate as the host, or write it under “Name to verify”.",
        ),
        go_to(facts)
        or ActionHint(
            HintKind.GO_TO_FIELD,
            translate("Messages", "Show the field"),
            "target.tls.server_name",
        ),
        translate("Messages", "The certificate there is made out for another name."),
    )


def _no_certificate_shown(facts: Facts) -> Sentence:
    """The other way round: the relay demands a certificate of those who connect."""
    return Sentence(
        facts.fill(translate("Messages", "{peer} shows no certificate"))
        if "peer" in facts
        else translate("Messages", "A computer that connects shows no certificate"),
        translate("Messages", "The relay admits only those who show one, as you set it."),
        translate("Messages", "Give that computer a client certificate, or lift the rule."),
    )


def _client_certificate(facts: Facts) -> Sentence:
    if facts.field.startswith("source."):
        return _no_certificate_shown(facts)
    if facts["given"] == "True":
        return Sentence(
            facts.fill(translate("Messages", "{peer} does not accept your certificate"))
            if "peer" in facts
            else translate("Messages", "The other side does not accept your certificate"),
            translate("Messages", "It ran out, or another authority than theirs signed it."),
            translate("Messages", "Ask who runs the service for a new client certificate."),
            go_to(facts),
            translate("Messages", "The other side does not accept this certificate."),
        )
    return Sentence(
        facts.fill(translate("Messages", "{peer} demands a certificate from you"))
        if "peer" in facts
        else translate("Messages", "The other side demands a certificate from you"),
        translate("Messages", "It lets in only those who show a certificate it has signed."),
        translate(
            "Messages",
            "Ask who runs the service for a client certificate and its key, and choose both files.",
        ),
        ActionHint(
            HintKind.CHOOSE_FILE,
            translate("Messages", "Choose the certificate"),
            "target.tls.certificate",
        ),
        translate("Messages", "It demands a client certificate."),
    )


def _not_tls(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "{peer} does not speak TLS"))
        if "peer" in facts
        else translate("Messages", "The other side does not speak TLS"),
        facts.fill(translate("Messages", "It speaks {spoken}; often TLS is on another port."))
        if "spoken" in facts
        else translate("Messages", "It answers, but not encrypted; often TLS is on another port."),
        translate("Messages", "Check the port, or switch TLS off for this side."),
        go_to(facts),
        translate("Messages", "What answers there does not speak TLS."),
    )


def _failed(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "No encrypted connection to {peer} comes about"))
        if "peer" in facts
        else translate("Messages", "No encrypted connection comes about"),
        facts.fill(translate("Messages", "The two sides find no agreement: {why}."))
        if "why" in facts
        else translate("Messages", "The two sides find no common way to encrypt."),
        translate("Messages", "Check that the other side speaks TLS 1.2 or newer, then try again."),
        ActionHint(HintKind.TRY_AGAIN, translate("Messages", "Try again")),
        translate("Messages", "No encrypted connection comes about."),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.AUTHORITIES_MISSING: _no_authorities,
    ErrorCode.TLS_UNTRUSTED: _untrusted,
    ErrorCode.TLS_EXPIRED: _expired,
    ErrorCode.TLS_NAME_MISMATCH: _name_mismatch,
    ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED: _client_certificate,
    ErrorCode.TLS_NOT_TLS: _not_tls,
    ErrorCode.TLS_FAILED: _failed,
}
