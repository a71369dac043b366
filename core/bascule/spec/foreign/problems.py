"""Owns the errors for what is pasted: what is wrong, and at which character of the text."""

from __future__ import annotations

from bascule.errors import ErrorCode, SpecError
from bascule.spec.foreign.words import Missing, Word

RULE = "paste"
_SHOWN = 80


def refuse(
    why: str, token: str, position: int, *, code: ErrorCode = ErrorCode.VALUE_INVALID
) -> SpecError:
    """The error for what begins at ``position`` of the text; ``why`` is said to a person."""
    shown = token.partition("\n")[0][:_SHOWN]
    return SpecError(why, code=code, token=shown, position=position, rule=RULE, why=why)


def refuse_word(
    why: str, word: Word, *, code: ErrorCode = ErrorCode.VALUE_INVALID, at: int = 0
) -> SpecError:
    """The same for a word, from its character ``at`` on."""
    return refuse(why, word.text[at:], word.place(at), code=code)


def not_here(what: str, instead: str, word: Word) -> SpecError:
    """The error for what another program can do and Bascule cannot."""
    return refuse_word(f"{what}; {instead}", word, code=ErrorCode.NOT_ON_THIS_SYSTEM)


def missing_value(missing: Missing) -> SpecError:
    """The error for a value that the text only names."""
    why = f"what {missing.token} stands for is not in the text: write the value in its place"
    problem = refuse(why, missing.token, missing.place, code=ErrorCode.VALUE_MISSING)
    problem.facts["name"] = missing.token
    return problem
