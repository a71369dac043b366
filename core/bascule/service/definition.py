"""Owns what the service is on every system: its name, its command, its verbs and its states."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

NAME = "Bascule"
"""What Windows calls the service; it never changes, as its account's identifier is made of it."""

TITLE = "Bascule engine"
DESCRIPTION = "Runs the relays of this computer that start with the engine, before anybody logs in."


class State(StrEnum):
    """What the system says of the service."""

    ABSENT = "not installed"
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Status:
    """The service as it is now. ``pid`` is 0 where none runs or the system does not tell;
    ``why`` is a sentence where it ended with an error.
    """

    state: State
    pid: int = 0
    why: str = ""


class Service(Protocol):
    """The service of one system. Each verb returns when the system has done it.

    All raise OSError with a sentence; PermissionError where the person may not.
    """

    def install(self) -> str:
        """Let the system start the engine from now on; what a person is told. Again: repairs."""
        ...

    def start(self) -> None:
        """Start it; nothing to do where it runs."""
        ...

    def stop(self) -> None:
        """Let it end in order; nothing to do where it does not run."""
        ...

    def remove(self, *, purge: bool) -> str:
        """Stop it and forget it; what a person is told. ``purge``: its profiles too."""
        ...

    def status(self) -> Status:
        """What the system says of it."""
        ...

    def show(self) -> str:
        """What ``install`` tells the system, as text."""
        ...


def program_command() -> tuple[str, ...]:
    """The program and words that start the command line of this installation."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    # -P: a service's folder is not ours, and a file bascule.py in it would be taken for us.
    return (sys.executable, "-P", "-m", "bascule")


def typed(words: str) -> str:
    """``bascule`` with these words as a person can type it on this computer: with the program's
    whole path where ``bascule`` alone would not be found, or would be another one.
    """
    found = shutil.which("bascule")
    program = Path(sys.executable)
    if not getattr(sys, "frozen", False) or (found and Path(found).resolve() == program.resolve()):
        return f"bascule {words}"
    if " " not in str(program):
        return f"{program} {words}"
    note = " (in PowerShell, type & before it)" if sys.platform == "win32" else ""
    return f'"{program}" {words}{note}'
