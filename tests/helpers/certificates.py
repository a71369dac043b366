"""Certificates for tests, as files: an authority, and what it signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bascule.certificates.authority import Authority, open_authority
from bascule.certificates.issue import CLIENT, SERVER
from bascule.certificates.make import write_pair

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
DATABASE = "db.example"
"""The host that real programs of TLS are told they talk to."""


@dataclass(frozen=True, slots=True)
class Files:
    """Where a certificate and its key are, and the authority to trust for it."""

    certificate: str
    key: str
    authority: str


def make_files(
    folder: Path,
    names: Sequence[str] = LOCAL_NAMES,
    *,
    client: bool = False,
    expired: bool = False,
) -> Files:
    """Sign a certificate with the authority of ``folder``, which is made at first use."""
    authority: Authority = open_authority(folder)
    then = datetime.now(UTC) - timedelta(days=10) if expired else None
    pair = authority.issue(names, 5, usage=CLIENT if client else SERVER, now=then)
    certificate, key = write_pair(folder, "client" if client else "server", pair)
    return Files(str(certificate), str(key), str(authority.path))
