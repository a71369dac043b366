"""Owns what is learnt about the computer: serial ports, certificates and what is handed
out, as frozen data.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PortInfo:
    """One serial port of this computer. Numbers are None and texts empty where unknown.

    ``vid`` and ``pid`` are the USB numbers, ``location`` the place in the tree of hubs. ``busy``
    is None where it cannot be known without opening the port.
    """

    device: str
    description: str = ""
    manufacturer: str = ""
    vid: int | None = None
    pid: int | None = None
    serial_number: str = ""
    location: str = ""
    busy: bool | None = None


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate file says. Times are seconds since the epoch (UTC).

    ``key_matches`` is None where no key was given to compare. ``authority`` is the file that others
    are to trust so that they accept it; empty where that is not known here.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: float
    not_after: float
    fingerprint_sha256: str
    self_signed: bool
    is_authority: bool
    expired: bool
    key_matches: bool | None = None
    authority: str = ""


@dataclass(frozen=True, slots=True)
class CertificateMade:
    """Files of a certificate that was just made. ``authority`` is the file to trust."""

    certificate: str
    key: str
    authority: str
    facts: CertificateFacts


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """One file that a relay hands out, or has handed out until it stopped.

    ``path`` is the way to it on the relay's address, which is a secret: ``/kT3v…``; it is also
    found under ``/kT3v…/name``. ``size`` in bytes; ``ends_at`` in seconds since the epoch (UTC),
    None: never. ``changed``: the file is not any more what it was, so nobody gets it.
    """

    path: str
    name: str
    size: int
    downloads: int
    fetched: int = 0
    ends_at: float | None = None
    changed: bool = False
