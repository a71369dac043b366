"""The SOCKS 4 and 4a client: what it sends, what it makes of every answer.

Bytes are written out as the two notes of Ying-Da Lee draw them.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import ErrorCode, HandshakeError, SpecError
from bascule.protocols.socks4 import socks4_connect
from bascule.protocols.socks5 import BoundAddress
from bascule.protocols.steps import Steps
from tests.helpers.stepping import check_every_split, play

GRANTED = b"\x00\x5a\x1f\x90\x0a\x00\x00\x03"  # 10.0.0.3:8080


def connect() -> Steps[BoundAddress]:
    return socks4_connect("66.102.7.99", 80, "Fred", by_name=False)


def connect_by_name() -> Steps[BoundAddress]:
    return socks4_connect("db.example", 5432, "Fred", by_name=True)


# what travels -------------------------------------------------------------------------------------


def test_socks4_sends_address_and_user_id():
    outcome = check_every_split(connect, GRANTED)
    assert outcome.sent == [(0, b"\x04\x01\x00\x50\x42\x66\x07\x63Fred\x00")]
    assert outcome.value == BoundAddress("10.0.0.3", 8080)
    assert not outcome.value.authenticated


def test_socks4a_sends_the_mark_then_user_id_then_name():
    outcome = check_every_split(connect_by_name, GRANTED)
    assert outcome.sent == [(0, b"\x04\x01\x15\x38\x00\x00\x00\x01Fred\x00db.example\x00")]
    assert outcome.value == BoundAddress("10.0.0.3", 8080)


def test_an_empty_user_id_is_one_nul_and_the_name_is_not_empty():
    outcome = play(socks4_connect("a", 80, "", by_name=True), [GRANTED])
    assert outcome.written == b"\x04\x01\x00\x50\x00\x00\x00\x01\x00a\x00"


def test_socks4a_sends_an_address_as_an_address():
    outcome = play(socks4_connect("10.0.0.7", 80, "", by_name=True), [GRANTED])
    assert outcome.written == b"\x04\x01\x00\x50\x0a\x00\x00\x07\x00"


def test_socks4a_sends_names_in_a_labels():
    outcome = play(socks4_connect("b\u00fccher.example", 80, "", by_name=True), [GRANTED])
    assert outcome.written.endswith(b"\x00xn--bcher-kva.example\x00")


def test_the_longest_strings():
    outcome = play(socks4_connect("h" * 255, 80, "u" * 255, by_name=True), [GRANTED])
    assert outcome.written[8:] == b"u" * 255 + b"\0" + b"h" * 255 + b"\0"


def test_0_0_0_0_is_not_the_mark_of_a_name():
    outcome = play(socks4_connect("0.0.0.0", 80, "", by_name=False), [GRANTED])
    assert outcome.written == b"\x04\x01\x00\x50" + bytes(4) + b"\x00"


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("host", ["0.0.0.1", "0.0.0.255"])
def test_an_address_that_a_proxy_would_take_for_the_mark_is_refused(host: str, by_name: bool):
    with pytest.raises(SpecError) as caught:
        socks4_connect(host, 80, "", by_name=by_name)
    assert caught.value.facts["rule"] == "socks4_mark"


@pytest.mark.parametrize(("by_name", "version"), [(False, "SOCKS 4 "), (True, "SOCKS 4a ")])
@pytest.mark.parametrize("host", ["::1", "[2001:db8::1]", "fe80::1%eth0"])
def test_ipv6_cannot_be_carried(host: str, by_name: bool, version: str):
    with pytest.raises(SpecError) as caught:
        socks4_connect(host, 80, "", by_name=by_name)
    assert caught.value.field == "version"
    assert caught.value.facts["rule"] == "socks4_ipv6"
    assert version in caught.value.message


def test_socks4_without_a_cannot_carry_a_name():
    with pytest.raises(SpecError) as caught:
        socks4_connect("db.example", 80, "", by_name=False)
    assert caught.value.field == "host"
    assert caught.value.facts["rule"] == "socks4_name"


@pytest.mark.parametrize(
    ("host", "port", "user_id", "field"),
    [
        ("", 80, "", "host"),
        ("a\0b", 80, "", "host"),
        ("h" * 256, 80, "", "host"),
        ("a", 0, "", "port"),
        ("a", 80, "u\0", "username"),
        ("a", 80, "\u00e9" * 128, "username"),
    ],
)
def test_what_cannot_travel_is_refused_before_anything_is_sent(
    host: str, port: int, user_id: str, field: str
):
    with pytest.raises(SpecError) as caught:
        socks4_connect(host, port, user_id, by_name=True)
    assert caught.value.field == field


# the reply ----------------------------------------------------------------------------------------


def test_version_4_in_the_reply_is_accepted_too():
    outcome = check_every_split(connect, b"\x04" + GRANTED[1:])
    assert outcome.value == BoundAddress("10.0.0.3", 8080)


@pytest.mark.parametrize("make", [connect, connect_by_name])
@pytest.mark.parametrize(
    ("reply", "code", "field", "words"),
    [
        (91, ErrorCode.PROXY_FAILED, "host", "rejected or failed"),
        (92, ErrorCode.PROXY_FORBIDDEN, "username", "identd"),
        (93, ErrorCode.PROXY_FORBIDDEN, "username", "identd"),
        (94, ErrorCode.PROXY_FAILED, "host", "nobody has defined"),
        (0, ErrorCode.PROXY_FAILED, "host", "nobody has defined"),
    ],
)
def test_every_reply_in_words(make, reply: int, code: ErrorCode, field: str, words: str):
    for tail in (b"", b"\x00", bytes(6)):  # the code counts, however short the rest
        error = check_every_split(make, bytes([0, reply]) + tail).failure
        assert isinstance(error, HandshakeError)
        assert (error.code, error.field) == (code, field)
        assert words in error.message
        assert "password" not in error.message  # 92 and 93 are about identd
        assert error.facts["reply"] == reply


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(b"\x05\xff", "SOCKS 5"), (b"HTTP/1.0", "HTTP"), (b"\x15\x03\x03", "TLS"), (b"\x7f", "")],
)
def test_a_peer_that_is_no_socks_4_proxy_is_known_by_its_first_byte(answer: bytes, kind: str):
    outcome = check_every_split(connect, answer)
    assert outcome.read == 1
    assert outcome.failure.code is ErrorCode.PROXY_NOT_SOCKS
    assert outcome.failure.facts["looks_like"] == kind
    assert "SOCKS 4 proxy" in outcome.failure.message
    assert "SOCKS 4a proxy" in play(connect_by_name(), [answer]).failure.message


@pytest.mark.parametrize("length", [0, 1, *range(2, 8)])
def test_a_proxy_that_closes_within_its_reply(length: int):
    error = play(connect(), [GRANTED[:length]]).failure
    assert error.code is ErrorCode.HANDSHAKE_CUT
    assert "66.102.7.99:80" in error.message


# whatever comes -----------------------------------------------------------------------------------


@given(st.sampled_from([b"", b"\x00", b"\x00\x5a", b"\x04\x5a"]), st.lists(st.binary(max_size=12)))
def test_arbitrary_answers_bring_out_only_our_errors(opening: bytes, pieces: list[bytes]):
    for make in (connect, connect_by_name):
        outcome = play(make(), [opening, *pieces])
        assert (outcome.error is None) == isinstance(outcome.result, BoundAddress)
        if outcome.error is None:
            assert outcome.surplus == (opening + b"".join(pieces))[8:]


@given(st.text(max_size=300), st.integers(-1, 70_000), st.text(max_size=300), st.booleans())
def test_arbitrary_arguments_are_sent_or_refused(host: str, port: int, user_id: str, by_name: bool):
    try:
        steps = socks4_connect(host, port, user_id, by_name=by_name)
    except SpecError:
        return
    written = play(steps, [GRANTED]).written
    assert written[8:].count(b"\0") == (2 if written[4:8] == b"\0\0\0\1" else 1)
