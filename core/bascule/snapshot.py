"""Owns the engine's whole state as frozen data: what a watcher gets first, then keeps by events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bascule.errors import Problem
from bascule.events import (
    CheckResult,
    ConnectionStatus,
    LogLine,
    Measurement,
    ProfileRemoved,
    RecordingChanged,
    RelayEvent,
    RelayStatus,
    TransferStatus,
)
from bascule.spec.profiles import Profile


@dataclass(frozen=True, slots=True)
class ProfileView:
    """One profile and its relay as they are now.

    ``profile`` is None where the file cannot be read; ``broken`` then says why and ``file`` where.
    ``connection_count`` counts all live connections, ``connections`` lists the first 500.
    ``recording``: what passes is recorded, for whoever asks. ``transfers`` holds those of files
    that are under way and the last that have ended, oldest first. ``measurement`` is the last one,
    and ``checks`` are the last ones, oldest first, where the relay makes any.
    """

    id: str
    file: str
    profile: Profile | None = None
    broken: Problem | None = None
    status: RelayStatus = RelayStatus()
    connections: tuple[ConnectionStatus, ...] = ()
    connection_count: int = 0
    up: int = 0
    down: int = 0
    log: tuple[LogLine, ...] = ()
    recording: bool = False
    transfers: tuple[TransferStatus, ...] = ()
    measurement: Measurement | None = None
    checks: tuple[CheckResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the engine knows, at one moment."""

    kind: ClassVar[str] = "snapshot"
    profiles: tuple[ProfileView, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileSaved:
    """A profile is new, was changed, or was restored."""

    kind: ClassVar[str] = "profile_saved"
    view: ProfileView


type Event = RelayEvent | RecordingChanged | ProfileSaved | ProfileRemoved | Snapshot
"""All that ``engine.watch`` can say. A snapshot replaces everything known before."""
