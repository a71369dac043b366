"""Owns the whole errand: issue a certificate, write its files, say where they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bascule.certificates.authority import open_authority
from bascule.certificates.files import safe_stem, write_new_pair
from bascule.certificates.inspect import certificate_facts
from bascule.certificates.issue import DEFAULT_DAYS, Pair, issue_self_signed
from bascule.facts import CertificateMade


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


def write_pair(folder: Path, stem: str, pair: Pair) -> tuple[Path, Path]:
    """Write certificate and key as ``stem.pem`` and ``stem.key`` (or the next free name).

    Raises: SpecError CERTIFICATE_UNWRITABLE.
    """
    return write_new_pair(folder, safe_stem(stem), pair.certificate, pair.key)
