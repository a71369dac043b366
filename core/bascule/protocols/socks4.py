"""Owns the client's side of SOCKS 4 and 4a CONNECT.

No socket and no clock; it resolves nothing: SOCKS 4 gets an IPv4 address from the caller, 4a may
hand a name to the proxy. There is no authentication in either, only a user id that is believed.
Sources: "SOCKS: A protocol for TCP proxy across firewalls" (SOCKS4.protocol) and "SOCKS 4A: A
Simple Extension to SOCKS 4 Protocol" (socks4a.protocol), both by Ying-Da Lee.
"""

from __future__ import annotations

import ipaddress

from bascule.errors import ErrorCode, HandshakeError
from bascule.protocols.socks5 import (
    BoundAddress,
    Target,
    encode_text,
    not_socks,
    parse_target,
    read,
    refused,
)
from bascule.protocols.steps import Steps, Write
from bascule.spec.fields import invalid

_VERSION = 4
_CONNECT = 1
_GRANTED = 90
_NAME_FOLLOWS = ipaddress.IPv4Address("0.0.0.1")
_NAME_MARKS = ipaddress.IPv4Network("0.0.0.0/24")

_IDENTD = {
    92: "it asked this computer's identd who you are, and got no answer",
    93: "this computer's identd names another user than the user id",
}


def socks4_connect(host: str, port: int, user_id: str, *, by_name: bool) -> Steps[BoundAddress]:
    """Ask a proxy to connect to an IPv4 address, or with ``by_name`` (4a) to a name it resolves.

    An address is sent as one in either case. The values are checked at once, the exchange is run
    by whoever performs the steps.

    Raises:
        SpecError: a value that cannot travel; ``field`` is ``host``, ``port``, ``username`` (the
            user id) or ``version``.
        HandshakeError: from the steps; ``field`` likewise, None for the proxy itself.
    """
    target = parse_target(host, port)
    user = encode_text("username", user_id)
    version = "4a" if by_name else "4"
    address, name = target.address, b""
    if address is None:
        if not by_name:
            raise invalid("host", "SOCKS 4 needs an IPv4 address; use 4a or 5", rule="socks4_name")
        address, name = _NAME_FOLLOWS, target.name + b"\0"
    elif address.version == 6:
        raise invalid(
            "version",
            f"SOCKS {version} cannot carry the IPv6 address {host}; use SOCKS 5",
            rule="socks4_ipv6",
            host=host,
        )
    elif address in _NAME_MARKS and int(address) != 0:
        # Any 4a proxy would take it for the mark of a name (x ≠ 0), and wait for one.
        raise invalid("host", "SOCKS 4 cannot carry addresses of 0.0.0.x", rule="socks4_mark")
    # SOCKS4.protocol, CONNECT: version, command, port, address, user id, NUL; 4a: name, NUL
    request = bytes([_VERSION, _CONNECT]) + target.port + address.packed + user + b"\0" + name
    return _exchange(target, version, request)


def _exchange(target: Target, version: str, request: bytes) -> Steps[BoundAddress]:
    yield Write(request)
    phase = f"when it was asked to connect to {target.text}"
    (first,) = yield from read(1, phase)
    # The version of the reply code is 0; some servers put that of the protocol.
    if first not in {0, _VERSION}:
        raise not_socks(version, first)
    (reply,) = yield from read(1, phase)
    if reply in _IDENTD:
        raise HandshakeError(
            f"the proxy does not let you in: {_IDENTD[reply]} (reply {reply})",
            code=ErrorCode.PROXY_FORBIDDEN,
            field="username",
            target=target.text,
            why=_IDENTD[reply],
            reply=reply,
        )
    if reply != _GRANTED:
        why = "rejected or failed" if reply == 91 else "a reply nobody has defined"
        raise refused(target, ErrorCode.PROXY_FAILED, reply, why)
    rest = yield from read(6, phase)
    return BoundAddress(str(ipaddress.IPv4Address(rest[2:])), int.from_bytes(rest[:2]))
