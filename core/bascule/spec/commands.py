"""Owns which commands a relay would run on this computer."""

from __future__ import annotations

from collections.abc import Iterator

from bascule.spec.ends import Dual, Failover, FanOut
from bascule.spec.local import Program
from bascule.spec.relays import RelaySpec


def commands_of(relay: RelaySpec) -> tuple[str, ...]:
    """The commands that a relay runs, word for word, wherever in it they stand."""
    return tuple(command for end in (relay.source, relay.target) for command in _commands(end))


def _commands(end: object) -> Iterator[str]:
    match end:
        case Program():
            yield end.command
        case Dual():
            yield from _commands(end.reading)
            yield from _commands(end.writing)
        case Failover() | FanOut():
            for target in end.targets:
                yield from _commands(target)
        case _:
            pass
