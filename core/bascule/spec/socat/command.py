"""Owns a whole command line of socat: its own options, two addresses, and the relay they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bascule.errors import ErrorCode, SpecError
from bascule.spec.built_in import Discard, Stall
from bascule.spec.datagrams import UdpReceive, UnixReceive
from bascule.spec.ends import Dual, Failover, FanOut
from bascule.spec.local import Descriptor, File, Standard
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.ends import End, EndReader
from bascule.spec.socat.given import Given, Verdict, VerdictKind, malformed, nearest
from bascule.spec.socat.names import AddressName, addresses
from bascule.spec.socat.scan import Address, halves, read_address

_HALF_CLOSE_SECONDS = 0.5  # socat's -t
_FLAGS = ("-v", "-x", "-s", "-u", "-U", "-g", "-4", "-6", "-0", "-ls", "-lu", "-lh", "-D")
_VALUED = ("-t", "-T", "-b", "-r", "-R", "-L", "-W", "-lf", "-lp")
_INFORMING = ("-V", "-h", "-?", "-hh", "-hhh", "-??", "-???")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a command is run, beside the relay: its log, its dumps, its lock. Paths and names."""

    verbosity: int = 1
    log_file: str = ""
    syslog: str = ""
    log_stderr: bool = False
    log_name: str = "socat"
    log_microseconds: bool = False
    log_host: bool = False
    dump_text: bool = False
    dump_hex: bool = False
    record_up: str = ""
    record_down: str = ""
    lock_file: str = ""
    lock_wait: bool = False
    statistics: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was understood. ``secrets`` are the passwords in it, by reference."""

    relay: RelaySpec
    run: RunOptions
    verdicts: tuple[Verdict, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict[str, str])


def parse_command(words: Sequence[str], *, strict: bool = False) -> Command:
    """Read the words of a command line, as a shell gives them, without socat's own name.

    Raises:
        SpecError: VALUE_INVALID (facts ``token``, ``position``), NOT_ON_THIS_SYSTEM.
    """
    rest = list(words)
    globals_ = _Globals()
    while rest and rest[0].startswith("-") and not _is_stdio(rest[0]):
        globals_.read(rest)
    if len(rest) != 2:
        raise malformed(
            " ".join(rest) or "socat", 0, f"two addresses are wanted, there are {len(rest)}"
        )
    ends = EndReader(globals_.family)
    source, source_given = _read_end(rest[0], ends, globals_, strict=strict)
    target, target_given = _read_end(rest[1], ends, globals_, strict=strict)
    direction = _direction(globals_.direction, source, target, rest)
    relay = _relay(source, target, source_given, globals_, direction)
    for given in (*source_given, *target_given):
        given.finish()
    verdicts = [*globals_.verdicts]
    for given in (*source_given, *target_given):
        verdicts += given.verdicts
    return Command(relay, RunOptions(**globals_.run), tuple(verdicts), ends.secrets)


def _is_stdio(word: str) -> bool:
    return word == "-" or word.startswith(("-,", "-:", "-!!"))


class _Globals:
    """socat's own options, before the addresses."""

    def __init__(self) -> None:
        self.run: dict[str, Any] = {}
        self.verdicts: list[Verdict] = []
        self.family = "any"
        self.direction = "both"
        self.half_close_seconds = _HALF_CLOSE_SECONDS
        self.idle_seconds = 0.0
        self.chunk_bytes = 0
        self.any_group = False

    def read(self, rest: list[str]) -> None:
        """Take one option, and its value, from the front of the words."""
        word = rest.pop(0)
        if word in _INFORMING:
            raise malformed(word, 0, "it prints something and ends; it makes no relay")
        if word in ("--statistics", "-S") or word.startswith("-S"):
            self.run["statistics"] = word == "--statistics"
        elif word == "--experimental":
            pass
        elif word.startswith("-d") and set(word[1:]) <= {"d"}:
            self.run["verbosity"] = self.run.get("verbosity", 0) + len(word) - 1
        elif word.startswith("-d") and word[2:].isdigit():
            self.run["verbosity"] = int(word[2:])
        elif word in _FLAGS:
            self._flag(word)
        elif word.startswith(("-ly", "-lm")):
            self.run["syslog"] = word[3:] or "daemon"
            self.run["log_stderr"] = word.startswith("-lm")
        else:
            self._valued(word, rest)

    def _flag(self, word: str) -> None:
        match word:
            case "-v":
                self.run["dump_text"] = True
            case "-x":
                self.run["dump_hex"] = True
            case "-u" | "-U":
                wanted = "up" if word == "-u" else "down"
                if self.direction not in ("both", wanted):
                    raise malformed(word, 0, "-u and -U exclude each other")
                self.direction = wanted
            case "-4" | "-6" | "-0":
                self.family = {"-4": "ipv4", "-6": "ipv6", "-0": "any"}[word]
            case "-g":
                self.any_group = True
            case "-ls":
                self.run["log_stderr"] = True
            case "-lu":
                self.run["log_microseconds"] = True
            case "-lh":
                self.run["log_host"] = True
            case _:
                why = {
                    "-s": "Bascule ends a broken connection, and others go on",
                    "-D": "Bascule has no descriptors of its own to list",
                }[word]
                self.verdicts.append(Verdict(word, VerdictKind.IGNORED, why))

    def _valued(self, word: str, rest: list[str]) -> None:
        name = next((each for each in sorted(_VALUED, key=len)[::-1] if word.startswith(each)), "")
        if not name:
            known = (*_FLAGS, *_VALUED, "-d", "--statistics")
            raise malformed(word, 0, f"there is no option {word}{nearest(word, known)}")
        value = word[len(name) :]
        if not value:
            if not rest:
                raise malformed(word, len(word), f"{word} wants a value")
            value = rest.pop(0)
        match name:
            case "-t":
                self.half_close_seconds = self._seconds(word, value)
            case "-T":
                self.idle_seconds = max(self._seconds(word, value), 0.0)
            case "-b":
                self.chunk_bytes = int(self._seconds(word, value))
            case _:
                key = {
                    "-r": "record_up",
                    "-R": "record_down",
                    "-L": "lock_file",
                    "-W": "lock_file",
                    "-lf": "log_file",
                    "-lp": "log_name",
                }[name]
                self.run[key] = value
                if name == "-W":
                    self.run["lock_wait"] = True

    def _seconds(self, word: str, value: str) -> float:
        try:
            return float(value)
        except ValueError:
            raise malformed(f"{word} {value}", len(word), "it wants a number") from None


