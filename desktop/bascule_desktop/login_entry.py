"""Owns the entry by which a system starts Bascule at login: its text, its place, reading it back.

XDG autostart (Linux), a LaunchAgent (macOS), the Run key of the registry (Windows). The texts are
pure functions; the few lines that touch the system stand below them. When there is to be one is
``autostart``'s to decide.
"""

from __future__ import annotations

import os
import plistlib
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import cast
from xml.parsers.expat import ExpatError

from bascule.places import HOME_VARIABLE
from bascule.whole_file import ORDINARY, replace_file

LABEL = "org.bascule.Bascule"
RUN_NAME = "Bascule"
"""The name of the value in ``RUN_KEY``, for one user and for everybody."""

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved"
"""Where Windows notes that the Task Manager has switched a value of ``RUN_KEY`` off."""

_EXEC_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands there to be run at login."""

    program: str
    home: str | None = None
    """The BASCULE_HOME that goes with it."""


# the texts --------------------------------------------------------------------------------------


def desktop_entry(command: Sequence[str], home: str | None = None) -> str:
    """The XDG autostart file that runs ``command`` (Desktop Entry Specification 1.5).

    ``home`` is a BASCULE_HOME to keep. Where the program is gone, a desktop passes over the file.
    """
    words = ["env", f"{HOME_VARIABLE}={home}", *command] if home else command
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=Bascule",
        "Comment=Starts your relays and waits in the tray",
        "Comment[fr]=Démarre vos relais et attend dans la zone de notification",
        "Icon=bascule",
        "TryExec=" + command[0].replace("\\", r"\\"),
        f"Exec={' '.join(map(_exec_word, words))}",
        "Terminal=false",
        "X-GNOME-Autostart-enabled=true",
    ]
    return "\n".join(lines) + "\n"


def read_desktop_entry(text: str) -> Entry | None:
    """What an XDG autostart file runs; None where it is switched off, or runs nothing."""
    if re.search(r"(?im)^\s*(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$", text):
        return None
    line = re.search(r"(?m)^Exec[ \t]*=[ \t]*(.+)$", text)
    words = _exec_words(line[1]) if line else []
    home: str | None = None
    if words and PurePath(words[0]).name == "env":
        del words[0]
        while words and "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            home = value if name == HOME_VARIABLE else home
    return Entry(words[0], home) if words else None


def launch_agent(command: Sequence[str], home: str | None = None) -> bytes:
    """The property list of the LaunchAgent that runs ``command`` at login (launchd.plist(5))."""
    agent: dict[str, object] = {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "ProcessType": "Interactive",
        "LimitLoadToSessionType": "Aqua",
    }
    if home:
        agent["EnvironmentVariables"] = {HOME_VARIABLE: home}
    return plistlib.dumps(agent)


def read_launch_agent(held: bytes) -> Entry | None:
    """What a LaunchAgent runs; None where it is none of ours, or switched off."""
    try:
        agent = _table(plistlib.loads(held))
    except (ValueError, ExpatError):
        return None
    words = agent.get("ProgramArguments")
    program = cast("list[object]", words)[0] if isinstance(words, list) and words else None
    if agent.get("Disabled") is True or not isinstance(program, str):
        return None
    home = _table(agent.get("EnvironmentVariables")).get(HOME_VARIABLE)
    return Entry(program, home if isinstance(home, str) else None)


def run_value(command: Sequence[str]) -> str:
    """The command line for the Run key of the registry."""
    return subprocess.list2cmdline(command)


def read_run_value(value: str) -> Entry | None:
    """What a value of the Run key runs."""
    found = re.match(r'\s*(?:"([^"]+)"|(\S+))', os.path.expandvars(value))
    return Entry(found[1] or found[2]) if found else None


def is_switched_off(mark: object) -> bool:
    """Whether a value below ``APPROVED_KEY`` says so: its first byte is odd then."""
    return isinstance(mark, bytes) and mark[:1] != b"" and mark[0] % 2 == 1


def _table(held: object) -> dict[str, object]:
    return cast("dict[str, object]", held) if isinstance(held, dict) else {}


def _exec_word(word: str) -> str:
    """Quote one word of an Exec line: "The Exec key", and escapes of a string value above that."""
    word = word.replace("%", "%%")
    if re.fullmatch(r"[A-Za-z0-9_@%+=:,./-]+", word):
        return word
    inner = re.sub(r'(["`$\\])', r"\\\1", word)
    return '"' + inner.replace("\\", "\\\\") + '"'


def _exec_words(value: str) -> list[str]:
    value = value.replace(r"\\", "\\")
    words = [
        plain or re.sub(r"\\(.)", r"\1", quoted) for quoted, plain in _EXEC_WORD.findall(value)
    ]
    return [word.replace("%%", "%") for word in words]


# the system -------------------------------------------------------------------------------------


def entry_file() -> Path:
    """The file that is the person's entry; Windows has none."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    config = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(config) if config.startswith("/") else Path.home() / ".config"
    return base / "autostart" / "bascule.desktop"


