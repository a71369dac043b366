"""Owns the one door for what people paste: a text of another program becomes relays."""

from __future__ import annotations

import shlex

from bascule.errors import ErrorCode, SpecError
from bascule.spec.foreign.found import Found, Reading
from bascule.spec.local import Program
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import parse_command
from bascule.spec.socat.explain import sentence

MOST_CHARACTERS = 1_000_000
"""Longer texts are not read."""


def read_text(text: str, *, system: str | None = None) -> Reading:
    """Find the commands in a text that was pasted, and read each as a relay.

    ``system``: as ``parse_command`` has it.

    Raises: SpecError VALUE_INVALID, with the facts ``token`` and ``position`` (in characters of the
        text): nothing in it is a command or a configuration that is known.
    """
    if len(text) > MOST_CHARACTERS:
        raise _not_known(text, "the text is too long to be a command")
    try:
        words = shlex.split(text)
    except ValueError as exc:
        raise _not_known(text, "a quotation mark has no partner") from exc
    if not words or words[0].rpartition("/")[2] != "socat":
        raise _not_known(text, "it does not begin with the name of a program that is known")
    return Reading((_socat(text, words[1:], system),))


def _socat(text: str, words: list[str], system: str | None) -> Found:
    try:
        command = parse_command(words, system=system)
    except SpecError as exc:
        token = str(exc.facts.get("token", ""))
        exc.facts["position"] = max(text.find(token), 0)
        return Found("socat", 0, len(text), problem=exc)
    return Found(
        "socat",
        0,
        len(text),
        name=sentence(command.relay),
        relay=command.relay,
        verdicts=command.verdicts,
        secrets=command.secrets,
        runs=_runs(command.relay),
    )


def _runs(relay: RelaySpec) -> tuple[str, ...]:
    return tuple(end.command for end in (relay.source, relay.target) if isinstance(end, Program))


def _not_known(text: str, why: str) -> SpecError:
    token = text.strip().partition("\n")[0][:80]
    return SpecError(
        f"this is not a command that Bascule can read: {why}",
        code=ErrorCode.VALUE_INVALID,
        token=token,
        position=len(text) - len(text.lstrip()),
        rule="paste",
        why=why,
    )
