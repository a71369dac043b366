"""Owns one direction of the quick way (``fastpath``) where its source, its target or both are TLS.

What is read is decrypted into the buffer that all share, and encrypted from there: nothing is made
for a chunk but what TLS itself makes. What a socket does not take is kept (one read at most), and
reading stops until it is gone. Whoever reads from a peer may have to answer it (RFC 8446 §4.6.3):
the answers are sent by the other direction, which writes to that peer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from bascule.errors import BasculeError
from bascule.relay.pump import Counters
from bascule.relay.way import Way
from bascule.streams.base import Stream
from bascule.streams.limit import RateLimit
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tls_stream import RECORD_ROOM, TlsStream
from bascule.streams.watch import BUFFER_BYTES

if TYPE_CHECKING:
    from bascule.relay.fastpath import FastPath, Side

_SECURED_BYTES = BUFFER_BYTES - RECORD_ROOM
"""Most encrypted bytes taken at once; decrypted where they are, they stay in the cache."""

_PLAIN_BYTES = 64 * 1024
"""Most bytes encrypted at once: OpenSSL's buffers never shrink."""

_ANSWER_BYTES = 16 * 1024
"""How much TLS itself may want to say before reading waits until it is said."""


def is_side(stream: Stream) -> TypeGuard[Side]:
    """Whether a ``TlsWay`` knows this stream."""
    if type(stream) is TlsStream:
        return type(stream.inner) is SocketStream
    return type(stream) is SocketStream


def _socket_of(side: Side) -> SocketStream:
    inner = side.inner if type(side) is TlsStream else side
    assert isinstance(inner, SocketStream)
    return inner


