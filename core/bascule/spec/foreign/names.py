"""Owns which words begin a command that is read, and how a line begins in a terminal."""

from __future__ import annotations

import re

SOCAT = frozenset({"socat", "socat1", "socat.exe"})
NETCAT = frozenset({"nc", "ncat", "netcat", "nc.traditional", "nc.openbsd"})
SSH = frozenset({"ssh", "autossh", "plink"})
NETSH = frozenset({"netsh"})
PROGRAMS = SOCAT | NETCAT | SSH | NETSH
CONTAINERS = frozenset({"docker", "podman", "nerdctl"})

WRAPPERS = frozenset(
    {
        "sudo", "doas", "nohup", "exec", "env", "setsid", "timeout", "stdbuf", "time", "nice",
        "ionice", "command", "builtin", "unbuffer", "systemd-run", "sh", "bash", "dash", "zsh",
        "ash", "ksh", "su", "start", "cmd", "call", "powershell", "pwsh", "start-process",
        "screen", "tmux", "wsl",
    }
)  # fmt: skip
RESERVED = frozenset(
    {
        "while", "until", "for", "if", "then", "else", "elif", "fi", "do", "done", "case", "esac",
        "{", "}", "!",
    }
)  # fmt: skip

_NAMES = "|".join(sorted(map(re.escape, PROGRAMS | CONTAINERS), key=len, reverse=True))
_NAMED = re.compile(rf"(?<![\w.-])(?:{_NAMES})(?:\.exe)?(?![\w.-])", re.IGNORECASE)
_BEHIND_MARK = re.compile(
    rf"[|;&({{`]\s*(?:&\s*)?[\"']?(?:[^\s\"'|;&({{`]*[/\\])?(?:{_NAMES})(?:\.exe)?[\"']?(?![\w.-])",
    re.IGNORECASE,
)
_BEFORE = "|".join(sorted(WRAPPERS | RESERVED - {"{", "}", "!"}))
_WRAPPED = re.compile(rf"[|;&({{`]\s*(?:{_BEFORE})\s")
_ASSIGNMENT = re.compile(r"(?:export\s+|local\s+|readonly\s+|set\s+|\$)?\w+\s?=")
_PROMPT = re.compile(
    r"""\s*(?:
        (?:\([\w.-]+\)\s)?                      # a virtual environment
        (?:\[[^\]\s]+@[^\]\n]{0,80}\]|[\w.-]+@[\w.-]+(?::\S{0,80}|\s\S{0,80})?)\s?[$\#%>]\s
        | PS(?:\s[A-Za-z]:[^>\n]{0,120})?>\s?
        | [A-Za-z]:\\[^>\n|&]{0,120}>\s?
        | [$%\u276f\u279c»]\s
        | >\s
        | @reboot\s
    )""",
    re.VERBOSE,
)
_ROOT = re.compile(r"\s*#\s")


def program_of(word: str) -> str:
    """The name of a program without its folder and ``.exe``: "socat" of ``/usr/bin/socat``."""
    name = re.split(r"[/\\]", word)[-1]
    return name[:-4].lower() if name.lower().endswith(".exe") else name


def names_program(text: str) -> bool:
    """Whether a text has the name of a program in it that is read."""
    return _NAMED.search(text) is not None


def prompt_end(line: str, *, root: bool) -> int:
    """Where the command of a line begins, behind a prompt that was copied with it.

    ``root``: a single ``#`` may be one, where it stands before a command.
    """
    found = _PROMPT.match(line)
    if found is None and root:
        found = _ROOT.match(line)
        if found is not None and not is_command_line(line[found.end() :]):
            found = None
    return found.end() if found is not None else 0


def is_command_line(line: str) -> bool:
    """Whether a line is one that a shell has to read: it begins with a program that is known or
    with what may stand before one, or has one behind a mark. Anything else is prose.
    """
    words = line.split(None, 1)
    if not words:
        return True
    first = words[0].strip("\"'()@&;|")
    name = program_of(first).lower()
    if name in PROGRAMS or name in CONTAINERS or name in WRAPPERS or name in RESERVED:
        return True
    if first in ("", "{") or _ASSIGNMENT.match(line.lstrip()):
        return True
    behind = _BEHIND_MARK.search(line) or _WRAPPED.search(line)
    return behind is not None and names_program(line)
