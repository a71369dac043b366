"""The words of the paste dialog: every verdict has a mark and a word, every refusal a place."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.foreign.read import read_text
from bascule.spec.socat.verdicts import Verdict, VerdictKind
from bascule_desktop.paste_words import judged, refused
from bascule_desktop.pasted import too_long
from bascule_desktop.resources import resource

KINDS = [value for name, value in vars(VerdictKind).items() if name.isupper()]


@pytest.mark.parametrize("kind", KINDS)
def test_every_verdict_has_a_mark_and_a_word(kind: str) -> None:
    seen = judged(Verdict("fork", kind, "It is so."))
    assert seen.word
    assert resource(f"icons/{seen.icon}.svg").is_file()


def test_what_is_left_out_and_matters_is_marked_otherwise() -> None:
    plain = judged(Verdict("x", VerdictKind.IGNORED, "Left out."))
    warned = judged(Verdict("x", VerdictKind.IGNORED, "Left out.", warns=True))
    assert plain.word == warned.word
    assert plain[:2] != warned[:2]


def test_a_refusal_names_the_word_and_its_place() -> None:
    text = "socat TCP-LISTEN:7,fork   TCPP:host:80"
    (found,) = read_text(text).found
    assert found.problem is not None
    said = refused(found.problem, text)
    assert said.title == "“TCPP” cannot be read"
    assert said.cause.startswith("Line 1, character 27: ")
    assert said.cause.endswith("did you mean TCP?")
    assert said.action


def test_a_text_without_a_command_is_refused_as_a_whole() -> None:
    with pytest.raises(SpecError) as caught:
        read_text("please call me back")
    said = refused(caught.value, "please call me back", whole=True)
    assert said.title == "This is not a command that Bascule can read"
    assert said.cause.endswith(".")


def test_a_long_word_is_cut_in_the_title() -> None:
    problem = SpecError("no", code=too_long().code, token="x" * 500, position=0)
    assert len(refused(problem, "x" * 500).title) < 80


def test_a_text_that_is_too_long_says_how_long_one_may_be() -> None:
    assert "64000" in refused(too_long(), "").cause
