"""Owns what a text says as a whole: which commands stand in it, and what stands around them.

A pure look at the text: loops, groups, pipes and redirections are recognised, nothing is run.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bascule.spec.foreign.call import Call, Piece, emulated, left_out
from bascule.spec.foreign.names import NETCAT, NETSH, RESERVED, SOCAT, SSH, program_of
from bascule.spec.foreign.posix import read_posix
from bascule.spec.foreign.problems import refuse
from bascule.spec.foreign.windows import read_windows
from bascule.spec.foreign.words import Mark, Source, Token, Word
from bascule.spec.foreign.wrappers import unwrap
from bascule.spec.socat.verdicts import Verdict

_REDIRECTION = re.compile(r"\d*(?:<<<|<<-|<<|<>|<&|<|>>|>\||>&|>)|&>>?")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=")
_DECLARES = frozenset({"export", "local", "readonly", "declare", "typeset", "set"})
_LOOPS = frozenset({"while", "until"})
MOST_CALLS = 200
"""Of what comes behind so many commands, one more is found, to show that there is more."""

_DEPTH = 4
_NESTED = 100
_FAMILIES = ((SOCAT, "socat"), (NETCAT, "netcat"), (SSH, "ssh"), (NETSH, "netsh"))


def family_of(word: str) -> str:
    """Which reader a command is for, by its first word: "socat", "netcat", …; "": none."""
    name = program_of(word).lower()
    return next((family for names, family in _FAMILIES if name in names), "")


def read_calls(
    source: Source,
    shell: str,
    *,
    root: bool = False,
    values: Mapping[str, str] | None = None,
    depth: int = 0,
) -> list[Call]:
    """The commands in a text for ``shell`` that begin with a program that is known.

    ``root``: ``#`` may be root's prompt. ``values``: what variables stand for.

    Raises: SpecError VALUE_INVALID: quotes do not end.
    """
    tokens = read_posix(source, root=root) if shell == "posix" else read_windows(source, shell)
    return _Grammar(source, shell, dict(values or {}), depth).calls(tokens)


@dataclass(slots=True)
class _Part:
    """One command of a pipeline, or a loop that stands as one."""

    words: list[Word] = field(default_factory=list[Word])
    files: list[tuple[Mark, Word]] = field(default_factory=list[tuple[Mark, Word]])
    begin: int = -1
    end: int = -1

    def reach(self, token: Token) -> None:
        self.begin = token.begin if self.begin < 0 else self.begin
        self.end = token.end


@dataclass(slots=True)
class _Block:
    """A loop, a condition or a group that we are in, and the pipeline it stands in."""

    kind: str
    begin: int
    pipe: list[_Part]


class _Grammar:
    def __init__(self, source: Source, shell: str, values: dict[str, str], depth: int) -> None:
        self._source = source
        self._shell = shell
        self._values = values
        self._depth = depth
        self._found: list[Call] = []
        self._blocks: list[_Block] = []
        self._pipe: list[_Part] = []
        self._part = _Part()
        self._redirection: Mark | None = None
        self._last = ""

    def calls(self, tokens: list[Token]) -> list[Call]:
        for token in tokens:
            if isinstance(token, Mark):
                self._mark(token)
            else:
                self._word(token)
                self._last = ""
        self._end_pipe("")
        return self._found

    # tokens -------------------------------------------------------------------------------------

    def _mark(self, mark: Mark) -> None:
        if _REDIRECTION.fullmatch(mark.text):
            self._redirection = mark
            return
        self._redirection = None
        match mark.text:
            case "|" | "|&":
                self._end_part()
            case "(":
                self._open("(", mark)
            case ")":
                self._end_pipe("")
                self._close("(", mark)
            case "\n" if self._last in ("|", "|&", "&&", "||") and self._part.begin < 0:
                return
            case _:
                self._end_pipe(mark.text)
        self._last = mark.text

    def _word(self, word: Word) -> None:
        if self._redirection is not None:
            self._part.files.append((self._redirection, word.filled(self._values)))
            self._part.reach(word)
            self._redirection = None
        elif not self._part.words and word.plain and word.text in RESERVED and not word.missing:
            self._reserved(word)
        elif self._part.begin >= 0 and not self._part.words and not self._part.files:
            return  # behind a loop that is over: nothing can stand here
        else:
            self._part.words.append(word.filled(self._values))
            self._part.reach(word)

    def _reserved(self, word: Word) -> None:
        match word.text:
            case "while" | "until" | "for" | "if" | "case" | "{":
                self._open(word.text, word)
                if word.text in ("for", "case"):
                    self._part.words.append(word)  # up to do or in, it is no command
            case "done":
                self._close("while until for", word)
            case "fi":
                self._close("if", word)
            case "esac":
                self._close("case", word)
            case "}":
                self._close("{", word)
            case _:
                pass  # do, then, else, elif, !: a command follows

    def _open(self, kind: str, token: Token) -> None:
        if self._part.words:  # f(), or an array
            self._part = _Part()
        if len(self._blocks) == _NESTED:
            raise refuse("too many brackets or loops within each other", "…", token.begin)
        self._blocks.append(_Block(kind, token.begin, self._pipe))
        self._pipe = []

    def _close(self, kinds: str, token: Token) -> None:
        if not self._blocks or self._blocks[-1].kind not in kinds.split():
            return
        block = self._blocks.pop()
        self._pipe = block.pipe
        self._part = _Part(begin=block.begin, end=token.end)

    # pipelines ----------------------------------------------------------------------------------

    def _end_part(self) -> None:
        if self._part.begin >= 0:
            self._pipe.append(self._part)
        self._part = _Part()

    def _end_pipe(self, mark: str) -> None:
        self._end_part()
        pipe, self._pipe = self._pipe, []
        if len(pipe) == 1 and self._assigned(pipe[0].words):
            return
        within = any(part.words and family_of(part.words[0].text) for part in self._around())
        for number, part in enumerate(pipe):
            if part.words and not within:
                self._command(pipe, number, mark)

    def _around(self) -> list[_Part]:
        return [part for block in self._blocks for part in block.pipe]

    def _assigned(self, words: list[Word]) -> bool:
        """Note the values of a command that only sets some; return whether it was one."""
        if not words:
            return False
        if self._shell == "powershell" and len(words) > 2 and words[1].text == "=":
            if not words[0].missing:
                return False
            self._note(words[0].missing[0].name, words[2])
            return True
        rest = words[1:] if words[0].text in _DECLARES else words
        found = [_ASSIGNMENT.match(word.text) for word in rest]
        if not rest or not all(found):
            return False
        for word, match in zip(rest, found, strict=True):
            if match is not None:
                name = match[1] if self._shell == "posix" else match[1].lower()
                self._note(name, word.cut(match.end()))
        return True

    def _note(self, name: str, value: Word) -> None:
        sure = not any(block.kind not in ("(", "{") for block in self._blocks)
        if sure and not value.missing:
            self._values[name] = value.text
        else:
            self._values.pop(name, None)

    def _command(self, pipe: list[_Part], number: int, mark: str) -> None:
        part = pipe[number]
        left = unwrap(list(part.words))
        verdicts = [*left.verdicts, *self._loops()]
        if mark == "&":
            verdicts.append(left_out("&", "a relay does not hold up a terminal."))
        if left.inner is not None and self._depth < _DEPTH:
            calls = read_calls(left.inner, "posix", values=self._values, depth=self._depth + 1)
            self._found += [
                replace(
                    call,
                    verdicts=(*verdicts, *call.verdicts),
                    again=call.again or self._again,
                )
                for call in calls
            ]
            return
        family = family_of(left.words[0].text) if left.words else ""
        if not family or len(self._found) > MOST_CALLS:
            return
        gives, takes = self._pieces(pipe, number, verdicts)
        self._found.append(
            Call(
                family,
                tuple(left.words),
                part.begin,
                part.end,
                self._shell,
                tuple(verdicts),
                self._again,
                gives,
                takes,
                left.ports,
            )
        )

    @property
    def _again(self) -> bool:
        return any(block.kind in _LOOPS for block in self._blocks)

    def _loops(self) -> list[Verdict]:
        kind = next((each.kind for each in self._blocks if each.kind in _LOOPS), "")
        if not kind:
            return []
        return [emulated(kind, "The relay begins again by itself when a connection has ended.")]

    def _pieces(
        self, pipe: list[_Part], number: int, verdicts: list[Verdict]
    ) -> tuple[Piece | None, Piece | None]:
        """What standard input and output are joined to."""
        gives = takes = None
        if number > 0:
            gives = Piece("command", self._raw(pipe[0].begin, pipe[number - 1].end))
        if number + 1 < len(pipe):
            takes = Piece("command", self._raw(pipe[number + 1].begin, pipe[-1].end))
        for mark, word in pipe[number].files:
            token = f"{mark.text}{word.text}"
            if word.text in ("/dev/null", "NUL", "nul", "$null") or mark.text[0] in "2&":
                verdicts.append(left_out(token, "what goes wrong is in the relay's log."))
            elif mark.text in ("<", "0<"):
                gives = _file(word)
            elif mark.text in (">", ">>", ">|", "1>", "1>>"):
                takes = _file(word, append=mark.text.endswith(">>"))
            else:
                verdicts.append(left_out(token, "a relay has no such input.", warns=True))
        return gives, takes

    def _raw(self, begin: int, end: int) -> str:
        """A piece of the text as it stands there."""
        places = self._source.places
        return self._source.text[bisect_left(places, begin) : bisect_left(places, end)].strip()


def _file(word: Word, *, append: bool = False) -> Piece:
    return Piece("file", word.text, append, word.missing)
