"""Owns the streams whose chunks are datagrams: what arrives is held, in order and never cut.

Beside ``receive`` and ``send`` they have a door for whoever moves many datagrams at once
(``relay.datagram_path``): ``follow``, ``take``, ``try_send``, ``when_sendable``.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
import sys
from abc import abstractmethod
from collections.abc import Callable
from functools import partial

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.streams.base import EMPTY_DATAGRAM, Address, Stream
from bascule.streams.buffered import broken
from bascule.streams.datagram_sender import Sender
from bascule.streams.datagram_watch import DATAGRAM_BYTES, DatagramWatch, Name
from bascule.streams.oserrors import number_of, stream_error
from bascule.streams.socket_stream import wake
from bascule.streams.watch import Ready

HELD = 64
"""Most datagrams that are read from the system at once, and that one stream holds."""

AT_ONCE = 16
"""Datagrams that are read before they are passed on: many, as each call to send costs most of what
they all do, but not all, as whoever gets them can begin meanwhile.
"""

HELD_BYTES = 256 * 1024
"""Once it holds so many bytes, a stream reads no further."""

UDP_LIMIT_BYTES = 65_507
"""The longest datagram of IPv4: 65,535 without the headers of IP and UDP (RFC 768, RFC 791)."""

UDP6_LIMIT_BYTES = 65_527
"""The same in IPv6, whose length leaves its header out (RFC 8200 §3)."""

_OFTEN = 8
_REFUSED = {errno.ECONNREFUSED, errno.ECONNRESET}
_SO_MEMINFO = 55
_DROPS = struct.Struct("=32xI")


class DatagramStream(Stream):
    """Holds what has arrived until somebody asks for it. ``limit_bytes`` is the longest datagram:
    what is longer came from a stream of bytes, and is sent as several.
    """

    datagrams = True
    can_half_close = False
    lingers = False

    __slots__ = (
        "_closed",
        "_error",
        "_finished",
        "_lost",
        "_waiting",
        "can_receive",
        "can_send",
        "ended",
        "held",
        "limit_bytes",
        "peer",
        "ready",
        "sender",
    )

    def __init__(
        self,
        peer: Address,
        sender: Sender | None,
        *,
        limit_bytes: int = UDP_LIMIT_BYTES,
        can_receive: bool = True,
    ) -> None:
        self.peer = peer
        self.limit_bytes = limit_bytes
        self.can_receive = can_receive
        self.can_send = sender is not None
        self.ended = False
        """Whether nothing more will arrive than what is held."""
        self.held: list[bytes] = []
        """What has arrived, in order."""
        self.ready: Ready | None = None
        """Called when something has arrived, or the stream has ended or broken."""
        self.sender = sender
        """What hands datagrams to the system; None where nothing can be sent, or no longer."""
        self._lost = 0
        self._error: BasculeError | None = None
        self._finished = False
        self._closed = False
        self._waiting: asyncio.Future[None] | None = None

    @property
    def dropped(self) -> int:
        """Datagrams that were lost here, as far as that is known."""
        return self._lost + (self.sender.lost if self.sender is not None else 0)

    # receiving ----------------------------------------------------------------------------------

    async def receive(self) -> bytes:
        while True:
            if self.held:
                return self.held.pop(0) or EMPTY_DATAGRAM
            if self.take_end():
                return b""
            receiver = asyncio.get_running_loop().create_future()
            self.follow(partial(wake, receiver))
            try:
                await receiver
            finally:
                self.ready = None

    def follow(self, ready: Ready | None) -> None:
        """Call ``ready`` each time that there is something to ``take`` where there was nothing, or
        the end or trouble has come; None: no longer.
        """
        self.ready = ready
        if ready is not None and not self._closed:
            self.listen()

    def take(self) -> list[bytes]:
        """All that is held, in order; nothing where there is nothing now, or it has ``ended``.

        Raises: as ``receive``.
        """
        held = self.held
        if held:
            self.held = []
        else:
            self.take_end()
        return held

    def give_back(self, datagrams: list[bytes]) -> None:
        """Hold again what was taken but could not be passed on."""
        self.held = datagrams + self.held

    def take_end(self) -> bool:
        """Whether nothing more will come. Raises, once, what broke it."""
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        if self._closed:
            raise broken("the connection is closed")
        return self.ended or not self.can_receive

    def arrive(self) -> None:
        """Tell whoever waits that something has changed."""
        if self.ready is not None:
            self.ready()

    def is_full(self) -> bool:
        """Whether one more would be too much to hold."""
        held = self.held
        return len(held) >= HELD or (bool(held) and sum(map(len, held)) >= HELD_BYTES)

    def drop(self, count: int = 1) -> None:
        """Count datagrams that could not be held."""
        self._lost += count

    @abstractmethod
    def listen(self) -> None:
        """Read from the system, if that had stopped."""

    # sending ------------------------------------------------------------------------------------

    async def send(self, data: bytes) -> None:
        limit = self.limit_bytes
        pieces = [data]
        if len(data) > limit:
            pieces = [data[start : start + limit] for start in range(0, len(data), limit)]
        while True:
            pieces = pieces[self.try_send(pieces) :]
            if not pieces:
                return
            self._waiting = asyncio.get_running_loop().create_future()
            self.when_sendable(partial(wake, self._waiting))
            try:
                await self._waiting
            finally:
                self._waiting = None

    def try_send(self, datagrams: list[bytes]) -> int:
        """Hand datagrams to the system, in order; return how many it took.

        Raises: as ``send``.
        """
        sender = self.sender
        if sender is None:
            raise self.unable()
        try:
            return sender.send(datagrams)
        except OSError as exc:
            raise self.explained(exc) from exc

    def unable(self) -> StreamError:
        """Why there is no sender."""
        if self._closed:
            return broken("the connection is closed")
        words = "sending has been finished" if self._finished else "nothing can be sent there"
        return broken(words)

    def _no_sender(self) -> None:
        if self.sender is not None:
            self._lost += self.sender.lost
            self.sender = None

    @abstractmethod
    def when_sendable(self, ready: Ready) -> None:
        """Call ``ready`` once, when the system may take something again."""

    async def send_eof(self) -> None:
        self._finished = True
        self._no_sender()

    def explained(self, exc: OSError) -> StreamError:
        """What an error of the system means here."""
        if number_of(exc) in _REFUSED:
            return StreamError(
                f"{self.peer} refuses the datagrams",
                code=ErrorCode.CONNECTION_REFUSED,
                subject=str(self.peer),
            )
        return stream_error(exc)

    # closing ------------------------------------------------------------------------------------

    async def aclose(self) -> None:
        self.abort()

    def abort(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._no_sender()
        self.held = []
        self.release()
        if self._waiting is not None:
            wake(self._waiting)
        self.arrive()

    @abstractmethod
    def release(self) -> None:
        """Free what the stream has of the system."""


class SocketDatagrams(DatagramStream):
    """Datagrams of a socket that the stream owns.

    ``accepts`` says whose are taken; None: all that the system gives. ``read`` gives the next one,
    or None in place of one that is not taken; it raises BlockingIOError where there is none.
    """

    __slots__ = ("_accepts", "_lone", "_overrun", "_read", "_sock", "_turn", "_watch")

    def __init__(
        self,
        sock: socket.socket,
        peer: Address,
        sender: Sender | None,
        *,
        accepts: Callable[[Name], bool] | None = None,
        read: Callable[[], bytes | None] | None = None,
        limit_bytes: int = UDP_LIMIT_BYTES,
        can_receive: bool = True,
        tells: bool = True,
    ) -> None:
        super().__init__(peer, sender, limit_bytes=limit_bytes, can_receive=can_receive)
        self._sock = sock
        self._accepts = accepts
        if read is None:
            read = self._read_any if accepts is not None else partial(sock.recv, DATAGRAM_BYTES)
        self._read = read
        self._lone = False
        self._turn = 0
        self._overrun = 0
        self._watch = DatagramWatch(sock, self._readable, self._got, self._broke, tells=tells)

    @property
    def dropped(self) -> int:
        """Datagrams that were lost here, also by the system (Linux): it had no room for them."""
        if not self._closed:
            self._overrun = overrun(self._sock)
        return super().dropped + self._overrun

    def _read_any(self) -> bytes | None:
        data, name = self._sock.recvfrom(DATAGRAM_BYTES)
        return data if self._accepts is None or self._accepts(name) else None

    def _readable(self) -> None:
        held = self.held
        if held:
            self._watch.no_read()  # nobody asks: the system holds the others
            return
        # Where they come one by one, asking for a second each time is asking in vain.
        turn = self._turn = self._turn + 1
        if self._lone and turn % _OFTEN:
            self._read_some(1)
            return
        count = self._read_some(AT_ONCE)
        self._lone = count == 1
        most = HELD - AT_ONCE
        while count == AT_ONCE and most and not self._closed and not self.is_full():
            count = self._read_some(AT_ONCE)
            most -= AT_ONCE

    def _read_some(self, most: int) -> int:
        """Read what is there, tell of it, and return how many that were."""
        held, read, room, count = self.held, self._read, HELD_BYTES, 0
        try:
            while count < most and room > 0:
                data = read()
                count += 1
                if data is not None:
                    held.append(data)
                    room -= len(data)
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as exc:
            self._error = self.explained(exc)
        ready = self.ready
        if ready is not None and (held or self._error is not None):
            ready()
        return count

    def _got(self, data: bytes, name: Name) -> None:
        if self._accepts is None or self._accepts(name):
            self.held.append(data)
            self.arrive()
            if len(self.held) * DATAGRAM_BYTES > HELD_BYTES:
                self._watch.no_read()

    def _broke(self, exc: OSError) -> None:
        self._error = self.explained(exc)
        self.arrive()

    def listen(self) -> None:
        if self.can_receive:
            self._watch.read()

    def when_sendable(self, ready: Ready) -> None:
        self._watch.write(ready)

    def release(self) -> None:
        self._overrun = overrun(self._sock)
        self._watch.close()

    async def aclose(self) -> None:
        await super().aclose()
        await self._watch.closed()


def udp_limit(name: Name) -> int:
    """The longest datagram that UDP carries to an address, in bytes."""
    six = isinstance(name, tuple) and ":" in name[0] and "." not in name[0]
    return UDP6_LIMIT_BYTES if six else UDP_LIMIT_BYTES


def overrun(sock: socket.socket) -> int:
    """How many datagrams the system dropped because a socket had no room; 0 where it does not say
    (it does on Linux, in the ninth number of SO_MEMINFO, sock_diag(7)).
    """
    if sys.platform != "linux":
        return 0
    try:
        return _DROPS.unpack(sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _DROPS.size))[0]
    except (OSError, struct.error):
        return 0
