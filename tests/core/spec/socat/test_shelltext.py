"""Where the clauses of a shell command lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.spec.socat.shelltext import Escape, Layout


@pytest.mark.parametrize(
    ("text", "top"),
    [
        ("a,b", "a,b"),
        ("a 'b,c' d", "a  d"),
        ('a "b,c" d', "a  d"),
        ('"$(a "b c" d)" e', " e"),  # quotes begin anew within $(…)
        ("(a,b){c}[d]e", "e"),
        ("don't, you", "don't, you"),
        ("say (hi", "say (hi"),
        (r"a\'b", "ab"),
    ],
)
def test_what_is_outside_every_clause(text: str, top: str):
    layout = Layout(text)
    assert "".join(text[at] for at in sorted(layout.top)) == top


@pytest.mark.parametrize(
    ("text", "balanced", "quotes"),
    [("a 'b' \"c\"", True, 2), ("don't", False, 0), ("(a", False, 0), ("it's a 'b'", False, 1)],
)
def test_quotes_are_counted_and_matched(text: str, balanced: bool, quotes: int):
    layout = Layout(text)
    assert (layout.balanced, layout.quotes) == (balanced, quotes)


def test_escapes_know_where_they_stand():
    assert Layout(r"""a\: "b\" $(c \")" '\n'""").escapes == [
        Escape(1, ":", "", -1, False),
        Escape(6, '"', '"', 4, True),
        Escape(13, '"', ")", 9, True),
    ]


def test_parents_are_the_clauses_with_quotes_in_them():
    assert Layout("'a'").parents == {-1}
    assert Layout("(a 'b')").parents == {0}


@given(st.text("ab\\'\"()[]{}$ ,", max_size=40))
def test_any_text_is_laid_out(text: str):
    layout = Layout(text)
    assert layout.top <= set(range(len(text)))
    assert all(text[each.at] == "\\" for each in layout.escapes)
