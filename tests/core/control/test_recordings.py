"""How a part of a recording travels, and what is refused."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from bascule.control.framing import Reply, encode
from bascule.control.messages import LONGEST_MESSAGE_BYTES
from bascule.control.recordings import recorded_from_data, recorded_to_data
from bascule.errors import ControlError, ErrorCode
from bascule.recording.records import RECORD_BYTES, Mark, Passage, Record, Recorded
from bascule.relay.recorder import PAGE_BYTES, PAGE_RECORDS

RECORDED = Recorded(
    True,
    (
        Record(4, 1.25, 7, Mark.OPENED),
        Record(5, 1.5, 7, Mark.UP, bytes(range(256))),
        Record(6, 2.0, 7, Mark.DOWN, b""),
        Record(7, 2.5, 7, Mark.CLOSED),
    ),
    (Passage(7, "[::1]:5", "::1", 5, "::1", 80, datagrams=True),),
    3,
    True,
)


def test_what_comes_is_what_was_sent():
    assert recorded_from_data(json.loads(json.dumps(recorded_to_data(RECORDED)))) == RECORDED


def test_the_fullest_page_fits_a_message():
    long = "/" + "\N{PILE OF POO}" * 40
    records = tuple(
        Record(10**12 + index, 1.7e9 + 1 / 3, 10**9 + index, Mark.OPENED, b"x" * 16)
        for index in range(PAGE_RECORDS - PAGE_BYTES // RECORD_BYTES)
    ) + (Record(1, 1.0, 1, Mark.UP, bytes(RECORD_BYTES)),) * (PAGE_BYTES // RECORD_BYTES)
    passages = tuple(
        Passage(10**9 + index, long, "ffff:" * 7 + "ffff", 65535, "ffff:" * 7 + "ffff", 65535)
        for index in range(len(records))
    )
    page = recorded_to_data(Recorded(True, records, passages, 10**12, True))
    assert len(encode(Reply(1, page))) < LONGEST_MESSAGE_BYTES


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("records", [[1, 1.0, 1, "up", "not base 64!"]]),
        ("records", [[1, 1.0, 1, "sideways", ""]]),
        ("records", [[1, 1.0, 1, "up"]]),
        ("records", [["x", 1.0, 1, "up", ""]]),
        ("records", None),
        ("records", [[1, 1e300, 1, "up", ""]]),
        ("records", [[1, math.nan, 1, "up", ""]]),
        ("passages", [{"connection": "one"}]),
        ("passages", [{"connection": 1, "peer": "b", "client": "b"}]),
        ("passages", [{"connection": 1, "peer": "b", "server_port": 65536}]),
        ("dropped", None),
        ("dropped", math.inf),
    ],
)
def test_what_is_none_is_refused(key: str, value: Any):
    with pytest.raises(ControlError) as caught:
        recorded_from_data({**recorded_to_data(RECORDED), key: value})
    assert caught.value.code is ErrorCode.MESSAGE_MALFORMED


@pytest.mark.parametrize("data", [None, [], {}, "text"])
def test_what_is_no_recording_at_all(data: object):
    with pytest.raises(ControlError):
        recorded_from_data(data)