class TlsWay(Way):
    """One direction. At any time it is waiting for the reader, for the writer, for both sides to
    finish, or until it may go on because of the limit of its rate.
    """

    _mute = False

    def __init__(
        self,
        path: FastPath,
        reader: Side,
        writer: Side,
        counters: Counters,
        up: bool,
        limit: RateLimit | None,
    ) -> None:
        self._decrypts = reader if type(reader) is TlsStream else None
        self._encrypts = writer if type(writer) is TlsStream else None
        self._uncounted = 0
        self._ending = False
        super().__init__(path, _socket_of(reader), _socket_of(writer), counters, up, limit)
        most = _SECURED_BYTES if self._encrypts is None else _PLAIN_BYTES
        self._cap = min(self._cap, most)
        self._most = min(self._most, self._cap)
        if self._decrypts is not None and self._decrypts.has_held:
            # It came along with the last of the handshake.
            held = memoryview(self._decrypts.take_held())
            if held:
                self._show(held)
            self._held = self._secured(held) if held else None
            if self._decrypts.has_held or not self._sent_at_once():
                self._wait_for_writer(self._send_held)

    def _sent_at_once(self) -> bool:
        """Whether the writer takes what is held before the way back is even there. What is wrong
        with the writer shows when it is waited for: then there is somebody to be told.
        """
        if self._held is None or self._encrypts is not None or self._limit is not None:
            return False
        try:
            sent = self._writer.send(self._held)
        except OSError:
            return False
        self._count(sent)
        self._held = self._held[sent:] or None
        return self._held is None

    # carrying -----------------------------------------------------------------------------------

    def _copy(self) -> None:
        if self.over or self._ending:
            return
        if self._decrypts is not None:
            self._copy_decrypted(self._decrypts)
            return
        buffer = self._watch.buffer
        count = self._received(buffer)
        if count:
            self._pass(buffer[:count])
        elif count is not None:
            self._finish()

    def _received(self, into: memoryview) -> int | None:
        """Read what is there; 0: the end; None: there is nothing, or it broke and all is over."""
        try:
            return self._reader.recv_into(into, self._most)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as exc:
            self._path.fail(exc)
            return None

    def _copy_decrypted(self, decrypts: TlsStream) -> None:
        buffer = self._watch.buffer
        if decrypts.unsaid.pending > _ANSWER_BYTES:
            self._mute = True  # until the other direction has said it
            self._watch.no_read(self._read_fd)
            return
        count = self._received(buffer[RECORD_ROOM:])
        if count is None:
            return
        if not count:
            decrypts.transport_ended()
        elif size := decrypts.decrypt(buffer[RECORD_ROOM : RECORD_ROOM + count], buffer):
            self._pass(buffer[:size])
            if count == self._most < self._cap and self._held is None:
                self._most = min(2 * count, self._cap)
        if self.over:
            return
        if decrypts.unsaid.pending:
            self._other().say()
        if self._held is None and not self.over:
            self._look_for_end(decrypts)

    def _pass(self, plain: memoryview) -> None:
        """Send what was read into the shared buffer; keep what the writer does not take."""
        if self._counters.observe is not None:
            self._show(plain)
        try:
            out = self._secured(plain)
        except BasculeError as exc:
            self._path.stop(exc)
            return
        sent = self._send(out)
        if sent < 0:
            return
        if sent < len(out):
            if self._encrypts is None:
                self._hold(sent, len(out))
            else:
                self._keep(out[sent:])
        elif self._due:
            self._rest(self._copy)

    def _secured(self, plain: memoryview) -> memoryview:
        """What is to be sent for some bytes. Raises: as ``TlsStream.encrypt``."""
        if self._encrypts is None:
            return plain
        self._encrypts.encrypt(plain)
        self._uncounted = len(plain)
        return memoryview(self._encrypts.unsaid.read())

    def _send(self, out: memoryview) -> int:
        """Send what the writer takes at once, and count it; -1: it broke, and all is over."""
        try:
            sent = self._writer.send(out)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as exc:
            self._path.fail(exc)
            return -1
        if self._encrypts is None:
            self._count(sent)
        elif sent == len(out) and self._uncounted:  # encrypted, there are more
            self._count(self._uncounted)
            self._uncounted = 0
        return sent

    def _keep(self, out: memoryview) -> None:
        self._held = out
        self._wait_for_writer(self._send_held)

    def _send_held(self) -> None:
        while self._held is not None:
            sent = self._send(self._held)
            if sent < 0:
                return
            if sent < len(self._held):
                self._held = self._held[sent:]
                return
            self._drop_held()
            if self._encrypts is not None and self._encrypts.unsaid.pending:
                self._held = memoryview(self._encrypts.unsaid.read())
        self._watch.no_write(self._write_fd)
        if self._encrypts is not None:
            self._other().speak()
        if self._ending:
            self._end()
            return
        if not self.over and self._decrypts is not None:
            self._look_for_end(self._decrypts)
        if not (self.over or self._ending):
            self._wait_for_reader(self._copy)

    def _other(self) -> TlsWay:
        other = self._path.other(self)
        assert isinstance(other, TlsWay)
        return other

    # answers ------------------------------------------------------------------------------------

    def say(self) -> None:
        """Send what TLS wants to say to the writer's peer, behind what is kept."""
        assert self._encrypts is not None
        if self._held is None:
            out = memoryview(self._encrypts.unsaid.read())
            sent = self._send(out)
            if 0 <= sent < len(out):
                self._keep(out[sent:])

    def speak(self) -> None:
        """Hear that nothing is left to be said to the reader's peer: read on."""
        if self._mute:
            self._mute = False
            if self._held is None and not (self.over or self._ending):
                self._watch.read(self._read_fd, self._copy)

    # ending -------------------------------------------------------------------------------------

    def _look_for_end(self, decrypts: TlsStream) -> None:
        try:
            ended = decrypts.at_end()
        except BasculeError as exc:
            self._path.stop(exc)
            return
        if ended:
            self._finish()

    def _finish(self) -> None:
        """Tell the writer's peer the end, which may have to wait for it."""
        self._ending = True
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None
        if self._encrypts is not None:
            try:
                self._encrypts.notify_end()
            except BasculeError as exc:
                self._path.stop(exc)
                return
            self.say()
        if self._held is None and not self.over:
            self._end()

    def _end(self) -> None:
        self.over = True
        self._path.finished(self)

    def pass_end_on(self) -> None:
        if self._encrypts is None:
            super().pass_end_on()
        else:
            self._watch.no_read(self._read_fd)

    def release(self) -> None:
        if self._held is not None and self._encrypts is not None:
            self._encrypts.cut()
        super().release()
