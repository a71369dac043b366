"""Owns how a text for cmd.exe or PowerShell falls into words and marks. Nothing is run.

In both, a backslash is a letter of a path; it escapes only a quotation mark behind it (the rule by
which programs split their command line, ``CommandLineToArgvW``).
"""

from __future__ import annotations

import re

from bascule.errors import SpecError
from bascule.spec.foreign.names import is_command_line, prompt_end
from bascule.spec.foreign.problems import refuse
from bascule.spec.foreign.words import Making, Mark, Missing, Source, Token
from bascule.spec.socat.verdicts import Said

_PERCENT = re.compile(r"%(?:%|(\w+)%|~?([*0-9])|([A-Za-z](?![\w%])))")
_DOLLAR = re.compile(r"\$(?:\{([\w:]+)\}|((?:env:|script:|global:)?[A-Za-z_]\w*))", re.IGNORECASE)
_POWERSHELL = re.compile(
    r"^\s*PS(?:\s[A-Za-z]:[^>\n]{0,120})?>|`[ \t]*\r?$|\$env:|Start-Process\b|^\s*&\s*[\"'$]"
    r"|^\s*\$\w+\s*=\s*[\"'\d]",
    re.IGNORECASE | re.MULTILINE,
)
_CMD = re.compile(
    r"\^[ \t]*\r?$|%\w+%|^\s*@?(?:start|call|rem|setlocal|set|cmd(?:\.exe)?\s+/[ck]|netsh)\s"
    r"|^\s*[A-Za-z]:\\[^>\n]{0,120}(?:>|\.exe\b)|(?<![\w-])(?:socat|ncat|nc|plink)\.exe\b|^\s*plink\s"
    r"|^\s*\"[A-Za-z]:\\",
    re.IGNORECASE | re.MULTILINE,
)
_REMARK = re.compile(r"rem\s|::", re.IGNORECASE)
_CMD_CONTINUED = re.compile(r"\^[ \t]*\r?\n")
_POWERSHELL_CONTINUED = re.compile(r"`[ \t]*\r?\n")
_MARKS = {
    "cmd": ("&&", "||", "&", "|", ">>", ">", "<", "(", ")"),
    "powershell": ("&&", "||", "|", ";", ">>", ">", "<", "(", ")"),
}


def shell_of(text: str) -> str:
    """Which shell a text is for: "posix", "cmd" or "powershell"."""
    if _POWERSHELL.search(text):
        return "powershell"
    return "cmd" if _CMD.search(text) else "posix"


def read_windows(source: Source, shell: str) -> list[Token]:
    """Take a text for ``shell`` ("cmd" or "powershell") apart.

    Raises: SpecError VALUE_INVALID: quotes do not end.
    """
    reader = _Cmd(source, shell) if shell == "cmd" else _PowerShell(source, shell)
    return reader.tokens()


class _Reader:
    """What both have in common."""

    def __init__(self, source: Source, shell: str) -> None:
        self.text = source.text
        self.places = source.places
        self.at = 0
        self._marks = _MARKS[shell]
        self._found: list[Token] = []
        self._word: Making | None = None
        self._begin = 0
        self.plain = True

    def tokens(self) -> list[Token]:
        new_line = True
        while self.at < len(self.text):
            if new_line:
                self._skip_prose()
                new_line = False
                continue
            char = self.text[self.at]
            if char == "\n":
                self._mark("\n")
                new_line = True
            elif char in " \t\r":
                self.finish()
                self.at += 1
            elif not self.special(char):
                mark = next((m for m in self._marks if self.text.startswith(m, self.at)), "")
                if mark:
                    self._mark(mark)
                else:
                    self.add(char)
        self.finish()
        return self._found

    def special(self, char: str) -> bool:
        """Read what only one of the two knows; return whether it was that."""
        raise NotImplementedError

    def making(self) -> Making:
        if self._word is None:
            self._word = Making()
            self._begin = self.at
            self.plain = True
        return self._word

    @property
    def in_word(self) -> bool:
        return self._word is not None

    def add(self, char: str, step: int = 1) -> None:
        self.making().add(char, self.places[self.at])
        self.at += step

    def miss(self, token: str, name: str) -> None:
        self.making().miss(Missing(token, name, 0, self.places[self.at]))
        self.at += len(token)

    def finish(self) -> None:
        if self._word is not None:
            begin, end = self.places[self._begin], self.places[self.at]
            self._found.append(self._word.word(begin, end, plain=self.plain))
            self._word = None

    def _mark(self, mark: str) -> None:
        number = self._word.text if self._word is not None else ""
        if mark[0] in "<>" and number.isdecimal():
            self._word = None
            mark_text = number + mark
        else:
            self.finish()
            mark_text = mark
        begin, self.at = self.at, self.at + len(mark)
        if mark[0] == ">" and self.text[self.at : self.at + 1] == "&":
            self.at += 1  # 2>&1
            mark_text += "&"
        self._found.append(Mark(mark_text, self.places[begin], self.places[self.at]))

    def _skip_prose(self) -> None:
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        line = self.text[self.at : end]
        behind = prompt_end(line, root=False)
        rest = line[behind:]
        self.at += behind if is_command_line(rest) or rest.lstrip()[:1] in "&@\"'" else len(line)

    def skip_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def no_end(self, at: int) -> SpecError:
        quote = self.text[at]
        why = Said("the quotation mark {} does not end", (quote,))
        return refuse(why, self.text[at:], self.places[at])