def _read_end(
    word: str, ends: EndReader, globals_: _Globals, *, strict: bool
) -> tuple[End, list[Given]]:
    parts = halves(word, strict=strict)
    if len(parts) == 1:
        end, given = _read_single(word, ends, globals_, strict=strict)
        return end, [given]
    reading, first = _read_single(parts[0], ends, globals_, strict=strict)
    writing, second = _read_single(parts[1], ends, globals_, strict=strict)
    return Dual(reading=_target(reading), writing=_target(writing)), [first, second]


def _target(end: End) -> Any:
    return end


def _read_single(
    text: str, ends: EndReader, globals_: _Globals, *, strict: bool
) -> tuple[End, Given]:
    address = read_address(text, strict=strict)
    known, address = _kind(address, text)
    given = Given(address, known, any_group=globals_.any_group)
    return ends.read(known.name, given), given


def _kind(address: Address, text: str) -> tuple[AddressName, Address]:
    """Which kind of address it is; a path or a digit alone is one as well."""
    table = addresses()
    upper = address.keyword.upper()
    if upper in table:
        return table[upper], address
    if len(upper) == 1 and upper.isdigit():
        return table["FD"], _with_param(address)
    if (
        "/" in address.keyword
        or "\\" in address.keyword
        or address.keyword.upper().startswith("COM")
    ):
        return table["GOPEN"], _with_param(address)
    raise malformed(
        text, 0, f"there is no kind of address {address.keyword}{nearest(upper, table)}"
    )


def _with_param(address: Address) -> Address:
    """An address whose keyword is its parameter: ``/dev/ttyUSB0,raw``."""
    whole = ":".join((address.keyword, *address.params))
    return Address(address.keyword, (whole,), address.options, address.text, address.notes)


def _direction(asked: str, source: End, target: End, words: Sequence[str]) -> str:
    """Which way bytes go. Raises: SpecError, where both ends only give or only take."""
    ways = {"up": True, "down": True}
    if asked != "both":
        ways = {"up": asked == "up", "down": asked == "down"}
    for end, gives, takes in ((source, "up", "down"), (target, "down", "up")):
        only = _one_way(end)
        if only == "read":
            ways[takes] = False
        elif only == "write":
            ways[gives] = False
    if not any(ways.values()):
        raise malformed(" ".join(words), 0, "both addresses only give, or both only take")
    return "both" if all(ways.values()) else "up" if ways["up"] else "down"


def _one_way(end: End) -> str:
    """Whether an end only gives ("read"), only takes ("write") or does both ("both")."""
    match end:
        case UdpReceive() | UnixReceive():
            return "read"
        case Discard():
            return "write"
        case File(way=way) | Descriptor(way=way):
            return way
        case Standard(use=use):
            return {"input": "read", "output": "write", "error": "write"}.get(use, "both")
        case _:
            return "both"


def _relay(
    source: End, target: End, given: list[Given], globals_: _Globals, direction: str
) -> RelaySpec:
    first = given[0]
    forks = first.flag("fork")
    places = first.integer("max-children")
    if isinstance(source, Failover | FanOut):
        raise TypeError(type(source).__name__)
    if isinstance(target, Stall) and isinstance(source, Stall):
        raise SpecError("both ends are silent", code=ErrorCode.VALUE_INVALID, rule="socat")
    return RelaySpec(
        source,
        target,
        allow=first.networks("range"),
        max_connections=places,
        overflow="queue" if places else "refuse",
        idle_seconds=globals_.idle_seconds,
        direction=direction,
        once=not (forks and source.listens),
        half_close_seconds=globals_.half_close_seconds,
        linger_seconds=globals_.half_close_seconds,
        chunk_bytes=globals_.chunk_bytes,
    )
