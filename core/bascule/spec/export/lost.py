"""Owns what is lost: each setting of a relay that is not as usual and that nobody has written.

A writer names the settings it has told its program, and all others are found here. So a setting
that is new, or forgotten, is said to be lost; it never vanishes in silence.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any, cast

from bascule.spec.export.exported import Loss, LossKind, refusal
from bascule.spec.fields import FieldKind, Spec, fields_of
from bascule.spec.relays import RelaySpec

_WHY = {
    "tls": ("tls", "it encrypts with TLS there"),
    "via": ("proxy", "it goes through a proxy"),
    "proxy_header": ("proxy_header", "it uses the header of a load balancer (PROXY)"),
    "abstract": ("abstract", "it uses an abstract name instead of a path"),
}
"""Settings without which the relay would be another one."""


def settings(relay: str, source: str, target: str) -> frozenset[str]:
    """The dotted paths of settings that a program is told: of the relay, its source, its target,
    each a list of names.
    """
    ends = {"source": source, "target": target}
    inner = [f"{end}.{name}" for end, names in ends.items() for name in names.split()]
    return frozenset([*relay.split(), *inner])


def losses(relay: RelaySpec, told: frozenset[str], program: str) -> tuple[Loss, ...]:
    """What is lost of a relay where a program was told these settings.

    ``told`` holds dotted paths without numbers; a target of several counts as the target
    (``target.host``).

    Raises:
        SpecError: NOT_EXPORTABLE: without one of the others it would be another relay.
    """
    found: dict[tuple[str, object], Loss] = {}
    for path, help_, value in unusual(relay):
        plain = plain_path(path)
        if plain in told or plain.endswith(".targets") or without_effect(relay, plain):
            continue
        name = plain.rpartition(".")[2]
        if name in _WHY:
            rule, why = _WHY[name]
            raise refusal(program, rule, why, at=path)
        found.setdefault((plain, value), _loss(program, plain, help_, value))
    return tuple(sorted(found.values(), key=lambda loss: loss.kind is not LossKind.ALLOW))


def plain_path(path: str) -> str:
    """A dotted path without numbers; a target of several counts as the target."""
    return re.sub(r"\.(targets\.)?\d+", "", path)


def without_effect(relay: RelaySpec, path: str) -> bool:
    """Whether nothing follows from a setting in this relay, so that nothing can be lost."""
    serial = "serial" in (relay.source.kind, relay.target.kind)
    match path:
        case "allow":
            return relay.source.kind.startswith("unix-")  # who connects there has no address
        case "linger_seconds":
            return not serial
        case "max_connections":
            return relay.target.kind == "serial"  # one at a time has it in any case
        case "overflow":
            return not relay.max_connections and relay.target.kind != "serial"
        case _:
            return False


def own_path(relay: RelaySpec) -> frozenset[str]:
    """The setting that is called as one of TCP, but is the path of a Unix socket's own end."""
    kinds = {each.kind for each in getattr(relay.target, "targets", (relay.target,))}
    return frozenset(["target.bind"] if "unix-connect" in kinds else [])


def unusual(spec: Spec, prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    """The settings of a spec that differ from what is usual: dotted path, help, value. A group is
    there by itself, and then what is unusual in it.
    """
    usual = {item.name: item.default for item in dataclasses.fields(spec)}
    for name, described in fields_of(spec).items():
        path, value = f"{prefix}{name}", getattr(spec, name)
        if described.kind in (FieldKind.GROUP, FieldKind.GROUPS):
            if value in (None, ()):
                continue
            if prefix:
                yield path, described.help, True
            if described.kind is FieldKind.GROUP:
                yield from unusual(value, f"{path}.")
                continue
            for number, entry in enumerate(value):
                yield from unusual(entry, f"{path}.{number}.")
        elif value != usual[name]:
            yield path, described.help, value


def _loss(program: str, path: str, help_: str, value: Any) -> Loss:
    shown = _shown(value)
    facts = {"program": program, "value": shown}
    if path == "allow":
        message = (
            f"As exported, {program} lets in anyone who reaches the port. Let a firewall keep out "
            f"all but {shown}."
        )
        return Loss(LossKind.ALLOW, message, path, facts)
    message = f"{program} has no setting for: {help_.partition(';')[0]} ({shown})."
    return Loss(LossKind.SETTING, message, path, facts)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, cast("tuple[object, ...]", value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
