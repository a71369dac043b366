"""Owns the PROXY header of load balancers, versions 1 and 2 (haproxy's ``proxy-protocol.txt``).

The header stands before the first byte of a connection and says who has really connected, and
where to. It is read step by step and written as bytes; no socket here. The rules:

- whoever reads decides beforehand that there is a header: it is never guessed (§2);
- version 1 is one line of at most 107 bytes ending with CRLF, its numbers without leading zeros;
- version 2 is 16 bytes and what their length announces; extensions (TLV) are passed over (§2.2);
- LOCAL and UNKNOWN mean that the addresses of the connection itself are the true ones.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from bascule.errors import ErrorCode, HandshakeError
from bascule.protocols.steps import EndOfStream, Read, Steps

type Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

MAXIMUM_LINE_BYTES = 107

_SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
_WORD = b"PROXY "
_LOCAL, _PROXY = 0, 1
_UNSPECIFIED, _IPV4, _IPV6, _UNIX = 0, 1, 2, 3
_ADDRESS_BYTES = {_IPV4: 4, _IPV6: 16}
_PATH_BYTES = 108
_PORT = re.compile("0|[1-9][0-9]{0,4}")
_IPV4_TEXT = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")
_IPV6_TEXT = re.compile(r"[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class Place:
    """One end of a connection: an IP address and a port, or a path with port None."""

    host: str
    port: int | None


@dataclass(frozen=True, slots=True)
class ProxyHeader:
    """What a header says. Without ``source``, the connection's own addresses are the true ones."""

    version: int
    source: Place | None = None
    target: Place | None = None


def read_proxy_header() -> Steps[ProxyHeader]:
    """Read a header of either version, and not a byte beyond it.

    Raises: HandshakeError PROXY_HEADER_WRONG where it is none, HANDSHAKE_CUT where it ends early.
    """
    first = yield from _read(1)
    if first == _WORD[:1]:
        return (yield from _read_line(first))
    if first == _SIGNATURE[:1]:
        return (yield from _read_binary(first))
    raise _no_header("it does not begin with one")


def _read(count: int) -> Steps[bytes]:
    try:
        return (yield Read(count))
    except EndOfStream as exc:
        raise HandshakeError(
            "the connection ended within its PROXY header", code=ErrorCode.HANDSHAKE_CUT
        ) from exc


def _expect(wanted: bytes, first: bytes) -> Steps[bytes]:
    """Read what every header of a version begins with; the first byte has come already. Each byte
    by itself, as a peer that speaks another protocol may never send so many.
    """
    for position in range(len(first), len(wanted)):
        byte = yield from _read(1)
        if byte != wanted[position : position + 1]:
            raise _no_header("it does not begin with one")
    return wanted


# version 1 ------------------------------------------------------------------------------------


def _read_line(first: bytes) -> Steps[ProxyHeader]:
    line = bytearray((yield from _expect(_WORD, first)))
    while not line.endswith(b"\n"):
        if len(line) == MAXIMUM_LINE_BYTES:
            raise _no_header(f"its line does not end within {MAXIMUM_LINE_BYTES} bytes")
        line += yield from _read(1)
    if not line.endswith(b"\r\n"):
        raise _no_header("its line does not end with CRLF")
    kind, *words = line[len(_WORD) : -2].decode("ascii", "replace").split(" ")
    if kind == "UNKNOWN":
        return ProxyHeader(1)  # whatever follows is to be ignored
    family = {"TCP4": _IPV4, "TCP6": _IPV6}.get(kind)
    if family is None or len(words) != 4:
        raise _no_header("its line is not in the form of version 1")
    hosts = [_parse_address(word, family) for word in words[:2]]
    ports = [_parse_port(word) for word in words[2:]]
    return ProxyHeader(1, Place(hosts[0], ports[0]), Place(hosts[1], ports[1]))


def _parse_address(word: str, family: int) -> str:
    written = _IPV4_TEXT if family == _IPV4 else _IPV6_TEXT
    try:
        if written.fullmatch(word):
            parsed = ipaddress.ip_address(word)
            if (parsed.version == 4) == (family == _IPV4):
                return str(parsed)
    except ValueError:
        pass
    raise _no_header(f"{_readable(word)} is not an address of its kind")


