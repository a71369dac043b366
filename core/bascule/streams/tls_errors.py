"""Owns what OpenSSL's errors mean in our words, and what a peer that speaks no TLS speaks instead.

Nothing here does I/O.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

from bascule.errors import ErrorCode, Fact, HandshakeError, StreamError
from bascule.facts import CertificateFacts

# OpenSSL's X509_V_ERR_* numbers: part of its interface, <openssl/x509_vfy.h>
_NOT_IN_TIME = {9, 10}
_OTHER_NAME = {62, 63, 64}

_NO_TLS = {
    "HTTP_REQUEST",
    "HTTPS_PROXY_REQUEST",
    "PACKET_LENGTH_TOO_LONG",
    "RECORD_LAYER_FAILURE",
    "WRONG_VERSION_NUMBER",
}

_ALERTS_ON_CERTIFICATE = {  # RFC 8446 §6.2
    "ACCESS_DENIED",
    "BAD_CERTIFICATE",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_REVOKED",
    "CERTIFICATE_UNKNOWN",
    "UNKNOWN_CA",
    "UNSUPPORTED_CERTIFICATE",
}

_RECORD_TYPES = (b"\x15", b"\x16")  # RFC 8446 §5.1: alert, handshake


@dataclass(frozen=True, slots=True)
class Side:
    """Who we are in an exchange: what its errors are told with.

    ``who`` names the peer, ``asked`` the name we verify, ``field`` the group of settings.
    """

    who: str
    server: bool = False
    asked: str = ""
    field: str | None = None


def begins_tls(data: bytes) -> bool:
    """Whether the first bytes of a peer can be TLS."""
    return data.startswith(_RECORD_TYPES)


def not_tls(side: Side, data: bytes = b"") -> HandshakeError:
    """The error for a peer whose first bytes are ``data``; fact ``spoken`` where it is known."""
    spoken = ""
    if data.startswith((b"HTTP/", b"GET ", b"HEAD ", b"POST ", b"PUT ", b"OPTIONS ", b"CONNECT ")):
        spoken = "HTTP"
    elif data.startswith(b"SSH-"):
        spoken = "SSH"
    return HandshakeError(
        f"{side.who} does not speak TLS" + (f" but {spoken}" if spoken else ""),
        code=ErrorCode.TLS_NOT_TLS,
        field=side.field,
        peer=side.who,
        spoken=spoken,
    )


def handshake_cut(side: Side, why: str) -> HandshakeError:
    """The error for a peer that leaves before there is agreement."""
    return HandshakeError(
        f"{side.who} left during the TLS handshake: {why}",
        code=ErrorCode.HANDSHAKE_CUT,
        field=side.field,
        peer=side.who,
        why=why,
    )


def handshake_error(
    exc: ssl.SSLError, side: Side, certificate: CertificateFacts | None
) -> HandshakeError:
    """What a failed handshake means; ``certificate`` is the peer's, where it showed one."""
    if isinstance(exc, ssl.SSLCertVerificationError):
        return _refused_by_us(exc, side, certificate)
    if exc.reason in _NO_TLS:
        return not_tls(side)
    code, message, field, facts = _meaning(exc, side)
    return HandshakeError(message, code=code, field=field, peer=side.who, **facts)


def later_error(exc: ssl.SSLError, side: Side) -> StreamError:
    """What an error after the handshake means.

    In TLS 1.3 a client has finished before the server looks at its certificate, so the server's
    refusal comes here (RFC 8446 §4.4.2.4, Appendix E.1.2).
    """
    code, message, field, facts = _meaning(exc, side)
    return StreamError(message, code=code, field=field, peer=side.who, **facts)


def _meaning(exc: ssl.SSLError, side: Side) -> tuple[ErrorCode, str, str | None, dict[str, Fact]]:
    reason = exc.reason or ""
    alert = reason.partition("_ALERT_")[2]
    why = (alert or reason or str(exc)).lower().replace("_", " ")
    own = f"{side.field}.certificate" if side.field else None
    if reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
        return (
            ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED,
            f"{side.who} shows no client certificate",
            side.field,
            {"why": why, "given": False},
        )
    if alert == "CERTIFICATE_REQUIRED":
        return (
            ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED,
            f"{side.who} demands a client certificate",
            own,
            {"why": why, "given": False},
        )
    if alert in _ALERTS_ON_CERTIFICATE:
        if side.server:
            return (
                ErrorCode.TLS_UNTRUSTED,
                f"{side.who} does not accept our certificate: {why}",
                side.field,
                {"why": why, "whose": "own"},
            )
        return (
            ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED,
            f"{side.who} does not accept our client certificate: {why}",
            own,
            {"why": why, "given": True},
        )
    return ErrorCode.TLS_FAILED, f"TLS with {side.who} failed: {why}", side.field, {"why": why}


def _refused_by_us(
    exc: ssl.SSLCertVerificationError, side: Side, certificate: CertificateFacts | None
) -> HandshakeError:
    facts: dict[str, Fact] = {"why": exc.verify_message, "whose": "peer", "peer": side.who}
    if side.asked:
        facts["asked"] = side.asked
    until = ""
    names = "another name"
    if certificate is not None:
        until = f" (valid from {day(certificate.not_before)} until {day(certificate.not_after)})"
        names = ", ".join(certificate.names) or certificate.subject
        facts |= {
            "subject": certificate.subject,
            "issuer": certificate.issuer,
            "names": names,
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
            "fingerprint_sha256": certificate.fingerprint_sha256,
            "self_signed": certificate.self_signed,
        }
    if exc.verify_code in _NOT_IN_TIME:
        code = ErrorCode.TLS_EXPIRED
        message = f"the certificate of {side.who} is not valid today{until}"
    elif exc.verify_code in _OTHER_NAME:
        code = ErrorCode.TLS_NAME_MISMATCH
        message = f"the certificate of {side.who} is for {names}, not for {side.asked}"
    else:
        code = ErrorCode.TLS_UNTRUSTED
        message = f"the certificate of {side.who} is not trusted: {exc.verify_message}"
    return HandshakeError(message, code=code, field=side.field, **facts)


def day(seconds: float) -> str:
    """A time as its day in UTC: 2027-01-02."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
