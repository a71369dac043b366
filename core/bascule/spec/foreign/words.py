"""Owns the words of a pasted text: what a shell makes of them, and where each character stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Source(NamedTuple):
    """A piece of a text that is read on its own. ``places`` says where each of its characters,
    and its end, stands in the whole text.
    """

    text: str
    places: Sequence[int]

    def part(self, begin: int, end: int) -> Source:
        """The characters from ``begin`` to ``end`` of it."""
        return Source(self.text[begin:end], self.places[begin : end + 1])


def whole(text: str) -> Source:
    """A text as a source."""
    return Source(text, range(len(text) + 1))


class Missing(NamedTuple):
    """A value that is not in the text: ``token`` is how it is written there (``${PORT:-80}``).

    ``name`` is that of the variable, "" for the output of a command; ``at`` is where in the word
    its value belongs, ``place`` where it stands in the text; ``default``: the value it has where
    nothing else is said, if any.
    """

    token: str
    name: str
    at: int
    place: int
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One word without its quotes. ``places`` says where each of its characters stands, ``begin``
    and ``end`` where it stands itself; ``plain``: nothing in it is quoted.
    """

    text: str
    begin: int
    end: int
    places: Sequence[int]
    missing: tuple[Missing, ...] = ()
    plain: bool = True

    def place(self, at: int) -> int:
        """Where the character ``at`` of the word stands in the whole text."""
        return self.places[at] if at < len(self.places) else self.end

    def source(self, begin: int = 0) -> Source:
        """The word, from ``begin`` on, as a text that is read on its own."""
        last = self.places[-1] + 1 if self.places else self.begin
        return Source(self.text[begin:], [*self.places[begin:], last])

    def cut(self, begin: int, end: int | None = None) -> Word:
        """A part of the word; values that are missing in it stay missing."""
        stop = len(self.text) if end is None else end
        left = tuple(
            each._replace(at=each.at - begin) for each in self.missing if begin <= each.at <= stop
        )
        last = self.end if stop >= len(self.text) else self.place(stop)
        text = self.text[begin:stop]
        return Word(text, self.place(begin), last, self.places[begin:stop], left, self.plain)

    def filled(self, values: Mapping[str, str]) -> Word:
        """The word with the values that are known in their places."""
        if not self.missing:
            return self
        made = Making()
        at = 0
        for each in self.missing:
            made.add_all(self.text[at : each.at], self.places[at : each.at])
            at = each.at
            value = values.get(each.name, each.default)
            if value is None:
                made.miss(each)
            else:
                made.add_all(value, [each.place] * len(value))
        made.add_all(self.text[at:], self.places[at:])
        return made.word(self.begin, self.end, plain=self.plain)


class Mark(NamedTuple):
    """What stands between words: ``|``, ``;``, ``&&``, the end of a line."""

    text: str
    begin: int
    end: int


type Token = Word | Mark


class Making:
    """A word that is being read."""

    def __init__(self) -> None:
        self._chars: list[str] = []
        self._places: list[int] = []
        self._missing: list[Missing] = []

    def add(self, char: str, place: int) -> None:
        """Add one character that stands at ``place``."""
        self._chars.append(char)
        self._places.append(place)

    def add_all(self, text: str, places: Sequence[int]) -> None:
        """Add several."""
        self._chars.extend(text)
        self._places.extend(places)

    def miss(self, missing: Missing) -> None:
        """Say that a value is missing here."""
        self._missing.append(missing._replace(at=len(self._chars)))

    @property
    def text(self) -> str:
        """What there is so far."""
        return "".join(self._chars)

    def word(self, begin: int, end: int, *, plain: bool) -> Word:
        """The finished word."""
        return Word(self.text, begin, end, self._places, tuple(self._missing), plain)
