"""Owns what is learnt about the computer: serial ports and certificates, as frozen data."""

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
