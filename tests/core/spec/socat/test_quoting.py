"""How one address is put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.spec.socat.quoting import Words, number
from bascule.spec.socat.reader import read_word


def test_an_address():
    words = Words("TCP-LISTEN")
    words.param("80")
    words.option("fork")
    words.option("nodelay", True)
    words.option("keepalive", False)
    words.option("accept-timeout", 3.0)
    words.option_unless("backlog", 5, 5)
    words.option_unless("backlog", 6, 5)
    words.option("range", "a,b")
    assert words.text == (
        "TCP-LISTEN:80,fork,nodelay,keepalive=0,accept-timeout=3,backlog=6,range='a,b'"
    )


@pytest.mark.parametrize(
    ("host", "text"),
    [("h", "TCP:h"), ("::1", "TCP:[::1]"), ("fe80::1%a,b", "TCP:'[fe80::1%a,b]'")],
)
def test_hosts(host: str, text: str):
    words = Words("TCP")
    words.host(host)
    assert words.text == text


def test_what_is_for_other_kinds_of_address_is_marked():
    words = Words("PTY")
    words.option("link", "/x")
    assert not words.foreign
    words.option("fork")
    assert words.foreign


def test_tls_brings_its_options_with_it():
    words = Words("UNIX-LISTEN")
    words.option("tls")
    words.option("cert", "x")
    assert not words.foreign


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (0.5, "0.5"), (7, "7"), ("x", "x"), (1e20, "1" + "0" * 20)]
)
def test_values(value: object, text: str):
    assert number(value) == text


@given(st.text(st.characters(exclude_characters="\0"), max_size=12))
def test_what_is_written_is_read_again(text: str):
    words = Words("PTY")
    words.param(text)
    words.option("link", text)
    for strict in (False, True):
        (single,) = read_word(words.text, strict=strict, windows=False)
        assert single.params[0].text == text
        assert single.options[0].value == text
