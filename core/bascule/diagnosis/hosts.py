"""Owns taking names of hosts and addresses out of texts by how they look, whoever wrote them.

Logs speak of hosts that no profile names any more. What looks like one and is none stays: versions,
names of files, modules and settings; and what says nothing of anybody: loopback, "all addresses".
Names of files are left as they are. No I/O.
"""

from __future__ import annotations

import re
from functools import cache

from bascule.control.messages import Method
from bascule.spec.fields import Spec, fields_of, parse_host

_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\w|-[A-Za-z])")
_IPV6 = re.compile(
    r"(?<![\w:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?:%[\w.-]+)?(?![\w:])"
)
_LABEL = r"\w(?:[\w-]*\w)?"
_DOTTED = re.compile(
    rf"(?<![\w./\\-])(?:[\w.+-]{{1,64}}@)?(?P<name>(?:{_LABEL}\.)+(?P<last>[^\W\d_](?:[\w-]*\w)))"
    r"(?![\w(\[]|[.-]\w)"
)
_OF_ADDRESS = re.compile(r"(?:(?<=://)|(?<=\(left out\)@))(?P<name>[^\s/:@\[\]()\"'<>,;]+)")
_WITH_PORT = re.compile(
    r"(?<![\w./\\:-])(?<!USB )(?P<name>[^\W\d_](?:[\w-]*\w)?):\d{1,5}(?!\w|[.:]\d)"
)
_OF_SHARE = re.compile(r"(?<!\\)(?:\\\\){1,2}(?P<name>\w[\w.-]*)(?=\\)")
_NAMED = re.compile(
    r"\b(?:the name (?P<a>\S+)(?= is not known)|certificate of (?P<b>\w\S*)(?= is )|"
    r"(?:connect to|no way to) (?P<c>\w[^\s:]*)(?=:|;| from |$))",
    re.MULTILINE,
)
"""A name without a dot in it, told by the sentence it stands in."""

_CERTIFIED = re.compile(r"(?P<before>\bis for )\S+(?:, \S+)*, not for [^\s;]+")
_PLACE = re.compile(r'\s*(?:[|+] *)*File "[^"]*", line \d+')

_LOOPBACK = re.compile(r"(?:.*\.)?(?:ip6-)?localhost(?:\.localdomain)?", re.IGNORECASE)
_WILDCARDS = ("0.0.0.0", "255.255.255.255")

_FILES = {
    "7z", "bak", "bat", "bin", "cer", "cfg", "conf", "crt", "csv", "dat", "db", "deb", "desktop",
    "dll", "dmg", "dump", "dylib", "exe", "gz", "htm", "html", "icns", "ico", "ini", "jpg", "js",
    "json", "key", "lock", "log", "msi", "new", "old", "p12", "pcap", "pcapng", "pdf", "pem", "pfx",
    "pid", "plist", "png", "pyc", "pyd", "qm", "qss", "rpm", "run", "service", "sock", "socket",
    "sqlite", "svg", "tar", "tgz", "tmp", "toml", "ts", "txt", "xml", "yaml", "yml", "zst",
}  # fmt: skip
_FILES_AND_COUNTRIES = {"app", "md", "pl", "py", "rs", "sh", "so", "zip"}
"""Names of files where there is one dot, of hosts where there are more."""

_MODULES = re.compile(
    r"(?:bascule|bascule_desktop|PySide6|shiboken6|qasync|winloop|asyncio|concurrent\.futures|"
    r"cryptography|keyring|psutil|serial\.(?:tools|serial\w+)|jeepney|secretstorage|"
    r"qt|kf|org\.(?:freedesktop|kde|gnome|a11y)|io\.github|com\.(?:apple|canonical|microsoft))\.\w"
)
_METHODS = {str(method) for method in Method}
_ERRORS = re.compile(r"[A-Z]\w*[a-z]\w*(?:Error|Exception|Warning|Expired|Exit|Interrupt|Group)")


def is_nobodys(host: str) -> bool:
    """Whether an address or a name says nothing of anybody: this computer, or all addresses."""
    address = parse_host(host)
    if address is not None:
        return address.is_loopback or address.is_unspecified or host in _WILDCARDS
    return _LOOPBACK.fullmatch(host) is not None


def without_hosts(text: str) -> str:
    """The text, with ``(host)`` and ``(address)`` in the place of each."""
    lines: list[str] = []
    is_code = False
    for line in text.splitlines(keepends=True):
        lines.append(line if is_code else _without(line))
        # What follows in a traceback is a line of a program, which has a dot in every other word.
        is_code = _PLACE.match(line) is not None
    return "".join(lines)


def _without(line: str) -> str:
    line = _IPV4.sub(_address, line)
    line = _IPV6.sub(_address, line)
    line = _CERTIFIED.sub(r"\g<before>(host), not for (host)", line)
    line = _OF_ADDRESS.sub(_host, line)
    line = _OF_SHARE.sub(_host, line)
    line = _DOTTED.sub(_host_unless_known, line)
    line = _WITH_PORT.sub(_host, line)
    return _NAMED.sub(_host, line)


def _address(found: re.Match[str]) -> str:
    text, colon = found[0], ""
    if text.endswith(":") and not text.endswith("::"):  # "2001:db8::7: refused"
        text, colon = text[:-1], ":"
    # 12:30:45 is none
    return found[0] if parse_host(text) is None or is_nobodys(text) else f"(address){colon}"


def _host(found: re.Match[str]) -> str:
    name = next(name for name in found.groups() if name)
    if is_nobodys(name) or parse_host(name) is not None or name.startswith("("):
        return found[0]
    return found[0].replace(name, "(host)", 1)


def _host_unless_known(found: re.Match[str]) -> str:
    name, last = found["name"], found["last"].lower()
    known = (
        is_nobodys(name)
        or last in _FILES
        or (last in _FILES_AND_COUNTRIES and name.count(".") == 1)
        or _MODULES.match(name)
        or name in _METHODS
        or _ERRORS.fullmatch(found["last"])
        or "_" in found["last"]
        or _is_field(name)
    )
    return found[0] if known else "(host)"


def _is_field(name: str) -> bool:
    """Whether it is where a setting stands in a profile: ``target.tls.ca_file``."""
    first, _dot, rest = name.removeprefix("relay.").partition(".")
    return first in {"source", "target"} and rest.rpartition(".")[2] in _field_names()


@cache
def _field_names() -> set[str]:
    found: set[str] = set()
    waiting = Spec.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found |= fields_of(kind).keys()
    return found
