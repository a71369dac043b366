"""Lines of a log: cut wherever the network cuts, with their heads, never forged, never lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.protocols.log_lines import CONTINUED, GOES_ON, LINE_BYTES, LogLines


def batched(data: bytes, step: int = 997) -> list[bytes]:
    return [data[at : at + step] for at in range(0, len(data), step)]


def written(lines: LogLines, *chunks: bytes, stamp: str = "") -> bytes:
    """All that is written of some chunks and of what is left after them."""
    return b"".join(lines.feed(chunk, stamp) for chunk in chunks) + lines.finish(stamp)


def test_each_line_has_its_time_and_its_sender():
    assert LogLines("192.0.2.7").feed(b"<34>Oct 11 su: no\r\none\n\ntwo", "NOW") == (
        b"NOW 192.0.2.7 <34>Oct 11 su: no\nNOW 192.0.2.7 one\nNOW 192.0.2.7 \n"
    )


@pytest.mark.parametrize(("sender", "stamp", "said"), [
    ("", "", b"x\n"), ("a", "", b"a x\n"), ("", "NOW", b"NOW x\n"),
])  # fmt: skip
def test_what_is_not_wanted_is_left_out(sender: str, stamp: str, said: bytes):
    assert LogLines(sender).feed(b"x\n", stamp) == said


def test_what_is_no_line_yet_is_kept_for_the_end():
    lines = LogLines()
    assert lines.feed(b"half") == b""
    assert lines.feed(b" a line\r") == b""
    assert lines.finish() == b"half a line\n"
    assert lines.finish() == b""


@given(st.binary(max_size=200), st.lists(st.integers(0, 200)))
def test_where_the_network_cuts_changes_nothing(data: bytes, cuts: list[int]):
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    chunks = [data[a:b] for a, b in pairwise(places)]
    whole = written(LogLines("a"), data)
    assert written(LogLines("a"), *chunks) == whole
    expected = data.replace(b"\r\n", b"\n").split(b"\n")
    if not expected[-1]:
        expected.pop()
    else:
        expected[-1] = expected[-1].removesuffix(b"\r")
    assert whole == b"".join(b"a " + line + b"\n" for line in expected)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b""])
def test_the_longest_line_stays_whole(ending: bytes):
    line = b"x" * LINE_BYTES
    assert written(LogLines(), line + ending) == line + b"\n"
    chunks = batched((line + ending)[:-3]) + batched((line + ending)[-3:], 1)
    assert written(LogLines(), *chunks) == line + b"\n"


@pytest.mark.parametrize("step", [1_000_000, 1000])
def test_a_longer_line_is_cut_and_says_so(step: int):
    line = bytes(range(32, 127)) * 2000
    data = line + b"\nnext\n"
    said = written(LogLines("a"), *batched(data, step)).splitlines()
    assert said[-1] == b"a next"
    pieces = said[:-1]
    assert len(pieces) == 1 + len(line) // LINE_BYTES
    assert all(each.endswith(GOES_ON) for each in pieces[:-1])
    assert all(each.startswith(b"a " + CONTINUED) for each in pieces[1:])
    bare = (each.removeprefix(b"a ").removeprefix(CONTINUED) for each in pieces)
    assert b"".join(each.removesuffix(GOES_ON) for each in bare) == line


def test_no_character_is_cut():
    line = "é€𝄞".encode() * 20_000
    pieces = written(LogLines(), line).splitlines()
    assert "".join(
        each.removeprefix(CONTINUED).removesuffix(GOES_ON).decode() for each in pieces
    ) == line.decode()  # fmt: skip
    assert written(LogLines(), b"\x80" * (LINE_BYTES + 1)).count(b"\n") == 2


@pytest.mark.parametrize(("datagram", "line"), [
    (b"<34>1 - su", b"<34>1 - su"),
    (b"with an end\r\n\0", b"with an end"),
    (b"one\r\ntwo\nthree\n", b"one\\ntwo\\nthree"),
    (b"", b""),
])  # fmt: skip
def test_a_datagram_is_one_line(datagram: bytes, line: bytes):
    lines = LogLines("a", datagrams=True)
    assert lines.feed(datagram) == b"a " + line + b"\n"
    assert lines.finish() == b""
