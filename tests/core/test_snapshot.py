"""All that a watcher can be told is told apart by its kind, and comes out the same."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, Problem
from bascule.events import (
    Checked,
    CheckResult,
    ConnectionClosed,
    ConnectionOpened,
    ConnectionStatus,
    LogLevel,
    LogLine,
    Measured,
    Measurement,
    Outcome,
    ProfileRemoved,
    RecordingChanged,
    RelayChanged,
    RelayState,
    RelayStatus,
    Traffic,
    TransferChanged,
    TransferState,
    TransferStatus,
)
from bascule.snapshot import Event, ProfileSaved, ProfileView, Snapshot
from bascule.spec.codec import classes_of, to_data, union_from_data
from tests.helpers.specs import data, profiles, spoilt

problem = Problem(ErrorCode.PROFILE_DAMAGED, "not a profile", None, {"line": 3})
line = LogLine("a-1", 5.0, LogLevel.INFO, "listening on [::1]:1")
transfer = TransferStatus(
    1, True, TransferState.FAILED, "a/b", 5, 1, 9, 2, 1, "00ff", 2.5, 3.0, 5.0, problem
)
view = ProfileView(
    "a-1",
    "/x/a-1.toml",
    broken=problem,
    status=RelayStatus(RelayState.WAITING, problem, 9.5, ("[::1]:1",), True, 2.0),
    connections=(ConnectionStatus(1, "[::1]:2", 3.0, 4, 5, True),),
    connection_count=1,
    up=4,
    down=5,
    log=(line,),
    transfers=(transfer,),
    measurement=Measurement(Outcome.RUNNING, 4.0, 1.5, 6, 7, ((0.5, 1, 2), (1.0, 3, 4))),
    checks=(CheckResult(8.0, 12.5), CheckResult(9.0, 5000.0, problem)),
)
examples = [
    RelayChanged("a-1", RelayStatus()),
    ConnectionOpened("a-1", view.connections[0]),
    ConnectionClosed("a-1", 1, 4, 5, problem),
    Traffic("a-1", 1.0, 2, 3, ((1, 2, 3),)),
    line,
    TransferChanged("a-1", transfer),
    TransferChanged("a-1", TransferStatus(2, False)),
    ProfileSaved(view),
    ProfileRemoved("a-1"),
    RecordingChanged("a-1", True),
    Measured("a-1", Measurement(Outcome.CONFIRMED, 4.0, 2.0, 8, 9)),
    Checked("a-1", CheckResult(10.0, 1.0)),
    Snapshot((view, ProfileView("b-2", "/x/b-2.toml"))),
]


def test_there_is_an_example_of_every_event():
    assert {type(event) for event in examples} == set(classes_of(Event))
    assert len({event.kind for event in examples}) == len({type(event) for event in examples})


@given(st.sampled_from(examples) | profiles.map(lambda it: ProfileSaved(ProfileView("x", "y", it))))
def test_an_event_travels_as_json(event: Any):
    assert union_from_data(Event, json.loads(json.dumps(to_data(event)))) == event


@given(data | st.sampled_from(examples).flatmap(lambda event: spoilt(to_data(event))))
def test_what_is_no_event_is_refused_in_words(anything: object):
    try:
        event = union_from_data(Event, anything)
    except BasculeError:
        return
    assert type(event) in set(classes_of(Event))
