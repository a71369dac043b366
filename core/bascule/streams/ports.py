"""Owns questions about TCP and UDP ports of this computer: who holds one, which one is free."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import psutil

_TRIES = 200
_LOOKS = 5


@dataclass(frozen=True, slots=True)
class PortHolder:
    """The program that listens on a port; ``path`` is its file, "" where the system does not tell
    us.
    """

    pid: int
    program: str
    path: str = ""

    @property
    def facts(self) -> dict[str, str | int]:
        """What an error says of it."""
        facts: dict[str, str | int] = {"program": self.program, "pid": self.pid}
        return facts | ({"program_path": self.path} if self.path else {})


def find_port_holder(port: int, host: str = "", *, udp: bool = False) -> PortHolder | None:
    """Say who listens on a TCP port, or has a UDP port, where the system tells us; of several,
    whoever has ``host`` or every address. Slow (reads every process): call it in a thread.
    """
    kind = "udp" if udp else "tcp"
    for _ in range(_LOOKS):
        try:
            found = _listening(psutil.net_connections(kind), port, host)
            if found is None or found.pid is None:
                return None
            process = psutil.Process(found.pid)
            # A program that is just starting another one shares its sockets with it for a moment.
            parent = process.parent()
            if parent is not None:
                shared = _listening(parent.net_connections(kind), port, found.laddr.ip)
                if shared is not None and shared.laddr == found.laddr:
                    process = parent
            return PortHolder(process.pid, process.name(), _path_of(process))
        except psutil.NoSuchProcess:
            continue  # it was such a moment, and it is over
        except (psutil.Error, OSError):
            return None  # macOS tells this to administrators only
    return None


def _path_of(process: psutil.Process) -> str:
    try:
        return process.exe()
    except psutil.AccessDenied:
        return ""  # it is another user's


def _listening(connections: Sequence[Any], port: int, host: str) -> Any:
    """Which of psutil's ``connections`` has the port; None where none has."""
    found = [
        (connection.laddr.ip not in (host, "0.0.0.0", "::"), connection)
        for connection in connections
        if (connection.type == socket.SOCK_DGRAM or connection.status == psutil.CONN_LISTEN)
        and connection.laddr
        and connection.laddr.port == port
    ]
    return min(found, key=itemgetter(0))[1] if found else None


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
