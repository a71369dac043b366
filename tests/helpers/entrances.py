"""Kinds of sources with somebody real in front of them, who comes, says a word and leaves."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bascule.errors import DialError, StreamError
from bascule.events import ConnectionClosed, RelayState
from bascule.spec.built_in import Stall, Text
from bascule.spec.datagrams import (
    UdpListen,
    UdpReceiveFrom,
    UnixReceive,
    UnixReceiveFrom,
)
from bascule.spec.endpoints import (
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixListen,
)
from bascule.spec.ends import Source
from bascule.spec.local import (
    Descriptor,
    File,
    NamedPipeListen,
    Program,
    Pty,
    Standard,
)
from bascule.streams.base import Dialer, Stream
from bascule.streams.named_pipe import NamedPipeDialer
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.tls import TlsDialer, client_context
from bascule.streams.udp import UdpConnectDialer
from bascule.streams.unix import UnixDialer
from bascule.streams.unix_datagram import UnixSendToDialer
from tests.helpers.contract import soon
from tests.helpers.descriptors import until
from tests.helpers.far_sides import Opened, Place, standard_streams
from tests.helpers.pty import Line
from tests.helpers.relays import RelayRig
from tests.helpers.socks_server import LOCAL

WORD = b"word\n"


@dataclass(frozen=True, slots=True)
class Entrance:
    """A source, and one who comes through it while the relay runs; back when both are done."""

    source: Source
    visit: Callable[[RelayRig], Awaitable[None]]


# sources that listen ----------------------------------------------------------------------------


async def _call(rig: RelayRig, dialer: Dialer, preface: bytes = b"") -> None:
    """A client says its word and that it has finished, and hears all there is to hear of it."""
    before = len(rig.of(ConnectionClosed))
    stream = await soon(dialer.dial())
    with contextlib.suppress(StreamError):  # where the target fails
        if preface:
            await soon(stream.send(preface))
        await soon(stream.send(WORD))
        await soon(stream.send_eof())
    if isinstance(rig.spec.target, Stall):
        await _as_time_passes(rig, lambda: len(rig.of(ConnectionClosed)) > before)
    with contextlib.suppress(StreamError):
        while await soon(stream.receive()):
            pass
    await soon(stream.aclose())
    await rig.closed(before + 1)


async def _knock(rig: RelayRig, dialer: Dialer) -> None:
    """A client that cannot say that it has finished: the relay ends it, as nobody moves."""
    before, up = len(rig.of(ConnectionClosed)), rig.relay.totals[0]
    stream: Stream = await soon(dialer.dial())
    with contextlib.suppress(StreamError):
        await soon(stream.send(WORD))

    def ended() -> bool:
        return len(rig.of(ConnectionClosed)) > before

    await _carried(rig, up, ended)
    await _as_time_passes(rig, ended)
    await soon(stream.aclose())


async def _carried(rig: RelayRig, before: int, over: Callable[[], bool]) -> None:
    """Wait until the word has gone up, where the target takes one, or it is over."""

    def done() -> bool:
        live = rig.relay.connections.values()
        stalls = isinstance(rig.spec.target, Stall) and any(each.connected for each in live)
        return stalls or rig.relay.totals[0] > before or over()

    await until(done)


async def _as_time_passes(rig: RelayRig, over: Callable[[], bool]) -> None:
    """Let the relay end what nobody ends and where nothing moves any more."""
    clock = itertools.count(0, 3600)

    def looked() -> bool:
        rig.tick(next(clock))
        return over()

    await until(looked)


def _to_port(rig: RelayRig) -> Dialer:
    return TcpDialer(LOCAL, rig.port)


def _listening(
    source: Source,
    dialer: Callable[[RelayRig], Dialer],
    come: Callable[[RelayRig, Dialer], Awaitable[None]] = _call,
) -> Opened[Entrance]:
    @asynccontextmanager
    async def opened(_place: Place) -> AsyncIterator[Entrance]:
        yield Entrance(source, lambda rig: come(rig, dialer(rig)))

    return opened


@asynccontextmanager
async def _tls_source(place: Place) -> AsyncIterator[Entrance]:
    files = place.files
    context = client_context(authority=files.authority)
    source = TcpListen(0, tls=ServerTls(files.certificate, files.key))
    yield Entrance(source, lambda rig: _call(rig, TlsDialer(_to_port(rig), context, "localhost")))


@asynccontextmanager
async def _named_pipe_source(place: Place) -> AsyncIterator[Entrance]:
    dialer = NamedPipeDialer("source", system=place.pipes)
    yield Entrance(NamedPipeListen(name="source"), lambda rig: _knock(rig, dialer))


# sources that the relay opens -------------------------------------------------------------------


async def _open(rig: RelayRig, say: Callable[[], Awaitable[None]]) -> None:
    """The relay opens its source, who is there says a word; the relay ends what does not end."""

    def over() -> bool:
        return rig.relay.status.state in (RelayState.STOPPED, RelayState.FAILED)

    up = rig.relay.totals[0]
    rig.relay.start()
    live = rig.relay.connections
    await rig.until(lambda: over() or any(each.connected for each in live.values()))
    await say()
    await _carried(rig, up, over)
    await _as_time_passes(rig, over)
    await soon(rig.relay.ended())


async def _nothing() -> None:
    """What somebody says who has said it before."""


def _saying(source: Source) -> Opened[Entrance]:
    """A source that says the word by itself."""

    @asynccontextmanager
    async def opened(_place: Place) -> AsyncIterator[Entrance]:
        yield Entrance(source, lambda rig: _open(rig, _nothing))

    return opened


@asynccontextmanager
async def _tcp_connect_source(_place: Place) -> AsyncIterator[Entrance]:
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    listener = TcpListener(LOCAL, 0)
    (address,) = await listener.start(arrived.put_nowait)

    async def visit(rig: RelayRig) -> None:
        stream: list[Stream] = []

        async def say() -> None:
            stream.append(await soon(arrived.get()))
            with contextlib.suppress(StreamError):  # where the target fails
                await stream[0].send(WORD)

        await _open(rig, say)
        await soon(stream[0].aclose())

    try:
        yield Entrance(TcpConnect(LOCAL, address.port or 0), visit)
    finally:
        await listener.aclose()


@asynccontextmanager
async def _file_source(_place: Place) -> AsyncIterator[Entrance]:
    path = Path("source")

    async def visit(rig: RelayRig) -> None:
        path.write_bytes(WORD)
        await _open(rig, _nothing)

    yield Entrance(File(path=str(path)), visit)


def _line_source(make: Callable[[Line], Source]) -> Opened[Entrance]:
    """A serial line at whose far end somebody says a word."""

    @asynccontextmanager
    async def opened(_place: Place) -> AsyncIterator[Entrance]:
        line = Line()
        try:
            yield Entrance(make(line), lambda rig: _open(rig, lambda: line.send(WORD)))
        finally:
            line.abort()

    return opened


@asynccontextmanager
async def _pty_source(_place: Place) -> AsyncIterator[Entrance]:
    async def say() -> None:
        with contextlib.suppress(OSError):  # where the target fails, it is gone
            terminal = os.open("terminal", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            try:
                os.write(terminal, WORD)
            finally:
                os.close(terminal)

    # Of a terminal that says again what it is told there would be no end.
    source = Pty(link="terminal", terminal=("raw", "echo=0"))
    yield Entrance(source, lambda rig: _open(rig, say))


@asynccontextmanager
async def _standard_source(_place: Place) -> AsyncIterator[Entrance]:
    with standard_streams() as saying:

        async def say() -> None:
            os.write(saying, WORD)

        yield Entrance(Standard(), lambda rig: _open(rig, say))


@asynccontextmanager
async def _unix_receive_source(_place: Place) -> AsyncIterator[Entrance]:
    async def say() -> None:
        with contextlib.suppress(DialError, StreamError):  # where the target fails, it is gone
            stream = await soon(UnixSendToDialer("inbox").dial())
            try:
                await soon(stream.send(WORD))
            finally:
                await soon(stream.aclose())

    yield Entrance(UnixReceive(path="inbox"), lambda rig: _open(rig, say))


SOURCES: dict[str, Opened[Entrance]] = {
    "tcp": _listening(TcpListen(0), _to_port),
    "tcp-header": _listening(
        TcpListen(0, proxy_header=True),
        _to_port,
        lambda rig, dialer: _call(rig, dialer, b"PROXY UNKNOWN\r\n"),
    ),
    "tls": _tls_source,
    "unix": _listening(UnixListen("socket"), lambda _rig: UnixDialer("socket")),
    "udp": _listening(UdpListen(port=0), lambda rig: UdpConnectDialer(LOCAL, rig.port), _knock),
    "udp-recvfrom": _listening(
        UdpReceiveFrom(port=0), lambda rig: UdpConnectDialer(LOCAL, rig.port), _knock
    ),
    "unix-recvfrom": _listening(
        UnixReceiveFrom(path="socket"), lambda _rig: UnixSendToDialer("socket"), _knock
    ),
    "named-pipe": _named_pipe_source,
    "tcp-connect": _tcp_connect_source,
    "unix-recv": _unix_receive_source,
    "serial": _line_source(lambda line: SerialPort(line.device)),
    "descriptor": _line_source(lambda line: Descriptor(number=line.near)),
    "pty": _pty_source,
    "file": _file_source,
    "program": _saying(Program(command="echo word")),
    "text": _saying(Text(text="word\n")),
    "standard": _standard_source,
}
