"""Owns how the pauses between tries grow. No clock."""

from __future__ import annotations

from typing import Self

from bascule.spec.relays import RelaySpec


class Backoff:
    """Pauses in seconds: the first, then twice as long each time up to the longest."""

    def __init__(self, first_seconds: float, longest_seconds: float) -> None:
        self._first = first_seconds
        self._longest = max(first_seconds, longest_seconds)
        self._next = first_seconds

    @classmethod
    def of(cls, spec: RelaySpec) -> Self:
        """The pauses that a relay is to make."""
        return cls(spec.retry_first_seconds, spec.retry_longest_seconds)

    def next_seconds(self) -> float:
        """The pause before the next try."""
        pause, self._next = self._next, min(self._next * 2, self._longest)
        return pause

    def reset(self) -> None:
        """Begin again with the first pause: something worked."""
        self._next = self._first
