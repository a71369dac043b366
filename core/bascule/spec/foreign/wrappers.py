"""Owns the commands that stand before another one: sudo, nohup, timeout, sh -c, docker run, start.

Each is taken away and said; what it would have done is Bascule's, or is left out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import LiteralString

from bascule.spec.foreign.call import left_out, native
from bascule.spec.foreign.docker import container_words
from bascule.spec.foreign.names import CONTAINERS, program_of
from bascule.spec.foreign.words import Source, Word
from bascule.spec.socat.verdicts import Said, Verdict

_NO_TERMINAL = "a relay does not end with a terminal."
_VALUED = {
    "sudo": {
        "-u", "-g", "-C", "-D", "-h", "-p", "-R", "-r", "-T", "-t", "-U", "--user", "--group",
    },
    "doas": {"-u", "-C"},
    "exec": {"-a"},
    "env": {"-u", "-C", "-S", "--unset", "--chdir"},
    "timeout": {"-s", "-k", "--signal", "--kill-after"},
    "stdbuf": {"-i", "-o", "-e", "--input", "--output", "--error"},
    "time": {"-f", "-o"},
    "nice": {"-n"},
    "ionice": {"-c", "-n", "-p"},
    "systemd-run": {"-u", "-p", "--unit", "--property", "--slice", "--uid", "--gid", "-E"},
    "screen": {"-S", "-L", "-c", "-h", "-e"},
    "tmux": {"-s", "-n", "-c", "-t", "-L", "-S"},
    "wsl": {"-d", "-u", "--distribution", "--user"},
    "su": {"-s", "-g"},
}  # fmt: skip
_SAID: dict[str, LiteralString] = {
    "nohup": _NO_TERMINAL,
    "setsid": _NO_TERMINAL,
    "screen": _NO_TERMINAL,
    "tmux": _NO_TERMINAL,
    "systemd-run": "the relay runs in Bascule, not in a unit of its own.",
    "stdbuf": "Bascule passes on at once what it receives.",
    "unbuffer": "Bascule passes on at once what it receives.",
    "time": "the window shows since when a connection lasts.",
    "nice": "the relay has the priority of Bascule.",
    "ionice": "the relay has the priority of Bascule.",
    "wsl": "the relay runs in Windows itself.",
}
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ash", "ksh", "su"})
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
_DEPTH = 8


@dataclass(slots=True)
class Unwrapped:
    """What is left of a command. ``inner``: it is a text of its own, for another shell."""

    words: list[Word]
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    inner: Source | None = None
    ports: Mapping[int, tuple[str, int]] = field(default_factory=dict[int, tuple[str, int]])


def unwrap(words: list[Word]) -> Unwrapped:
    """Take away what stands before a command."""
    found = Unwrapped(words)
    for _each in range(_DEPTH):
        _drop_assignments(found)
        if not found.words or not _take_one(found):
            break
    return found


def _drop_assignments(found: Unwrapped) -> None:
    while found.words and found.words[0].plain and _ASSIGNED.match(found.words[0].text):
        token = found.words.pop(0).text
        found.verdicts.append(left_out(token, "programs get the environment of Bascule."))


def _take_one(found: Unwrapped) -> bool:
    """Take away one command; return whether there was one."""
    name = program_of(found.words[0].text).lower()
    if name in ("sudo", "doas"):
        _as_user(found, name)
    elif name in _SAID:
        _options(found, name)
        if name == "tmux" and found.words and found.words[0].text.startswith("new"):
            found.words.pop(0)
            _drop_options(found, name)
        found.verdicts.append(left_out(name, _SAID[name]))
        _quoted_command(found)
    elif name in ("exec", "command", "builtin", "env", "call"):
        _options(found, name)
    elif name == "timeout":
        _timeout(found)
    elif name in _SHELLS:
        _shell(found, name)
    elif name == "cmd":
        _cmd(found)
    elif name == "start":
        _start(found)
    elif name == "start-process":
        _start_process(found)
    elif name in CONTAINERS:
        _container(found)
    else:
        return False
    return True


def _options(found: Unwrapped, name: str) -> list[Word]:
    found.words.pop(0)
    return _drop_options(found, name)


def _drop_options(found: Unwrapped, name: str) -> list[Word]:
    """Take away the options of a command; return them with their values."""
    valued = _VALUED.get(name, set())
    taken: list[Word] = []
    while found.words and found.words[0].text.startswith("-") and len(found.words[0].text) > 1:
        word = found.words.pop(0)
        if word.text == "--":
            break
        taken.append(word)
        if (word.text in valued and found.words) or (
            name == "screen" and word.text[-1] == "S" and found.words
        ):
            taken.append(found.words.pop(0))
    return taken


def _as_user(found: Unwrapped, name: str) -> None:
    options = [word.text for word in _options(found, name)]
    user = next((value for option, value in itertools.pairwise(options) if option == "-u"), "")
    user = user or next((each[7:] for each in options if each.startswith("--user=")), "")
    if user:
        found.verdicts.append(other_user(f"{name} -u {user}", user))
    else:
        why = "the relay runs as you. A port below 1024 or a device may need a right you lack."
        found.verdicts.append(left_out(name, why))


def other_user(token: str, user: str, *, warns: bool = True) -> Verdict:
    """The verdict on a command that should run as somebody else."""
    why = Said("the relay runs as you, not as {}: start Bascule as that user.", (user,))
    return left_out(token, why, warns=warns)


def _timeout(found: Unwrapped) -> None:
    _options(found, "timeout")
    seconds = found.words.pop(0).text if found.words else ""
    why = "nothing ends the relay by the clock; stop it when it has done its work."
    found.verdicts.append(left_out(f"timeout {seconds}".strip(), why, warns=True))


def _shell(found: Unwrapped, name: str) -> None:
    """``sh -c 'command'``: what stands in the quotes is a text of its own."""
    words = found.words[1:]
    found.words = []
    for word, command in itertools.pairwise(words):
        if word.text.startswith("-") and word.text[-1] == "c":
            found.inner = command.source()
            found.verdicts.append(native(f"{name} {word.text}", "The command in it is read."))
            return


def _cmd(found: Unwrapped) -> None:
    found.words.pop(0)
    while found.words and found.words[0].text.startswith("/"):
        found.words.pop(0)
    _quoted_command(found)


def _quoted_command(found: Unwrapped) -> None:
    """A command that stands in quotes as a whole: ``tmux new -d 'socat …'``."""
    if len(found.words) == 1 and " " in found.words[0].text:
        found.inner = found.words.pop().source()


def _start(found: Unwrapped) -> None:
    """``start "title" /b program``: cmd.exe's way into the background."""
    found.words.pop(0)
    if found.words and not found.words[0].plain and len(found.words) > 1:
        found.words.pop(0)  # the title
    while found.words and found.words[0].text.startswith("/"):
        option = found.words.pop(0).text.lower()
        if option == "/d" and found.words:
            found.words.pop(0)
    found.verdicts.append(left_out("start", _NO_TERMINAL))


