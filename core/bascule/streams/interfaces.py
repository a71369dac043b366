"""Owns what is known of this computer's own addresses on its networks."""

from __future__ import annotations

import ipaddress
import socket


def network_addresses(*, with_ipv6: bool = False) -> list[str]:
    """Where other computers can reach this one, the most likely first: private IPv4, other IPv4,
    then IPv6 where it is asked for. Loopback and link-local addresses lead nobody here.
    """
    import psutil  # only who shows addresses waits for it

    families = (socket.AF_INET, socket.AF_INET6) if with_ipv6 else (socket.AF_INET,)
    up = {name for name, status in psutil.net_if_stats().items() if status.isup}
    found = [
        ipaddress.ip_address(each.address.partition("%")[0])
        for name, addresses in psutil.net_if_addrs().items()
        for each in addresses
        if name in up and each.family in families
    ]
    useful = [each for each in found if not (each.is_loopback or each.is_link_local)]
    useful.sort(key=lambda each: (each.version, not each.is_private))
    return list(map(str, useful))
