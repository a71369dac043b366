"""Puts what was pasted on a stage: its ports, hosts and paths become some of this computer, and
at both of its ends somebody sends and receives.

A TCP port that a relay leads to is a real socat's, which gives back what it is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import io
import itertools
import os
import re
import socket
import tarfile
import tty
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, override

from bascule.errors import DialError
from bascule.spec.datagrams import UnixReceive
from bascule.spec.endpoints import ClientTls, ProxyHop, ServerTls
from bascule.spec.ends import Dual
from bascule.spec.foreign.found import Found
from bascule.spec.local import Descriptor, File, Program
from bascule.streams.base import Dialer, Stream
from bascule.streams.multicast import Multicast
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.tls import TlsDialer, client_context
from bascule.streams.udp import UdpConnectDialer
from bascule.streams.unix import UnixDialer, UnixListener
from bascule.streams.unix_datagram import UnixSendToDialer
from tests.helpers.certificates import Files
from tests.helpers.contract import random_bytes, read_all, read_count, soon
from tests.helpers.datagrams import udp_echo
from tests.helpers.descriptors import until
from tests.helpers.http_proxy import HttpProxy
from tests.helpers.pairs import socket_pair
from tests.helpers.ports import free_port, free_udp_port
from tests.helpers.pty import Line
from tests.helpers.relays import RelayRig, Service, echo
from tests.helpers.socks_server import LOCAL, SocksServer

LOCAL6 = "::1"
CONTENT = random_bytes(30_000)
"""What is carried; one datagram takes it whole."""

NAMES = {"web.example": LOCAL, "host.example": LOCAL}
"""The hosts that the proxies know."""

_ECHOES = frozenset({"cat", "cat -u", "/bin/cat"})
_COUNT = itertools.count(1)

type Peer = Callable[[RelayRig], Awaitable[Stream]]


@dataclass(frozen=True, slots=True)
class Around:
    """What there is around the stage: ports of socats that give back what they are sent, and an
    SSH server with its user.
    """

    tcp: int
    tcp6: int
    tls: int
    files: Files
    ssh: int
    user: str


@dataclass(slots=True)
class Staged:
    """One end on the stage, and what is known of it: ``peer`` sends and receives there, or it
    ``echoes`` what it is sent, once it was ``asked`` and has ``answered``, or ``keeps`` it (told
    ``sent`` and the end). What comes of it unasked, it ``gives``; ``taken`` finds that in all that
    came.
    """

    end: Any
    peer: Peer | None = None
    echoes: bool = False
    asked: bytes = b""
    answered: bytes = b""
    keeps: Callable[[], bytes] | None = None
    sent: bytes = b""
    gives: bytes = b""
    taken: Callable[[bytes], bytes] | None = None
    stream: Stream | None = field(default=None, init=False)


async def carry(found: Found, around: Around) -> None:
    """Start the relay that was found, and see that it carries each way that it has."""
    relay = found.relay
    assert relay is not None
    async with AsyncExitStack() as stack:
        stage = _Stage(around, stack, listens=relay.listens)
        way = relay.direction
        source = await stage.staged(relay.source, {"up": "gives", "down": "takes"}.get(way, way))
        target = await stage.staged(relay.target, {"up": "takes", "down": "gives"}.get(way, way))
        # How long one way may go on when the other has ended is a matter of time: here, for ever.
        spec = replace(relay, source=source.end, target=target.end, half_close_seconds=0.0)
        rig = await stack.enter_async_context(RelayRig(spec, found.secrets, foreground=True))
        if spec.listens:
            await rig.run()
        else:
            rig.relay.start()
        for each in (source, target):
            if each.peer is not None:
                each.stream = await soon(each.peer(rig))
        ways = [(source, target)] * (way != "down") + [(target, source)] * (way != "up")
        compared = [await _compared(*each) for each in ways]
        assert any(compared)
        if source.stream is not None and target.stream is not None:
            assert all(compared)


async def _compared(giver: Staged, taker: Staged) -> bool:
    """See that what one gives is what the other takes; False where that cannot be seen."""
    stream = giver.stream
    if stream is not None and taker.echoes:
        if taker.asked:
            await soon(stream.send(taker.asked))
            assert await soon(read_count(stream, len(taker.answered))) == taker.answered
        await soon(stream.send(CONTENT))
        return _same(await soon(read_count(stream, len(CONTENT))), CONTENT)
    if stream is not None and taker.stream is not None:
        await soon(stream.send(CONTENT))
        return _same(await soon(read_count(taker.stream, len(CONTENT))), CONTENT)
    if stream is not None and taker.keeps is not None:
        await soon(stream.send(taker.sent or CONTENT))
        if taker.sent:
            await soon(stream.send_eof())
        return await _kept(taker.keeps, CONTENT)
    if giver.gives and taker.stream is not None:
        if giver.taken is not None:
            got = giver.taken(await soon(read_all(taker.stream)))
        else:
            got = await soon(read_count(taker.stream, len(giver.gives)))
        return _same(got, giver.gives)
    if giver.gives and taker.keeps is not None:
        return await _kept(taker.keeps, giver.gives)
    if giver.gives and giver.keeps is not None and taker.echoes:
        return await _kept(giver.keeps, giver.gives)
    return False


async def _kept(keeps: Callable[[], bytes], content: bytes) -> bool:
    await until(lambda: len(keeps()) >= len(content))
    return _same(keeps(), content)


def _same(got: bytes, wanted: bytes) -> bool:
    assert hashlib.sha256(got).hexdigest() == hashlib.sha256(wanted).hexdigest()
    return True


class _Stage:
    """Makes ends of this computer of those of a text. The working folder is the test's own."""

    def __init__(self, around: Around, stack: AsyncExitStack, *, listens: bool) -> None:
        self._around = around
        self._listens = listens  # so it is the source that listens, else a target may
        self._stack = stack
        for name in ("in", "big.log"):
            Path(name).write_bytes(CONTENT)

    async def staged(self, end: Any, way: str) -> Staged:
        """An end as it is here. It "gives", "takes" or does "both"."""
        match end.kind:
            case "tcp-connect":
                return await self._tcp(end, way)
            case "udp-connect" | "udp-sendto" | "udp-datagram":
                host = LOCAL6 if end.family == "ipv6" else LOCAL
                port = await self._stack.enter_async_context(udp_echo(host))
                return Staged(replace(end, host=host, port=port), echoes=True)
            case "unix-connect":
                name = _name("service")
                listener = UnixListener(name, abstract=end.abstract)
                await self._stack.enter_async_context(echo(listener, patient=True))
                return Staged(replace(end, path=name), echoes=True)
            case "unix-sendto":
                return self._inbox(end)
            case "program":
                return self._program(end)
            case "file":
                return _file(end, way)
            case "serial":
                line = Line()
                self._stack.callback(line.abort)
                return Staged(replace(end, device=line.device), _here(line))
            case "standard" | "descriptor":
                ours, theirs = map(self._kept, socket_pair("unix"))
                return Staged(Descriptor(number=theirs.fd), _here(ours))
            case "pty":
                return Staged(replace(end, link="terminal"), self._terminal)
            case "dual":
                return await self._dual(end)
            case "text":
                return Staged(end, gives=end.text.encode())
            case "echo" | "pipe":
                return Staged(end, echoes=True)
            case _:
                return self._listening(end)

    def _kept[T: Stream](self, stream: T) -> T:
        """A stream that is closed at the end."""
        self._stack.push_async_callback(stream.aclose)
        self._stack.callback(stream.abort)
        return stream

    # who comes ----------------------------------------------------------------------------------

    def _listening(self, end: Any) -> Staged:
        if end.kind.startswith("unix-"):
            name = _name("socket")
            dialer: Dialer = UnixDialer(name, abstract=end.abstract)
            if end.kind != "unix-listen":
                bind = "" if isinstance(end, UnixReceive) else f"{name}-answers"
                dialer = UnixSendToDialer(name, abstract=end.abstract, bind=bind)
            return Staged(replace(end, path=name), self._dialling(lambda _rig: dialer))
        host = LOCAL6 if end.family == "ipv6" or ":" in end.host else LOCAL
        if end.kind == "tcp-listen":
            return self._tcp_listening(end, host)
        port = 0 if end.listens else free_udp_port(host)
        if end.groups:
            group = end.groups[0].partition(":")[0]
            speaker = UdpConnectDialer(group, port, multicast=Multicast(interface=LOCAL))
            return Staged(replace(end, port=port), self._dialling(lambda _rig: speaker))
        here = replace(end, host=host, port=port)
        return Staged(here, self._dialling(lambda rig: UdpConnectDialer(host, port or rig.port)))

    def _tcp_listening(self, end: Any, host: str) -> Staged:
        files, port = self._around.files, 0 if self._listens else free_port(host)
        tls: ServerTls | None = end.tls
        if tls is not None:
            tls = replace(tls, certificate=files.certificate, key=files.key)

        def dialer(rig: RelayRig) -> Dialer:
            plain = TcpDialer(host, port or rig.port)
            context = client_context(authority=files.authority)
            return TlsDialer(plain, context, "localhost") if tls is not None else plain

        async def come(rig: RelayRig) -> Stream:
            while True:
                try:
                    return self._kept(await dialer(rig).dial())
                except DialError:  # a target listens when its connection has begun
                    assert not rig.spec.listens
                    await asyncio.sleep(0.005)

        return Staged(replace(end, host=host, port=port, tls=tls), come)

    def _dialling(self, dialer: Callable[[RelayRig], Dialer]) -> Peer:
        async def come(rig: RelayRig) -> Stream:
            if not rig.spec.listens:
                await rig.connected()
            return self._kept(await dialer(rig).dial())

        return come

    # what is reached ----------------------------------------------------------------------------

    async def _tcp(self, end: Any, way: str) -> Staged:
        if way != "both":
            service = await self._stack.enter_async_context(Service(TcpListener(LOCAL, 0)))
            return Staged(replace(end, host=LOCAL, port=service.port), lambda _rig: service.next())
        around, tls = self._around, end.tls
        via = tuple([await self._proxy(hop) for hop in end.via])
        six = end.family == "ipv6"
        port = around.tcp6 if six else around.tcp
        if tls is not None:
            port = around.tls
            authority = around.files.authority if tls.verify else ""
            tls = ClientTls(authority=authority, server_name="localhost", verify=tls.verify)
        named = bool(via) and via[0].version != "4"  # by the proxy, as the text has it
        host = end.host if named else (LOCAL6 if six else LOCAL)
        return Staged(replace(end, host=host, port=port, via=via, tls=tls), echoes=True)

    async def _proxy(self, hop: ProxyHop) -> ProxyHop:
        kind = HttpProxy if hop.version == "http" else SocksServer
        proxy = await self._stack.enter_async_context(kind(names=NAMES))
        return replace(hop, host=LOCAL, port=proxy.port)

    def _inbox(self, end: Any) -> Staged:
        """A socket that takes datagrams: who sends them has no name to be answered by."""
        name = _name("inbox")
        inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._stack.callback(inbox.close)
        inbox.setblocking(False)
        inbox.bind(f"\0{name}" if end.abstract else name)
        got = bytearray()

        def kept() -> bytes:
            with contextlib.suppress(BlockingIOError):
                got.extend(inbox.recv(65_536))
            return bytes(got)

        return Staged(replace(end, path=name), keeps=kept)

    # what is on this computer -------------------------------------------------------------------

    async def _terminal(self, _rig: RelayRig) -> Stream:
        """A program that opens the pseudo-terminal."""
        await until(lambda: Path("terminal").exists())
        opened = _Opened("terminal")
        self._stack.callback(opened.abort)
        return opened

    def _program(self, end: Program) -> Staged:
        command, around = end.command, self._around
        words = command.split()
        if command in _ECHOES:
            return Staged(end, echoes=True)
        match words[0]:
            case "ssh":
                there = re.sub(r"-W \S+", f"-W {LOCAL}:{around.tcp}", command)
                there = re.sub(r"-p \d+", f"-p {around.ssh}", there)
                there = there.replace("me@", f"{around.user}@")
                return Staged(replace(end, command=there), echoes=True)
            case "plink":
                there = re.sub(r"-nc \S+", f"-nc {LOCAL}:{around.tcp}", command)
                there = re.sub(r"-P \d+", f"-P {around.ssh}", there)
                there = re.sub(r"\S+$", f"{around.user}@{LOCAL}", there)
                return Staged(replace(end, command=there), echoes=True)
            case "exec":  # a shell
                # What follows waits for the answer: a shell may read ahead of the line it is told.
                return Staged(end, echoes=True, asked=b"echo here; exec cat\n", answered=b"here\n")
            case "printf":
                return Staged(end, gives=b"hi\n")
            case "tar" if words[1] == "c":
                return Staged(end, gives=CONTENT, taken=_unpacked)
            case "tar":
                return Staged(end, keeps=_written("received"), sent=_packed())
            case "gzip" if words[1] == "-c":
                return Staged(end, gives=CONTENT, taken=gzip.decompress)
            case "gzip":
                return Staged(end, keeps=_written("received.log"), sent=gzip.compress(CONTENT))
            case "cat":
                return Staged(end, gives=CONTENT)
            case _:
                assert command == "tee out"
                return Staged(end, keeps=_written("out"))

    async def _dual(self, end: Dual) -> Staged:
        reading = await self.staged(end.reading, "gives")
        writing = await self.staged(end.writing, "takes")
        made: Any = replace(end, reading=reading.end, writing=writing.end)
        return Staged(made, keeps=writing.keeps, gives=reading.gives)


