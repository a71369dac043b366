"""The SOCKS 5 client: what it sends, what it makes of every answer, and what it never does.

Bytes are written out as RFC 1928 and RFC 1929 draw them, not taken from the code under test.
"""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, HandshakeError, SpecError
from bascule.protocols.socks5 import BoundAddress, socks5_connect
from bascule.protocols.steps import Steps
from tests.helpers.stepping import check_every_split, play

NO_AUTHENTICATION = b"\x05\x00"
USER_AND_PASSWORD = b"\x05\x02"
SIGNED_IN = b"\x01\x00"
BOUND = b"\x05\x00\x00\x01\x0a\x00\x00\x03\x1f\x90"  # 10.0.0.3:8080
ONION = "p53lf57qovyuvwsc6xnrppyply3vtqm7l6pcobkmyqsiofyeznfu5uqd.onion"


def connect(
    host: str = "db.example", port: int = 5432, username: str = "", password: str = ""
) -> Steps[BoundAddress]:
    return socks5_connect(host, port, username, password)


def signed_in() -> Steps[BoundAddress]:
    return connect(username="ann", password="s3cret")


def requested(host: str, port: int = 80) -> bytes:
    """The request that follows the choice of method."""
    outcome = play(connect(host, port), [NO_AUTHENTICATION + BOUND])
    assert outcome.value
    return outcome.sent[1][1]


def refusal(answer: bytes) -> BasculeError:
    """The error for what the server answers to the request, in every split."""
    return check_every_split(connect, NO_AUTHENTICATION + answer).failure


# what travels -------------------------------------------------------------------------------------


def test_without_a_user_name_only_no_authentication_is_offered():
    outcome = check_every_split(connect, NO_AUTHENTICATION + BOUND)
    assert outcome.sent == [
        (0, b"\x05\x01\x00"),
        (2, b"\x05\x01\x00\x03\x0adb.example\x15\x38"),
    ]
    assert outcome.value == BoundAddress("10.0.0.3", 8080)


def test_user_name_and_password_travel_in_version_1_of_their_own_exchange():
    outcome = check_every_split(signed_in, USER_AND_PASSWORD + SIGNED_IN + BOUND)
    assert outcome.sent == [
        (0, b"\x05\x02\x00\x02"),
        (2, b"\x01\x03ann\x06s3cret"),
        (4, b"\x05\x01\x00\x03\x0adb.example\x15\x38"),
    ]
    assert outcome.value.authenticated


def test_credentials_are_not_sent_where_the_proxy_wants_none():
    outcome = check_every_split(signed_in, NO_AUTHENTICATION + BOUND)
    assert b"s3cret" not in outcome.written
    assert not outcome.value.authenticated


@pytest.mark.parametrize("method", [*range(1, 2), *range(3, 256)])
def test_credentials_are_not_sent_to_any_other_method(method: int):
    outcome = play(signed_in(), [bytes([5, method]) + SIGNED_IN + BOUND])
    assert outcome.written == b"\x05\x02\x00\x02"
    assert outcome.failure.code is ErrorCode.PROXY_UNSUPPORTED


def test_lengths_count_utf8_bytes():
    steps = connect(username="\u00e9" * 127 + "e", password="\u20ac" * 85)
    outcome = play(steps, [USER_AND_PASSWORD + SIGNED_IN + BOUND])
    user, secret = ("\u00e9" * 127 + "e").encode(), ("\u20ac" * 85).encode()
    assert len(user) == len(secret) == 255
    assert outcome.sent[1][1] == b"\x01\xff" + user + b"\xff" + secret


def test_an_empty_password_is_sent_as_such():
    outcome = play(connect(username="tor"), [USER_AND_PASSWORD + SIGNED_IN + BOUND])
    assert outcome.sent[1][1] == b"\x01\x03tor\x00"


