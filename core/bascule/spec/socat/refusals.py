"""Owns the error for what cannot be read: why, in words that a window can say in its language."""

from __future__ import annotations

from typing import LiteralString

from bascule.errors import ErrorCode, SpecError
from bascule.spec.socat.verdicts import Said, said_of


class Refusal(SpecError):
    """A text that cannot be read. ``said`` is why; the fact ``why`` is the same in English."""

    def __init__(self, said: Said, *, code: ErrorCode, **facts: str | int) -> None:
        super().__init__(said.text, code=code, why=said.text)
        self.facts |= facts
        self.said = said


def refuse(
    why: LiteralString | Said,
    token: str,
    position: int,
    *,
    code: ErrorCode = ErrorCode.VALUE_INVALID,
    rule: str = "socat",
    near: str = "",
) -> Refusal:
    """The error for a part of a word: ``token`` begins at ``position`` of that word. ``near`` is
    what may have been meant instead of ``token``.

    The caller who knows adds the fact ``word``: the number of the word in the command, from 0.
    """
    said = Said("{}; did you mean {}?", (said_of(why), near)) if near else said_of(why)
    refusal = Refusal(said, code=code, token=token, position=position, rule=rule)
    if near:
        refusal.facts["near"] = near
    return refusal
