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


def field_label(spec: str, name: str) -> str:
    """The label of a field; ``spec`` is the name of the class it belongs to. Empty if unknown."""
    return _of(_labels(), spec, name)


def field_hint(spec: str, name: str) -> str:
    """What helps to fill a field in, shown in it while it is empty or as a tooltip; may be ""."""
    return _of(_hints(), spec, name)


def choice_label(name: str, choice: str) -> str:
    """The label of one choice of a field; what is the same in every language stays as it is."""
    return _of(_choices(), name, choice) or {
        "rts-cts": "RTS/CTS",
        "dsr-dtr": "DSR/DTR",
        "xon-xoff": "XON/XOFF",
    }.get(choice, f"SOCKS {choice}" if name == "version" else choice)


def kind_label(kind: str) -> str:
    """The label of a kind of end (``tcp-listen``); the kind itself where it has none yet."""
    labels = {
        "tcp-listen": translate("Labels", "Listen on a TCP port"),
        "tcp-connect": translate("Labels", "Connect to a TCP host"),
        "unix-listen": translate("Labels", "Listen on a Unix socket"),
        "unix-connect": translate("Labels", "Connect to a Unix socket"),
        "serial": translate("Labels", "Serial port"),
    }
    return labels.get(kind, kind)


def path_label(path: str) -> str:
    """The label of the field a dotted path names; with its number in a list. May be empty."""
    parts = path.split(".")
    number = next((int(part) + 1 for part in parts if part.isdigit()), 0)
    names = [part for part in parts if part and not part.isdigit()]
    if not names:
        return ""
    label = field_label(_owner(names), names[-1])
    if number and label and names[-1] != "allow":
        return translate("Labels", "{label} (proxy {number})").format(label=label, number=number)
    return label


def members(hint: Any) -> list[type[Spec]]:
    """The spec classes within a type: of a union, of a tuple, behind a type alias."""
    if isinstance(hint, typing.TypeAliasType):
        return members(hint.__value__)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) in (typing.Union, tuple):
        return [found for part in typing.get_args(hint) for found in members(part)]
    return [hint] if isinstance(hint, type) and issubclass(hint, Spec) else []


def _of(table: dict[str, str], owner: str, name: str) -> str:
    return table.get(f"{owner}.{name}", table.get(name, ""))


def _owner(names: list[str]) -> str:
    """The name of the spec class that holds the last of these fields, as far as types tell."""
    specs: list[type[Spec]] = [Profile, *_specs(Profile, "relay")]
    for name in names[:-1]:
        specs = [inner for spec in specs for inner in _specs(spec, name)] or specs
    holders = [
        spec.__name__
        for spec in specs
        if any(item.name == names[-1] for item in dataclasses.fields(spec))
    ]
    return holders[0] if holders else ""


def _specs(spec: type[Spec], name: str) -> list[type[Spec]]:
    """The spec classes that a field may hold."""
    return members(typing.get_type_hints(spec).get(name))


