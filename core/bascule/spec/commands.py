"""Owns which commands a relay would run on this computer, and their refusal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bascule.errors import ErrorCode, SpecError
from bascule.spec.ends import Dual, Failover, FanOut
from bascule.spec.local import Program
from bascule.spec.relays import RelaySpec


def commands_of(relay: RelaySpec) -> tuple[str, ...]:
    """The commands that a relay runs, word for word, wherever in it they stand."""
    return tuple(command for end in (relay.source, relay.target) for command in _commands(end))


def unconfirmed(commands: Iterable[str]) -> SpecError:
    """The error for commands that came from somebody else and that nobody has confirmed: the fact
    ``command`` has them word for word, one a line.
    """
    shown = "\n".join(commands)
    return SpecError(
        f"it came from somebody else and would run `{shown}`; read that, and confirm it "
        "(`bascule confirm`) if it is what you want",
        code=ErrorCode.COMMAND_UNCONFIRMED,
        command=shown,
    )


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
