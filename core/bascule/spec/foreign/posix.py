"""Owns how a text for a POSIX shell falls into words and marks. Nothing is run or looked up.

Quotes, escapes and comments are those of POSIX (Shell Command Language, 2.2 and 2.3) and bash's
``$'…'``. What people paste along is left out: prompts, and lines that are no commands at all.
"""

from __future__ import annotations

import re

from bascule.errors import SpecError
from bascule.spec.foreign.names import is_command_line, prompt_end
from bascule.spec.foreign.problems import refuse
from bascule.spec.foreign.words import Making, Mark, Missing, Source, Token, Word
from bascule.spec.socat.verdicts import Said

_MARKS = (
    "&>>", "<<<", "<<-", "&&", "||", "|&", ";;", ">>", "<<", "<&", ">&", "<>", ">|", "&>",
    "|", "&", ";", "<", ">", "(", ")",
)  # fmt: skip
_MARK = re.compile("|".join(map(re.escape, _MARKS)))
_STOPS = frozenset(" \t\r\n'\"\\$`|&;<>()#")
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|(.))", re.DOTALL)
_LETTERS = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^{}$`'\"]*))?\}|([A-Za-z_]\w*)|([0-9@*#?$!-]))")
_CONTINUED = re.compile(r"\\[ \t]*\r?\n(?:> )?")


def read_posix(source: Source, *, root: bool = False) -> list[Token]:
    """Take a text apart. ``root``: ``#`` at the beginning of a line may be root's prompt.

    Raises: SpecError VALUE_INVALID: quotes do not end.
    """
    return _Posix(source, root=root).tokens(prose=True)


def split_words(source: Source) -> list[Word]:
    """The words of a text that is known to be a command. Raises: as ``read_posix``."""
    found = _Posix(source, root=False).tokens(prose=False)
    return [token for token in found if isinstance(token, Word)]


class _Posix:
    def __init__(self, source: Source, *, root: bool) -> None:
        self._text = source.text
        self._places = source.places
        self._root = root
        self._at = 0
        self._found: list[Token] = []
        self._word: Making | None = None
        self._begin = 0
        self._plain = True

    def tokens(self, *, prose: bool) -> list[Token]:
        """All there is. ``prose``: there may be lines that are no commands."""
        new_line = prose
        while self._at < len(self._text):
            if new_line:
                self._skip_prose()
                new_line = False
                continue
            new_line = self._step() and prose
        self._finish()
        return self._found

    def _step(self) -> bool:
        """Read on a little; return whether a new line begins."""
        text, at = self._text, self._at
        char = text[at]
        if char not in _STOPS:
            self._add_run()
        elif char == "\n":
            self._mark("\n")
            return True
        elif char in " \t\r":
            self._finish()
            self._at += 1
        elif char == "#":
            self._comment()
        elif char == "'":
            self._hard(at, at + 1)
        elif char == '"':
            self._soft(at)
        elif char == "\\":
            self._escape()
        elif char in "$`":
            self._dollar()
        else:
            self._operator()
        return False

    def _making(self) -> Making:
        if self._word is None:
            self._word = Making()
            self._begin = self._at
            self._plain = True
        return self._word

    def _finish(self) -> None:
        if self._word is not None:
            begin, end = self._places[self._begin], self._places[self._at]
            self._found.append(self._word.word(begin, end, plain=self._plain))
            self._word = None

    def _mark(self, mark: str) -> None:
        self._finish()
        begin, self._at = self._at, self._at + len(mark)
        self._found.append(Mark(mark, self._places[begin], self._places[self._at]))

    def _skip_prose(self) -> None:
        """Go behind a prompt, or behind a line that is no command."""
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end
        line = self._text[self._at : end]
        behind = prompt_end(line, root=self._root)
        self._at += behind if is_command_line(line[behind:]) else len(line)

    def _add_run(self) -> None:
        begin, at = self._at, self._at
        while at < len(self._text) and self._text[at] not in _STOPS:
            at += 1
        self._making().add_all(self._text[begin:at], self._places[begin:at])
        self._at = at

    def _comment(self) -> None:
        if self._word is None:
            end = self._text.find("\n", self._at)
            self._at = len(self._text) if end < 0 else end
        else:
            self._word.add("#", self._places[self._at])
            self._at += 1

    def _operator(self) -> None:
        found = _MARK.match(self._text, self._at)
        assert found is not None
        mark = found.group()
        if mark[0] in "<>" and self._word is not None and self._word.text.isdecimal():
            # 2>file: the number belongs to the mark, which is about that descriptor.
            number, begin = self._word.text, self._begin
            self._word = None
            self._at += len(mark)
            self._found.append(Mark(number + mark, self._places[begin], self._places[self._at]))
        else:
            self._mark(mark)

    # quotes -------------------------------------------------------------------------------------

    def _no_end(self, quote: str, at: int) -> SpecError:
        rest = self._text[at:]
        return refuse(Said("the quotation mark {} does not end", (quote,)), rest, self._places[at])

    def _hard(self, opener: int, begin: int) -> None:
        """``'…'``: all of it as it is."""
        made = self._making()
        end = self._text.find("'", begin)
        if end < 0:
            raise self._no_end("'", opener)
        made.add_all(self._text[begin:end], self._places[begin:end])
        self._plain = False
        self._at = end + 1

    def _soft(self, opener: int) -> None:
        """``"…"``: with variables, and some escapes."""
        made = self._making()
        self._plain = False
        text = self._text
        self._at += 1
        while self._at < len(text):
            char = text[self._at]
            if char == '"':
                self._at += 1
                return
            if char == "\\" and text[self._at + 1 : self._at + 2] in tuple('$`"\\\n'):
                if text[self._at + 1] != "\n":
                    made.add(text[self._at + 1], self._places[self._at])
                self._at += 2
            elif char in "$`":
                self._dollar(soft=True)
            else:
                made.add(char, self._places[self._at])
                self._at += 1
        raise self._no_end('"', opener)

    def _escape(self) -> None:
        continued = _CONTINUED.match(self._text, self._at)
        if continued is not None:
            if self._word is not None and continued.group().startswith(("\\\n", "\\\r")):
                self._at = continued.end()  # within a word it joins
            else:
                self._finish()
                self._at = continued.end()
            return
        made = self._making()
        if self._at + 1 < len(self._text):
            made.add(self._text[self._at + 1], self._places[self._at])
        self._plain = False
        self._at = min(self._at + 2, len(self._text))

    def _ansi(self) -> None:
        """``$'…'``: with the escapes of C."""
        made, text, opener = self._making(), self._text, self._at
        self._plain = False
        self._at += 2
        while self._at < len(text):
            char = text[self._at]
            place = self._places[self._at]
            found = _ESCAPE.match(text, self._at) if char == "\\" else None
            if char == "'":
                self._at += 1
                return
            if found is None:
                made.add(char, place)
                self._at += 1
                continue
            octal, hexa, code, letter = found.groups()
            number = int(octal, 8) if octal else int(hexa or code or "0", 16)
            made.add(_LETTERS.get(letter, letter) if letter else chr(number), place)
            self._at = found.end()
        raise self._no_end("'", opener)

    # values -------------------------------------------------------------------------------------

    def _dollar(self, *, soft: bool = False) -> None:
        """A variable, or the output of a command: its value is not in the text."""
        text, at = self._text, self._at
        if not soft and text.startswith("$'", at):
            return self._ansi()
        if not soft and text.startswith('$"', at):
            self._at += 1
            return None
        made, place = self._making(), self._places[at]
        found = _VARIABLE.match(text, at)
        if found is not None:
            braced, default, bare, special = found.groups()
            made.miss(Missing(found.group(), braced or bare or special, 0, place, default))
            self._at = found.end()
        elif text[at] == "`" or text.startswith(("$(", "${"), at):
            self._at = self._substitution_end(at)
            made.miss(Missing(text[at : self._at], "", 0, place))
        else:
            made.add("$", place)
            self._at += 1
        return None

    def _substitution_end(self, at: int) -> int:
        """Behind the end of a substitution that begins at ``at``."""
        text = self._text
        if text[at] == "`":
            end = text.find("`", at + 1)
            if end < 0:
                raise self._no_end("`", at)
            return end + 1
        opener = text[at + 1]
        closer = ")" if opener == "(" else "}"
        depth = 0
        for end in range(at + 1, len(text)):
            depth += (text[end] == opener) - (text[end] == closer)
            if depth == 0:
                return end + 1
        raise refuse(Said("the bracket {} does not end", (opener,)), text[at:], self._places[at])
