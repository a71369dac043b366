"""Profiles as text and back, identifiers for any name, and words for any damage."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.spec import profiles as module
from bascule.spec.built_in import Echo
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.local import Program
from bascule.spec.profiles import (
    FORMAT,
    Profile,
    format_of,
    from_elsewhere,
    new_id,
    profile_from_toml,
    profile_to_toml,
    unconfirmed_commands,
)
from bascule.spec.relays import RelaySpec
from tests.helpers.specs import any_text, profiles

PROFILE = Profile("web-1", "Web", RelaySpec(TcpListen(8080), TcpConnect("web.example", 80)))
WINDOWS_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{a}{n}" for a in ("com", "lpt") for n in range(10)),
}


def refusal(text: str) -> SpecError:
    with pytest.raises(SpecError) as caught:
        profile_from_toml(text)
    return caught.value


@given(profiles)
def test_a_profile_comes_back_the_same(profile: Profile):
    text = profile_to_toml(profile)
    assert profile_from_toml(text) == profile
    assert text.encode()  # a file takes it
    assert tomllib.loads(text)["format"] == FORMAT


def test_a_plain_profile_is_short():
    assert profile_to_toml(PROFILE).splitlines() == [
        "format = 1",
        'id = "web-1"',
        'name = "Web"',
        "",
        "[relay.source]",
        'kind = "tcp-listen"',
        "port = 8080",
        "",
        "[relay.target]",
        'kind = "tcp-connect"',
        'host = "web.example"',
        "port = 80",
    ]


@given(st.text() | any_text)
@example("a = " + "[" * 100_000)
@example("format = 1" + "0" * 5000)
@example("a = 2020-13-45")
@example("\ufeffformat = 1")
@example("a = 1e400\nformat = 1")
def test_any_other_text_is_refused_in_words(text: str):
    assert refusal(text).code in {ErrorCode.PROFILE_DAMAGED, ErrorCode.PROFILE_NEWER} or (
        "format" in text
    )


@given(profiles, st.data())
def test_a_damaged_profile_is_refused_in_words(profile: Profile, draw: st.DataObject):
    text = profile_to_toml(profile)
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, min(start + 6, len(text))))
    damage = draw.draw(
        st.sampled_from(["", '"', "[", "=", "\n", "0", "-", "\0", "'''", "\U0001f680"])
    )
    try:
        read = profile_from_toml(text[:start] + damage + text[end:])
    except BasculeError:
        return
    assert profile_from_toml(profile_to_toml(read)) == read


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('format = 1\nid = "a-1"\nname = ', 3),
        ("format = 1\n\n=", 3),
        ('format = 1\nname = "a\n', 2),
        ("", 1),
        ("x = 1", 1),
        ('format = "1"', 1),
        ("format = true", 1),
        ("format = 0", 1),
        ("format = 1.0", 1),
    ],
)
def test_damage_is_told_with_its_line(text: str, line: int):
    error = refusal(text)
    assert error.code is ErrorCode.PROFILE_DAMAGED
    assert error.facts["line"] == line
    assert error.facts["why"]


def test_a_text_that_ends_too_early_is_damaged_at_its_last_line():
    assert refusal("format = 1\nx = [\n1,\n").facts["line"] == 4


@pytest.mark.parametrize("text", ["a = 1" + "0" * 5000, "a = " + "[" * 100_000])
def test_damage_that_the_reader_of_toml_has_no_word_for(text: str):
    error = refusal(text)
    assert error.code is ErrorCode.PROFILE_DAMAGED
    assert error.facts["why"]


def test_a_newer_profile_is_told_from_a_damaged_one():
    error = refusal(profile_to_toml(PROFILE).replace("format = 1", "format = 2\nnew = 1"))
    assert error.code is ErrorCode.PROFILE_NEWER
    assert error.facts["format"] == 2


def test_an_older_format_is_read_by_its_steps(monkeypatch: pytest.MonkeyPatch):
    older = profile_to_toml(PROFILE)
    monkeypatch.setattr(module, "FORMAT", 3)
    steps = {1: lambda data: {**data, "name": "One"}, 2: lambda data: {**data, "group": "Two"}}
    monkeypatch.setattr(module, "STEPS", steps)
    assert format_of(older) == 1
    assert profile_from_toml(older) == replace(PROFILE, name="One", group="Two")


def test_a_wrong_value_is_named_by_its_path():
    error = refusal(profile_to_toml(PROFILE).replace("port = 8080", "port = 80800"))
    assert (error.code, error.field) == (ErrorCode.VALUE_INVALID, "relay.source.port")


@pytest.mark.parametrize(
    "name",
    [
        "com2", "COM2", "nul", "aux.txt", "CON", "lpt1", "scale.", "scale...", "...", " ", "",
        "\U0001f680", "\u79e4", "a/b\\c:d", "..", "-", "\ud800", "x" * 300, "\u00c9t\u00e9", "\0",
    ],
)  # fmt: skip
def test_every_name_has_an_identifier_that_every_system_takes_as_file_name(name: str):
    id = new_id(name)
    assert id.split(".")[0] not in WINDOWS_RESERVED
    assert id.isascii()
    assert id == id.lower()
    assert set(id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(id) <= 80
    replace(PROFILE, id=id)
    assert new_id(name) != id


def test_an_identifier_can_be_read():
    assert new_id("\u00c9t\u00e9 \u2013 Balance n\u00b0 2").startswith("ete-balance-n-2-")
    assert new_id("\U0001f680").startswith("relay-")


@given(st.text())
def test_any_name_has_an_identifier(name: str):
    replace(PROFILE, id=new_id(name))


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"name": ""}, "name", ErrorCode.VALUE_MISSING),
        ({"name": " \t"}, "name", ErrorCode.VALUE_MISSING),
        ({"name": "\ud800"}, "name", ErrorCode.VALUE_INVALID),
        ({"name": "a\nb"}, "name", ErrorCode.VALUE_INVALID),
        ({"id": ""}, "id", ErrorCode.VALUE_MISSING),
        ({"id": "com2"}, "id", ErrorCode.VALUE_INVALID),
        ({"id": "../a-1"}, "id", ErrorCode.VALUE_INVALID),
        ({"id": "a-1."}, "id", ErrorCode.VALUE_INVALID),
        ({"id": "A-1"}, "id", ErrorCode.VALUE_INVALID),
        ({"id": "a--1"}, "id", ErrorCode.VALUE_INVALID),
        ({"id": "a-1\n"}, "id", ErrorCode.VALUE_INVALID),
        ({"id": "a-" + "1" * 80}, "id", ErrorCode.VALUE_INVALID),
        ({"autostart": 1}, "autostart", ErrorCode.VALUE_INVALID),
        ({"relay": None}, "relay", ErrorCode.VALUE_MISSING),
    ],
)
def test_is_refused(wrong: dict[str, object], field: str, code: ErrorCode):
    with pytest.raises(SpecError) as caught:
        replace(PROFILE, **wrong)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_what_somebody_else_made_is_taken_over_with_care() -> None:
    relay = RelaySpec(TcpListen(port=1), Program(command="date"))
    theirs = Profile("theirs-1", "Theirs", relay, autostart=True)
    ours = from_elsewhere(theirs)
    assert ours.id != theirs.id
    assert not ours.autostart
    assert unconfirmed_commands(theirs) == ()
    assert unconfirmed_commands(ours) == ("date",)
    assert profile_from_toml(profile_to_toml(ours)) == ours
    harmless = from_elsewhere(replace(theirs, relay=RelaySpec(TcpListen(port=1), Echo())))
    assert not harmless.unconfirmed


def test_a_name_from_elsewhere_is_what_it_looks_like() -> None:
    relay = RelaySpec(TcpListen(1), TcpConnect("h", 1))
    tricky = Profile("a-0001", "Bill\u202etxt.exe\x1b[1m \u200f\u2066\t", relay, group="\x07g\r")
    taken = from_elsewhere(tricky)
    assert (taken.name, taken.group) == ("Billtxt.exe[1m \u200f", "g")
    assert from_elsewhere(Profile("a-0001", "\u202e", relay)).name == "?"
    plain = "\u0633\u0644\u0627\u0645\u200c\u0647 \u00e9"
    assert from_elsewhere(Profile("a-0001", plain, relay)).name == plain
