"""Owns reading: what a certificate file says, and whether a key belongs to it.

Decides nothing about trust.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.x509.oid import NameOID

from bascule.certificates.files import certificate_unreadable, key_unreadable, read_limited
from bascule.certificates.names import text_of
from bascule.errors import ErrorCode, SpecError
from bascule.facts import CertificateFacts

_KEY = re.compile(rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.+?-----END \1-----", re.DOTALL)
_DAMAGED = (
    ValueError,
    TypeError,  # cryptography, of a name whose text is a string of bits
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


def certificate_facts(path: str, key: str = "", passphrase: str = "") -> CertificateFacts:
    """Say what a certificate file (PEM; the first one counts) holds, as of now.

    Where ``key`` names a key file, ``key_matches`` tells whether it belongs to the certificate.
    Raises: SpecError as ``read_certificate`` and ``read_key``.
    """
    certificate = read_certificate(path)
    matches = None
    if key:
        matches = _belongs(certificate, read_key(key, passphrase))
    try:
        return facts_of(certificate, key_matches=matches)
    except ValueError as exc:
        raise certificate_unreadable(path, str(exc)) from exc


def facts_of_der(data: bytes) -> CertificateFacts:
    """Say what a certificate in DER form says. Raises: ValueError where it is damaged."""
    try:
        certificate = x509.load_der_x509_certificate(data)
    except _DAMAGED as exc:
        raise ValueError(str(exc)) from exc
    return facts_of(certificate)


def facts_of(certificate: x509.Certificate, *, key_matches: bool | None = None) -> CertificateFacts:
    """Say what a certificate says. Raises: ValueError where it is damaged, which shows only when
    it is asked for its parts.
    """
    try:
        return _facts_of(certificate, key_matches)
    except _DAMAGED as exc:
        raise ValueError(str(exc)) from exc


def _facts_of(certificate: x509.Certificate, key_matches: bool | None) -> CertificateFacts:
    names: tuple[str, ...] = ()
    is_authority = False
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            names = tuple(text_of(name) for name in extension.value)
        elif isinstance(extension.value, x509.BasicConstraints):
            is_authority = extension.value.ca
    return CertificateFacts(
        subject=_short(certificate.subject) or next(iter(names), ""),
        issuer=_short(certificate.issuer),
        names=names,
        not_before=certificate.not_valid_before_utc.timestamp(),
        not_after=certificate.not_valid_after_utc.timestamp(),
        fingerprint_sha256=certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
        self_signed=certificate.subject == certificate.issuer,
        is_authority=is_authority,
        expired=certificate.not_valid_after_utc < datetime.now(UTC),
        key_matches=key_matches,
    )


def read_certificate(path: str | Path, field: str = "certificate") -> x509.Certificate:
    """Read the first certificate of a PEM file. Raises: SpecError CERTIFICATE_UNREADABLE."""
    try:
        data = read_limited(path)
    except ValueError as exc:
        raise certificate_unreadable(path, str(exc), field) from exc
    if b"-----BEGIN CERTIFICATE-----" not in data:
        raise certificate_unreadable(path, "it holds no certificate in PEM form", field)
    try:
        return x509.load_pem_x509_certificates(data)[0]
    except _DAMAGED as exc:
        raise certificate_unreadable(path, "it is damaged", field) from exc


def read_key(path: str | Path, passphrase: str = "", field: str = "key") -> PrivateKeyTypes:
    """Read the private key of a PEM file, which may hold other things too.

    Raises: SpecError KEY_UNREADABLE, KEY_ENCRYPTED (no passphrase given), KEY_PASSPHRASE_WRONG.
    """
    try:
        found = _KEY.search(read_limited(path))
    except ValueError as exc:
        raise key_unreadable(path, str(exc), field) from exc
    if found is None:
        raise key_unreadable(path, "it holds no private key in PEM form", field)
    try:
        return serialization.load_pem_private_key(found[0], None)
    except TypeError as exc:  # it is encrypted
        if not passphrase:
            raise SpecError(
                f"the key in {path} is encrypted and no passphrase was given",
                code=ErrorCode.KEY_ENCRYPTED,
                field=field,
                path=str(path),
            ) from exc
    except _DAMAGED as exc:
        raise key_unreadable(path, "it is damaged, or of an unknown kind", field) from exc
    try:
        return serialization.load_pem_private_key(found[0], passphrase.encode())
    except ValueError as exc:
        raise SpecError(
            f"the passphrase does not open the key in {path}",
            code=ErrorCode.KEY_PASSPHRASE_WRONG,
            field="key_passphrase",
            path=str(path),
        ) from exc


def check_pair(certificate: str, key: str, passphrase: str = "") -> None:
    """Raise the SpecError that says why a certificate and a key cannot be used together."""
    read = read_certificate(certificate)
    if not _belongs(read, read_key(key, passphrase)):
        raise SpecError(
            f"the key in {key} does not belong to the certificate in {certificate}",
            code=ErrorCode.KEY_MISMATCH,
            field="key",
            path=key,
            certificate=certificate,
        )


def _belongs(certificate: x509.Certificate, key: PrivateKeyTypes) -> bool:
    return _public(certificate.public_key()) == _public(key.public_key())


def _public(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _short(name: x509.Name) -> str:
    """The common name where there is one, else all of the name."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
