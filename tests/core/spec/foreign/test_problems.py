"""What is wrong in a pasted text says where, and in words that the window can show."""

from __future__ import annotations

from bascule.errors import ErrorCode
from bascule.spec.foreign.posix import split_words
from bascule.spec.foreign.problems import missing_value, not_here, refuse, refuse_word
from bascule.spec.foreign.words import Missing, whole


def test_a_token_of_many_lines_is_shown_by_its_first() -> None:
    problem = refuse("why", "first\nsecond", 7)
    assert problem.facts["token"] == "first"
    assert (problem.facts["position"], problem.facts["rule"]) == (7, "paste")
    assert len(str(refuse("why", "x" * 100_000, 0).facts["token"])) <= 80


def test_a_part_of_a_word_has_its_own_place() -> None:
    _first, word = split_words(whole("nc 'a b'"))
    assert refuse_word("why", word, at=2).facts["position"] == 6


def test_what_cannot_be_done_says_what_to_use() -> None:
    (word,) = split_words(whole("-D"))
    problem = not_here("this is a proxy", "use another", word)
    assert problem.code is ErrorCode.NOT_ON_THIS_SYSTEM
    assert problem.message == "this is a proxy; use another"


def test_a_value_that_is_missing_is_named() -> None:
    problem = missing_value(Missing("${PORT}", "PORT", 0, 12))
    assert problem.code is ErrorCode.VALUE_MISSING
    assert (problem.facts["name"], problem.facts["position"]) == ("${PORT}", 12)
