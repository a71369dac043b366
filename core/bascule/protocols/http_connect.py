"""Owns the client's side of HTTP CONNECT (RFC 9110 §9.3.6), with Basic sign-in (RFC 7617).

No socket and no clock: whoever performs the steps limits their time. The rules:

- we speak HTTP/1.1; replies of HTTP/1.0 and 1.1 are understood, a bare line feed ends a line too;
- interim replies (1xx) are passed over, any 2xx opens the tunnel, whatever fields it carries;
- anything else is a refusal and counts from its status on, however its header goes on or ends;
- not a byte beyond the blank line is read: it belongs to the stream.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bascule.errors import ErrorCode, HandshakeError, SpecError
from bascule.protocols.socks5 import BoundAddress, Target, parse_target, read
from bascule.protocols.steps import Steps, Write
from bascule.spec.fields import invalid

MAXIMUM_HEADER_BYTES = 16 * 1024
"""Most bytes of all that comes before the tunnel; no proxy has so much to say."""

_SHOWN_CHARACTERS = 200
_STATUS_LINE = re.compile(r"HTTP/1\.\d +(\d{3})(?: +(.*))?")
_AUTHORITY = re.compile(rb"[!$&-.0-9;=A-Z_a-z~]+")  # RFC 3986 §3.2.2, reg-name
_SCHEMES = re.compile(r"(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+\S|\s*$|\s*,)")
_REALM = re.compile(r'\brealm\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', re.IGNORECASE)

_BEFORE = "before it answered; perhaps it is not an HTTP proxy, or not one for this computer"

# RFC 9110 §15, as proxies use it.
_STATUSES = {
    400: (ErrorCode.PROXY_FAILED, "it does not understand the request"),
    401: (ErrorCode.PROXY_FORBIDDEN, "it wants a sign-in meant for web pages"),
    403: (ErrorCode.PROXY_FORBIDDEN, "its rules do not allow it"),
    404: (ErrorCode.PROXY_HOST_UNREACHABLE, "it does not find the host"),
    405: (ErrorCode.PROXY_UNSUPPORTED, "it does not do CONNECT; perhaps it is a web server"),
    408: (ErrorCode.PROXY_TIMED_OUT, "it took too long"),
    429: (ErrorCode.PROXY_FORBIDDEN, "it was asked too often"),
    501: (ErrorCode.PROXY_UNSUPPORTED, "it does not do CONNECT"),
    502: (ErrorCode.PROXY_HOST_UNREACHABLE, "it cannot reach the host"),
    503: (ErrorCode.PROXY_HOST_UNREACHABLE, "it cannot reach the host at present"),
    504: (ErrorCode.PROXY_TIMED_OUT, "the host does not answer it in time"),
}

# What says it more exactly: RFC 9209 §2.3 (Proxy-Status), and Squid's X-Squid-Error with the
# number that Linux gave it.
_CAUSES = {
    "dns_error": (ErrorCode.PROXY_HOST_UNREACHABLE, "the name of the host is unknown"),
    "dns_timeout": (ErrorCode.PROXY_HOST_UNREACHABLE, "no name server answers it"),
    "destination_not_found": (ErrorCode.PROXY_HOST_UNREACHABLE, "it does not find the host"),
    "destination_ip_prohibited": (ErrorCode.PROXY_FORBIDDEN, "its rules do not allow it"),
    "destination_ip_unroutable": (ErrorCode.PROXY_NETWORK_UNREACHABLE, "it finds no way there"),
    "connection_refused": (ErrorCode.PROXY_CONNECTION_REFUSED, "the connection was refused"),
    "connection_timeout": (ErrorCode.PROXY_TIMED_OUT, "the host does not answer it in time"),
    "ERR_DNS_FAIL": (ErrorCode.PROXY_HOST_UNREACHABLE, "the name of the host is unknown"),
    "ERR_CANNOT_FORWARD": (ErrorCode.PROXY_HOST_UNREACHABLE, "it cannot reach the host"),
    "ERR_ACCESS_DENIED": (ErrorCode.PROXY_FORBIDDEN, "its rules do not allow it"),
    "ERR_CONNECT_FAIL 101": (ErrorCode.PROXY_NETWORK_UNREACHABLE, "it finds no way there"),
    "ERR_CONNECT_FAIL 110": (ErrorCode.PROXY_TIMED_OUT, "the host does not answer it in time"),
    "ERR_CONNECT_FAIL 111": (ErrorCode.PROXY_CONNECTION_REFUSED, "the connection was refused"),
    "ERR_CONNECT_FAIL 113": (ErrorCode.PROXY_HOST_UNREACHABLE, "it cannot reach the host"),
}

# What the first byte of an answer betrays.
_LOOKS_LIKE = {
    0x00: "SOCKS 4",
    0x04: "SOCKS 4",
    0x05: "SOCKS 5",
    0x15: "TLS",  # RFC 8446 §5.1: alert
    0x16: "TLS",  # RFC 8446 §5.1: handshake
    ord("2"): "a mail or file server",  # "220 ", the greeting of SMTP and FTP
    ord("S"): "SSH",  # RFC 4253 §4.2
}


def http_connect(host: str, port: int, username: str, password: str) -> Steps[BoundAddress]:
    """Ask a proxy to connect to a host; where ``host`` is a name, the proxy resolves it.

    The values are checked at once, the exchange is run by whoever performs the steps. Credentials
    travel with the request, as the first answer may end the connection. The result tells no
    address: HTTP has none to tell.

    Raises:
        SpecError: a value that cannot travel; ``field`` is the name of the argument.
        HandshakeError: from the steps; ``field`` likewise, None for the proxy itself.
    """
    target = parse_target(host, port)
    authority = _authority(target, port)
    request = [b"CONNECT " + authority + b" HTTP/1.1", b"Host: " + authority]
    credentials = _credentials(username, password)
    if credentials:
        request.append(b"Proxy-Authorization: Basic " + credentials)
    return _exchange(target, b"\r\n".join([*request, b"", b""]), bool(credentials))


def _authority(target: Target, port: int) -> bytes:
    """Host and port as the request names them (RFC 9112 §3.2.3), an IPv6 address in brackets."""
    if target.address is not None:
        packed = str(target.address).partition("%")[0]  # a zone means nothing elsewhere
        host = f"[{packed}]" if target.address.version == 6 else packed
        return f"{host}:{port}".encode()
    if not _AUTHORITY.fullmatch(target.name):
        raise invalid("host", "is not a host name or an IP address", rule="host")
    return target.name + b":%d" % port


def _credentials(username: str, password: str) -> bytes:
    """User name and password as RFC 7617 §2 packs them, in UTF-8; nothing without a user name."""
    if not username:
        if password:
            raise SpecError("username is missing", code=ErrorCode.VALUE_MISSING, field="username")
        return b""
    if ":" in username:
        raise invalid("username", "must not contain a colon (RFC 7617)", rule="colon")
    for field, value in (("username", username), ("password", password)):
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
            raise invalid(field, "must be a single line", rule="line")
    try:
        return base64.b64encode(f"{username}:{password}".encode())
    except UnicodeError as exc:
        field = "password" if username.isascii() else "username"
        raise invalid(field, "is not valid text", rule="text") from exc


@dataclass
class _Allowance:
    """How many bytes the proxy may still say before the tunnel."""

    left: int = MAXIMUM_HEADER_BYTES

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise HandshakeError(
                f"the proxy's answer has no end after {MAXIMUM_HEADER_BYTES} bytes",
                code=ErrorCode.PROXY_FAILED,
                why="its answer has no end",
            )


def _exchange(target: Target, request: bytes, signed_in: bool) -> Steps[BoundAddress]:
    yield Write(request)
    allowance = _Allowance()
    while True:
        status, reason = yield from _status(allowance)
        if 200 <= status <= 299:
            # RFC 9110 §9.3.6: Content-Length and Transfer-Encoding mean nothing here.
            yield from _fields(allowance, f"when it was asked to connect to {target.text}")
            return BoundAddress("", 0, signed_in)
        if not 100 <= status <= 199 or status == 101:
            break
        yield from _fields(allowance, _BEFORE)  # RFC 9110 §15.2: an interim reply
    try:
        fields = yield from _fields(allowance, "")
    except HandshakeError:
        fields = {}  # what is missing could only have explained the refusal
    raise _refusal(target, status, reason, fields, signed_in)


def _status(allowance: _Allowance) -> Steps[tuple[int, str]]:
    """Read a status line (RFC 9112 §4); return the status and the words for it.

    Byte by byte, so that a peer of another kind is known by its first byte: it may never send more.
    """
    begin = b"HTTP/1."
    for index, expected in enumerate(begin):
        (byte,) = yield from read(1, _BEFORE)
        allowance.spend()
        if byte != expected:
            raise _not_http(byte, begin[:index])
    line = begin + (yield from _line(allowance, _BEFORE))
    matched = _STATUS_LINE.fullmatch(_readable(line))
    if matched is None:
        raise _failed("its answer is not in the form of HTTP", answer=_shown(_readable(line)))
    return int(matched[1]), _shown(matched[2] or "")


def _not_http(byte: int, before: bytes) -> HandshakeError:
    kind = "" if before else _LOOKS_LIKE.get(byte, "")
    if before == b"HTTP/":
        kind = "another version of HTTP"
    looks = f"; its answer looks like {kind}" if kind else ""
    return HandshakeError(
        f"this is not an HTTP proxy{looks}",
        code=ErrorCode.PROXY_FAILED,
        why="it is not an HTTP proxy",
        looks_like=kind,
        first_byte=before[0] if before else byte,
    )


def _fields(allowance: _Allowance, phase: str) -> Steps[dict[str, str]]:
    """Read the header fields (RFC 9112 §5) up to the blank line; repeated ones are joined."""
    fields: dict[str, str] = {}
    while line := (yield from _line(allowance, phase)):
        name, _colon, value = _readable(line).partition(":")
        name, value = name.strip().lower(), value.strip()
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


def _line(allowance: _Allowance, phase: str) -> Steps[bytes]:
    """Read a line without its end, CRLF or a bare LF (RFC 9112 §2.2)."""
    line = bytearray()
    while not line.endswith(b"\n"):
        line += yield from read(1, phase)
        allowance.spend()
    return bytes(line[:-1]).removesuffix(b"\r")


def _refusal(
    target: Target, status: int, reason: str, fields: Mapping[str, str], signed_in: bool
) -> HandshakeError:
    """The error for a proxy that answers and opens no tunnel."""
    if status == 407 or (status == 401 and signed_in):  # 401: tinyproxy's for a wrong password
        return _sign_in_wanted(fields.get("proxy-authenticate", ""), signed_in)
    if 300 <= status <= 399:
        # Behind the question mark stands what the place itself wants to know, tokens among it.
        where = _shown(fields.get("location", "").partition("?")[0]) or "another place"
        code = ErrorCode.PROXY_FAILED
        why = (
            f"it sends us to {where} instead; perhaps it is a web server, or this network wants "
            "you to sign in with a browser first"
        )
    else:
        code, why = _cause(fields) or _STATUSES.get(status) or (ErrorCode.PROXY_FAILED, reason)
    return HandshakeError(
        f"the proxy does not connect to {target.text}: {why or 'it gives no reason'} "
        f"({f'{status} {reason}'.rstrip()})",
        code=code,
        field="host",
        target=target.text,
        why=why,
        status=status,
        reason=reason,
    )


def _cause(fields: Mapping[str, str]) -> tuple[ErrorCode, str] | None:
    """What fields of the answer say more exactly than its status."""
    proxy_status = re.search(r"\berror\s*=\s*\"?([a-z_]+)", fields.get("proxy-status", ""))
    squid = fields.get("x-squid-error", "")
    token = proxy_status[1] if proxy_status else squid
    return _CAUSES.get(token) or _CAUSES.get(token.partition(" ")[0])


def _sign_in_wanted(challenges: str, signed_in: bool) -> HandshakeError:
    """The error for 407 (RFC 9110 §15.5.8), with the realm that the proxy names."""
    without_texts = re.sub(r'"(?:[^"\\]|\\.)*"', '""', challenges)
    schemes = _SCHEMES.findall(without_texts)
    if schemes and "basic" not in {scheme.lower() for scheme in schemes}:
        listed = _shown(", ".join(schemes))
        return HandshakeError(
            f"the proxy does not let you in: it wants a sign-in that is not offered ({listed})",
            code=ErrorCode.PROXY_UNSUPPORTED,
            why=f"it demands an authentication that was not offered ({listed})",
            schemes=listed,
        )
    found = _REALM.search(challenges)
    realm = _shown(re.sub(r"\\(.)", r"\1", found[1] or found[2] or "")) if found else ""
    named = f' for "{realm}"' if realm else ""
    if signed_in:
        return HandshakeError(
            f"the proxy refuses the user name and password{named}",
            code=ErrorCode.PROXY_CREDENTIALS_REFUSED,
            field="username",
            realm=realm,
        )
    return HandshakeError(
        f"the proxy does not let you in without a user name and password{named}",
        code=ErrorCode.PROXY_CREDENTIALS_REQUIRED,
        field="username",
        realm=realm,
    )


def _failed(why: str, **facts: str) -> HandshakeError:
    return HandshakeError(
        f"this is not an HTTP proxy: {why}", code=ErrorCode.PROXY_FAILED, why=why, **facts
    )


def _readable(data: bytes) -> str:
    """Return a peer's bytes as text that can do no harm in a log."""
    text = data.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
