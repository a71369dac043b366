"""Owns the errors for what is pasted: what is wrong, and at which character of the text."""

from __future__ import annotations

from typing import LiteralString

from bascule.errors import ErrorCode
from bascule.spec.foreign.words import Missing, Word
from bascule.spec.socat.refusals import Refusal
from bascule.spec.socat.verdicts import Said, said_of

RULE = "paste"
_SHOWN = 80


def refuse(
    why: LiteralString | Said,
    token: str,
    position: int,
    *,
    code: ErrorCode = ErrorCode.VALUE_INVALID,
) -> Refusal:
    """The error for what begins at ``position`` of the text; ``why`` is said to a person."""
    shown = token.partition("\n")[0][:_SHOWN]
    return Refusal(said_of(why), code=code, token=shown, position=position, rule=RULE)


def refuse_word(
    why: LiteralString | Said,
    word: Word,
    *,
    code: ErrorCode = ErrorCode.VALUE_INVALID,
    at: int = 0,
) -> Refusal:
    """The same for a word, from its character ``at`` on."""
    return refuse(why, word.text[at:], word.place(at), code=code)


def not_here(what: LiteralString | Said, instead: LiteralString | Said, word: Word) -> Refusal:
    """The error for what another program can do and Bascule cannot."""
    why = Said("{}; {}", (said_of(what), said_of(instead)))
    return refuse_word(why, word, code=ErrorCode.NOT_ON_THIS_SYSTEM)


def missing_value(missing: Missing) -> Refusal:
    """The error for a value that the text only names."""
    token = missing.token
    why = Said("what {} stands for is not in the text: write the value in its place", (token,))
    problem = refuse(why, token, missing.place, code=ErrorCode.VALUE_MISSING)
    problem.facts["name"] = missing.token
    return problem
