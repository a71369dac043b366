"""Owns the facts the engine tells: states, counters and events, as frozen data.

No behaviour, no I/O. Times are seconds since the epoch (UTC) as float; ``up`` is source → target,
``down`` is target → source, both in bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bascule.errors import Problem


class RelayState(StrEnum):
    """Where a relay is in its life."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"
    FAILED = "failed"
    STOPPING = "stopping"


ACTIVE = frozenset({RelayState.STARTING, RelayState.RUNNING, RelayState.WAITING})
"""The states of a relay that was started and neither stopped nor failed."""


class LogLevel(StrEnum):
    """How much a log line matters."""

    INFO = "info"
    WARNING = "warning"
    PROBLEM = "problem"


class TransferState(StrEnum):
    """Where a transfer of files is. Only ``COMPLETE`` means that all of it has arrived in order."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"


class Stage(StrEnum):
    """One step on the way to a working relay, as a test reports it."""

    LISTEN = "listen"
    RESOLVE = "resolve"
    CONNECT = "connect"
    PROXY = "proxy"
    TLS = "tls"
    OPEN_DEVICE = "open_device"
    FIRST_BYTE = "first_byte"


@dataclass(frozen=True, slots=True)
class RelayStatus:
    """The state of one relay and why it is so.

    ``retry_at`` is set while WAITING: when the next try begins. ``listening`` holds the addresses
    really bound (``127.0.0.1:2001``). ``exposed``: reachable from the network without an allow-list
    or TLS with client certificates. ``since``: when this state began.
    """

    state: RelayState = RelayState.STOPPED
    problem: Problem | None = None
    retry_at: float | None = None
    listening: tuple[str, ...] = ()
    exposed: bool = False
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """One live connection. ``number`` is unique within its relay while the engine runs."""

    number: int
    peer: str
    since: float
    up: int = 0
    down: int = 0
    connected: bool = False


@dataclass(frozen=True, slots=True)
class RelayChanged:
    """A relay went into another state."""

    kind: ClassVar[str] = "relay_changed"
    relay: str
    status: RelayStatus


@dataclass(frozen=True, slots=True)
class ConnectionOpened:
    """A peer was admitted (``connected`` False) or has reached the target (True)."""

    kind: ClassVar[str] = "connection_opened"
    relay: str
    connection: ConnectionStatus


@dataclass(frozen=True, slots=True)
class ConnectionClosed:
    """A connection ended; ``problem`` is None where both ends finished in order."""

    kind: ClassVar[str] = "connection_closed"
    relay: str
    number: int
    up: int
    down: int
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Counters of one relay since it was started, twice a second while something moves.

    ``connections`` lists (number, up, down) of the live connections that moved since the last
    sample.
    """

    kind: ClassVar[str] = "traffic"
    relay: str
    at: float
    up: int
    down: int
    connections: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a relay's log, in English, without secrets."""

    kind: ClassVar[str] = "log_line"
    relay: str
    at: float
    level: LogLevel
    text: str
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class TransferStatus:
    """How far one transfer of files is. ``number`` is unique within its relay while the engine
    runs; ``name`` is the file under way, or the last one.

    ``bytes_done`` counts the content of files, ``total_bytes`` and ``total_files`` are None where
    nobody said them. ``passed_over`` is what could not be carried (sockets, devices, what cannot be
    read). ``sha256`` is that of the last complete file, in hexadecimal. ``bytes_per_second`` is the
    rate of the last seconds, at the end that of the whole. ``since`` and ``at`` are when it began
    and when this was so.
    """

    number: int
    sending: bool
    state: TransferState = TransferState.RUNNING
    name: str = ""
    bytes_done: int = 0
    files_done: int = 0
    total_bytes: int | None = None
    total_files: int | None = None
    passed_over: int = 0
    sha256: str = ""
    bytes_per_second: float = 0.0
    since: float = 0.0
    at: float = 0.0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class TransferChanged:
    """A transfer has begun, gone on (told at most twice a second) or ended."""

    kind: ClassVar[str] = "transfer_changed"
    relay: str
    transfer: TransferStatus


@dataclass(frozen=True, slots=True)
class RecordingChanged:
    """Somebody switched the recording of a relay's traffic on or off."""

    kind: ClassVar[str] = "recording_changed"
    relay: str
    on: bool


class Outcome(StrEnum):
    """How far a measurement is. CONFIRMED: the other side has said that it has everything.
    UNCONFIRMED: all was sent, and it said nothing. INTERRUPTED: not all could be sent.
    """

    RUNNING = "running"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Measurement:
    """How fast a way is. ``seconds`` is the time from the first byte until the other side had
    everything (CONFIRMED), else until the last byte had left; ``sent`` and ``received`` are bytes,
    ``begun_at`` is when it began. ``samples`` are (seconds, sent, received) up to a moment, about
    two a second, fewer where it lasts long.
    """

    outcome: Outcome
    begun_at: float
    seconds: float
    sent: int
    received: int
    samples: tuple[tuple[float, int, int], ...] = ()

    @property
    def bytes_per_second(self) -> float:
        """The mean of the way that was measured: what was sent; where that is nothing, received."""
        return (self.sent or self.received) / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """How a measurement of a relay goes: now and then while it runs, and when it has ended."""

    kind: ClassVar[str] = "measured"
    relay: str
    measurement: Measurement


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check of a target went: ``problem`` is None where it answered, after so many
    ``milliseconds``.
    """

    at: float
    milliseconds: float
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A relay that checks its target has done so."""

    kind: ClassVar[str] = "checked"
    relay: str
    check: CheckResult


@dataclass(frozen=True, slots=True)
class StageResult:
    """How one step of a test went. ``subject`` names the thing (``10.0.0.3:1080``, ``COM5``).

    ``done`` False means: begun. ``detail`` is what was learnt (an address, a cipher), if anything.
    """

    stage: Stage
    subject: str
    done: bool
    problem: Problem | None = None
    detail: str = ""
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ProfileRemoved:
    """A profile was deleted (it can be restored)."""

    kind: ClassVar[str] = "profile_removed"
    relay: str


type RelayEvent = (
    RelayChanged
    | ConnectionOpened
    | ConnectionClosed
    | Traffic
    | LogLine
    | TransferChanged
    | Measured
    | Checked
)
"""All that a running relay tells. The engine adds what becomes of profiles (``snapshot.Event``)."""
