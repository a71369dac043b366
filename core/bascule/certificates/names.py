"""Owns what may stand as a name in a certificate (RFC 5280 §4.2.1.6, RFC 9525)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

from cryptography import x509

from bascule.errors import ErrorCode, SpecError
from bascule.names import ascii_name
from bascule.spec.fields import is_host, parse_host


def parse_names(names: Sequence[str]) -> list[x509.GeneralName]:
    """Turn what people write (names, ``*.example.org``, IP addresses) into certificate names.

    Names become A-labels in lower case; a repeated one counts once. Raises: SpecError, field
    "names": VALUE_MISSING where there is none, VALUE_INVALID with fact ``entry``.
    """
    if not names:
        raise SpecError("names is missing", code=ErrorCode.VALUE_MISSING, field="names")
    return list(dict.fromkeys(_parse_name(entry) for entry in names))


def text_of(name: x509.GeneralName) -> str:
    """A certificate name as people write it."""
    return str(name.value)


def _parse_name(entry: str) -> x509.GeneralName:
    host = entry.strip()
    address = parse_host(host)
    if isinstance(address, IPv4Address):
        return x509.IPAddress(address)
    if isinstance(address, IPv6Address):
        return x509.IPAddress(IPv6Address(int(address)))  # a certificate cannot carry a zone
    wildcard, name = ("*.", host[2:]) if host.startswith("*.") else ("", host)
    if not is_host(name):
        raise _invalid(entry, "is neither a host name nor an IP address")
    name = ascii_name(name).rstrip(".").lower()
    if wildcard and "." not in name:
        raise _invalid(entry, "would match a whole top-level domain, which no program accepts")
    return x509.DNSName(wildcard + name)


def _invalid(entry: str, why: str) -> SpecError:
    return SpecError(
        f"names: {entry!r} {why}",
        code=ErrorCode.VALUE_INVALID,
        field="names",
        entry=entry,
        why=why,
    )
