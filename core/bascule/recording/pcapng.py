"""Owns writing a recording as a pcapng file (draft-ietf-opsawg-pcapng), which Wireshark reads.

A relay sees bytes and no packets: the headers around them are made up, so that each connection is a
TCP conversation with its beginning, its end and no gap, or a flow of UDP datagrams. Addresses are
those of the connection; where an end has none (a serial port), they are of TEST-NET-1 (RFC 5737).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address

from bascule.recording.records import Mark, Passage, Record

_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_BYTE_ORDER = 0x1A2B3C4D
_LINKTYPE_RAW = 101
"""A packet begins with its IPv4 or IPv6 header."""

_APPLICATION = 4  # shb_userappl
_TCP, _UDP = 6, 17
_FIN, _SYN, _PSH, _ACK = 0x01, 0x02, 0x08, 0x10
_WINDOW = 0xFFFF
_SEGMENT_BYTES = 32 * 1024
_DATAGRAM_BYTES = 65_507
"""What fits a datagram of IPv4 (RFC 768, RFC 791); what is longer makes several."""

_NO_CLIENT, _NO_SERVER = "192.0.2.1", "192.0.2.2"
_FIRST_PORT = 49_152  # of those that nobody owns (RFC 6335 §6)
_PORTS = 0x10000 - _FIRST_PORT


def pcapng(records: Iterable[Record], passages: Mapping[int, Passage]) -> Iterator[bytes]:
    """The file, piece by piece. ``passages`` are by connection; one that is missing has no
    addresses. Times are in microseconds.
    """
    capture = Capture()
    yield capture.head
    for record in records:
        yield from capture.packets(record, passages)


class Capture:
    """A file that grows with what is seen: first ``head``, then the packets of each record."""

    def __init__(self) -> None:
        self.head = _section() + _block(_INTERFACE, struct.pack("<HHI", _LINKTYPE_RAW, 0, 0))
        self._flows: dict[int, _Flow] = {}

    def packets(self, record: Record, passages: Mapping[int, Passage]) -> Iterator[bytes]:
        """What the next record adds."""
        number = record.connection
        flow = self._flows.get(number)
        if flow is None:
            flow = self._flows[number] = _Flow(passages.get(number) or Passage(number, ""))
        for packet in flow.packets(record):
            yield _packet(record.at, packet)
        if record.mark is Mark.CLOSED:
            del self._flows[number]


class _Flow:
    """One connection: who talks, and how far each has come."""

    def __init__(self, passage: Passage) -> None:
        client, server = passage.client or _NO_CLIENT, passage.server or _NO_SERVER
        port = _FIRST_PORT + passage.connection % (_PORTS - 1)
        self._hosts = (ip_address(client).packed, ip_address(server).packed)
        self._ports = (passage.client_port or port, passage.server_port or 0xFFFF)
        # Sequence numbers. Whoever comes again from the same port begins elsewhere, as they would
        # in earnest: else the two were taken for one conversation.
        self._next = [passage.connection * 0x10000 & 0xFFFFFFFF] * 2
        self._datagrams = passage.datagrams
        self._count = 0

    def packets(self, record: Record) -> Iterator[bytes]:
        match record.mark:
            case Mark.UP | Mark.DOWN:
                sender = 0 if record.mark is Mark.UP else 1
                if self._datagrams:
                    yield from self._sent_datagrams(sender, record.data)
                else:
                    yield from self._segments(sender, record.data)
            case Mark.OPENED if not self._datagrams:
                yield self._segment(0, _SYN)
                yield self._segment(1, _SYN | _ACK)
                yield self._segment(0, _ACK)
            case Mark.CLOSED if not self._datagrams:
                yield self._segment(0, _FIN | _ACK)
                yield self._segment(1, _FIN | _ACK)
                yield self._segment(0, _ACK)
            case _:
                pass

    def _sent_datagrams(self, sender: int, data: bytes) -> Iterator[bytes]:
        source, target = self._ends(sender)
        for start in range(0, len(data) or 1, _DATAGRAM_BYTES):
            piece = data[start : start + _DATAGRAM_BYTES]
            header = struct.pack("!HHHH", source, target, 8 + len(piece), 0)
            sum_ = self._sum(sender, _UDP, header + piece) or 0xFFFF  # 0 says: none (RFC 768)
            yield self._ip(sender, _UDP, header[:6] + struct.pack("!H", sum_) + piece)

    def _segments(self, sender: int, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _SEGMENT_BYTES):
            yield self._segment(sender, _PSH | _ACK, data[start : start + _SEGMENT_BYTES])

    def _segment(self, sender: int, flags: int, data: bytes = b"") -> bytes:
        """A TCP segment (RFC 9293 §3.1), and the sender is so much further."""
        source, target = self._ends(sender)
        heard = self._next[1 - sender] if flags & _ACK else 0
        begin = struct.pack(
            "!HHIIBBH", source, target, self._next[sender], heard, 5 << 4, flags, _WINDOW
        )
        moved = len(data) + bool(flags & (_SYN | _FIN))
        self._next[sender] = (self._next[sender] + moved) & 0xFFFFFFFF
        sum_ = self._sum(sender, _TCP, begin + bytes(4) + data)
        return self._ip(sender, _TCP, begin + struct.pack("!HH", sum_, 0) + data)

    def _ends(self, sender: int) -> tuple[int, int]:
        return self._ports[sender], self._ports[1 - sender]

    def _sum(self, sender: int, protocol: int, content: bytes) -> int:
        """The checksum with the pseudo header (RFC 9293 §3.1, RFC 8200 §8.1)."""
        hosts = self._hosts[sender] + self._hosts[1 - sender]
        return _checksum(hosts + struct.pack("!II", len(content), protocol) + content)

    def _ip(self, sender: int, protocol: int, content: bytes) -> bytes:
        source, target = self._hosts[sender], self._hosts[1 - sender]
        if len(source) == 16:
            return (
                struct.pack("!IHBB", 6 << 28, len(content), protocol, 64)
                + source
                + target
                + content
            )
        self._count += 1
        begin = struct.pack(
            "!BBHHHBB", 0x45, 0, 20 + len(content), self._count & 0xFFFF, 0x4000, 64, protocol
        )
        sum_ = _checksum(begin + bytes(2) + source + target)
        return begin + struct.pack("!H", sum_) + source + target + content


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071): the sum of 16-bit words in ones' complement is the number
    that they spell, modulo 65535.
    """
    number = int.from_bytes(data + b"\0" * (len(data) % 2), "big")
    return 0xFFFF - (number % 0xFFFF or 0xFFFF)


def _section() -> bytes:
    name = b"Bascule"
    option = struct.pack("<HH", _APPLICATION, len(name)) + _padded(name) + bytes(4)
    return _block(_SECTION, struct.pack("<IHHq", _BYTE_ORDER, 1, 0, -1) + option)


def _packet(at: float, packet: bytes) -> bytes:
    moment = round(at * 1_000_000)
    length = len(packet)
    head = struct.pack("<IIIII", 0, moment >> 32, moment & 0xFFFFFFFF, length, length)
    return _block(_PACKET, head + _padded(packet))


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + length + body + length


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
