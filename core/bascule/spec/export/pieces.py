"""Owns the pieces that all writers use: hosts, ends, file names, comments, common losses.

What a user typed reaches a text through here or through a program's own quotes, so that it cannot
end its line or its field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bascule.spec.endpoints import TcpConnect
from bascule.spec.ends import Failover
from bascule.spec.export.exported import Loss, LossKind, refusal
from bascule.spec.fields import Spec, parse_host
from bascule.spec.profiles import file_stem
from bascule.spec.relays import RelaySpec

LONGEST_SECONDS = 2_073_600
"""24 days, the longest time that all of the programs can count (in a signed 32-bit number of
milliseconds); where Bascule would wait for ever, they are told this.
"""


def file_name(name: str, suffix: str) -> str:
    """A good name for a file, safe on every system."""
    return f"{file_stem(name)}.{suffix}"


def comment(name: str, program: str, lost: Sequence[Loss]) -> str:
    """The lines above a configuration: whose it is, and what it does not do; each begins with #."""
    lines = [name, "Written by Bascule."]
    if lost:
        lines += [f"What {program} does not do as Bascule does, or still needs:"]
        lines += [f"- {loss.message}" for loss in lost]
    return "".join(f"# {one_line(line)}\n" for line in lines)


def one_line(text: str) -> str:
    """A text for people, without anything that could end its line."""
    return "".join(each if each.isprintable() else " " for each in text).strip()


def checked(program: str, value: str, at: str, never: str = "") -> str:
    """A value that a configuration can hold: printable, and without the characters ``never``.

    Raises: SpecError NOT_EXPORTABLE.
    """
    if not value.isprintable() or value != value.strip() or set(never) & set(value):
        raise refusal(
            program,
            "characters",
            f"its configuration cannot hold the characters of {one_line(value)!r}",
            at=at,
            value=one_line(value),
        )
    return value


def host(program: str, value: str, at: str) -> str:
    """A host as every program reads it: a name in ASCII (RFC 5890), an address without brackets.

    Raises: SpecError NOT_EXPORTABLE: an address that names an interface.
    """
    address = parse_host(value)
    if address is None:
        return value if value.isascii() else value.encode("idna").decode("ascii")
    if "%" in str(address):
        why = f"its configuration cannot hold an address with an interface, {one_line(value)}"
        raise refusal(program, "zone", why, at=at, value=one_line(value))
    return str(address)


def host_port(name: str, port: int) -> str:
    """Host and port in one word; an IPv6 address in brackets."""
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def listening_port(program: str, source: Any) -> int:
    """The port of a source. Raises: SpecError NOT_EXPORTABLE: none is chosen."""
    if not source.port:
        why = "it listens on any free port, and there the port has to be chosen"
        raise refusal(program, "port", why, at="source.port")
    return source.port


def check_ends(
    program: str, relay: RelaySpec, sources: tuple[type[Spec], ...], targets: tuple[type[Spec], ...]
) -> None:
    """Refuse a relay whose ends a program does not have. Raises: SpecError NOT_EXPORTABLE."""
    if not isinstance(relay.source, sources):
        why = f"connections cannot come from this kind of source ({relay.source.kind})"
        raise refusal(program, "source", why, at="source", kind=relay.source.kind)
    target = relay.target
    for each in target.targets if isinstance(target, Failover) else (target,):
        if not isinstance(each, targets):
            why = f"they cannot lead to this kind of target ({each.kind})"
            raise refusal(program, "target", why, at="target", kind=each.kind)


def targets_of(relay: RelaySpec) -> tuple[Any, ...]:
    """Where a relay leads to: its targets in order, or the only one."""
    target = relay.target
    return target.targets if isinstance(target, Failover) else (target,)


