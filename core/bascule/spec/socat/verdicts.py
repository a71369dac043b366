"""Owns what is said about each word of a command: whether it is done, how, or why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Said(NamedTuple):
    """One sentence: English, where each ``{}`` stands for the next of the facts.

    The English is the key by which another language finds its own.
    """

    template: str
    facts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """It in English."""
        return self.filled(self.template)

    def filled(self, template: str) -> str:
        """The facts in a template: this one, or the same sentence in another language."""
        parts = template.split("{}")
        return "".join(map("".join, zip(parts, (*self.facts, ""), strict=True)))


type Saying = str | tuple[Said, ...] | Callable[[], tuple[Said, ...]]
"""Sentences, one without facts, or what makes them: most are never read, and `bascule relay` starts
without them.
"""


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
        if isinstance(self.saying, str):
            return (Said(self.saying),)
        return self.saying() if callable(self.saying) else self.saying

    @property
    def text(self) -> str:
        """It in English."""
        return " ".join(each.text for each in self.said)

    @property
    def matters(self) -> bool:
        """Whether whoever runs the command should be told."""
        return self.warns or self.kind in (VerdictKind.NOT_ON_THIS_SYSTEM, VerdictKind.UNKNOWN)
