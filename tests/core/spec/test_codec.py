"""Specs and events as plain data and back: the identity, and words for whatever is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.spec.codec import from_data, to_data, union_from_data
from bascule.spec.endpoints import ProxyHop, SerialPort, TcpConnect, TcpListen, UnixListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from tests.helpers.specs import data, profiles, relays, spoilt


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Point:
    kind: ClassVar[str] = "point"
    x: int
    y: float = 0.0


@dataclass(frozen=True)
class Circle:
    kind: ClassVar[str] = "circle"
    centre: Point
    ways: tuple[tuple[int, int], ...] = ()
    colour: Colour | None = None
    facts: Mapping[str, int] = field(default_factory=dict[str, int])
    open: bool = False
    name: str = ""


type Shape = Point | Circle


def refusal(kind: Any, anything: object) -> SpecError:
    with pytest.raises(SpecError) as caught:
        from_data(kind, anything)
    return caught.value


CIRCLE = Circle(Point(1, 2.5), ((1, 2), (3, 4)), Colour.RED, {"a": 1}, True, "o")


def test_defaults_are_left_out_unless_they_are_wanted():
    assert to_data(Circle(Point(1))) == {"kind": "circle", "centre": {"kind": "point", "x": 1}}
    everything = to_data(Circle(Point(1)), keep_defaults=True)
    assert everything == {
        "kind": "circle",
        "centre": {"kind": "point", "x": 1, "y": 0.0},
        "ways": [],
        "open": False,
        "name": "",
    }
    assert from_data(Circle, everything) == Circle(Point(1))


def test_nothing_is_a_value_where_it_may_be_none():
    assert from_data(Circle, {"centre": {"x": 1}, "colour": None}) == Circle(Point(1))
    assert refusal(Circle, {"centre": None}).field == "centre"


def test_a_union_is_told_apart_by_its_kind():
    for shape in (CIRCLE, Point(7)):
        plain = json.loads(json.dumps(to_data(shape)))
        assert union_from_data(Shape, plain) == shape


@pytest.mark.parametrize(
    ("anything", "code", "where"),
    [
        (None, ErrorCode.VALUE_INVALID, None),
        ([], ErrorCode.VALUE_INVALID, None),
        ({}, ErrorCode.VALUE_MISSING, "centre"),
        ({"centre": 5}, ErrorCode.VALUE_INVALID, "centre"),
        ({"centre": {}}, ErrorCode.VALUE_MISSING, "centre.x"),
        ({"centre": {"x": "1"}}, ErrorCode.VALUE_INVALID, "centre.x"),
        ({"centre": {"x": True}}, ErrorCode.VALUE_INVALID, "centre.x"),
        ({"centre": {"x": 1.5}}, ErrorCode.VALUE_INVALID, "centre.x"),
        ({"centre": {"x": 1, "y": True}}, ErrorCode.VALUE_INVALID, "centre.y"),
        ({"centre": {"x": 1, "y": 10**400}}, ErrorCode.VALUE_INVALID, "centre.y"),
        ({"centre": {"x": 1, "z": 1}}, ErrorCode.FIELD_UNKNOWN, "centre.z"),
        ({"centre": {"x": 1, 5: 1}}, ErrorCode.FIELD_UNKNOWN, "centre.5"),
        ({"centre": {"x": 1}, "ways": 5}, ErrorCode.VALUE_INVALID, "ways"),
        ({"centre": {"x": 1}, "ways": [[1, 2], [3]]}, ErrorCode.VALUE_INVALID, "ways.1"),
        ({"centre": {"x": 1}, "ways": [[1, "2"]]}, ErrorCode.VALUE_INVALID, "ways.0.1"),
        ({"centre": {"x": 1}, "colour": "blue"}, ErrorCode.VALUE_INVALID, "colour"),
        ({"centre": {"x": 1}, "colour": []}, ErrorCode.VALUE_INVALID, "colour"),
        ({"centre": {"x": 1}, "facts": []}, ErrorCode.VALUE_INVALID, "facts"),
        ({"centre": {"x": 1}, "open": 1}, ErrorCode.VALUE_INVALID, "open"),
        ({"centre": {"x": 1}, "name": 1}, ErrorCode.VALUE_INVALID, "name"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(anything: object, code: ErrorCode, where: str | None):
    error = refusal(Circle, anything)
    assert (error.code, error.field) == (code, where)


@pytest.mark.parametrize(
    ("anything", "code", "where"),
    [
        (5, ErrorCode.VALUE_INVALID, None),
        ({"x": 1}, ErrorCode.VALUE_MISSING, "kind"),
        ({"kind": "square"}, ErrorCode.KIND_UNKNOWN, "kind"),
        ({"kind": []}, ErrorCode.KIND_UNKNOWN, "kind"),
        ({"kind": {}}, ErrorCode.KIND_UNKNOWN, "kind"),
    ],
)
def test_what_is_no_member_of_a_union(anything: object, code: ErrorCode, where: str | None):
    with pytest.raises(SpecError) as caught:
        union_from_data(Shape, anything)
    assert (caught.value.code, caught.value.field) == (code, where)


def test_an_unknown_kind_says_which_are_known():
    error = refusal(RelaySpec, {"source": {"kind": "tcp"}, "target": {}})
    assert error.field == "source.kind"
    assert error.facts["kind"] == "tcp"
    assert "tcp-listen" in str(error.facts["known"])


def test_what_a_spec_refuses_is_placed_within_the_whole():
    target = {"kind": "tcp-connect", "host": "h", "port": 1}
    source = {"kind": "tcp-listen", "port": 5}
    error = refusal(RelaySpec, {"source": {**source, "port": 70000}, "target": target})
    assert (error.field, error.facts["maximum"]) == ("source.port", 65535)
    hop = {"version": "4", "password": "ref"}
    error = refusal(RelaySpec, {"source": source, "target": {**target, "via": [{}, hop]}})
    assert error.field == "target.via.1.password"
    error = refusal(RelaySpec, {"source": source, "target": target, "allow": ["ten"]})
    assert error.field == "allow"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (TcpConnect, "family"),
        (SerialPort, "parity"),
        (SerialPort, "stop_bits"),
        (SerialPort, "flow_control"),
        (SerialPort, "dtr"),
        (ProxyHop, "version"),
        (UnixListen, "mode"),
        (TcpListen, "host"),
    ],
)
def test_an_empty_choice_is_none(kind: type[Any], name: str):
    sound = {"host": "h", "port": 1, "device": "/dev/x", "path": "/x"}
    given = {key: value for key, value in sound.items() if key in kind.__dataclass_fields__}
    assert refusal(kind, {**given, name: ""}).field == name


@given(relays | profiles)
def test_a_spec_comes_back_the_same(spec: Any):
    assert from_data(type(spec), json.loads(json.dumps(to_data(spec)))) == spec
    full = json.loads(json.dumps(to_data(spec, keep_defaults=True)))
    assert from_data(type(spec), full) == spec


@given(st.sampled_from([Profile, RelaySpec, Circle, TcpConnect]), data)
def test_anything_else_is_refused_in_words(kind: Any, anything: object):
    try:
        made = from_data(kind, anything)
    except BasculeError:
        return
    assert isinstance(made, kind)


@given(profiles.flatmap(lambda profile: spoilt(to_data(profile))))
def test_a_spoilt_profile_is_refused_in_words(anything: object):
    try:
        profile = from_data(Profile, anything)
    except BasculeError:
        return
    assert from_data(Profile, to_data(profile)) == profile


@given(spoilt(to_data(CIRCLE)))
def test_spoilt_data_is_refused_in_words(anything: object):
    try:
        union_from_data(Shape, anything)
    except BasculeError:
        pass
