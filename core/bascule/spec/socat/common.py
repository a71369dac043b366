"""Owns what several of socat's addresses have in common: ports, permissions, sockets, shapes."""

from __future__ import annotations

from typing import Any

from bascule.spec.options import Retry, Shape, SocketSettings
from bascule.spec.socat.given import Given, malformed

# IANA's names that people type; to ask the system would be I/O.
_SERVICES = {
    "echo": 7, "discard": 9, "daytime": 13, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25,
    "time": 37, "domain": 53, "tftp": 69, "http": 80, "www": 80, "pop3": 110, "ntp": 123,
    "imap": 143, "imap2": 143, "snmp": 161, "ldap": 389, "https": 443, "syslog": 514,
    "submission": 587, "ldaps": 636, "imaps": 993, "pop3s": 995, "socks": 1080, "mqtt": 1883,
    "mysql": 3306, "rdp": 3389, "postgresql": 5432, "http-alt": 8080,
}  # fmt: skip


def params_of(given: Given, *wanted: str) -> tuple[str, ...]:
    """The parameters between colons. Raises: SpecError, where they are not as many as wanted."""
    params = given.address.params
    if len(params) != len(wanted):
        raise malformed(
            given.address.text,
            len(given.address.keyword),
            f"{given.address.keyword} wants {' and '.join(wanted)}, separated by colons",
        )
    return params


def whole_of(given: Given, wanted: str) -> str:
    """All that stands behind the first colon. Raises: SpecError, where there is nothing."""
    if not given.address.params:
        raise malformed(given.address.text, 0, f"{given.address.keyword} wants {wanted}")
    return ":".join(given.address.params)


def path_of(given: Given) -> str:
    """A path, which may have colons in it."""
    return whole_of(given, "a path")


def port_of(given: Given, text: str) -> int:
    """A port, by number or by the name of its service. Raises: SpecError."""
    number = _SERVICES.get(text.lower(), int(text) if text.isdigit() else -1)
    if number < 0:
        raise malformed(
            given.address.text, 0, f"{text} is neither a port nor a service that is known here"
        )
    return number


def split_bind(text: str) -> tuple[str, str]:
    """Address and port of a ``bind=``, of which either may be missing."""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        return host, port.lstrip(":")
    if text.count(":") == 1:
        host, port = text.split(":")
        return host, port
    return text, ""


def mode_of(given: Given, default: str) -> str:
    """The permissions that are asked for, in octal."""
    for name in ("perm", "perm-early"):
        if given.has(name):
            return given.text(name).removeprefix("0o").lstrip("0") or "0"
    return default


def owner_of(given: Given) -> str:
    """Who shall own it: user, user:group or :group."""
    user = given.text("user") or given.text("user-early")
    group = given.text("group") or given.text("group-early")
    return f"{user}:{group}" if group else user


def groups_of(given: Given) -> tuple[str, ...]:
    """The multicast groups to join."""
    return (*given.texts("ip-add-membership"), *given.texts("ipv6-join-group"))


def keepalive_asked(given: Given) -> bool:
    """Whether any of keepalive's own options stands there."""
    return any(given.has(name) for name in ("tcp-keepidle", "tcp-keepintvl", "tcp-keepcnt"))


def version_of(given: Given) -> str:
    """The oldest version of TLS that is let in."""
    asked = given.text("openssl-min-proto-version").upper().replace("TLS", "").lstrip("V")
    return "1.3" if asked == "1.3" else "1.2"


def socket_of(given: Given) -> SocketSettings | None:
    """The settings of the socket, None where all are usual."""
    settings = SocketSettings(
        keepalive_idle_seconds=given.integer("tcp-keepidle"),
        keepalive_interval_seconds=given.integer("tcp-keepintvl"),
        keepalive_probes=given.integer("tcp-keepcnt"),
        close_linger_seconds=given.integer("so-linger", -1),
        send_buffer_bytes=given.integer("so-sndbuf"),
        receive_buffer_bytes=given.integer("so-rcvbuf"),
        hop_limit=given.integer("ip-ttl"),
        service_type=given.integer("ip-tos", -1),
        reuse_address=given.flag("so-reuseaddr", default=True),
        reuse_port=given.integer("so-reuseport") != 0,
        interface=given.text("so-bindtodevice"),
    )
    return None if settings == SocketSettings() else settings


def common_of(given: Given) -> dict[str, Any]:
    """What any end may carry."""
    return {"shape": shape_of(given), "retry": retry_of(given)}


def shape_of(given: Given) -> Shape | None:
    """What happens to the bytes at this end, None where nothing does."""
    ending = "crlf" if given.flag("crnl") else "cr" if given.flag("cr") else "keep"
    finish = "usual"
    for name, word in (
        ("shut-none", "none"),
        ("shut-down", "shutdown"),
        ("shut-close", "close"),
        ("shut-null", "empty"),
    ):
        if given.flag(name):
            finish = word
    shape = Shape(
        line_ending=ending,
        ignore_eof=given.flag("ignoreeof"),
        null_eof=given.flag("null-eof"),
        end_close=given.flag("end-close"),
        finish=finish,
        read_bytes=given.integer("readbytes"),
        escape=given.integer("escape", -1),
    )
    return None if shape == Shape() else shape


def retry_of(given: Given) -> Retry | None:
    """How often opening is tried again, None where it is not."""
    times = -1 if given.flag("forever") else given.integer("retry")
    interval = given.seconds("interval", 1.0)
    return Retry(times, interval) if times else None
