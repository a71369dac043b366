"""Owns what the window knows of the engine: one row a relay, kept by the engine's events.

Plain Python: no Qt, no I/O, no clock of its own (``now``, seconds since the epoch, is given).
Nothing is decided here: a state is what the engine said last.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bascule.errors import Problem
from bascule.events import (
    ACTIVE,
    Checked,
    CheckResult,
    ConnectionClosed,
    ConnectionOpened,
    ConnectionStatus,
    LogLine,
    Measured,
    Measurement,
    ProfileRemoved,
    RecordingChanged,
    RelayChanged,
    RelayState,
    RelayStatus,
    Traffic,
    TransferChanged,
    TransferState,
    TransferStatus,
)
from bascule.snapshot import Event, ProfileSaved, ProfileView, Snapshot
from bascule.spec.profiles import Profile

HISTORY_SECONDS = 300.0
SILENCE_SECONDS = 1.5
"""Without a sample for so long, nothing moves: while something does, two a second come."""

_SAMPLE_SECONDS = 0.5
_ENDED_TRANSFERS = 10


@dataclass(frozen=True, slots=True)
class RateSample:
    """Bytes per second, measured up to the moment ``at``."""

    at: float
    up_rate: float
    down_rate: float


@dataclass(slots=True, eq=False)
class Row:
    """One profile and its relay. ``connections`` may hold fewer than ``connection_count`` says."""

    id: str
    file: str = ""
    profile: Profile | None = None
    broken: Problem | None = None
    status: RelayStatus = RelayStatus()
    connections: dict[int, ConnectionStatus] = field(default_factory=dict[int, ConnectionStatus])
    connection_count: int = 0
    up: int = 0
    down: int = 0
    recording: bool = False
    measurement: Measurement | None = None
    checks: deque[CheckResult] = field(default_factory=lambda: deque[CheckResult](maxlen=60))
    rate_up: float = 0.0
    rate_down: float = 0.0
    history: deque[RateSample] = field(default_factory=lambda: deque[RateSample](maxlen=1200))
    log: deque[LogLine] = field(default_factory=lambda: deque[LogLine](maxlen=1000))
    sampled_at: float = 0.0
    transfers: dict[int, TransferStatus] = field(default_factory=dict[int, TransferStatus])

    @property
    def transfer(self) -> TransferStatus | None:
        """The transfer of files that matters most: the newest that is under way, else the last."""
        running = (each for each in self.transfers.values() if _is_running(each))
        return max(running, default=None, key=_number) or max(
            self.transfers.values(), default=None, key=_number
        )

    @property
    def name(self) -> str:
        """What to call it: the profile's name, or the file's where that cannot be read."""
        return self.profile.name if self.profile is not None else self.file or self.id

    @property
    def active(self) -> bool:
        """Whether it was started and not stopped: what a switch shows as on."""
        return self.status.state in ACTIVE

    @property
    def troubled(self) -> bool:
        """Whether it failed, or waits because of a problem."""
        state = self.status.state
        return state is RelayState.FAILED or (
            state is RelayState.WAITING and self.status.problem is not None
        )


class TrayState(StrEnum):
    """All relays in one word."""

    IDLE = "idle"
    RUNNING = "running"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Changes:
    """Which rows are not what they were. ``reset``: all of them may be others.

    ``changed`` covers profile, status and connections; ``traffic`` the counters, rates, history and
    transfers (and the counters of connections); ``log`` the lines.
    """

    reset: bool = False
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    traffic: frozenset[str] = frozenset()
    log: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.reset or bool(
            self.added or self.removed or self.changed or self.traffic or self.log
        )


class Store:
    """The rows, in the engine's order."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self._former: dict[str, Row] = {}
        self._reset = False
        self._before: frozenset[str] = frozenset()
        self._changed: set[str] = set()
        self._traffic: set[str] = set()
        self._log: set[str] = set()

    def apply(self, events: Iterable[Event], now: float) -> Changes:
        """Take what the engine told, in order, and say what that changed."""
        self._begin()
        for event in events:
            self._take(event, now)
        return self._finish()

    def tick(self, now: float) -> Changes:
        """Let rates fall to zero where the engine fell silent; call it about once a second."""
        self._begin()
        for row in self.rows.values():
            if not row.history or now - row.sampled_at < SILENCE_SECONDS:
                continue
            row.rate_up = row.rate_down = 0.0
            row.history.append(RateSample(now, 0.0, 0.0))
            _forget_old(row, now)
            if not any(sample.up_rate or sample.down_rate for sample in row.history):
                row.history.clear()  # a flat line needs no points, and no more ticks
            self._traffic.add(row.id)
        return self._finish()

    def mark_lost(self) -> Changes:
        """The engine is gone: the rows stay, but nothing runs any more."""
        self._begin()
        for row in self.rows.values():
            row.status = RelayStatus()
            row.connections.clear()
            row.connection_count = 0
            row.recording = False
            row.transfers.clear()
            row.rate_up = row.rate_down = 0.0
            self._changed.add(row.id)
        return self._finish()

    def active_ids(self) -> tuple[str, ...]:
        """The relays that run, start or wait."""
        return tuple(row.id for row in self.rows.values() if row.active)

    def overall(self) -> TrayState:
        """The worst that is true of any relay."""
        if any(row.troubled for row in self.rows.values()):
            return TrayState.PROBLEM
        if any(row.active for row in self.rows.values()):
            return TrayState.RUNNING
        return TrayState.IDLE

    def open_connections(self) -> int:
        """Live connections over all relays."""
        return sum(row.connection_count for row in self.rows.values())

    # changes ------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._reset = False
        self._before = frozenset(self.rows)
        self._changed, self._traffic, self._log = set(), set(), set()

    def _finish(self) -> Changes:
        here = frozenset(self.rows)
        added = here - self._before
        old = here & self._before
        return Changes(
            self._reset,
            added,
            self._before - here,
            frozenset(self._changed & old),
            frozenset(self._traffic & old),
            frozenset(self._log & old),
        )

    # events -------------------------------------------------------------------------------------

    def _take(self, event: Event, now: float) -> None:
        match event:
            case Snapshot():
                self._reset = True
                # What a long snapshot cannot hold follows as saved profiles.
                self._former, self.rows = self.rows, {}
                for view in event.profiles:
                    self._show(view, now)
            case ProfileSaved():
                self._show(event.view, now)
            case ProfileRemoved():
                self.rows.pop(event.relay, None)
                self._former.pop(event.relay, None)
            case _:
                row = self.rows.get(event.relay)
                if row is not None:  # the last words of a relay may follow its removal
                    self._take_of_relay(row, event)

    def _show(self, view: ProfileView, now: float) -> None:
        row = self.rows.get(view.id) or self._former.pop(view.id, None) or Row(view.id)
        row.file, row.profile, row.broken = view.file, view.profile, view.broken
        row.status = view.status
        row.connections = {each.number: each for each in view.connections}
        row.connection_count = view.connection_count
        row.up, row.down = view.up, view.down
        row.recording = view.recording
        row.transfers = {each.number: each for each in view.transfers}
        row.measurement = view.measurement
        row.checks.clear()
        row.checks.extend(view.checks)
        row.sampled_at = now
        # Older lines stay: after the engine was restarted they say what happened before.
        older = [line for line in row.log if not view.log or line.at < view.log[0].at]
        row.log.clear()
        row.log.extend((*older, *view.log))
        self.rows[row.id] = row
        self._changed.add(row.id)
        self._traffic.add(row.id)
        self._log.add(row.id)

    def _take_of_relay(
        self,
        row: Row,
        event: RelayChanged
        | ConnectionOpened
        | ConnectionClosed
        | RecordingChanged
        | Traffic
        | TransferChanged
        | Measured
        | Checked
        | LogLine,
    ) -> None:
        match event:
            case RelayChanged():
                row.status = event.status
                if event.status.state is RelayState.STOPPED:
                    row.connections.clear()
                    row.connection_count = 0
                self._changed.add(row.id)
            case ConnectionOpened():
                one = event.connection
                # "Has reached the target" is told of a connection that was counted as it arrived.
                if not one.connected and one.number not in row.connections:
                    row.connection_count += 1
                row.connections[one.number] = one
                self._changed.add(row.id)
            case ConnectionClosed():
                row.connections.pop(event.number, None)
                row.connection_count = max(row.connection_count - 1, len(row.connections))
                self._changed.add(row.id)
            case RecordingChanged():
                row.recording = event.on
                self._changed.add(row.id)
            case Measured():
                row.measurement = event.measurement
                self._changed.add(row.id)
            case Checked():
                row.checks.append(event.check)
                self._changed.add(row.id)
            case Traffic():
                _measure(row, event)
                self._traffic.add(row.id)
            case TransferChanged():
                _take_transfer(row, event.transfer)
                self._traffic.add(row.id)
            case LogLine():
                row.log.append(event)
                self._log.add(row.id)


