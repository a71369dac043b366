"""Owns how one word of a socat command is cut: keyword, parameters, options, two halves.

The grammar is that of socat's nestlex: ``KEYWORD:param:param,option=value,option``; quotes (' and
"), brackets and a backslash keep separators from being ones. Read as meant, the command of EXEC,
SYSTEM and SHELL is everything up to the first ``,option`` at the top, and Windows paths stay whole;
read strictly, everything is taken apart as socat 1.8 does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bascule.errors import ErrorCode, SpecError
from bascule.spec.socat.names import options

COMMANDS = ("EXEC", "SYSTEM", "SHELL")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_C_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_TOKEN_BYTES = 512
"""socat's buffer for an address."""


@dataclass(frozen=True, slots=True)
class Written:
    """One option as it stands in the text; ``value`` is None where there is no equals sign."""

    name: str
    value: str | None
    position: int


@dataclass(frozen=True, slots=True)
class Address:
    """One address as it stands in the text. ``notes`` tell where it was read as meant."""

    keyword: str
    params: tuple[str, ...]
    options: tuple[Written, ...]
    text: str
    notes: tuple[str, ...] = field(default=())


def malformed(text: str, position: int, why: str) -> SpecError:
    """The error for a text that cannot be read; ``position`` is where reading stopped."""
    return SpecError(
        f"{text[:60]}: {why}",
        code=ErrorCode.VALUE_INVALID,
        token=text[:200],
        position=position,
        why=why,
        rule="socat",
    )


def halves(word: str, *, strict: bool) -> tuple[str, ...]:
    """The two halves of ``a!!b``, or the one there is."""
    keyword = word.partition(":")[0].strip().upper()
    if not strict and keyword in COMMANDS:
        return (word,)  # it belongs to the command
    cut = _find(word, 0, "!!")
    return (word,) if cut < 0 else (word[:cut], word[cut + 2 :])


def read_address(text: str, *, strict: bool) -> Address:
    """Cut one address. Raises: SpecError VALUE_INVALID with ``position``."""
    if strict and len(text.encode()) > _TOKEN_BYTES:
        raise malformed(text, _TOKEN_BYTES, "socat reads at most 512 bytes for an address")
    keyword = _keyword(text)
    end = len(keyword)
    upper = keyword.strip().upper()
    if not strict and upper in COMMANDS and text[end : end + 1] == ":":
        return _read_command(text, upper, end + 1)
    params: list[str] = []
    at = len(keyword)
    while text[at : at + 1] == ":":
        stop = _next(text, at + 1, ":,")
        params.append(_undone(text[at + 1 : stop], text, at + 1, strict=strict))
        at = stop
    return Address(keyword.strip(), tuple(params), _read_options(text, at, strict=strict), text)


def _keyword(text: str) -> str:
    """What stands before the first separator; a keyword has no quotes, a path alone may."""
    plain = re.match(r"[^:,]*", text)
    keyword = plain[0] if plain else ""
    return text[: _next(text, 0, ":,")] if set(keyword) & set("\"'([{\\") else keyword


def _read_command(text: str, keyword: str, begin: int) -> Address:
    """Cut EXEC, SYSTEM or SHELL as their author meant it."""
    cut = _tail_of_options(text, begin)
    raw = text[begin:cut]
    notes: list[str] = []
    command = raw
    if _is_escaped(raw):
        command = _undone(raw, text, begin, strict=True)
    elif _is_quoted(raw):
        command = raw[1:-1]
    try:
        as_socat = _undone(text[begin : _next(text, begin, ":,")], text, begin, strict=True)
    except SpecError:
        as_socat = ""
    if as_socat != command:
        notes.append(
            f"the command of {keyword} is taken as it is written; socat 1.8 would change its "
            "quotes, backslashes or colons (--strict does)"
        )
    return Address(keyword, (command,), _read_options(text, cut, strict=False), text, tuple(notes))