class _Cmd(_Reader):
    def special(self, char: str) -> bool:
        match char:
            case "^":
                self._caret()
            case '"':
                self._quoted()
            case "%":
                self._percent()
            case "@" if not self.in_word:
                self.at += 1
            case "r" | "R" | ":" if not self.in_word and _REMARK.match(self.text, self.at):
                self.skip_line()
            case _:
                return False
        return True

    def _caret(self) -> None:
        """``^`` takes the next character as it is; at the end of a line, the line goes on."""
        end = _CMD_CONTINUED.match(self.text, self.at)
        if end is not None:
            self.at = end.end()
        elif self.at + 1 < len(self.text):
            self.at += 1
            self.add(self.text[self.at])
        else:
            self.at += 1

    def _quoted(self) -> None:
        opener = self.at
        self.making()
        self.plain = False
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != "\n":
            char = self.text[self.at]
            if char == '"':
                self.at += 1
                return
            if char == "\\" and self.text[self.at + 1 : self.at + 2] == '"':
                if self._ends_word(self.at + 2) and self.text[opener + 2 : opener + 3] == ":":
                    self.add("\\")  # "C:\dir\": a folder, not an escape
                    continue
                self.making().add('"', self.places[self.at])
                self.at += 2
            elif char == "%":
                self._percent()
            else:
                self.add(char)
        raise self.no_end(opener)

    def _ends_word(self, at: int) -> bool:
        return self.text[at : at + 1] in ("", " ", "\t", "\r", "\n")

    def _percent(self) -> None:
        found = _PERCENT.match(self.text, self.at)
        if found is None:
            self.add("%")
        elif found.group() == "%%":
            self.add("%", 2)
        else:
            self.miss(found.group(), (found.group(1) or found.group(2) or found.group(3)).lower())


class _PowerShell(_Reader):
    def special(self, char: str) -> bool:
        match char:
            case "`":
                self._backtick()
            case "'":
                self._hard()
            case '"':
                self._soft()
            case "$":
                self._dollar()
            case "#" if not self.in_word:
                self.skip_line()
            case "&" if not self.in_word and self.text[self.at + 1 : self.at + 2] != "&":
                self.at += 1  # the call operator
            case _:
                return False
        return True

    def _backtick(self) -> None:
        end = _POWERSHELL_CONTINUED.match(self.text, self.at)
        if end is not None:
            self.finish()
            self.at = end.end()
            return
        self.at += 1
        if self.at < len(self.text):
            letter = self.text[self.at]
            self.add({"n": "\n", "t": "\t", "r": "\r", "0": "\0"}.get(letter, letter))

    def _hard(self) -> None:
        opener = self.at
        self.making()
        self.plain = False
        self.at += 1
        while self.at < len(self.text):
            if self.text.startswith("''", self.at):
                self.add("'", 2)
            elif self.text[self.at] == "'":
                self.at += 1
                return
            else:
                self.add(self.text[self.at])
        raise self.no_end(opener)

    def _soft(self) -> None:
        opener = self.at
        self.making()
        self.plain = False
        self.at += 1
        while self.at < len(self.text):
            char = self.text[self.at]
            if (
                self.text.startswith(('""', '\\"'), self.at) and char != '"'
            ) or self.text.startswith('""', self.at):
                self.add('"', 2)
            elif char == '"':
                self.at += 1
                return
            elif char == "`":
                self._backtick()
            elif char == "$":
                self._dollar()
            else:
                self.add(char)
        raise self.no_end(opener)

    def _dollar(self) -> None:
        found = _DOLLAR.match(self.text, self.at)
        if found is None:
            self.add("$")
            return
        self.miss(found.group(), (found.group(1) or found.group(2)).lower())
