"""Owns what a pipe or a redirection makes of a relay: programs and files as its ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bascule.spec.ends import Dual
from bascule.spec.foreign.call import Call, Piece, emulated, left_out, native
from bascule.spec.foreign.problems import missing_value, refuse_word
from bascule.spec.local import File, Program, Standard
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.verdicts import Said, Verdict

_BY_THE_SHELL = (
    Said("It is run by the shell."),
    Said("The relay gives each of its connections a program of its own."),
)


def join_pipes(relay: RelaySpec, call: Call, verdicts: list[Verdict]) -> RelaySpec:
    """A relay whose standard input and output are what stands there in the shell.

    Raises: SpecError: it stands on the side that the command does not use, or a value is missing.
    """
    if call.gives is None and call.takes is None:
        return relay
    changed = {
        name: _standing(end, call, verdicts)
        for name, end in (("source", relay.source), ("target", relay.target))
        if _is_standard(end)
    }
    if not changed:
        for piece in (call.gives, call.takes):
            if piece is not None:
                why = "the command neither reads standard input nor writes to it."
                verdicts.append(left_out(piece.text, why, warns=True))
        return relay
    if call.gives is None or call.takes is None:
        name = next(iter(changed))
        way = "up" if (name == "source") == (call.gives is not None) else "down"
        if relay.direction not in (way, "both"):
            why = Said("it is joined to the side that this command does not use")
            raise refuse_word(why, call.words[0])
        if relay.direction == "both":
            piece = call.gives or call.takes
            token = piece.text if piece is not None else ""
            verdicts.append(emulated(token, "What goes the other way is not carried."))
        return replace(relay, direction=way, **changed)
    return replace(relay, **changed)


def _is_standard(end: object) -> bool:
    if isinstance(end, Dual):
        return isinstance(end.reading, Standard) and isinstance(end.writing, Standard)
    return isinstance(end, Standard)


def _standing(end: Any, call: Call, verdicts: list[Verdict]) -> Any:
    gives = _end_of(call.gives, "read") if call.gives is not None else None
    takes = _end_of(call.takes, "write") if call.takes is not None else None
    for piece in (call.gives, call.takes):
        if piece is not None and piece.kind == "command":
            verdicts.append(emulated(piece.text, _BY_THE_SHELL))
        elif piece is not None:
            verdicts.append(native(piece.text, "The file is read or written."))
    if gives is not None and takes is not None:
        return Dual(reading=gives, writing=takes)
    made = gives or takes
    return replace(made, shape=end.shape, retry=end.retry) if made is not None else end


def _end_of(piece: Piece, way: str) -> Program | File:
    if piece.missing:
        raise missing_value(piece.missing[0])
    if piece.kind == "command":
        return Program(command=piece.text, interpreter="system", joined_by="pipes")
    if way == "read":
        return File(path=piece.text, way="read")
    return File(
        path=piece.text, way="write", create=True, append=piece.append, truncate=not piece.append
    )
