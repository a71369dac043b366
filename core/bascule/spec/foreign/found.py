"""Owns what was found in a text of another program: relays, and what became of each word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bascule.errors import SpecError
from bascule.spec.commands import commands_of
from bascule.spec.foreign.call import Call
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.explain import sentence
from bascule.spec.socat.verdicts import Verdict


@dataclass(frozen=True)
class Found:
    """One command or section of a text, and the relay that it asks for.

    ``begin`` and ``end`` say where it stands, in characters of the text. ``relay`` is None where
    ``problem`` says why there is none; its facts ``token`` and ``position`` (in characters of the
    whole text) say where reading stopped. ``secrets`` are the passwords that stood in it, by the
    references that stand for them in ``relay``. ``runs`` are the commands that it would run on this
    computer, word for word: none of them may run before somebody has confirmed it.
    """

    program: str
    begin: int
    end: int
    name: str = ""
    relay: RelaySpec | None = None
    verdicts: tuple[Verdict, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    runs: tuple[str, ...] = ()
    problem: SpecError | None = None


@dataclass(frozen=True)
class Reading:
    """All that was found in a text, in order; ``notes`` concern the text as a whole, such as what
    stood around the commands and was left out.
    """

    found: tuple[Found, ...]
    notes: tuple[Verdict, ...] = ()


def found_relay(
    program: str,
    call: Call,
    relay: RelaySpec,
    verdicts: Sequence[Verdict],
    secrets: Mapping[str, str] | None = None,
) -> Found:
    """A relay that was found: named by its sentence, with what it runs."""
    return Found(
        program,
        call.begin,
        call.end,
        name=sentence(relay),
        relay=relay,
        verdicts=tuple(verdicts),
        secrets=secrets or {},
        runs=commands_of(relay),
    )