@pytest.mark.parametrize(
    ("host", "wire"),
    [
        ("10.1.2.3", b"\x01\x0a\x01\x02\x03"),
        ("\uff11\uff10.1.2.3", b"\x01\x0a\x01\x02\x03"),  # full-width digits are digits to IDNA
        ("::1", b"\x04" + bytes(15) + b"\x01"),
        ("[2001:db8::7]", b"\x04" + ipaddress.ip_address("2001:db8::7").packed),
        ("fe80::1%eth0", b"\x04" + ipaddress.ip_address("fe80::1").packed),
        ("[fe80::1%25]", b"\x04" + ipaddress.ip_address("fe80::1").packed),
        ("::ffff:10.1.2.3", b"\x04" + ipaddress.ip_address("::ffff:10.1.2.3").packed),
    ],
)
def test_a_numeric_host_travels_as_an_address_without_brackets_and_zone(host: str, wire: bytes):
    assert requested(host) == b"\x05\x01\x00" + wire + b"\x00\x50"


@pytest.mark.parametrize(
    ("host", "wire"),
    [
        ("b\u00fccher.example", b"xn--bcher-kva.example"),
        ("under_score.example.", b"under_score.example."),
        (ONION, ONION.encode()),
        ("x" * 255, b"x" * 255),
        ("10.1.2.256", b"10.1.2.256"),
    ],
)
def test_a_name_travels_as_a_name_in_a_labels(host: str, wire: bytes):
    assert requested(host, 443) == b"\x05\x01\x00\x03" + bytes([len(wire)]) + wire + b"\x01\xbb"


@pytest.mark.parametrize(
    ("host", "port", "username", "password", "field", "code"),
    [
        ("", 80, "", "", "host", ErrorCode.VALUE_MISSING),
        ("x" * 256, 80, "", "", "host", ErrorCode.VALUE_INVALID),
        ("\u00e9" * 64 + ".example", 80, "", "", "host", ErrorCode.VALUE_INVALID),
        ("a\0b", 80, "", "", "host", ErrorCode.VALUE_INVALID),
        ("\ud800", 80, "", "", "host", ErrorCode.VALUE_INVALID),
        ("a", 0, "", "", "port", ErrorCode.VALUE_INVALID),
        ("a", 65536, "", "", "port", ErrorCode.VALUE_INVALID),
        ("a", 80, "\u00e9" * 128, "", "username", ErrorCode.VALUE_INVALID),
        ("a", 80, "a\0", "", "username", ErrorCode.VALUE_INVALID),
        ("a", 80, "\ud800", "", "username", ErrorCode.VALUE_INVALID),
        ("a", 80, "ann", "p" * 256, "password", ErrorCode.VALUE_INVALID),
        ("a", 80, "", "s3cret", "username", ErrorCode.VALUE_MISSING),
    ],
)
def test_what_cannot_travel_is_refused_before_anything_is_sent(
    host: str, port: int, username: str, password: str, field: str, code: ErrorCode
):
    with pytest.raises(SpecError) as caught:
        socks5_connect(host, port, username, password)  # not one step was performed
    assert (caught.value.field, caught.value.code) == (field, code)
    assert "s3cret" not in str(caught.value)


def test_nothing_of_the_application_is_sent_before_the_last_reply():
    outcome = play(signed_in(), [USER_AND_PASSWORD + SIGNED_IN])
    assert [read for read, _data in outcome.sent] == [0, 2, 4]
    assert outcome.failure.code is ErrorCode.HANDSHAKE_CUT


# the reply ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 1, 2, 3, 9, 255])
def test_a_bound_name_may_have_any_length(length: int):
    answer = b"\x05\x00\x00\x03" + bytes([length]) + b"n" * length + b"\x00\x50"
    bound = check_every_split(connect, NO_AUTHENTICATION + answer).value
    assert bound == BoundAddress("n" * length, 80)


def test_a_bound_name_that_is_not_text_is_made_harmless():
    answer = b"\x05\x00\x00\x03\x04a\xff\x1b\n\x00\x50"
    bound = play(connect(), [NO_AUTHENTICATION + answer]).value
    assert bound.host == "a\ufffd\ufffd\ufffd"


def test_a_bound_ipv6_address_is_reported():
    answer = b"\x05\x00\x00\x04" + ipaddress.ip_address("2001:db8::1").packed + b"\x00\x50"
    bound = check_every_split(connect, NO_AUTHENTICATION + answer).value
    assert str(bound) == "[2001:db8::1]:80"
    assert bound.known


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_a_proxy_that_answers_zeros_tells_no_bound_address(host: str):
    assert not BoundAddress(host, 0).known


