"""Words fall into options and the rest as a real getopt has it."""

from __future__ import annotations

import subprocess

import pytest

from bascule.errors import SpecError
from bascule.spec.foreign.posix import split_words
from bascule.spec.foreign.switches import (
    host_of,
    port_of,
    read_switches,
    seconds_of,
    split_place,
)
from bascule.spec.foreign.words import Word, whole


def one(text: str) -> Word:
    (word,) = split_words(whole(text))
    return word


@pytest.mark.parametrize(
    "text", ["-lkp 80 host", "-l -k -p80 host", "host -p 80 -l -k", "-p 80 -- -l", "-v -v x -"]
)
def test_options_are_those_of_a_real_getopt(text: str) -> None:
    real = subprocess.run(
        ["getopt", "lkvp:", *text.split()], check=True, capture_output=True, text=True, timeout=60
    )
    switches, rest = read_switches(split_words(whole(text)), "p")
    ours: list[str] = []
    for switch in switches:
        ours += [f"-{switch.name}", *([switch.value.text] if switch.value else [])]
    ours += ["--", *(word.text for word in rest)]
    assert ours == [word.strip("'") for word in real.stdout.split()]


def test_long_options_and_their_places() -> None:
    text = "--exec=cat --proxy h:1 --ssl -nc a:1 x"
    switches, rest = read_switches(
        split_words(whole(text)), "", frozenset({"exec", "proxy"}), whole=frozenset({"nc"})
    )
    assert [(s.name, s.value.text if s.value else None) for s in switches] == [
        ("exec", "cat"), ("proxy", "h:1"), ("ssl", None), ("nc", "a:1"),
    ]  # fmt: skip
    assert switches[0].given.place(0) == text.index("cat")
    assert switches[2].given.text == "--ssl"
    assert [word.text for word in rest] == ["x"]


def test_options_end_where_a_command_begins() -> None:
    switches, rest = read_switches(split_words(whole("-N host ls -l")), "", stop=True)
    assert [switch.token for switch in switches] == ["-N"]
    assert [word.text for word in rest] == ["host", "ls", "-l"]


@pytest.mark.parametrize("text", ["-p", "--exec", "-l $X", "-p $X", "$X"])
def test_a_value_that_is_missing_is_refused(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_switches(split_words(whole(text)), "p", frozenset({"exec"}))
    assert caught.value.code == "value_missing"


def test_values() -> None:
    assert port_of(one("80")) == 80
    assert port_of(one("https")) == 443
    assert port_of(one("0"), least=0) == 0
    assert host_of(one("[::1]")) == "::1"
    assert [seconds_of(one(text)) for text in ("5", "2m", "1h", "500ms", "3s")] == [
        5, 120, 3600, 0.5, 3,
    ]  # fmt: skip
    assert [part.text for part in split_place(one("[::1]:80:a:1"))] == ["[::1]", "80", "a", "1"]
    assert split_place(one("a:bc"))[1].place(0) == 2


@pytest.mark.parametrize("text", ["0", "65536", "x", "-1", "1-9"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(SpecError, match="a port is a number"):
        port_of(one(text))


def test_what_is_no_host_and_no_time() -> None:
    for text in ("a..b", "1.2.3", "x" * 100_000):
        with pytest.raises(SpecError, match="is not a host"):
            host_of(one(text))
    with pytest.raises(SpecError, match="is not a time"):
        seconds_of(one("soon"))
