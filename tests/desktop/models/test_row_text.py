"""What is said of a row in each of its states."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bascule.errors import ErrorCode, Problem
from bascule.events import CheckResult, RelayState
from bascule.snapshot import ProfileView
from bascule.spec.endpoints import SerialPort, TcpConnect, TcpListen
from bascule.spec.local import Program
from bascule.spec.measuring import Schedule
from bascule.spec.relays import RelaySpec
from bascule_desktop.models.row_text import (
    for_it,
    row_line,
    row_name,
    row_word,
    shown_state,
    spoken,
    state_word,
    trouble,
    waiting_line,
)
from bascule_desktop.store import Row
from tests.desktop.relay_facts import (
    CHAIN,
    FIRST_HOP_DEAD,
    IN_USE,
    MISSING,
    NOW,
    SCALE,
    broken_view,
    line,
    profile,
    spec,
    store_of,
    view,
)

S = RelayState
CHECKS = profile(spec=spec(Schedule(), TcpConnect("db.example", 5432)))
REFUSED = Problem(
    ErrorCode.CONNECTION_REFUSED, "refused", "target.host", {"subject": "db.example:5432"}
)


def row(made: ProfileView) -> Row:
    return store_of(made).rows[made.id]


def test_every_state_has_a_word() -> None:
    assert len({state_word(state) for state in RelayState}) == len(RelayState)


def test_a_stopped_relay_shows_its_route() -> None:
    assert row_line(row(view()), NOW) == "127.0.0.1:2001 → COM5 · 9600 8N1"


def test_a_failed_one_says_why() -> None:
    made = row(view(profile(), S.FAILED, IN_USE))
    assert row_line(made, NOW) == "Port 8080 is already used by nginx"
    assert trouble(made) == IN_USE


def test_waiting_counts_down() -> None:
    made = row(view(profile(), S.WAITING, MISSING, retry_at=NOW + 4))
    assert row_line(made, NOW) == "Waiting for COM5 · next try in 4 s"
    assert row_line(made, NOW + 1) == "Waiting for COM5 · next try in 3 s"
    assert row_line(made, NOW + 9) == "Waiting for COM5 · trying now"


@pytest.mark.parametrize("facts", [{}, {"subject": "10.0.0.5:80"}])
def test_waiting_without_facts_names_the_target(facts: dict[str, str]) -> None:
    problem = Problem(ErrorCode.TIMED_OUT, "", "target.host", facts)
    relay = spec(SerialPort("COM5"), TcpConnect("10.0.0.5", 80))
    made = row(view(profile(spec=relay), S.WAITING, problem, retry_at=NOW + 1))
    assert waiting_line(made, NOW) == "Waiting for 10.0.0.5:80 · next try in 1 s"


def test_between_two_tries_the_reason_stays() -> None:
    relay = spec(SerialPort("COM5"), TcpConnect("10.0.0.5", 80))
    made = row(view(profile(spec=relay), S.STARTING, log=(line("x", MISSING, NOW - 2),)))
    assert trouble(made) == MISSING
    assert row_line(made, NOW) == "Waiting for COM5 · trying now"


def test_a_first_start_has_no_reason() -> None:
    relay = spec(SerialPort("COM5"), TcpConnect("10.0.0.5", 80))
    assert trouble(row(view(profile(spec=relay), S.STARTING))) is None
    old = (line("x", MISSING, NOW - 1000),)
    assert trouble(row(view(profile(spec=relay), S.STARTING, log=old))) is None


def test_a_running_relay_tells_of_the_way_its_last_connection_did_not_find() -> None:
    made = row(view(profile(spec=CHAIN), S.RUNNING, log=(line("x", FIRST_HOP_DEAD),)))
    assert trouble(made) == FIRST_HOP_DEAD
    assert row_line(made, NOW).startswith("10.0.0.3:1080 does not answer")
    healed = row(view(profile(spec=CHAIN), S.RUNNING, log=(line("x", FIRST_HOP_DEAD), line())))
    assert trouble(healed) is None


@pytest.mark.parametrize(
    "problem",
    [
        Problem(ErrorCode.NOT_ALLOWED, "", "target"),
        Problem(ErrorCode.CONNECTION_RESET, "", "target"),
        Problem(ErrorCode.TLS_NOT_TLS, "a scanner", "source.tls"),
        Problem(ErrorCode.TIMED_OUT, ""),
    ],
)
def test_what_one_connection_did_is_no_trouble_of_the_relay(problem: Problem) -> None:
    assert trouble(row(view(profile(), S.RUNNING, log=(line("x", problem),)))) is None


def test_a_broken_profile_is_called_by_its_file() -> None:
    made = row(broken_view())
    assert row_name(made) == "old.toml"
    assert row_word(made) == "Cannot be read"
    assert "line 7" in row_line(made, NOW)
    assert row_name(row(broken_view(file="C:\\Data\\x.toml"))) == "x.toml"


def test_a_screen_reader_hears_name_state_reason_and_route() -> None:
    made = row(view(profile(), S.FAILED, IN_USE))
    assert spoken(made, NOW) == (
        "Scale, Problem, Port 8080 is already used by nginx, 127.0.0.1:2001 → COM5 · 9600 8N1"
    )
    assert spoken(row(view()), NOW) == "Scale, Stopped, 127.0.0.1:2001 → COM5 · 9600 8N1"
    made.recording = True
    assert spoken(made, NOW).endswith(", its traffic is shown")


def test_the_text_for_it_has_words_and_exact_values() -> None:
    text = for_it(profile(spec=SCALE), MISSING)
    assert "passes everything to the serial port COM5" in text
    assert "127.0.0.1:2001 → COM5" in text
    assert "code: device_missing" in text
    assert "field: target.device" in text


def test_what_a_program_is_told_is_not_sent_to_it() -> None:
    spec = RelaySpec(TcpListen(2001), Program(command="/usr/bin/my -phunter2"))
    text = for_it(profile(spec=spec), MISSING)
    assert "127.0.0.1:2001 → my\n" in text
    assert "hunter2" not in text


def test_a_relay_that_checks_says_whether_it_is_answered() -> None:
    answered = row(replace(view(CHECKS, S.RUNNING), checks=(CheckResult(NOW, 12.3),)))
    assert row_word(answered) == "Answers"
    assert row_line(answered, NOW) == "Answers in 12\N{NO-BREAK SPACE}ms"
    assert shown_state(answered) is S.RUNNING
    lost = row(view(CHECKS, S.WAITING, REFUSED, retry_at=NOW + 20, since=NOW - 60))
    assert row_word(lost) == "Does not answer"
    assert shown_state(lost) is S.FAILED
    assert row_line(lost, NOW).startswith("Since ")
    assert row_line(lost, NOW).endswith(": db.example:5432 refuses the connection")
    assert waiting_line(lost, NOW) == "Next check in 20 s"
    assert waiting_line(lost, NOW + 30) == "Checking again now"
    assert row_word(row(view(CHECKS))) == "Stopped"
    assert row_line(row(view(CHECKS, S.RUNNING)), NOW) == "Running"
