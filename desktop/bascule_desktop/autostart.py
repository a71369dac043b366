"""Owns whether Bascule starts when the person logs in.

The system's own entry (``login_entry``) is the only truth: nothing is remembered beside it. One
whose program is gone starts nothing: it is shown as off, and led to this program when a window
starts, as the person wanted it. One that leads to another Bascule that is there is left alone.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from bascule.places import HOME_VARIABLE, is_fleeting, portable_folder
from bascule_desktop import login_entry
from bascule_desktop.launcher import desktop_command


class FleetingPlaceError(OSError):
    """This program runs from a place where it will not be at the next login."""


def start_command() -> list[str]:
    """The program and words that start this installation's desktop in the tray."""
    return [*desktop_command(), "--hidden"]


def is_possible() -> bool:
    """Whether this Bascule may start at login: a portable copy leaves nothing on the computer."""
    return portable_folder() is None


def is_for_everybody() -> bool:
    """Whether an administrator has set it for everybody: then nobody changes it here."""
    entry = login_entry.read_for_everybody()
    return is_possible() and entry is not None and _is_there(entry.program)


def is_enabled() -> bool:
    """Whether the system starts Bascule at login. Never asked of a portable copy: an entry is that
    of an installed one.
    """
    if not is_possible():
        return False
    entry = login_entry.read()
    return (entry is not None and _is_there(entry.program)) or is_for_everybody()


def set_enabled(enabled: bool) -> None:
    """Let the system start Bascule at login, or not.

    Raises:
        OSError: The system refuses, or this is a portable copy.
        FleetingPlaceError: The entry would lead to where nothing is at the next login.
    """
    if not is_possible():
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
    if not enabled:
        login_entry.remove()
        return
    command = start_command()
    if is_fleeting(command[0]):
        raise FleetingPlaceError(errno.ENOENT, os.strerror(errno.ENOENT), command[0])
    login_entry.write(command, _home())


def repair() -> bool:
    """Lead an entry whose program is gone to this one; whether it was so. The entry of another
    BASCULE_HOME is not ours to change.

    May block: a disk may have to wake up. Raises: OSError.
    """
    entry = login_entry.read() if is_possible() else None
    if entry is None or _is_there(entry.program) or entry.home != _home() or is_for_everybody():
        return False
    set_enabled(True)
    return True


def _home() -> str | None:
    return os.environ.get(HOME_VARIABLE) or None


def _is_there(program: str) -> bool:
    if program.startswith(r"\\"):
        return True  # on another computer: to ask may take long, and it may be off just now
    if not Path(program).is_absolute():
        return shutil.which(program) is not None
    return not is_fleeting(program) and Path(program).is_file()
