"""Owns the form of a handshake: a plain generator that asks for bytes and gives bytes.

``data = yield Read(n)`` receives exactly n bytes, ``yield Write(b)`` sends, ``return`` ends it.
``yield Deliver(body)`` sends what is too much to be held, ``yield Within(seconds)`` limits how long
Reads may wait; only who serves does that.
Whoever performs the steps (``streams/perform.py``; tests, in memory) throws :class:`EndOfStream`
into a Read that can no longer be satisfied, :class:`TooLate` into one that has waited too long.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Read:
    """Wants exactly ``count`` bytes (count ≥ 0)."""

    count: int


@dataclass(frozen=True, slots=True)
class Write:
    """Wants ``data`` sent."""

    data: bytes


class Body(Protocol):
    """Bytes that are too many to be held at once; whoever sends them asks for one piece after the
    other. ``length`` is how many there are.
    """

    length: int

    async def read(self) -> bytes:
        """The next piece; empty after the last one, which the peer's side has taken by then.

        Raises: BasculeError: there is no more, although there should be.
        """
        ...


@dataclass(frozen=True, slots=True)
class Deliver:
    """Wants all of ``body`` sent, and nothing in between."""

    body: Body


@dataclass(frozen=True, slots=True)
class Within:
    """Wants all that is read from now on to come within so many ``seconds``, counted from when it
    is waited for; None: whenever it comes.
    """

    seconds: float | None


class NotRead(Exception):
    """A Read was not satisfied; ``partial`` is what had come."""

    then: ClassVar[str]

    def __init__(self, partial: bytes) -> None:
        super().__init__(f"{len(partial)} bytes and then {self.then}")
        self.partial = partial


class EndOfStream(NotRead):
    """The peer finished before a Read was satisfied."""

    then = "the end"


class TooLate(NotRead):
    """A Read was not satisfied within the time that it had."""

    then = "nothing for too long"


type Steps[T] = Generator[Read | Write, bytes, T]
"""A handshake that ends with a T. What is sent into a Write is ignored (``b""``)."""

type Serving = Generator[Read | Write | Deliver | Within, bytes, None]
"""What goes on until the peer has enough, and may send what nobody holds at once."""
