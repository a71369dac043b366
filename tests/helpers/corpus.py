"""The corpus of pasted texts: real-looking commands and configurations, and what comes of each.

A file holds entries: ``=== title``, what is expected, ``---``, the text. Expected is, in order,
one line for each thing found: ``> source target direction [again]`` for a relay, followed by
``$ command`` for what it runs and ``- kind: token`` for what is not simply done; or
``! code token`` for what is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bascule.errors import SpecError
from bascule.spec.foreign.read import read_text
from bascule.spec.socat.verdicts import VerdictKind

CORPUS = Path(__file__).resolve().parent.parent / "core" / "spec" / "foreign" / "corpus"


@dataclass(frozen=True)
class Pasted:
    """One text of the corpus, and what is expected of it."""

    title: str
    expected: tuple[str, ...]
    text: str


def read_corpus() -> list[Pasted]:
    """All entries of all files."""
    found: list[Pasted] = []
    for file in sorted(CORPUS.glob("*.txt")):
        for entry in re.split(r"^=== ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            head, text = entry.split("\n---\n", 1)
            title, *expected = head.split("\n")
            found.append(Pasted(f"{file.stem}: {title}", tuple(expected), text.rstrip("\n")))
    return found


def come_of(text: str) -> tuple[str, ...]:
    """What comes of a text, in the words of the corpus."""
    try:
        reading = read_text(text, system="linux")
    except SpecError as exc:
        return (_refusal(exc),)
    lines: list[str] = []
    for found in reading.found:
        if found.problem is not None or found.relay is None:
            assert found.problem is not None
            lines.append(_refusal(found.problem))
            continue
        relay = found.relay
        again = "" if relay.once else " again"
        lines.append(f"> {relay.source.kind} {relay.target.kind} {relay.direction}{again}")
        lines += [f"$ {command!r}" for command in found.runs]
        verdicts = {
            f"- {verdict.kind}: {verdict.token.splitlines()[0]}"
            for verdict in found.verdicts
            if verdict.token and verdict.kind != VerdictKind.NATIVE
        }
        lines += sorted(verdicts)
    return tuple(lines)


def _refusal(problem: SpecError) -> str:
    return f"! {problem.code} {problem.facts['token']}".rstrip()
