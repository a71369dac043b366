"""Owns how a relay becomes a systemd service: socat where that can do all of it, else Bascule.

Bascule's own words for a relay (`bascule relay`) lack nothing, so nothing is lost then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bascule.errors import SpecError
from bascule.spec.endpoints import TcpConnect
from bascule.spec.export import pieces
from bascule.spec.export.exported import Exported, Loss, LossKind, refusal
from bascule.spec.export.socat import say
from bascule.spec.fields import FieldKind, Spec, fields_of, references
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import Command
from bascule.spec.socat.write import write_command

PROGRAM = "systemd"

_PRIVILEGED_BELOW = 1024
_OF_NO_SERVICE = ("standard", "descriptor", "named-pipe-listen", "named-pipe-connect")


def write_systemd(relay: RelaySpec, name: str, *, bascule: str = "bascule") -> Exported:
    """Write a relay as a unit. ``bascule`` is the path of Bascule's command where it is needed;
    without a folder systemd looks where programs usually are.

    Raises: SpecError NOT_EXPORTABLE.
    """
    for end in _ends(relay):
        if end.kind in _OF_NO_SERVICE:
            why = f"a service has no such end ({end.kind})"
            raise refusal(PROGRAM, "foreground", why, kind=end.kind)
    words, lost = _words(relay, bascule)
    account, more = _account(relay)
    lost += more
    after = "network-online.target"
    lines = [
        "[Unit]",
        f"Description={_description(name)}",
        f"Wants={after}",
        f"After={after}",
        "",
        "[Service]",
        f"ExecStart={' '.join(map(quoted, words))}",
        f"Restart={'no' if relay.once else 'always'}",
        "RestartSec=1",
        *account,
        "NoNewPrivileges=yes",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ]
    # What is to be known stands in the unit as well, so that it travels with it.
    said = pieces.comment(name, PROGRAM, lost)
    text = said + "\n" + "".join(f"{line}\n" for line in lines)
    return Exported(text, pieces.file_name(name, "service"), tuple(lost))


def _words(relay: RelaySpec, bascule: str) -> tuple[list[str], list[Loss]]:
    """The command of the service."""
    try:
        said = say(relay)
    except SpecError:
        said = None
    # A service has no terminal on which socat could ask for a passphrase.
    fine = (LossKind.PASSWORD,)
    if said is not None and all(loss.kind in fine for loss in said.lost):
        return ["socat", *said.words], list(said.lost)
    secrets, lost = pieces.placeholders(PROGRAM, references(relay))
    message = "The service runs Bascule: it has to be installed on that computer."
    needed = Loss(LossKind.BASCULE, message, "", {"program": PROGRAM})
    return [bascule, "relay", *write_command(Command(relay, secrets=secrets))], [needed, *lost]


def _account(relay: RelaySpec) -> tuple[list[str], list[Loss]]:
    """As whom the service runs: as nobody in particular where no file has to be read."""
    ends = list(_ends(relay))
    files = any(
        described.kind in (FieldKind.FILE, FieldKind.COMMAND) and getattr(each, field)
        for each in (*ends, *_layers(ends))
        for field, described in fields_of(each).items()
    )
    if files:
        message = (
            "The service runs as root, as it is not known who may read its files: choose an "
            "account for it with User=."
        )
        return ["#User="], [Loss(LossKind.ACCOUNT, message, "", {"program": PROGRAM})]
    lines = ["DynamicUser=yes"]
    if any(each.kind == "serial" for each in ends):
        lines.append("SupplementaryGroups=dialout")
    ports = [each.port for each in ends if hasattr(each, "port") and each.listens]
    if any(0 < port < _PRIVILEGED_BELOW for port in ports) or any(
        isinstance(each, TcpConnect) and each.low_port for each in ends
    ):
        lines.append("AmbientCapabilities=CAP_NET_BIND_SERVICE")
    return lines, []


def _ends(relay: RelaySpec) -> Iterator[Any]:
    """All ends of a relay, also those within others."""
    waiting: list[Any] = [relay.source, relay.target]
    while waiting:
        end = waiting.pop(0)
        yield end
        waiting += getattr(end, "targets", ())
        waiting += [each for each in (getattr(end, "reading", None),) if each is not None]
        waiting += [each for each in (getattr(end, "writing", None),) if each is not None]


def _layers(ends: list[Any]) -> list[Spec]:
    return [each.tls for each in ends if getattr(each, "tls", None) is not None]


def _description(name: str) -> str:
    """A name as a setting: % begins a specifier, and a last backslash would take the next line."""
    return f"{pieces.one_line(name).replace('%', '%%')} (Bascule)"


def quoted(word: str) -> str:
    """A word of a command in systemd's quotes (systemd.service(5), "Command lines")."""
    word = word.replace("%", "%%").replace("$", "$$")
    if re.fullmatch(r"[\w./:@%+,=$-]+", word, re.ASCII):
        return word
    escaped = "".join(_character(each) for each in word)
    return f'"{escaped}"'


def _character(each: str) -> str:
    if each in '\\"':
        return f"\\{each}"
    if each.isprintable():
        return each
    return "".join(f"\\x{byte:02x}" for byte in each.encode())
