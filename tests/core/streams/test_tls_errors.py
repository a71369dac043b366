"""OpenSSL's errors in our words. Most come from real handshakes in test_tls_refusals.py; the rest
here.
"""

from __future__ import annotations

import ssl

import pytest

from bascule.errors import ErrorCode
from bascule.facts import CertificateFacts
from bascule.streams.tls_errors import (
    Side,
    begins_tls,
    day,
    handshake_cut,
    handshake_error,
    later_error,
    not_tls,
)

CLIENT = Side("db.example:5432", asked="db.example", field="tls")
SERVER = Side("10.0.0.9:4711", server=True)
SHOWN = CertificateFacts(
    subject="www.example",
    issuer="Some Authority",
    names=(),
    not_before=0.0,
    not_after=86_400.0,
    fingerprint_sha256="AA:BB",
    self_signed=False,
    is_authority=False,
    expired=True,
)


def failure(reason: str | None) -> ssl.SSLError:
    exc = ssl.SSLError(1, f"[SSL: {reason}] told by OpenSSL")
    setattr(exc, "reason", reason)  # noqa: B010 - it is a str to the type checker, not to Python
    return exc


def refusal(code: int, message: str) -> ssl.SSLCertVerificationError:
    exc = ssl.SSLCertVerificationError(1, "certificate verify failed")
    exc.verify_code, exc.verify_message = code, message
    return exc


@pytest.mark.parametrize(
    ("reason", "side", "code", "field"),
    [
        (
            "PEER_DID_NOT_RETURN_A_CERTIFICATE",
            SERVER,
            ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED,
            None,
        ),
        (
            "TLSV13_ALERT_CERTIFICATE_REQUIRED",
            CLIENT,
            ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED,
            "tls.certificate",
        ),
        (
            "TLSV1_ALERT_UNKNOWN_CA",
            CLIENT,
            ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED,
            "tls.certificate",
        ),
        ("TLSV1_ALERT_UNKNOWN_CA", SERVER, ErrorCode.TLS_UNTRUSTED, None),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", CLIENT, ErrorCode.TLS_FAILED, "tls"),
        ("NO_SHARED_CIPHER", SERVER, ErrorCode.TLS_FAILED, None),
        ("WRONG_VERSION_NUMBER", CLIENT, ErrorCode.TLS_NOT_TLS, "tls"),
        ("HTTP_REQUEST", SERVER, ErrorCode.TLS_NOT_TLS, None),
    ],
)
def test_reasons(reason: str, side: Side, code: ErrorCode, field: str | None):
    error = handshake_error(failure(reason), side, None)
    assert (error.code, error.field) == (code, field)
    assert error.facts["peer"] == side.who
    if code is not ErrorCode.TLS_NOT_TLS:
        assert "_" not in str(error.facts["why"])


def test_alerts_lose_their_prefix_in_words():
    error = later_error(failure("SSLV3_ALERT_HANDSHAKE_FAILURE"), CLIENT)
    assert error.code is ErrorCode.TLS_FAILED
    assert error.facts["why"] == "handshake failure"


def test_a_client_certificate_may_be_missing_or_unwelcome():
    missing = later_error(failure("TLSV13_ALERT_CERTIFICATE_REQUIRED"), CLIENT)
    unwelcome = later_error(failure("SSLV3_ALERT_BAD_CERTIFICATE"), CLIENT)
    assert missing.code is unwelcome.code is ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED
    assert (missing.facts["given"], unwelcome.facts["given"]) == (False, True)


def test_an_error_without_reason_keeps_its_text():
    assert "told by openssl" in str(later_error(failure(None), CLIENT).facts["why"])


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (9, ErrorCode.TLS_EXPIRED),
        (10, ErrorCode.TLS_EXPIRED),
        (18, ErrorCode.TLS_UNTRUSTED),
        (20, ErrorCode.TLS_UNTRUSTED),
        (62, ErrorCode.TLS_NAME_MISMATCH),
        (64, ErrorCode.TLS_NAME_MISMATCH),
    ],
)
def test_what_verification_found(number: int, code: ErrorCode):
    error = handshake_error(refusal(number, "in words"), CLIENT, SHOWN)
    assert (error.code, error.field) == (code, "tls")
    assert error.facts["why"] == "in words"
    assert error.facts["asked"] == "db.example"
    assert error.facts["subject"] == error.facts["names"] == "www.example"
    assert (error.facts["not_before"], error.facts["not_after"]) == (0.0, 86_400.0)


def test_without_the_certificate_the_rest_is_said():
    error = handshake_error(refusal(62, "Hostname mismatch"), SERVER, None)
    assert error.facts == {"why": "Hostname mismatch", "whose": "peer", "peer": SERVER.who}
    assert "another name" in error.message
    assert "1970-01-02" in handshake_error(refusal(10, "expired"), CLIENT, SHOWN).message


def test_first_bytes():
    assert begins_tls(b"\x16\x03\x01")
    assert begins_tls(b"\x15")
    assert not begins_tls(b"HTTP/1.1")
    assert not begins_tls(b"\x80\x2e\x01")
    assert not_tls(SERVER, b"GET / HTTP/1.1").facts["spoken"] == "HTTP"
    assert not_tls(CLIENT, b"SSH-2.0-x").facts["spoken"] == "SSH"
    assert not_tls(CLIENT).message == "db.example:5432 does not speak TLS"


def test_leaving_names_the_peer():
    error = handshake_cut(CLIENT, "it finished sending")
    assert (error.code, error.field) == (ErrorCode.HANDSHAKE_CUT, "tls")
    assert error.facts == {"peer": "db.example:5432", "why": "it finished sending"}


def test_days_are_utc():
    assert day(86_399.0) == "1970-01-01"
