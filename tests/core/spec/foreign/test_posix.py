"""Texts for a POSIX shell fall into the words that a real shell makes of them."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bascule.errors import SpecError
from bascule.spec.foreign.posix import read_posix, split_words
from bascule.spec.foreign.words import Mark, Word, whole

QUOTED = [
    r"socat TCP-LISTEN:80,fork 'TCP:web:80'",
    r"""socat "a b" 'c d'"e"\ f""",
    r'''socat 'it'\''s' "say \"x\" \\ \n \$"''',
    "socat a\\\nb \\\n  c",
    r"socat $'a\tb\x41\101\'\\' x",
    "socat '' \"\"",
    "socat a#b # a comment",
    'socat "a\\\nb"',
    "socat 'line one\nline two' x",
]


@pytest.mark.parametrize("text", QUOTED)
def test_words_are_those_of_a_real_shell(text: str) -> None:
    script = text.replace("socat ", "printf '%s\\0' ", 1)
    real = subprocess.run(["bash", "-c", script], check=True, capture_output=True, timeout=60)
    wanted = real.stdout.decode().split("\0")[:-1]
    assert [word.text for word in split_words(whole(text))[1:]] == wanted


def test_each_character_has_its_place() -> None:
    text = "  'a'\"b\"\\c x"
    word, last = split_words(whole(text))
    assert [text[place] for place in word.places] == ["a", "b", "\\"]
    assert text[word.begin : word.end] == "'a'\"b\"\\c"
    assert text[last.begin : last.end] == "x"


def test_marks_stand_between_words() -> None:
    tokens = read_posix(whole("socat a b 2>>log </dev/null|tee x&&nc 1 2;nc 3 4||nc 5&"))
    marks = [token.text for token in tokens if isinstance(token, Mark)]
    assert marks == ["2>>", "<", "|", "&&", ";", "||", "&"]


@pytest.mark.parametrize(
    ("text", "token", "name", "default"),
    [
        ("nc $HOST", "$HOST", "HOST", None),
        ('nc "a${PORT}b"', "${PORT}", "PORT", None),
        ("nc ${PORT:-80}", "${PORT:-80}", "PORT", "80"),
        ("nc $1", "$1", "1", None),
        ("nc $(date -u)", "$(date -u)", "", None),
        ("nc `date`", "`date`", "", None),
    ],
)
def test_a_value_that_only_a_shell_knows_is_missing(
    text: str, token: str, name: str, default: str | None
) -> None:
    (missing,) = split_words(whole(text))[1].missing
    assert (missing.token, missing.name, missing.default) == (token, name, default)
    assert text.startswith(token, missing.place)


def test_a_dollar_in_hard_quotes_is_a_letter() -> None:
    assert split_words(whole("nc 'a$B' $"))[1].missing == ()


def test_lines_of_windows_are_joined_too() -> None:
    assert [word.text for word in split_words(whole("socat a \\\r\n  b\r\n"))] == [
        "socat",
        "a",
        "b",
    ]


def test_prompts_and_prose_are_left_out() -> None:
    text = "Don't do that:\nuser@host:~$ socat a b\n> c\nIt's done.\n"
    words = [token.text for token in read_posix(whole(text)) if isinstance(token, Word)]
    assert words == ["socat", "a", "b"]


@pytest.mark.parametrize(
    ("text", "place"),
    [("socat 'a", 6), ('socat x "a', 8), ("socat $'a", 6), ("socat `a", 6), ("socat $(a", 6)],
)
def test_a_quote_without_its_partner_is_refused_where_it_stands(text: str, place: int) -> None:
    with pytest.raises(SpecError, match="does not end") as caught:
        read_posix(whole(text))
    assert caught.value.facts["position"] == place


@settings(deadline=None)
@given(st.text(alphabet="ab '\"\\$`({<>|&;#)}\n", max_size=60))
def test_any_text_is_words_or_a_refusal(text: str) -> None:
    try:
        tokens = read_posix(whole("socat " + text))
    except SpecError as exc:
        assert 0 <= int(exc.facts["position"]) <= len(text) + 6
        return
    places = [token.begin for token in tokens]
    assert places == sorted(places)
