"""Owns what is set on the sockets of TCP connections, and when."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

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

    def before_listening(self, sock: socket.SocketType) -> None:
        """Set what concerns a listening socket; what it accepts inherits the rest on POSIX.

        Raises: OSError.
        """
        if self.reuse_address:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.set_on(sock)
        self.keep_alive(sock)

    def set_on(self, sock: socket.SocketType) -> None:
        """Set the options of a connection, except keepalive, which a short one does not need.

        What the system does not know is left alone. Raises: OSError where it refuses.
        """
        _try(sock, socket.IPPROTO_TCP, socket.TCP_NODELAY, int(self.nodelay))
        if self == _USUAL:
            return
        level = socket.SOL_SOCKET
        if self.reuse_port and hasattr(socket, "SO_REUSEPORT"):
            sock.setsockopt(level, socket.SO_REUSEPORT, 1)
        if self.send_buffer_bytes:
            sock.setsockopt(level, socket.SO_SNDBUF, self.send_buffer_bytes)
        if self.receive_buffer_bytes:
            sock.setsockopt(level, socket.SO_RCVBUF, self.receive_buffer_bytes)
        if self.close_linger_seconds >= 0:
            sock.setsockopt(
                level, socket.SO_LINGER, struct.pack("ii", 1, self.close_linger_seconds)
            )
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
        if self.hop_limit:
            if six:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, self.hop_limit)
            else:
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, self.hop_limit)
        if self.service_type >= 0:
            if not six:
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, self.service_type)
            elif hasattr(socket, "IPV6_TCLASS"):
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, self.service_type)


def _try(sock: socket.SocketType, level: int, option: int, value: int) -> None:
    try:
        sock.setsockopt(level, option, value)
    except OSError:
        pass


_USUAL = SocketOptions()
