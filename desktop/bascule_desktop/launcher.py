"""Owns starting the engine's process so that it outlives the desktop, and hearing why it did not.

The engine is a session of its own, writes to files only, and is nobody's window. What it does is
not known here.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bascule.control.client import Client
from bascule.control.rendezvous import Rendezvous
from bascule.errors import BasculeError, ControlError, ErrorCode, Problem
from bascule.places import HOME_VARIABLE, Places

LATE_SECONDS = 10.0
"""How long a start may take before it is said to take long."""

_POLL_SECONDS = 0.02
_RIVAL_SECONDS = 1.0
_END_SECONDS = 2.0
_LONGEST_LOG_BYTES = 256 * 1024
_TAIL_CHARACTERS = 2000


def is_own_program() -> bool:
    """Whether this is the built program, and not Python that runs it."""
    return bool(getattr(sys, "frozen", False))


def program_command() -> list[str]:
    """The program and words that start this installation's command line."""
    if is_own_program():
        name = "bascule.exe" if sys.platform == "win32" else "bascule"
        return [str(Path(sys.executable).with_name(name))]
    # -P: the working folder is the person's, and a file bascule.py in it is not ours.
    return [sys.executable, "-P", "-m", "bascule"]


def engine_command() -> list[str]:
    """The program and words that start the engine of this installation."""
    return [*program_command(), "engine"]


def desktop_command() -> list[str]:
    """The program that starts this installation's desktop."""
    if is_own_program():
        return [sys.executable]
    name = "bascule-desktop.exe" if sys.platform == "win32" else "bascule-desktop"
    script = Path(sys.executable).with_name(name)
    return [str(script)] if script.is_file() else [sys.executable, "-P", "-m", "bascule_desktop"]


def start_again() -> subprocess.Popen[bytes]:
    """Start another desktop, which outlives this one. Raises: OSError."""
    return start_apart(desktop_command())


def start_apart(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a program that outlives this one and says nothing. Raises: OSError."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=_creation_flags(),
    )


def no_window() -> int:
    """The creation flag without which a program of the console opens one on Windows."""
    return subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0


class Launcher:
    """Starts engines of one user, one after another."""

    def __init__(self, places: Places, command: list[str] | None = None) -> None:
        self._places = places
        self._command = command or engine_command()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._log_begins = 0
        self._anew = False

    @property
    def log_file(self) -> Path:
        """Where the engine's last words go."""
        return self._places.logs / "engine-crash.log"

    async def launch(
        self,
        connect: Callable[[], Awaitable[Client]],
        late: Callable[[Problem], None] = lambda _problem: None,
    ) -> Client:
        """Start the engine and connect as soon as it listens, however long it takes: a virus
        scanner may read through it first. ``late`` is told when that takes long.

        Raises:
            ControlError: ENGINE_NOT_RUNNING with the facts ``status``, ``log`` (the file) and
                ``tail`` (its last lines) where it ended; and what ``connect`` raises otherwise.
        """
        self._anew = False
        process = self._spawn()
        begun = time.monotonic()
        told = False
        ended_at: float | None = None
        while True:
            try:
                return await connect()
            except BasculeError as exc:
                # One that listens may still be too busy to answer.
                busy = exc.code is ErrorCode.ENGINE_LOST and process.poll() is None
                if exc.code is not ErrorCode.ENGINE_NOT_RUNNING and not busy:
                    raise
            now = time.monotonic()
            if (status := process.poll()) is not None:
                # Another client may have started one in the same moment: then ours gave way.
                ended_at = now if ended_at is None else ended_at
                if now - ended_at >= _RIVAL_SECONDS:
                    raise self._failure(status)
            elif self._anew:
                self._anew = told = False
                if Rendezvous(self._places.runtime).vacant:  # else it has begun, and may be at work
                    await _end(process)
                    if process.poll() is not None:
                        process = self._spawn()
                begun = time.monotonic()
            elif not told and now - begun >= LATE_SECONDS:
                told = True
                late(_late(self.log_file))
            await asyncio.sleep(_POLL_SECONDS)

    def start_anew(self) -> None:
        """End the process that ``launch`` waits for, where it has not begun its work, and start
        another one in its place.
        """
        self._anew = True

    def _spawn(self) -> subprocess.Popen[bytes]:
        # Asking takes an ended one off the system's list; one that is just ending stays on ours.
        self._processes = [process for process in self._processes if process.poll() is None]
        environment = dict(os.environ)
        if home := environment.get(HOME_VARIABLE):
            environment[HOME_VARIABLE] = str(Path(home).absolute())  # the folder changes below
        grown = _size(self.log_file)
        self._log_begins = grown if grown < _LONGEST_LOG_BYTES else 0
        try:
            self._places.logs.mkdir(parents=True, exist_ok=True)
            with self.log_file.open("ab" if self._log_begins else "wb") as log:
                process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=Path.home(),
                    env=environment,
                    close_fds=True,
                    start_new_session=True,
                    creationflags=_creation_flags(),
                )
        except OSError as exc:
            raise ControlError(
                f"the engine cannot be started: {exc.strerror or exc}",
                code=ErrorCode.ENGINE_NOT_RUNNING,
                program=self._command[0],
                why=exc.strerror or str(exc),
            ) from exc
        self._processes.append(process)
        return process

    def _failure(self, status: int) -> ControlError:
        tail = _tail(self.log_file, self._log_begins)
        said = f"the engine ended with status {status}"
        return ControlError(
            said + (f": {tail.splitlines()[-1]}" if tail else ""),
            code=ErrorCode.ENGINE_NOT_RUNNING,
            status=status,
            log=str(self.log_file),
            tail=tail,
        )


def _late(log: Path) -> Problem:
    said = f"the engine has not answered for {LATE_SECONDS:g} seconds"
    return Problem(ErrorCode.ENGINE_NOT_RUNNING, said, None, {"late": True, "log": str(log)})


async def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, first in order and then by force; one that the system holds may go on."""
    for end in (process.terminate, process.kill):
        with contextlib.suppress(OSError):  # Windows: it is just ending
            end()
        deadline = time.monotonic() + _END_SECONDS
        while process.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110 - it cannot wake us
            await asyncio.sleep(_POLL_SECONDS)


def _creation_flags() -> int:
    if sys.platform == "win32":
        return no_window() | subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _tail(file: Path, begin: int) -> str:
    try:
        said = file.read_bytes()[begin:]
    except OSError:
        return ""
    return said.decode("utf-8", "replace").strip()[-_TAIL_CHARACTERS:]
