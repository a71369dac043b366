"""Owns which of our addresses a datagram was sent to, where a socket is bound to all of them.

A computer with several addresses must answer from the one that was written to, or whoever asked
takes the answer for a stranger's (RFC 1122 §4.1.3.5). Systems tell it beside the data and take it
back in the same form (ip(7), ipv6(7)); where one does not (Windows), it chooses the address.
"""

from __future__ import annotations

import socket
import struct
import sys

from bascule.streams.datagram_port import Key, PlainReading, Reading
from bascule.streams.datagram_sender import Ancillary
from bascule.streams.datagram_watch import DATAGRAM_BYTES, Name

_V4 = struct.Struct("@i4s4s")  # struct in_pktinfo: interface, our address, where it was sent to
_V6 = struct.Struct("@16sI")  # struct in6_pktinfo: where it was sent to, interface
_ANCILLARY_BYTES = 64


class InfoReading:
    """Reads a socket that has been told to say where datagrams were sent to."""

    def __init__(self, sock: socket.socket) -> None:
        self._recvmsg = sock.recvmsg

    def read(self) -> tuple[bytes, Key]:
        """The next datagram; who sent it, and to which of our addresses."""
        data, said, _flags, name = self._recvmsg(DATAGRAM_BYTES, _ANCILLARY_BYTES)
        if not said:
            return data, (name, b"")
        value = said[0][2]
        # Of the interface nothing is kept: by whichever they come, they are the same peer's.
        return data, (name, value[4:8] if len(value) == _V4.size else value[:16])

    def answer(self, key: Key) -> tuple[Name, Ancillary]:
        """The address it came from, and that the answer goes from where it was sent to."""
        assert isinstance(key, tuple)
        assert isinstance(key[1], bytes)
        name, ours = key[0], key[1]
        if len(ours) == 4:
            return name, [(socket.IPPROTO_IP, socket.IP_PKTINFO, _V4.pack(0, ours, bytes(4)))]
        if len(ours) == 16 and ours[0] != 0xFF:  # nobody sends from the address of a group
            zone = name[3] if isinstance(name, tuple) and len(name) == 4 else 0
            return name, [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, _V6.pack(ours, zone))]
        return name, []


def reading(sock: socket.socket) -> Reading:
    """How to read a bound UDP socket."""
    if sys.platform == "win32" or not _is_everywhere(sock):
        return PlainReading(sock)
    try:
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        else:
            # macOS' IP_RECVPKTINFO has the same number
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_PKTINFO, 1)
    except (OSError, AttributeError):
        return PlainReading(sock)
    return InfoReading(sock)


def _is_everywhere(sock: socket.socket) -> bool:
    return sock.getsockname()[0] in ("0.0.0.0", "::")
