"""Relays to export, their settings one by one, and the shape of a text that was written."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bascule.errors import SpecError
from bascule.spec.datagrams import UdpConnect, UdpListen
from bascule.spec.endpoints import (
    ClientTls,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.ends import Failover
from bascule.spec.export.exported import Form
from bascule.spec.fields import Field, FieldKind, Spec, fields_of
from bascule.spec.options import SocketSettings
from bascule.spec.relays import RelaySpec

SOCKET = SocketSettings()
SERVER = ServerTls("/certificate.pem", "/key.pem")
CLIENT = ClientTls(authority="/authority.pem", server_name="name.example")
TARGET = TcpConnect("far.example", 80, socket=SOCKET)
RELAYS = {
    "plain": RelaySpec(TcpListen(8080, socket=SOCKET), TARGET),
    "tls off": RelaySpec(TcpListen(8443, tls=SERVER, socket=SOCKET), TARGET),
    "tls on": RelaySpec(TcpListen(8080, socket=SOCKET), replace(TARGET, port=443, tls=CLIENT)),
    "serial": RelaySpec(TcpListen(2001, tls=SERVER), SerialPort("/dev/ttyUSB0")),
    "datagrams": RelaySpec(
        UdpListen(port=53, socket=SOCKET), UdpConnect(host="10.0.0.1", port=53, socket=SOCKET)
    ),
    "paths": RelaySpec(UnixListen("/near"), UnixConnect("/far")),
    "two targets": RelaySpec(
        TcpListen(8080), Failover(targets=(TARGET, replace(TARGET, host="10.0.0.2")))
    ),
}
"""One relay of each sort that some program knows, with all groups that it may have."""


def variations(spec: Spec, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The same spec with one setting changed, for every setting and choice: its path, and it."""
    for name, described in fields_of(spec).items():
        path, value = f"{prefix}{name}", getattr(spec, name)
        if isinstance(value, Spec):
            for inner, changed in variations(value, f"{path}."):
                yield inner, replace(spec, **{name: changed})
        elif described.kind is FieldKind.GROUPS:
            for number, entry in enumerate(value):
                for inner, changed in variations(entry, f"{path}.{number}."):
                    entries = (*value[:number], changed, *value[number + 1 :])
                    yield inner, replace(spec, **{name: entries})
        else:
            for other in _others(described, value):
                try:
                    yield path, replace(spec, **{name: other})
                except SpecError:
                    pass  # it does not go with another setting


def _others(described: Field, value: Any) -> Iterator[Any]:
    match described.kind:
        case FieldKind.SWITCH:
            yield not value
        case FieldKind.CHOICE:
            yield from (choice for choice in described.choices if choice != value)
        case FieldKind.PORT | FieldKind.INTEGER:
            yield value + 1
        case FieldKind.SECONDS:
            yield value + 1.0
        case FieldKind.HOST:
            yield "10.9.8.7"
        case FieldKind.NETWORKS:
            yield ("10.0.0.0/8",)
        case FieldKind.GROUP | FieldKind.GROUPS | FieldKind.TEXTS:
            return
        case FieldKind.FILE | FieldKind.DEVICE:
            yield "/other.pem"
        case _:
            yield "644" if value == "600" else "HIGH"


def with_text(spec: Any, text: str) -> Any:
    """The same spec with this text in every field that takes any; files keep their names before
    it. Raises: SpecError.
    """
    changes: dict[str, Any] = {}
    for item in dataclasses.fields(spec):
        value = getattr(spec, item.name)
        kind = item.metadata["field"].kind
        if isinstance(value, Spec):
            changes[item.name] = with_text(value, text)
        elif kind is FieldKind.GROUPS:
            changes[item.name] = tuple(with_text(entry, text) for entry in value)
        elif kind in (FieldKind.FILE, FieldKind.DEVICE):
            changes[item.name] = f"{value or '/file'}{text}"
        elif kind is FieldKind.TEXT and item.name != "mode":
            changes[item.name] = text
    return replace(spec, **changes)


def shape(form: Form, text: str) -> list[str]:
    """The first word of each statement: what a text says, without its values. Comments do not
    count.
    """
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    if form in (Form.HAPROXY, Form.NGINX):  # the others go by lines
        text = re.sub(r'"(?:\\.|[^"\\])*"|\'[^\']*\'', "quoted", text)
    statements = re.split(r"[;{}\n]+" if form is Form.NGINX else r"\n", text)
    words = [re.split(r"[\s=:]", each.strip())[0] for each in statements]
    return ["[section]" if re.fullmatch(r"\[[\w-]+\]", word) else word for word in words]
