"""Owns the whole errands: issue a certificate, write its files, say where they are; say later which
file others are to trust.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from bascule.certificates.authority import CERTIFICATE_NAME, open_authority
from bascule.certificates.files import safe_stem, write_new_pair
from bascule.certificates.inspect import certificate_facts, read_certificate
from bascule.certificates.issue import DEFAULT_DAYS, Pair, issue_self_signed
from bascule.errors import SpecError
from bascule.facts import CertificateFacts, CertificateMade


def make_certificate(
    folder: Path, names: Sequence[str], days: int = DEFAULT_DAYS, *, own_authority: bool = True
) -> CertificateMade:
    """Make a certificate for ``names`` in ``folder``; it does slow work, so call it in a thread.

    ``authority`` of the result is the file to trust: that of our authority, which is made at first
    use, or the certificate itself where it is self-signed. Raises: SpecError.
    """
    if own_authority:
        authority = open_authority(folder)
        pair = authority.issue(names, days)
        trusted = authority.path
    else:
        pair = issue_self_signed(names, days)
        trusted = None
    certificate, key = write_pair(folder, names[0].replace("*", "any"), pair)
    return CertificateMade(
        certificate=str(certificate),
        key=str(key),
        authority=str(trusted or certificate),
        facts=certificate_facts(str(certificate), str(key)),
    )


def look_at(folder: Path, certificate: str, key: str = "") -> CertificateFacts:
    """Say what a certificate file holds, and which file others are to trust: that of our authority
    in ``folder`` where it has signed it, or the certificate itself where it is self-signed.

    Raises: SpecError as ``certificate_facts``.
    """
    facts = certificate_facts(certificate, key)
    if facts.self_signed:
        return replace(facts, authority=certificate)
    own = folder / CERTIFICATE_NAME
    try:
        read_certificate(certificate).verify_directly_issued_by(read_certificate(own))
    except (SpecError, ValueError, TypeError, InvalidSignature):
        return facts  # there is no authority of ours yet, or another one has signed
    return replace(facts, authority=str(own))


def write_pair(folder: Path, stem: str, pair: Pair) -> tuple[Path, Path]:
    """Write certificate and key as ``stem.pem`` and ``stem.key`` (or the next free name).

    Raises: SpecError CERTIFICATE_UNWRITABLE.
    """
    return write_new_pair(folder, safe_stem(stem), pair.certificate, pair.key)
