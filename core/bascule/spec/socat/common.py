"""Owns what several kinds of address have in common: hosts, ports, sockets, shapes, tries."""

from __future__ import annotations

from typing import Any

from bascule.errors import SpecError
from bascule.spec.fields import is_host, parse_host
from bascule.spec.options import Retry, Shape, SocketSettings
from bascule.spec.socat.given import Given, c_number, nearest
from bascule.spec.socat.reader import Option, Param
from bascule.spec.socat.refusals import refuse
from bascule.spec.socat.verdicts import Said, VerdictKind

# What people write instead of a number (IANA's names). To ask the system would be I/O.
SERVICES = {
    "echo": 7, "discard": 9, "daytime": 13, "chargen": 19, "ftp-data": 20, "ftp": 21, "ssh": 22,
    "telnet": 23, "smtp": 25, "mail": 25, "time": 37, "whois": 43, "domain": 53, "bootps": 67,
    "bootpc": 68, "tftp": 69, "gopher": 70, "finger": 79, "http": 80, "www": 80, "kerberos": 88,
    "pop3": 110, "sunrpc": 111, "auth": 113, "nntp": 119, "ntp": 123, "imap2": 143, "imap": 143,
    "snmp": 161, "snmp-trap": 162, "bgp": 179, "irc": 194, "ldap": 389, "https": 443,
    "kpasswd": 464, "isakmp": 500, "exec": 512, "login": 513, "shell": 514, "syslog": 514,
    "printer": 515, "submission": 587, "ipp": 631, "ldaps": 636, "rsync": 873, "ftps": 990,
    "telnets": 992,
    "imaps": 993, "pop3s": 995, "socks": 1080, "openvpn": 1194, "ms-sql-s": 1433, "mqtt": 1883,
    "radius": 1812, "nfs": 2049, "iscsi-target": 3260, "mysql": 3306, "rdp": 3389, "svn": 3690,
    "sip": 5060, "xmpp-client": 5222, "postgresql": 5432, "amqp": 5672, "x11": 6000, "redis": 6379,
    "ircd": 6667, "http-alt": 8080, "secure-mqtt": 8883, "git": 9418,
}  # fmt: skip

_FAMILIES = {
    **dict.fromkeys(("ip4", "ipv4", "inet", "inet4", "4", "2"), "ipv4"),
    **dict.fromkeys(("ip6", "ipv6", "inet6", "6", "10"), "ipv6"),
    **dict.fromkeys(("unspec", "any", "0"), "any"),
}


def params(given: Given, *names: str) -> tuple[Param, ...]:
    """The parameters between colons, as many as there are names for. Raises: SpecError."""
    found = given.single.params
    if len(found) != len(names):
        raise wrong_count(given, ":".join((given.single.keyword, *(f"<{name}>" for name in names))))
    return found


def wrong_count(given: Given, form: str) -> SpecError:
    """The error for parameters that are too many or too few."""
    found = given.single.params
    token, at = given.single.token, given.single.at
    why = Said("{} has the wrong number of parameters ({}): {}", (token, str(len(found)), form))
    if any(not each.text for each in found):
        why = Said("{}; write an IPv6 address in brackets: [::1]", (why,))
    return refuse(why, token, found[0].at if found else at + len(token))


def path(given: Given) -> str:
    """The path that is all that an address takes, as it is written. Raises: SpecError."""
    (param,) = params(given, "filename")
    if not param.text:
        raise given.missing("the path is missing")
    return param.text


def host(given: Given, param: Param) -> str:
    """A host, without the brackets of an IPv6 address. Raises: SpecError."""
    text = param.text.strip()
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if not bare or not is_host(bare):
        raise given.fail(param, Said('"{}" is not a host name or an IP address', (param.text,)))
    return bare


def port(given: Given, param: Param, *, low: int = 0) -> int:
    """A port, by number or by the name of its service. Raises: SpecError."""
    number = c_number(param.text)
    if number is None:
        number = SERVICES.get(param.text.lower())
    if number is None:
        near = nearest(param.text.lower(), SERVICES)
        why = Said('"{}" is not a port or the name of a service', (param.text,))
        raise given.fail(param, why, near=near)
    if not low <= number <= 65535:
        why = Said('"{}" is not a port: it must be from {} to 65535', (param.text, str(low)))
        raise given.fail(param, why)
    return number


def value_of(given: Given, option: Option) -> Param:
    """The value of an option, as a parameter: for hosts and ports."""
    return Param(given.value(option), option.value_at)


def family(given: Given, version: str = "") -> str:
    """The IP version: of the address's own name (``version`` "4" or "6"), or of ``pf=``."""
    if version:
        why = Said("Left out: {} is IPv{} already.", (given.single.token, version))
        given.drop("protocol-family", why)
        return f"ipv{version}"
    option = given.last("protocol-family")
    if option is None:
        return "any"
    found = _FAMILIES.get(given.value(option).lower().removeprefix("pf_"))
    if found is None:
        raise given.wrong(option, "ip4 or ip6")
    return found


