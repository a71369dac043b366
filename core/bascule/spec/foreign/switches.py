"""Owns how words fall into options and the rest, as getopt does it, and what their values are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bascule.errors import ErrorCode
from bascule.spec.fields import is_host
from bascule.spec.foreign.problems import missing_value, refuse_word
from bascule.spec.foreign.words import Word
from bascule.spec.socat.common import SERVICES
from bascule.spec.socat.verdicts import Said

_LONGEST = 2000
"""Characters of a word; no command that is meant has a longer one."""


class Switch(NamedTuple):
    """One option: its name without dashes, its value (None: it has none), and where it stands."""

    name: str
    value: Word | None
    word: Word

    @property
    def token(self) -> str:
        """It as it stands in the text."""
        dashes = "-" if len(self.name) == 1 else "--"
        value = f" {self.value.text}" if self.value is not None else ""
        return f"{dashes}{self.name}{value}"

    @property
    def given(self) -> Word:
        """Its value, or the option itself where it has none."""
        return self.value if self.value is not None else self.word


def read_switches(
    words: Sequence[Word],
    valued: str,
    long: frozenset[str] = frozenset(),
    *,
    whole: frozenset[str] = frozenset(),
    stop: bool = False,
) -> tuple[list[Switch], list[Word]]:
    """Split words into options and the rest. ``valued`` are the letters of those with a value,
    ``long`` the names of long ones with a value; ``whole`` are names of more than one letter with
    a single dash (plink's ``-nc``). ``stop``: options end with the first word that is none.

    Raises: SpecError VALUE_MISSING: a value is missing.
    """
    found: list[Switch] = []
    rest: list[Word] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if len(word.text) > _LONGEST:
            raise refuse_word("it is too long to be an option or a name", word)
        if word.missing:
            raise missing_value(word.missing[0])
        text = word.text
        if text == "--":
            rest += waiting
            break
        if text.startswith("--") or text.removeprefix("-") in whole:
            name, equals, _value = text.lstrip("-").partition("=")
            value = word.cut(len(text) - len(_value)) if equals else None
            if not equals and (name in long or name in whole):
                value = _next(waiting, word)
            found.append(Switch(name, value, word))
        elif text.startswith("-") and len(text) > 1:
            _cluster(word, valued, waiting, found)
        else:
            rest.append(word)
            if stop:
                rest += waiting
                break
    for word in rest:
        if word.missing:
            raise missing_value(word.missing[0])
    return found, rest


def _cluster(word: Word, valued: str, waiting: list[Word], found: list[Switch]) -> None:
    """``-lkp 80``: letters of options, the last of them perhaps with a value."""
    for at in range(1, len(word.text)):
        letter = word.text[at]
        if letter not in valued:
            found.append(Switch(letter, None, word.cut(at, at + 1)))
            continue
        here = word.cut(at + 1)
        value = here if here.text else _next(waiting, word)
        found.append(Switch(letter, value, word.cut(at, at + 1)))
        return


def _next(waiting: list[Word], word: Word) -> Word:
    if not waiting:
        raise refuse_word(
            Said("{} wants a value", (word.text,)), word, code=ErrorCode.VALUE_MISSING
        )
    value = waiting.pop(0)
    if value.missing:
        raise missing_value(value.missing[0])
    return value


def port_of(word: Word, *, least: int = 1) -> int:
    """The number of a port, or that of a service by its name. Raises: SpecError VALUE_INVALID."""
    text = word.text
    if text.isascii() and text.isdecimal() and len(text) < 6 and least <= int(text) < 65_536:
        return int(text)
    if text.lower() in SERVICES:
        return SERVICES[text.lower()]
    why = Said("a port is a number from {} to 65535, not {}", (str(least), repr(text[:40])))
    raise refuse_word(why, word)


def host_of(word: Word) -> str:
    """A host, without the brackets of an IPv6 address. Raises: SpecError VALUE_INVALID."""
    text = word.text
    host = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if len(host) > 253 or not is_host(host):
        raise refuse_word(Said("{} is not a host name or an IP address", (repr(text[:40]),)), word)
    return host


def seconds_of(word: Word) -> float:
    """A time in seconds, with perhaps a unit (``10``, ``2m``, ``500ms``). Raises: SpecError."""
    text = word.text
    for unit, factor in (("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("", 1.0)):
        number = text.removesuffix(unit)
        if text.endswith(unit) and number.isascii() and number.isdecimal() and len(number) < 9:
            return int(number) * factor
    raise refuse_word(Said("{} is not a time in seconds", (repr(text[:40]),)), word)


def split_place(word: Word) -> list[Word]:
    """The parts of ``host:port`` and the like; an IPv6 address stands in brackets."""
    if len(word.text) > _LONGEST:
        raise refuse_word("it is too long to be a place", word)
    parts: list[Word] = []
    begin = depth = 0
    for at, char in enumerate(word.text):
        depth += (char == "[") - (char == "]")
        if char == ":" and depth <= 0:
            parts.append(word.cut(begin, at))
            begin = at + 1
    parts.append(word.cut(begin))
    return parts
