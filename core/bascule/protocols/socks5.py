"""Owns the client's side of SOCKS 5 (RFC 1928) CONNECT, with user name and password (RFC 1929).

Also owns the little that SOCKS 4 has in common with it: the target, the bound address, the words
for a peer that is no proxy or goes away. No socket and no clock: whoever performs the steps limits
their time. The rules, in the order of the exchange:

- no authentication is offered, and user name with password only where a user name was given;
- credentials are sent only after the proxy has selected that method;
- an IP address travels as an address, anything else as a name for the proxy to resolve;
- a refusal counts from its code on, however the proxy forms the rest;
- not a byte beyond the reply is read: it belongs to the stream.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from bascule.errors import ErrorCode, HandshakeError, SpecError
from bascule.names import ascii_name
from bascule.protocols.steps import EndOfStream, Read, Steps, Write
from bascule.spec.fields import invalid, parse_host

MAXIMUM_TEXT_BYTES = 255
"""Most bytes of a host, user name or password: their length travels as one byte."""

_VERSION = 5
_CONNECT = 1
_NO_AUTHENTICATION, _USER_AND_PASSWORD = 0, 2
_SIGN_IN_VERSION = 1  # RFC 1929 §2: the version of the subnegotiation, not of SOCKS
_IPV4, _NAME, _IPV6 = 1, 3, 4

_METHODS = {
    1: "GSSAPI",
    _USER_AND_PASSWORD: "user name and password",
    3: "CHAP",
    5: "challenge and response",
    6: "TLS",
}  # IANA "SOCKS Methods"

# RFC 1928 §6, and from F0 on Tor's extended errors (socks-extensions.txt, "ExtendedErrors").
_REPLIES = {
    0x01: (ErrorCode.PROXY_FAILED, "general failure"),
    0x02: (ErrorCode.PROXY_FORBIDDEN, "its rules do not allow it"),
    0x03: (ErrorCode.PROXY_NETWORK_UNREACHABLE, "the network cannot be reached"),
    0x04: (ErrorCode.PROXY_HOST_UNREACHABLE, "the host cannot be reached, or its name is unknown"),
    0x05: (ErrorCode.PROXY_CONNECTION_REFUSED, "the connection was refused"),
    0x06: (ErrorCode.PROXY_TIMED_OUT, "it took too long (TTL expired)"),
    0x07: (ErrorCode.PROXY_UNSUPPORTED, "it does not do CONNECT"),
    0x08: (ErrorCode.PROXY_UNSUPPORTED, "it does not know this type of address"),
    0xF0: (ErrorCode.PROXY_ONION_FAILED, "the onion service's descriptor was not found"),
    0xF1: (ErrorCode.PROXY_ONION_FAILED, "the onion service's descriptor is invalid"),
    0xF2: (ErrorCode.PROXY_ONION_FAILED, "the introduction to the onion service failed"),
    0xF3: (ErrorCode.PROXY_ONION_FAILED, "the rendezvous with the onion service failed"),
    0xF4: (ErrorCode.PROXY_ONION_FAILED, "the onion service demands client authorization"),
    0xF5: (ErrorCode.PROXY_ONION_FAILED, "the onion service refuses the client authorization"),
    0xF6: (ErrorCode.PROXY_ONION_FAILED, "the onion address is invalid"),
    0xF7: (ErrorCode.PROXY_ONION_FAILED, "the introduction to the onion service timed out"),
}

# What the first byte of an answer betrays.
_LOOKS_LIKE = {
    0x00: "SOCKS 4",
    0x04: "SOCKS 4",
    0x05: "SOCKS 5",
    0x15: "TLS",  # RFC 8446 §5.1: alert
    0x16: "TLS",  # RFC 8446 §5.1: handshake
    ord("H"): "HTTP",
    ord("<"): "HTTP",  # the body without a head with which some servers answer nonsense
}


@dataclass(frozen=True, slots=True)
class BoundAddress:
    """What the proxy opened: the address it connects from, as it says (often zeros).

    ``authenticated``: it wanted the user name and password, and took them.
    """

    host: str
    port: int
    authenticated: bool = False

    @property
    def known(self) -> bool:
        """Whether the proxy told an address at all."""
        return self.host not in {"", "0.0.0.0", "::"}

    def __str__(self) -> str:
        return _host_and_port(self.host, self.port)


@dataclass(frozen=True, slots=True)
class Target:
    """Whom the proxy shall reach: an address, or else a name for it to resolve."""

    text: str
    address: ipaddress.IPv4Address | ipaddress.IPv6Address | None
    name: bytes
    port: bytes


def socks5_connect(host: str, port: int, username: str, password: str) -> Steps[BoundAddress]:
    """Ask a proxy to connect to a host, by address where ``host`` is one, else by name.

    The values are checked at once, the exchange is run by whoever performs the steps. An empty
    password is sent as such, although RFC 1929 §2 wants a byte at least: many servers take it.

    Raises:
        SpecError: a value that cannot travel; ``field`` is the name of the argument.
        HandshakeError: from the steps; ``field`` likewise, None for the proxy itself.
    """
    return _exchange(parse_target(host, port), _credentials(username, password))


def parse_target(host: str, port: int) -> Target:
    """Bring a host (brackets and a zone allowed) and port into the form in which they travel.

    Raises: SpecError.
    """
    try:
        name = ascii_name(host)
    except UnicodeError as exc:
        raise invalid("host", "is not a host name or an IP address", rule="host") from exc
    # Compared after IDNA, which makes digits of full-width digits: an address never goes as a name.
    address = parse_host(name)
    wire = encode_text("host", name)
    if not wire:
        raise SpecError("host is missing", code=ErrorCode.VALUE_MISSING, field="host")
    if not 1 <= port <= 65535:
        raise invalid("port", "must be from 1 to 65535", rule="range", minimum=1, maximum=65535)
    bare = host.removeprefix("[").removesuffix("]")
    return Target(_host_and_port(bare, port), address, wire, port.to_bytes(2))


def encode_text(field: str, text: str) -> bytes:
    """Return UTF-8, at most 255 bytes and without NUL, which ends strings in SOCKS 4.

    Raises: SpecError naming ``field``.
    """
    try:
        wire = text.encode()
    except UnicodeError as exc:
        raise invalid(field, "is not valid text", rule="text") from exc
    if len(wire) > MAXIMUM_TEXT_BYTES:
        raise invalid(
            field,
            f"must be at most {MAXIMUM_TEXT_BYTES} bytes",
            rule="maximum_bytes",
            maximum=MAXIMUM_TEXT_BYTES,
        )
    if b"\0" in wire:
        raise invalid(field, "must be a single line", rule="line")
    return wire


def read(count: int, phase: str) -> Steps[bytes]:
    """Read exactly ``count`` bytes; ``phase`` says when the proxy closed, should it do so.

    Raises: HandshakeError HANDSHAKE_CUT.
    """
    try:
        return (yield Read(count))
    except EndOfStream as exc:
        raise HandshakeError(
            f"the proxy closed the connection {phase}", code=ErrorCode.HANDSHAKE_CUT, why=phase
        ) from exc


def not_socks(version: str, first: int) -> HandshakeError:
    """The error for an answer whose first byte no proxy of this version sends."""
    kind = _LOOKS_LIKE.get(first, "")
    looks = f"; its answer looks like {kind}" if kind else ""
    return HandshakeError(
        f"this is not a SOCKS {version} proxy{looks}",
        code=ErrorCode.PROXY_NOT_SOCKS,
        version=version,
        looks_like=kind,
        first_byte=first,
    )


def refused(target: Target, code: ErrorCode, reply: int, why: str) -> HandshakeError:
    """The error for a proxy that says it cannot, or will not, connect to the target."""
    return HandshakeError(
        f"the proxy does not connect to {target.text}: {why} (reply {reply})",
        code=code,
        field="host",
        target=target.text,
        why=why,
        reply=reply,
    )


def _credentials(username: str, password: str) -> bytes:
    """Return user name and password as RFC 1929 §2 packs them; nothing without a user name."""
    user, secret = encode_text("username", username), encode_text("password", password)
    if secret and not user:
        raise SpecError("username is missing", code=ErrorCode.VALUE_MISSING, field="username")
    return bytes([len(user)]) + user + bytes([len(secret)]) + secret if user else b""


def _exchange(target: Target, credentials: bytes) -> Steps[BoundAddress]:
    # RFC 1928 §3: version, number of methods, methods
    offered = [_NO_AUTHENTICATION, *([_USER_AND_PASSWORD] if credentials else [])]
    yield Write(bytes([_VERSION, len(offered), *offered]))
    # One byte first: a peer that is no proxy may never send a second.
    phase = "before it answered; perhaps it is not a SOCKS 5 proxy, or not one for this computer"
    (version,) = yield from read(1, phase)
    if version != _VERSION:
        raise not_socks("5", version)
    (method,) = yield from read(1, phase)
    authenticated = bool(credentials) and method == _USER_AND_PASSWORD
    if authenticated:
        yield from _sign_in(credentials)
    elif method != _NO_AUTHENTICATION:
        raise _no_common_method(method, bool(credentials))
    yield Write(bytes([_VERSION, _CONNECT, 0]) + _packed(target) + target.port)
    host, port = yield from _reply(target)
    return BoundAddress(host, port, authenticated)


def _no_common_method(method: int, had_credentials: bool) -> HandshakeError:
    """The error for a proxy that selects nothing we offered (RFC 1928 §3; FF: none acceptable)."""
    if method in {0xFF, _USER_AND_PASSWORD} and not had_credentials:
        return HandshakeError(
            "the proxy does not let you in without a user name and password",
            code=ErrorCode.PROXY_CREDENTIALS_REQUIRED,
            field="username",
            method=method,
        )
    name = _METHODS.get(method, f"method {method}")
    why = (
        "it accepts neither no authentication nor user name and password"
        if method == 0xFF
        else f"it demands an authentication that was not offered ({name})"
    )
    return HandshakeError(
        f"the proxy does not let you in: {why}",
        code=ErrorCode.PROXY_UNSUPPORTED,
        why=why,
        method=method,
    )


def _sign_in(credentials: bytes) -> Steps[None]:
    """Hand over user name and password (RFC 1929 §2)."""
    yield Write(bytes([_SIGN_IN_VERSION]) + credentials)
    # The status alone counts: some servers answer with version 5 here.
    _version, status = yield from read(2, "when it was given the user name and password")
    if status != 0:
        raise HandshakeError(
            "the proxy refuses the user name and password",
            code=ErrorCode.PROXY_CREDENTIALS_REFUSED,
            field="username",
            status=status,
        )


def _packed(target: Target) -> bytes:
    """Return type and address (RFC 1928 §5). ``packed`` has no zone: it means nothing elsewhere."""
    if target.address is None:
        return bytes([_NAME, len(target.name)]) + target.name
    kind = _IPV4 if target.address.version == 4 else _IPV6
    return bytes([kind]) + target.address.packed


def _reply(target: Target) -> Steps[tuple[str, int]]:
    """Read the reply (RFC 1928 §6); return the bound host and port."""
    phase = f"when it was asked to connect to {target.text}"
    version, reply = yield from read(2, phase)
    if version != _VERSION:
        raise not_socks("5", version)
    if reply != 0:
        # What follows (an address of type 0, less than announced, nothing) can change nothing.
        code, why = _REPLIES.get(reply, (ErrorCode.PROXY_FAILED, "a reply nobody has defined"))
        raise refused(target, code, reply, why)
    _reserved, kind = yield from read(2, phase)
    if kind == _NAME:
        (length,) = yield from read(1, phase)  # 0 and 1 too are lengths of names
        host = _readable((yield from read(length, phase)))
    elif kind in {_IPV4, _IPV6}:
        host = str(ipaddress.ip_address((yield from read(4 if kind == _IPV4 else 16, phase))))
    else:
        raise HandshakeError(
            f"the proxy answers with an address of the unknown type {kind}",
            code=ErrorCode.PROXY_FAILED,
            why="its answer is not in the form of SOCKS 5",
            address_type=kind,
        )
    return host, int.from_bytes((yield from read(2, phase)))


def _readable(name: bytes) -> str:
    """Return a peer's bytes as text that can do no harm in a log."""
    text = name.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _host_and_port(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
