"""Owns the way from a relay to the words of a socat command; ``parse_command`` leads back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bascule.errors import ErrorCode, SpecError
from bascule.spec.fields import with_references
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import Command, direction_of, parse_command, waits
from bascule.spec.socat.ends import End
from bascule.spec.socat.names import ADDRESSES
from bascule.spec.socat.quoting import number
from bascule.spec.socat.run_options import FOR_EVER_SECONDS, HALF_CLOSE_SECONDS, RunOptions
from bascule.spec.socat.write_ends import EndWriter
from bascule.spec.socat.write_network import range_of

_LONG = {
    "connections_per_client": ("per-client", 0),
    "retry_first_seconds": ("retry-first", 1.0),
    "retry_longest_seconds": ("retry-longest", 60.0),
    "up_bytes_per_second": ("up-limit", 0),
    "down_bytes_per_second": ("down-limit", 0),
}
_DIRECTIONS = {"": "", "up": "-u", "down": "-U"}


def address_text(end: End, *, secrets: Mapping[str, str] | None = None) -> str:
    """One end in socat's words. An option that socat does not have for that kind of address needs
    ``-g``. ``secrets`` are the passwords by their references; None: they are left out.

    Raises: SpecError SECRET_MISSING: ``secrets`` lacks one.
    """
    return EndWriter(secrets).write(end)


def write_command(command: Command, *, for_socat: bool = False) -> list[str]:
    """The words of a command line, without ``socat`` itself; a shell still has to quote them.

    What socat has no word for is said in Bascule's own (``--again``, ``ROOM``): nothing is lost.
    ``for_socat``: only in words that socat 1.8 knows, and reads as we do.

    Raises:
        SpecError: SECRET_MISSING: ``command.secrets`` lacks a password; VALUE_INVALID: socat cannot
            be told this.
    """
    words = _words(command)
    if for_socat:
        _check_socat(command, words)
    return words


def _check_socat(command: Command, words: list[str]) -> None:
    """Read the words as socat does, and compare. Raises: SpecError VALUE_INVALID."""
    try:
        read = parse_command(words, strict=True)
    except SpecError as exc:
        why = exc.message
    else:
        # A password is called differently each time it is read.
        relays = [with_references(each.relay, each.secrets) for each in (read, command)]
        if relays[0] == relays[1] and read.run == command.run:
            return
        why = "it would read the words differently"
    raise SpecError(
        f"socat 1.8 cannot be told all of this relay: {why}; run it with `bascule relay`",
        code=ErrorCode.VALUE_INVALID,
        rule="socat",
        why=why,
    )


def _words(command: Command) -> list[str]:
    relay = command.relay
    writer = EndWriter(command.secrets)
    words = _run_words(command.run)
    words += _relay_words(relay)
    more, own = _source_options(relay)
    words += own
    one_way = relay.direction != "both"
    source = writer.write(relay.source, more=more, way=one_way)
    target = writer.write(relay.target, way=one_way)
    return [*words, *(["-g"] if writer.foreign else []), source, target]


def _run_words(run: RunOptions) -> list[str]:
    words: list[str] = []
    if run.verbosity != 1:
        words.append(f"-d{run.verbosity}")
    if run.log_file:
        words += ["-lf", run.log_file]
    if run.syslog:
        words.append(f"-l{'m' if run.log_mixed else 'y'}{run.syslog}")
    if run.log_name != "socat":
        words += ["-lp", run.log_name]
    for word, asked in (
        ("-ls", run.log_stderr),
        ("-lu", run.log_microseconds),
        ("-lh", run.log_host),
        ("-v", run.dump_text),
        ("-x", run.dump_hex),
        ("--statistics", run.statistics),
    ):
        if asked:
            words.append(word)
    for word, value in (
        ("-r", run.record_up),
        ("-R", run.record_down),
        ("-W" if run.lock_wait else "-L", run.lock_file),
    ):
        if value:
            words += [word, value]
    return words


def _relay_words(relay: RelaySpec) -> list[str]:
    """What is said before the addresses of the relay as a whole."""
    words: list[str] = []
    half_close = relay.half_close_seconds
    if half_close != HALF_CLOSE_SECONDS:
        words += ["-t", number(half_close or FOR_EVER_SECONDS)]
    if relay.linger_seconds != (min(half_close, 3600.0) or 2.0):
        words.append(f"--linger={number(relay.linger_seconds)}")
    if relay.idle_seconds:
        words += ["-T", number(relay.idle_seconds)]
    if relay.chunk_bytes:
        words += ["-b", number(relay.chunk_bytes)]
    found = [
        word
        for asked, word in _DIRECTIONS.items()
        if direction_of(asked, relay.source, relay.target) == relay.direction
    ]
    word = found[0] if found else f"--direction={relay.direction}"
    words += [word] if word else []
    for name, (option, usual) in _LONG.items():
        value: Any = getattr(relay, name)
        if value != usual:
            words.append(f"--{option}={number(value)}")
    return words


def _source_options(relay: RelaySpec) -> tuple[tuple[tuple[str, object], ...], list[str]]:
    """What is said at the source of those who connect, and what must be said in our own words."""
    more: list[tuple[str, object]] = []
    own: list[str] = []
    groups = _groups(relay.source)
    if not relay.once:
        if "CHILD" in groups:
            more.append(("fork", None))
        else:
            own.append("--again")
    limited = bool(relay.max_connections)
    if limited and "CHILD" in groups:
        more.append(("max-children", relay.max_connections))
    elif limited:
        own.append(f"--max-connections={relay.max_connections}")
    waiting = (limited and "CHILD" in groups) or waits(relay.target, again=not relay.once)
    usual = "queue" if waiting else "refuse"
    if relay.overflow != usual:
        own.append(f"--overflow={relay.overflow}")
    at_source = "RANGE" in groups and relay.source.listens
    for network in relay.allow:
        if at_source:
            more.append(("range", range_of(network)))
        else:
            own.append(f"--allow={network}")
    return tuple(more), own


def _groups(source: End) -> frozenset[str]:
    """The groups of options that the address of a source has; none for one made of two."""
    keyword = EndWriter(None).write(source).partition(":")[0].partition(",")[0]
    return ADDRESSES[keyword].groups if source.kind != "dual" else frozenset()