def test_the_reserved_byte_does_not_matter():
    answer = b"\x05\x00\xaa" + BOUND[3:]
    assert play(connect(), [NO_AUTHENTICATION + answer]).value == BoundAddress("10.0.0.3", 8080)


@pytest.mark.parametrize("kind", [0, 2, 5, 255])
def test_a_success_with_an_unknown_type_of_address_cannot_be_read(kind: int):
    error = refusal(b"\x05\x00\x00" + bytes([kind]) + bytes(6))
    assert error.code is ErrorCode.PROXY_FAILED
    assert error.facts["address_type"] == kind


@pytest.mark.parametrize(
    "rest",
    [
        b"",
        b"\x00",
        b"\x00\x00",
        b"\x00\x00" + bytes(6),
        b"\x00\x01\x00",
        b"\x00\x03\xff",
        BOUND[2:],
    ],
)
def test_a_failure_counts_even_with_address_type_0_or_cut_short(rest: bytes):
    error = play(connect(), [NO_AUTHENTICATION + b"\x05\x05" + rest]).failure
    assert error.code is ErrorCode.PROXY_CONNECTION_REFUSED


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (0x01, ErrorCode.PROXY_FAILED, "general failure"),
        (0x02, ErrorCode.PROXY_FORBIDDEN, "rules"),
        (0x03, ErrorCode.PROXY_NETWORK_UNREACHABLE, "network"),
        (0x04, ErrorCode.PROXY_HOST_UNREACHABLE, "host"),
        (0x05, ErrorCode.PROXY_CONNECTION_REFUSED, "refused"),
        (0x06, ErrorCode.PROXY_TIMED_OUT, "TTL expired"),
        (0x07, ErrorCode.PROXY_UNSUPPORTED, "CONNECT"),
        (0x08, ErrorCode.PROXY_UNSUPPORTED, "type of address"),
        (0x09, ErrorCode.PROXY_FAILED, "nobody has defined"),
        (0xEF, ErrorCode.PROXY_FAILED, "nobody has defined"),
        (0xF0, ErrorCode.PROXY_ONION_FAILED, "descriptor was not found"),
        (0xF1, ErrorCode.PROXY_ONION_FAILED, "descriptor is invalid"),
        (0xF2, ErrorCode.PROXY_ONION_FAILED, "introduction"),
        (0xF3, ErrorCode.PROXY_ONION_FAILED, "rendezvous"),
        (0xF4, ErrorCode.PROXY_ONION_FAILED, "demands client authorization"),
        (0xF5, ErrorCode.PROXY_ONION_FAILED, "refuses the client authorization"),
        (0xF6, ErrorCode.PROXY_ONION_FAILED, "address is invalid"),
        (0xF7, ErrorCode.PROXY_ONION_FAILED, "timed out"),
        (0xF8, ErrorCode.PROXY_FAILED, "nobody has defined"),
        (0xFF, ErrorCode.PROXY_FAILED, "nobody has defined"),
    ],
)
def test_every_reply_in_words(reply: int, code: ErrorCode, words: str):
    error = refusal(bytes([5, reply]) + BOUND[2:])
    assert isinstance(error, HandshakeError)
    assert error.code is code
    assert words in error.message
    assert "db.example:5432" in error.message
    assert error.field == "host"
    assert error.facts["reply"] == reply
    assert words in str(error.facts["why"])


# the choice of a method ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", [0xFF, 0x02])
def test_a_proxy_that_wants_credentials_when_there_are_none(method: int):
    error = check_every_split(connect, bytes([5, method])).failure
    assert error.code is ErrorCode.PROXY_CREDENTIALS_REQUIRED
    assert error.field == "username"


def test_a_proxy_that_accepts_nothing_that_was_offered():
    error = check_every_split(signed_in, b"\x05\xff").failure
    assert error.code is ErrorCode.PROXY_UNSUPPORTED
    assert "neither" in error.message


@pytest.mark.parametrize(("method", "name"), [(1, "GSSAPI"), (3, "CHAP"), (0x80, "method 128")])
def test_a_method_that_was_not_offered_is_named(method: int, name: str):
    for make in (connect, signed_in):
        error = check_every_split(make, bytes([5, method])).failure
        assert error.code is ErrorCode.PROXY_UNSUPPORTED
        assert name in error.message
        assert error.facts["method"] == method


