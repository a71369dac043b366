"""What the window keeps of seen traffic, and what a person looks for in it."""

from __future__ import annotations

import pytest

from bascule.recording.records import Mark, Passage, Record, Recorded
from bascule_desktop import traffic_log as module
from bascule_desktop.traffic_log import Filter, TrafficLog, hex_needle, moved, text_needle

UP, DOWN = Mark.UP, Mark.DOWN
RECORDS = (
    Record(1, 0.0, 1, Mark.OPENED),
    Record(2, 0.0, 1, UP, b"GET / HTTP/1.1\r\n"),
    Record(3, 0.0, 1, DOWN, b"HTTP/1.1 200 OK\r\n\x00\xff"),
    Record(4, 0.0, 2, UP, "Größe".encode()),
    Record(5, 0.0, 1, Mark.CLOSED),
)
PASSAGES = (Passage(1, "10.0.0.7:5000"), Passage(2, "10.0.0.8:6000"))


def log_of(*records: Record) -> TrafficLog:
    log = TrafficLog()
    log.take(Recorded(True, records or RECORDS, PASSAGES))
    return log


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Filter(), [1, 2, 3, 4, 5]),
        (Filter(mark=UP), [2, 4]),
        (Filter(connection=2), [4]),
        (Filter(needle=text_needle("http/1.1"), as_text=True), [2, 3]),
        (Filter(needle=text_needle("größe"), as_text=True), [4]),
        (Filter(needle=b"http"), []),
        (Filter(needle=hex_needle("0D0A 00") or b""), [3]),
        (Filter(mark=DOWN, connection=1, needle=b"OK"), [3]),
        (Filter(connection=9), []),
    ],
)
def test_what_a_filter_lets_pass(wanted: Filter, numbers: list[int]) -> None:
    assert [record.number for record in log_of().wanted(wanted)] == numbers


@pytest.mark.parametrize(
    ("typed", "needle"),
    [
        ("0d 0a", b"\r\n"),
        ("0x0D0A", b"\r\n"),
        ("0D:0a", b"\r\n"),
        ("0x0d, 0x0a", b"\r\n"),
        ("d", None),
        ("0d 0", None),
        ("GET", None),
        ("", None),
    ],
)
def test_bytes_as_people_write_them(typed: str, needle: bytes | None) -> None:
    assert hex_needle(typed) == needle


def test_what_comes_twice_is_taken_once() -> None:
    log = log_of()
    assert log.take(Recorded(True, RECORDS[2:])) == ()
    new = Record(6, 0.0, 1, UP, b"x")
    assert log.take(Recorded(True, (*RECORDS[3:], new), dropped=2)) == (new,)
    assert (log.last, log.dropped) == (6, 2)
    assert log.bytes == sum(len(record.data) for record in (*RECORDS, new))


@pytest.mark.parametrize(("most_bytes", "most_records"), [(30, 100), (1000, 3)])
def test_the_oldest_makes_room(
    monkeypatch: pytest.MonkeyPatch, most_bytes: int, most_records: int
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", most_bytes)
    monkeypatch.setattr(module, "MOST_RECORDS", most_records)
    log = log_of(*(Record(number, 0.0, 1 + number // 5, UP, bytes(10)) for number in range(1, 9)))
    assert log.trim() == 6
    assert [record.number for record in log.records] == [6, 7, 8]
    assert (log.bytes, list(log.passages)) == (30, [2])
    assert log.trim() == 6


def test_the_bytes_alone() -> None:
    assert b"".join(moved(RECORDS, UP)) == b"GET / HTTP/1.1\r\n" + "Größe".encode()
    assert b"".join(moved(RECORDS)).startswith(b"GET / HTTP/1.1\r\nHTTP/1.1 200 OK")
