"""What may stand as source or target, and ends made of several."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.built_in import Discard
from bascule.spec.codec import classes_of, to_data, union_from_data
from bascule.spec.datagrams import UdpConnect, UdpReceive
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.ends import Dual, Failover, FanOut, Source, Target
from bascule.spec.local import File, Standard
from bascule.spec.options import Retry, Shape

A, B = TcpConnect("a.example", 1), UdpConnect(host="b.example", port=2)


def kinds(union: Any) -> list[str]:
    return [member.kind for member in classes_of(union)]


def test_every_end_has_a_kind_of_its_own():
    for union in (Source, Target):
        found = kinds(union)
        assert "" not in found
        assert len(found) == len(set(found))
    assert set(kinds(Target)) - set(kinds(Source)) == {"failover", "fan-out"}


@pytest.mark.parametrize(
    "end",
    [
        Failover(targets=(A, B), check_seconds=1.5),
        FanOut(targets=(A, B), answering=2),
        FanOut(targets=(A, Failover(targets=(B,))), answering=0),
        Dual(reading=A, writing=TcpListen(4)),
        TcpConnect("c", 3, shape=Shape(line_ending="crlf"), retry=Retry(3, 0.5)),
    ],
)
def test_plain_data_and_back(end: Any):
    assert union_from_data(Target, to_data(end)) == end


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: Failover(targets=()), ErrorCode.VALUE_MISSING, "targets"),
        (lambda: FanOut(targets=()), ErrorCode.VALUE_MISSING, "targets"),
        (lambda: FanOut(targets=(A,), answering=2), ErrorCode.VALUE_INVALID, "answering"),
        (
            lambda: Failover(targets=(A,), check_seconds=-1),
            ErrorCode.VALUE_INVALID,
            "check_seconds",
        ),
    ],
)
def test_what_cannot_be(make: Any, code: ErrorCode, field: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    ("halves", "field"),
    [
        ({"reading": Discard(), "writing": A}, "reading"),
        ({"reading": File(path="/x", way="write"), "writing": A}, "reading"),
        ({"reading": A, "writing": File(path="/x", way="read")}, "writing"),
        ({"reading": A, "writing": UdpReceive(port=7)}, "writing"),
        ({"reading": Dual(reading=A, writing=B), "writing": Standard(use="input")}, "writing"),
    ],
)
def test_each_half_must_be_able_to_do_its_part(halves: dict[str, Any], field: str):
    with pytest.raises(SpecError) as caught:
        Dual(**halves)
    assert caught.value.field == field
    assert caught.value.facts["rule"] in ("gives", "takes")
