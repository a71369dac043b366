"""Owns the one door for what people paste: a text of another program, or a place, as relays."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import LiteralString

from bascule.errors import SpecError
from bascule.spec.foreign.call import Call, left_out
from bascule.spec.foreign.containers import read_containers
from bascule.spec.foreign.found import Found, Reading
from bascule.spec.foreign.names import names_program
from bascule.spec.foreign.netcat import read_netcat
from bascule.spec.foreign.netsh import read_netsh
from bascule.spec.foreign.place import read_place
from bascule.spec.foreign.problems import RULE, refuse
from bascule.spec.foreign.ser2net import read_ser2net
from bascule.spec.foreign.shell import MOST_CALLS, read_calls
from bascule.spec.foreign.socat import read_socat
from bascule.spec.foreign.ssh import is_forward, read_ssh
from bascule.spec.foreign.stunnel import read_stunnel
from bascule.spec.foreign.systemd import read_units
from bascule.spec.foreign.windows import shell_of
from bascule.spec.foreign.words import Source, whole
from bascule.spec.socat.refusals import Refusal
from bascule.spec.socat.verdicts import Said

MOST_CHARACTERS = 1_000_000
"""Longer texts are not read."""

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*$", re.MULTILINE)

_READERS: dict[str, Callable[[Call, str | None], list[Found]]] = {
    "socat": read_socat,
    "netcat": read_netcat,
    "ssh": read_ssh,
    "netsh": read_netsh,
}


def read_text(text: str, *, system: str | None = None) -> Reading:
    """Find the commands in a text that was pasted, and read each as a relay.

    ``system``: as ``parse_command`` has it.

    Raises: SpecError VALUE_INVALID, with the facts ``token`` and ``position`` (in characters of the
        text): nothing in it is a command or a configuration that is known.
    """
    if len(text) > MOST_CHARACTERS:
        raise _not_known(text, "the text is too long to be a command")
    for read in (read_stunnel, read_ser2net, read_place):
        if found := read(whole(text)):
            return Reading(tuple(found))
    calls = _calls(text)
    forwards = [call for call in calls if call.program != "ssh" or is_forward(call)]
    calls = forwards or calls[:1]  # a session on another computer, in a text with more
    if not calls:
        raise _not_known(text, "it does not begin with the name of a program that is known")
    more = Said("what comes behind {} commands.", (str(MOST_CALLS),))
    notes = [left_out("…", more)][: len(calls) > MOST_CALLS]
    found = [each for call in calls[:MOST_CALLS] for each in _read(call, system)]
    return Reading(tuple(found), tuple(notes))


def _calls(text: str) -> list[Call]:
    source = whole(text)
    for read in (read_units, read_containers):
        calls = read(source)
        if calls:
            return calls
    fences = list(_FENCE.finditer(text))
    if len(fences) < 2:
        return _commands(source)
    calls: list[Call] = []
    for opens, closes in zip(fences[::2], fences[1::2], strict=False):
        try:
            calls += _commands(source.part(opens.end(), closes.start()))
        except SpecError:
            continue  # a picture, or a text of another kind: what is a command stands elsewhere
    return calls


def _commands(source: Source) -> list[Call]:
    if not names_program(source.text):
        return []
    shell = shell_of(source.text)
    calls = read_calls(source, shell)
    if not calls and shell == "posix":
        calls = read_calls(source, shell, root=True)
    return calls


def _read(call: Call, system: str | None) -> list[Found]:
    try:
        return _READERS[call.program](call, system)
    except SpecError as exc:
        if "position" not in exc.facts:
            token = call.words[0].text
            usual = {"rule": RULE, "why": exc.message}
            exc.facts = {**usual, **exc.facts, "token": token, "position": call.begin}
        return [Found(call.program, call.begin, call.end, verdicts=call.verdicts, problem=exc)]


def _not_known(text: str, why: LiteralString) -> Refusal:
    problem = refuse(why, text.strip(), len(text) - len(text.lstrip()))
    problem.message = f"this is not a command that Bascule can read: {why}"
    return problem
