"""However much there is to say, no message is too long, and nothing is left out."""

from __future__ import annotations

import json

from bascule.control.batches import BATCH_BYTES, batches_of, page_of
from bascule.control.framing import Request, encode
from bascule.events import ConnectionStatus, LogLevel, LogLine, ProfileRemoved
from bascule.snapshot import Event, ProfileSaved, ProfileView, Snapshot
from bascule.spec.codec import union_from_data


def view(number: int, size: int = 0, lines: int = 0, connections: int = 0) -> ProfileView:
    log = tuple(LogLine("a-1", 0.0, LogLevel.INFO, "x" * 300) for _ in range(lines))
    live = tuple(ConnectionStatus(n, "127.0.0.1:50000", 1.0) for n in range(connections))
    return ProfileView(f"relay-{number}", "f" * size, connections=live, log=log)


def sent(events: list[Event]) -> list[Event]:
    """What a client gets, each batch as a message that is not too long."""
    heard: list[Event] = []
    for batch in batches_of(events):
        encode(Request("events", {"events": batch}))
        heard += [union_from_data(Event, data) for data in batch]
    return heard


def views_in(events: list[Event]) -> list[str]:
    first, *rest = events
    assert isinstance(first, Snapshot)
    return [each.id for each in first.profiles] + [
        each.view.id for each in rest if isinstance(each, ProfileSaved)
    ]


def test_nothing_is_one_empty_snapshot():
    assert sent([Snapshot()]) == [Snapshot()]
    assert list(batches_of([])) == []


def test_what_fits_is_one_snapshot():
    snapshot = Snapshot((view(1, lines=3), view(2, connections=3)))
    assert sent([snapshot]) == [snapshot]
    assert len(list(batches_of([snapshot]))) == 1


def test_busy_relays_are_a_snapshot_and_the_rest_of_it():
    snapshot = Snapshot(tuple(view(n, lines=100, connections=500) for n in range(30)))
    assert len(list(batches_of([snapshot]))) > 5
    events = sent([snapshot])
    assert views_in(events) == [f"relay-{n}" for n in range(30)]


def test_a_view_that_is_too_long_loses_its_log_and_single_connections():
    long = view(1, lines=2000, connections=10)
    events: list[Event] = [Snapshot((long,)), ProfileSaved(long)]
    for event in sent(events):
        seen = event.profiles[0] if isinstance(event, Snapshot) else event
        assert (seen.view if isinstance(seen, ProfileSaved) else seen) == view(1)


def test_a_view_that_is_long_all_the_same_is_a_message_of_its_own():
    snapshot = Snapshot((view(1, size=BATCH_BYTES), view(2)))
    events = sent([snapshot])
    assert views_in(events) == ["relay-1", "relay-2"]
    assert events[0] == Snapshot()


def test_events_keep_their_order():
    events: list[Event] = [
        LogLine(f"relay-{n}", 0.0, LogLevel.INFO, "x" * 1000) for n in range(1000)
    ]
    events.insert(500, ProfileRemoved("relay-500"))
    assert sent(events) == events
    assert all(len(json.dumps(batch)) < BATCH_BYTES + 5000 for batch in batches_of(events))


def test_pages_hold_all_without_logs():
    views = [view(n, size=1000, lines=1) for n in range(600)]
    seen: list[str] = []
    more = True
    while more:
        page = page_of(views, len(seen))
        assert len(json.dumps(page)) < BATCH_BYTES + 5000
        assert not any("log" in each for each in page["profiles"])
        seen += [each["id"] for each in page["profiles"]]
        more = page["more"]
    assert seen == [each.id for each in views]


def test_pages_of_nothing_and_of_too_much():
    assert page_of([], 0) == {"profiles": [], "more": False}
    assert page_of([view(1)], 5) == {"profiles": [], "more": False}
    assert page_of([view(1)], -5)["more"] is False
    huge = page_of([view(1, size=BATCH_BYTES), view(2)], 0)
    assert ([each["id"] for each in huge["profiles"]], huge["more"]) == (["relay-1"], True)