def _parse_port(word: str) -> int:
    if not _PORT.fullmatch(word) or int(word) > 65535:
        raise _no_header(f"{_readable(word)} is not a port")
    return int(word)


# version 2 ------------------------------------------------------------------------------------


def _read_binary(first: bytes) -> Steps[ProxyHeader]:
    yield from _expect(_SIGNATURE, first)
    version_and_command, family_and_transport, *length = yield from _read(4)
    version, command = divmod(version_and_command, 16)
    family, transport = divmod(family_and_transport, 16)
    if version != 2 or command > _PROXY:
        raise _no_header(f"version {version}, command {command} are unknown")
    rest = yield from _read(int.from_bytes(bytes(length)))
    if command == _LOCAL:
        return ProxyHeader(2)  # the family is to be ignored as well
    if family > _UNIX or transport > 2:
        raise _no_header(f"address family {family}, transport {transport} are unknown")
    if _UNSPECIFIED in (family, transport):
        return ProxyHeader(2)
    return _unpack_paths(rest) if family == _UNIX else _unpack_addresses(rest, family)


def _unpack_addresses(rest: bytes, family: int) -> ProxyHeader:
    size = _ADDRESS_BYTES[family]
    if len(rest) < 2 * size + 4:
        raise _no_header("it is too short for its addresses")
    hosts = [str(ipaddress.ip_address(rest[at : at + size])) for at in (0, size)]
    ports = [int.from_bytes(rest[at : at + 2]) for at in (2 * size, 2 * size + 2)]
    return ProxyHeader(2, Place(hosts[0], ports[0]), Place(hosts[1], ports[1]))


def _unpack_paths(rest: bytes) -> ProxyHeader:
    if len(rest) < 2 * _PATH_BYTES:
        raise _no_header("it is too short for its addresses")
    source, target = (
        # An abstract name begins with NUL; what follows the next NUL is padding.
        rest[at : at + 1].replace(b"\0", b"@") + rest[at + 1 : at + _PATH_BYTES].split(b"\0")[0]
        for at in (0, _PATH_BYTES)
    )
    if source == b"@":
        return ProxyHeader(2)  # an end without a name, as clients have
    return ProxyHeader(
        2, *(Place(_readable(p.decode(errors="replace")), None) for p in (source, target))
    )


# writing --------------------------------------------------------------------------------------


def write_proxy_header(
    version: int, source: tuple[Ip, int] | None, target: tuple[Ip, int] | None
) -> bytes:
    """Write a header. Without both addresses (the peer is a path or a device) it says, as haproxy
    does, UNKNOWN or LOCAL: whoever reads it goes by the connection itself. Where one is IPv4 and
    the other IPv6, the former is written as v4-mapped.
    """
    if source is None or target is None:
        return b"PROXY UNKNOWN\r\n" if version == 1 else _SIGNATURE + bytes([0x20, 0, 0, 0])
    hosts: list[Ip] = [source[0], target[0]]
    family = _IPV4 if all(host.version == 4 for host in hosts) else _IPV6
    if family == _IPV6:
        hosts = [_as_ipv6(host) for host in hosts]
    if version == 1:
        texts = [str(host) for host in hosts]
        kind = "TCP4" if family == _IPV4 else "TCP6"
        return f"PROXY {kind} {texts[0]} {texts[1]} {source[1]} {target[1]}\r\n".encode()
    block = b"".join(host.packed for host in hosts)
    block += source[1].to_bytes(2) + target[1].to_bytes(2)
    stream = 1  # SOCK_STREAM
    return _SIGNATURE + bytes([0x21, family << 4 | stream]) + len(block).to_bytes(2) + block


def _as_ipv6(host: Ip) -> ipaddress.IPv6Address:
    if isinstance(host, ipaddress.IPv4Address):
        return ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + host.packed)
    return ipaddress.IPv6Address(host.packed)  # without the zone, which means nothing elsewhere


def _no_header(why: str) -> HandshakeError:
    return HandshakeError(
        f"this is not a PROXY header: {why}", code=ErrorCode.PROXY_HEADER_WRONG, why=why
    )


def _readable(text: str) -> str:
    """Keep a peer's text from doing harm in a log."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
