"""Owns what a relay is in words: its sentence, its route in one line, and what to type elsewhere.

The words follow from the spec alone; whether it runs is not known here. The parts of the route's
picture are in ``route_nodes.py``.
"""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface

from bascule.spec.endpoints import (
    ProxyHop,
    SerialPort,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.ends import Source, Target
from bascule.spec.fields import parse_host
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from bascule_desktop import format as figures
from bascule_desktop.end_words import end_name, source_words, target_words
from bascule_desktop.route_nodes import RouteNode, is_this_computer, join_port, route_nodes

__all__ = [
    "Hint",
    "RouteNode",
    "client_hint",
    "client_hints",
    "network_addresses",
    "route_line",
    "route_nodes",
    "sentence",
]

translate = QCoreApplication.translate

_WEB_PORTS = frozenset({80, 3000, 5000, 8000, 8008, 8080, 8081, 8888})
_WEB_TLS_PORTS = frozenset({443, 8443})


class Hint(NamedTuple):
    """What somebody types to use a relay. Both are empty where nothing can be typed."""

    label: str
    command: str


# the sentence -----------------------------------------------------------------------------------


def sentence(spec: RelaySpec) -> str:
    """Say what a relay does, in one sentence; a second one says who may connect, if not anyone."""
    if isinstance(spec.source, Schedule):
        return _checks(spec.source, spec.target)
    if isinstance(spec.source, Throughput):
        said = translate(
            "Sentences", "Bascule sends to {target}{via} and measures how fast the way is."
        )
        return said.format(**_reached_end(spec.target))
    said = translate("Sentences", "{source} and {target}.").format(
        source=_source(spec.source), target=_target(spec.target)
    )
    if spec.listens and spec.allow:
        only = translate("Sentences", "Only {addresses} may connect.")
        said = f"{said} {only.format(addresses=', '.join(spec.allow))}"
    return said


def _checks(schedule: Schedule, target: Target) -> str:
    said = translate("Sentences", "Bascule checks every {span} whether {target} answers{via}.")
    return said.format(span=figures.exact_span(schedule.every_seconds), **_reached_end(target))


def _reached_end(target: Target) -> dict[str, str]:
    """What a target is called, and the proxies on the way to it."""
    if isinstance(target, TcpConnect):
        return {"target": join_port(target.host, target.port), "via": _through(target.via)}
    return {"target": end_name(target), "via": ""}


def _source(source: Source) -> str:
    match source:
        case TcpListen():
            return _listen(source)
        case UnixListen(tls=None):
            said = translate("Sentences", "Bascule listens on the socket {path}")
        case UnixListen():
            said = translate("Sentences", "Bascule listens with TLS on the socket {path}")
        case SerialPort():
            said = translate("Sentences", "Bascule opens the serial port {device}")
            return said.format(device=source.device)
        case UnixConnect(tls=None):
            said = translate("Sentences", "Bascule connects to the socket {path}")
        case UnixConnect():
            said = translate("Sentences", "Bascule connects with TLS to the socket {path}")
        case TcpConnect():
            if is_this_computer(source.host) and not source.via:
                plain = translate("Sentences", "Bascule connects to port {port} of this computer")
                with_tls = translate(
                    "Sentences", "Bascule connects with TLS to port {port} of this computer"
                )
            else:
                plain = translate("Sentences", "Bascule connects to {host}, port {port}")
                with_tls = translate(
                    "Sentences", "Bascule connects with TLS to {host}, port {port}"
                )
            said = (plain if source.tls is None else with_tls).format(
                host=source.host, port=source.port
            )
            return said + _through(source.via)
        case _:
            return source_words(source)
    return said.format(path=source.path)


def _listen(source: TcpListen) -> str:
    address = parse_host(source.host)
    if is_this_computer(source.host):
        plain = translate("Sentences", "Bascule listens on {port} of this computer")
        with_tls = translate("Sentences", "Bascule listens with TLS on {port} of this computer")
    elif address is not None and address.is_unspecified:
        plain = translate("Sentences", "Bascule listens to the network on {port}")
        with_tls = translate("Sentences", "Bascule listens with TLS to the network on {port}")
    else:
        plain = translate("Sentences", "Bascule listens to the network on {host}, {port}")
        with_tls = translate(
            "Sentences", "Bascule listens with TLS to the network on {host}, {port}"
        )
    if source.port:
        port = translate("Sentences", "port {number}").format(number=source.port)
    else:
        port = translate("Sentences", "a free port")
    return (plain if source.tls is None else with_tls).format(host=source.host, port=port)


def _target(target: Target) -> str:
    match target:
        case SerialPort():
            said = translate("Sentences", "passes everything to the serial port {device}")
            return said.format(device=target.device)
        case UnixConnect(tls=None):
            said = translate("Sentences", "passes everything to the socket {path}")
            return said.format(path=target.path)
        case UnixConnect():
            said = translate("Sentences", "passes everything, encrypted, to the socket {path}")
            return said.format(path=target.path)
        case TcpConnect():
            if is_this_computer(target.host) and not target.via:
                plain = translate("Sentences", "passes everything to port {port} of this computer")
                with_tls = translate(
                    "Sentences", "passes everything, encrypted, to port {port} of this computer"
                )
            else:
                plain = translate("Sentences", "passes everything to {host}, port {port}")
                with_tls = translate(
                    "Sentences", "passes everything, encrypted, to {host}, port {port}"
                )
            said = (plain if target.tls is None else with_tls).format(
                host=target.host, port=target.port
            )
            return said + _through(target.via)
        case _:
            return target_words(target)


def _through(via: tuple[ProxyHop, ...]) -> str:
    """The proxies on the way, with a space before; empty where there is none."""
    if not via:
        return ""
    names = [join_port(hop.host, hop.port) for hop in via]
    if len(names) == 1:
        return translate("Sentences", " through the proxy at {proxy}").format(proxy=names[0])
    said = translate("Sentences", " through the proxies at {proxies}, then {last}")
    return said.format(proxies=", ".join(names[:-1]), last=names[-1])


# the route --------------------------------------------------------------------------------------


def route_line(spec: RelaySpec) -> str:
    """The route in one line, source first: ``127.0.0.1:2001 → COM5 · 9600 8N1``."""
    parts = [_end(spec.source)]
    if isinstance(spec.source, TcpConnect):
        parts += [join_port(hop.host, hop.port) for hop in reversed(spec.source.via)]
    if isinstance(spec.target, TcpConnect):
        parts += [join_port(hop.host, hop.port) for hop in spec.target.via]
    parts.append(_end(spec.target))
    return " → ".join(parts)


def _end(end: Source | Target) -> str:
    match end:
        case SerialPort():
            return f"{end.device} · {end.line}"
        case TcpListen() | TcpConnect():
            name = join_port(end.host, end.port)
        case UnixListen() | UnixConnect():
            name = end.path
        case _:
            return end_name(end)
    return name if end.tls is None else f"{name} · TLS"


# what to type elsewhere -------------------------------------------------------------------------


def client_hint(spec: RelaySpec, listening: tuple[str, ...] = ()) -> Hint:
    """The one address to give away: for other computers where they may connect, else for this."""
    hints = client_hints(spec, listening)
    return hints[0] if hints else Hint("", "")


def client_hints(spec: RelaySpec, listening: tuple[str, ...] = ()) -> list[Hint]:
    """All that can be typed to use a relay, best first; none where it listens to nobody.

    ``listening`` are the addresses really bound; a relay that is stopped has none.
    """
    source = spec.source
    if isinstance(source, UnixListen):
        return [Hint(translate("Sentences", "Socket on this computer"), source.path)]
    if not isinstance(source, TcpListen) or isinstance(spec.target, ShareFile):
        return []  # the way to a file that is handed out is a secret of the engine: ``share_words``
    return [
        Hint(place.label, _typed(spec, source, place.host, place.port))
        for place in places(source, listening)
    ]


class Place(NamedTuple):
    """Where a port can be reached: from where, in words, and at which host."""

    label: str
    host: str
    port: int


def places(source: TcpListen, listening: tuple[str, ...] = ()) -> list[Place]:
    """Where a source can be reached, best first; none where its port is not known yet."""
    port = source.port
    for address in listening:
        port = int(address.rpartition(":")[2] or port)
    if port == 0:
        return []  # any free one: known when it runs
    address = parse_host(source.host)
    from_here = translate("Sentences", "From this computer")
    from_there = translate("Sentences", "From another computer")
    if address is not None and address.is_unspecified:
        hosts = network_addresses(with_ipv6=address.version == 6)
        here = Place(from_here, "127.0.0.1", port)
        return [*(Place(from_there, host, port) for host in hosts), here]
    label = from_here if is_this_computer(source.host) else from_there
    return [Place(label, source.host, port)]


def _typed(spec: RelaySpec, source: TcpListen, host: str, port: int) -> str:
    """What a program or a browser wants; a browser where the target is a known web port."""
    target = spec.target
    where = join_port(host, port)
    if isinstance(target, TcpConnect):
        secured = target.tls is not None
        web = target.port in (_WEB_TLS_PORTS if secured else _WEB_PORTS)
        if web:
            return f"{'http' if source.tls is None else 'https'}://{where}"
        if not secured and target.port in _WEB_TLS_PORTS and source.tls is None:
            return f"https://{where}"  # the TLS of the target passes through
    return where


def network_addresses(*, with_ipv6: bool = False) -> list[str]:
    """This computer's own addresses on its networks, private IPv4 first, the most likely first."""
    found: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = []
    for interface in QNetworkInterface.allInterfaces():
        flags = interface.flags()
        up = QNetworkInterface.InterfaceFlag.IsUp | QNetworkInterface.InterfaceFlag.IsRunning
        if flags & up != up or flags & QNetworkInterface.InterfaceFlag.IsLoopBack:
            continue
        for entry in interface.addressEntries():
            host = entry.ip()
            if host.protocol() is QAbstractSocket.NetworkLayerProtocol.IPv6Protocol and (
                not with_ipv6 or host.isLinkLocal()
            ):
                continue
            address = parse_host(host.toString())
            if address is not None and not address.is_link_local:
                found.append(address)
    found.sort(key=lambda address: (address.version, not address.is_private))
    return [str(address) for address in found[:3]]
