"""The PROXY header between us and a real haproxy: what it sends, and what it understands of ours.

Debian: haproxy.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bascule.errors import BasculeError
from bascule.streams.base import Address, Dialer, Stream
from bascule.streams.origin import Origin, set_origin
from bascule.streams.proxy_header import ProxyHeaderDialer, ProxyHeaderListener
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.unix import UnixDialer
from tests.helpers.contract import MEBIBYTE, PATIENCE_SECONDS, random_bytes, read_count, soon
from tests.helpers.ports import free_port
from tests.helpers.processes import listening, start

LOCAL = "127.0.0.1"
SERVER_OPTIONS = [
    "send-proxy",
    "send-proxy-v2",
    "send-proxy-v2 proxy-v2-options crc32c,unique-id",
    "send-proxy-v2-ssl-cn",
]


@contextmanager
def haproxy(folder: Path, bind: str, server: str) -> Iterator[None]:
    """One that carries whoever comes to ``bind`` to ``server``. It is ready when it answers on a
    port of its own, so that nobody but the test comes to the server.
    """
    ready = free_port()
    config = folder / "haproxy.cfg"
    config.write_text(
        "defaults\n mode tcp\n timeout connect 5s\n timeout client 20s\n timeout server 20s\n"
        f"listen relay\n bind {bind}\n server target {server}\n"
        f"listen ready\n bind {LOCAL}:{ready}\n"
    )
    with start("haproxy", "-db", "-f", config, ready=listening(ready)):
        yield


@dataclass
class Target:
    """A listener of ours that wants the header, and those who have arrived."""

    listener: ProxyHeaderListener
    port: int
    arrived: asyncio.Queue[Stream]

    async def next(self) -> Stream:
        return await soon(self.listener.welcome(await soon(self.arrived.get())))


@asynccontextmanager
async def target() -> AsyncIterator[Target]:
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    listener = ProxyHeaderListener(TcpListener(LOCAL, 0))
    (address,) = await listener.start(arrived.put_nowait)
    yield Target(listener, address.port or 0, arrived)
    await listener.aclose()
    while not arrived.empty():
        await close(arrived.get_nowait())


async def close(*streams: Stream) -> None:
    for stream in streams:
        stream.abort()
        await soon(stream.aclose())


async def talk(client: Stream, server: Stream) -> None:
    """Whether everything behind the header passes, both ways."""
    data = random_bytes(MEBIBYTE)
    for sender, receiver in ((client, server), (server, client)):
        async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
            group.create_task(sender.send(data))
            heard = group.create_task(read_count(receiver, len(data)))
        assert heard.result() == data


async def dialed_for(peer: Address, local: Address, dialer: Dialer) -> Stream:
    context = contextvars.copy_context()
    context.run(set_origin, Origin(peer, local))
    return await soon(asyncio.get_running_loop().create_task(dialer.dial(), context=context))


# what haproxy sends -------------------------------------------------------------------------------


@pytest.mark.parametrize("options", SERVER_OPTIONS)
@pytest.mark.parametrize("host", [LOCAL, "::1"])
async def test_the_peer_is_haproxys_client(tmp_path: Path, options: str, host: str):
    port = free_port(host)
    async with target() as ours:
        with haproxy(tmp_path, f"{host}:{port}", f"{LOCAL}:{ours.port} {options}"):
            client = await soon(TcpDialer(host, port).dial())
            await soon(client.send(b"hello"))
            stream = await ours.next()
            assert stream.peer == client.local
            assert await soon(read_count(stream, 5)) == b"hello"
            await talk(client, stream)
            await close(client, stream)


@pytest.mark.parametrize("options", SERVER_OPTIONS)
async def test_a_client_without_an_address_is_haproxy_itself(tmp_path: Path, options: str):
    path = tmp_path / "in.sock"
    async with target() as ours:
        with haproxy(tmp_path, f"unix@{path}", f"{LOCAL}:{ours.port} {options}"):
            client = await soon(UnixDialer(str(path)).dial())
            stream = await ours.next()
            assert stream.peer.host == LOCAL
            await talk(client, stream)
            await close(client, stream)


async def test_haproxys_own_checks_are_let_in(tmp_path: Path):
    async with target() as ours:
        options = "check inter 50ms send-proxy-v2 check-send-proxy"
        with haproxy(tmp_path, f"{LOCAL}:{free_port()}", f"{LOCAL}:{ours.port} {options}"):
            stream = await ours.next()
            assert stream.peer.host == LOCAL
            await close(stream)


async def test_who_speaks_without_a_header_is_not_let_in(tmp_path: Path):
    port = free_port()
    async with target() as ours:
        with haproxy(tmp_path, f"{LOCAL}:{port}", f"{LOCAL}:{ours.port}"):
            client = await soon(TcpDialer(LOCAL, port).dial())
            await soon(client.send(b"GET / HTTP/1.0\r\n\r\n"))
            with pytest.raises(BasculeError, match="not a PROXY header"):
                await ours.next()
            await close(client)


# what haproxy understands -------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    ("peer", "local"),
    [
        (Address("192.0.2.7", 1234), Address("192.0.2.8", 443)),
        (Address("2001:db8::7", 65535), Address("2001:db8::8", 1)),
        (Address("::ffff:192.0.2.7", 1234), Address("::ffff:192.0.2.8", 443)),
    ],
)
async def test_what_we_say_of_a_peer_comes_through(
    tmp_path: Path, version: str, peer: Address, local: Address
):
    port = free_port()
    async with target() as ours:
        with haproxy(
            tmp_path, f"{LOCAL}:{port} accept-proxy", f"{LOCAL}:{ours.port} send-proxy-v2"
        ):
            dialer = ProxyHeaderDialer(TcpDialer(LOCAL, port), version)
            client = await dialed_for(peer, local, dialer)
            stream = await ours.next()
            assert stream.peer == Address(str(peer.ip), peer.port)
            await talk(client, stream)
            await close(client, stream)


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_peer_without_an_address_is_ourselves(tmp_path: Path, version: str):
    port = free_port()
    async with target() as ours:
        with haproxy(tmp_path, f"{LOCAL}:{port} accept-proxy", f"{LOCAL}:{ours.port} send-proxy"):
            dialer = ProxyHeaderDialer(TcpDialer(LOCAL, port), version)
            client = await dialed_for(Address("COM5"), Address(""), dialer)
            stream = await ours.next()
            assert stream.peer == client.local
            await talk(client, stream)
            await close(client, stream)
