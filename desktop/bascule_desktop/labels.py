"""Owns the names that people see for the fields of a spec, and for the choices of a field.

A field is named by its spec class and its name; ``path_label`` finds it by a dotted path such as
``target.via.0.password``. Every field and choice has a label, as a test asserts.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from PySide6.QtCore import QCoreApplication

from bascule.spec.fields import Spec
from bascule.spec.profiles import Profile

translate = QCoreApplication.translate


def field_label(spec: str, name: str) -> str:  # noqa: C901, PLR0912, PLR0915 - a table
    """The label of a field; ``spec`` is the name of the class it belongs to. Empty if unknown."""
    match spec, name:
        case "ServerTls", "certificate":
            return translate("Labels", "Certificate file")
        case "ServerTls", "key":
            return translate("Labels", "Key file")
        case "ClientTls", "certificate":
            return translate("Labels", "Your client certificate")
        case "ClientTls", "key":
            return translate("Labels", "Key of your certificate")
        case _, "key_passphrase":
            return translate("Labels", "Passphrase of the key")
        case _, "client_authority":
            return translate("Labels", "Admit only clients signed by")
        case _, "verify":
            return translate("Labels", "Verify the certificate of the target")
        case _, "authority":
            return translate("Labels", "Trust this authority")
        case _, "server_name":
            return translate("Labels", "Name to verify")
        case "SocksHop", "version":
            return translate("Labels", "SOCKS version")
        case "SocksHop", "host":
            return translate("Labels", "Proxy host")
        case "SocksHop", "port":
            return translate("Labels", "Proxy port")
        case _, "username":
            return translate("Labels", "User name")
        case _, "password":
            return translate("Labels", "Password")
        case "TcpListen", "host":
            return translate("Labels", "Address to listen on")
        case "TcpListen", "port":
            return translate("Labels", "Port to listen on")
        case _, "host":
            return translate("Labels", "Target host")
        case _, "port":
            return translate("Labels", "Target port")
        case _, "tls":
            return translate("Labels", "Encrypt with TLS")
        case _, "backlog":
            return translate("Labels", "Connections held back")
        case _, "keepalive":
            return translate("Labels", "Notice when the other side is gone")
        case _, "nodelay":
            return translate("Labels", "Send small pieces at once")
        case _, "path":
            return translate("Labels", "Path of the socket")
        case _, "mode":
            return translate("Labels", "Permissions of the socket")
        case _, "via":
            return translate("Labels", "Proxies on the way")
        case _, "connect_timeout_seconds":
            return translate("Labels", "Give up connecting after")
        case _, "family":
            return translate("Labels", "IP version")
        case _, "bind":
            return translate("Labels", "Connect from address")
        case _, "device":
            return translate("Labels", "Serial port")
        case _, "baud":
            return translate("Labels", "Speed (baud)")
        case _, "data_bits":
            return translate("Labels", "Data bits")
        case _, "parity":
            return translate("Labels", "Parity")
        case _, "stop_bits":
            return translate("Labels", "Stop bits")
        case _, "flow_control":
            return translate("Labels", "Flow control")
        case _, "dtr":
            return translate("Labels", "DTR on opening")
        case _, "rts":
            return translate("Labels", "RTS on opening")
        case _:
            return _relay_label(name)


def _relay_label(name: str) -> str:  # noqa: C901 - a table
    match name:
        case "source":
            return translate("Labels", "Source")
        case "target":
            return translate("Labels", "Target")
        case "relay":
            return translate("Labels", "Relay")
        case "allow":
            return translate("Labels", "Who may connect")
        case "max_connections":
            return translate("Labels", "Connections at the same time")
        case "overflow":
            return translate("Labels", "Connections above the limit")
        case "idle_seconds":
            return translate("Labels", "End silent connections after")
        case "linger_seconds":
            return translate("Labels", "Wait for the last answer")
        case "retry_first_seconds":
            return translate("Labels", "First pause before trying again")
        case "retry_longest_seconds":
            return translate("Labels", "Longest pause before trying again")
        case "id":
            return translate("Labels", "Identifier")
        case "name":
            return translate("Labels", "Name")
        case "group":
            return translate("Labels", "Group")
        case "autostart":
            return translate("Labels", "Start with the computer")
        case _:
            return ""


def field_hint(spec: str, name: str) -> str:  # noqa: C901 - a table
    """What helps to fill a field in, for its tooltip and its empty state; mostly empty."""
    match spec, name:
        case _, "client_authority":
            return translate(
                "Labels", "Only clients that show a certificate of this authority are let in."
            )
        case _, "authority":
            return translate("Labels", "Empty: the authorities this computer already trusts.")
        case _, "server_name":
            return translate("Labels", "Empty: the host's own name.")
        case "TcpListen", "host":
            return translate("Labels", "0.0.0.0 stands for every address of this computer.")
        case _, "allow":
            return translate("Labels", "For example 192.168.1.0/24; empty: everyone.")
        case _, "max_connections" | "idle_seconds":
            return translate("Labels", "0: no limit.")
        case _, "backlog":
            return translate("Labels", "How many arrivals the system keeps while Bascule is busy.")
        case _, "linger_seconds":
            return translate(
                "Labels", "How long to wait for more once one side has finished (serial ports)."
            )
        case _, "bind":
            return translate("Labels", "Empty: the system chooses.")
        case _, "mode":
            return translate("Labels", "In octal: 600 is you alone, 660 your group as well.")
        case _, "nodelay":
            return translate("Labels", "Better for typing and for devices; off may save packets.")
        case _:
            return ""


def choice_label(name: str, choice: str) -> str:  # noqa: C901, PLR0912 - a table
    """The label of one choice of a field. Empty if unknown."""
    match name, choice:
        case "version", _:
            return f"SOCKS {choice}"
        case "parity", "none":
            return translate("Labels", "none (N)")
        case "parity", "even":
            return translate("Labels", "even (E)")
        case "parity", "odd":
            return translate("Labels", "odd (O)")
        case "parity", "mark":
            return translate("Labels", "mark (M)")
        case "parity", "space":
            return translate("Labels", "space (S)")
        case "stop_bits", _:
            return choice
        case "flow_control", "none":
            return translate("Labels", "none")
        case "flow_control", "rts-cts":
            return "RTS/CTS"
        case "flow_control", "dsr-dtr":
            return "DSR/DTR"
        case "flow_control", "xon-xoff":
            return "XON/XOFF"
        case "dtr" | "rts", "on":
            return translate("Labels", "on")
        case "dtr" | "rts", "off":
            return translate("Labels", "off")
        case "dtr" | "rts", "unchanged":
            return translate("Labels", "as it is")
        case "family", "any":
            return translate("Labels", "whichever answers")
        case "family", "ipv4":
            return translate("Labels", "IPv4 only")
        case "family", "ipv6":
            return translate("Labels", "IPv6 only")
        case "overflow", "refuse":
            return translate("Labels", "are refused")
        case "overflow", "queue":
            return translate("Labels", "wait for a place")
        case _:
            return ""


def kind_label(kind: str) -> str:
    """The label of a kind of end (``tcp-listen``). Empty if unknown."""
    match kind:
        case "tcp-listen":
            return translate("Labels", "Listen on a TCP port")
        case "tcp-connect":
            return translate("Labels", "Connect to a TCP host")
        case "unix-listen":
            return translate("Labels", "Listen on a Unix socket")
        case "unix-connect":
            return translate("Labels", "Connect to a Unix socket")
        case "serial":
            return translate("Labels", "Serial port")
        case _:
            return ""


def path_label(path: str) -> str:
    """The label of the field a dotted path names; with its number in a list. May be empty."""
    parts = path.split(".")
    number = next((int(part) + 1 for part in parts if part.isdigit()), 0)
    names = [part for part in parts if part and not part.isdigit()]
    if not names:
        return ""
    label = field_label(_owner(parts), names[-1])
    if number and label and names[-1] != "allow":
        return translate("Labels", "{label} (proxy {number})").format(label=label, number=number)
    return label


def _owner(parts: list[str]) -> str:
    """The name of the spec class that holds the last part of a path, as far as types tell."""
    names = [part for part in parts if not part.isdigit()]
    specs: list[type[Spec]] = [Profile, *_specs(Profile, "relay")]
    for name in names[:-1]:
        specs = [inner for spec in specs for inner in _specs(spec, name)] or specs
    holders = [spec.__name__ for spec in specs if _has(spec, names[-1])]
    return holders[0] if holders else ""


def _has(spec: type[Spec], name: str) -> bool:
    return any(item.name == name for item in dataclasses.fields(spec))


def _specs(spec: type[Spec], name: str) -> list[type[Spec]]:
    """The spec classes that a field may hold."""
    hint = typing.get_type_hints(spec).get(name)
    return [member for member in members(hint) if isinstance(member, type)]


def members(hint: Any) -> list[Any]:
    """The spec classes within a type: of a union, of a tuple, behind a type alias."""
    if isinstance(hint, typing.TypeAliasType):
        return members(hint.__value__)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) in (typing.Union, tuple):
        return [found for part in typing.get_args(hint) for found in members(part)]
    return [hint] if isinstance(hint, type) and issubclass(hint, Spec) else []
