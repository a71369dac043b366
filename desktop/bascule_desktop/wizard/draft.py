"""Owns what a new relay begins with where somebody comes to the wizard with more than an idea."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bascule.spec.relays import RelaySpec


@dataclass(frozen=True, slots=True)
class Draft:
    """A relay to begin with; ``page`` is the kind of page that shows it, "" the one that fits.

    ``secrets`` are passwords that came with it, by the references that stand for them in ``relay``.
    """

    relay: RelaySpec
    name: str = ""
    page: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
