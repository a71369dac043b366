"""Owns TLS as a layer over any stream, by ``ssl.MemoryBIO``: each direction ends on its own.

asyncio's own TLS cannot half-close. Contexts are made in ``tls_context``, errors put into words in
``tls_errors``. Must not read files or know whom to trust.

How an end is told (RFC 8446 §6.1):

- ``send_eof`` sends close_notify; receiving goes on. No FIN follows before ``aclose``.
- The peer's close_notify is ``b""``; our sending goes on, and ``aclose`` answers with ours. TLS 1.2
  asks for an answer at once (RFC 5246 §7.2.1); we finish our sentence in either version.
- An end of the transport without close_notify may be an attacker's: TLS_TRUNCATED. One exception:
  where our close_notify was sent and no data came after it, the peer has merely left, as those do
  that know no half-close. Data that came after it makes a sudden end an answer cut short.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any, cast

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.facts import CertificateFacts
from bascule.streams.base import Address, Stream
from bascule.streams.buffered import broken
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tls_errors import Side, handshake_cut, handshake_error, later_error
from bascule.streams.tls_handshake import agree
from bascule.streams.watch import READ_BYTES, watch

_DER = 2  # _ssl.ENCODING_DER

_RECORD_BYTES = 16 * 1024  # RFC 8446 §5.1: most plaintext in one record
RECORD_ROOM = 32 * 1024
"""Room for what an unfinished record from before may give (RFC 5246 §6.2.3: at most 18 KiB)."""

_BATCH_BYTES = 128 * 1024
"""Most bytes encrypted or decrypted at once. OpenSSL's buffers never shrink, so this is also what
a busy connection holds on to."""

_ANSWER_BYTES = 16 * 1024
"""How much TLS itself may want to say before receiving waits until it is said."""

_CLOSE_SECONDS = 1.0
"""How long a peer that takes nothing may hold up an orderly close."""

_ALERT_SECONDS = 1.0
"""How long a refused peer is given to take the alert that says why."""


class TlsStream(Stream):
    """TLS over ``inner``; usable once ``handshake`` has returned.

    ``server_name`` is verified and asked for by SNI (an IP address is verified only). ``side``
    says how errors name us and the peer.
    """

    secures = True

    # What most connections never come to is said once for all of them.
    _answering: asyncio.Task[None] | None = None
    _error: BasculeError | None = None
    _heard_since = False  # data came after our close_notify
    _cut = False  # something encrypted was lost: the peer must not take it for the end

    def __init__(
        self,
        inner: Stream,
        context: ssl.SSLContext,
        *,
        server_side: bool = False,
        server_name: str | None = None,
        side: Side | None = None,
    ) -> None:
        self.peer = inner.peer
        self._inner = inner
        self._named = side
        self._server_side = server_side
        self._server_name = server_name or ""
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._object = context.wrap_bio(
            self._incoming, self._outgoing, server_side=server_side, server_hostname=server_name
        )
        self._sending = asyncio.Lock()  # held while what was encrypted is handed on, in order
        self._held: list[bytes] = []
        self._scratch = watch().scratch
        self._agreed = False
        self._ended = False  # the peer sent close_notify
        self._finished = False  # we did, or never will
        self._closed = False

    @property
    def local(self) -> Address:
        return self._inner.local

    @property
    def version(self) -> str:
        """The version agreed on: ``TLS 1.3``."""
        return (self._object.version() or "").replace("TLSv", "TLS ")

    @property
    def cipher(self) -> str:
        """The cipher suite agreed on."""
        agreed = self._object.cipher()
        return agreed[0] if agreed else ""

    @property
    def peer_certificate(self) -> bytes | None:
        """The peer's certificate in DER form, if it showed one."""
        return self._object.getpeercert(binary_form=True)

    def _side(self) -> Side:
        return self._named or Side(str(self._inner.peer), self._server_side, self._server_name)

    async def handshake(self) -> None:
        """Agree with the peer. It has no time limit of its own.

        Raises: HandshakeError.
        """
        try:
            await agree(self._inner, self._object, self._incoming, self._outgoing, self._side)
            self._decrypt(memoryview(b""))  # what came along with the last of the handshake
            if self._outgoing.pending:
                await self._flush()
        except StreamError as exc:
            raise handshake_cut(self._side(), exc.message) from exc
        except ssl.SSLError as exc:
            await self._tell_why()
            raise handshake_error(exc, self._side(), await self._shown()) from exc
        self._agreed = True

    async def _tell_why(self) -> None:
        """Send the alert, and wait until the peer has left: a reset could overtake it."""
        if not self._outgoing.pending:
            return
        try:
            async with asyncio.timeout(_ALERT_SECONDS):
                await self._flush()
                await self._inner.send_eof()
                while await self._inner.receive():
                    pass
        except (TimeoutError, BasculeError):
            pass  # it does not listen: nothing more can be done

    async def _shown(self) -> CertificateFacts | None:
        # Python 3.12 knows what a peer showed that was then refused, but has no public name for it.
        inner = cast(Any, self._object)._sslobj
        chain: list[Any] = inner.get_unverified_chain() or []
        if not chain:
            return None
        return await asyncio.to_thread(read_facts, chain[0].public_bytes(_DER))

    # receiving ----------------------------------------------------------------------------------

    async def receive(self) -> bytes:
        while True:
            if self._closed:
                raise broken("the stream is closed")
            if self._held:
                data = self._held[0] if len(self._held) == 1 else b"".join(self._held)
                self._held.clear()
                return data
            if self.at_end():
                return b""
            if self._outgoing.pending > _ANSWER_BYTES:
                async with self._sending:  # whoever holds it says it
                    pass
            chunk = await self._inner.receive_view()
            if chunk:
                self._take(chunk)
            else:
                self.transport_ended()

    def _take(self, chunk: bytes | memoryview) -> None:
        """Decrypt everything a chunk gives, without suspending: a cancelled ``receive`` loses
        nothing, and no whole record is left, over which ``unwrap`` would fail for good.
        """
        view = memoryview(chunk)
        for start in range(0, len(view), READ_BYTES):
            self._decrypt(view[start : start + READ_BYTES])
        if self._outgoing.pending and not self._sending.locked():
            # TLS answers on its own (an alert, a KeyUpdate). Receiving must not wait for a peer
            # that is itself waiting to be received from.
            self._answering = asyncio.create_task(self._answer())

    def _decrypt(self, view: memoryview) -> None:
        """Decrypt at most READ_BYTES into what is ``_held``. Large objects are made as seldom as
        can be: for each, the system has to find and to clear new memory.
        """
        count = self.decrypt(view, self._scratch)
        if count:
            self._held.append(bytes(self._scratch[:count]))

    def decrypt(self, view: memoryview, plain: memoryview) -> int:
        """Decrypt into ``plain``, which has RECORD_ROOM more than ``view``; return how many bytes
        that gave. Both may be the same memory, if ``view`` begins so much later. Whether that was
        the end, or what is wrong, is noted: see ``at_end``.
        """
        read = cast("Callable[[int, memoryview], int]", self._object.read)
        count = 0
        try:
            for start in range(0, len(view) or 1, _BATCH_BYTES):
                self._incoming.write(view[start : start + _BATCH_BYTES])
                try:
                    while self._incoming.pending and not self._ended:
                        piece = read(_RECORD_BYTES, plain[count:])
                        self._ended = not piece
                        count += piece
                except ssl.SSLWantReadError:
                    pass  # the rest of a record is still to come
        except ssl.SSLZeroReturnError:
            self._ended = True
        except ssl.SSLError as exc:
            self._error = later_error(exc, self._side())
        if count and self._finished:
            self._heard_since = True
        return count

    def at_end(self) -> bool:
        """Whether the peer has finished sending. Raises: what broke it."""
        if self._error is not None:
            raise self._error
        return self._ended

    def transport_ended(self) -> None:
        """Note that nothing more comes from what is below."""
        if self._finished and not self._heard_since:
            self._ended = True
            return
        self._error = StreamError(
            "the connection ended without TLS saying so: something may be missing",
            code=ErrorCode.TLS_TRUNCATED,
            peer=self._side().who,
        )

    async def _answer(self) -> None:
        try:
            await self._flush()
        except BasculeError:
            pass  # the next send or receive meets it too

    # sending ------------------------------------------------------------------------------------

    async def send(self, data: bytes) -> None:
        self._refuse_when_finished()
        view = memoryview(data)
        for start in range(0, len(view), _BATCH_BYTES):
            self.encrypt(view[start : start + _BATCH_BYTES])
            await self._flush()

    def encrypt(self, view: memoryview) -> None:
        """Encrypt some bytes; they are in ``unsaid`` then. Raises: as ``send``."""
        try:
            self._object.write(view)
        except ssl.SSLError as exc:
            raise self._broken_by(exc) from exc

    @property
    def unsaid(self) -> ssl.MemoryBIO:
        """What is encrypted and waits to be handed on, in this order."""
        return self._outgoing

    async def send_eof(self) -> None:
        if self._finished:
            return
        self._refuse_when_finished()
        self.notify_end()
        await self._flush()

    def _refuse_when_finished(self) -> None:
        if self._closed:
            raise broken("the stream is closed")
        if self._error is not None:
            raise self._error
        if self._finished or self._cut:
            raise broken("sending has been finished")

    def notify_end(self) -> None:
        """Put the end of what we send behind what is ``unsaid``. Raises: as ``send``."""
        self._finished = True
        try:
            self._object.unwrap()
        except ssl.SSLWantReadError:
            pass  # close_notify is written; that of the peer has not come yet
        except ssl.SSLError as exc:
            raise self._broken_by(exc) from exc

    def _broken_by(self, exc: ssl.SSLError) -> BasculeError:
        self._cut = True
        self._error = self._error or later_error(exc, self._side())
        return self._error

    async def _flush(self) -> None:
        """Hand on everything that is encrypted."""
        async with self._sending:
            while self._outgoing.pending:
                whole = False
                try:
                    await self._inner.send(self._outgoing.read())
                    whole = True
                finally:
                    self._cut = self._cut or not whole

    # closing ------------------------------------------------------------------------------------

    async def aclose(self) -> None:
        closing = not self._closed
        self._closed = True
        orderly = False
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                if closing:
                    await self._say_goodbye()
                await self._inner.aclose()
            orderly = True
        except TimeoutError:
            pass  # the peer takes nothing
        finally:
            if not orderly:
                self._inner.abort()
        await self._inner.aclose()
        if self._answering is not None:
            await asyncio.wait([self._answering])

    async def _say_goodbye(self) -> None:
        if self._cut:
            return
        try:
            if self._agreed and not self._finished and self._error is None:
                self.notify_end()
            await self._flush()
        except BasculeError:
            pass  # the peer is gone

    def abort(self) -> None:
        self._cut = True
        self._inner.abort()

    def settle(self) -> None:
        self._inner.settle()

    # the fast path's door -----------------------------------------------------------------------

    @property
    def inner(self) -> Stream:
        """What is below."""
        return self._inner

    def hand_over(self) -> bool:
        """Give the bytes of ``inner``, a socket, to somebody who moves them from now on by
        ``decrypt`` and ``encrypt``, while this stream keeps closing. False where that cannot be.
        What was decrypted already is to be fetched by ``take_held``.
        """
        assert isinstance(self._inner, SocketStream)
        if self._finished or self._closed or self._cut or self._outgoing.pending:
            return False
        return self._answering is None and self._inner.hand_over()

    @property
    def has_held(self) -> bool:
        """Whether anything was decrypted already, or the end of it seen."""
        return bool(self._held) or self._ended or self._error is not None

    def take_held(self) -> bytes:
        """What was decrypted and not received."""
        held = b"".join(self._held)
        self._held.clear()
        return held

    def cut(self) -> None:
        """Note that something encrypted is lost: no end may be told any more."""
        self._cut = True

    def close(self) -> None:
        """Close in order as far as that can be done without waiting. Only over a socket."""
        assert isinstance(self._inner, SocketStream)
        if not self._closed and not self._cut:
            try:
                if not self._finished and self._error is None:
                    self.notify_end()
                if self._outgoing.pending:
                    self._inner.send_some(self._outgoing.read())
            except BasculeError:
                pass  # the peer is gone
        self._closed = True
        self._inner.close()


def read_facts(der: bytes) -> CertificateFacts | None:
    """Say what a peer's certificate says, None where it is damaged. Slow: call it in a thread."""
    from bascule.certificates.inspect import facts_of_der  # slow to import

    try:
        return facts_of_der(der)
    except ValueError:
        return None
