"""Owns a whole command line of socat: its own options, two addresses, and the relay they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bascule.errors import SpecError
from bascule.spec.endpoints import TcpConnect
from bascule.spec.ends import Failover, FanOut, Target, gives, takes
from bascule.spec.fields import this_system
from bascule.spec.relays import RelaySpec
from bascule.spec.socat.ends import End, ReadEnd, read_end
from bascule.spec.socat.given import Context
from bascule.spec.socat.refusals import Refusal, refuse
from bascule.spec.socat.run_options import Globals, RunOptions
from bascule.spec.socat.verdicts import Said, Verdict, VerdictKind

__all__ = ["Command", "RunOptions", "Verdict", "VerdictKind", "parse_command", "parse_target"]


@dataclass(frozen=True)
class Command:
    """A command as it was understood. ``secrets`` are the passwords that stood in it, by the
    references that stand for them in ``relay``.
    """

    relay: RelaySpec
    run: RunOptions = RunOptions()
    verdicts: tuple[Verdict, ...] = field(default=(), compare=False, repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


def parse_command(
    words: Sequence[str], *, strict: bool = False, system: str | None = None
) -> Command:
    """Read the words of a command line, as a shell hands them over, without ``socat`` itself.

    ``strict``: read them exactly as socat 1.8 does, else as they are meant. ``system``:
    as on "windows", "macos" or "linux"; None: as on this one.

    Raises:
        SpecError: VALUE_INVALID, VALUE_MISSING, KIND_UNKNOWN; NOT_ON_THIS_SYSTEM for what socat
            can do and Bascule cannot. The facts ``token`` and ``position`` say what is wrong and
            where it begins in which ``word`` (counted from 0).
    """
    system = system or this_system()
    globals_ = Globals(list(words), strict=strict, system=system)
    addresses = words[globals_.used :]
    if len(addresses) != 2:
        raise _not_two(words, globals_.used)
    context = Context(
        strict=strict,
        any_group=globals_.any_group,
        system=system,
        prefer=globals_.prefer,
    )
    ends: list[ReadEnd] = []
    for number, word in enumerate(addresses, globals_.used):
        try:
            ends.append(read_end(word, context))
        except SpecError as exc:
            exc.facts["word"] = number
            raise
    return _Joined(globals_, ends[0], ends[1], context, globals_.used).command()


def parse_target(text: str, *, system: str | None = None) -> tuple[Target, dict[str, str]]:
    """Read one address as a target: in socat's words, or ``host:port`` for a TCP connection.

    Returns it and the passwords in it, by the references that stand for them. Raises: SpecError.
    """
    host, _, port = text.rpartition(":")
    if port.isdecimal() and (":" not in host or host.endswith("]")):
        return TcpConnect(host.removeprefix("[").removesuffix("]"), int(port)), {}
    context = Context(
        strict=False,
        any_group=False,
        system=system or this_system(),
        prefer="",
    )
    read = read_end(text, context)
    read.finish()
    end: Any = read.end
    return end, context.secrets


def _not_two(words: Sequence[str], first: int) -> SpecError:
    rest = words[first:]
    if len(rest) > 2:
        why = Said("exactly two addresses are wanted, and there are {}", (str(len(rest)),))
        token, number = rest[2], first + 2
        if token.startswith("-"):
            why = Said("{}; options stand before the addresses", (why,))
    else:
        one = Said("two addresses are wanted, and one is there")
        why = one if rest else Said("two addresses are wanted, and none is there")
        token, number = (rest[-1] if rest else ""), max(len(words) - 1, 0)
    return _in_word(number, why, token)


def _in_word(number: int, why: Said, token: str) -> Refusal:
    """The error for a word as a whole."""
    refusal = refuse(why, token, 0)
    refusal.facts["word"] = number
    return refusal


class _Joined:
    """Two addresses, on their way to a relay."""

    def __init__(
        self, globals_: Globals, source: ReadEnd, target: ReadEnd, context: Context, first: int
    ) -> None:
        self._globals = globals_
        self._context = context
        self._first = first
        self._source = source
        self._target = target
        self._swapped = False

    def command(self) -> Command:
        """Make the command. Raises: SpecError."""
        ends = (self._source, self._target)
        self._swap_where_needed()
        direction = self._direction()
        fields = self._relay_fields(direction)
        verdicts = list(self._globals.verdicts)
        for number, end in enumerate(ends, self._first):
            try:
                verdicts += end.finish()
            except SpecError as exc:
                exc.facts["word"] = number
                raise
        source, target = self._source.end, self._target.as_target()
        if isinstance(source, Failover | FanOut):
            why = Said("several targets at once cannot be where connections come from")
            raise self._fail(why)
        try:
            relay = RelaySpec(
                source=_along(self._source, source, direction, "up"),
                target=_along(self._target, target, direction, "down"),
                **fields,
            )
        except SpecError as exc:
            usual = (self._first, self._source.givens[0].single.token)
            number, token = self._globals.places.get(exc.field or "", usual)
            exc.facts |= {"token": token, "position": 0, "word": number}
            raise
        run = RunOptions(**self._run_fields())
        return Command(relay, run, tuple(verdicts), self._context.secrets)

    def _fail(self, why: Said) -> SpecError:
        return _in_word(self._first, why, self._source.givens[0].single.token)

    # which is which -----------------------------------------------------------------------------

    def _swap_where_needed(self) -> None:
        """Connections come from the source. Where the second address listens for several, or says
        who may come, it is the source.
        """
        first, second = self._source.givens[0], self._target.givens[0]
        asked = second.stands("fork", "range", "max-children")
        if not (self._target.end.listens and asked) or self._source.end.listens:
            if asked and self._target.end.listens:
                why = "Left out: the first address listens, and says who may come and how many."
                for option in second.take("range"):
                    raise second.fail(option, "range: only the first address says who may come")
                for name in ("fork", "max-children"):
                    second.say_of(name, VerdictKind.IGNORED, why)
            return
        first.note(
            VerdictKind.EMULATED,
            Said("For each connection to {} it is opened anew.", (second.single.token,)),
        )
        self._source, self._target = self._target, self._source
        self._swapped = True

    def _direction(self) -> str:
        """Which way bytes go. Raises: SpecError: no way is left."""
        asked = self._globals.direction
        if asked and self._swapped:
            asked = "down" if asked == "up" else "up"
        said = self._globals.relay.pop("direction", "")
        direction = said or direction_of(asked, self._source.end, self._target.end)
        if not direction:
            one, two = (each.givens[0].single.token for each in (self._source, self._target))
            if asked:
                which = (one, two) if asked == "up" else (two, one)
                why = Said("nothing can go from {} to {}", which)
            else:
                why = Said(
                    "{} and {} go the same way: both only give, or both only take", (one, two)
                )
            raise self._fail(why)
        return direction

    # what the relay is told ---------------------------------------------------------------------

    def _relay_fields(self, direction: str) -> dict[str, Any]:
        fields = dict(self._globals.relay)
        given = self._source.givens[0]
        simple = len(self._source.givens) == 1
        forks = (simple and given.switch("fork")) or self._globals.again
        limit = given.integer("max-children", high=1_000_000) if simple else 0
        if limit:
            fields.setdefault("max_connections", limit)
        if limit or waits(self._target.end, again=forks):
            fields.setdefault("overflow", "queue")
            if not forks:
                why = "Without fork there is one connection only."
                given.say_of("max-children", VerdictKind.IGNORED, why)
        if simple and self._source.end.listens:
            fields["allow"] = (*fields.get("allow", ()), *given.networks("range"))
        half_close = fields["half_close_seconds"]
        fields.setdefault("linger_seconds", min(half_close, 3600.0) or 2.0)
        return {"once": not forks, "direction": direction, **fields}

    def _run_fields(self) -> dict[str, Any]:
        fields = dict(self._globals.run)
        if self._swapped:
            up, down = fields.get("record_up", ""), fields.get("record_down", "")
            fields |= {"record_up": down, "record_down": up}
        return fields


def direction_of(asked: str, source: End, target: End) -> str:
    """Which way bytes go, where "up", "down" or nothing is asked for; "" where no way is left."""
    up = asked != "down" and gives(source) and takes(target)
    down = asked != "up" and gives(target) and takes(source)
    return ("both" if down else "up") if up else ("down" if down else "")


def waits(target: End, *, again: bool) -> bool:
    """Whether the next client waits although no number of them is given: for a serial port, which
    one connection at a time has.
    """
    return again and target.kind == "serial"


def _along(read: ReadEnd, end: Any, direction: str, gives: str) -> Any:
    """An end as it is where bytes go one way: a FIFO is opened for that way, unless both are asked
    for, else it would give back what is sent to it.
    """
    if end.kind != "pipe" or not end.path or end.way != "both" or direction == "both":
        return end
    if read.givens[0].stands("o-rdwr"):
        return end
    return replace(end, way="read" if direction == gives else "write")
