"""Owns making way for who replaces the program's files: window and engine end, and come back.

For an installer that cannot remember what it ended (Windows Installer hears no exit status). Who
makes way leaves a note in the runtime folder; coming back honours it once.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bascule.control.handover import end_engine
from bascule.control.rendezvous import Rendezvous, read_note, remove_note, write_note
from bascule.errors import BasculeError
from bascule.spec.codec import to_data
from bascule_desktop import launcher
from bascule_desktop.single_instance import SingleInstance

_HONOURED_SECONDS = 3600.0
_TOKEN_QUERY = 0x0008
_TOKEN_ELEVATION_TYPE, _ELEVATED = 18, 2  # winnt.h: TokenElevationType, TokenElevationTypeFull


@dataclass(frozen=True, slots=True)
class _Ended:
    """What was asked to end, ``at`` seconds since the epoch."""

    at: float
    window: bool
    engine: bool


def make_way(folder: Path) -> bool:
    """End this user's window and engine in order, without a question; whether either ran. The next
    engine starts the relays that ran. Blocks. Raises: OSError where the note cannot be written.
    """
    window = SingleInstance(folder).ask_to_leave()
    engine = False
    with contextlib.suppress(BasculeError):  # none runs, or it is not to be ended
        asyncio.run(end_engine(Rendezvous(folder), resume=True))
        engine = True
    if window or engine:  # a second call, by the older version that goes, forgets nothing
        write_note(_file(folder), to_data(_Ended(time.time(), window, engine), keep_defaults=True))
    return window or engine


def come_back(folder: Path) -> bool:
    """Start what ``make_way`` has ended; whether the window is to be started, by the caller. The
    note is removed. Raises: OSError where a program cannot be started.
    """
    note = read_note(_Ended, _file(folder))
    if note is None:
        return False
    remove_note(_file(folder))
    if not 0 <= time.time() - note.at < _HONOURED_SECONDS:
        return False
    if _elevated():
        # An administrator's rights are for the installer. What the person's own shell starts has
        # none; it takes no words, so the window is seen.
        shell = str(Path(os.environ.get("SystemRoot", r"C:\Windows"), "explorer.exe"))  # noqa: SIM112
        launcher.start_apart([shell, *launcher.desktop_command()[:1]])
        return False
    if not note.window:
        launcher.start_apart(launcher.engine_command())
    return note.window


def _file(folder: Path) -> Path:
    return folder / "made-way.json"


def _elevated() -> bool:
    """Whether this process has more rights than what the person starts (Windows' consent)."""
    if sys.platform != "win32":
        return False
    kernel, advapi = ctypes.WinDLL("kernel32"), ctypes.WinDLL("advapi32")
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    token, kind, length = ctypes.c_void_p(), ctypes.c_ulong(), ctypes.c_ulong()
    process = ctypes.c_void_p(kernel.GetCurrentProcess())
    if not advapi.OpenProcessToken(process, _TOKEN_QUERY, ctypes.byref(token)):
        return False
    advapi.GetTokenInformation(
        token, _TOKEN_ELEVATION_TYPE, ctypes.byref(kind), ctypes.sizeof(kind), ctypes.byref(length)
    )
    kernel.CloseHandle(token)
    return kind.value == _ELEVATED
