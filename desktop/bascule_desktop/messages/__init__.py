"""Owns the sentences for people: every code of the core explained, in the person's words.

One module per family of errors; none of them knows windows. The code itself is for *Details*.
"""

from __future__ import annotations

from bascule.errors import ErrorCode, Problem
from bascule_desktop.messages import (
    certificate,
    control,
    device,
    dial,
    export,
    listen,
    local,
    profile,
    proxy,
    release,
    stream,
    tls,
    value,
)
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence

__all__ = [
    "ActionHint",
    "HintKind",
    "Sentence",
    "details",
    "explain",
    "explain_field",
    "explained_codes",
]

_EXPLAINED: dict[ErrorCode, Explain] = {
    **value.EXPLAINED,
    **profile.EXPLAINED,
    **release.EXPLAINED,
    **export.EXPLAINED,
    **certificate.EXPLAINED,
    **listen.EXPLAINED,
    **dial.EXPLAINED,
    **tls.EXPLAINED,
    **proxy.EXPLAINED,
    **device.EXPLAINED,
    **local.EXPLAINED,
    **stream.EXPLAINED,
    **control.EXPLAINED,
}


def explain(problem: Problem) -> Sentence:
    """Say what happened, the likely cause, what to do, and which button helps."""
    return _EXPLAINED[problem.code](Facts(problem))


def explain_field(problem: Problem) -> str:
    """Say it in the few words that fit beside the field it concerns."""
    sentence = explain(problem)
    return sentence.short or sentence.title


def explained_codes() -> frozenset[ErrorCode]:
    """The codes that have a sentence: all of them, as a test asserts."""
    return frozenset(_EXPLAINED)


def details(problem: Problem) -> str:
    """What an expert wants to know, to be copied: code, field, facts, in English."""
    lines = [f"code: {problem.code}", f"message: {problem.message}"]
    if problem.field:
        lines.append(f"field: {problem.field}")
    lines += [f"{name}: {fact}" for name, fact in problem.facts.items()]
    return "\n".join(lines)