def _is_escaped(raw: str) -> bool:
    """Whether a command was written for socat's lexer: what is special to it is escaped."""
    if "\\:" in raw or "\\," in raw:
        return True
    bare = raw.replace("\\\\", "")
    return any(f"\\{quote}" in bare for quote in "\"'") and not any(
        quote in bare.replace(f"\\{quote}", "") for quote in "\"'"
    )


def _is_quoted(raw: str) -> bool:
    """Whether a whole command stands in one pair of quotes."""
    if len(raw) < 2 or raw[0] not in "\"'" or raw[-1] != raw[0]:
        return False
    inner = raw[1:-1]
    return raw[0] not in inner and any(each.isspace() for each in inner)


def _tail_of_options(text: str, begin: int) -> int:
    """Where the options behind a command begin: the first comma at the top, after which there is
    nothing but options that socat knows.
    """
    known = options()
    for cut in _commas(text, begin):
        names = [part.partition("=")[0].strip().lower() for part in text[cut + 1 :].split(",")]
        if all(name in known for name in names if name) and any(names):
            return cut
    return len(text)


def _commas(text: str, begin: int) -> list[int]:
    """The commas outside quotes."""
    found: list[int] = []
    quote = ""
    at = begin
    while at < len(text):
        char = text[at]
        if char == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == ",":
            found.append(at)
        at += 1
    if quote:  # an apostrophe in a sentence: no quotes at all
        return [at for at in range(begin, len(text)) if text[at] == ","]
    return found


def _read_options(text: str, at: int, *, strict: bool) -> tuple[Written, ...]:
    found: list[Written] = []
    while at < len(text):
        begin = at + 1  # behind the comma
        stop = _next(text, begin, ",")
        part = text[begin:stop]
        if part.strip():
            cut = _next(text, begin, "=,")
            name = text[begin:cut].strip()
            value = None
            if text[cut : cut + 1] == "=":
                value = _undone(text[cut + 1 : stop], text, cut + 1, strict=strict)
            found.append(Written(name, value, begin))
        at = stop
    return tuple(found)


def _find(text: str, at: int, separator: str) -> int:
    """Where a separator stands at the top, -1 where it does not."""
    while at < len(text):
        if text.startswith(separator, at):
            return at
        at = _skip(text, at)
    return -1


def _next(text: str, at: int, separators: str) -> int:
    """Where the next of some separators stands at the top; the end of the text otherwise."""
    while at < len(text):
        if text[at] in separators:
            return at
        at = _skip(text, at)
    return at


def _skip(text: str, at: int) -> int:
    """Behind the character at ``at``, or behind the quotes or brackets that begin there."""
    char = text[at]
    if char == "\\":
        return at + 2
    if char in "\"'":
        end = at + 1
        while end < len(text) and text[end] != char:
            end += 2 if text[end] == "\\" and char == '"' else 1
        if end >= len(text):
            raise malformed(text, at, f"the quote {char} does not end")
        return end + 1
    if char in _PAIRS:
        end = at + 1
        while end < len(text) and text[end] != _PAIRS[char]:
            end = _skip(text, end)
        if end >= len(text):
            raise malformed(text, at, f"the bracket {char} does not end")
        return end + 1
    return at + 1


def _undone(part: str, text: str, begin: int, *, strict: bool) -> str:
    r"""A part without its quotes, its escapes undone; brackets stay. As meant, a backslash that
    escapes nothing special is one: C:\\new is a path.
    """
    out: list[str] = []
    at = 0
    quote = ""
    while at < len(part):
        char = part[at]
        if quote == "'" and char != "'":
            out.append(char)
        elif char in "\"'" and quote in ("", char):
            quote = "" if quote else char
        elif char == "\\" and at + 1 < len(part):
            at += 1
            escaped = part[at]
            if strict:
                out.append(_C_ESCAPES.get(escaped, escaped))
            else:
                out.append(escaped if escaped in "\\\"':,=!([{}])" else f"\\{escaped}")
        else:
            out.append(char)
        at += 1
    if quote:
        raise malformed(text, begin, f"the quote {quote} does not end")
    return "".join(out)
