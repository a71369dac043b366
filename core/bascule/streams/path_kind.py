"""Owns what a path leads to, found out without opening it: opening alone may reset a device."""

from __future__ import annotations

import os
import stat
import sys
from enum import StrEnum
from pathlib import Path

_PTS_MAJORS = range(136, 144)
_TTY_NAMES = ("/dev/tty", "/dev/cu.", "/dev/pts/", "/dev/console")


class PathKind(StrEnum):
    """What a path leads to, through links."""

    MISSING = "missing"
    FILE = "file"
    FOLDER = "folder"
    TERMINAL = "terminal"
    FIFO = "fifo"
    SOCKET = "socket"
    DEVICE = "device"


def path_kind(path: str) -> PathKind:
    """Say what a path leads to. What cannot be looked at is a file: opening it says why."""
    try:
        status = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return PathKind.MISSING
    except (OSError, ValueError):
        return PathKind.FILE
    mode = status.st_mode
    if stat.S_ISDIR(mode):
        return PathKind.FOLDER
    if stat.S_ISFIFO(mode):
        return PathKind.FIFO
    if stat.S_ISSOCK(mode):
        return PathKind.SOCKET
    if stat.S_ISCHR(mode):
        device = getattr(status, "st_rdev", 0)
        return PathKind.TERMINAL if _is_terminal(path, device) else PathKind.DEVICE
    return PathKind.DEVICE if stat.S_ISBLK(mode) else PathKind.FILE


def _is_terminal(path: str, device: int) -> bool:
    if sys.platform == "linux":
        major, minor = os.major(device), os.minor(device)
        if major in _PTS_MAJORS:
            return True
        try:
            return Path(f"/sys/dev/char/{major}:{minor}/subsystem").readlink().name == "tty"
        except OSError:
            pass  # no sysfs here: the name must do
    return os.path.realpath(path).startswith(_TTY_NAMES)
