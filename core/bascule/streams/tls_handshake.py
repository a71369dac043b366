"""Owns how two sides agree on TLS: bytes go to and fro until OpenSSL says that it is done.

Over a socket that the loop watches this is done by calls of the loop: what asyncio does to wake a
task costs more than a handshake has calls.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

from bascule.errors import BasculeError
from bascule.streams.base import Stream
from bascule.streams.oserrors import stream_error
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tls_errors import Side, begins_tls, handshake_cut, not_tls
from bascule.streams.watch import READ_BYTES

_SHOWN_BYTES = 64
"""So much of what is no TLS is looked at to say what it is."""


async def agree(
    inner: Stream,
    tls: ssl.SSLObject,
    incoming: ssl.MemoryBIO,
    outgoing: ssl.MemoryBIO,
    side: Callable[[], Side],
) -> None:
    """Do the handshake of ``tls`` over ``inner``. Something may be left to be sent in ``outgoing``,
    and to be decrypted in ``incoming``. ``side`` is asked for what an error is told with.

    Raises:
        HandshakeError: TLS_NOT_TLS, HANDSHAKE_CUT.
        StreamError: what broke.
        ssl.SSLError: anything else, of which the peer is to be told.
    """
    heard = False
    if type(inner) is SocketStream and inner.hand_over():
        steps = _Steps(inner, tls, incoming, outgoing, side)
        rest = await steps.done()
        if not rest:
            return
        await inner.send(rest)
        heard = steps.heard
    while not _is_done(tls):
        while outgoing.pending:
            await inner.send(outgoing.read())
        chunk = await inner.receive()
        if not chunk:
            raise handshake_cut(side(), "it finished sending")
        if not heard and not begins_tls(chunk):
            raise not_tls(side(), chunk)
        heard = True
        incoming.write(chunk)


def _is_done(tls: ssl.SSLObject) -> bool:
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


class _Steps:
    """The steps over a socket that has been handed over. ``heard``: the peer has said something."""

    def __init__(
        self,
        inner: SocketStream,
        tls: ssl.SSLObject,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        side: Callable[[], Side],
    ) -> None:
        self.heard = False
        self._inner = inner
        self._tls = tls
        self._incoming = incoming
        self._outgoing = outgoing
        self._side = side
        self._done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def done(self) -> bytes:
        """Begin, and wait until both have agreed, or until the socket takes no more: return what it
        did not take, with which it is to go on. Raises: as ``agree``.
        """
        if not self._tls.server_side:
            self._step()
        try:
            self._inner.watching.read(self._inner.fd, self._readable)
        except OSError as exc:
            raise stream_error(exc) from exc
        return await self._done

    def _readable(self) -> None:
        if self._done.done():  # nobody watches in our place yet
            self._inner.watching.no_read(self._inner.fd)
            return
        buffer = self._inner.watching.buffer
        try:
            count = self._inner.sock.recv_into(buffer, READ_BYTES)
            self._look_at(buffer[:count])
            self._incoming.write(buffer[:count])
            self._step()
        except (BlockingIOError, InterruptedError):
            pass
        except (ssl.SSLError, BasculeError) as exc:
            self._done.set_exception(exc)
        except OSError as exc:
            self._done.set_exception(stream_error(exc))

    def _look_at(self, chunk: memoryview) -> None:
        if not chunk:
            raise handshake_cut(self._side(), "it finished sending")
        if not self.heard:
            start = bytes(chunk[:_SHOWN_BYTES])
            if not begins_tls(start):
                raise not_tls(self._side(), start)
            self.heard = True

    def _step(self) -> None:
        done = _is_done(self._tls)
        rest = b""
        if self._outgoing.pending:
            out = self._outgoing.read()
            rest = out[self._inner.send_some(out) :]
        if done or rest:
            self._done.set_result(rest)
