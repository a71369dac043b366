"""Owns the ends that carry datagrams: UDP and Unix datagram sockets.

A datagram is a chunk: it arrives as one, leaves as one, and an empty one counts (RFC 768).
"""

from __future__ import annotations

from typing import ClassVar

from bascule.errors import ErrorCode, SpecError
from bascule.names import is_proxy_only_name, multicast_group
from bascule.spec.fields import FieldKind, invalid, spec, spec_field
from bascule.spec.options import End, SocketSettings

FAMILIES = ("any", "ipv4", "ipv6")


@spec(kw_only=True)
class _Udp(End):
    family: str = spec_field(FieldKind.CHOICE, "IP version", "any", choices=FAMILIES, advanced=True)
    socket: SocketSettings | None = spec_field(
        FieldKind.GROUP, "settings of the socket", None, advanced=True
    )


@spec(kw_only=True)
class _UdpBound(_Udp):
    """One that receives on a port of its own."""

    host: str = spec_field(
        FieldKind.HOST,
        "address to listen on; 0.0.0.0 or :: for the whole network",
        "127.0.0.1",
        required=True,
    )
    groups: tuple[str, ...] = spec_field(
        FieldKind.TEXTS,
        "multicast groups to join: group, or group:interface (its name or address)",
        (),
        advanced=True,
    )

    def check(self) -> None:
        if is_proxy_only_name(self.host):
            raise SpecError(
                f"{self.host} is not an address of this computer and is never resolved here",
                code=ErrorCode.NAME_NOT_RESOLVABLE_HERE,
                field="host",
                host=self.host,
            )
        for group in self.groups:
            try:
                multicast_group(group)
            except ValueError as exc:
                why = f"{group} is not a multicast group"
                raise invalid("groups", why, rule="group", entry=group) from exc


@spec(kw_only=True)
class _UdpTo(_Udp):
    """One that sends to a host."""

    bind: str = spec_field(FieldKind.HOST, "local address to send from", "", advanced=True)
    source_port: int = spec_field(
        FieldKind.PORT, "local port to send from; 0: any", 0, advanced=True
    )
    broadcast: bool = spec_field(
        FieldKind.SWITCH, "allow sending to a broadcast address", False, advanced=True
    )
    multicast_interface: str = spec_field(
        FieldKind.TEXT, "interface for multicast, by name or address", "", advanced=True
    )
    multicast_hop_limit: int = spec_field(
        FieldKind.INTEGER,
        "routers a multicast packet may pass",
        1,
        minimum=0,
        maximum=255,
        advanced=True,
    )
    multicast_loop: bool = spec_field(
        FieldKind.SWITCH,
        "programs of this computer get multicast packets too",
        True,
        advanced=True,
    )
    groups: tuple[str, ...] = spec_field(
        FieldKind.TEXTS,
        "multicast groups to join: group, or group:interface (its name or address)",
        (),
        advanced=True,
    )

    host: str = spec_field(FieldKind.HOST, "host to send to", required=True)
    port: int = spec_field(FieldKind.PORT, "port to send to", minimum=1)

    def check(self) -> None:
        if is_proxy_only_name(self.host):
            raise SpecError(
                f"{self.host} can only be reached through a proxy and is never resolved here",
                code=ErrorCode.NAME_NOT_RESOLVABLE_HERE,
                field="host",
                host=self.host,
            )


@spec(kw_only=True)
class UdpListen(_UdpBound):
    """Wait for datagrams; each peer (address and port) is a connection of its own."""

    kind: ClassVar[str] = "udp-listen"
    listens: ClassVar[bool] = True
    port: int = spec_field(FieldKind.PORT, "port to listen on")
    peer_idle_seconds: float = spec_field(
        FieldKind.SECONDS,
        "forget a peer after so long without a datagram either way",
        60.0,
        minimum=0.1,
        maximum=86_400,
        advanced=True,
    )
    max_peers: int = spec_field(
        FieldKind.INTEGER,
        "peers at the same time; the longest silent gives way",
        1024,
        minimum=1,
        maximum=65_536,
        advanced=True,
    )


@spec(kw_only=True)
class UdpReceiveFrom(_UdpBound):
    """Wait for datagrams; each single one is a connection of its own, answered to its sender."""

    kind: ClassVar[str] = "udp-recvfrom"
    listens: ClassVar[bool] = True
    port: int = spec_field(FieldKind.PORT, "port to listen on")


@spec(kw_only=True)
class UdpReceive(_UdpBound):
    """Receive datagrams from anybody, as one connection; nothing is answered."""

    kind: ClassVar[str] = "udp-recv"
    port: int = spec_field(FieldKind.PORT, "port to listen on")


@spec(kw_only=True)
class UdpConnect(_UdpTo):
    """Exchange datagrams with one host and port, and hear when it refuses them."""

    kind: ClassVar[str] = "udp-connect"


@spec(kw_only=True)
class UdpSendTo(_UdpTo):
    """Send datagrams to one host and port; answers are taken from it only."""

    kind: ClassVar[str] = "udp-sendto"


@spec(kw_only=True)
class UdpDatagram(_UdpTo):
    """Send datagrams to an address, also of a group or of everybody; take them from anyone
    within ``allow``.
    """

    kind: ClassVar[str] = "udp-datagram"
    allow: tuple[str, ...] = spec_field(
        FieldKind.NETWORKS, "take datagrams only from these addresses or networks", ()
    )


@spec(kw_only=True)
class _UnixDatagram(End):
    path: str = spec_field(FieldKind.FILE, "path of the socket", required=True)
    abstract: bool = spec_field(
        FieldKind.SWITCH, "the path is an abstract name, not a file (Linux)", False, advanced=True
    )


@spec(kw_only=True)
class _UnixDatagramBound(_UnixDatagram):
    mode: str = spec_field(
        FieldKind.TEXT, "permissions of the socket, in octal", "600", advanced=True
    )

    def check(self) -> None:
        check_mode(self.mode)


@spec(kw_only=True)
class UnixReceive(_UnixDatagramBound):
    """Receive datagrams on a Unix socket from anybody, as one connection."""

    kind: ClassVar[str] = "unix-recv"


@spec(kw_only=True)
class UnixReceiveFrom(_UnixDatagramBound):
    """Each datagram on a Unix socket is a connection of its own, answered to its sender."""

    kind: ClassVar[str] = "unix-recvfrom"
    listens: ClassVar[bool] = True


@spec(kw_only=True)
class UnixSendTo(_UnixDatagram):
    """Send datagrams to a Unix socket; answers come back to ``bind`` where it is given."""

    kind: ClassVar[str] = "unix-sendto"
    bind: str = spec_field(FieldKind.FILE, "path of our own socket, for answers", "", advanced=True)


def check_mode(mode: str) -> None:
    """Check octal permissions. Raises: SpecError naming ``mode``."""
    if not mode.isdigit() or set(mode) - set("01234567") or len(mode) > 4:
        raise invalid("mode", "must be octal permissions such as 600", rule="octal")
