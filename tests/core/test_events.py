"""Every event travels as JSON and comes out the same."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import ErrorCode, Problem
from bascule.events import (
    ACTIVE,
    ConnectionClosed,
    ConnectionOpened,
    ConnectionStatus,
    LogLevel,
    LogLine,
    ProfileRemoved,
    RelayChanged,
    RelayState,
    RelayStatus,
    Stage,
    StageResult,
    Traffic,
)
from bascule.spec.codec import from_data, to_data

times = st.floats(0, 1e11)
counts = st.integers(0, 2**63)
problems = st.none() | st.builds(Problem, st.sampled_from(ErrorCode), st.text())
statuses = st.builds(
    RelayStatus,
    st.sampled_from(RelayState),
    problems,
    st.none() | times,
    st.lists(st.text()).map(tuple),
    st.booleans(),
    times,
)
connections = st.builds(ConnectionStatus, counts, st.text(), times, counts, counts, st.booleans())
events: dict[type, st.SearchStrategy[Any]] = {
    RelayChanged: st.builds(RelayChanged, st.text(), statuses),
    ConnectionOpened: st.builds(ConnectionOpened, st.text(), connections),
    ConnectionClosed: st.builds(ConnectionClosed, st.text(), counts, counts, counts, problems),
    Traffic: st.builds(
        Traffic,
        st.text(),
        times,
        counts,
        counts,
        st.lists(st.tuples(counts, counts, counts)).map(tuple),
    ),
    LogLine: st.builds(LogLine, st.text(), times, st.sampled_from(LogLevel), st.text(), problems),
    ProfileRemoved: st.builds(ProfileRemoved, st.text()),
    StageResult: st.builds(
        StageResult,
        st.sampled_from(Stage),
        st.text(),
        st.booleans(),
        problems,
        st.text(),
        times,
    ),
}


@given(st.one_of(*events.values()))
def test_an_event_travels_as_json(event: Any):
    assert from_data(type(event), json.loads(json.dumps(to_data(event)))) == event


@pytest.mark.parametrize("kind", events)
def test_an_event_is_frozen(kind: Any):
    first = dataclasses.fields(kind)[0].name
    event = kind(*("x" for field in dataclasses.fields(kind) if _is_required(field)))
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(event, first, "y")


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def test_a_relay_begins_stopped_and_without_a_problem():
    assert RelayStatus() == RelayStatus(RelayState.STOPPED, None, None, (), False, 0.0)


def test_a_relay_that_was_started_is_active_whether_it_works_or_not():
    assert sorted(ACTIVE) == ["running", "starting", "waiting"]
