"""Kinds of targets with somebody real behind them. Who comes through a source: ``entrances``."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bascule.spec.built_in import Discard, Echo, Room, Stall, Text
from bascule.spec.datagrams import (
    UdpConnect,
    UdpDatagram,
    UdpSendTo,
    UnixSendTo,
)
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    TcpConnect,
    UnixConnect,
)
from bascule.spec.ends import Dual, Failover, FanOut, Target
from bascule.spec.http_answer import HealthAnswer, HttpAnswer
from bascule.spec.local import (
    Descriptor,
    File,
    NamedPipeConnect,
    Pipe,
    Program,
    Pty,
    Standard,
)
from bascule.spec.log_collector import LogCollector
from bascule.spec.measuring import Throughput
from bascule.spec.options import Retry, Shape
from bascule.spec.share_file import ShareFile
from bascule.spec.transfer import ReceiveFiles, SendFiles
from bascule.streams.named_pipe import NamedPipeListener
from bascule.streams.tcp import TcpListener
from bascule.streams.tls import TlsListener, server_context
from bascule.streams.unix import UnixListener
from tests.helpers.certificates import Files
from tests.helpers.datagrams import peer
from tests.helpers.http_proxy import HttpProxy
from tests.helpers.named_pipes import StandIn
from tests.helpers.pty import Line
from tests.helpers.relays import echo
from tests.helpers.socks_server import LOCAL, SocksServer

type Opened[T] = Callable[[Place], AbstractAsyncContextManager[T]]


@dataclass(frozen=True, slots=True)
class Place:
    """What far sides need: certificates, and the named pipes of a system that has them. The
    working folder is the test's own.
    """

    files: Files
    pipes: StandIn


def alone(target: Target) -> Opened[Target]:
    """A target that needs nobody."""

    @asynccontextmanager
    async def opened(_place: Place) -> AsyncIterator[Target]:
        yield target

    return opened


@asynccontextmanager
async def _tcp(_place: Place) -> AsyncIterator[Target]:
    async with echo(patient=True) as port:
        yield TcpConnect(LOCAL, port)


@asynccontextmanager
async def _share(_place: Place) -> AsyncIterator[Target]:
    Path("shared").write_bytes(b"shared")
    yield ShareFile(path="shared")


@asynccontextmanager
async def _tls(place: Place) -> AsyncIterator[Target]:
    context = server_context(place.files.certificate, place.files.key)
    async with echo(TlsListener(TcpListener(LOCAL, 0), context), patient=True) as port:
        yield TcpConnect(LOCAL, port, tls=ClientTls(authority=place.files.authority))


@asynccontextmanager
async def _socks(_place: Place) -> AsyncIterator[Target]:
    async with echo(patient=True) as port, SocksServer() as proxy:
        yield TcpConnect(LOCAL, port, (ProxyHop("5", port=proxy.port),))


@asynccontextmanager
async def _http_proxy(_place: Place) -> AsyncIterator[Target]:
    async with echo(patient=True) as port, HttpProxy() as proxy:
        yield TcpConnect(LOCAL, port, (ProxyHop("http", port=proxy.port),))


@asynccontextmanager
async def _unix(_place: Place) -> AsyncIterator[Target]:
    async with echo(UnixListener("service"), patient=True):
        yield UnixConnect("service")


@asynccontextmanager
async def _named_pipe(place: Place) -> AsyncIterator[Target]:
    async with echo(NamedPipeListener("service", system=place.pipes), patient=True):
        yield NamedPipeConnect(name="service")


@asynccontextmanager
async def _answering_line() -> AsyncIterator[Line]:
    """A serial line at whose far end somebody says everything again."""
    line = Line()

    async def answer() -> None:
        while True:
            await line.send(await line.receive())

    answering = asyncio.ensure_future(answer())
    try:
        yield line
    finally:
        answering.cancel()
        await asyncio.wait([answering])
        line.abort()


@asynccontextmanager
async def _serial(_place: Place) -> AsyncIterator[Target]:
    async with _answering_line() as line:
        yield SerialPort(line.device)


@asynccontextmanager
async def _descriptor(_place: Place) -> AsyncIterator[Target]:
    async with _answering_line() as line:
        yield Descriptor(number=line.near)


@contextlib.contextmanager
def standard_streams() -> Iterator[int]:
    """Standard input and output are pipes; yields where to write what is read."""
    with contextlib.ExitStack() as stack:
        saved = [os.dup(0), os.dup(1)]
        reading, saying = os.pipe()
        hearing, writing = os.pipe()
        for fd in (*saved, reading, saying, hearing, writing):
            stack.callback(os.close, fd)
        for fd, before in enumerate(saved):
            stack.callback(os.dup2, before, fd)
        os.dup2(reading, 0)
        os.dup2(writing, 1)
        yield saying


@asynccontextmanager
async def _standard(_place: Place) -> AsyncIterator[Target]:
    with standard_streams():
        yield Standard()


def _datagrams(make: Callable[[int], Target]) -> Opened[Target]:
    """A target for datagrams; who gets them has nothing to say."""

    @asynccontextmanager
    async def opened(_place: Place) -> AsyncIterator[Target]:
        with peer() as far:
            yield make(far.port)

    return opened


TARGETS: dict[str, Opened[Target]] = {
    "echo": alone(Echo()),
    "shaped": alone(Echo(shape=Shape(line_ending="crlf"))),
    "retried": alone(Echo(retry=Retry(times=1))),
    "discard": alone(Discard()),
    "text": alone(Text(text="hello")),
    "stall": alone(Stall()),
    "room": alone(Room()),
    "receive-files": alone(ReceiveFiles(folder="received")),
    "share-file": _share,
    "receive-one-file": alone(ReceiveFiles(folder="received", file_name="one")),
    "send-files": alone(SendFiles(path=".")),
    "send-one-file": alone(SendFiles(path="/proc/self/status", plain=True)),
    "http-answer": alone(HttpAnswer(body="hello")),
    "health-answer": alone(HealthAnswer()),
    "log-collector": alone(LogCollector(path="log", rotate_daily=True)),
    "throughput": alone(Throughput(seconds=0, megabytes=1, answer_seconds=0.1)),
    "program": alone(Program(command="cat")),
    "program-pipes": alone(Program(command="cat", joined_by="pipes")),
    "program-terminal": alone(Program(command="cat", joined_by="terminal")),
    "program-missing": alone(Program(command="/nowhere/at/all")),
    "file": alone(File(path="file", create=True)),
    "file-missing": alone(File(path="nowhere/at/all")),
    "pipe": alone(Pipe()),
    "pty": alone(Pty()),
    "refused": alone(TcpConnect(LOCAL, 1)),
    "failover": alone(Failover(targets=(TcpConnect(LOCAL, 1), Echo()))),
    "fan-out": alone(FanOut(targets=(Echo(), Discard(), TcpConnect(LOCAL, 1)))),
    "dual": alone(Dual(reading=Text(text="hello"), writing=Discard())),
    "tcp": _tcp,
    "tls": _tls,
    "socks": _socks,
    "http-proxy": _http_proxy,
    "unix": _unix,
    "named-pipe": _named_pipe,
    "serial": _serial,
    "descriptor": _descriptor,
    "standard": _standard,
    "udp": _datagrams(lambda port: UdpConnect(host=LOCAL, port=port)),
    "udp-refused": alone(UdpConnect(host=LOCAL, port=9)),
    "udp-sendto": _datagrams(lambda port: UdpSendTo(host=LOCAL, port=port)),
    "udp-datagram": _datagrams(lambda port: UdpDatagram(host=LOCAL, port=port)),
    "unix-sendto": alone(UnixSendTo(path="nobody")),
}
