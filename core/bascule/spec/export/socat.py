"""Owns how a relay is said to socat 1.8: a command line, with what it cannot be told left out.

What is left out is as little as possible: first all that may be is, then each setting is tried
again by itself.
"""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bascule.errors import SpecError
from bascule.spec.export import pieces
from bascule.spec.export.exported import Exported, Loss, LossKind, refusal
from bascule.spec.export.lost import losses, plain_path, unusual
from bascule.spec.fields import Spec, parse_network, references
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import Command
from bascule.spec.socat.write import write_command

PROGRAM = "socat"

_NO_WORD = frozenset({"failover", "fan-out", "room", "stall", "text"})
_MAY_GO = frozenset(
    {
        "allow",
        "max_connections",
        "overflow",
        "idle_seconds",
        "linger_seconds",
        "half_close_seconds",
        "chunk_bytes",
        "retry_first_seconds",
        "retry_longest_seconds",
        "connections_per_client",
        "up_bytes_per_second",
        "down_bytes_per_second",
        "backlog",
        "keepalive",
        "nodelay",
        "accept_timeout_seconds",
        "connect_timeout_seconds",
        "peer_idle_seconds",
        "max_peers",
        "remove_after",
        "mode",
        "owner",
        "low_port",
        "rts",
        "dtr",
        "wait",
        "ciphers",
        "minimum_version",
        "search_path",
    }
)
"""Settings without which it is still the same relay. ``once`` is another: see ``write_socat``."""


@dataclass(frozen=True)
class Said:
    """A relay in socat's words: the words, and the losses."""

    words: tuple[str, ...]
    lost: tuple[Loss, ...]


def write_socat(relay: RelaySpec, name: str) -> Exported:
    """Write a relay as a command for a POSIX shell. Raises: SpecError NOT_EXPORTABLE."""
    said = say(relay)
    *options, source, target = said.words
    lines = [shlex.join(("socat", *options)), shlex.quote(source), shlex.quote(target)]
    text = " \\\n    ".join(lines)
    return Exported(f"{text}\n", pieces.file_name(name, "sh"), said.lost)


def say(relay: RelaySpec) -> Said:
    """Say as much of a relay as socat 1.8 can be told. Raises: SpecError NOT_EXPORTABLE."""
    for at, end in (("source", relay.source), ("target", relay.target)):
        if end.kind in _NO_WORD:
            why = f"it has no address for this kind of end ({end.kind})"
            raise refusal(PROGRAM, at, why, at=at, kind=end.kind)
    passphrases = pieces.key_losses(PROGRAM, relay)
    relay = _changed(relay, _passphrases(relay))
    secrets, passwords = pieces.placeholders(PROGRAM, references(relay))
    to_do = (*passwords, *passphrases)
    # socat wants a single address as a network, too (range=10.0.0.1/32).
    relay = replace(relay, allow=tuple(str(parse_network(each)) for each in relay.allow))
    found = _try(relay, secrets)
    if found is not None:
        return Said(found[0], (*found[1], *to_do))
    left_out: dict[str, object] = {
        path: _usual_of(relay, path)
        for path, _help, _value in unusual(relay)
        if path.rpartition(".")[2] in _MAY_GO
    }
    if not relay.once:
        left_out["once"] = True
    found = _try_without(relay, left_out, secrets)
    if found is None:
        raise refusal(PROGRAM, "socat", _why(_changed(relay, left_out), secrets))
    for path in tuple(left_out):
        fewer = {other: value for other, value in left_out.items() if other != path}
        better = _try_without(relay, fewer, secrets)
        if better is not None:
            found, left_out = better, fewer
    return Said(found[0], (*_losses(relay, left_out), *found[1], *to_do))


def _passphrases(relay: RelaySpec) -> dict[str, object]:
    """The passphrases of keys, taken away: socat asks for them itself."""
    paths = [path for path, _help, _value in unusual(relay)]
    return {path: "" for path in paths if path.endswith(".key_passphrase")}


def _try_without(
    relay: RelaySpec, left_out: Mapping[str, object], secrets: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[Loss, ...]] | None:
    """As ``_try``, with some settings as they usually are; None also where they do not go together
    with the others (a first pause that is longer than the longest).
    """
    try:
        changed = _changed(relay, left_out)
    except SpecError:
        return None
    return _try(changed, secrets)


def _try(
    relay: RelaySpec, secrets: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[Loss, ...]] | None:
    """The words for a relay and what is lost in them, where socat can be told it.

    What becomes of a connection above the limit follows from the kind of target there. Of several
    networks socat would let in the first only.
    """
    if len(relay.allow) > 1:
        return None
    for overflow in (relay.overflow, "queue" if relay.overflow == "refuse" else "refuse"):
        command = Command(replace(relay, overflow=overflow), secrets=secrets)
        try:
            words = write_command(command, for_socat=True)
        except SpecError:
            continue
        return tuple(words), () if overflow == relay.overflow else (_overflow(relay),)
    return None


def _why(relay: RelaySpec, secrets: Mapping[str, str]) -> str:
    """Why socat cannot be told a relay, as a half sentence."""
    try:
        write_command(Command(relay, secrets=secrets), for_socat=True)
    except SpecError as exc:
        return str(exc.facts.get("why", exc.message))
    return "it has no words for it"  # pragma: no cover - asked only where it cannot be told


def _overflow(relay: RelaySpec) -> Loss:
    how = "lets a connection above the limit wait"
    if relay.overflow == "queue":
        how = "turns a connection above the limit away"
    facts = {"program": PROGRAM, "value": relay.overflow}
    return Loss(LossKind.SETTING, f"{PROGRAM} {how}.", "overflow", facts)


def _losses(relay: RelaySpec, left_out: Mapping[str, object]) -> tuple[Loss, ...]:
    """What is lost where these settings are left out."""
    told = {plain_path(path) for path, _help, _value in unusual(relay) if path not in left_out}
    # Whether a connection waits has been looked at by itself.
    found = [*losses(relay, frozenset([*told, "overflow"]), PROGRAM)]
    if "once" in left_out:
        message = (
            f"{PROGRAM} ends when the connection has ended: run it in a loop, or as a service "
            "that is started again."
        )
        found.append(Loss(LossKind.AGAIN, message, "once", {"program": PROGRAM}))
    return tuple(found)


def _usual_of(spec: Spec, path: str) -> object:
    """What is usual for the setting at a path; none of those leads through a list."""
    name, _, rest = path.partition(".")
    if rest:
        return _usual_of(getattr(spec, name), rest)
    return next(item.default for item in dataclasses.fields(spec) if item.name == name)


def _changed[S: Spec](spec: S, changes: Mapping[str, object]) -> S:
    """A spec with some settings changed, by their dotted paths."""
    fields: dict[str, Any] = {}
    for path, value in changes.items():
        name, _, rest = path.partition(".")
        inner = fields.get(name, getattr(spec, name))
        fields[name] = _changed(inner, {rest: value}) if rest else value
    return replace(spec, **fields)
