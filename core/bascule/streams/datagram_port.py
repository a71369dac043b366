"""Owns the bound socket that many streams share: one stream for each who sends there.

It reads for all of them and never stops: the system's buffer is the bound. A stream whose datagrams
nobody takes loses the newest ones, and counts them.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Protocol, cast

from bascule.streams.base import Address
from bascule.streams.datagram import AT_ONCE, HELD, HELD_BYTES, DatagramStream, overrun, udp_limit
from bascule.streams.datagram_sender import SEGMENTS, Ancillary, Sender
from bascule.streams.datagram_watch import DATAGRAM_BYTES, DatagramWatch, Name
from bascule.streams.watch import Ready

type Key = Name | tuple[Name, bytes]
"""Who sends; where that matters, to which of our addresses as well."""


_LONG_BYTES = HELD_BYTES // HELD
"""Shorter ones are never too many bytes: there would be too many of them before."""


class Reading(Protocol):
    """How datagrams are read from a port."""

    def read(self) -> tuple[bytes, Key]:
        """The next datagram and whose it is. Raises: BlockingIOError where there is none."""
        ...

    def answer(self, key: Key) -> tuple[Name, Ancillary]:
        """The address that an answer goes to, and what is to be said to the system beside it."""
        ...


class PlainReading:
    """Reads a socket that is bound to one address, or that cannot say to which one it was."""

    def __init__(self, sock: socket.socket, size_bytes: int = DATAGRAM_BYTES) -> None:
        self.read = partial(sock.recvfrom, size_bytes)

    def answer(self, key: Key) -> tuple[Name, Ancillary]:
        """The address it came from."""
        return cast("Name", key), []


class PortStream(DatagramStream):
    """The datagrams of one who sends to a port, and the way back to them."""

    __slots__ = ("_port", "heard", "key", "on_forgotten")

    def __init__(
        self,
        port: DatagramPort,
        key: Key,
        peer: Address,
        sender: Sender | None,
        first: bytes,
        limit_bytes: int,
    ) -> None:
        super().__init__(peer, sender, limit_bytes=limit_bytes)
        self.key = key
        self.heard = monotonic()
        """When the last datagram came, on the monotonic clock."""
        self.on_forgotten: Callable[[PortStream], None] | None = None
        """Called when what comes next from there is no longer this stream's."""
        self._port = port
        self.held.append(first)

    @property
    def seen(self) -> float:
        """When the last datagram came or went, on the monotonic clock."""
        return self.heard if self.sender is None else max(self.heard, self.sender.used)

    def end(self) -> None:
        """Let ``receive`` come to the end, in order."""
        self.ended = True
        self._port.forget(self)
        self.arrive()

    def listen(self) -> None:
        """Do nothing: the port reads in any case."""

    def when_sendable(self, ready: Ready) -> None:
        self._port.when_sendable(ready)

    def release(self) -> None:
        self._port.forget(self)
        self._port.leave()

    async def aclose(self) -> None:
        await super().aclose()
        await self._port.closed()


class DatagramPort:
    """One bound socket, which it owns; it is closed when ``close`` was called and no stream uses
    it any more.

    ``on_stream`` gets each new stream, which holds its first datagram. Where ``single``, each
    datagram makes one, which ends after it.
    """

    def __init__(
        self,
        sock: socket.socket,
        on_stream: Callable[[PortStream], None],
        reading: Reading,
        address_of: Callable[[Name], Address],
        *,
        single: bool,
        limit_of: Callable[[Name], int] = udp_limit,
        segments: bool = SEGMENTS,
        tells: bool = True,
    ) -> None:
        self._sock = sock
        self._on_stream = on_stream
        self._reading = reading
        self._address_of = address_of
        self._single = single
        self._limit_of = limit_of
        self._segments = segments
        self._streams: dict[Key, PortStream] = {}
        self._users = 0
        self._closed = False
        self._freed = False
        self._wanting: list[Ready] = []
        self._overrun = 0
        self._watch = DatagramWatch(sock, self._readable, self._got, self._broke, tells=tells)
        self._watch.read()

    @property
    def dropped(self) -> int:
        """Datagrams the system dropped because nobody read them in time (where it says so)."""
        if not self._freed:
            self._overrun = overrun(self._sock)
        return self._overrun

    # receiving ----------------------------------------------------------------------------------

    def _readable(self) -> None:
        for _ in range(HELD // AT_ONCE):
            if not self._read_some():
                return

    def _read_some(self) -> bool:
        """Read what is there, and give it to whom it concerns; whether there may be more."""
        read, find, now = self._reading.read, self._streams.get, monotonic()
        fresh: list[PortStream] = []
        more = True
        try:
            for _ in range(AT_ONCE):
                data, key = read()
                stream = find(key)
                if stream is None:
                    self._meet(data, key)
                    continue
                stream.heard = now
                held = stream.held
                if not held:
                    fresh.append(stream)
                elif len(held) >= HELD or (len(data) > _LONG_BYTES and stream.is_full()):
                    stream.drop()
                    continue
                held.append(data)
        except (BlockingIOError, InterruptedError):
            more = False
        except OSError:
            more = False  # what an answer met with: it concerns one of many, who will say no more
        for stream in fresh:
            ready = stream.ready
            if ready is not None:
                ready()
        return more

    def _got(self, data: bytes, name: Name) -> None:
        if name is None:  # Windows' way to say that an answer sent earlier was refused
            return
        stream = self._streams.get(name)
        if stream is None:
            self._meet(data, name)
        else:
            stream.heard = monotonic()
            if stream.is_full():
                stream.drop()
            else:
                stream.held.append(data)
                stream.arrive()

    def _broke(self, _exc: OSError) -> None:
        self._watch.read()

    def _meet(self, data: bytes, key: Key) -> None:
        if self._closed:
            return
        name, ancillary = self._reading.answer(key)
        sender = Sender(self._sock, name, ancillary, segments=self._segments) if name else None
        stream = PortStream(self, key, self._address_of(name), sender, data, self._limit_of(name))
        self._users += 1
        if self._single:
            stream.ended = True
        else:
            self._streams[key] = stream
        self._on_stream(stream)

    # sending ------------------------------------------------------------------------------------

    def when_sendable(self, ready: Ready) -> None:
        """Call ``ready`` once, when the system may take something again."""
        self._wanting.append(ready)
        if len(self._wanting) == 1:
            self._watch.write(self._sendable)

    def _sendable(self) -> None:
        wanting, self._wanting = self._wanting, []
        for ready in wanting:
            ready()

    # closing ------------------------------------------------------------------------------------

    def forget(self, stream: PortStream) -> None:
        """Take what comes next from there for somebody new."""
        if self._streams.get(stream.key) is stream:
            del self._streams[stream.key]
            if stream.on_forgotten is not None:
                stream.on_forgotten(stream)

    def leave(self) -> None:
        """Hear that a stream is closed."""
        self._users -= 1
        self._close_if_unused()

    def close(self) -> None:
        """Take no new streams; those that are there live on. Calling it again does nothing."""
        self._closed = True
        if not self._streams:
            self._watch.no_read()
        self._close_if_unused()

    def _close_if_unused(self) -> None:
        if self._closed and not self._users and not self._freed:
            self._freed = True
            self._overrun = overrun(self._sock)
            self._watch.close()

    async def closed(self) -> None:
        """Wait, where the socket was closed, until nothing runs any more."""
        if self._freed:
            await self._watch.closed()
