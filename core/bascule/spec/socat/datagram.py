"""Owns UDP and Unix datagram sockets in socat's words."""

from __future__ import annotations

from typing import Any

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
from bascule.spec.socat import common
from bascule.spec.socat.given import Given
from bascule.spec.socat.network import is_abstract, listening, masked, unix_path
from bascule.spec.socat.verdicts import VerdictKind

_LOW_PORT = "Left out: Bascule sends datagrams from any port; sourceport= chooses one."


def _bound(given: Given, version: str) -> dict[str, Any]:
    """What all have in common that receive on a port of their own."""
    (port,) = common.params(given, "port")
    host, family = listening(given, version)
    return {
        "host": host,
        "port": common.port(given, port),
        "family": family,
        "groups": common.multicast_groups(given),
        "socket": common.socket(given),
        **common.common(given),
    }


def listen(given: Given, version: str = "") -> UdpListen:
    """``UDP-LISTEN:port``."""
    return UdpListen(
        **_bound(given, version),
        peer_idle_seconds=given.seconds("peer-idle", 60.0),
        max_peers=given.integer("max-peers", 1024, 1, 65_536),
    )


def receive_from(given: Given, version: str = "") -> UdpReceiveFrom:
    """``UDP-RECVFROM:port``."""
    return UdpReceiveFrom(**_bound(given, version))


def receive(given: Given, version: str = "") -> UdpReceive:
    """``UDP-RECV:port``."""
    return UdpReceive(**_bound(given, version))


def _to(given: Given, version: str) -> dict[str, Any]:
    """What all have in common that send to a host."""
    host, port = common.params(given, "host", "port")
    name, source_port = common.bind(given)
    given.drop("lowport", _LOW_PORT, warns=True)
    if given.has("connect-timeout"):
        why = "Datagrams connect nobody: there is nothing to wait for."
        given.say_of("connect-timeout", VerdictKind.IGNORED, why)
    return {
        "host": common.host(given, host),
        "port": common.port(given, port, low=1),
        "family": common.family(given, version),
        "bind": name,
        "source_port": source_port,
        "broadcast": given.switch("so-broadcast"),
        "multicast_interface": given.text("ip-multicast-if"),
        "multicast_hop_limit": given.integer("ip-multicast-ttl", 1, 0, 255),
        "multicast_loop": _loop(given),
        "groups": common.multicast_groups(given),
        "socket": common.socket(given),
        **common.common(given),
    }


def _loop(given: Given) -> bool:
    option = given.last("ip-multicast-loop", "ipv6-multicast-loop")
    return option is None or bool(given.number(option))


def connect(given: Given, version: str = "") -> UdpConnect:
    """``UDP:host:port``."""
    return UdpConnect(**_to(given, version))


def send_to(given: Given, version: str = "") -> UdpSendTo:
    """``UDP-SENDTO:host:port``."""
    return UdpSendTo(**_to(given, version))


def datagram(given: Given, version: str = "") -> UdpDatagram:
    """``UDP-DATAGRAM:host:port``."""
    return UdpDatagram(allow=given.networks("range"), **_to(given, version))


def _unix(given: Given) -> dict[str, Any]:
    if given.has("unlink-close", "unlink-early", "unlink"):
        for name in ("unlink-close", "unlink-early", "unlink"):
            why = "A socket that nobody uses any more is replaced, and ours is removed at the end."
            given.say_of(name, VerdictKind.EMULATED, why)
    return {"path": unix_path(given), "abstract": is_abstract(given), **common.common(given)}


def unix_receive(given: Given, _version: str = "") -> UnixReceive:
    """``UNIX-RECV:path``."""
    return UnixReceive(**_unix(given), mode=given.permissions(masked(given, 0o777) or "600"))


def unix_receive_from(given: Given, _version: str = "") -> UnixReceiveFrom:
    """``UNIX-RECVFROM:path``."""
    return UnixReceiveFrom(**_unix(given), mode=given.permissions(masked(given, 0o777) or "600"))


def unix_send_to(given: Given, _version: str = "") -> UnixSendTo:
    """``UNIX-SENDTO:path``."""
    return UnixSendTo(**_unix(given), bind=given.text("bind"))


MAKERS: dict[str, Any] = {
    "UDP-LISTEN": listen,
    "UDP-RECVFROM": receive_from,
    "UDP-RECV": receive,
    "UDP-CONNECT": connect,
    "UDP-SENDTO": send_to,
    "UDP-DATAGRAM": datagram,
    "UNIX-RECV": unix_receive,
    "UNIX-RECVFROM": unix_receive_from,
    "UNIX-SENDTO": unix_send_to,
    "ABSTRACT-RECV": unix_receive,
    "ABSTRACT-RECVFROM": unix_receive_from,
    "ABSTRACT-SENDTO": unix_send_to,
}
