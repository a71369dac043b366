"""Owns what the figures are held against: goals, and whether some figures meet them. No I/O.

A floor must be met, an aim is where we want to be. Most are ratios to a peer of the same run, as
nothing else says much on a machine that is shared and differs from the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

OURS = "bascule"


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
    """What the measuring of one topic gave: medians by relay and column.

    ``remarks`` says of a relay why it has no figures, or what to know of them; who is in ``broken``
    ran and failed at its work. ``note`` says what the names do not.
    """

    title: str
    columns: tuple[str, ...]
    goals: tuple[Goal, ...] = ()
    note: str = ""
    figures: dict[str, dict[str, float]] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


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
    ours = outcome.figures.get(goal.relay, {}).get(goal.column)
    base = outcome.figures.get(bound.of, {}).get(goal.column) if bound.of else 1.0
    if ours is None or not base:
        return Judged(goal, bound, Verdict.NOT_MEASURED)
    value = ours / base
    met = value >= bound.limit if goal.at_least else value <= bound.limit
    return Judged(goal, bound, Verdict.MET if met else Verdict.MISSED, value)


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
                sentences.append(
                    f"{outcome.title}: {goal.column} of {goal.relay}: {what}, "
                    f"the floor is {judged.wanted}"
                )
    return sentences


def exit_code(outcomes: Sequence[Outcome], *, strict: bool) -> int:
    """What the tool ends with: 1 where a floor is missed."""
    return 1 if missed_floors(outcomes, strict=strict) else 0
