"""Owns commands of socat in a text: the words go to ``spec/socat``, and what stood around them in
the shell (pipes, loops, containers) becomes part of the relay.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bascule.errors import ErrorCode, SpecError
from bascule.spec.commands import commands_of
from bascule.spec.endpoints import TcpListen
from bascule.spec.ends import Dual
from bascule.spec.foreign.call import WINDOWS_SHELLS, Call, Piece, emulated, native
from bascule.spec.foreign.docker import published
from bascule.spec.foreign.found import Found
from bascule.spec.foreign.problems import RULE, missing_value, refuse_word
from bascule.spec.foreign.words import Word
from bascule.spec.local import File, Program, Standard
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import parse_command
from bascule.spec.socat.explain import sentence
from bascule.spec.socat.verdicts import Verdict

_NOT_MOVED = "The relay gives each of its connections a program of its own."


def read_socat(call: Call, system: str | None) -> Found:
    """Read a command of socat. ``system``: as ``parse_command`` has it.

    Raises: SpecError with the facts ``token`` and ``position`` (in characters of the whole text).
    """
    words = call.words[1:]
    for word in words:
        if word.missing:
            raise missing_value(word.missing[0])
        if word.plain and word.text.startswith("~"):
            why = "a path that begins with ~ is not known here: write the whole path"
            raise refuse_word(why, word, code=ErrorCode.VALUE_MISSING)
    system = "windows" if call.shell in WINDOWS_SHELLS else system
    try:
        command = parse_command([word.text for word in words], system=system)
    except SpecError as exc:
        raise _placed(exc, call, words) from exc
    verdicts = [*call.verdicts]
    relay = _joined(command.relay, call, verdicts)
    relay = _listening(relay, call, verdicts)
    if call.again and relay.once:
        relay = replace(relay, once=False, max_connections=(relay.listens and 1) or 0)
    return Found(
        "socat",
        call.begin,
        call.end,
        name=sentence(relay),
        relay=relay,
        verdicts=(*command.verdicts, *verdicts),
        secrets=command.secrets,
        runs=commands_of(relay),
    )


def _placed(problem: SpecError, call: Call, words: tuple[Word, ...]) -> SpecError:
    """A problem with its place in the whole text instead of its place in a word."""
    facts = dict(problem.facts)
    number, at = facts.pop("word", 0), facts.pop("position", 0)
    if isinstance(number, int) and isinstance(at, int) and number < len(words):
        position = words[number].place(at)
    else:
        position = call.end
    placed = SpecError(problem.message, code=problem.code, field=problem.field)
    placed.facts = {"rule": RULE, "why": problem.message, **facts, "position": position}
    return placed


def _joined(relay: RelaySpec, call: Call, verdicts: list[Verdict]) -> RelaySpec:
    """A relay whose standard input and output are what stands there in the shell."""
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
                why = "Left out: the command neither reads standard input nor writes to it."
                verdicts.append(Verdict(piece.text, "ignored", why, warns=True))
        return relay
    if call.gives is None or call.takes is None:
        name = next(iter(changed))
        way = "up" if (name == "source") == (call.gives is not None) else "down"
        if relay.direction not in (way, "both"):
            why = "it is joined to the side that this command does not use"
            raise refuse_word(why, call.words[0])
        if relay.direction == "both":
            verdicts.append(emulated("|", "What goes the other way is not carried."))
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
            verdicts.append(emulated(piece.text, f"It is run by the shell. {_NOT_MOVED}"))
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


def _listening(relay: RelaySpec, call: Call, verdicts: list[Verdict]) -> RelaySpec:
    """A relay that listens where its container was reached from outside."""
    source = relay.source
    if not isinstance(source, TcpListen) or source.port not in call.ports:
        return relay
    host, port = call.ports[source.port]
    verdicts.append(published(f"-p {port}:{source.port}", host, port))
    return replace(relay, source=replace(source, host=host, port=port))
