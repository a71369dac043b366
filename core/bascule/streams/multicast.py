"""Owns multicast: joining groups, and which interface what is sent to a group leaves by.

An interface is given by its name, its number or one of its addresses. The names that Windows shows
do for IPv4 only.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from bascule.errors import ErrorCode, SpecError
from bascule.names import multicast_group

type IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_IP_MULTICAST_ALL = 49
_IPV6_MULTICAST_ALL = 29


@dataclass(frozen=True, slots=True)
class Multicast:
    """How what is sent to a group leaves: by which interface ("": the system decides), over how
    many routers at most, and whether programs of this computer get it too.
    """

    interface: str = ""
    hop_limit: int = 1
    loop: bool = True

    def set_on(self, sock: socket.socket, field: str) -> None:
        """Set it on a socket that sends. Raises: OSError; SpecError naming ``field``."""
        if sock.family == socket.AF_INET6:
            level, hops, loop = (
                socket.IPPROTO_IPV6,
                socket.IPV6_MULTICAST_HOPS,
                socket.IPV6_MULTICAST_LOOP,
            )
        else:
            level, hops, loop = (
                socket.IPPROTO_IP,
                socket.IP_MULTICAST_TTL,
                socket.IP_MULTICAST_LOOP,
            )
        sock.setsockopt(level, hops, self.hop_limit)
        sock.setsockopt(level, loop, int(self.loop))
        if not self.interface:
            return
        if sock.family == socket.AF_INET6:
            number = interface_number(self.interface, field)
            sock.setsockopt(level, socket.IPV6_MULTICAST_IF, number)
        else:
            sock.setsockopt(level, socket.IP_MULTICAST_IF, _request(None, self.interface, field))


def join(sock: socket.socket, group: str, field: str) -> None:
    """Join a group, written as ``multicast_group`` reads it.

    Raises:
        SpecError: VALUE_INVALID, what is given is no group or interface.
        OSError: the system refuses.
    """
    address, interface = parse_group(group, field)
    if isinstance(address, ipaddress.IPv6Address):
        number = interface_number(interface, field) if interface else 0
        request = address.packed + struct.pack("@I", number)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)
        everything = (socket.IPPROTO_IPV6, _IPV6_MULTICAST_ALL)
    else:
        request = _request(address, interface, field)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
        everything = (socket.IPPROTO_IP, _IP_MULTICAST_ALL)
    if sys.platform == "linux":
        # Else it gets what arrives for any group that any program has joined (ip(7)).
        sock.setsockopt(*everything, 0)


def parse_group(text: str, field: str) -> tuple[IpAddress, str]:
    """Read a group and its interface ("" where none is given). Raises: SpecError VALUE_INVALID."""
    try:
        return multicast_group(text)
    except ValueError as exc:
        raise _wrong(text, "is not a multicast group", "group", field) from exc


def interface_number(interface: str, field: str) -> int:
    """The system's number of an interface. Raises: SpecError VALUE_INVALID where there is none."""
    if interface.isdecimal():
        return int(interface)
    for name in (interface, _interface_with(interface)):
        try:
            return socket.if_nametoindex(name)
        except (OSError, ValueError):
            pass
    raise _wrong(interface, "is not an interface of this computer", "interface", field)


def _request(group: ipaddress.IPv4Address | None, interface: str, field: str) -> bytes:
    """``struct ip_mreqn``: group, address and number of the interface (ip(7)). Windows takes a
    number in place of the address, and for sending nothing else.
    """
    address, number = bytes(4), 0
    if interface:
        try:
            address = ipaddress.IPv4Address(interface).packed
        except ValueError:
            known = _ipv4_of(interface) if sys.platform == "win32" else None
            if known is not None:
                address = known.packed
            else:
                number = interface_number(interface, field)
    packed = group.packed if group is not None else b""
    if sys.platform == "win32":
        return packed + (struct.pack("!I", number) if number else address)
    return packed.ljust(4, b"\0") + address + struct.pack("@i", number)


def _interface_with(address: str) -> str:
    """The name of the interface that has an address; "" where there is none."""
    try:
        wanted = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return next((name for name, address in _addresses() if address == wanted), "")


def _ipv4_of(interface: str) -> ipaddress.IPv4Address | None:
    """The first IPv4 address of an interface; None where it has none."""
    for name, address in _addresses():
        if name == interface and isinstance(address, ipaddress.IPv4Address):
            return address
    return None


def _addresses() -> Iterator[tuple[str, IpAddress]]:
    import psutil  # only who gives an interface in this way waits for it

    for name, addresses in psutil.net_if_addrs().items():
        for each in addresses:
            if each.family in (socket.AF_INET, socket.AF_INET6):
                yield name, ipaddress.ip_address(each.address.partition("%")[0])


def _wrong(value: str, words: str, rule: str, field: str) -> SpecError:
    return SpecError(
        f"{value} {words}",
        code=ErrorCode.VALUE_INVALID,
        field=field,
        why=words,
        rule=rule,
        entry=value,
    )
