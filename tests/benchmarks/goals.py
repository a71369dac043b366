"""Owns what the figures are held against: goals, and whether some figures meet them. No I/O.

A floor must be met, an aim is where we want to be. Most are ratios to a peer of the same run, as
nothing else says much on a machine that is shared and differs from the next.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

OURS = "bascule"
NO_RELAY = "no relay"

type Round = dict[str, dict[str, float]]
"""What one round gave, by relay and column."""


@dataclass(frozen=True)
class Bound:
    """A limit: so many times the figure of the peer ``of``; without a peer, the figure itself."""

    limit: float
    of: str = ""


@dataclass(frozen=True)
class Goal:
    """One figure of ours and what it must reach; ``at_least`` where more is better."""

    column: str
    floor: Bound | None
    aim: Bound | None = None
    relay: str = OURS
    at_least: bool = False


@dataclass
class Outcome:
    """What the measuring of one topic gave.

    ``remarks`` says of a relay why it has no figures, or what to know of them; who is in ``broken``
    ran and failed at its work. ``note`` says what the names do not.
    """

    title: str
    columns: tuple[str, ...]
    goals: tuple[Goal, ...] = ()
    note: str = ""
    rounds: list[Round] = field(default_factory=list[Round])
    remarks: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    @property
    def relays(self) -> list[str]:
        """Those that were to be measured, in order."""
        return list(dict.fromkeys(name for each in self.rounds for name in each))

    def figure(self, relay: str, column: str) -> float | None:
        """The median of all rounds; of losses the worst, as one is one too many."""
        values = [each[relay][column] for each in self.rounds if column in each.get(relay, {})]
        if not values:
            return None
        return max(values) if column.startswith("lost") else statistics.median(values)

    def ratio(self, relay: str, column: str, of: str) -> float | None:
        """The median of each round's own ratio: what slows the machine down for a while slows both
        down, as they are measured one after the other.
        """
        ratios = [
            each[relay][column] / each[of][column]
            for each in self.rounds
            if column in each.get(relay, {}) and each.get(of, {}).get(column)
        ]
        return statistics.median(ratios) if ratios else None


class Verdict(Enum):
    """Whether a bound is met, in the word the tables use."""

    MET = "met"
    MISSED = "missed"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Judged:
    """A bound of a goal, what was reached in the bound's own measure, and the verdict."""

    goal: Goal
    bound: Bound
    verdict: Verdict
    value: float | None = None

    @property
    def wanted(self) -> str:
        """The bound in words: ``≤ 0.2 × socat``."""  # noqa: RUF002
        sign = "≥" if self.goal.at_least else "≤"
        limit = f"{self.bound.limit:g}"
        return f"{sign} {limit} × {self.bound.of}" if self.bound.of else f"{sign} {limit}"  # noqa: RUF001

    @property
    def reached(self) -> str:
        """The figure in words: ``0.27 ×``."""  # noqa: RUF002
        if self.value is None:
            return "–"  # noqa: RUF001
        return f"{self.value:.3g}{' ×' if self.bound.of else ''}"  # noqa: RUF001


def judge(goal: Goal, bound: Bound, outcome: Outcome) -> Judged:
    """Hold one figure against one bound."""
    if goal.relay in outcome.broken:
        return Judged(goal, bound, Verdict.MISSED)
    value = _reached(outcome, goal, bound, goal.relay)
    if value is None:
        return Judged(goal, bound, Verdict.NOT_MEASURED)
    met = value >= bound.limit if goal.at_least else value <= bound.limit
    return Judged(goal, bound, Verdict.MET if met else Verdict.MISSED, value)


def best_of_others(goal: Goal, bound: Bound, outcome: Outcome) -> tuple[str, float] | None:
    """Which peer comes closest to a bound, or is furthest beyond it, and what it reached: says
    whether the machine allows as much at all. None where no other peer was measured.
    """
    reached = {
        name: value
        for name in outcome.relays
        if name not in (bound.of, NO_RELAY) and not name.startswith(OURS)
        if (value := _reached(outcome, goal, bound, name)) is not None
    }
    if not reached:
        return None
    name = (max if goal.at_least else min)(reached, key=lambda name: reached[name])
    return name, reached[name]


def _reached(outcome: Outcome, goal: Goal, bound: Bound, relay: str) -> float | None:
    if bound.of:
        return outcome.ratio(relay, goal.column, bound.of)
    return outcome.figure(relay, goal.column)


def missed_floors(outcomes: Sequence[Outcome], *, strict: bool) -> list[str]:
    """A sentence for each floor that is missed, and where ``strict`` for those not measured."""
    sentences: list[str] = []
    for outcome in outcomes:
        for goal in outcome.goals:
            if goal.floor is None:
                continue
            judged = judge(goal, goal.floor, outcome)
            if judged.verdict is Verdict.MISSED or (
                strict and judged.verdict is Verdict.NOT_MEASURED
            ):
                what = "failed" if goal.relay in outcome.broken else judged.reached
                what = "not measured" if judged.verdict is Verdict.NOT_MEASURED else what
                sentence = (
                    f"{outcome.title}: {goal.column} of {goal.relay}: {what}, "
                    f"the floor is {judged.wanted}"
                )
                if best := best_of_others(goal, goal.floor, outcome):
                    sentence += f"; the best of the others is {best[0]}: {best[1]:.3g}"
                sentences.append(sentence)
    return sentences


def exit_code(outcomes: Sequence[Outcome], *, strict: bool) -> int:
    """What the tool ends with: 1 where a floor is missed."""
    return 1 if missed_floors(outcomes, strict=strict) else 0
