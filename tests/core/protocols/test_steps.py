"""The form of a handshake, and the driver that plays it in memory."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, HandshakeError
from bascule.protocols.steps import EndOfStream, Read, Steps, TooLate, Write
from tests.helpers.stepping import SURPLUS, check_every_split, play, splits


def echo_of_length() -> Steps[bytes]:
    """Reads a length and as many bytes, says them again, and wants nothing more."""
    try:
        (length,) = yield Read(1)
        assert (yield Write(b"go")) == b""
        data = yield Read(length)
    except EndOfStream as exc:
        raise HandshakeError(str(exc), code=ErrorCode.HANDSHAKE_CUT) from exc
    yield Write(data)
    return data


def test_requests_are_values():
    assert Read(3) == Read(3)
    assert Write(b"a") != Write(b"b")


def test_end_of_stream_keeps_what_had_come():
    assert EndOfStream(b"ab").partial == b"ab"
    assert str(EndOfStream(b"ab")) == "2 bytes and then the end"
    assert str(TooLate(b"ab")) == "2 bytes and then nothing for too long"


def test_play_gives_exactly_what_is_read():
    outcome = play(echo_of_length(), [b"\x03a", b"bc", b"de", b"f"])
    assert outcome.value == b"abc"
    assert outcome.sent == [(1, b"go"), (4, b"abc")]
    assert outcome.written == b"goabc"
    assert outcome.surplus == b"def"


def test_play_throws_the_end_into_a_read():
    outcome = play(echo_of_length(), [b"\x03a"])
    assert outcome.failure.code is ErrorCode.HANDSHAKE_CUT
    assert outcome.failure.message == "1 bytes and then the end"
    with pytest.raises(HandshakeError):
        _ = outcome.value


def test_a_read_of_nothing_waits_for_nothing():
    assert play(echo_of_length(), [b"\x00"]).value == b""


def test_splits_are_all_the_ways_to_cut_once_and_byte_by_byte():
    assert list(splits(b"abc")) == [[b"abc"], [b"a", b"bc"], [b"ab", b"c"], [b"a", b"b", b"c"]]


def test_every_split_is_the_same_exchange():
    outcome = check_every_split(echo_of_length, b"\x02hi")
    assert outcome.value == b"hi"
    assert outcome.surplus == SURPLUS