class _Opened(Line):
    """A pseudo-terminal that somebody else made, opened as a program does that wants bytes."""

    @override
    def __init__(self, path: str) -> None:
        self._far = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._far)
        self._near = os.dup(self._far)


def _name(kind: str) -> str:
    """A name of its own, for what all programs of this computer see as well."""
    return f"{kind}-{os.getpid()}-{next(_COUNT)}"


def _here(stream: Stream) -> Peer:
    async def come(_rig: RelayRig) -> Stream:
        return stream

    return come


def _file(end: File, way: str) -> Staged:
    path = Path(_name("file"))
    here: Any = replace(end, path=str(path))
    if way == "gives":
        path.write_bytes(CONTENT)
        return Staged(here, gives=CONTENT)
    if not end.create:
        path.touch()
    return Staged(here, keeps=_written(str(path)))


def _written(name: str) -> Callable[[], bytes]:
    """What a file holds by now."""
    return lambda: Path(name).read_bytes() if Path(name).exists() else b""


def _packed() -> bytes:
    """An archive with the content as a file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo("received")
        member.size = len(CONTENT)
        archive.addfile(member, io.BytesIO(CONTENT))
    return made.getvalue()


def _unpacked(data: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        member = archive.extractfile("./in")
        assert member is not None
        return member.read()
