"""Owns the stream over a socket that the event loop watches: TCP and Unix sockets on POSIX.

The system is asked directly and only when the loop says that it is ready, into one buffer per
loop: an idle connection holds no memory beyond this object. Nothing is ever held back on sending,
so closing never waits. Where the loop cannot watch sockets (Windows), see ``transport``.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from bascule.errors import BasculeError
from bascule.streams.base import Address, Stream, address_of
from bascule.streams.buffered import broken
from bascule.streams.oserrors import stream_error
from bascule.streams.watch import READ_BYTES, Watch, watch

_ACCEPT_BATCH = 64
_ACCEPT_PAUSE_SECONDS = 1.0
"""How long nothing is accepted when the system has no descriptors left for it."""

# l_onoff=1, l_linger=0: close() sends RST (RFC 9293 §3.10.5 ABORT).
_LINGER_RESET = struct.pack("ii", 1, 0)

type Socket = socket.SocketType | socket.socket
"""The system's own socket; Python's class around it costs more to make than a connection has."""


def loop_watches_sockets() -> bool:
    """Whether the running loop can watch sockets; on Windows none can do so for any number."""
    return sys.platform != "win32"


class SocketStream(Stream):
    """A stream over a connected, non-blocking stream socket, which it owns.

    ``resets`` says whether its kind knows a reset: TCP does, a Unix socket does not.
    ``on_settled`` may be set to what sets what only a connection needs that lasts.
    """

    lingers = False

    on_closing: Callable[[Socket], None] | None = None
    """Sets what an orderly close needs."""

    # What most connections never come to is said once for all of them: that is half the work.
    _resets = True
    _data = b""  # read, but whoever asked for it was cancelled
    _receiver: asyncio.Future[None] | None = None
    _sender: asyncio.Future[None] | None = None
    _watched = False
    _viewed = False
    _ended = False
    _finished = False
    _error: BasculeError | None = None

    def __init__(
        self, sock: Socket, peer: Address, watching: Watch, *, resets: bool = True
    ) -> None:
        self.peer = peer
        self.watching = watching
        self.sock = sock
        self.fd = sock.fileno()
        self.on_settled: Callable[[Socket], None] | None = None
        self._closed = False
        if not resets:
            self._resets = False

    @property
    def local(self) -> Address:
        return Address("") if self._closed else address_of(self.sock.getsockname())

    # receiving ----------------------------------------------------------------------------------

    async def receive(self) -> bytes:
        while True:
            if self._data:
                data, self._data = self._data, b""
                return data
            if self._at_end():
                return b""
            await self._wait_to_read()

    async def receive_view(self) -> bytes | memoryview:
        while True:
            if self._data:
                data, self._data = self._data, b""
                return data
            if self._at_end():
                return b""
            self._viewed = True
            try:
                await self._wait_to_read()
            finally:
                self._viewed = False
            if not self._closed and (count := self._read()):
                return self.watching.buffer[:count]

    def _at_end(self) -> bool:
        """Whether the peer has finished. Raises: what broke it."""
        if self._error is not None:
            raise self._error
        if self._closed:
            raise broken("the connection is closed")
        return self._ended

    async def _wait_to_read(self) -> None:
        """Wait until something was read, or may be where ``_viewed``."""
        if not self._watched:
            try:
                self.watching.read(self.fd, self._readable)
            except OSError as exc:
                raise stream_error(exc) from exc
            self._watched = True
        self._receiver = asyncio.get_running_loop().create_future()
        try:
            await self._receiver
        finally:
            self._receiver = None

    def _readable(self) -> None:
        receiver = self._receiver
        if receiver is None or receiver.done():
            if not self._viewed:  # nobody asks: the system holds it, and the peer, back
                self._watched = False
                self.watching.no_read(self.fd)
            return
        if not self._viewed:
            count = self._read()
            if count:
                self._data = bytes(self.watching.buffer[:count])
            elif not self._ended and self._error is None:
                return
        receiver.set_result(None)

    def _read(self) -> int:
        """Read into the buffer that all share; 0: there is nothing, or it has ended or broken."""
        try:
            count = self.sock.recv_into(self.watching.buffer, READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as exc:
            self._error = stream_error(exc)
            count = 0
        if not count:
            self._ended = True
            self._unwatch()
        return count

    def _unwatch(self) -> None:
        if self._watched:
            self._watched = False
            self.watching.no_read(self.fd)

    # sending ------------------------------------------------------------------------------------

    async def send(self, data: bytes) -> None:
        self._refuse_when_finished()
        sent = self.send_some(data)
        if sent == len(data):
            return
        view = memoryview(data)[sent:]
        while view:
            await self._writable()
            self._refuse_when_finished()
            view = view[self.send_some(view) :]

    def send_some(self, data: bytes | memoryview) -> int:
        """Send as much as the system takes at once; return how many bytes that is. Raises: as
        ``send``.
        """
        try:
            return self.sock.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as exc:
            raise stream_error(exc) from exc

    async def _writable(self) -> None:
        sender = asyncio.get_running_loop().create_future()
        try:
            self.watching.write(self.fd, partial(wake, sender))
        except OSError as exc:
            raise stream_error(exc) from exc
        self._sender = sender
        try:
            await sender
        finally:
            self._sender = None
            if not self._closed:
                self.watching.no_write(self.fd)

    def _refuse_when_finished(self) -> None:
        if self._error is not None:
            raise self._error
        if self._closed:
            raise broken("the connection is closed")
        if self._finished:
            raise broken("sending has been finished")

    async def send_eof(self) -> None:
        if self._finished:
            return
        self._refuse_when_finished()
        self._finished = True
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError as exc:
            raise stream_error(exc) from exc

    def settle(self) -> None:
        if self.on_settled is not None and not self._closed:
            self.on_settled(self.sock)
            self.on_settled = None

    # closing ------------------------------------------------------------------------------------

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        """Close in order, which never waits here. Calling it again does nothing."""
        if self._closed:
            return
        self._closed = True
        if self.on_closing is not None:
            self.on_closing(self.sock)
        if self._receiver is not None:
            wake(self._receiver)
        if self._sender is not None:
            wake(self._sender)
        self.watching.forget(self.fd)
        self.sock.close()

    def abort(self) -> None:
        if not self._closed and self._resets:
            self.on_closing = None
            try:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
            except OSError:
                pass  # already gone: there is nobody left to reset
        self.close()

    # the fast path's door -----------------------------------------------------------------------

    def hand_over(self) -> bool:
        """Give ``sock`` to somebody who moves its bytes from now on, while this stream keeps
        closing it. They watch it at once: in our place, if we do. False where that cannot be: bytes
        are held here, or a direction has ended.
        """
        if self._data or self._ended or self._finished or self._closed or self._error is not None:
            return False
        if self._watched:
            self._watched = False
        return True


def wake(waiter: asyncio.Future[None]) -> None:
    """Let whoever awaits go on, unless it was cancelled or woken before."""
    if not waiter.done():
        waiter.set_result(None)


async def writable(sock: Socket) -> None:
    """Wait until the system takes bytes for a socket, or a connection being made is decided."""
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    fd, watching = sock.fileno(), watch()
    watching.write(fd, partial(wake, ready))
    try:
        await ready
    finally:
        watching.no_write(fd)


class Acceptor:
    """Takes connections from listening sockets, which it owns, and hands each one on.

    Raises: OSError where they cannot be watched; they are closed then.
    """

    def __init__(
        self, sockets: list[socket.socket], on_socket: Callable[[Socket, object], None]
    ) -> None:
        self.sockets = sockets
        self._on_socket = on_socket
        self.watching = watch()
        self._pauses: set[asyncio.TimerHandle] = set()
        try:
            for sock in sockets:
                self._listen(sock)
        except OSError:
            self.close()
            raise

    def _listen(self, sock: socket.socket) -> None:
        # What socket.accept() does, without an object of Python's class for each connection.
        accept = cast("Callable[[], tuple[int, object]]", cast(Any, sock)._accept)
        made = partial(socket.SocketType, sock.family.value, sock.type.value, sock.proto)
        self.watching.read(sock.fileno(), partial(self._accept, sock, accept, made))

    def _accept(
        self,
        listening: socket.socket,
        accept: Callable[[], tuple[int, object]],
        made: Callable[[int], Socket],
    ) -> None:
        """Take all who wait: one at a time costs a call of the system more for each."""
        for _ in range(_ACCEPT_BATCH):
            try:
                fd, name = accept()
                sock = made(fd)
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:  # no descriptors, no memory: those who wait are kept by the system
                if listening.fileno() >= 0:  # else whoever was told of the last one has closed it
                    self.watching.no_read(listening.fileno())
                    self._pause(listening)
                return
            sock.setblocking(False)
            self._on_socket(sock, name)

    def _pause(self, sock: socket.socket) -> None:
        def over() -> None:
            self._pauses.discard(handle)
            try:
                self._listen(sock)
            except OSError:  # watching needs a descriptor as well
                self._pause(sock)

        handle = asyncio.get_running_loop().call_later(_ACCEPT_PAUSE_SECONDS, over)
        self._pauses.add(handle)

    def close(self) -> None:
        """Stop listening. Calling it again does nothing."""
        for handle in self._pauses:
            handle.cancel()
        self._pauses.clear()
        for sock in self.sockets:
            if sock.fileno() >= 0:
                self.watching.forget(sock.fileno())
                sock.close()
