"""Owns what is set on the sockets of TCP connections, and when."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

_KEEPALIVE_IDLE_SECONDS = 60
_KEEPALIVE_INTERVAL_SECONDS = 10
_KEEPALIVE_PROBES = 6


@dataclass(frozen=True, slots=True)
class SocketOptions:
    """What is set on every TCP connection; 0 (-1 where 0 means something) leaves the default."""

    keepalive: bool = True
    nodelay: bool = True
    keepalive_idle_seconds: int = 0
    keepalive_interval_seconds: int = 0
    keepalive_probes: int = 0
    close_linger_seconds: int = -1
    send_buffer_bytes: int = 0
    receive_buffer_bytes: int = 0
    hop_limit: int = 0
    service_type: int = -1
    reuse_address: bool = True
    reuse_port: bool = False
    interface: str = ""
    _rare: bool = field(init=False, repr=False, compare=False)
    """Whether anything but ``nodelay`` is to be set; asked for each connection."""

    def __post_init__(self) -> None:
        rare = (
            self.reuse_port
            or self.send_buffer_bytes
            or self.receive_buffer_bytes
            or self.close_linger_seconds >= 0
            or self.interface
            or self.hop_limit
            or self.service_type >= 0
        )
        object.__setattr__(self, "_rare", bool(rare))

    def before_listening(self, sock: socket.SocketType) -> None:
        """Set what concerns a listening socket; what it accepts inherits the rest on POSIX.

        Raises: OSError.
        """
        if self.reuse_address:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.set_on(sock)
        self.keep_alive(sock)

    def before_connecting(self, sock: socket.SocketType, *, bound: bool = False) -> None:
        """Set what concerns a connection that is to be made; ``bound``: from a port of our choice.

        Raises: OSError.
        """
        if bound and self.reuse_address and sys.platform != "win32":  # there it would share it
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.set_on(sock)

    @property
    def on_closing(self) -> Callable[[socket.SocketType], None] | None:
        """What an orderly close needs, if anything."""
        return self._close_behind if self.close_linger_seconds > 0 else None

    def _close_behind(self, sock: socket.SocketType) -> None:
        """Let the system send what is unsent after closing, for so long: lingering it would make
        close(), and with it the whole loop, wait for the peer.
        """
        _try(sock, socket.SOL_SOCKET, socket.SO_LINGER, _linger(0, 0))
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # RFC 9293 §3.9.1.1; RFC 5482
            milliseconds = self.close_linger_seconds * 1000
            _try(sock, socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)

    def set_on(self, sock: socket.SocketType) -> None:
        """Set the options of a connection, except keepalive, which a short one does not need.

        To be called before it is made: the first packet already shows the size of the buffers,
        and says where the others go. What the system does not know is left alone.

        Raises: OSError where it refuses.
        """
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, self.nodelay)
        except OSError:
            pass  # a Unix socket has it not
        if not self._rare:
            return
        level = socket.SOL_SOCKET
        if self.reuse_port and hasattr(socket, "SO_REUSEPORT"):
            sock.setsockopt(level, socket.SO_REUSEPORT, 1)
        if self.send_buffer_bytes:
            sock.setsockopt(level, socket.SO_SNDBUF, self.send_buffer_bytes)
        if self.receive_buffer_bytes:
            sock.setsockopt(level, socket.SO_RCVBUF, self.receive_buffer_bytes)
        seconds = self.close_linger_seconds
        if seconds == 0 or (seconds > 0 and sys.platform != "win32"):  # there close() would fail
            sock.setsockopt(level, socket.SO_LINGER, _linger(1, seconds))
        if self.interface and hasattr(socket, "SO_BINDTODEVICE"):
            sock.setsockopt(level, socket.SO_BINDTODEVICE, self.interface.encode())
        self._set_ip(sock)

    def keep_alive(self, sock: socket.SocketType) -> None:
        """Let the system notice a peer that is gone (RFC 9293 §3.8.4), where that is wanted."""
        if not self.keepalive:
            return
        _try(sock, socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        # macOS calls the idle time TCP_KEEPALIVE
        idle = getattr(socket, "TCP_KEEPIDLE", getattr(socket, "TCP_KEEPALIVE", None))
        if idle is not None:
            seconds = self.keepalive_idle_seconds or _KEEPALIVE_IDLE_SECONDS
            _try(sock, socket.IPPROTO_TCP, idle, seconds)
        if hasattr(socket, "TCP_KEEPINTVL"):
            seconds = self.keepalive_interval_seconds or _KEEPALIVE_INTERVAL_SECONDS
            _try(sock, socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, seconds)
        if hasattr(socket, "TCP_KEEPCNT"):
            probes = self.keepalive_probes or _KEEPALIVE_PROBES
            _try(sock, socket.IPPROTO_TCP, socket.TCP_KEEPCNT, probes)

    def _set_ip(self, sock: socket.SocketType) -> None:
        six = sock.family == socket.AF_INET6
        # A socket of IPv6 may carry IPv4 as well, if it listens on the whole network.
        if self.hop_limit:
            _try(sock, socket.IPPROTO_IP, socket.IP_TTL, self.hop_limit, must=not six)
            if six:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, self.hop_limit)
        if self.service_type >= 0:
            _try(sock, socket.IPPROTO_IP, socket.IP_TOS, self.service_type, must=not six)
            if six and hasattr(socket, "IPV6_TCLASS"):
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, self.service_type)


def _linger(on: int, seconds: int) -> bytes:
    """The system's struct: of shorts on Windows, of ints elsewhere."""
    return struct.pack("hh" if sys.platform == "win32" else "ii", on, seconds)


def _try(
    sock: socket.SocketType, level: int, option: int, value: int | bytes, *, must: bool = False
) -> None:
    """Set an option; raise OSError where the system refuses what ``must`` be."""
    try:
        sock.setsockopt(level, option, value)
    except OSError:
        if must:
            raise
