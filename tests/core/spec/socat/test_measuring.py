"""The ends that look at a way, in socat's words."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.endpoints import TcpConnect
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.socat.command import parse_command
from bascule.spec.socat.explain import sentence
from tests.core.spec.socat.test_ends import read


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("THROUGHPUT:10", Throughput()),
        (
            "THROUGHPUT:0,megabytes=5,answer=2.5",
            Throughput(seconds=0, megabytes=5, answer_seconds=2.5),
        ),
        ("CHECK-EVERY:60", Schedule()),
        (
            "CHECK-EVERY:30,within=1.5,first-byte",
            Schedule(every_seconds=30, within_seconds=1.5, first_byte=True),
        ),
    ],
)
def test_an_address_is_an_end(text: str, end: object):
    assert read(text) == end


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ("THROUGHPUT", ErrorCode.VALUE_INVALID, "THROUGHPUT:<seconds>"),
        ("THROUGHPUT:soon", ErrorCode.VALUE_INVALID, "soon is no number of seconds"),
        ("THROUGHPUT:0", ErrorCode.VALUE_MISSING, "seconds is missing"),
        ("CHECK-EVERY:0.5", ErrorCode.VALUE_INVALID, "every_seconds: must be from 1"),
        ("CHECK-EVERY:5,megabytes=1", ErrorCode.VALUE_INVALID, "megabytes"),
    ],
)
def test_what_is_wrong_is_said(text: str, code: ErrorCode, why: str):
    with pytest.raises(SpecError) as caught:
        read(text)
    assert caught.value.code is code
    assert why in caught.value.message


@pytest.mark.parametrize(
    "words",
    [
        ["PIPE", "CHECK-EVERY:5"],
        ["PIPE", "FAILOVER:CHECK-EVERY\\:5"],
        ["CHECK-EVERY:5!!PIPE", "PIPE"],
    ],
)
def test_nothing_is_passed_on_to_a_schedule(words: list[str]):
    with pytest.raises(SpecError) as caught:
        parse_command(words)
    assert "CHECK-EVERY stands first" in caught.value.message


def test_a_check_in_a_sentence():
    command = parse_command(["--again", "CHECK-EVERY:60,first-byte", "TCP:example.com:80"])
    assert command.relay.source == Schedule(first_byte=True)
    assert isinstance(command.relay.target, TcpConnect)
    assert sentence(command.relay) == (
        "Checks every 60 seconds whether example.com:80 answers, and says something, within "
        "5 seconds."
    )
    measured = parse_command(["THROUGHPUT:5,megabytes=7", "TCP:example.com:80"])
    assert "a measurement of how fast the way is, of at most 5 seconds or 7 MB" in sentence(
        measured.relay
    )