def same_targets(program: str, relay: RelaySpec) -> Any:
    """The first target, where the others differ from it in host and port only.

    Raises: SpecError NOT_EXPORTABLE.
    """
    targets = targets_of(relay)
    first = targets[0]
    if len(targets) > 1:
        alike = {
            replace(each, host="x", port=1) if isinstance(each, TcpConnect) else each
            for each in targets
        }
        named = isinstance(first, TcpConnect) and first.tls and not first.tls.server_name
        if len(alike) > 1 or (named and len({each.host for each in targets}) > 1):
            why = "its targets differ in more than host and port"
            raise refusal(program, "targets", why, at="target")
    return first


def looked_up_once(program: str, relay: RelaySpec) -> tuple[Loss, ...]:
    """The loss of those programs that ask for an address when they start, and never again."""
    names = [
        each.host
        for each in targets_of(relay)
        if isinstance(each, TcpConnect) and parse_host(each.host) is None
    ]
    return tuple(
        Loss(
            LossKind.NAMES,
            f"{program} looks up {name} when it starts, and not again: start it again when the "
            "address has changed.",
            "target.host",
            {"program": program, "value": name},
        )
        for name in dict.fromkeys(names)
        if name.rstrip(".").lower() != "localhost"
    )


def key_losses(program: str, relay: RelaySpec) -> tuple[Loss, ...]:
    """The loss of passphrases: they are never written."""
    tls = [("source.tls", getattr(relay.source, "tls", None))]
    tls += [("target.tls", getattr(each, "tls", None)) for each in targets_of(relay)]
    found = {
        each.key: Loss(
            LossKind.PASSPHRASE,
            f"The passphrase of the key {each.key} is not exported: {program} asks for it when it "
            "starts, or needs a key without one.",
            f"{path}.key_passphrase",
            {"program": program, "value": each.key},
        )
        for path, each in tls
        if each is not None and each.key_passphrase
    }
    return tuple(found.values())


def placeholders(
    program: str, references: Sequence[str]
) -> tuple[dict[str, str], tuple[Loss, ...]]:
    """A word for each password, by its reference, and what is to be said of them."""
    words = {each: f"PASSWORD{number or ''}" for number, each in enumerate(references)}
    if not words:
        return {}, ()
    listed = ", ".join(words.values())
    message = f"Passwords are never exported: write the right one in place of {listed}."
    return words, (Loss(LossKind.PASSWORD, message, "", {"program": program, "value": listed}),)


def authority_of(program: str, tls: Any) -> tuple[str, tuple[Loss, ...]]:
    """The file of authorities to trust, and what has to be said of it."""
    if tls.authority:
        return tls.authority, ()
    message = (
        f"{program} is told to trust the authorities in {SYSTEM_AUTHORITIES}, where Debian and "
        "Ubuntu keep them; write the path of your system there."
    )
    facts = {"program": program, "value": SYSTEM_AUTHORITIES}
    return SYSTEM_AUTHORITIES, (Loss(LossKind.AUTHORITIES, message, "target.tls.authority", facts),)


SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


def address_loss(program: str, name: str) -> tuple[Loss, ...]:
    """The loss where a certificate is verified that is made out to an address."""
    if parse_host(name) is None:
        return ()
    message = (
        f"{program} compares names only: a certificate made out to {name} is refused. Say the "
        "name in it instead of the address."
    )
    return (
        Loss(
            LossKind.ADDRESS, message, "target.tls.server_name", {"program": program, "value": name}
        ),
    )


def protocols(minimum: str) -> tuple[str, ...]:
    """The versions of TLS from the oldest one on, in OpenSSL's words."""
    return ("TLSv1.3",) if minimum == "1.3" else ("TLSv1.2", "TLSv1.3")


def idle(program: str, relay: RelaySpec) -> tuple[float, tuple[Loss, ...]]:
    """How long a connection may be silent, in seconds, and the loss where that is cut short."""
    if relay.idle_seconds <= LONGEST_SECONDS:
        return relay.idle_seconds or LONGEST_SECONDS, ()
    message = f"{program} counts to 24 days: a connection without traffic ends after them."
    facts = {"program": program, "value": f"{relay.idle_seconds:g}"}
    return LONGEST_SECONDS, (Loss(LossKind.SETTING, message, "idle_seconds", facts),)
