"""Owns ``bascule share FILE``: one file is handed out from a terminal, without engine or window.

Exit codes: 0 it was fetched as often as it may be; 1 it was not, and why is said; 130 interrupted.
"""

from __future__ import annotations

import argparse
import re
import sys
from urllib.parse import quote

from bascule.cli.loop import run_to_its_end, run_until_done
from bascule.cli.say import say
from bascule.errors import BasculeError
from bascule.events import LogLine, RelayChanged, RelayEvent, RelayState
from bascule.facts import ShareFacts
from bascule.qr_code import half_blocks, modules
from bascule.relay.build import Ends, build
from bascule.relay.relay import Relay
from bascule.spec.endpoints import ServerTls, TcpListen
from bascule.spec.fields import invalid, parse_host
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from bascule.streams.base import Address
from bascule.streams.interfaces import network_addresses

_MINUTES = {"": 1, "m": 1, "h": 60, "d": 24 * 60}


def share(options: argparse.Namespace) -> int:
    """Hand out a file until it was fetched, its time is over, or a signal ends it.

    Raises:
        KeyboardInterrupt: it was ended. BasculeError: it cannot be handed out.
    """
    tls = None
    if options.certificate or options.key:
        tls = ServerTls(certificate=options.certificate, key=options.key)
    target = ShareFile(
        path=options.file,
        downloads=options.downloads,
        expires_minutes=minutes_of(options.expires),
    )
    return run_until_done(_share(TcpListen(options.port, options.host, tls=tls), target))


def minutes_of(span: str) -> int:
    """Minutes of ``30m``, ``1h``, ``2d`` or ``90``. Raises: SpecError."""
    matched = re.fullmatch(r"(\d{1,9})([mhd]?)", span.strip().lower())
    if matched is None:
        raise invalid("--expires", f"{span} is no time: say 30m, 1h or 2d; 0: never")
    return int(matched[1]) * _MINUTES[matched[2]]


async def _share(source: TcpListen, target: ShareFile) -> int:

    def heard(event: RelayEvent) -> None:
        if isinstance(event, LogLine):
            say(event.text, aside=True)
        elif isinstance(event, RelayChanged) and event.status.state is RelayState.RUNNING:
            facts = relay.findings.share
            assert facts is not None
            port = int(event.status.listening[0].rpartition(":")[2])
            _show(_ways(source, port, facts), facts)

    relay = Relay("share", RelaySpec(source, target), _build, heard)
    await run_to_its_end(relay)
    if relay.status.problem is not None:
        raise BasculeError.of(relay.status.problem)
    facts = relay.findings.share
    if facts is not None and facts.fetched >= facts.downloads:
        return 0
    print(f"bascule: {target.path} was not fetched as often as it may be", file=sys.stderr)
    return 1


async def _build(spec: RelaySpec) -> Ends:
    return build(spec, {"": ""}.__getitem__)


def _ways(source: TcpListen, port: int, facts: ShareFacts) -> list[str]:
    """The ways to the file without its name, the most useful first."""
    address = parse_host(source.host)
    hosts = [source.host.strip("[]")]
    if address is not None and address.is_unspecified:
        hosts = network_addresses(with_ipv6=address.version == 6) or ["127.0.0.1"]
    scheme = "http" if source.tls is None else "https"
    return [f"{scheme}://{Address(host, port)}{facts.path}" for host in hosts]


def _show(ways: list[str], facts: ShareFacts) -> None:
    """Print the links and, on a terminal, the code of the first."""
    for way in ways:
        print(f"{way}/{quote(facts.name, safe='')}")
    if sys.stdout.isatty():
        print(half_blocks(modules(ways[0])))
    sys.stdout.flush()
