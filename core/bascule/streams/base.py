"""Owns the contracts of everything that carries bytes: Stream, Listener, Dialer.

Contracts only: no operating system here, and nothing below knows ``spec``.
"""

from __future__ import annotations

import ipaddress
from abc import ABC, abstractmethod
from collections.abc import Callable
from types import CoroutineType
from typing import Any, Final, NamedTuple

from bascule.events import StageResult

type Progress = Callable[[StageResult], None]
"""Receives each step of dialing as it begins and ends."""


class Address(NamedTuple):
    """Where a stream leads: IP address and port, or a path or device name with port None."""

    host: str
    port: int | None = None

    def __str__(self) -> str:
        if self.port is None:
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The IP address without zone, v4-mapped IPv6 as IPv4; None where it is not one."""
        try:
            parsed = ipaddress.ip_address(self.host.partition("%")[0])
        except ValueError:
            return None
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
            return parsed.ipv4_mapped
        return parsed


def address_of(name: object) -> Address:
    """Make an address from what the system calls a socket name (2- or 4-tuple, or a path)."""
    if not isinstance(name, tuple):
        return Address("")
    parts: tuple[Any, ...] = name  # pyright: ignore[reportUnknownVariableType]
    if len(parts) == 2:
        # Address(*parts) would be three calls of Python more for each arrival.
        return tuple.__new__(Address, parts)  # pyright: ignore[reportUnknownMemberType]
    host, port, _flow, zone = parts
    return Address(f"{host}%{zone}" if zone and "%" not in host else host, port)


class _EmptyDatagram(bytes):
    """A chunk without bytes that is not the end: unlike ``b""`` it is true."""

    def __bool__(self) -> bool:
        return True


EMPTY_DATAGRAM: Final[bytes] = _EmptyDatagram()
"""What ``receive`` gives for a datagram of no bytes (RFC 768 allows it). Streams of bytes that are
asked to send it send nothing; those of datagrams send an empty one.
"""


class Stream(ABC):
    """A way to send and to receive bytes, each direction ending on its own.

    Backpressure is part of the contract: ``send`` returns when the stream wants more, and nothing
    is read from the system beyond a constant amount (some hundred KiB) before ``receive`` is
    called again. At most one task receives and one sends at the same time. Cancelling a call
    leaves the stream usable for ``aclose`` and ``abort``; a cancelled ``receive`` loses no byte.
    """

    __slots__ = ()

    peer: Address
    """Who is at the other end."""

    can_half_close: bool = True
    """Whether ``send_eof`` tells the peer. Where False (serial), the peer cannot learn it."""

    can_receive: bool = True
    """Whether anything ever comes from there. Where False, ``receive`` gives ``b""``."""

    can_send: bool = True
    """Whether anything may be sent there. Where False, ``send`` raises CONNECTION_BROKEN."""

    lingers: bool = True
    """Whether ``aclose`` may have to wait for the peer."""

    secures: bool = False
    """Whether what passes is encrypted by this stream itself, over another one."""

    datagrams: bool = False
    """Whether a chunk is a datagram: received as it was sent, and sent as one. A chunk that is too
    long for one (it came from a stream of bytes) is sent as several.
    """

    @property
    def local(self) -> Address:
        """Our own end, where it has an address; else an empty one."""
        return Address("")

    @abstractmethod
    async def receive(self) -> bytes:
        """Return the next bytes, at least one; ``b""`` once the peer has finished sending, and
        every time from then on.

        Raises:
            StreamError: the connection broke (CONNECTION_RESET where the peer reset it).
            DeviceError: the device is gone.
        """

    async def receive_view(self) -> bytes | memoryview:
        """As ``receive``, but what is returned may be a buffer that all share: it is to be used
        before anything suspends. Spares a copy to who makes something else of it anyway.
        """
        return await self.receive()

    @abstractmethod
    async def send(self, data: bytes) -> None:
        """Send all of data, and return when the stream wants more.

        Raises: as ``receive``; also after ``send_eof`` (CONNECTION_BROKEN).
        """

    @abstractmethod
    async def send_eof(self) -> None:
        """Finish sending: the peer sees the end after the last byte; receiving goes on.

        Calling it again does nothing. Raises: as ``send``.
        """

    def settle(self) -> None:  # noqa: B027 - most streams have nothing to set
        """Hear that this stream has lasted a moment: do what only long connections need."""

    @abstractmethod
    async def aclose(self) -> None:
        """Close in order and free everything. Calling it again does nothing. Never raises ours."""

    @abstractmethod
    def abort(self) -> None:
        """Close at once, and let the peer see a reset (TCP RST) where its kind knows one.

        ``aclose`` must still be awaited to free everything.
        """


class Listener(ABC):
    """Gives the streams that arrive."""

    @abstractmethod
    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        """Begin to listen; return the addresses really bound.

        ``on_arrival`` is called in the event loop for each arrival, before any byte is exchanged;
        it owns the stream from then on.

        Raises:
            ListenError: cannot listen (fact ``port`` or ``path``, and who holds it where known).
            SpecError: what listening needs is wrong (a certificate, a key).
        """

    async def welcome(self, stream: Stream) -> Stream:
        """Do the handshake this source demands of an admitted arrival; return the stream to use.

        On failure the arrival is aborted. Raises: HandshakeError, StreamError.
        """
        return stream

    @abstractmethod
    async def aclose(self) -> None:
        """Stop listening. Streams already given live on. Calling it again does nothing."""


def ignore_progress(_step: StageResult) -> None:
    """The progress of a dial that nobody watches."""


class Dialer(ABC):
    """Makes one stream each time it is asked."""

    exclusive: bool = False
    """Whether only one connection at a time can use it (a serial port)."""

    label: str
    """Names the thing in words for people and logs: ``db.example:5432``, ``COM5``."""

    @abstractmethod
    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        """Open the way to the target. ``progress`` hears each step begin and end.

        Raises:
            DialError, HandshakeError, DeviceError, SpecError: the step that failed.
        """

    def begin(self) -> Stream | CoroutineType[None, None, Stream]:
        """Begin to ``dial`` without progress: give the stream where nothing has to be waited for,
        else what is left to be awaited, at once, and raises what went wrong. Raises nothing of
        ours itself.
        """
        return self.dial()

    async def check(self) -> None:  # noqa: B027 - most dialers can know nothing beforehand
        """Raise DeviceError where it can be known without touching the thing that dialing would
        fail (a serial port that is not plugged in). Does nothing by default.
        """
