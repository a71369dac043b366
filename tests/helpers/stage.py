"""The stage for what was pasted: makes ends of this computer of those of a text, with somebody at
each who sends and receives.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from bascule.errors import DialError
from bascule.spec.datagrams import UnixReceive
from bascule.spec.endpoints import ClientTls, ProxyHop, ServerTls
from bascule.spec.ends import Dual
from bascule.spec.local import Descriptor
from bascule.streams.base import Dialer, Stream
from bascule.streams.multicast import Multicast
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.tls import TlsDialer, client_context
from bascule.streams.udp import UdpConnectDialer
from bascule.streams.unix import UnixDialer, UnixListener
from bascule.streams.unix_datagram import UnixSendToDialer
from tests.helpers.datagrams import udp_echo
from tests.helpers.descriptors import until
from tests.helpers.http_proxy import HttpProxy
from tests.helpers.pairs import socket_pair
from tests.helpers.ports import free_port, free_udp_port
from tests.helpers.pty import Line
from tests.helpers.relays import RelayRig, Service, echo
from tests.helpers.socks_server import LOCAL, SocksServer
from tests.helpers.staged import (
    CONTENT,
    LOCAL6,
    Around,
    Opened,
    Peer,
    Staged,
    file,
    own_name,
    program,
    ready,
)

NAMES = {"web.example": LOCAL, "host.example": LOCAL}
"""The hosts that the proxies know."""


class Stage:
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
                name = own_name("service")
                listener = UnixListener(name, abstract=end.abstract)
                await self._stack.enter_async_context(echo(listener, patient=True))
                return Staged(replace(end, path=name), echoes=True)
            case "unix-sendto":
                return self._inbox(end)
            case "program":
                return program(end, self._around)
            case "file":
                return file(end, way)
            case "serial":
                line = Line()
                self._stack.callback(line.abort)
                return Staged(replace(end, device=line.device), ready(line))
            case "standard" | "descriptor":
                ours, theirs = map(self._kept, socket_pair("unix"))
                return Staged(Descriptor(number=theirs.fd), ready(ours))
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
            name = own_name("socket")
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
        name = own_name("inbox")
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
        opened = Opened("terminal")
        self._stack.callback(opened.abort)
        return opened

    async def _dual(self, end: Dual) -> Staged:
        reading = await self.staged(end.reading, "gives")
        writing = await self.staged(end.writing, "takes")
        made: Any = replace(end, reading=reading.end, writing=writing.end)
        return Staged(made, keeps=writing.keeps, gives=reading.gives)
