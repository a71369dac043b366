"""What is said about a word of a command."""

from __future__ import annotations

import pytest

from bascule.spec.socat.verdicts import Verdict, VerdictKind


def test_a_sentence_is_made_only_when_it_is_read():
    made: list[str] = []

    def saying() -> str:
        made.append("it")
        return "It is done."

    verdict = Verdict("fork", VerdictKind.NATIVE, saying)
    assert not verdict.matters
    assert made == []
    assert verdict.text == "It is done."
    assert Verdict("fork", VerdictKind.NATIVE, "At once.").text == "At once."


@pytest.mark.parametrize(
    ("kind", "warns", "matters"),
    [
        (VerdictKind.NATIVE, False, False),
        (VerdictKind.NATIVE, True, True),
        (VerdictKind.EMULATED, False, False),
        (VerdictKind.IGNORED, False, False),
        (VerdictKind.NOT_ON_THIS_SYSTEM, False, True),
        (VerdictKind.UNKNOWN, False, True),
    ],
)
def test_what_matters_to_who_runs_it(kind: str, warns: bool, matters: bool):
    assert Verdict("x", kind, "", warns).matters is matters
