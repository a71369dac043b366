"""Owns socat's own options, those before the addresses: the log, dumps, time limits, direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, LiteralString, NamedTuple

from bascule.errors import SpecError
from bascule.spec.fields import parse_network
from bascule.spec.socat.given import c_number, c_seconds, nearest
from bascule.spec.socat.refusals import refuse
from bascule.spec.socat.verdicts import Said, Saying, Verdict, VerdictKind, said_of

HALF_CLOSE_SECONDS = 0.5
"""How long the other way may go on when one has ended, where -t says nothing."""

FOR_EVER_SECONDS = 1_000_000
"""A -t that is longer than any limit of a relay: the other way may finish."""

_AT_ONCE_SECONDS = 0.001

_FACILITIES = (
    "auth", "authpriv", "cron", "daemon", "ftp", "kern", "lpr", "mail", "news", "syslog", "user",
    "uucp", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
)  # fmt: skip


class RunOptions(NamedTuple):
    """How a command is run, beside its relay: its log, its dumps, its lock.

    ``verbosity`` is 0 (errors) to 4 (everything). ``syslog`` is a facility, "" for none; with
    ``log_mixed`` the log goes there only once the relay runs. ``record_up`` and ``record_down`` are
    files for what passes; socat fills in environment variables.
    """

    verbosity: int = 1
    log_file: str = ""
    syslog: str = ""
    log_stderr: bool = False
    log_mixed: bool = False
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


class Globals:
    """Reads the words before the addresses. ``relay`` are fields of the relay, ``run`` those of
    :class:`RunOptions`; ``used`` is how many words were read.
    """

    def __init__(self, words: list[str], *, strict: bool, system: str) -> None:
        """Raises: SpecError with the facts ``word``, ``token`` and ``position``."""
        self.relay: dict[str, Any] = {"half_close_seconds": HALF_CLOSE_SECONDS}
        self.run: dict[str, Any] = {}
        self.verdicts: list[Verdict] = []
        self.direction = ""
        self.prefer = ""
        self.again = False
        self.any_group = False
        self.used = 0
        self.places: dict[str, tuple[int, str]] = {}
        """Which word each field of the relay was read from: its number, and itself."""
        self._place = (0, "")
        self._said = 0
        self._words = words
        self._strict = strict
        self._system = system
        while self.used < len(words) and _is_option(words[self.used]):
            self._place = (self.used, words[self.used])
            self._read(words[self.used])
            self.used += 1
        if "log_file" in self.run and not strict and {"dump_text", "dump_hex"} & self.run.keys():
            why = "The dump goes there too; socat 1.8 would write it to standard error only."
            self.verdicts.append(Verdict("-lf", VerdictKind.AS_MEANT, why, warns=True))

    # one word -----------------------------------------------------------------------------------

    def _read(self, word: str) -> None:
        if word.startswith("--"):
            self._read_long(word)
        elif word[1] == "d":
            self._read_verbosity(word)
        elif word[:2] == "-l":
            self._read_log(word)
        elif word[1] in _VALUED:
            text, read = _VALUED[word[1]]
            value = word[2:] or self._next(word)
            self._say(f"{word[:2]} {value}", read(self, value) or _about(text, value))
        elif word in _LEFT_OUT or word[1] == "S":
            self._leave_out(word, _LEFT_OUT[word[:2]])
        elif word[1] in _SWITCHES:
            if len(word) > 2:
                split = " ".join(f"-{letter}" for letter in word[1:])
                raise self._fail(word, 2, Said("letters cannot be merged; write {}", (split,)))
            text, switch = _SWITCHES[word[1]]
            switch(self)
            self._say(word, text)
        elif word[1] in "Vh?":
            raise self._fail(word, 0, "it prints something and exits; it makes no relay")
        else:
            known = [*(f"-{letter}" for letter in (*_VALUED, *_SWITCHES, "d")), *_LEFT_OUT]
            raise self._fail(word, 0, _unknown(word), nearest(word, known))

    def _next(self, word: str) -> str:
        """The value of an option, from the next word."""
        if self.used + 1 >= len(self._words):
            raise self._fail(word, len(word), "its value is missing")
        self.used += 1
        return self._words[self.used]

    def _fail(
        self, token: str, position: int, why: LiteralString | Said, near: str = ""
    ) -> SpecError:
        error = refuse(Said("{}: {}", (token, said_of(why))), token, position, near=near)
        error.facts["word"] = self.used
        return error

    def _say(self, token: str, text: Saying, kind: str = VerdictKind.NATIVE) -> None:
        self.verdicts.append(Verdict(token, kind, text))

    def _leave_out(self, token: str, why: LiteralString) -> None:
        self._say(token, why, VerdictKind.IGNORED)

    def _read_verbosity(self, word: str) -> None:
        level = word[2:]
        if level and not set(level) - {"d"}:
            level = ""
        if level:
            if level not in ("0", "1", "2", "3", "4"):
                raise self._fail(word, 2, "it wants a level from 0 to 4, or the letter d again")
            self.run["verbosity"] = int(level)
        else:
            self._said += len(word) - 1
            self.run["verbosity"] = min(self._said, 4)
        self._say(word, _LEVELS[self.run["verbosity"]])

    def _read_log(self, word: str) -> None:
        kind, rest = word[2:3], word[3:]
        if kind == "f":
            name = rest or self._next(word)
            self.run["log_file"] = name
            self._say(f"-lf {name}", _about("The log goes to the file {}.", name))
        elif kind == "p":
            name = rest or self._next(word)
            self.run["log_name"] = name
            self._say(f"-lp {name}", _about("In the log it is called {}.", name))
        elif kind and kind in "ym":
            facility = rest.lower() or "daemon"
            if facility not in _FACILITIES:
                near = nearest(facility, _FACILITIES)
                why = Said("{} is not a facility of syslog", (rest,))
                raise self._fail(word, 3, why, near)
            self.run["syslog"] = facility
            self.run["log_mixed"] = kind == "m"
            if self._system == "windows":
                why = "There is no syslog on Windows, and it will not run; use -lf FILE."
                self._say(word, why, VerdictKind.NOT_ON_THIS_SYSTEM)
                return
            until = (Said("Until it runs, it goes to standard error."),) if kind == "m" else ()
            self._say(word, (*_about("The log goes to syslog ({}).", facility), *until))
        elif kind and kind in "suh" and not rest:
            name, text = _LOG_SWITCHES[kind]
            self.run[name] = True
            self._say(word, text)
        else:
            raise self._fail(word, 2, "unknown log option; there are -lf -lp -ly -lm -ls -lu -lh")

    # our own, in socat's manner for long ones ---------------------------------------------------

    def _read_long(self, word: str) -> None:
        name, equals, value = word.partition("=")
        if word == "--statistics":
            self.run["statistics"] = True
            self._say(word, "At the end it says how many bytes went each way.")
        elif word == "--experimental":
            self._leave_out(word, "Left out: nothing here is experimental.")
        elif name not in _LONG or self._strict:
            known = ["--statistics", "--experimental", *(() if self._strict else _LONG)]
            raise self._fail(word, 0, _unknown(word), nearest(name, known))
        else:
            text, field, read = _LONG[name]
            if (read is None) == bool(equals):
                none = Said("it wants no value")
                raise self._fail(word, len(name), none if equals else Said("it wants a value"))
            if read is None:
                self.again = True
            else:
                self._keep(field, read(self, word, value))
            self._say(word, (*_about(text, value), Said("Only Bascule knows this option.")))

    def _keep(self, field: str, value: Any) -> None:
        if field == "allow":
            value = (*self.relay.get("allow", ()), value)
        self.relay[field] = value
        self.places[field] = self._place

    # values -------------------------------------------------------------------------------------

    def seconds(self, word: str, value: str) -> float:
        """Seconds with fractions. Raises: SpecError."""
        seconds = c_seconds(value)
        if seconds is None:
            raise self._fail(word, len(word) - len(value), "it wants seconds, such as 5 or 0.5")
        return seconds

    def whole(self, word: str, value: str) -> int:
        """A whole number of at least 0. Raises: SpecError."""
        number = c_number(value)
        if number is None or number < 0:
            raise self._fail(word, len(word) - len(value), "it wants a whole number")
        return number

    def network(self, word: str, value: str) -> str:
        """An address or a network. Raises: SpecError."""
        try:
            parse_network(value)
        except ValueError:
            why = Said("it wants a network, such as 192.168.1.0/24")
            raise self._fail(word, len(word) - len(value), why) from None
        return value

    def word(self, _word: str, value: str) -> str:
        """A word that the relay checks itself."""
        return value

    # what the short ones do ---------------------------------------------------------------------

    def half_close(self, value: str) -> LiteralString:
        """-t"""
        seconds = self.seconds(f"-t {value}", value)
        if seconds > 86_400:
            self._keep("half_close_seconds", 0.0)
            return "When one way has ended, the other may finish."
        self._keep("half_close_seconds", max(seconds, _AT_ONCE_SECONDS))
        return ""

    def idle(self, value: str) -> LiteralString:
        """-T"""
        seconds = self.seconds(f"-T {value}", value)
        if seconds == 0 and self._strict:
            self._keep("idle_seconds", _AT_ONCE_SECONDS)
            return "A connection is ended as soon as nothing is there to be read."
        self._keep("idle_seconds", max(seconds, 0.0))
        if seconds == 0:
            return "Silence ends nothing; from socat 1.8.0.1 on, 0 means at once."
        return "" if seconds > 0 else "Silence ends nothing."

    def chunk(self, value: str) -> LiteralString:
        """-b"""
        number = self.whole(f"-b {value}", value)
        if not 0 < number <= 2**24:
            why = Said("it wants a number from 1 to {}", (str(2**24),))
            raise self._fail(f"-b {value}", 3, why)
        self._keep("chunk_bytes", number)
        return ""

    def lock(self, value: str, *, wait: bool) -> LiteralString:
        """-L and -W"""
        if "lock_file" in self.run:
            raise self._fail(f"-{'W' if wait else 'L'} {value}", 0, "only one -L or -W is allowed")
        self.run |= {"lock_file": value, "lock_wait": wait}
        return ""

    def one_way(self, direction: str) -> None:
        """-u and -U"""
        if self.direction not in ("", direction):
            raise self._fail("-u" if direction == "up" else "-U", 0, "-u and -U exclude each other")
        self.direction = direction

    def keep(self, name: str, value: Any = True) -> LiteralString:
        """Keep one option of the run."""
        self.run[name] = value
        return ""

    def listen_on(self, version: str) -> None:
        """-4, -6 and -0"""
        self.prefer = version

    def ignore_groups(self) -> None:
        """-g"""
        self.any_group = True


def _unknown(word: str) -> Said:
    return Said('unknown option "{}"', (word,))


def _about(text: LiteralString, value: str) -> tuple[Said, ...]:
    """A sentence about the value of an option."""
    return (Said(text, (value,) * text.count("{}")),)


def _is_option(word: str) -> bool:
    """Whether a word is an option; "-", "-,raw" and the like are addresses."""
    return word.startswith("-") and not (word == "-" or word.startswith(("-,", "-:", "-!!")))


_LEVELS: tuple[LiteralString, ...] = (
    "Errors only are logged.",
    "Errors and warnings are logged.",
    "Errors, warnings and what matters are logged.",
    "Nearly everything is logged.",
    "Everything is logged.",
)

_LOG_SWITCHES: dict[str, tuple[str, LiteralString]] = {
    "s": ("log_stderr", "The log goes to standard error as well."),
    "u": ("log_microseconds", "Times in the log have microseconds."),
    "h": ("log_host", "The log names this computer."),
}

_VALUED: dict[str, tuple[LiteralString, Callable[[Globals, str], LiteralString]]] = {
    "t": (
        "Half closed, the other way may go on for {} s without a byte.",
        Globals.half_close,
    ),
    "T": ("A connection without a byte for {} s is ended.", Globals.idle),
    "b": ("At most {} bytes are moved at once; datagrams stay whole.", Globals.chunk),
    "r": ("What goes up is kept in {}.", lambda self, value: self.keep("record_up", value)),
    "R": (
        "What comes down is kept in {}.",
        lambda self, value: self.keep("record_down", value),
    ),
    "L": (
        "The lock file {} keeps a second one from running.",
        lambda self, value: self.lock(value, wait=False),
    ),
    "W": (
        "It waits until the lock file {} is free.",
        lambda self, value: self.lock(value, wait=True),
    ),
}

_SWITCHES: dict[str, tuple[LiteralString, Callable[[Globals], object]]] = {
    "v": ("What passes is shown as text.", lambda self: self.keep("dump_text")),
    "x": ("What passes is shown in hexadecimal.", lambda self: self.keep("dump_hex")),
    "u": ("Bytes go from the first address to the second only.", lambda self: self.one_way("up")),
    "U": ("Bytes go from the second address to the first only.", lambda self: self.one_way("down")),
    "g": ("Options are taken for any address.", Globals.ignore_groups),
    "4": ("Where nothing is said, it listens on IPv4.", lambda self: self.listen_on("4")),
    "6": ("Where nothing is said, it listens on IPv6.", lambda self: self.listen_on("6")),
    "0": ("No IP version is preferred.", lambda self: self.listen_on("")),
}

_LEFT_OUT: dict[str, LiteralString] = {
    "-s": "Left out: a broken connection ends, and the others go on in any case.",
    "-S": "Left out: no signals are logged.",
    "-D": "Left out: Bascule has no descriptors of its own to list.",
}

_LONG: dict[str, tuple[LiteralString, str, Callable[[Globals, str, str], Any] | None]] = {
    "--again": ("When a connection is over, it begins again.", "once", None),
    "--allow": ("Only {} may connect.", "allow", Globals.network),
    "--direction": ("Bytes go: {}.", "direction", Globals.word),
    "--linger": (
        "{} s of silence end what cannot be told.",
        "linger_seconds",
        Globals.seconds,
    ),
    "--max-connections": ("{} connections at the same time.", "max_connections", Globals.whole),
    "--overflow": ("Connections above the limit: {}.", "overflow", Globals.word),
    "--per-client": ("{} connections of one address.", "connections_per_client", Globals.whole),
    "--retry-first": ("The first new try is after {} s.", "retry_first_seconds", Globals.seconds),
    "--retry-longest": (
        "Tries are at most {} s apart.",
        "retry_longest_seconds",
        Globals.seconds,
    ),
    "--up-limit": ("At most {} bytes a second go up.", "up_bytes_per_second", Globals.whole),
    "--down-limit": (
        "At most {} bytes a second come down.",
        "down_bytes_per_second",
        Globals.whole,
    ),
}
