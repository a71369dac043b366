"""Owns the service where the system reads a file to know of it: writing that file, and telling.

What is in the file, and which commands the system takes, is data, in ``systemd`` and ``launchd``.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bascule.places import is_fleeting
from bascule.service.definition import State, Status, program_command, typed
from bascule.whole_file import replace_file

_SECONDS = 90
"""How long the system may take for one command: as long as systemd gives a service to end."""

type Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One system's way to know of the service: a file, and commands for each verb.

    ``load`` has the system read the file, also when it has read another one before; ``install``
    comes after it. ``status`` succeeds exactly while it runs, and ends with one of ``stopped``
    where it does not. ``note`` is what a person has to know.
    """

    file: Path
    text: str
    load: tuple[Command, ...]
    install: tuple[Command, ...]
    start: Command
    stop: Command
    status: Command
    stopped: tuple[int, ...]
    before_removal: tuple[Command, ...]
    after_removal: tuple[Command, ...] = ()
    note: str = ""


class EntryService:
    """The service that one entry describes."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def install(self) -> str:
        entry = self._entry
        program = program_command()[0]
        if is_fleeting(program):
            raise OSError(
                0,
                f"Bascule runs from a disk image or from a folder that macOS lends it ({program}), "
                "which is not there when the computer starts: move it to the Applications folder, "
                "and install the service from there",
            )
        before = entry.file.read_bytes() if entry.file.is_file() else None
        entry.file.parent.mkdir(parents=True, exist_ok=True)
        _write(entry.file, entry.text.encode())
        try:
            for command in (*entry.load, *entry.install):
                _run(command)
        except OSError:
            with contextlib.suppress(OSError):
                self._undo(before)
            raise
        return f"Bascule's service is installed ({entry.file}). {entry.note}".strip()

    def _undo(self, before: bytes | None) -> None:
        """Leave the system as it was, as far as can be: the first error is the one to be told.
        ``before``: what was in the file of a service that was there already; it stays, and the
        system reads it again. Raises: OSError where the file cannot be as it was.
        """
        if before is not None:
            _write(self._entry.file, before)
        for command in self._entry.before_removal if before is None else self._entry.load:
            with contextlib.suppress(OSError):
                _run(command)
        if before is None:
            self._entry.file.unlink()

    def start(self) -> None:
        self._installed()
        _run(self._entry.start)

    def stop(self) -> None:
        self._installed()
        _run(self._entry.stop)

    def remove(self, *, purge: bool) -> str:
        if purge:
            raise OSError(0, "this service runs your own profiles: --purge is for Windows only")
        self._installed()
        for command in self._entry.before_removal:
            _run(command)
        self._entry.file.unlink()
        for command in self._entry.after_removal:
            _run(command)
        return "Bascule's service is removed; your profiles stay"

    def status(self) -> Status:
        if not self._entry.file.is_file():
            return Status(State.ABSENT)
        stopped = _run(self._entry.status, may=self._entry.stopped)
        return Status(State.STOPPED if stopped else State.RUNNING)

    def show(self) -> str:
        return f"# {self._entry.file}\n{self._entry.text}"

    def _installed(self) -> None:
        if not self._entry.file.is_file():
            raise FileNotFoundError(
                2, f"Bascule's service is not installed: {typed('service install')}"
            )


def find_entry() -> Entry:
    """The entry of the system this runs on, for who runs this."""
    command = (*program_command(), "engine", "--leave-after", "inf")
    if sys.platform == "darwin":
        from bascule.service import launchd

        # `sudo` says for whom: the service is that person's engine, with that person's profiles.
        user = os.environ.get("SUDO_USER") or os.environ.get("USER", "")
        return launchd.entry(command, user, Path("~" + user).expanduser())
    from bascule.service import systemd

    config = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(config) if config.startswith("/") else Path.home() / ".config"
    return systemd.entry(command, base)


def _write(file: Path, content: bytes) -> None:
    """Write what the system reads: whole, and for all to read. Raises: OSError."""
    replace_file(file, (content,), mode=0o644)
    file.chmod(0o644)  # whatever the umask of who installs it


def _run(command: Command, *, may: tuple[int, ...] = ()) -> int:
    """Run one command of the system, which has to end with 0 or as it ``may``; return that.

    Raises: OSError with what it complains of.
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError as exc:
        raise FileNotFoundError(
            2,
            f"there is no {command[0]} here, so this system cannot start Bascule by itself: have "
            f"`{typed('engine --leave-after inf')}` run in the way of your system",
        ) from exc
    except subprocess.TimeoutExpired as exc:
        raise TimeoutError(
            0, f"{' '.join(command)} has not ended within {_SECONDS} seconds"
        ) from exc
    if done.returncode not in (0, *may):
        said = (done.stderr or done.stdout).strip() or f"exit code {done.returncode}"
        raise OSError(0, f"{' '.join(command)}: {said}")
    return done.returncode
