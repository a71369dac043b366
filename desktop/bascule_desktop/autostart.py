"""Owns whether Bascule starts when the person logs in, in the way of each system.

The system's own entry is the only truth: nothing is remembered beside it. The texts of the entries
are pure functions; the few lines that touch the system stand below them.
"""

from __future__ import annotations

import errno
import os
import plistlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bascule.places import HOME_VARIABLE, portable_folder
from bascule.whole_file import ORDINARY, replace_file
from bascule_desktop.launcher import desktop_command

_LABEL = "org.bascule.Bascule"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_RUN_NAME = "Bascule"


def start_command() -> list[str]:
    """The program and words that start this installation's desktop in the tray."""
    return [*desktop_command(), "--hidden"]


def is_possible() -> bool:
    """Whether this Bascule may start at login: a portable copy leaves nothing on the computer."""
    return portable_folder() is None


def is_enabled() -> bool:
    """Whether the system starts Bascule at login. Never asked of a portable copy: an entry is that
    of an installed one.
    """
    if not is_possible():
        return False
    if sys.platform == "win32":
        return _read_run_value() is not None
    try:
        held = _entry_file().read_bytes()
    except OSError:
        return False
    return sys.platform == "darwin" or entry_is_on(held.decode("utf-8", "replace"))


def set_enabled(enabled: bool) -> None:
    """Let the system start Bascule at login, or not. Raises: OSError, also for a portable copy."""
    if not is_possible():
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
    command = start_command()
    home = os.environ.get(HOME_VARIABLE)
    if sys.platform == "win32":
        _write_run_value(run_value(command) if enabled else None)
        return
    file = _entry_file()
    if not enabled:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "darwin":
        entry = launch_agent(command, home)
    else:
        entry = desktop_entry(command, home).encode()
    replace_file(file, (entry,), mode=ORDINARY)


def desktop_entry(command: Sequence[str], home: str | None = None) -> str:
    """The XDG autostart file that runs ``command`` (Desktop Entry Specification 1.5).

    ``home`` is a BASCULE_HOME to keep.
    """
    words = ["env", f"{HOME_VARIABLE}={home}", *command] if home else command
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=Bascule",
        "Comment=Starts your relays and waits in the tray",
        "Comment[fr]=Démarre vos relais et attend dans la zone de notification",
        "Icon=bascule",
        f"Exec={' '.join(map(_exec_word, words))}",
        "Terminal=false",
        "X-GNOME-Autostart-enabled=true",
    ]
    return "\n".join(lines) + "\n"


def entry_is_on(text: str) -> bool:
    """Whether an XDG autostart file is in force: a person may have switched it off elsewhere."""
    off = r"(?im)^\s*(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$"
    return re.search(off, text) is None


def launch_agent(command: Sequence[str], home: str | None = None) -> bytes:
    """The property list of the LaunchAgent that runs ``command`` at login (launchd.plist(5))."""
    agent: dict[str, object] = {
        "Label": _LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "ProcessType": "Interactive",
        "LimitLoadToSessionType": "Aqua",
    }
    if home:
        agent["EnvironmentVariables"] = {HOME_VARIABLE: home}
    return plistlib.dumps(agent)


def run_value(command: Sequence[str]) -> str:
    """The command line for the Run key of the registry."""
    return subprocess.list2cmdline(command)


def _exec_word(word: str) -> str:
    """Quote one word of an Exec line: "The Exec key", and escapes of a string value above that."""
    word = word.replace("%", "%%")
    if re.fullmatch(r"[A-Za-z0-9_@%+=:,./-]+", word):
        return word
    inner = re.sub(r'(["`$\\])', r"\\\1", word)
    return '"' + inner.replace("\\", "\\\\") + '"'


def _entry_file() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"
    config = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(config) if config.startswith("/") else Path.home() / ".config"
    return base / "autostart" / "bascule.desktop"


if sys.platform == "win32":
    import winreg

    def _read_run_value() -> str | None:
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                return str(winreg.QueryValueEx(key, _RUN_NAME)[0])
        except FileNotFoundError:
            return None

    def _write_run_value(value: str | None) -> None:
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
            if value is not None:
                winreg.SetValueEx(key, _RUN_NAME, 0, winreg.REG_SZ, value)
                return
            try:
                winreg.DeleteValue(key, _RUN_NAME)
            except FileNotFoundError:
                pass
