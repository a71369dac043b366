"""Owns a whole relay as data: source, target, and the rules between them."""

from __future__ import annotations

import ipaddress

from bascule.errors import ErrorCode, SpecError
from bascule.spec.endpoints import (
    SerialPort,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.ends import Source, Target
from bascule.spec.fields import FieldKind, Spec, invalid, parse_host, spec, spec_field
from bascule.spec.measuring import Throughput
from bascule.spec.transfer import SendFiles

_LOOPBACK = ipaddress.IPv4Address("127.0.0.1")
_LOOPBACK_6 = ipaddress.IPv6Address("::1")


@spec()
class RelaySpec(Spec):
    """A source joined to a target.

    Where the source listens, every arrival is a connection of its own; else the relay has one
    connection, which is made again with growing pauses when it fails or ends.
    """

    source: Source = spec_field(FieldKind.GROUP, "where connections come from")
    target: Target = spec_field(FieldKind.GROUP, "where they lead to")
    allow: tuple[str, ...] = spec_field(
        FieldKind.NETWORKS, "only these addresses or networks may connect; empty: anyone", ()
    )
    max_connections: int = spec_field(
        FieldKind.INTEGER,
        "connections at the same time; 0: no limit",
        0,
        minimum=0,
        maximum=1_000_000,
        advanced=True,
    )
    overflow: str = spec_field(
        FieldKind.CHOICE,
        "what becomes of a connection above the limit",
        "refuse",
        choices=("refuse", "queue"),
        advanced=True,
    )
    idle_seconds: float = spec_field(
        FieldKind.SECONDS,
        "end a connection without traffic after; 0: never",
        0.0,
        minimum=0,
        maximum=31_536_000,
        advanced=True,
    )
    linger_seconds: float = spec_field(
        FieldKind.SECONDS,
        "when one side has finished and the other cannot (serial): wait this long for more",
        2.0,
        minimum=0,
        maximum=3600,
        advanced=True,
    )
    retry_first_seconds: float = spec_field(
        FieldKind.SECONDS,
        "first pause before trying again",
        1.0,
        minimum=0.05,
        maximum=3600,
        advanced=True,
    )
    retry_longest_seconds: float = spec_field(
        FieldKind.SECONDS,
        "longest pause before trying again",
        60.0,
        minimum=0.05,
        maximum=86_400,
        advanced=True,
    )
    direction: str = spec_field(
        FieldKind.CHOICE,
        "which way bytes go: both, up (source to target) or down",
        "both",
        choices=("both", "up", "down"),
        advanced=True,
    )
    once: bool = spec_field(
        FieldKind.SWITCH, "stop after the first connection has ended", False, advanced=True
    )
    half_close_seconds: float = spec_field(
        FieldKind.SECONDS,
        "when one side has finished, end after so long without a byte; 0: let the other finish",
        0.0,
        minimum=0,
        maximum=86_400,
        advanced=True,
    )
    chunk_bytes: int = spec_field(
        FieldKind.INTEGER,
        "most bytes moved at once; 0: Bascule decides",
        0,
        minimum=0,
        maximum=2**24,
        advanced=True,
    )
    connections_per_client: int = spec_field(
        FieldKind.INTEGER,
        "connections of one address at the same time; 0: no limit",
        0,
        minimum=0,
        maximum=1_000_000,
        advanced=True,
    )
    up_bytes_per_second: int = spec_field(
        FieldKind.INTEGER,
        "limit of the rate up; 0: none",
        0,
        minimum=0,
        maximum=2**50,
        advanced=True,
    )
    down_bytes_per_second: int = spec_field(
        FieldKind.INTEGER,
        "limit of the rate down; 0: none",
        0,
        minimum=0,
        maximum=2**50,
        advanced=True,
    )

    def check(self) -> None:
        if self.retry_first_seconds > self.retry_longest_seconds:
            raise invalid(
                "retry_first_seconds",
                f"must not be longer than the longest pause, {self.retry_longest_seconds:g} s",
                rule="retry",
                maximum=self.retry_longest_seconds,
            )
        if isinstance(self.source, TcpListen) and isinstance(self.target, TcpConnect):
            self._check_tcp_loop(self.source, self.target)
        same = (
            isinstance(self.source, UnixListen)
            and isinstance(self.target, UnixConnect)
            and self.source.path == self.target.path
        ) or (
            isinstance(self.source, SerialPort)
            and isinstance(self.target, SerialPort)
            and self.source.device.lower() == self.target.device.lower()
        )
        if same:
            raise _loop("target")

    def _check_tcp_loop(self, source: TcpListen, target: TcpConnect) -> None:
        """Refuse a relay whose target is its own listening port."""
        if target.via or target.port != source.port:
            return
        reached, listen = _reached(target.host), parse_host(source.host)
        if listen is not None and listen.is_unspecified:
            # Listening on :: takes IPv4 as well.
            looped = any(
                not isinstance(each, str)
                and each.is_loopback
                and (listen.version == 6 or each.version == 4)
                for each in reached
            )
        else:
            looped = not reached.isdisjoint(_reached(source.host))
        if looped:
            raise _loop("target.port")

    @property
    def ends_by_itself(self) -> bool:
        """Whether a relay that does not listen is done when its connection has ended."""
        return self.once or isinstance(self.source, SendFiles | Throughput)

    @property
    def listens(self) -> bool:
        """Whether the source waits for connections."""
        return self.source.listens

    @property
    def exposed(self) -> bool:
        """Whether the network may reach the source and nothing says who."""
        source = self.source
        if not isinstance(source, TcpListen) or self.allow:
            return False
        if source.tls is not None and source.tls.client_authority:
            return False
        address = parse_host(source.host)
        if address is None:
            return source.host.rstrip(".").lower() != "localhost"
        return not address.is_loopback


def _loop(field: str) -> SpecError:
    return SpecError("the relay would connect to itself", code=ErrorCode.RELAY_LOOP, field=field)


def _reached(host: str) -> set[ipaddress.IPv4Address | ipaddress.IPv6Address | str]:
    """What connecting to a host leads to, as far as that is known without a resolver."""
    address = parse_host(host)
    if address is None:
        name = host.rstrip(".").lower()
        return {_LOOPBACK, _LOOPBACK_6} if name == "localhost" else {name}
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_unspecified:  # the system connects to itself
        return {_LOOPBACK if address.version == 4 else _LOOPBACK_6}
    return {address}
