"""Owns what can be seen of a shell command in a text without running it: quotes, brackets, escapes.

A pure look, for deciding how the command of EXEC, SYSTEM and SHELL was meant: nothing is changed.
"""

from __future__ import annotations

from typing import NamedTuple

from bascule.spec.socat.lexer import NESTS

_NOWHERE = -1


class Escape(NamedTuple):
    """A backslash that acts: where it stands, what it stands before, and in which clause.

    ``inner`` is what closes the clause ("" at the top), ``opener`` where that clause begins, and
    ``in_quotes`` whether double quotes are around it, near or far.
    """

    at: int
    char: str
    inner: str
    opener: int
    in_quotes: bool


class Layout:
    """Where the clauses of a command lie, as a shell sees them.

    ``top`` are the places outside every clause; ``quotes`` is how many quoted clauses there are,
    and ``parents`` the beginnings of the clauses that have quoted ones within. A quote or bracket
    without its counterpart, as in "don't", is a plain character.
    """

    def __init__(self, text: str) -> None:
        self.balanced = True
        plain: frozenset[int] = frozenset()
        while left := self._look(text, plain):  # each time fewer
            self.balanced = False
            plain |= left

    def _look(self, text: str, plain: frozenset[int]) -> frozenset[int]:
        """Go through the text once; return the openers that nothing closed."""
        self.top: set[int] = set()
        self.escapes: list[Escape] = []
        self.quotes = 0
        self.parents: set[int] = set()
        stack: list[tuple[str, int]] = []
        at = 0
        while at < len(text):
            char, (inner, opener) = text[at], stack[-1] if stack else ("", _NOWHERE)
            step = 1
            if char == "\\" and inner != "'":
                in_quotes = any(closer == '"' for closer, _at in stack)
                self.escapes.append(Escape(at, text[at + 1 : at + 2], inner, opener, in_quotes))
                step = 2
            elif char == inner:
                stack.pop()
            elif at in plain:
                self._note(at, stack)
            elif inner == '"' and text.startswith("$(", at):
                stack.append((")", at))
                step = 2
            elif inner not in ("'", '"') and char in "'\"":
                self.quotes += 1
                self.parents.add(opener)
                stack.append((char, at))
            elif inner not in ("'", '"') and char in NESTS:
                stack.append((NESTS[char], at))
            else:
                self._note(at, stack)
            at += step
        return frozenset(at for _closer, at in stack)

    def _note(self, at: int, stack: list[tuple[str, int]]) -> None:
        if not stack:
            self.top.add(at)
