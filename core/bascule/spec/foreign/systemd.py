"""Owns the commands in units of systemd: ``ExecStart=``, alone or with its whole unit file.

The rules are those of systemd.service(5), "Command lines", and systemd.unit(5), "Specifiers".
"""

from __future__ import annotations

import re
from dataclasses import replace

from bascule.spec.foreign.call import Call, left_out, native
from bascule.spec.foreign.shell import family_of, read_calls
from bascule.spec.foreign.words import Making, Missing, Source, Word
from bascule.spec.foreign.wrappers import other_user, unwrap
from bascule.spec.socat.verdicts import Verdict

_LINE = re.compile(
    r"^[ \t]*(ExecStart|Restart|User|Environment|ListenStream)[ \t]*=[ \t]*", re.MULTILINE
)
_EXECUTED = re.compile(r"^[ \t]*ExecStart[ \t]*=", re.MULTILINE)
_PREFIX = re.compile(r"[-@:+!|]*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "s": " ", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_NAMED = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_AGAIN = frozenset({"always", "on-success", "on-failure", "on-abnormal"})


def read_units(source: Source) -> list[Call]:
    """The commands of all units in a text. Raises: SpecError VALUE_INVALID (of ``sh -c``)."""
    if _EXECUTED.search(source.text) is None:
        return []
    values: dict[str, str] = {}
    commands: list[tuple[list[Word], str]] = []
    verdicts: list[Verdict] = []
    again = False
    for line in _LINE.finditer(source.text):
        begin, end = line.end(), _line_end(source.text, line.end())
        value = source.text[begin:end].strip()
        match line[1]:
            case "ExecStart":
                prefix = _PREFIX.match(source.text, begin)
                marks = prefix.group() if prefix else ""
                commands.append((_words(source.part(begin + len(marks), end)), marks))
            case "Restart":
                again = value in _AGAIN
                if again:
                    said = "Where it fails or ends, the relay begins again by itself."
                    verdicts.append(native(f"Restart={value}", said))
            case "User":
                verdicts.append(other_user(f"User={value}", value, warns=value != "root"))
            case "Environment":
                for word in _words(source.part(begin, end)):
                    name, _equals, given = word.text.partition("=")
                    values[name] = given
            case _:
                why = "Bascule opens its port itself, not on the first connection."
                verdicts.append(left_out(f"ListenStream={value}", why))
    return [
        replace(call.saying(*verdicts), again=again or call.again)
        for words, marks in commands
        for call in _calls(words, marks, values)
    ]


def _line_end(text: str, at: int) -> int:
    """The end of a line that may go on behind a backslash."""
    while True:
        end = text.find("\n", at)
        if end < 0:
            return len(text)
        if not text[at:end].rstrip("\r").endswith("\\"):
            return end
        at = end + 1


def _calls(words: list[Word], marks: str, values: dict[str, str]) -> list[Call]:
    if "@" in marks and len(words) > 1:
        del words[1]  # what the program is told that it is called
    filled = [word.filled(values) for word in words]
    if not filled:
        return []
    begin, end = filled[0].begin, filled[-1].end
    left = unwrap(filled)
    if left.inner is not None:
        return [
            call.saying(*left.verdicts)
            for call in read_calls(left.inner, "posix", values=values, depth=1)
        ]
    family = family_of(left.words[0].text) if left.words else ""
    if not family:
        return []
    verdicts = tuple(left.verdicts)
    return [Call(family, tuple(left.words), begin, end, verdicts=verdicts, ports=left.ports)]


def _words(source: Source) -> list[Word]:
    """Split as systemd does. A quotation mark without its partner is a letter."""
    text, places = source
    found: list[Word] = []
    made: Making | None = None
    begin = at = 0
    quote = ""
    while at < len(text):
        char = text[at]
        if made is None and not quote:
            if char.isspace() or (char == "\\" and text[at + 1 : at + 2] in ("\n", "\r")):
                at += 1
                continue
            made, begin = Making(), at
        assert made is not None
        if char == quote:
            quote = ""
            at += 1
        elif not quote and char in "'\"" and text.find(char, at + 1) > 0:
            quote = char
            at += 1
        elif not quote and (char.isspace() or text.startswith(("\\\n", "\\\r\n"), at)):
            found.append(made.word(places[begin], places[at], plain=False))
            made = None
        else:
            at = _letter(text, at, places[at], made)
    if made is not None:
        found.append(made.word(places[begin], places[at], plain=False))
    return found


def _letter(text: str, at: int, place: int, made: Making) -> int:
    """Add what stands at ``at``; return what comes behind it."""
    char, following = text[at], text[at + 1 : at + 2]
    if char == "\\" and following in ("\n", "\r"):
        return at + 2
    if char == "\\" and following:
        made.add(_ESCAPES.get(following, following), place)
        return at + 2
    if char in "%$" and following == char:
        made.add(char, place)
        return at + 2
    named = _NAMED.match(text, at) if char == "$" else None
    if named is not None:
        made.miss(Missing(named.group(), named[1] or named[2], 0, place))
        return named.end()
    if char == "%" and following.isalpha():
        made.miss(Missing(char + following, char + following, 0, place))
        return at + 2
    made.add(char, place)
    return at + 1