def _start_process(found: Unwrapped) -> None:
    """PowerShell's ``Start-Process socat -ArgumentList 'a','b'``."""
    found.words.pop(0)
    named: list[Word] = []
    arguments: list[Word] = []
    listing = False
    skip = False
    for word in found.words:
        option = word.text.lower() if word.plain else ""
        if option.startswith("-") and len(option) > 2 and "argumentlist".startswith(option[1:]):
            listing = True
        elif option in ("-filepath", "-nonewwindow", "-passthru", "-wait"):
            listing = False
        elif option in ("-windowstyle", "-workingdirectory", "-verb"):
            listing, skip = False, True
        elif skip:
            skip = False
        else:
            (arguments if listing or named else named).append(word)
    found.words = named + [part for word in arguments for part in _listed(word)]
    if len(arguments) == 1 and " " in arguments[0].text:
        found.words = [*named, *_spaced(arguments[0])]
    found.verdicts.append(left_out("Start-Process", _NO_TERMINAL))


def _listed(word: Word) -> list[Word]:
    """The words of ``'a','b'``: PowerShell's list, read as one word. A comma is a separator where
    what follows begins an address; elsewhere it belongs to socat's options.
    """
    parts: list[Word] = []
    begin = 0
    for found in re.finditer(r",(?=(?:[A-Z][A-Z0-9-]+:|-|$))", word.text):
        parts.append(word.cut(begin, found.start()))
        begin = found.end()
    parts.append(word.cut(begin))
    return [part for part in parts if part.text]


def _spaced(word: Word) -> list[Word]:
    return [word.cut(each.start(), each.end()) for each in re.finditer(r"\S+", word.text)]


def _container(found: Unwrapped) -> None:
    inside = container_words(found.words)
    found.words = inside.words
    found.verdicts += inside.verdicts
    found.ports = inside.ports
