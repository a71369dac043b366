"""What is said about a word of a command."""

from __future__ import annotations

import pytest

from bascule.spec.socat.verdicts import Said, Verdict, VerdictKind, said_of


def test_a_sentence_is_made_only_when_it_is_read():
    made: list[str] = []

    def saying() -> tuple[Said, ...]:
        made.append("it")
        return Said("It is done {} times.", ("2",)), Said("Really.")

    verdict = Verdict("fork", VerdictKind.NATIVE, saying)
    assert not verdict.matters
    assert made == []
    assert verdict.text == "It is done 2 times. Really."
    for once in ("At once.", Said("At {}.", ("once",)), (Said("At"), Said("once."))):
        assert Verdict("fork", VerdictKind.NATIVE, once).text == "At once."


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


def test_the_facts_of_a_sentence_are_put_into_one_of_another_language():
    said = Said("{} is called {} here.", ("a{}b", "c"))
    assert said.text == "a{}b is called c here."
    french = {"{} is called {} here.": "{} s'appelle {} ici.", "nothing": "rien"}
    assert said.translated(french.__getitem__) == "a{}b s'appelle c ici."
    with pytest.raises(ValueError, match="zip"):
        said.translated(lambda _template: "{} has lost one.")


def test_a_fact_that_is_said_is_said_in_the_other_language_too():
    french = {"{} is called {} here.": "{} s'appelle {} ici.", "nothing": "rien"}
    said = Said("{} is called {} here.", (said_of("nothing"), "nothing"))
    assert said.text == "nothing is called nothing here."
    assert said.translated(french.__getitem__) == "rien s'appelle nothing ici."
