"""Owns what may stand as source or target: all kinds of ends, and those made of several."""

from __future__ import annotations

from typing import ClassVar

from bascule.errors import ErrorCode, SpecError
from bascule.spec.built_in import Discard, Echo, Room, Stall, Text
from bascule.spec.datagrams import (
    UdpConnect,
    UdpDatagram,
    UdpListen,
    UdpReceive,
    UdpReceiveFrom,
    UdpSendTo,
    UnixReceive,
    UnixReceiveFrom,
    UnixSendTo,
)
from bascule.spec.endpoints import SerialPort, TcpConnect, TcpListen, UnixConnect, UnixListen
from bascule.spec.fields import FieldKind, invalid, spec, spec_field
from bascule.spec.http_answer import HealthAnswer, HttpAnswer
from bascule.spec.local import (
    Descriptor,
    File,
    NamedPipeConnect,
    NamedPipeListen,
    Pipe,
    Program,
    Pty,
    Standard,
)
from bascule.spec.log_collector import LogCollector
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.options import End
from bascule.spec.share_file import ShareFile
from bascule.spec.transfer import ReceiveFiles, SendFiles


@spec(kw_only=True)
class Failover(End):
    """Several targets in order: each connection goes to the first that can be reached."""

    kind: ClassVar[str] = "failover"
    targets: tuple[Target, ...] = spec_field(FieldKind.GROUPS, "the targets, best first")
    check_seconds: float = spec_field(
        FieldKind.SECONDS,
        "try a target that failed again after; until then it is passed over",
        5.0,
        minimum=0,
        maximum=86_400,
    )

    def check(self) -> None:
        if not self.targets:
            raise SpecError("targets is missing", code=ErrorCode.VALUE_MISSING, field="targets")


@spec(kw_only=True)
class FanOut(End):
    """Several targets at once: all get what the source says, one of them answers."""

    kind: ClassVar[str] = "fan-out"
    targets: tuple[Target, ...] = spec_field(FieldKind.GROUPS, "the targets")
    answering: int = spec_field(
        FieldKind.INTEGER, "number of the one that answers, from 1; 0: none", 1, minimum=0
    )

    def check(self) -> None:
        if not self.targets:
            raise SpecError("targets is missing", code=ErrorCode.VALUE_MISSING, field="targets")
        if self.answering > len(self.targets):
            raise invalid(
                "answering",
                "there is no target of this number",
                rule="range",
                minimum=0,
                maximum=len(self.targets),
            )


@spec(kw_only=True)
class Dual(End):
    """Two ends as one: read from the first, write to the second."""

    kind: ClassVar[str] = "dual"
    reading: Target = spec_field(FieldKind.GROUP, "where it is read from")
    writing: Target = spec_field(FieldKind.GROUP, "where it is written to")

    def check(self) -> None:
        if not gives(self.reading):
            raise invalid("reading", "nothing ever comes from there", rule="gives")
        if not takes(self.writing):
            raise invalid("writing", "nothing can be sent there", rule="takes")


def gives(end: End | Schedule) -> bool:
    """Whether anything ever comes from an end."""
    match end:
        case Discard() | LogCollector() | ReceiveFiles():
            return False
        case File() | Descriptor() | Pipe():
            return end.way != "write"
        case Standard():
            return end.use in ("both", "input")
        case Dual():
            return gives(end.reading)
        case _:
            return True


def takes(end: End | Schedule) -> bool:
    """Whether anything can be sent to an end."""
    match end:
        case UdpReceive() | UnixReceive():
            return False
        case File() | Descriptor() | Pipe():
            return end.way != "read"
        case Standard():
            return end.use != "input"
        case Dual():
            return takes(end.writing)
        case _:
            return True


type Listening = (
    TcpListen | UnixListen | UdpListen | UdpReceiveFrom | UnixReceiveFrom | (NamedPipeListen)
)
type Connecting = (
    TcpConnect
    | UnixConnect
    | SerialPort
    | UdpConnect
    | UdpSendTo
    | UdpDatagram
    | UdpReceive
    | UnixReceive
    | UnixSendTo
    | NamedPipeConnect
)
type Local = Program | File | Pty | Pipe | Standard | Descriptor
type BuiltIn = (
    Echo
    | Discard
    | Text
    | Stall
    | Room
    | LogCollector
    | HttpAnswer
    | HealthAnswer
    | ReceiveFiles
    | ShareFile
    | SendFiles
    | Throughput
)
type Source = Listening | Connecting | Local | BuiltIn | Dual | Schedule
type Target = Connecting | Local | BuiltIn | Dual | Failover | FanOut | Listening
