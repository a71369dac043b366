"""Owns the parts of a route's picture as data: who stands on the way, and which stretch is secret.

``RouteNode`` says what to draw, ``failed_node`` where a problem belongs. Nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from bascule.errors import Problem
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.ends import Source, Target
from bascule.spec.fields import parse_host
from bascule.spec.relays import RelaySpec
from bascule_desktop.end_words import end_icon, end_name
from bascule_desktop.kind_words import kind_label

translate = QCoreApplication.translate

TOR_PORTS = frozenset({9050, 9150})


class NodeKind(StrEnum):
    """The part a node plays."""

    SOURCE = "source"
    BASCULE = "bascule"
    HOP = "hop"
    TARGET = "target"


class Privacy(StrEnum):
    """Who can read what passes along a line."""

    OPEN = "open"
    ENCRYPTED = "encrypted"
    UNVERIFIED = "unverified"  # encrypted, towards somebody whose certificate nobody looked at


@dataclass(frozen=True, slots=True)
class RouteNode:
    """One box. ``privacy`` is that of the line from the node before; ``field`` its spec's path."""

    kind: NodeKind
    icon: str
    label: str
    detail: str
    field: str
    privacy: Privacy = Privacy.OPEN


def route_nodes(spec: RelaySpec) -> list[RouteNode]:
    """The boxes from source to target, Bascule among them."""
    source_privacy = _privacy(spec.source)
    target_privacy = _privacy(spec.target)
    nodes = [_source_node(spec)]
    if isinstance(spec.source, TcpConnect):
        # Seen from Bascule they come first; in the picture the source stands on the left.
        hops = [
            _hop_node(hop, f"source.via.{i}", source_privacy)
            for i, hop in enumerate(spec.source.via)
        ]
        nodes += reversed(hops)
    nodes.append(RouteNode(NodeKind.BASCULE, "app", "Bascule", "", "", source_privacy))
    if isinstance(spec.target, TcpConnect):
        nodes += [
            _hop_node(hop, f"target.via.{i}", target_privacy)
            for i, hop in enumerate(spec.target.via)
        ]
    nodes.append(_end_node(NodeKind.TARGET, spec.target, "target", target_privacy))
    return nodes


def failed_node(nodes: list[RouteNode], problem: Problem) -> int:
    """The index of the node where a problem belongs: the one that could not be reached or used."""
    field = problem.field or "target"
    for index, node in enumerate(nodes):
        if node.kind is NodeKind.HOP and f"{field}.".startswith(f"{node.field}."):
            return index
    return 0 if field.partition(".")[0] == "source" else len(nodes) - 1


def join_port(host: str, port: int) -> str:
    """Host and port in one text, an IPv6 address in brackets."""
    bare = host.strip("[]")
    return f"[{bare}]:{port}" if ":" in bare else f"{bare}:{port}"


def is_this_computer(host: str) -> bool:
    """Whether a host is the loopback of this computer."""
    address = parse_host(host)
    if address is None:
        return host.rstrip(".").lower() == "localhost"
    return address.is_loopback


def _privacy(end: Source | Target) -> Privacy:
    if not isinstance(end, TcpListen | TcpConnect | UnixListen | UnixConnect) or end.tls is None:
        return Privacy.OPEN
    if isinstance(end.tls, ClientTls) and not end.tls.verify:
        return Privacy.UNVERIFIED
    return Privacy.ENCRYPTED


def _source_node(spec: RelaySpec) -> RouteNode:
    source = spec.source
    match source:
        case TcpListen():
            port = translate("Route", "port {port}").format(port=source.port)
            if is_this_computer(source.host):
                label, icon = translate("Route", "This computer"), "computer"
            else:
                label, icon = translate("Route", "Your network"), "network"
            return RouteNode(NodeKind.SOURCE, icon, label, port, "source")
        case UnixListen():
            label = translate("Route", "This computer")
            return RouteNode(NodeKind.SOURCE, "socket-file", label, source.path, "source")
        case _:
            return _end_node(NodeKind.SOURCE, source, "source", Privacy.OPEN)


def _end_node(kind: NodeKind, end: Source | Target, field: str, privacy: Privacy) -> RouteNode:
    match end:
        case SerialPort():
            return RouteNode(kind, "serial", end.device, end.line, field, privacy)
        case UnixConnect():
            label = translate("Route", "This computer")
            return RouteNode(kind, "socket-file", label, end.path, field, privacy)
        case TcpConnect():
            port = translate("Route", "port {port}").format(port=end.port)
            if is_this_computer(end.host) and not end.via:
                label = translate("Route", "This computer")
                return RouteNode(kind, "computer", label, port, field, privacy)
            icon = "onion" if end.host.lower().rstrip(".").endswith(".onion") else "globe"
            return RouteNode(kind, icon, end.host, port, field, privacy)
        case _:
            name, sort = end_name(end), kind_label(end.kind)
            return RouteNode(
                kind, end_icon(end), name, "" if name == sort else sort, field, privacy
            )


def _hop_node(hop: ProxyHop, field: str, privacy: Privacy) -> RouteNode:
    tor = is_this_computer(hop.host) and hop.port in TOR_PORTS
    return RouteNode(
        NodeKind.HOP,
        "onion" if tor else "proxy",
        hop.host,
        f"HTTP · {hop.port}"
        if hop.version == "http"
        else translate("Route", "SOCKS {version} · {port}").format(
            version=hop.version, port=hop.port
        ),
        field,
        privacy,
    )
