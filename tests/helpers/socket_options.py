"""Options of sockets in tests: all that there are, and what Linux then says of a socket."""

from __future__ import annotations

import socket
import struct
from typing import Any

from bascule.streams.socket_options import SocketOptions

SOL, TCP, IP, IP6 = (
    socket.SOL_SOCKET,
    socket.IPPROTO_TCP,
    socket.IPPROTO_IP,
    socket.IPPROTO_IPV6,
)
ALL = SocketOptions(
    keepalive=True,
    nodelay=False,
    keepalive_idle_seconds=7,
    keepalive_interval_seconds=3,
    keepalive_probes=2,
    close_linger_seconds=5,
    send_buffer_bytes=40_000,
    receive_buffer_bytes=30_000,
    hop_limit=9,
    service_type=0x10,
    reuse_address=True,
    reuse_port=True,
    interface="lo",
)
KEPT_ALIVE = {
    (SOL, socket.SO_KEEPALIVE): 1,
    (TCP, socket.TCP_KEEPIDLE): 7,
    (TCP, socket.TCP_KEEPINTVL): 3,
    (TCP, socket.TCP_KEEPCNT): 2,
}
CONNECTED = {
    (TCP, socket.TCP_NODELAY): 0,
    (SOL, socket.SO_SNDBUF): 80_000,  # Linux doubles it, for what it notes itself
    (SOL, socket.SO_RCVBUF): 60_000,
    (SOL, socket.SO_REUSEPORT): 1,
}
FOUR = {(IP, socket.IP_TTL): 9, (IP, socket.IP_TOS): 0x10}
SIX = {(IP6, socket.IPV6_UNICAST_HOPS): 9, (IP6, socket.IPV6_TCLASS): 0x10}


def holds(sock: Any, wanted: dict[tuple[int, int], int]) -> bool:
    """Whether the system says so of each option."""
    found = {option: sock.getsockopt(*option) for option in wanted}
    assert found == wanted
    return True


def lingers(sock: Any) -> tuple[int, int]:
    on, seconds = struct.unpack("ii", sock.getsockopt(SOL, socket.SO_LINGER, 8))
    return on, seconds
