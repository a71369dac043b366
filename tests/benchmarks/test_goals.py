"""Goals and tables on figures that are made up: what is met, what is said, what is returned."""

from __future__ import annotations

import pytest

from tests.benchmarks.goals import (
    Bound,
    Goal,
    Outcome,
    Verdict,
    best_of_others,
    exit_code,
    judge,
    missed_floors,
)
from tests.benchmarks.table import Circumstances, page
from tests.benchmarks.topics import TOPICS

COST = Goal("cost", Bound(0.5, "socat"), Bound(1.0, "haproxy"))
SPEED = Goal("speed", Bound(3.0, "socat"), at_least=True)
SIZE = Goal("size", Bound(4.0))
BEST = "; the best of the others is haproxy: 0.4"


def outcome(*goals: Goal, **ours: float) -> Outcome:
    figures = {
        "socat": {"cost": 10.0, "speed": 100.0},
        "haproxy": {"cost": 4.0},
        "bascule": dict(ours),
    }
    return Outcome("Made up", ("cost", "speed", "size"), goals, "Of nothing.", [figures])


@pytest.mark.parametrize(
    ("goal", "ours", "verdict"),
    [
        (COST, {"cost": 5.0}, Verdict.MET),
        (COST, {"cost": 5.1}, Verdict.MISSED),
        (COST, {}, Verdict.NOT_MEASURED),
        (SPEED, {"speed": 300.0}, Verdict.MET),
        (SPEED, {"speed": 299.0}, Verdict.MISSED),
        (SIZE, {"size": 4.0}, Verdict.MET),
        (SIZE, {"size": 4.1}, Verdict.MISSED),
    ],
)
def test_a_floor_is_held_against_what_was_measured(
    goal: Goal, ours: dict[str, float], verdict: Verdict
) -> None:
    assert goal.floor is not None
    assert judge(goal, goal.floor, outcome(goal, **ours)).verdict is verdict


def test_nothing_lost_means_nothing() -> None:
    goal = Goal("lost", Bound(0.0))
    assert judge(goal, Bound(0.0), outcome(lost=0.0)).verdict is Verdict.MET
    assert judge(goal, Bound(0.0), outcome(lost=1.0)).verdict is Verdict.MISSED


def test_a_missed_floor_is_named_and_ends_with_1() -> None:
    seen = [outcome(COST, SPEED, cost=6.0, speed=400.0)]
    assert missed_floors(seen, strict=False) == [
        "Made up: cost of bascule: 0.6 ×, the floor is ≤ 0.5 × socat" + BEST  # noqa: RUF001
    ]
    assert exit_code(seen, strict=False) == 1


def test_a_missed_aim_is_no_failure() -> None:
    seen = [outcome(COST, cost=4.5)]  # more than haproxy's
    assert missed_floors(seen, strict=True) == []
    assert exit_code(seen, strict=True) == 0


def test_what_was_not_measured_is_missed_only_where_that_is_asked() -> None:
    seen = [outcome(COST)]
    assert exit_code(seen, strict=False) == 0
    assert exit_code(seen, strict=True) == 1
    assert missed_floors(seen, strict=True) == [
        "Made up: cost of bascule: not measured, the floor is ≤ 0.5 × socat" + BEST  # noqa: RUF001
    ]


def test_without_the_peer_nothing_is_known() -> None:
    seen = outcome(COST, cost=1.0)
    del seen.rounds[0]["socat"]
    assert exit_code([seen], strict=False) == 0
    assert exit_code([seen], strict=True) == 1


def test_one_that_fails_at_its_work_misses_its_floors_whatever_it_reached_before() -> None:
    seen = outcome(COST, cost=1.0)
    seen.broken.add("bascule")
    assert missed_floors([seen], strict=False) == [
        "Made up: cost of bascule: failed, the floor is ≤ 0.5 × socat" + BEST  # noqa: RUF001
    ]


def test_a_peer_that_fails_is_no_fault_of_ours() -> None:
    seen = outcome(COST, cost=1.0)
    seen.broken.add("haproxy")
    assert exit_code([seen], strict=True) == 0


def test_the_page_shows_figures_ratios_goals_and_remarks() -> None:
    seen = outcome(COST, SPEED, SIZE, cost=6.0, speed=400.0)
    seen.remarks["nginx"] = "does not start: there is none"
    text = page(Circumstances(("Date: today",)), [seen])
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    assert "- Date: today" in text
    assert "Of nothing." in text
    assert "**1 of 3 floors are met; 1 could not be measured.** Missed:" in text
    assert "- nginx: does not start: there is none" in text
    assert ["socat", "10 (1)", "100 (1)", "–"] in rows  # noqa: RUF001
    assert ["bascule", "6 (0.6)", "400 (4)", "–"] in rows  # noqa: RUF001
    cost = ["≤ 0.5 × socat", "0.6 ×", "**missed**", "≤ 1 × haproxy", "1.5 ×", "missed"]  # noqa: RUF001
    assert ["cost of bascule", *cost] in rows
    assert ["speed of bascule", "≥ 3 × socat", "4 ×", "met", "", "", ""] in rows  # noqa: RUF001
    assert ["size of bascule", "≤ 4", "–", "not measured", "", "", ""] in rows  # noqa: RUF001


def test_the_median_stands_for_all_but_losses() -> None:
    figures = ((1.0, 0.0), (9.0, 3.0), (2.0, 0.0))
    rounds = [{"bascule": {"cost": cost, "lost, 50": lost}} for cost, lost in figures]
    seen = Outcome("Made up", ("cost", "lost, 50"), rounds=rounds)
    assert seen.figure("bascule", "cost") == 2
    assert seen.figure("bascule", "lost, 50") == 3
    assert seen.figure("bascule", "speed") is None


def test_a_ratio_is_taken_within_each_round() -> None:
    """A machine that is three times as slow for two rounds out of three changes nothing."""
    pace = (1, 3, 3)
    rounds = [{"socat": {"cost": 10.0 * by}, "bascule": {"cost": 4.0 * by}} for by in pace]
    rounds.append({"socat": {"cost": 10.0}, "bascule": {}})
    seen = Outcome("Made up", ("cost",), rounds=rounds)
    assert seen.ratio("bascule", "cost", "socat") == pytest.approx(0.4)
    assert seen.ratio("bascule", "cost", "haproxy") is None


def test_a_missed_floor_says_how_far_the_others_come() -> None:
    seen = outcome(COST, cost=6.0)
    assert best_of_others(COST, Bound(0.5, "socat"), seen) == ("haproxy", 0.4)
    assert best_of_others(SPEED, Bound(3.0, "socat"), seen) is None
    assert missed_floors([seen], strict=False)[0].endswith(BEST)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_goals_speak_of_relays_and_figures_that_there_are(topic) -> None:
    names = {relay.name for relay in topic.relays}
    for goal in topic.goals:
        assert goal.column in topic.columns
        assert goal.relay in names
        for bound in (goal.floor, goal.aim):
            assert bound is None or not bound.of or bound.of in names
