"""Owns how the figures are shown: Markdown that reads well in a terminal too."""

from __future__ import annotations

import datetime
import os
import platform
import re
import ssl
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

from installer import interpreter
from tests.benchmarks.goals import Bound, Goal, Outcome, Verdict, judge, missed_floors
from tests.benchmarks.topics import Size
from tests.helpers.processes import find

PEERS = {
    "socat": ("socat", "-V"),
    "haproxy": ("haproxy", "-v"),
    "nginx": ("nginx", "-v"),
    "stunnel": ("stunnel4", "-version"),
    "ser2net": ("ser2net", "-v"),
}
INTRODUCTION = (
    "Bascule beside its peers; made by `python3 dev.py bench --write`, never by hand. Each figure "
    "is the median of its rounds (of losses, the worst); in each round all are started anew and "
    "take turns. In brackets, and in the goals: the ratio to the first line, or to whom the goal "
    "names, as the median of each round's own ratio, because what slows a machine down for a "
    "while slows both down. Sender, relay and receiver share one machine over loopback, so the CPU "
    "time of the relay is the figure to trust. Every byte and datagram that arrives is compared "
    "with what was sent. Floors must be met; aims are where we want to be."
)


@dataclass(frozen=True)
class Circumstances:
    """Under which the figures were taken: lines for the head of the page."""

    lines: tuple[str, ...]

    @classmethod
    def now(cls, rounds: int, size: Size) -> Circumstances:
        """Those of this machine at this moment."""
        load = ", ".join(f"{part:.2f}" for part in os.getloadavg())
        peers = ", ".join(f"{name} {_version_of(command)}" for name, command in PEERS.items())
        today = datetime.datetime.now(datetime.UTC)
        lines = [f"Date: {today:%Y-%m-%d %H:%M} UTC"]
        lines.append(
            f"Machine: {_processor()}, {os.cpu_count()} cores, {_memory_gib():.0f} GiB, "
            f"{platform.system()} {platform.release().split('-')[0]}; load average before: {load}"
        )
        lines.append(
            f"Bascule {version('bascule')} on Python {platform.python_version()}{_built()}, "
            f"{ssl.OPENSSL_VERSION}"
        )
        lines.append(f"Peers: {peers}")
        lines.append(
            f"Measured: {rounds} rounds, bulk {size.gib:g} GiB, runs of {size.seconds:g} s, "
            f"{size.idle} idle connections"
        )
        return cls(tuple(lines))


def _built() -> str:
    """How Python was built, where that makes it slower than those that are installed with ours."""
    missing = interpreter.lacking()
    return f" (built without {' and '.join(missing)})" if missing else ""


def page(circumstances: Circumstances, outcomes: Sequence[Outcome]) -> str:
    """The whole page."""
    parts = ["# Benchmarks", INTRODUCTION]
    parts.append("\n".join(f"- {line}" for line in circumstances.lines))
    parts.append(_summary(outcomes))
    for outcome in outcomes:
        parts += [f"## {outcome.title}", *filter(None, [outcome.note]), _figures(outcome)]
        if outcome.remarks:
            parts.append("\n".join(f"- {who}: {why}" for who, why in outcome.remarks.items()))
        if outcome.goals:
            parts.append(_goals(outcome))
    return "\n\n".join(parts) + "\n"


def _summary(outcomes: Sequence[Outcome]) -> str:
    floors = [
        judge(goal, goal.floor, outcome).verdict
        for outcome in outcomes
        for goal in outcome.goals
        if goal.floor is not None
    ]
    met, unknown = floors.count(Verdict.MET), floors.count(Verdict.NOT_MEASURED)
    head = f"**{met} of {len(floors)} floors are met; {unknown} could not be measured.**"
    missed = missed_floors(outcomes, strict=False)
    return "\n".join([f"{head} Missed:\n" if missed else head, *(f"- {each}" for each in missed)])


def _figures(outcome: Outcome) -> str:
    rows = [["", *outcome.columns]]
    rows += [
        [name, *(_cell(outcome, name, column) for column in outcome.columns)]
        for name in outcome.relays
    ]
    return _table(rows)


def _cell(outcome: Outcome, name: str, column: str) -> str:
    value = outcome.figure(name, column)
    if value is None:
        return "–"  # noqa: RUF001
    ratio = outcome.ratio(name, column, outcome.relays[0])
    return _number(value) if ratio is None else f"{_number(value)} ({_number(ratio)})"


def _goals(outcome: Outcome) -> str:
    rows = [["", "floor", "reached", "", "aim", "reached", ""]]
    for goal in outcome.goals:
        name = f"{goal.column} of {goal.relay}"
        rows.append([name, *_bound(goal, goal.floor, outcome), *_bound(goal, goal.aim, outcome)])
    return _table(rows)


def _bound(goal: Goal, bound: Bound | None, outcome: Outcome) -> tuple[str, str, str]:
    if bound is None:
        return ("", "", "")
    judged = judge(goal, bound, outcome)
    word = judged.verdict.value
    urgent = bound is goal.floor and judged.verdict is Verdict.MISSED
    return (judged.wanted, judged.reached, f"**{word}**" if urgent else word)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _table(rows: list[list[str]]) -> str:
    widths = [max(3, *(len(row[index]) for row in rows)) for index in range(len(rows[0]))]
    rows.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )


def _version_of(command: tuple[str, str]) -> str:
    try:
        done = subprocess.run(
            [find(command[0]), command[1]], capture_output=True, text=True, check=False
        )
    except pytest.fail.Exception:
        return "not here"
    found = re.search(r"\d+\.\d+[\w.]*", done.stdout + done.stderr)
    return found.group() if found else "?"


def _processor() -> str:
    text = Path("/proc/cpuinfo").read_text("utf-8")
    found = re.search(r"model name\s*:\s*(.+)", text)
    return found.group(1).strip() if found else platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
