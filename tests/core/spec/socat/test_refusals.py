"""Why something cannot be read: in English, in another language, and where."""

from __future__ import annotations

from bascule.errors import ErrorCode
from bascule.spec.socat.refusals import Refusal, refuse
from bascule.spec.socat.verdicts import Said


def test_a_refusal_proposes_what_is_near():
    error = refuse("it is not known", "frok", 7, near="fork")
    assert error.message == "it is not known; did you mean fork?"
    assert error.facts["near"] == "fork"
    assert "near" not in refuse("it is not known", "frok", 7).facts


def test_a_refusal_says_what_and_where():
    error = refuse("it cannot be", "abc", 7, code=ErrorCode.KIND_UNKNOWN)
    assert (error.message, error.code) == ("it cannot be", ErrorCode.KIND_UNKNOWN)
    assert error.facts == {"token": "abc", "position": 7, "rule": "socat", "why": "it cannot be"}


def test_a_refusal_can_be_said_in_another_language():
    french = {
        "{}; did you mean {}?": "{} ; vouliez-vous dire {} ?",
        "{} is not known": "{} est inconnu",
    }
    error = refuse(Said("{} is not known", ("frok",)), "frok", 7, near="fork")
    assert isinstance(error, Refusal)
    assert error.message == error.facts["why"] == "frok is not known; did you mean fork?"
    said = error.said.translated(french.__getitem__)
    assert said == "frok est inconnu ; vouliez-vous dire fork ?"
