"""Owns what leaves a diagnosis: free text, passwords, tokens, names of people, on wish also hosts.

Two nets, one behind the other: a profile is written anew with the kinds of values that are known to
be harmless; and every text goes through a ``Redactor``, also what others wrote (logs, tracebacks),
which knows words of the profiles, and by their looks secrets, commands and hosts. No I/O.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, cast

from bascule.diagnosis.commands import LEFT_OUT, without_commands
from bascule.diagnosis.hosts import is_nobodys, without_hosts
from bascule.spec.fields import FieldKind, Spec, fields_of

_SHORTEST_WORD = 4
"""Shorter ones stand in too many texts by chance, so they go only where they stand alone."""

_SHORTEST_ALONE = 2
"""A single letter says nothing of anybody."""

_SHORTEST_PART = 6
"""The same for a word of a command; shorter ones are https and the like."""

_SEPARATORS = re.compile(r"[\s:=@'\"]+")
_FREE = {FieldKind.TEXT, FieldKind.TEXTS, FieldKind.LINES, FieldKind.COMMAND}
_PLACES = {FieldKind.HOST, FieldKind.NETWORKS}

_PATTERNS = (
    # user:password@ of an address, up to its last @; what an address asks with may be a token.
    re.compile(r"(?P<kept>://)(?:[^\s/]{1,500}|[^\s/@:]{1,500}:[^\s@]{0,500})(?=@)"),
    re.compile(r"(?P<kept>://[^\s?]{1,500}\?)[^\s\"')>]+"),
    re.compile(r"(?P<kept>(?i:authorization|cookie)[\"']?\s*[:=]\s*)[^\r\n]+"),
    re.compile(
        r"(?P<kept>(?i:(?:api|access|private|secret)[_-]?key|token|"
        r"pass(?:word|wd|phrase)?|pwd|secret)\w*[\"']?\s*[:=]\s*)"
        r"(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|(?:(?i:basic|bearer)\s+)?[^\s,;]+)"
    ),
    re.compile(r"(?P<kept>--?(?:password|passwd|pass|token|secret|user|u)[ =])\S+"),
    re.compile(
        r"(?P<kept>)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL
    ),
)
_RELAY_OF_OLD = re.compile(
    r"^(?P<kept>[\d-]{10} [\d:,]{8,12} [A-Z]+ +)[a-z0-9-]+-[0-9a-f]{8}(?=: )", re.MULTILINE
)
"""Whose line of the log it is; what it is called was made of its name."""

_LONG_WORD = re.compile(r"[A-Za-z0-9+_=-]{20,}")
_LONGEST_NAME = 32


class Redactor:
    """Takes known words, in whatever capitals, and what looks like a secret out of texts.

    ``words`` says what stands in whose place. Without ``hosts``, addresses go as well.
    """

    def __init__(self, words: Mapping[str, str], *, hosts: bool) -> None:
        known = {word: name for word, name in words.items() if len(word) >= _SHORTEST_ALONE}
        self._words = {word.lower(): name for word, name in known.items()}
        ordered = sorted(known, key=len, reverse=True)
        whole = "|".join(map(_pattern, ordered))
        self._known = re.compile(whole, re.IGNORECASE) if ordered else None
        self._hosts = hosts

    def clean(self, text: str) -> str:
        """The text without any of it."""
        text = without_commands(text)
        if self._known is not None:
            text = self._known.sub(lambda found: self._words.get(found[0].lower(), LEFT_OUT), text)
        text = _RELAY_OF_OLD.sub(r"\g<kept>(deleted relay)", text)
        for pattern in _PATTERNS:
            text = pattern.sub(lambda found: f"{found['kept']}{LEFT_OUT}", text)
        text = _LONG_WORD.sub(_unless_a_name, text)
        return text if self._hosts else without_hosts(text)


def _pattern(word: str) -> str:
    escaped = re.escape(word)
    return escaped if len(word) >= _SHORTEST_WORD else rf"(?<![\w-]){escaped}(?![\w-])"


def _unless_a_name(found: re.Match[str]) -> str:
    """Tokens mix small letters, capitals and digits, or are very long; names of things do not."""
    word = found[0]
    kinds = sum(bool(re.search(kind, word)) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    is_token = kinds == 3 or (len(word) >= _LONGEST_NAME and re.search("[0-9]", word))
    return LEFT_OUT if is_token else word


def words_of(spec: Spec, *, hosts: bool) -> dict[str, str]:
    """The words of a spec, and of those in it, that must stand in no text; without ``hosts`` those
    of the places it names as well.
    """
    found: dict[str, str] = {}
    for name, described in fields_of(spec).items():
        value: Any = getattr(spec, name)
        match described.kind:
            case FieldKind.GROUP if value is not None:
                found |= words_of(value, hosts=hosts)
            case FieldKind.GROUPS:
                for entry in cast("tuple[Spec, ...]", value):
                    found |= words_of(entry, hosts=hosts)
            case kind if value != _default(spec, name):
                texts = _texts(kind, value)
                if kind in _FREE or kind is FieldKind.SECRET:
                    found |= dict.fromkeys(texts, LEFT_OUT)
                elif kind in _PLACES and not hosts:
                    found |= {text: "(host)" for text in texts if not is_nobodys(text)}
            case _:
                pass
    return found


def harmless(spec: Spec, *, hosts: bool) -> dict[str, Any]:
    """A spec as plain data: numbers, switches, choices, files and (with ``hosts``) hosts as they
    are; of all else, that it is there. Values equal to their default are left out.
    """
    told: dict[str, Any] = {"kind": spec.kind} if spec.kind else {}
    for name, described in fields_of(spec).items():
        value: Any = getattr(spec, name)
        if value is None or value == _default(spec, name):
            continue
        match described.kind:
            case FieldKind.GROUP:
                told[name] = harmless(value, hosts=hosts)
            case FieldKind.GROUPS:
                entries = cast("tuple[Spec, ...]", value)
                told[name] = [harmless(entry, hosts=hosts) for entry in entries]
            case FieldKind.SECRET:
                told[name] = "(in the keyring)"
            case kind if kind in _FREE:
                told[name] = f"(left out: {len(value)} {_unit(value)})"
            case kind if kind in _PLACES and not hosts and not is_nobodys(str(value)):
                told[name] = LEFT_OUT
            case _:
                told[name] = value
    return told


def _texts(kind: FieldKind, value: object) -> tuple[str, ...]:
    """A value's words. A program may repeat one of those it was given, a log a line of a text."""
    if isinstance(value, tuple):
        return cast("tuple[str, ...]", value)
    whole = str(value)
    if kind is FieldKind.COMMAND:
        parts = _SEPARATORS.split(whole)[1:]
        return (whole, *(part for part in parts if len(part) >= _SHORTEST_PART))
    return (whole, *whole.splitlines()) if kind is FieldKind.LINES else (whole,)


def _unit(value: object) -> str:
    return "entries" if isinstance(value, tuple) else "characters"


def _default(spec: Spec, name: str) -> object:
    item = next(item for item in dataclasses.fields(spec) if item.name == name)
    return item.default