@pytest.mark.parametrize("status", [1, 2, 255])
def test_a_wrong_password(status: int):
    error = check_every_split(signed_in, USER_AND_PASSWORD + bytes([1, status])).failure
    assert error.code is ErrorCode.PROXY_CREDENTIALS_REFUSED
    assert error.field == "username"
    assert "s3cret" not in f"{error.message} {error.facts}"


@pytest.mark.parametrize("version", [0, 1, 5, 255])
def test_status_0_lets_in_whatever_version_the_server_answers(version: int):
    answer = USER_AND_PASSWORD + bytes([version, 0]) + BOUND
    assert check_every_split(signed_in, answer).value.authenticated


# peers that are no SOCKS 5 proxy ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP"),
        (b"<html>", "HTTP"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "TLS"),
        (b"\x16\x03\x03", "TLS"),
        (b"\x00\x5b" + bytes(6), "SOCKS 4"),
        (b"\x04\x5b" + bytes(6), "SOCKS 4"),
        (b"SSH-2.0-OpenSSH_10.0\r\n", ""),
        (b"\xff", ""),
    ],
)
def test_a_peer_that_is_no_socks_5_proxy_is_known_by_its_first_byte(answer: bytes, kind: str):
    outcome = check_every_split(connect, answer)
    assert outcome.read == 1
    assert outcome.failure.code is ErrorCode.PROXY_NOT_SOCKS
    assert outcome.failure.facts["looks_like"] == kind
    assert outcome.failure.facts["first_byte"] == answer[0]
    assert ("looks like" in outcome.failure.message) == bool(kind)


def test_a_reply_of_another_version():
    assert refusal(b"\x04\x00" + BOUND[2:]).code is ErrorCode.PROXY_NOT_SOCKS


@pytest.mark.parametrize(
    ("answer", "phase"),
    [
        (b"", "before it answered"),
        (b"\x05", "before it answered"),
        (USER_AND_PASSWORD, "user name and password"),
        (USER_AND_PASSWORD + b"\x01", "user name and password"),
        (USER_AND_PASSWORD + SIGNED_IN, "asked to connect to db.example:5432"),
        (USER_AND_PASSWORD + SIGNED_IN + b"\x05", "asked to connect"),
        (USER_AND_PASSWORD + SIGNED_IN + BOUND[:-1], "asked to connect"),
        (USER_AND_PASSWORD + SIGNED_IN + b"\x05\x00\x00\x03", "asked to connect"),
        (USER_AND_PASSWORD + SIGNED_IN + b"\x05\x00\x00\x03\x05abc", "asked to connect"),
    ],
)
def test_a_proxy_that_closes_is_told_with_the_moment(answer: bytes, phase: str):
    error = play(signed_in(), [answer]).failure
    assert isinstance(error, HandshakeError)
    assert error.code is ErrorCode.HANDSHAKE_CUT
    assert phase in error.message


# whatever comes -----------------------------------------------------------------------------------

openings = st.sampled_from(
    [b"", b"\x05", NO_AUTHENTICATION, USER_AND_PASSWORD, USER_AND_PASSWORD + SIGNED_IN,
     NO_AUTHENTICATION + b"\x05\x00\x00", NO_AUTHENTICATION + b"\x05\x00\x00\x03"]
)  # fmt: skip


@given(openings, st.lists(st.binary(max_size=40), max_size=8))
def test_arbitrary_answers_bring_out_only_our_errors(opening: bytes, pieces: list[bytes]):
    for make in (connect, signed_in):
        outcome = play(make(), [opening, *pieces])
        assert (outcome.error is None) == isinstance(outcome.result, BoundAddress)
        if outcome.error is None:
            together = opening + b"".join(pieces)
            assert outcome.surplus == together[outcome.read :]


@given(st.text(max_size=300), st.integers(-1, 70_000), st.text(max_size=300), st.text(max_size=300))
def test_arbitrary_arguments_are_sent_or_refused(
    host: str, port: int, username: str, password: str
):
    try:
        steps = socks5_connect(host, port, username, password)
    except SpecError:
        return
    method = USER_AND_PASSWORD + SIGNED_IN if username else NO_AUTHENTICATION
    outcome = play(steps, [method + BOUND])
    assert outcome.value.host == "10.0.0.3"
    assert outcome.sent[-1][1].endswith(port.to_bytes(2))
