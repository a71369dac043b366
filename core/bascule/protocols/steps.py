"""Owns the form of a handshake: a plain generator that asks for bytes and gives bytes.

``data = yield Read(n)`` receives exactly n bytes, ``yield Write(b)`` sends, ``return`` ends it.
Whoever performs the steps (``streams/perform.py``; tests, in memory) throws :class:`EndOfStream`
into a Read that can no longer be satisfied.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Read:
    """Wants exactly ``count`` bytes (count ≥ 0)."""

    count: int


@dataclass(frozen=True, slots=True)
class Write:
    """Wants ``data`` sent."""

    data: bytes


class EndOfStream(Exception):
    """The peer finished before a Read was satisfied; ``partial`` is what had come."""

    def __init__(self, partial: bytes) -> None:
        super().__init__(f"{len(partial)} bytes and then the end")
        self.partial = partial


type Steps[T] = Generator[Read | Write, bytes, T]
"""A handshake that ends with a T. What is sent into a Write is ignored (``b""``)."""
