r"""Owns how the command of EXEC, SYSTEM and SHELL is read as its author meant it.

Socat's lexer takes a command apart before the shell sees it: it drops double quotes, makes line
breaks of ``\n`` and takes a colon for the end of a parameter. Most people write the command as they
would type it, some write it for that lexer. Both are understood:

- The command goes on to the first ``,option`` at the top that such an address can have, or to the
  second half of a dual address.
- A command that stands in one pair of quotes as a whole, or that has its quotes and separators
  escaped (``\"``, ``\:``, ``\,``, ``\\`` at the end of a line) and no bare quotes, was written for
  socat, and is read so.
- In any other command, ``\:`` and ``\,`` outside single quotes and pairs of ``\"`` outside quotes
  are undone, since no shell needs them; the rest is handed over as it is.
"""

from __future__ import annotations

from typing import NamedTuple

from bascule.errors import SpecError
from bascule.spec.socat.lexer import (
    ADDRESS_BYTES,
    ADDRESS_ENDS,
    c_string,
    lex,
    words,
)
from bascule.spec.socat.names import ADDRESSES, OPTIONS
from bascule.spec.socat.refusals import Refusal
from bascule.spec.socat.shelltext import Escape, Layout
from bascule.spec.socat.verdicts import Said

COMMANDS = frozenset({"EXEC", "SYSTEM", "SHELL"})

_OF_PROGRAMS = frozenset({"ANY", "FD", "FORK", "EXEC", "TERMIOS", "FIFO", "PTY", "PARENT", "SHELL"})
_OF_PROGRAMS_TOO = frozenset({"null-eof", "so-sndbuf", "so-rcvbuf", "so-type", "shell-words"})
_NAME_ENDS = (",", "=", "!!")
_SHOWN = 60
_TAKEN = {
    "path": Said("The path is taken as it was meant."),
    "text": Said("The text is taken as it was meant."),
    "command": Said("The command is taken as it was meant."),
}


class Meant(NamedTuple):
    """A command as it was meant; ``text`` is the same before it is put so that a shell's rules
    split it. ``end`` is where it ends in the word; ``note`` says in what socat 1.8 would differ,
    nothing where it would not.
    """

    command: str
    text: str
    end: int
    note: tuple[Said, ...]


def read_command(
    text: str, begin: int, keyword: str, *, windows: bool, any_group: bool = False
) -> Meant:
    """Read the command that begins at ``begin``, behind the colon of ``keyword``. ``any_group``
    (-g): it may be followed by options for other kinds of address.
    """
    end = _end(text, begin, any_group=any_group)
    raw = text[begin:end]
    text_meant, for_socat = _undone(raw)
    command = text_meant
    if keyword == "EXEC" and not windows:
        for_socat = for_socat or not set("'\"\\").intersection(raw)  # nothing it would change
        # socat would take a space before or behind it for one more, empty word.
        command = for_exec(command.strip(" ")) if for_socat else _joined(command)
    what = "EXEC" if keyword == "EXEC" else "command"
    return Meant(command, text_meant, end, difference(text, begin, end, command, what))


def for_exec(command: str) -> str:
    r"""A command of EXEC that was written for socat, so that splitting it as a shell does gives
    what socat makes of it: there, brackets keep words together and ``\n`` is a line break.
    """
    import shlex  # only EXEC needs it

    try:
        argv = words(command)
    except SpecError:
        return command
    argv = [c_string(word) for word in argv]
    if argv == [""]:
        return ""
    return command if _shell_words(command) == argv else shlex.join(argv)


def _shell_words(command: str) -> list[str] | None:
    import shlex

    try:
        return shlex.split(command)
    except ValueError:
        return None


# where it ends ------------------------------------------------------------------------------------


def _end(text: str, begin: int, *, any_group: bool) -> int:
    """Where a command ends: at the first option behind it, at the second half of a dual address,
    or with the text.
    """
    if text[begin : begin + 1] in ("'", '"'):
        try:
            _command, end = lex(text, begin, (), one_clause=True)
        except SpecError:
            end = -1
        if end == len(text) or (end > 0 and _ends_here(text, end, any_group)):
            return end
    ends = [at for at in range(begin, len(text)) if _ends_here(text, at, any_group)]
    if not ends:
        return len(text)
    top = Layout(text[begin:]).top
    return next((at for at in ends if at - begin in top), len(text))


def _ends_here(text: str, at: int, any_group: bool) -> bool:
    if text[at] == ",":
        return _is_option(text, at + 1, any_group)
    return text.startswith("!!", at) and _is_address(text, at + 2)


def _name(text: str, at: int, ends: tuple[str, ...]) -> str:
    stops = (text.find(end, at) for end in ends)
    return text[at : min((stop for stop in stops if stop >= 0), default=len(text))]


def _is_option(text: str, at: int, any_group: bool) -> bool:
    """Whether an option begins here that a program can have."""
    option = OPTIONS.get(_name(text, at, _NAME_ENDS).lower())
    if option is None or (option.own and option.name not in _OF_PROGRAMS_TOO):
        return False
    return (
        any_group or not _OF_PROGRAMS.isdisjoint(option.groups) or option.name in _OF_PROGRAMS_TOO
    )