def _labels() -> dict[str, str]:
    return {
        "ServerTls.certificate": translate("Labels", "Certificate file"),
        "ServerTls.key": translate("Labels", "Key file"),
        "ClientTls.certificate": translate("Labels", "Your client certificate"),
        "ClientTls.key": translate("Labels", "Key of your certificate"),
        "key_passphrase": translate("Labels", "Passphrase of the key"),
        "client_authority": translate("Labels", "Admit only clients signed by"),
        "verify": translate("Labels", "Verify the certificate of the target"),
        "authority": translate("Labels", "Trust this authority"),
        "server_name": translate("Labels", "Name to verify"),
        "SocksHop.version": translate("Labels", "SOCKS version"),
        "SocksHop.host": translate("Labels", "Proxy host"),
        "SocksHop.port": translate("Labels", "Proxy port"),
        "username": translate("Labels", "User name"),
        "password": translate("Labels", "Password"),
        "TcpListen.host": translate("Labels", "Address to listen on"),
        "TcpListen.port": translate("Labels", "Port to listen on"),
        "host": translate("Labels", "Target host"),
        "port": translate("Labels", "Target port"),
        "tls": translate("Labels", "Encrypt with TLS"),
        "backlog": translate("Labels", "Connections held back"),
        "keepalive": translate("Labels", "Notice when the other side is gone"),
        "nodelay": translate("Labels", "Send small pieces at once"),
        "path": translate("Labels", "Path of the socket"),
        "mode": translate("Labels", "Permissions of the socket"),
        "via": translate("Labels", "Proxies on the way"),
        "connect_timeout_seconds": translate("Labels", "Give up connecting after"),
        "family": translate("Labels", "IP version"),
        "bind": translate("Labels", "Connect from address"),
        "device": translate("Labels", "Serial port"),
        "baud": translate("Labels", "Speed (baud)"),
        "data_bits": translate("Labels", "Data bits"),
        "parity": translate("Labels", "Parity"),
        "stop_bits": translate("Labels", "Stop bits"),
        "flow_control": translate("Labels", "Flow control"),
        "dtr": translate("Labels", "DTR on opening"),
        "rts": translate("Labels", "RTS on opening"),
        "source": translate("Labels", "Source"),
        "target": translate("Labels", "Target"),
        "relay": translate("Labels", "Relay"),
        "allow": translate("Labels", "Who may connect"),
        "max_connections": translate("Labels", "Connections at the same time"),
        "overflow": translate("Labels", "Connections above the limit"),
        "idle_seconds": translate("Labels", "End silent connections after"),
        "linger_seconds": translate("Labels", "Wait for the last answer"),
        "retry_first_seconds": translate("Labels", "First pause before trying again"),
        "retry_longest_seconds": translate("Labels", "Longest pause before trying again"),
        "id": translate("Labels", "Identifier"),
        "name": translate("Labels", "Name"),
        "group": translate("Labels", "Group"),
        "autostart": translate("Labels", "Start with the computer"),
    }


def _hints() -> dict[str, str]:
    return {
        "client_authority": translate("Labels", "Empty: everyone is admitted"),
        "authority": translate("Labels", "Empty: those this computer trusts"),
        "server_name": translate("Labels", "Empty: the name of the host"),
        "allow": translate("Labels", "Empty: everyone; else 192.168.1.0/24, 10.0.0.7 …"),
        "max_connections": translate("Labels", "0: no limit"),
        "idle_seconds": translate("Labels", "0: never"),
        "backlog": translate("Labels", "How many arrivals the system keeps while Bascule is busy"),
        "linger_seconds": translate(
            "Labels", "How long to wait for more when one side has finished and the other cannot"
        ),
        "bind": translate("Labels", "Empty: the system chooses"),
        "mode": translate("Labels", "In octal: 600 is you alone, 660 your group as well"),
        "nodelay": translate("Labels", "Better for typing and for devices"),
        "TcpConnect.host": translate("Labels", "server.example or 10.0.0.3"),
    }


def _choices() -> dict[str, str]:
    return {
        "parity.none": translate("Labels", "none (N)"),
        "parity.even": translate("Labels", "even (E)"),
        "parity.odd": translate("Labels", "odd (O)"),
        "parity.mark": translate("Labels", "mark (M)"),
        "parity.space": translate("Labels", "space (S)"),
        "flow_control.none": translate("Labels", "none"),
        "on": translate("Labels", "on"),
        "off": translate("Labels", "off"),
        "unchanged": translate("Labels", "as it is"),
        "any": translate("Labels", "whichever answers"),
        "ipv4": translate("Labels", "IPv4 only"),
        "ipv6": translate("Labels", "IPv6 only"),
        "refuse": translate("Labels", "are refused"),
        "queue": translate("Labels", "wait for a place"),
    }
