"""Owns the words of the control API: the protocol number, the methods, and the messages' shape.

JSON-RPC 2.0, one object a line, named parameters. Data only; sockets are elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bascule.errors import Problem
from bascule.spec.endpoints import TcpConnect

PROTOCOL = 3
"""Compared exactly by ``engine.hello``; raise it when an old peer would misread a new one.

``engine.hello``, ``engine.stop`` and what ``Client.occupation`` reads of ``profile.list`` never
change: so every version can end every other one in order (``handover``).
"""

LONGEST_MESSAGE_BYTES = 1024 * 1024


class Method(StrEnum):
    """What a client can ask. Parameters and results are the client's typed methods."""

    HELLO = "engine.hello"
    WATCH = "engine.watch"
    STOP_ENGINE = "engine.stop"
    START = "relay.start"
    STOP = "relay.stop"
    TEST = "relay.test"
    CHECK = "target.check"
    RECORD = "relay.traffic.record"
    RECORDED = "relay.traffic.recorded"
    SHARE = "relay.share"
    CLOSE_CONNECTION = "connection.close"
    LIST = "profile.list"
    SAVE = "profile.save"
    CONFIRM = "profile.confirm"
    DELETE = "profile.delete"
    RESTORE = "profile.restore"
    EXPORT = "profile.export"
    READ = "profile.read"
    SERIAL_PORTS = "serial.ports"
    FREE_PORT = "port.free"
    CREATE_CERTIFICATE = "certificate.create"
    CERTIFICATE_FACTS = "certificate.facts"


class Notice(StrEnum):
    """What the engine says unasked."""

    EVENTS = "events"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What the engine says of itself in answer to ``engine.hello``."""

    version: str
    pid: int
    protocol: int = PROTOCOL


@dataclass(frozen=True, slots=True)
class Occupation:
    """What an engine is busy with: the ids of the relays that are on, and all open connections."""

    relays: tuple[str, ...] = ()
    connections: int = 0


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """A host to be checked: all stages on the way to it within ``seconds``; with ``first_byte`` it
    also has to say something by itself.
    """

    target: TcpConnect
    seconds: float = 5.0
    first_byte: bool = False


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """How a check went: ``problem`` is None where the host answered."""

    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """A certificate to be made for ``names`` (DNS names and IP addresses), valid for ``days``.

    With ``own_authority`` it is signed by this computer's own small authority, which is made at
    first use; else it is self-signed.
    """

    names: tuple[str, ...]
    days: int = 397
    own_authority: bool = True
