"""Owns what is said about each word of a command: whether it is done, how, or why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import LiteralString, NamedTuple


class Said(NamedTuple):
    """A sentence, or a part of one: English, where each ``{}`` stands for the next of the facts. A
    fact may be said itself.

    The English is the key by which another language finds its own: it is written out in the code,
    never made of pieces there (``resources/translations/update.py`` collects it).
    """

    template: LiteralString
    facts: tuple[str | Said, ...] = ()

    @property
    def text(self) -> str:
        """It in English."""
        return self.translated(str)

    def translated(self, find: Callable[[str], str]) -> str:
        """It in another language: ``find`` returns the template there for the English one."""
        facts = (each.translated(find) if isinstance(each, Said) else each for each in self.facts)
        return "".join(
            map("".join, zip(find(self.template).split("{}"), (*facts, ""), strict=True))
        )


type Saying = LiteralString | Said | tuple[Said, ...] | Callable[[], tuple[Said, ...]]
"""One sentence, several, or what makes them: most are never read, and `bascule relay` starts
without them.
"""


def said_of(saying: LiteralString | Said) -> Said:
    """What is said without facts, as all else."""
    return saying if isinstance(saying, Said) else Said(saying)


class VerdictKind:
    """What becomes of a word of the command. Plain texts: an enumeration takes longer to make than
    a command to read.
    """

    AS_MEANT = "as meant"
    """It is read as its author meant it, which socat 1.8 does not."""

    NATIVE = "native"
    """It is done as socat does it."""

    EMULATED = "emulated"
    """The same is reached in another way."""

    NOT_ON_THIS_SYSTEM = "not on this system"
    """It can be done, but not here: running it fails, or goes on without it."""

    IGNORED = "ignored"
    """It is left out, as nothing depends on it."""

    UNKNOWN = "unknown in 1.8"
    """Socat 1.8 does not know the word; Bascule does."""


class Verdict(NamedTuple):
    """What becomes of a word. ``kind`` is one of :class:`VerdictKind`; ``warns``: who runs the
    command should be told even when nobody asks.
    """

    token: str
    kind: str
    saying: Saying
    warns: bool = False

    @property
    def said(self) -> tuple[Said, ...]:
        """It as sentences, for who says them in another language."""
        if callable(self.saying):
            return self.saying()
        if isinstance(self.saying, tuple) and not isinstance(self.saying, Said):
            return self.saying
        return (said_of(self.saying),)

    @property
    def text(self) -> str:
        """It in English."""
        return " ".join(each.text for each in self.said)

    @property
    def matters(self) -> bool:
        """Whether whoever runs the command should be told."""
        return self.warns or self.kind in (VerdictKind.NOT_ON_THIS_SYSTEM, VerdictKind.UNKNOWN)
