"""Owns what a command does, in words, for ``bascule relay --explain``."""

from __future__ import annotations

from bascule.spec.codec import to_data
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import Command

_ARROWS = {"both": "⇄", "up": "→", "down": "←"}


def explain(command: Command) -> str:
    """Say what the command does, then what becomes of each of its words."""
    relay = command.relay
    lines = [f"{_end(relay.source)} {_ARROWS[relay.direction]} {_end(relay.target)}"]
    lines += [f"  {rule}" for rule in _rules(relay)]
    lines += [f"{each.token}: {each.kind}: {each.text}" for each in command.verdicts]
    return "\n".join(lines)


def _end(end: object) -> str:
    data = to_data(end)
    kind = data.pop("kind", "")
    shown = ", ".join(f"{name} {value}" for name, value in data.items())
    return f"{kind} ({shown})" if shown else kind


def _rules(relay: RelaySpec) -> list[str]:
    rules = [
        "one connection, then it ends" if relay.once else "each arrival is a connection of its own"
    ]
    if relay.allow:
        rules.append(f"only {', '.join(relay.allow)} may connect")
    if relay.max_connections:
        rules.append(f"at most {relay.max_connections} connections; further ones wait")
    if relay.idle_seconds:
        rules.append(f"a connection that is silent for {relay.idle_seconds:g} s ends")
    if relay.half_close_seconds:
        rules.append(
            f"when one side has finished, it ends after {relay.half_close_seconds:g} s of silence"
        )
    return rules
