"""Owns which commands a relay would run on this computer, and their refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bascule.errors import ErrorCode, SpecError
from bascule.spec.ends import Dual, Failover, FanOut
from bascule.spec.local import Program
from bascule.spec.relays import RelaySpec

_FIRST_WORD = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|(\S+))(?=\s|$)""")
_NAME = re.compile(r"[\w.+-]+")
_UNKNOWN = "…"


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


def without_words(relay: RelaySpec) -> RelaySpec:
    """The relay with the mere names of the programs it runs, to make a name of it: names become
    those of files and stand in logs, and what a program is told may be a password.
    """
    return replace(relay, source=_without_words(relay.source), target=_without_words(relay.target))


def _without_words(end: Any) -> Any:
    match end:
        case Program():
            return replace(end, command=_program_name(end.command))
        case Dual():
            reading, writing = _without_words(end.reading), _without_words(end.writing)
            return replace(end, reading=reading, writing=writing)
        case Failover() | FanOut():
            return replace(end, targets=tuple(map(_without_words, end.targets)))
        case _:
            return end


def _program_name(command: str) -> str:
    """``mysql`` of ``/usr/bin/mysql -pSECRET``; of anything that is less plain, nothing."""
    found = _FIRST_WORD.match(command)
    word = (found[1] or found[2] or found[3] or "") if found else ""
    name = re.split(r"[/\\]", word)[-1]
    return name if _NAME.fullmatch(name) else _UNKNOWN


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
