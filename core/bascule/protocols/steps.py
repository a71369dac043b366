"""Owns the form of a handshake: a plain generator that asks for bytes and gives bytes.

``data = yield Read(n)`` receives exactly n bytes, ``yield Write(b)`` sends, ``return`` ends it.
``yield Deliver(body)`` sends what is too much to be held; only who serves does that.
Whoever performs the steps (``streams/perform.py``; tests, in memory) throws :class:`EndOfStream`
into a Read that can no longer be satisfied.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol


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


class EndOfStream(Exception):
    """The peer finished before a Read was satisfied; ``partial`` is what had come."""

    def __init__(self, partial: bytes) -> None:
        super().__init__(f"{len(partial)} bytes and then the end")
        self.partial = partial


type Steps[T] = Generator[Read | Write, bytes, T]
"""A handshake that ends with a T. What is sent into a Write is ignored (``b""``)."""

type Serving = Generator[Read | Write | Deliver, bytes, None]
"""What goes on until the peer has enough, and may send what nobody holds at once."""
