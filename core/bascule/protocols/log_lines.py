"""Owns how what arrives becomes lines of a log: cut, normalised, with a time and a sender before.

A line ends with LF or CR LF, and is written with LF. Its bytes stay as they came, so that the
priority of a syslog message (``<34>``, RFC 3164 §4.1.1, RFC 5424 §6.2.1) is kept.
"""

from __future__ import annotations

LINE_BYTES = 64 * 1024
"""A line that is longer is written in pieces, and each says so."""

GOES_ON = b" [the line goes on]"
CONTINUED = b"[the line before, continued] "

_CONTINUATION = range(0x80, 0xC0)  # of a character in UTF-8 (RFC 3629 §3)
_CHARACTER_BYTES = 4


class LogLines:
    r"""The lines of one sender, who is named before each (empty: nobody is). At most ``LINE_BYTES``
    of a line that is not complete are held.

    ``datagrams``: each chunk is a line, and a line break within it is written as ``\n``, so that
    nobody can forge the line of another.
    """

    def __init__(self, sender: str = "", *, datagrams: bool = False) -> None:
        self._sender = sender.encode() + b" " if sender else b""
        self._datagrams = datagrams
        self._rest = b""
        self._continued = False

    def feed(self, data: bytes, stamp: str = "") -> bytes:
        """Take what has arrived; give the lines that are complete, ready to be written. ``stamp``
        is the time before them; empty: none.
        """
        head = self._head(stamp)
        written: list[bytes] = []
        if self._datagrams:
            line = data.rstrip(b"\r\n\0").replace(b"\r\n", b"\n").replace(b"\n", b"\\n")
            self._complete(line, head, written)
            return b"".join(written)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._complete(line.removesuffix(b"\r"), head, written)
        self._rest = self._in_pieces(self._rest, head, written)
        return b"".join(written)

    def finish(self, stamp: str = "") -> bytes:
        """Give the line that was left incomplete, or nothing where there is none."""
        written: list[bytes] = []
        if self._rest:
            self._complete(self._rest.removesuffix(b"\r"), self._head(stamp), written)
            self._rest = b""
        return b"".join(written)

    def _head(self, stamp: str) -> bytes:
        return (f"{stamp} ".encode() if stamp else b"") + self._sender

    def _complete(self, line: bytes, head: bytes, written: list[bytes]) -> None:
        line = self._in_pieces(line, head, written)
        written += (head, CONTINUED if self._continued else b"", line, b"\n")
        self._continued = False

    def _in_pieces(self, line: bytes, head: bytes, written: list[bytes]) -> bytes:
        """Write what is too long of a line; return its last piece."""
        while len(line.removesuffix(b"\r")) > LINE_BYTES:
            end = _between_characters(line, LINE_BYTES)
            written += (head, CONTINUED if self._continued else b"", line[:end], GOES_ON, b"\n")
            self._continued = True
            line = line[end:]
        return line


def _between_characters(line: bytes, end: int) -> int:
    """The place at or just before ``end`` where no character of UTF-8 is cut; where that is
    another encoding, ``end`` itself.
    """
    for place in range(end, end - _CHARACTER_BYTES, -1):
        if line[place] not in _CONTINUATION:
            return place
    return end
