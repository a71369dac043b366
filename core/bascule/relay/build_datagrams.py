"""Owns the way from the specs of datagrams to what does them: UDP, and Unix sockets of that kind.

Imported only for a relay that has such an end.
"""

from __future__ import annotations

from typing import Any

from bascule.relay.admission import AllowList
from bascule.relay.build_network import FAMILIES, socket_options
from bascule.spec.datagrams import (
    UdpConnect,
    UdpDatagram,
    UdpListen,
    UdpReceive,
    UdpReceiveFrom,
    UdpSendTo,
    UnixReceive,
    UnixReceiveFrom,
    UnixSendTo,
)
from bascule.streams.base import Dialer, Listener
from bascule.streams.multicast import Multicast
from bascule.streams.udp import (
    UdpConnectDialer,
    UdpDatagramDialer,
    UdpReceiveDialer,
    UdpSendToDialer,
)
from bascule.streams.udp_listen import UdpListener, UdpReceiveFromListener
from bascule.streams.unix_datagram import (
    UnixReceiveDialer,
    UnixReceiveFromListener,
    UnixSendToDialer,
)


def udp_listener(spec: UdpListen | UdpReceiveFrom, field: str) -> Listener:
    """Make the listener of a UDP port."""
    if isinstance(spec, UdpReceiveFrom):
        return UdpReceiveFromListener(spec.host, spec.port, **_bound(spec, field))
    return UdpListener(
        spec.host,
        spec.port,
        peer_idle_seconds=spec.peer_idle_seconds,
        max_peers=spec.max_peers,
        **_bound(spec, field),
    )


def dialer(
    spec: UdpConnect | UdpSendTo | UdpDatagram | UdpReceive | UnixReceive | UnixSendTo, field: str
) -> Dialer:
    """Make the dialer of an end that carries datagrams and does not listen."""
    match spec:
        case UdpReceive():
            return udp_receiver(spec, field)
        case UnixReceive() | UnixSendTo():
            return unix_dialer(spec, field)
        case _:
            return udp_dialer(spec, field)


def udp_receiver(spec: UdpReceive, field: str) -> Dialer:
    """Make the dialer of a port on which is received only."""
    return UdpReceiveDialer(spec.host, spec.port, **_bound(spec, field))


def udp_dialer(spec: UdpConnect | UdpSendTo | UdpDatagram, field: str) -> Dialer:
    """Make the dialer of what sends datagrams to a host."""
    given: dict[str, Any] = {
        "family": FAMILIES[spec.family],
        "bind": spec.bind,
        "source_port": spec.source_port,
        "broadcast": spec.broadcast,
        "multicast": Multicast(
            spec.multicast_interface, spec.multicast_hop_limit, spec.multicast_loop
        ),
        "groups": spec.groups,
        "options": socket_options(spec.socket),
        "field": field,
    }
    match spec:
        case UdpConnect():
            return UdpConnectDialer(spec.host, spec.port, **given)
        case UdpSendTo():
            return UdpSendToDialer(spec.host, spec.port, **given)
        case UdpDatagram():
            allows = AllowList(spec.allow).allows if spec.allow else None
            return UdpDatagramDialer(spec.host, spec.port, allows=allows, **given)


def unix_listener(spec: UnixReceiveFrom, field: str) -> Listener:
    """Make the listener of a Unix socket where each datagram is answered."""
    return UnixReceiveFromListener(
        spec.path, abstract=spec.abstract, mode=int(spec.mode, 8), field=field
    )


def unix_dialer(spec: UnixReceive | UnixSendTo, field: str) -> Dialer:
    """Make the dialer of a Unix socket for datagrams."""
    if isinstance(spec, UnixSendTo):
        return UnixSendToDialer(spec.path, abstract=spec.abstract, bind=spec.bind, field=field)
    return UnixReceiveDialer(spec.path, abstract=spec.abstract, mode=int(spec.mode, 8), field=field)


def _bound(spec: UdpListen | UdpReceiveFrom | UdpReceive, field: str) -> dict[str, Any]:
    return {
        "family": FAMILIES[spec.family],
        "groups": spec.groups,
        "options": socket_options(spec.socket),
        "field": field,
    }
