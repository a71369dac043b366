"""Owns commands of socat in a text: the words go to ``spec/socat``, and what stood around them in
the shell (pipes, loops, containers) becomes part of the relay.
"""

from __future__ import annotations

from dataclasses import replace

from bascule.errors import ErrorCode, SpecError
from bascule.spec.endpoints import TcpListen
from bascule.spec.foreign.call import WINDOWS_SHELLS, Call
from bascule.spec.foreign.docker import published
from bascule.spec.foreign.found import Found, found_relay
from bascule.spec.foreign.pipes import join_pipes
from bascule.spec.foreign.problems import RULE, missing_value, refuse_word
from bascule.spec.foreign.words import Word
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import parse_command
from bascule.spec.socat.network import EVERYWHERE
from bascule.spec.socat.verdicts import Said, Verdict


def read_socat(call: Call, system: str | None) -> list[Found]:
    """Read a command of socat. ``system``: as ``parse_command`` has it.

    Raises: SpecError with the facts ``token`` and ``position`` (in characters of the whole text).
    """
    words = call.words[1:]
    for word in words:
        if word.missing:
            raise missing_value(word.missing[0])
        if word.plain and word.text.startswith("~"):
            why = Said("a path that begins with ~ is not known here: write the whole path")
            raise refuse_word(why, word, code=ErrorCode.VALUE_MISSING)
    system = "windows" if call.shell in WINDOWS_SHELLS else system
    try:
        command = parse_command([word.text for word in words], system=system)
    except SpecError as exc:
        _place(exc, call, words)
        raise
    verdicts = [*command.verdicts, *call.verdicts]
    relay = join_pipes(command.relay, call, verdicts)
    relay = _listening(relay, call, verdicts)
    if call.again and relay.once:
        relay = replace(relay, once=False, max_connections=(relay.listens and 1) or 0)
    return [found_relay("socat", call, relay, verdicts, command.secrets)]


def _place(problem: SpecError, call: Call, words: tuple[Word, ...]) -> None:
    """Give a problem its place in the whole text instead of its place in a word."""
    facts = problem.facts
    number, at = facts.pop("word", 0), facts.pop("position", 0)
    if isinstance(number, int) and isinstance(at, int) and number < len(words):
        position = words[number].place(at)
    else:
        position = call.end
    problem.facts = {"rule": RULE, "why": problem.message, **facts, "position": position}


def _listening(relay: RelaySpec, call: Call, verdicts: list[Verdict]) -> RelaySpec:
    """A relay that listens where its container was reached from outside."""
    source = relay.source
    if not isinstance(source, TcpListen) or source.port not in call.ports:
        return relay
    host, port = call.ports[source.port]
    if host != source.host:  # what is said of its address holds no more
        verdicts[:] = [each for each in verdicts if each.saying != EVERYWHERE]
    verdicts.append(published(f"-p {port}:{source.port}", host, port))
    return replace(relay, source=replace(source, host=host, port=port))