def _is_address(text: str, at: int) -> bool:
    name = _name(text, at, ADDRESS_ENDS).upper()
    return name in ADDRESSES or (name == "-" and text[at + 1 : at + 2] in ("", ","))


# what it says -------------------------------------------------------------------------------------


def _undone(raw: str) -> tuple[str, bool]:
    """A command without what was written for socat's lexer only, and whether all of it was."""
    if raw[:1] in ("'", '"') and not _is_quoted_path(raw):
        try:
            command, end = lex(raw, 0, (), one_clause=True)
        except SpecError:
            command, end = "", -1
        if end == len(raw):
            return c_string(command), True
    if "\\" not in raw:
        return raw, False
    layout = Layout(raw)
    if not layout.quotes and _is_marked(raw, layout.escapes):
        try:
            return c_string(lex(raw, 0, ())[0]), True
        except SpecError:
            pass  # a bracket without its counterpart: it was not written for socat
    dropped = _needless(raw, layout)
    return _without(raw, dropped), False


def _without(text: str, dropped: set[int]) -> str:
    return "".join(char for at, char in enumerate(text) if at not in dropped)


def _is_marked(raw: str, escapes: list[Escape]) -> bool:
    """Whether the escapes are such as only socat needs."""
    before = [escape.char for escape in escapes]
    return (
        ":" in before
        or "," in before
        or any(_ends_line(raw, each) for each in escapes)
        or any(before.count(char) and before.count(char) % 2 == 0 for char in "\"'")
    )


def _ends_line(raw: str, escape: Escape) -> bool:
    """Whether it is a backslash at the end of a line that was doubled for socat."""
    return escape.char == "\\" and raw[escape.at + 2 : escape.at + 3] == "\n"


def _needless(raw: str, layout: Layout) -> set[int]:
    """The backslashes in a command that no shell needs, and that were written against socat."""
    dropped = {
        each.at
        for each in layout.escapes
        if each.char in (":", ",") or (each.inner != '"' and _ends_line(raw, each))
    }
    for char in "\"'":
        pairs = [
            each.at
            for each in layout.escapes
            if each.char == char and each.inner not in ("'", '"') and not each.in_quotes
        ]
        if len(pairs) % 2 == 0:
            dropped.update(pairs)
    # "$(awk -F\"a b\")": within $(…) quotes begin anew, and a shell would take \" for a letter.
    regions: dict[int, list[int]] = {}
    for each in layout.escapes:
        if each.char == '"' and each.inner == ")" and each.in_quotes:
            regions.setdefault(each.opener, []).append(each.at)
    for opener, places in regions.items():
        if len(places) % 2 or opener in layout.parents:
            continue
        pairs = zip(places[::2], places[1::2], strict=True)
        if any(" " in raw[first:last] for first, last in pairs):
            dropped.update(places)
    return dropped


def _joined(command: str) -> str:
    """A command of EXEC with its lines joined where a backslash ends one: no shell will do it."""
    escapes = Layout(command).escapes if "\\\n" in command else []
    ends = [each.at for each in escapes if each.char == "\n" and each.inner not in ("'", '"')]
    return _without(command, {at + offset for at in ends for offset in (0, 1)})


def _is_quoted_path(raw: str) -> bool:
    inner = raw[1:-1]
    return raw[-1] == raw[0] and raw[0] not in inner and is_windows_path(inner)


def is_windows_path(text: str) -> bool:
    r"""Whether a text begins as a path of Windows whose backslashes were not doubled for socat:
    ``C:\new``, ``\\server\share``.
    """
    if text[:1].isalpha() and text[1:3] == ":\\":
        return "\\\\" not in text
    path = text[2:]
    begins = path[:1].isalnum() or path[:1] in (".", "?")
    return text.startswith("\\\\") and begins and "\\" in path and "\\\\" not in path


# in what socat differs ----------------------------------------------------------------------------


def difference(
    text: str,
    begin: int,
    end: int,
    meant: str,
    what: str = "path",
    ends: tuple[str, ...] = ADDRESS_ENDS,
) -> tuple[Said, ...]:
    """In what socat 1.8 reads a token differently; nothing where it does not. ``what`` it is
    called: a path, a text, the command of a shell, or that of EXEC, which is split.
    """
    taken = _TAKEN.get(what, _TAKEN["command"])
    try:
        token, stop = lex(text, begin, ends, strict=True)
        same = words(token) == _shell_words(meant) if what == "EXEC" else token == meant
    except Refusal as exc:
        return taken, Said("Socat 1.8 would refuse it: {}.", (exc.said,))
    if text[stop : stop + 1] == ":":
        colon = "Socat 1.8 would take a colon in it for the end of a parameter and refuse it."
        return taken, Said(colon)
    if len(token.encode(errors="replace")) > ADDRESS_BYTES:
        return taken, Said("Socat 1.8 would read {} bytes of it only.", (str(ADDRESS_BYTES),))
    if same and stop == end:
        return ()
    shown = token if len(token) <= _SHOWN else f"{token[:_SHOWN]}…"
    return taken, Said("Socat 1.8 would read {}.", (repr(shown),))
