"""Owns what is known of a host name without asking anybody: its form on the wire, whether a
resolver may see it, and how a multicast group is written.

Data and pure rules, for ``spec``, ``protocols`` and ``streams`` alike. Nothing here resolves.
"""

from __future__ import annotations

import ipaddress

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


def multicast_group(
    text: str,
) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, str]:
    """Read a group and the interface to join it on ("" where none is given): ``239.1.2.3``,
    ``239.1.2.3:eth0``, ``ff02::1%eth0``, ``[ff02::1]:eth0``.

    Raises: ValueError: it is no multicast group (RFC 1112 §4, RFC 4291 §2.7).
    """
    group, _, interface = text.strip().partition("%")
    if group.startswith("["):
        group, _, rest = text.strip()[1:].partition("]")
        group, _, zone = group.partition("%")
        interface = zone or rest.removeprefix(":")
    elif not interface and "." in group.partition(":")[0]:
        group, _, interface = group.partition(":")
    address = ipaddress.ip_address(group)
    if not address.is_multicast:
        raise ValueError(f"{group} is not a multicast group")
    return address, interface
