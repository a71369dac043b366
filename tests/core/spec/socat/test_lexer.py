"""How socat takes text apart, token by token."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, SpecError
from bascule.spec.socat.lexer import (
    ADDRESS_ENDS,
    NAME_ENDS,
    VALUE_ENDS,
    c_string,
    lex,
    quote,
    split,
    words,
)


@pytest.mark.parametrize(
    ("text", "token", "rest"),
    [
        ("TCP:h:1", "TCP", ":h:1"),
        ("'a:b',c", "a:b", ",c"),
        ('"a,b"c:d', "a,bc", ":d"),
        ("[::1]:80", "[::1]", ":80"),
        ("(a:b),c", "(a:b)", ",c"),
        ("{a,'b:c'}:d", "{a,'b:c'}", ":d"),  # within brackets quotes stay
        ("\"a 'b' c\":d", "a 'b' c", ":d"),
        ("'a\"b'", 'a"b', ""),
        ("'a(b'", "a(b", ""),
        (r"a\:b\,c", "a:b,c", ""),
        (r"\"a\"", '"a"', ""),
        (r"'a\'b'", "a'b", ""),
        (r"a\nb\\c\0d\qe", "a\nb\\c\0dqe", ""),
        ("a!b!!c", "a!b", "!!c"),
        ("", "", ""),
    ],
)
def test_a_token_and_what_is_behind_it(text: str, token: str, rest: str):
    found, end = lex(text, 0, ADDRESS_ENDS)
    assert (found, text[end:]) == (token, rest)


def test_each_kind_of_token_has_its_own_ends():
    assert lex("a:b=c", 0, NAME_ENDS) == ("a:b", 3)
    assert lex("a:b=c,d", 0, VALUE_ENDS) == ("a:b=c", 5)


def test_one_clause_ends_with_its_quotes():
    assert lex("'a b'c", 0, (), one_clause=True) == ("a b", 5)


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("ab'c", 2, "the quote ' does not end"),
        ('ab"c', 2, 'the quote " does not end'),
        ("[::1:80", 0, "the bracket [ does not end"),
        ("(a'b)", 0, "the bracket ( does not end"),  # the quote within begins first to close
        ("ab\\", 2, "the backslash at the end escapes nothing"),
    ],
)
def test_what_does_not_end_is_told_with_its_place(text: str, position: int, said: str):
    with pytest.raises(SpecError) as caught:
        lex(text, 0, ADDRESS_ENDS)
    assert said in caught.value.message
    assert caught.value.facts["position"] == position
    assert caught.value.facts["token"] == text[position:]


def test_words_of_exec():
    assert words("a  'b c' \"d\"e \\ f") == ["a", "b c", "de", " f"]
    assert words("") == [""]


def test_parts_between_separators():
    assert split("5:'a:b':[::1]", ":") == ["5", "a:b", "[::1]"]
    assert split("a", ":") == ["a"]


def test_a_zero_byte_ends_what_c_sees():
    assert c_string("ab\0cd") == "ab"
    assert c_string("ab") == "ab"


@given(st.text(st.one_of(st.sampled_from("ab\\'\"()[]{},:!= \n"), st.characters()), max_size=20))
def test_what_is_quoted_is_read_again(text: str):
    for ends in (ADDRESS_ENDS, NAME_ENDS, VALUE_ENDS):
        assert lex(quote(text) + ",more", 0, ends) == (text, len(quote(text)))


@given(st.text(max_size=60))
def test_any_text_raises_nothing_but_ours(text: str):
    for read in (lambda: lex(text, 0, ADDRESS_ENDS), lambda: words(text), lambda: split(text, ":")):
        try:
            read()
        except BasculeError as exc:
            assert text[int(exc.facts["position"]) :].startswith(str(exc.facts["token"]))
