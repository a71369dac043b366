"""Owns how datagrams are handed to the system: one by one, or many with one call.

Linux cuts one long piece into datagrams of the same size itself (UDP_SEGMENT, udp(7)): it goes
through the network code once, which is where most of the time of a datagram goes.
"""

from __future__ import annotations

import errno
import socket
import struct
import sys
from collections.abc import Sequence
from time import monotonic

from bascule.streams.datagram_watch import Name

type Ancillary = list[tuple[int, int, bytes]]
"""What is said to the system beside the data (cmsg(3)): level, type, value."""

SEGMENTS = sys.platform == "linux"
"""Whether the system may be able to cut."""

_SOL_UDP = 17
_UDP_SEGMENT = 103
_MOST_SEGMENTS = 64
_MOST_BYTES = 65_000
_SEGMENT_BYTES = 1232
"""A datagram this long fits everywhere: 1280 (RFC 8200 §5) without the headers of IPv6 and UDP."""

_CANNOT = {errno.EINVAL, errno.EIO, errno.EMSGSIZE, errno.EOPNOTSUPP, errno.ENOPROTOOPT}
"""What systems and network cards say that cannot cut."""


class Sender:
    """Sends datagrams through a socket to one address, or to whom the socket is connected."""

    __slots__ = ("_ancillary", "_name", "_segments", "_send", "_sendto", "_sock", "lost", "used")

    def __init__(
        self,
        sock: socket.socket,
        name: Name = None,
        ancillary: Ancillary | None = None,
        *,
        segments: bool = SEGMENTS,
    ) -> None:
        self._sock = sock
        self._send = sock.send
        self._sendto = sock.sendto
        self._name = name
        self._ancillary = ancillary or []
        self._segments = segments
        self.lost = 0
        """Datagrams for which the system had no room and would not say when it has."""
        self.used = 0.0
        """When something was sent last, on the monotonic clock."""

    def send(self, datagrams: Sequence[bytes]) -> int:
        """Hand datagrams to the system, in order; return how many it took.

        Raises: OSError.
        """
        self.used = monotonic()
        sent, count = 0, len(datagrams)
        try:
            if count == 1:
                self.send_one(datagrams[0])
                return 1
            while sent < count:
                sent += self._some(datagrams, sent, count)
        except (BlockingIOError, InterruptedError):
            pass
        return sent

    def send_one(self, datagram: bytes) -> None:
        """Hand one datagram to the system. Raises: OSError; BlockingIOError where it takes none."""
        try:
            if self._name is None:
                self._send(datagram)
            elif not self._ancillary:
                self._sendto(datagram, self._name)
            else:
                self._sock.sendmsg((datagram,), self._ancillary, 0, self._name)
        except OSError as exc:
            # BSD's word for a full line: nobody tells when it has room again (send(2)).
            if exc.errno != errno.ENOBUFS:
                raise
            self.lost += 1

    def _some(self, datagrams: Sequence[bytes], start: int, count: int) -> int:
        """Send those from ``start`` on that go in one call; return how many that were."""
        size = len(datagrams[start])
        end = start + 1
        if self._segments and 0 < size <= _SEGMENT_BYTES:
            most = min(count, start + _MOST_SEGMENTS, start + _MOST_BYTES // size)
            while end < most and len(datagrams[end]) == size:
                end += 1
        if end == start + 1:
            self.send_one(datagrams[start])
            return 1
        cut = (_SOL_UDP, _UDP_SEGMENT, struct.pack("=H", size))
        try:
            self._sock.sendmsg(datagrams[start:end], (*self._ancillary, cut), 0, self._name)
        except BlockingIOError:
            raise
        except OSError as exc:
            if exc.errno not in _CANNOT:
                raise
            self._segments = False
            self.send_one(datagrams[start])
            return 1
        return end - start
