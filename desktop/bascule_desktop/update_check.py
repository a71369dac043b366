"""Owns looking for a newer Bascule: when, by whom, and what came of it.

The command line does it (``bascule update --json``), in a process of its own that ends by itself:
the desktop makes no connection, and what is slow or broken out there holds nothing up here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, QProcess, Qt, QTimer, Signal

from bascule.errors import BasculeError, ErrorCode, Problem
from bascule.managed import update_address
from bascule.spec.codec import from_data
from bascule.spec.releases import Release, ReleaseFile
from bascule_desktop.launcher import program_command
from bascule_desktop.settings import Settings

BETWEEN_LOOKS_SECONDS = 7 * 24 * 3600
"""How often it is looked by itself, where the person wants that."""

_PATIENCE_MILLISECONDS = 60_000
_PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known: a release, and whether it is newer than this one; or why nothing is."""

    release: Release | None = None
    newer: bool = False
    problem: Problem | None = None


def is_due(settings: Settings, now: float) -> bool:
    """Whether it is time to look by itself; ``now`` in seconds since the epoch. Without an address,
    or where updates are turned off, it never is.
    """
    if not settings.looks_for_updates:
        return False
    try:
        update_address()
    except BasculeError:
        return False
    last = settings.looked_for_updates_at
    return not last.isdecimal() or not 0 <= now - int(last) < BETWEEN_LOOKS_SECONDS


class UpdateCheck(QObject):
    """Looks once. Deleting it ends the process."""

    done = Signal(object)
    """What came of it: a ``Looked``. Told once."""

    def __init__(self, parent: QObject | None = None, command: Sequence[str] = ()) -> None:
        super().__init__(parent)
        program, *words = command or [*program_command(), "update", "--json"]
        self._told = False
        self._process = QProcess(self)
        self._process.finished.connect(self._on_finished)
        # Queued: on Windows a program that is not there fails before anybody could listen to us.
        self._process.errorOccurred.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._process.kill)
        self._limit.start(_PATIENCE_MILLISECONDS)
        self._process.start(program, words)
        self._process.closeWriteChannel()

    def stop(self) -> None:
        """Look no more; nothing is told."""
        self._told = True
        self._process.kill()
        self._process.waitForFinished()

    def _on_finished(self, *_: object) -> None:
        if self._told:
            return
        self._told = True
        self._limit.stop()
        self.done.emit(read_answer(self._process.readAllStandardOutput().data()))


def read_answer(said: bytes | bytearray | memoryview) -> Looked:
    """What ``bascule update --json`` has printed."""
    try:
        answer = cast(dict[str, Any], json.loads(bytes(said)))
        if answer.get("problem") is not None:
            return Looked(problem=from_data(Problem, answer["problem"]))
        return Looked(from_data(Release, answer["release"]), answer["newer"] is True)
    except (ValueError, KeyError, AttributeError, TypeError, BasculeError):
        why = "the program that looks for it ended without an answer"
        return Looked(problem=Problem(ErrorCode.RELEASE_UNREADABLE, why, facts={"why": why}))


class Verdict(StrEnum):
    """What a downloaded file is."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"


def judge(release: Release, path: Path) -> tuple[Verdict, ReleaseFile | None]:
    """Compare a downloaded file with what the release says of it, by its SHA-256 (FIPS 180-4); and
    the file of the release that it is or should be. Raises: OSError.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    found = digest.hexdigest()
    for known in release.files:
        if known.sha256 == found:
            return Verdict.WHOLE, known
    for known in release.files:
        if known.name == path.name:
            return Verdict.DAMAGED, known
    return Verdict.UNKNOWN, None