if sys.platform == "win32":
    import winreg

    _MACHINE = winreg.HKEY_LOCAL_MACHINE

    def read() -> Entry | None:
        """The person's entry, where it is in force."""
        return _read(winreg.HKEY_CURRENT_USER, 0, "Run")

    def read_for_everybody() -> Entry | None:
        """The entry that an administrator has made for everybody, where it is in force."""
        return _read(_MACHINE, winreg.KEY_WOW64_64KEY, "Run") or _read(
            _MACHINE, winreg.KEY_WOW64_32KEY, "Run32"
        )

    def write(command: Sequence[str], home: str | None) -> None:
        """Make the person's entry, in force. Raises: OSError."""
        del home  # the value has no room for it
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
            winreg.SetValueEx(key, RUN_NAME, 0, winreg.REG_SZ, run_value(command))
        _delete(rf"{APPROVED_KEY}\Run")

    def remove() -> None:
        """Take the person's entry away. Raises: OSError."""
        _delete(RUN_KEY)
        _delete(rf"{APPROVED_KEY}\Run")

    def _read(hive: int, view: int, approved: str) -> Entry | None:
        value = _value(hive, RUN_KEY, view)
        # The marks of both views stand in that of 64 bits.
        mark = _value(hive, rf"{APPROVED_KEY}\{approved}", winreg.KEY_WOW64_64KEY)
        if not isinstance(value, str) or is_switched_off(mark):
            return None
        return read_run_value(value)

    def _value(hive: int, key: str, view: int) -> object:
        try:
            with winreg.OpenKey(hive, key, 0, winreg.KEY_READ | view) as opened:
                return winreg.QueryValueEx(opened, RUN_NAME)[0]
        except OSError:  # it is not there
            return None

    def _delete(key: str) -> None:
        try:
            access = winreg.KEY_SET_VALUE
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, access) as opened:
                winreg.DeleteValue(opened, RUN_NAME)
        except FileNotFoundError:
            pass

else:

    def read() -> Entry | None:
        """The person's entry, where it is in force."""
        try:
            held = entry_file().read_bytes()
        except OSError:
            return None
        if sys.platform == "darwin":
            return read_launch_agent(held)
        return read_desktop_entry(held.decode("utf-8", "replace"))

    def read_for_everybody() -> Entry | None:
        """The entry that an administrator has made for everybody: there is none here."""
        return None

    def write(command: Sequence[str], home: str | None) -> None:
        """Make the person's entry, in force. Raises: OSError."""
        file = entry_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        if sys.platform == "darwin":
            entry = launch_agent(command, home)
        else:
            entry = desktop_entry(command, home).encode()
        replace_file(file, (entry,), mode=ORDINARY)

    def remove() -> None:
        """Take the person's entry away. Raises: OSError."""
        entry_file().unlink(missing_ok=True)
