"""Owns how a certificate for a server is made: ECDSA P-256 with SHA-256, nothing to choose.

Knows no files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bascule.certificates.names import parse_names, text_of
from bascule.errors import ErrorCode, SpecError

DEFAULT_DAYS = 397
"""The longest that browsers take from a public authority, less the leap day."""

MAXIMUM_DAYS = 825
"""The longest that macOS and iOS take from any authority."""

SERVER = ExtendedKeyUsageOID.SERVER_AUTH
CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH

_CLOCK_SLACK = timedelta(minutes=5)
"""How far behind the clock of the other side may be."""

_COMMON_NAME_CHARACTERS = 64  # RFC 5280 appendix A: ub-common-name


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, both in PEM form; the key is not encrypted."""

    certificate: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs."""

    certificate: x509.Certificate
    key: CertificateIssuerPrivateKeyTypes


def new_key() -> ec.EllipticCurvePrivateKey:
    """Make a private key."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    """The key in PEM form (PKCS #8), not encrypted."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def common_name(text: str) -> x509.Name:
    """A distinguished name of nothing but a common name, cut where it is too long.

    No program that verifies reads it: RFC 9525 knows the alternative names only.
    """
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:_COMMON_NAME_CHARACTERS])])


def key_usage(*, signs_data: bool = False, signs_certificates: bool = False) -> x509.KeyUsage:
    """What the key may be used for (RFC 5280 §4.2.1.3)."""
    return x509.KeyUsage(
        digital_signature=signs_data,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def issue_self_signed(
    names: Sequence[str], days: int = DEFAULT_DAYS, *, now: datetime | None = None
) -> Pair:
    """Make a certificate that vouches for itself; whoever connects must be given it to trust.

    ``names``: DNS names, wildcards and IP addresses; ``days``: 1…825.
    Raises: SpecError VALUE_INVALID or VALUE_MISSING, field "names" or "days".
    """
    return issue_leaf(names, days, now=now)


def issue_leaf(
    names: Sequence[str],
    days: int = DEFAULT_DAYS,
    *,
    issuer: Issuer | None = None,
    usage: x509.ObjectIdentifier = SERVER,
    now: datetime | None = None,
) -> Pair:
    """Make a certificate signed by ``issuer``, or by itself where that is None.

    It never outlives its issuer. Raises: as ``issue_self_signed``.
    """
    parsed = parse_names(names)
    if not 1 <= days <= MAXIMUM_DAYS:
        raise SpecError(
            f"days must be between 1 and {MAXIMUM_DAYS}",
            code=ErrorCode.VALUE_INVALID,
            field="days",
            minimum=1,
            maximum=MAXIMUM_DAYS,
        )
    key = new_key()
    public = key.public_key()
    subject = common_name(text_of(parsed[0]))
    begin = (now or datetime.now(UTC)) - _CLOCK_SLACK
    end = begin + timedelta(days=days)
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    signer, signer_name, signer_identifier = key, subject, identifier
    if issuer is not None:
        signer, signer_name = issuer.key, issuer.certificate.subject
        signer_identifier = issuer.certificate.extensions.get_extension_for_class(
            x509.SubjectKeyIdentifier
        ).value
        end = min(end, issuer.certificate.not_valid_after_utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer_name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName(parsed), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(key_usage(signs_data=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(signer_identifier),
            critical=False,
        )
        .sign(signer, hashes.SHA256())
    )
    return Pair(certificate.public_bytes(serialization.Encoding.PEM), key_pem(key))
