"""Owns questions about TCP and UDP ports of this computer: who holds one, which one is free."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass

import psutil

_TRIES = 200


@dataclass(frozen=True, slots=True)
class PortHolder:
    """The program that listens on a port."""

    pid: int
    program: str


def find_port_holder(port: int, host: str = "", *, udp: bool = False) -> PortHolder | None:
    """Say who listens on a TCP port, or has a UDP port, where the system tells us; of several,
    whoever has ``host`` or every address. Slow (reads every process): call it in a thread.
    """
    try:
        connections = psutil.net_connections("udp" if udp else "tcp")
    except (psutil.Error, OSError):
        return None  # macOS tells this to administrators only
    listening = [
        (connection.laddr.ip not in (host, "0.0.0.0", "::"), connection.pid)
        for connection in connections
        if (udp or connection.status == psutil.CONN_LISTEN)
        and connection.laddr
        and connection.laddr.port == port
    ]
    _elsewhere, pid = min(listening, key=lambda found: found[0], default=(True, None))
    if pid is None:
        return None
    try:
        return PortHolder(pid, psutil.Process(pid).name())
    except psutil.Error:
        return None


def find_free_port(host: str, port: int, *, udp: bool = False) -> int | None:
    """The first TCP or UDP port from ``port`` upward on which ``host`` could listen now; None if
    there is none nearby. Nothing stays bound.
    """
    bare = host.removeprefix("[").removesuffix("]")
    for candidate in range(port, min(port + _TRIES, 65536)):
        if _can_bind(bare, candidate, udp):
            return candidate
    return None


def _can_bind(host: str, port: int, udp: bool) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as probe:
        # As asyncio's servers do: on POSIX a port in TIME_WAIT is free; on Windows the same option
        # would let us share a port that is taken.
        # Of UDP it would mean sharing everywhere.
        if os.name == "posix" and sys.platform != "cygwin" and not udp:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
