"""The ends that look at a way, as data."""

from __future__ import annotations

from typing import Any

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.codec import from_data, to_data, union_from_data
from bascule.spec.endpoints import TcpConnect
from bascule.spec.ends import Source, Target, gives, takes
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.relays import RelaySpec


def test_plain_data_and_back():
    meter = Throughput(seconds=5, megabytes=100)
    assert to_data(meter) == {"kind": "throughput", "seconds": 5, "megabytes": 100}
    assert union_from_data(Source, to_data(meter)) == meter
    assert union_from_data(Target, to_data(meter)) == meter
    assert gives(meter)
    assert takes(meter)


def test_only_a_source_can_be_a_schedule():
    schedule = Schedule(every_seconds=30, first_byte=True)
    data = {"kind": "schedule", "every_seconds": 30, "first_byte": True}
    assert to_data(schedule) == data
    assert union_from_data(Source, data) == schedule
    with pytest.raises(SpecError) as caught:
        union_from_data(Target, data)
    assert caught.value.code is ErrorCode.KIND_UNKNOWN


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"seconds": 0}, ErrorCode.VALUE_MISSING, "seconds"),
        ({"seconds": -1}, ErrorCode.VALUE_INVALID, "seconds"),
        ({"megabytes": -1}, ErrorCode.VALUE_INVALID, "megabytes"),
        ({"answer_seconds": 0}, ErrorCode.VALUE_INVALID, "answer_seconds"),
    ],
)
def test_what_cannot_be_measured(values: dict[str, Any], code: ErrorCode, field: str):
    with pytest.raises(SpecError) as caught:
        Throughput(**values)
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"every_seconds": 0.5}, "every_seconds"), ({"within_seconds": 0}, "within_seconds")],
)
def test_what_cannot_be_a_schedule(values: dict[str, Any], field: str):
    with pytest.raises(SpecError) as caught:
        Schedule(**values)
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALUE_INVALID, field)


def test_a_measurement_is_made_once_and_a_schedule_goes_on():
    target = TcpConnect("h", 1)
    assert RelaySpec(Throughput(), target).ends_by_itself
    assert not RelaySpec(Schedule(), target).ends_by_itself
    read = from_data(RelaySpec, to_data(RelaySpec(Schedule(), target)))
    assert read.source == Schedule()
    assert not read.listens
