r"""Owns how socat takes text apart: quotes, brackets, backslashes, and where a token ends.

The rules are those of socat's ``nestlex``:

- A token ends where one of its separators stands at the top.
- ``'…'`` and ``"…"`` protect separators. At the top the quotes themselves are dropped; within
  another clause they stay.
- ``(…)``, ``[…]`` and ``{…}`` protect separators too, and stay. Where one does not end, it goes on
  to the end of the text; behind a quote that does not end, socat reads on in foreign memory.
- A backslash takes the next character as it is, except that ``\0 \a \b \f \n \r \t \v`` are
  what they are in C. That holds within every kind of clause.

What else a text may mean, because people write it without these rules in mind, is in ``meant``.
"""

from __future__ import annotations

from bascule.spec.socat.refusals import refuse
from bascule.spec.socat.verdicts import Said

ADDRESS_ENDS = ("!!", ",", ":")
NAME_ENDS = ("!!", ",", "=")
VALUE_ENDS = ("!!", ",")

ADDRESS_BYTES = 511
"""The longest token of an address that socat reads."""

OPTION_BYTES = 2047
"""The longest name or value of an option that socat reads."""

NESTS = {"(": ")", "[": "]", "{": "}"}
_C_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_SPECIAL = frozenset("\\'\"()[]{},:=!")


def lex(
    text: str,
    at: int,
    ends: tuple[str, ...],
    *,
    one_clause: bool = False,
    strict: bool = False,
) -> tuple[str, int]:
    """Read one token from ``at``; return it without quotes and escapes, and where it ended.
    ``one_clause``: it ends with the first quotes or brackets at the top as well. ``strict``: a
    bracket that does not end is taken as socat takes it, which nobody means.

    Raises:
        SpecError: a quote or a bracket does not end, or a backslash is the last character.
    """
    out: list[str] = []
    closers: list[str] = []  # of the clauses we are in
    openers: list[int] = []
    while at < len(text):
        char = text[at]
        if closers:
            if char == closers[-1]:
                closers.pop()
                openers.pop()
                if closers or char not in "'\"":
                    out.append(char)
                at += 1
                if one_clause and not closers:
                    break
                continue
        elif text.startswith(ends, at):
            return "".join(out), at
        hard = bool(closers) and closers[-1] == "'"
        if not hard and (char in "'\"" or char in NESTS):
            if closers or char in NESTS:
                out.append(char)
            closers.append(NESTS.get(char, char))
            openers.append(at)
        elif char == "\\":
            at += 1
            if at == len(text):  # socat reads on behind its end
                raise refuse("the backslash at the end escapes nothing", "\\", at - 1)
            out.append(_C_ESCAPES.get(text[at], text[at]))
        else:
            out.append(char)
        at += 1
    if closers and not (strict and text[openers[0]] in NESTS):
        opener = text[openers[0]]
        facts = (opener, f"\\{opener}")
        if opener in "'\"":
            why = Said("the quote {} does not end; where it is meant as it is, write {}", facts)
        else:
            why = Said("the bracket {} does not end; where it is meant as it is, write {}", facts)
        raise refuse(why, text[openers[0] :], openers[0])
    return "".join(out), at


def words(text: str) -> list[str]:
    """Split the command of EXEC as socat does: at spaces, by the same rules once more.

    Raises: as ``lex``.
    """
    word, at = lex(text, 0, (" ",), strict=True)
    found = [word]
    while at < len(text):
        while text[at : at + 1] == " ":
            at += 1
        word, at = lex(text, at, (" ",), strict=True)
        found.append(word)
    return found


def split(text: str, separator: str) -> list[str]:
    """Split at a separator, and undo quotes and escapes in each part. Raises: as ``lex``."""
    part, at = lex(text, 0, (separator,))
    found = [part]
    while at < len(text):
        part, at = lex(text, at + len(separator), (separator,))
        found.append(part)
    return found


def quote(text: str) -> str:
    """Write a text so that ``lex`` reads it again, whatever ends the token."""
    if text and not _SPECIAL.intersection(text):
        return text
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def c_string(text: str) -> str:
    """What a program in C sees of a text: nothing behind a zero byte."""
    return text.partition("\0")[0]
