"""Owns the small certificate authority that is made once in a folder, for servers of its user."""

from __future__ import annotations

import platform
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bascule.certificates.files import (
    PUBLIC,
    certificate_unreadable,
    key_unreadable,
    unwritable,
)
from bascule.certificates.inspect import read_certificate, read_key
from bascule.certificates.issue import (
    DEFAULT_DAYS,
    SERVER,
    Issuer,
    Pair,
    common_name,
    issue_leaf,
    key_pem,
    key_usage,
    new_key,
)
from bascule.whole_file import replace_file

CERTIFICATE_NAME = "bascule-authority.pem"
KEY_NAME = "bascule-authority.key"

_LIFETIME = timedelta(days=3650)
_creating = threading.Lock()


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority that can sign. ``path`` is its certificate: the file others are to trust."""

    path: Path
    issuer: Issuer

    def issue(
        self,
        names: Sequence[str],
        days: int = DEFAULT_DAYS,
        *,
        usage: x509.ObjectIdentifier = SERVER,
        now: datetime | None = None,
    ) -> Pair:
        """Sign a certificate for ``names``, valid for ``days`` (1…825).

        Raises: SpecError VALUE_INVALID or VALUE_MISSING, field "names" or "days".
        """
        return issue_leaf(names, days, issuer=self.issuer, usage=usage, now=now)


def open_authority(folder: Path) -> Authority:
    """Open the authority of a folder; make it at first use.

    Where only its certificate is missing, one is made again for the same key, so that what it
    signed stays good. Raises: SpecError CERTIFICATE_UNREADABLE (also where it has expired),
    KEY_UNREADABLE, CERTIFICATE_UNWRITABLE.
    """
    path, key_path = folder / CERTIFICATE_NAME, folder / KEY_NAME
    with _creating:
        if not _is_filled(path):
            _make(path, key_path)
    certificate = read_certificate(path)
    key = _read_own_key(key_path)
    if certificate.public_key() != key.public_key():
        raise key_unreadable(key_path, f"it does not belong to {path.name}")
    if certificate.not_valid_after_utc < datetime.now(UTC) + timedelta(days=1):
        raise certificate_unreadable(path, "the authority has expired; remove it to make another")
    return Authority(path, Issuer(certificate, key))


def _make(path: Path, key_path: Path) -> None:
    with unwritable(path.parent):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_filled(key_path):
            key = _read_own_key(key_path)
        else:
            key = new_key()
            replace_file(key_path, (key_pem(key),))
        replace_file(path, (_certificate(key),), mode=PUBLIC)


def _read_own_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = read_key(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise key_unreadable(path, "it is not the key of an authority made here")
    return key


def _certificate(key: ec.EllipticCurvePrivateKey) -> bytes:
    public = key.public_key()
    name = common_name(f"Bascule authority of {platform.node() or 'this computer'}")
    begin = datetime.now(UTC) - timedelta(minutes=5)
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + _LIFETIME)
        # It may sign servers, never another authority.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(key_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


def _is_filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