def _is_running(transfer: TransferStatus) -> bool:
    return transfer.state is TransferState.RUNNING


def _number(transfer: TransferStatus) -> int:
    return transfer.number


def _take_transfer(row: Row, transfer: TransferStatus) -> None:
    """Keep what is told of a transfer, and of those that have ended the last only."""
    row.transfers[transfer.number] = transfer
    ended = [number for number, each in row.transfers.items() if not _is_running(each)]
    for number in sorted(ended)[:-_ENDED_TRANSFERS]:
        del row.transfers[number]


def _measure(row: Row, sample: Traffic) -> None:
    """Take a sample of the counters: rates are the difference to the sample before."""
    seconds = sample.at - row.sampled_at
    if not 0.05 <= seconds <= 2 * _SAMPLE_SECONDS:
        # After a silence the bytes are those of the last half second; a clock may also have jumped.
        seconds = _SAMPLE_SECONDS
    # Counters that fell began anew, at zero.
    row.rate_up = (sample.up - row.up if sample.up >= row.up else sample.up) / seconds
    row.rate_down = (sample.down - row.down if sample.down >= row.down else sample.down) / seconds
    row.up, row.down, row.sampled_at = sample.up, sample.down, sample.at
    row.history.append(RateSample(sample.at, row.rate_up, row.rate_down))
    _forget_old(row, sample.at)
    for number, up, down in sample.connections:
        if number in row.connections:
            row.connections[number] = replace(row.connections[number], up=up, down=down)


def _forget_old(row: Row, now: float) -> None:
    while row.history and row.history[0].at < now - HISTORY_SECONDS:
        row.history.popleft()
