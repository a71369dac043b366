"""Owns a recording as text: hex and characters side by side, for files and terminals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from bascule.recording.records import Mark, Passage, Record

LINE_BYTES = 16

_ARROWS = {Mark.UP: ">", Mark.DOWN: "<", Mark.OPENED: "+", Mark.CLOSED: "-"}
_SPACES = "\t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_SHOWN = bytes(byte if 0x20 <= byte < 0x7F else ord(".") for byte in range(256))


def printable(data: bytes) -> str:
    """A character a byte: those of ASCII that can be seen, a dot for each other."""
    return data.translate(_SHOWN).decode("ascii")


def hex_line(offset: int, data: bytes) -> str:
    """``00000010  48 65 6c 6c 6f …  |Hello|`` for at most ``LINE_BYTES`` bytes at an offset."""
    first, second = data[:8].hex(" "), data[8:].hex(" ")
    return f"{offset:08x}  {first:<23}  {second:<23}  |{printable(data)}|"


def hex_lines(data: bytes) -> Iterator[str]:
    """All bytes, ``LINE_BYTES`` a line."""
    for offset in range(0, len(data), LINE_BYTES):
        yield hex_line(offset, data[offset : offset + LINE_BYTES])


def plain_lines(data: bytes) -> Iterator[str]:
    r"""Bytes as UTF-8 text, line by line; what is no character that can be seen as ``\x1b``."""
    text = data.decode("utf-8", errors="backslashreplace").replace("\r\n", "\n")
    for line in text.removesuffix("\n").split("\n") if data else ():
        yield seen(line)


def seen(line: str) -> str:
    r"""A line that no terminal obeys: what is no character that can be seen as ``\x1b``."""
    return "".join(
        each if each.isprintable() or each in _SPACES else f"\\x{ord(each):02x}" for each in line
    )


def heading(record: Record, passage: Passage | None) -> str:
    """``> 2026-11-21 17:46:52.123456 #3 120 bytes 10.0.0.7:5000``; ``>`` is up, ``<`` is down, a
    connection opens with ``+`` and closes with ``-``. The time is local.
    """
    at = datetime.fromtimestamp(record.at, UTC).astimezone()
    words = [_ARROWS[record.mark], f"{at:%Y-%m-%d %H:%M:%S.%f}", f"#{record.connection}"]
    if record.moves:
        words.append(f"{len(record.data)} bytes")
    if passage is not None and passage.peer:
        words.append(passage.peer)
    return " ".join(words)


def text(
    records: Iterable[Record], passages: Mapping[int, Passage], *, hexadecimal: bool = True
) -> Iterator[str]:
    """A recording line by line, without line ends: a heading a record, then its bytes."""
    lines = hex_lines if hexadecimal else plain_lines
    for record in records:
        yield heading(record, passages.get(record.connection))
        yield from lines(record.data)


def lines_of(record: Record) -> int:
    """How many lines a record has in ``text`` with its bytes in hex."""
    return 1 - (-len(record.data) // LINE_BYTES)
