"""Owns what a host is to the system: an address written out, or a name it is asked for.

Whoever asks the system for a name says so to a resolver; what must not be asked is refused here.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket

from bascule.errors import DialError, ErrorCode
from bascule.names import is_proxy_only_name

type AddressInfo = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]
"""As getaddrinfo(3) gives it: family, kind, protocol, canonical name, socket name."""


def literal(host: str, port: int) -> list[AddressInfo]:
    """What resolving an IP address written out would give, without asking a resolver."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return []
    if address.version == 4:
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))]
    if "%" in host:
        return []  # the number of a zone is known to the system only
    return [(socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port, 0, 0))]


async def resolve(
    host: str | None, port: int, family: socket.AddressFamily, field: str
) -> list[AddressInfo]:
    """Ask the system for the addresses of a name.

    Raises:
        DialError: HOST_UNKNOWN; NAME_NOT_RESOLVABLE_HERE, before any resolver has seen the name.
    """
    if host is not None and is_proxy_only_name(host):
        raise DialError(
            f"{host} can only be reached through a proxy and is never resolved here",
            code=ErrorCode.NAME_NOT_RESOLVABLE_HERE,
            field=field,
            host=host,
        )
    loop = asyncio.get_running_loop()
    try:
        return await loop.getaddrinfo(  # pyright: ignore[reportReturnType]
            host, port, family=family, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as exc:
        raise DialError(
            f"the name {host} is not known",
            code=ErrorCode.HOST_UNKNOWN,
            field=field,
            subject=str(host),
        ) from exc
