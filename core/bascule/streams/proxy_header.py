"""Owns the PROXY header of load balancers around connections: read from arrivals, made for targets.

The exchange itself is in ``protocols/proxy_header``. Whoever may connect to a port that takes the
header can claim any address: an allow-list has to be asked about the connection itself as well.
"""

from __future__ import annotations

from collections.abc import Callable

from bascule.errors import ErrorCode, HandshakeError, StreamError
from bascule.protocols.proxy_header import Ip, ProxyHeader, read_proxy_header, write_proxy_header
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.buffered import BufferedStream
from bascule.streams.origin import get_origin
from bascule.streams.perform import perform
from bascule.streams.stage import done_within


class ProxyHeaderListener(Listener):
    """Reads the header of each arrival at ``inner``, and gives the stream its true peer.

    ``timeout_seconds`` is how long an arrival may take; the header stands in its first packet, so
    that seconds are enough for one that was sent again.
    """

    def __init__(self, inner: Listener, *, timeout_seconds: float = 5.0) -> None:
        self._inner = inner
        self._timeout_seconds = timeout_seconds

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        return await self._inner.start(on_arrival)

    async def welcome(self, stream: Stream) -> Stream:
        told = False
        try:
            buffered = BufferedStream(await self._inner.welcome(stream))
            async with done_within(self._timeout_seconds, stream.peer, "sends no PROXY header"):
                header = await _read(buffered, stream.peer)
            told = True
        finally:
            if not told:
                stream.abort()
                await stream.aclose()
        through = buffered.release()
        if header.source is not None:
            through.peer = Address(header.source.host, header.source.port)
        return through

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _read(stream: BufferedStream, peer: Address) -> ProxyHeader:
    """Read a header. Raises: HandshakeError with the ``peer`` that sent none, or a wrong one."""
    try:
        return await perform(read_proxy_header(), stream)
    except HandshakeError as exc:
        raise HandshakeError(
            f"{peer}: {exc.message}",
            code=exc.code,
            field=exc.field,
            **{**exc.facts, "peer": str(peer)},
        ) from exc
    except StreamError as exc:
        raise HandshakeError(
            f"{peer}: {exc.message}",
            code=ErrorCode.HANDSHAKE_CUT,
            peer=str(peer),
            why=exc.message,
        ) from exc


class ProxyHeaderDialer(Dialer):
    """Begins each stream of ``inner`` with a header of ``version`` ("v1" or "v2") that says who has
    connected to us (see ``origin``).
    """

    def __init__(self, inner: Dialer, version: str) -> None:
        self._inner = inner
        self._version = version
        self.label = inner.label
        self.exclusive = inner.exclusive

    async def check(self) -> None:
        await self._inner.check()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        origin = get_origin()
        stream = await self._inner.dial(progress)
        sent = False
        try:
            await stream.send(header(self._version, origin.peer, origin.local))
            sent = True
        except StreamError as exc:
            raise HandshakeError(
                f"{self.label}: {exc.message}",
                code=ErrorCode.HANDSHAKE_CUT,
                subject=self.label,
                why=exc.message,
            ) from exc
        finally:
            if not sent:
                stream.abort()
                await stream.aclose()
        return stream


def header(version: str, source_peer: Address, local: Address) -> bytes:
    """The header for a target: who has connected (``source_peer``), and to which address of ours.

    ``version`` is "v1" or "v2". Where one of the two is no IP address with a port, the header says
    UNKNOWN or LOCAL. Addresses of IPv4 within IPv6 are told as IPv4.
    """
    return write_proxy_header(int(version.removeprefix("v")), _place(source_peer), _place(local))


def _place(address: Address) -> tuple[Ip, int] | None:
    ip = address.ip
    return None if ip is None or address.port is None else (ip, address.port)