def bind(given: Given) -> tuple[str, int]:
    """Address and port of ``bind=`` (either may be missing) and of ``sourceport=``."""
    name, number = "", 0
    option = given.last("bind")
    if option is not None:
        param = value_of(given, option)
        text, service = split_port(param.text)
        if text:
            name = host(given, Param(text, param.at))
        if service:
            number = port(given, Param(service, param.at + len(text) + 1))
    option = given.last("sourceport")
    if option is not None:
        number = port(given, value_of(given, option))
    return name, number


def split_port(text: str) -> tuple[str, str]:
    """Cut ``host:port``, of which either may be missing; a bare IPv6 address is a host."""
    if text.startswith("[") and "]" in text:
        name, _, rest = text.partition("]")
        return f"{name}]", rest.removeprefix(":")
    if parse_host(text) is not None:
        return text, ""
    name, _, service = text.partition(":")
    return name, service


def socket(given: Given) -> SocketSettings | None:
    """The settings of the socket; None where all are usual."""
    for name in ("so-sndbuf-late", "so-rcvbuf-late"):
        why = "The size is set when the socket is made, which is earlier."
        given.say_of(name, VerdictKind.EMULATED, why)
    settings = SocketSettings(
        keepalive_idle_seconds=given.integer("tcp-keepidle", high=2**31),
        keepalive_interval_seconds=given.integer("tcp-keepintvl", high=2**31),
        keepalive_probes=given.integer("tcp-keepcnt", high=2**31),
        close_linger_seconds=given.integer("so-linger", -1, high=32_767),
        send_buffer_bytes=_buffer(given, "so-sndbuf"),
        receive_buffer_bytes=_buffer(given, "so-rcvbuf"),
        hop_limit=_last_number(given, "ip-ttl", "ipv6-unicast-hops", default=0),
        service_type=_last_number(given, "ip-tos", "ipv6-tclass", default=-1),
        reuse_address=_reuse_address(given),
        reuse_port=given.switch("so-reuseport"),
        interface=given.text("so-bindtodevice"),
    )
    return None if settings == SocketSettings() else settings


def _buffer(given: Given, name: str) -> int:
    late = given.integer(f"{name}-late", high=2**30)
    return given.integer(name, late, high=2**30)


def _last_number(given: Given, *names: str, default: int) -> int:
    option = given.last(*names)
    return default if option is None else given.number(option, 0, 255)


def _reuse_address(given: Given) -> bool:
    """Whether the port can be taken again at once: so it is, unless 0 or nothing is said."""
    option = given.last("so-reuseaddr")
    if option is None or option.value is None:
        return True
    if not option.value:
        given.say(option, VerdictKind.NATIVE, "The port can be taken again only after a while.")
        return False
    return bool(given.number(option))


def keepalive(given: Given) -> bool:
    """Whether the system asks if the peer is there. Who says how, wants it."""
    asked = given.has("tcp-keepidle", "tcp-keepintvl", "tcp-keepcnt")
    return given.switch("so-keepalive", default=asked)


def multicast_groups(given: Given) -> tuple[str, ...]:
    """The groups to join: ``group`` or ``group:interface``."""
    return tuple(
        _group(given, option) for option in given.take("ip-add-membership", "ipv6-join-group")
    )


def _group(given: Given, option: Option) -> str:
    form = Said("group:interface, such as 239.1.2.3:eth0 or [ff02::1]:eth0")
    text = given.value(option, form).strip()
    name, interface = split_port(text)
    address = parse_host(name)
    if address is None or not address.is_multicast:
        raise given.wrong(option, form)
    parts = interface.split(":")  # its address or name, and perhaps its number
    interface = parts[-1] or parts[0]
    return name if interface in ("", "0.0.0.0", "0") else f"{name}:{interface}"


def common(given: Given) -> dict[str, Any]:
    """What every end can carry: what happens to its bytes, and how often it is tried."""
    return {"shape": _shape(given), "retry": _retry(given)}


def _shape(given: Given) -> Shape | None:
    ending = given.last("cr", "crnl")
    finish = given.last("shut-none", "shut-down", "shut-close", "shut-null")
    for name in ("cr", "crnl", "shut-none", "shut-down", "shut-close", "shut-null"):
        given.switch(name)  # it takes no value
    finishes = {"none": "none", "down": "shutdown", "close": "close", "null": "empty"}
    shape = Shape(
        line_ending="keep" if ending is None else ("cr" if ending.name.lower() == "cr" else "crlf"),
        ignore_eof=given.switch("ignoreeof"),
        null_eof=given.switch("null-eof"),
        end_close=given.switch("end-close"),
        finish="usual" if finish is None else finishes[finish.name.lower().partition("-")[2]],
        read_bytes=given.integer("readbytes"),
        escape=given.integer("escape", -1, high=255),
    )
    return None if shape == Shape() else shape


def _retry(given: Given) -> Retry | None:
    if not given.has("forever", "retry", "interval"):
        return None
    times = given.integer("retry", 0, high=1_000_000)
    return Retry(-1 if given.switch("forever") else times, given.seconds("interval", 1.0))
