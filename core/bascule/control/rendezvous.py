"""Owns where client and engine meet: the runtime folder, the engine's lock, and ``engine.json``.

The lock is the operating system's and is held for the engine's life, so a crash frees it. Who only
looks shares it for an instant, which keeps nobody from claiming it. Nothing here opens a
connection.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bascule.control.messages import PROTOCOL
from bascule.errors import BasculeError, ControlError, ErrorCode
from bascule.spec.codec import from_data, to_data
from bascule.whole_file import once_free, replace_file

_LONGEST_SOCKET_PATH_BYTES = 100  # sun_path is 104 bytes on macOS, 108 on Linux, with its NUL
_TRIES = 100
_BETWEEN_TRIES_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Meeting:
    """What ``engine.json`` says: where the engine listens, and what proves that one may enter.

    ``address`` is ``unix:PATH`` or ``tcp:HOST:PORT``; ``token`` is 64 hex digits.
    """

    address: str
    token: str
    pid: int
    version: str
    protocol: int = PROTOCOL


class Rendezvous:
    """The meeting place below one runtime folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[bytes] | None = None

    @property
    def _meeting_file(self) -> Path:
        return self.folder / "engine.json"

    @property
    def socket_path(self) -> Path | None:
        """Where the Unix socket goes; None where the path would be too long for the system."""
        path = self.folder / "engine.sock"
        return path if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH_BYTES else None

    def prepare(self) -> None:
        """Make the folder, for this user alone (0700)."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if sys.platform != "win32":
            info = self.folder.stat()
            if info.st_uid != os.getuid():
                raise ControlError(
                    f"{self.folder} belongs to somebody else", code=ErrorCode.INTERNAL
                )
            if stat.S_IMODE(info.st_mode) != 0o700:
                self.folder.chmod(0o700)

    def claim(self) -> None:
        """Become the one engine of this user. Raises: ControlError ENGINE_ALREADY_RUNNING."""
        self.prepare()
        lock = (self.folder / "engine.lock").open("a+b")
        try:
            _claim_now(lock)
        except OSError as exc:
            lock.close()
            meeting = self.read()
            which = f" (process {meeting.pid})" if meeting else ""
            raise ControlError(
                f"Bascule's engine is already running{which}",
                code=ErrorCode.ENGINE_ALREADY_RUNNING,
                pid=meeting.pid if meeting else 0,
            ) from exc
        self._lock = lock
        remove_note(self._meeting_file)  # of an engine that was killed

    def announce(self, meeting: Meeting) -> None:
        """Write ``engine.json`` atomically, for this user alone (0600); as ``write_note``."""
        # The lock is ours: nobody else writes it.
        write_note(self._meeting_file, to_data(meeting, keep_defaults=True))

    def read(self) -> Meeting | None:
        """What the engine announced; None where nothing readable is there, or not by this user."""
        return read_note(Meeting, self._meeting_file)

    @property
    def vacant(self) -> bool:
        """Whether no engine of this user lives, be it one that is just beginning or ending."""
        try:
            with (self.folder / "engine.lock").open("a+b") as lock:
                _lock_now(lock, shared=True)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return True

    def leave(self) -> None:
        """Withdraw the announcement and free the lock."""
        if self._lock is None:
            return
        remove_note(self._meeting_file)
        if self.socket_path is not None:
            self.socket_path.unlink(missing_ok=True)
        self._lock.close()
        self._lock = None


def write_note(path: Path, data: object) -> None:
    """Write JSON for this user alone, in a folder that exists. Blocks. Raises: OSError."""
    replace_file(path, (json.dumps(data).encode(),))


def remove_note(path: Path) -> None:
    """Remove what ``write_note`` wrote, if it is there. Raises: OSError."""
    once_free(lambda: path.unlink(missing_ok=True))


def read_note[T](kind: type[T], path: Path) -> T | None:
    """What ``write_note`` wrote; None where nothing readable is there, or not by this user."""
    try:
        with path.open(encoding="utf-8") as file:
            if sys.platform != "win32" and os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            return from_data(kind, json.load(file))
    except (OSError, ValueError, RecursionError, BasculeError):
        return None


def _claim_now(file: IO[bytes]) -> None:
    """Lock a file for this process alone, or raise OSError at once where another one has done so.
    Those who share it are waited for, at most two seconds: they only look.
    """
    for _ in range(_TRIES):
        try:
            _lock_now(file)
        except OSError:
            with Path(file.name).open("a+b") as look:
                _lock_now(look, shared=True)
            time.sleep(_BETWEEN_TRIES_SECONDS)
        else:
            return
    _lock_now(file)


def _lock_now(file: IO[bytes], *, shared: bool = False) -> None:
    """Lock a file for this process, alone or as one of those who share it, until it is closed; or
    raise OSError at once.
    """
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        # Of msvcrt's own, none can be shared. What is locked is the first byte, as it locks it.
        at_once, alone = 1, 2  # LOCKFILE_FAIL_IMMEDIATELY, LOCKFILE_EXCLUSIVE_LOCK
        handle = ctypes.c_void_p(msvcrt.get_osfhandle(file.fileno()))
        overlapped = ctypes.create_string_buffer(32)
        lock = ctypes.WinDLL("kernel32", use_last_error=True).LockFileEx
        if not lock(handle, at_once | (0 if shared else alone), 0, 1, 0, overlapped):
            raise ctypes.WinError(ctypes.get_last_error())
    else:
        import fcntl

        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
