"""A recording as text: hex and characters, and what cannot be seen made visible."""

from __future__ import annotations

from datetime import datetime

import pytest

from bascule.recording.records import Mark, Passage, Record
from bascule.recording.text import heading, hex_lines, lines_of, plain_lines, printable, seen, text

AT = datetime.fromisoformat("2026-11-21 17:46:52.123456").timestamp()  # local


def test_hex_beside_characters():
    assert list(hex_lines(b"GET / HTTP/1.1\r\n\x00\xff")) == [
        "00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|",
        "00000010  00 ff                                             |..|",
    ]
    assert list(hex_lines(b"")) == []


def test_each_byte_is_one_character():
    shown = printable(bytes(range(256)))
    assert len(shown) == 256
    assert shown[0x20:0x7F] == bytes(range(0x20, 0x7F)).decode()
    assert set(shown[:0x20] + shown[0x7F:]) == {"."}


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"a\r\nb\n", ["a", "b"]),
        (b"\n", [""]),
        ("é\t✓".encode(), ["é\t✓"]),
        (b"\x1b[31m\x07", ["\\x1b[31m\\x07"]),  # a terminal must not obey it
        (b"\xff\x80z", ["\\xff\\x80z"]),
        ("\u202e".encode(), ["\\x202e"]),
    ],
)
def test_text_without_what_a_terminal_would_obey(data: bytes, lines: list[str]):
    assert list(plain_lines(data)) == lines


def test_a_line_that_no_terminal_obeys():
    assert seen("é\t✓\u00a0\u202f\x1b]0;a title\x07\r\x9b2J\ud800") == (
        "é\t✓\u00a0\u202f\\x1b]0;a title\\x07\\x0d\\x9b2J\\xd800"
    )


def test_the_whole_with_its_headings():
    passages = {3: Passage(3, "10.0.0.7:5000")}
    records = [
        Record(1, AT, 3, Mark.OPENED),
        Record(2, AT, 3, Mark.UP, b"hello\n"),
        Record(3, AT, 3, Mark.DOWN, b"\x00"),
        Record(4, AT, 9, Mark.CLOSED),
    ]
    moment = "2026-11-21 17:46:52.123456"
    assert list(text(records, passages)) == [
        f"+ {moment} #3 10.0.0.7:5000",
        f"> {moment} #3 6 bytes 10.0.0.7:5000",
        "00000000  68 65 6c 6c 6f 0a                                 |hello.|",
        f"< {moment} #3 1 bytes 10.0.0.7:5000",
        "00000000  00                                                |.|",
        f"- {moment} #9",
    ]
    assert "hello" in list(text(records, passages, hexadecimal=False))
    assert heading(records[3], None) == f"- {moment} #9"


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 4096])
def test_its_lines_are_counted_without_making_them(size: int):
    record = Record(1, AT, 3, Mark.DOWN, bytes(size))
    assert lines_of(record) == len(list(text([record], {})))
