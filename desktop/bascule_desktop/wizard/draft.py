"""Owns what a new relay begins with where somebody comes to the wizard with more than an idea."""

from __future__ import annotations

from dataclasses import dataclass

from bascule.spec.relays import RelaySpec


@dataclass(frozen=True, slots=True)
class Draft:
    """A relay to begin with; ``page`` is the kind of page that shows it, "" the one that fits."""

    relay: RelaySpec
    name: str = ""
    page: str = ""
