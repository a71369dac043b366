"""Owns the stream over an asyncio transport: the common body of TCP and Unix sockets.

Reads go into one buffer per event loop and are copied out at once, so an idle connection holds no
buffer. Some loops deliver one more read after reading was paused; it is kept, not lost.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import weakref
from collections.abc import Callable
from typing import cast

from bascule.errors import BasculeError
from bascule.streams.base import Address, Stream, address_of
from bascule.streams.buffered import broken
from bascule.streams.oserrors import stream_error

READ_BYTES = 256 * 1024
"""Most bytes taken from the system at once; larger gains nothing, smaller costs CPU."""

_read_buffers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, memoryview] = (
    weakref.WeakKeyDictionary()
)


def _read_buffer(loop: asyncio.AbstractEventLoop) -> memoryview:
    """The read buffer that all transports of a loop share: it is emptied before anything waits."""
    buffer = _read_buffers.get(loop)
    if buffer is None:
        buffer = _read_buffers[loop] = memoryview(bytearray(READ_BYTES))
    return buffer


class TransportStream(asyncio.BufferedProtocol, Stream):
    """A stream that is its own asyncio protocol; usable once ``connection_made`` was called."""

    def __init__(
        self, peer: Address | None = None, on_made: Callable[[TransportStream], None] | None = None
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._buffer = _read_buffer(self._loop)
        self._transport: asyncio.Transport | None = None
        self._chunks: list[bytes] = []
        self._ended = False
        self._finished = False
        self._closing = False
        self._lost = False
        self._error: BasculeError | None = None
        self._reading_paused = False
        self._writing_paused = False
        self._receiver: asyncio.Future[None] | None = None
        self._sender: asyncio.Future[None] | None = None
        self._closer: asyncio.Future[None] | None = None
        self._on_made = on_made
        self._local = Address("")
        self.peer = peer or Address("")

    # asyncio's side -----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._local = address_of(transport.get_extra_info("sockname"))
        # With no buffer allowed, "send returned" means "the system has it all": nothing of ours is
        # held back for a stalled reader beyond the chunk in hand.
        self._transport.set_write_buffer_limits(high=0)
        if self._on_made is not None:
            on_made, self._on_made = self._on_made, None
            on_made(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._chunks.append(bytes(self._buffer[:nbytes]))
        if self._receiver is not None:
            _wake(self._receiver)
            self._receiver = None
        elif not self._reading_paused and self._transport is not None:
            self._transport.pause_reading()
            self._reading_paused = True

    def eof_received(self) -> bool:
        self._ended = True
        if self._receiver is not None:
            _wake(self._receiver)
            self._receiver = None
        return True  # keep the transport: the other direction goes on

    def pause_writing(self) -> None:
        self._writing_paused = True

    def resume_writing(self) -> None:
        self._writing_paused = False
        if self._sender is not None:
            _wake(self._sender)
            self._sender = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        if isinstance(exc, OSError):
            self._error = stream_error(exc)
        elif exc is not None:
            self._error = broken(f"the connection broke: {exc}")
        for waiter in (self._receiver, self._sender, self._closer):
            if waiter is not None:
                _wake(waiter)
        self._receiver = self._sender = self._closer = None

    # Bascule's side -----------------------------------------------------------------------------

    @property
    def local(self) -> Address:
        return self._local

    def has_left(self) -> bool:
        """Whether the peer is gone without a word, as far as was heard: nothing is read for it."""
        return self._lost or (self._ended and not self._chunks)

    async def receive(self) -> bytes:
        while True:
            if self._chunks:
                data = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
                self._chunks.clear()
                return data
            if self._error is not None:
                raise self._error
            if self._ended:
                return b""
            if self._lost or self._closing or self._transport is None:
                raise broken("the connection is closed")
            if self._reading_paused:
                self._reading_paused = False
                self._transport.resume_reading()
            waiter = self._receiver = self._loop.create_future()
            try:
                await waiter
            finally:
                if self._receiver is waiter:
                    self._receiver = None

    async def send(self, data: bytes) -> None:
        transport = await self._writable()
        transport.write(data)
        if self._writing_paused or self._lost:
            await self._drained()

    async def _drained(self) -> None:
        while self._writing_paused and not self._lost:
            waiter = self._sender = self._loop.create_future()
            await waiter
        if self._lost:
            raise self._error or broken("the connection is closed")

    def _usable(self) -> asyncio.Transport:
        if self._error is not None:
            raise self._error
        if self._finished:
            raise broken("sending has been finished")
        if self._transport is None or self._lost or self._closing:
            raise broken("the connection is closed")
        return self._transport

    async def _writable(self) -> asyncio.Transport:
        transport = self._usable()
        if transport.is_closing():  # the loop knows the end already, and is about to tell why
            await self._until_lost()
            raise self._error or broken("the connection is closed")
        return transport

    async def send_eof(self) -> None:
        if self._finished:
            return
        transport = await self._writable()
        self._finished = True
        try:
            transport.write_eof()
        except OSError as exc:
            raise stream_error(exc) from exc

    async def aclose(self) -> None:
        self._finished = True
        if self._transport is None:
            return
        if not self._closing:
            self._closing = True
            self._transport.close()
        await self._until_lost()

    async def _until_lost(self) -> None:
        while not self._lost:
            if self._closer is None:
                self._closer = self._loop.create_future()
            await asyncio.shield(self._closer)

    def abort(self) -> None:
        if self._transport is None or self._lost:
            return
        self._closing = self._finished = True
        sock = self.socket
        if sock is not None and sock.family != getattr(socket, "AF_UNIX", None):
            try:
                # l_onoff=1, l_linger=0: close() sends RST (RFC 9293 §3.10.5 ABORT). The struct has
                # shorts on Windows, ints elsewhere.
                shape = "hh" if sys.platform == "win32" else "ii"
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(shape, 1, 0))
            except OSError:
                pass  # already gone: there is nobody left to reset
        self._transport.abort()

    @property
    def socket(self) -> socket.socket | None:
        """The socket below, for its options and names only."""
        return None if self._transport is None else self._transport.get_extra_info("socket")


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
