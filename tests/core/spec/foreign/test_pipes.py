"""Pipes and redirections as ends of a relay."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.built_in import Echo
from bascule.spec.ends import Dual
from bascule.spec.foreign.call import Call, Piece
from bascule.spec.foreign.pipes import join_pipes
from bascule.spec.foreign.words import Missing, Word
from bascule.spec.local import File, Program, Standard
from bascule.spec.options import Shape
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.verdicts import Verdict

WORDS = (Word("nc", 0, 2, range(2)),)
PLAIN = RelaySpec(source=Standard(), target=Echo())


def joined(relay: RelaySpec, gives: Piece | None, takes: Piece | None) -> RelaySpec:
    verdicts: list[Verdict] = []
    made = join_pipes(relay, Call("nc", WORDS, 0, 2, gives=gives, takes=takes), verdicts)
    assert all(verdict.text for verdict in verdicts)
    return made


def test_nothing_around_changes_nothing() -> None:
    assert joined(PLAIN, None, None) is PLAIN


def test_each_side() -> None:
    made = joined(PLAIN, Piece("command", "date"), None)
    assert isinstance(made.source, Program)
    assert (made.source.command, made.direction) == ("date", "up")
    made = joined(PLAIN, None, Piece("file", "out", append=True))
    assert made.source == File(path="out", way="write", create=True, append=True)
    assert made.direction == "down"


def test_both_sides() -> None:
    made = joined(PLAIN, Piece("file", "in"), Piece("command", "wc"))
    assert isinstance(made.source, Dual)
    assert isinstance(made.source.writing, Program)
    assert made.direction == "both"
    dual = Dual(reading=Standard(use="input"), writing=Standard(use="output"))
    assert isinstance(
        joined(RelaySpec(source=dual, target=Echo()), Piece("file", "i"), None).source, File
    )


def test_what_is_said_of_standard_input_is_kept() -> None:
    relay = RelaySpec(source=Standard(shape=Shape(line_ending="crlf")), target=Echo())
    assert joined(relay, Piece("file", "in"), None).source.shape == Shape(line_ending="crlf")


def test_the_side_that_is_not_used_is_refused() -> None:
    relay = RelaySpec(source=Standard(), target=Echo(), direction="down")
    with pytest.raises(SpecError, match="does not use"):
        joined(relay, Piece("file", "in"), None)


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(SpecError, match="\\$X"):
        joined(PLAIN, Piece("file", "", missing=(Missing("$X", "X", 0, 9),)), None)
