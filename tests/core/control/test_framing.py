"""The wire's form: what is written can be read, and what is no message is said to be none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.control.framing import Reply, Request, decode, encode
from bascule.control.messages import LONGEST_MESSAGE_BYTES
from bascule.errors import BasculeError, ControlError, ErrorCode, Problem
from tests.helpers import specs

WORDS = st.sampled_from(["jsonrpc", "method", "params", "id", "result", "error"])
SOUND = json.loads(
    encode(Reply(3, problem=Problem(ErrorCode.ADDRESS_IN_USE, "taken", "port", {"port": 8080})))
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.text(min_size=1), st.dictionaries(st.text(), PLAIN), st.none() | st.integers(0))
def test_a_request_survives_the_wire(method: str, params: dict[str, object], number: int | None):
    request = Request(method, params, number)
    line = encode(request)
    assert line.index(b"\n") == len(line) - 1
    assert decode(line) == request


@given(st.integers(0), PLAIN)
def test_a_reply_survives_the_wire(number: int, result: object):
    assert decode(encode(Reply(number, result))) == Reply(number, result)


def test_a_problem_survives_the_wire():
    problem = Problem(ErrorCode.ADDRESS_IN_USE, "taken", "source.port", {"port": 8080})
    assert decode(encode(Reply(3, problem=problem))) == Reply(3, problem=problem)


def wrong_code(line: bytes) -> ErrorCode | None:
    """The code of what decoding raises, if anything; only our error is caught."""
    try:
        decode(line)
    except ControlError as exc:
        return exc.code
    return None


@given(st.binary())
def test_arbitrary_bytes_raise_nothing_but_ours(line: bytes):
    assert wrong_code(line) in {None, ErrorCode.MESSAGE_MALFORMED}


@given(specs.data | st.dictionaries(WORDS, specs.data))
def test_arbitrary_json_raises_nothing_but_ours(value: object):
    assert wrong_code(json.dumps(value).encode()) in {None, ErrorCode.MESSAGE_MALFORMED}


@given(specs.spoilt(SOUND))
def test_a_spoilt_answer_raises_nothing_but_ours(value: object):
    assert wrong_code(json.dumps(value).encode()) in {None, ErrorCode.MESSAGE_MALFORMED}


@given(st.text(st.characters()))
def test_what_is_no_character_travels_too(text: str):
    line = encode(Reply(1, text))
    assert line.isascii()
    assert decode(line) == Reply(1, text)


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1\r\n",
        b"[]",
        b'{"id": "one", "result": 1}',
        b'{"id": true, "result": 1}',
        b'{"method": 1, "params": {}}',
        b'{"method": "x", "params": []}',
        b'{"id": 1}',
        b'{"id": 1, "error": "no"}',
        b'{"id": 1, "error": {"data": {"code": "never_heard_of", "message": "x"}}}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_message_is_refused(line: bytes):
    with pytest.raises(ControlError) as caught:
        decode(line)
    assert caught.value.code is ErrorCode.MESSAGE_MALFORMED


def test_a_message_that_is_too_long_is_not_sent():
    with pytest.raises(BasculeError) as caught:
        encode(Request("x", {"text": "a" * LONGEST_MESSAGE_BYTES}))
    assert caught.value.code is ErrorCode.MESSAGE_TOO_LONG


def test_it_is_json_rpc():
    data = json.loads(encode(Request("relay.start", {"id": "x-1"}, 7)))
    assert data == {"jsonrpc": "2.0", "method": "relay.start", "params": {"id": "x-1"}, "id": 7}
