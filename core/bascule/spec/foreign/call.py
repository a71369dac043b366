"""Owns one command that was found in a text: its words, and what stood around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import LiteralString

from bascule.spec.foreign.words import Missing, Word
from bascule.spec.socat.verdicts import Said, Saying, Verdict, VerdictKind, said_of

WINDOWS_SHELLS = frozenset({"cmd", "powershell"})


@dataclass(frozen=True, slots=True)
class Piece:
    """What standard input or output of a command was joined to: a command of the shell, as it
    stands in the text, or a file.
    """

    kind: str
    """"command" or "file"."""

    text: str
    append: bool = False
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One command, without what stood around it. ``words`` begin with the program's name.

    ``shell`` it was written for: "posix", "cmd" or "powershell". ``again``: it stood in a loop, or
    its service is started again. ``gives`` and ``takes``: what stood before and behind it in a
    pipe. ``ports``: ports of this computer that lead into its container, by those within.
    """

    program: str
    words: tuple[Word, ...]
    begin: int
    end: int
    shell: str = "posix"
    verdicts: tuple[Verdict, ...] = ()
    again: bool = False
    gives: Piece | None = None
    takes: Piece | None = None
    ports: Mapping[int, tuple[str, int]] = field(default_factory=dict[int, tuple[str, int]])

    def saying(self, *verdicts: Verdict) -> Call:
        """The same with more said about it."""
        return replace(self, verdicts=(*self.verdicts, *verdicts))


def left_out(token: str, why: LiteralString | Said, *, warns: bool = False) -> Verdict:
    """The verdict on what is left out."""
    return Verdict(token, VerdictKind.IGNORED, Said("Left out: {}", (said_of(why),)), warns)


def emulated(token: str, what: Saying) -> Verdict:
    """The verdict on what is reached in another way."""
    return Verdict(token, VerdictKind.EMULATED, what)


def native(token: str, what: LiteralString) -> Verdict:
    """The verdict on what is done as it is asked for."""
    return Verdict(token, VerdictKind.NATIVE, what)
