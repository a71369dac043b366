"""Owns what is known of a host name without asking anybody: its form on the wire, and whether a
resolver may see it.

Data and pure rules, for ``spec``, ``protocols`` and ``streams`` alike. Nothing here resolves.
"""

from __future__ import annotations

UNRESOLVABLE_SUFFIXES = (".onion", ".i2p", ".exit", ".alt")
"""Names that must never reach a resolver (RFC 7686, RFC 9476): only a proxy understands them."""


def ascii_name(host: str) -> str:
    """Return the name as it travels, in A-labels (RFC 5890). Raises: UnicodeError."""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def is_proxy_only_name(host: str) -> bool:
    """Whether a name may only be handed to a proxy, never resolved here."""
    try:
        # What a resolver would see: IDNA turns full-width letters and dots into plain ones.
        name = ascii_name(host)
    except UnicodeError:
        name = host
    return name.rstrip(".").lower().endswith(UNRESOLVABLE_SUFFIXES)
