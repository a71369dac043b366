"""What the window knows, event by event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bascule.errors import ErrorCode, Problem
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
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop.store import (
    HISTORY_SECONDS,
    SILENCE_SECONDS,
    Changes,
    RateSample,
    Row,
    Store,
    TrayState,
)

NOW = 1_000_000.0
PROBLEM = Problem(ErrorCode.ADDRESS_IN_USE, "port 2001 is taken")


def profile(id: str, name: str = "Scale") -> Profile:
    return Profile(id, name, RelaySpec(TcpListen(2001), TcpConnect("127.0.0.1", 2002)))


def view(id: str, state: RelayState = RelayState.STOPPED, **more: object) -> ProfileView:
    values = {"profile": profile(id), "status": RelayStatus(state), **more}
    return ProfileView(id, f"{id}.toml", **values)


def line(at: float, text: str = "listening") -> LogLine:
    return LogLine("a-1", at, LogLevel.INFO, text)


def store_of(*views: ProfileView) -> Store:
    store = Store()
    store.apply([Snapshot(views)], NOW)
    return store


def test_a_snapshot_is_all_there_is() -> None:
    store = store_of(view("a-1"), view("b-2"))
    changes = store.apply([Snapshot((view("b-2"), view("c-3")))], NOW)
    assert list(store.rows) == ["b-2", "c-3"]
    assert changes == Changes(
        reset=True,
        added=frozenset({"c-3"}),
        removed=frozenset({"a-1"}),
        changed=frozenset({"b-2"}),
        traffic=frozenset({"b-2"}),
        log=frozenset({"b-2"}),
    )


def test_nothing_told_is_nothing_changed() -> None:
    store = store_of(view("a-1"))
    assert not store.apply([], NOW)
    assert Changes(reset=True)


def test_a_recording_is_on_until_it_is_off_or_the_engine_is_gone() -> None:
    store = store_of(replace(view("a-1"), recording=True), view("b-2"))
    assert [row.recording for row in store.rows.values()] == [True, False]
    changes = store.apply([RecordingChanged("b-2", True)], NOW)
    assert changes == Changes(changed=frozenset({"b-2"}))
    store.apply([RecordingChanged("a-1", False)], NOW)
    assert [row.recording for row in store.rows.values()] == [False, True]
    store.mark_lost()
    assert not store.rows["b-2"].recording


def test_a_view_is_shown_whole() -> None:
    open_one = ConnectionStatus(7, "10.0.0.1:5", NOW, 1, 2, True)
    shown = view(
        "a-1",
        RelayState.RUNNING,
        connections=(open_one,),
        connection_count=9,
        up=10,
        down=20,
        log=(line(NOW),),
    )
    row = store_of(shown).rows["a-1"]
    assert (row.file, row.profile, row.broken) == ("a-1.toml", profile("a-1"), None)
    assert (row.connections, row.connection_count) == ({7: open_one}, 9)
    assert (row.up, row.down, row.rate_up, list(row.log)) == (10, 20, 0.0, [line(NOW)])
    assert (row.name, row.active, row.troubled) == ("Scale", True, False)


def test_a_file_that_cannot_be_read_has_the_name_of_its_file() -> None:
    row = store_of(view("a-1", profile=None, broken=PROBLEM)).rows["a-1"]
    assert (row.name, row.broken) == ("a-1.toml", PROBLEM)
    assert Row("a-1").name == "a-1"


def test_profiles_come_and_go() -> None:
    store = store_of(view("a-1"))
    changes = store.apply([ProfileSaved(view("b-2")), ProfileRemoved("a-1")], NOW)
    assert changes == Changes(added=frozenset({"b-2"}), removed=frozenset({"a-1"}))
    both = [ProfileSaved(view("c-3")), ProfileRemoved("c-3"), ProfileRemoved("unknown-1")]
    assert not store.apply(both, NOW)


def test_a_saved_profile_keeps_its_row() -> None:
    store = store_of(view("a-1", RelayState.RUNNING))
    row = store.rows["a-1"]
    store.apply([Traffic("a-1", NOW + 0.5, 50, 0)], NOW)
    changes = store.apply([ProfileSaved(view("a-1", profile=profile("a-1", "New")))], NOW + 1)
    assert store.rows["a-1"] is row
    assert row.name == "New"
    assert len(row.history) == 1
    assert changes.changed == {"a-1"}


def test_what_a_long_snapshot_cannot_hold_keeps_its_row_too() -> None:
    store = store_of(view("a-1"), view("b-2"), view("c-3"))
    row = store.rows["b-2"]
    store.apply([Traffic("b-2", NOW + 0.5, 50, 0)], NOW)
    changes = store.apply([Snapshot((view("a-1"),)), ProfileRemoved("c-3")], NOW)
    assert changes.removed == {"b-2", "c-3"}
    changes = store.apply([ProfileSaved(view("b-2")), ProfileSaved(view("c-3"))], NOW)
    assert store.rows["b-2"] is row
    assert len(row.history) == 1
    assert changes.added == {"b-2", "c-3"}


def test_a_state_is_what_was_said_last() -> None:
    store = store_of(view("a-1"))
    status = RelayStatus(RelayState.WAITING, PROBLEM, retry_at=NOW + 5)
    changes = store.apply(
        [RelayChanged("a-1", RelayStatus(RelayState.STARTING)), RelayChanged("a-1", status)], NOW
    )
    assert store.rows["a-1"].status == status
    assert changes == Changes(changed=frozenset({"a-1"}))


def test_events_of_a_removed_relay_are_let_go() -> None:
    store = store_of()
    late: list[Event] = [
        RelayChanged("a-1", RelayStatus(RelayState.STOPPED)),
        Traffic("a-1", NOW, 1, 1),
        line(NOW),
    ]
    assert not store.apply(late, NOW)
    assert store.rows == {}


def opened(number: int, connected: bool) -> ConnectionOpened:
    return ConnectionOpened("a-1", ConnectionStatus(number, "peer", NOW, connected=connected))


def test_a_connection_counts_once() -> None:
    store = store_of(view("a-1", RelayState.RUNNING))
    row = store.rows["a-1"]
    store.apply([opened(1, False), opened(1, True), opened(2, False)], NOW)
    assert row.connection_count == store.open_connections() == 2
    assert row.connections[1].connected
    changes = store.apply([ConnectionClosed("a-1", 1, 0, 0)], NOW)
    assert (list(row.connections), row.connection_count) == ([2], 1)
    assert changes == Changes(changed=frozenset({"a-1"}))


def test_connections_that_are_not_listed_count_too() -> None:
    listed = ConnectionStatus(1, "peer", NOW, connected=True)
    store = store_of(view("a-1", RelayState.RUNNING, connections=(listed,), connection_count=3))
    row = store.rows["a-1"]
    store.apply([opened(2, True)], NOW)  # one of the three has reached its target
    assert row.connection_count == 3
    closed = [ConnectionClosed("a-1", number, 0, 0) for number in (3, 2, 1, 4)]
    store.apply(closed, NOW)
    assert (row.connections, row.connection_count) == ({}, 0)


def test_a_stopped_relay_has_no_connections() -> None:
    store = store_of(view("a-1", RelayState.RUNNING))
    store.apply([opened(1, False), RelayChanged("a-1", RelayStatus())], NOW)
    assert store.open_connections() == 0
    assert store.rows["a-1"].connections == {}


def test_a_rate_is_the_difference_of_two_samples() -> None:
    store = store_of(view("a-1", RelayState.RUNNING, up=100, down=100))
    row = store.rows["a-1"]
    changes = store.apply([Traffic("a-1", NOW + 0.4, 300, 100)], NOW)
    assert (row.rate_up, row.rate_down) == (pytest.approx(500), 0)
    store.apply([Traffic("a-1", NOW + 0.9, 300, 350)], NOW)
    assert (row.rate_up, row.rate_down) == (0, pytest.approx(500))
    assert (row.up, row.down) == (300, 350)
    assert [sample.at for sample in row.history] == [NOW + 0.4, NOW + 0.9]
    assert changes == Changes(traffic=frozenset({"a-1"}))


@pytest.mark.parametrize("at", [NOW + 60, NOW, NOW - 3600])
def test_after_a_silence_or_a_jump_of_the_clock_half_a_second_counts(at: float) -> None:
    store = store_of(view("a-1", RelayState.RUNNING))
    store.apply([Traffic("a-1", at, 500, 50)], NOW)
    row = store.rows["a-1"]
    assert (row.rate_up, row.rate_down) == (1000, 100)


def test_counters_that_begin_anew_give_no_negative_rate() -> None:
    store = store_of(view("a-1", RelayState.RUNNING, up=10_000, down=10_000))
    store.apply([Traffic("a-1", NOW + 0.5, 50, 100)], NOW)
    row = store.rows["a-1"]
    assert (row.rate_up, row.rate_down) == (100, 200)
    assert (row.up, row.down) == (50, 100)


def test_traffic_moves_the_counters_of_connections() -> None:
    store = store_of(view("a-1", RelayState.RUNNING))
    store.apply([opened(1, True), Traffic("a-1", NOW, 5, 6, ((1, 5, 6), (99, 1, 1)))], NOW)
    connections = store.rows["a-1"].connections
    assert (connections[1].up, connections[1].down) == (5, 6)
    assert 99 not in connections


def test_silence_lets_the_rate_fall_and_the_history_go_on() -> None:
    store = store_of(view("a-1", RelayState.RUNNING), view("b-2"))
    store.apply([Traffic("a-1", NOW, 500, 0)], NOW)
    row = store.rows["a-1"]
    assert not store.tick(NOW + SILENCE_SECONDS / 2)
    assert row.rate_up == 1000
    assert store.tick(NOW + SILENCE_SECONDS) == Changes(traffic=frozenset({"a-1"}))
    assert row.rate_up == 0
    assert row.history[-1] == RateSample(NOW + SILENCE_SECONDS, 0, 0)


def test_history_is_five_minutes_and_a_flat_line_costs_nothing() -> None:
    store = store_of(view("a-1", RelayState.RUNNING))
    row = store.rows["a-1"]
    store.apply([Traffic("a-1", NOW, 500, 0)], NOW)
    store.apply([Traffic("a-1", NOW + 200, 600, 0)], NOW)
    store.apply([Traffic("a-1", NOW + HISTORY_SECONDS + 1, 700, 0)], NOW)
    assert [sample.at for sample in row.history] == [NOW + 200, NOW + HISTORY_SECONDS + 1]
    end = NOW + 2 * HISTORY_SECONDS + 2
    assert store.tick(end).traffic == {"a-1"}
    assert not row.history
    assert not store.tick(end + 1)


def test_the_log_grows_to_its_limit() -> None:
    store = store_of(view("a-1"))
    changes = store.apply([line(NOW + number, str(number)) for number in range(1200)], NOW)
    log = store.rows["a-1"].log
    assert (len(log), log[0].text, log[-1].text) == (1000, "200", "1199")
    assert changes == Changes(log=frozenset({"a-1"}))


def test_a_snapshot_repeats_no_line_and_loses_none() -> None:
    store = store_of(view("a-1", log=(line(NOW, "1"), line(NOW + 1, "2"))))
    store.apply([Snapshot((view("a-1", log=(line(NOW + 1, "2"), line(NOW + 2, "3"))),))], NOW)
    log = store.rows["a-1"].log
    assert [each.text for each in log] == ["1", "2", "3"]
    store.apply([Snapshot((view("a-1"),))], NOW)  # another engine that has said nothing yet
    assert [each.text for each in log] == ["1", "2", "3"]


def test_without_an_engine_nothing_runs() -> None:
    store = store_of(view("a-1", RelayState.RUNNING, connection_count=2), view("b-2"))
    store.apply([Traffic("a-1", NOW, 500, 0)], NOW)
    assert store.active_ids() == ("a-1",)
    changes = store.mark_lost()
    row = store.rows["a-1"]
    assert (row.status, row.rate_up, store.open_connections()) == (RelayStatus(), 0, 0)
    assert (row.up, len(row.history)) == (500, 1)
    assert changes == Changes(changed=frozenset({"a-1", "b-2"}))
    assert store.active_ids() == ()


@pytest.mark.parametrize(
    ("statuses", "overall"),
    [
        ([], TrayState.IDLE),
        ([RelayStatus(RelayState.STOPPED), RelayStatus(RelayState.STOPPING)], TrayState.IDLE),
        ([RelayStatus(RelayState.STOPPED), RelayStatus(RelayState.STARTING)], TrayState.RUNNING),
        ([RelayStatus(RelayState.WAITING)], TrayState.RUNNING),
        ([RelayStatus(RelayState.RUNNING), RelayStatus(RelayState.FAILED)], TrayState.PROBLEM),
        ([RelayStatus(RelayState.WAITING, PROBLEM)], TrayState.PROBLEM),
    ],
)
def test_the_tray_shows_the_worst(statuses: list[RelayStatus], overall: TrayState) -> None:
    views = [view(f"a-{number}", status=status) for number, status in enumerate(statuses)]
    assert store_of(*views).overall() is overall


def test_transfers_of_files_are_kept_and_of_those_that_ended_the_last() -> None:
    store = Store()
    store.apply([Snapshot((view("scale-1"),))], NOW)
    row = store.rows["scale-1"]
    assert row.transfer is None
    running = TransferStatus(1, sending=True)
    changes = store.apply([TransferChanged("scale-1", running)], NOW)
    assert changes.traffic == {"scale-1"}
    assert not changes.changed
    assert row.transfer == running
    ended = [TransferStatus(number, True, TransferState.COMPLETE) for number in range(2, 20)]
    store.apply([TransferChanged("scale-1", each) for each in ended], NOW)
    assert row.transfer == running, "what is under way matters most"
    assert list(row.transfers) == [1, *range(10, 20)]
    store.apply([TransferChanged("scale-1", replace(running, state=TransferState.FAILED))], NOW)
    assert row.transfer == ended[-1]
    store.apply([Snapshot((replace(view("scale-1"), transfers=(running,)),))], NOW)
    assert store.rows["scale-1"].transfer == running
    store.mark_lost()
    assert store.rows["scale-1"].transfer is None


def test_what_a_relay_finds_out_is_kept_and_a_snapshot_replaces_it() -> None:
    first, second = CheckResult(1.0, 12.0), CheckResult(2.0, 5.0, PROBLEM)
    store = store_of(view("a-1", checks=(first,)))
    going = Measurement(Outcome.RUNNING, 1.0, 0.5, 100, 0)
    changes = store.apply([Checked("a-1", second), Measured("a-1", going)], NOW)
    assert changes.changed == {"a-1"}
    assert list(store.rows["a-1"].checks) == [first, second]
    assert store.rows["a-1"].measurement == going
    store.apply([Snapshot((view("a-1", checks=(second,)),))], NOW)
    assert list(store.rows["a-1"].checks) == [second]
    assert store.rows["a-1"].measurement is None
