"""From the specs of TCP, proxies and TLS to what does them: what test_build does not show."""

from __future__ import annotations

import asyncio
import socket

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.relay.build import Builder
from bascule.spec.endpoints import (
    ClientTls,
    SocksHop,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.options import SocketSettings
from bascule.streams.base import Address, Stream
from bascule.streams.origin import Origin, set_origin
from bascule.streams.socket_stream import SocketStream
from tests.helpers.contract import read_count, soon
from tests.helpers.relays import Service


def no_secret(_reference: str) -> str:
    return ""


async def test_settings_of_the_socket_reach_it():
    settings = SocketSettings(hop_limit=7, service_type=16, keepalive_idle_seconds=33)
    async with Service() as service:
        spec = TcpConnect("127.0.0.1", service.port, socket=settings)
        stream = await soon(Builder(no_secret).dialer(spec, "target").dial())
        assert isinstance(stream, SocketStream)
        stream.settle()
        sock = stream._sock
        assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_TTL) == 7
        assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == 16
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 33
        stream.abort()
        await soon(stream.aclose())


async def test_an_http_proxy_on_the_way():
    async with Service() as proxy:
        spec = TcpConnect("target.example", 443, (SocksHop("http", "127.0.0.1", proxy.port),))
        dialing = asyncio.ensure_future(Builder(no_secret).dialer(spec, "target").dial())
        far = await proxy.next()
        request = b"CONNECT target.example:443 HTTP/1.1\r\n"
        assert (await soon(read_count(far, len(request)))).startswith(request)
        await soon(far.send(b"HTTP/1.1 200 OK\r\n\r\nhello"))
        stream = await soon(dialing)
        assert await soon(read_count(stream, 5)) == b"hello"
        stream.abort()
        await soon(stream.aclose())


async def test_a_header_says_who_has_connected_and_is_read_again():
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    make = Builder(no_secret)
    listener = make.listener(TcpListen(0, proxy_header=True), "source")
    (address,) = await listener.start(arrived.put_nowait)
    set_origin(Origin(Address("10.1.2.3", 4), Address("10.5.6.7", 80)))
    spec = TcpConnect("127.0.0.1", address.port or 0, proxy_header="v2")
    stream = await soon(make.dialer(spec, "target").dial())
    far = await soon(listener.welcome(await soon(arrived.get())))
    assert far.peer == Address("10.1.2.3", 4)
    for each in (stream, far):
        each.abort()
        await soon(each.aclose())
    await listener.aclose()


@pytest.mark.parametrize("tls", [False])
async def test_a_unix_socket(tls: bool, tmp_path_factory: pytest.TempPathFactory):
    path = str(tmp_path_factory.mktemp("u") / "s")
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    make = Builder(no_secret)
    listener = make.listener(UnixListen(path), "source")
    await listener.start(arrived.put_nowait)
    stream = await soon(make.dialer(UnixConnect(path), "target").dial())
    far = await soon(arrived.get())
    await soon(stream.send(b"x"))
    assert await soon(far.receive()) == b"x"
    for each in (stream, far):
        each.abort()
        await soon(each.aclose())
    await listener.aclose()


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (TcpConnect("h", 1, low_port=True), "target.low_port"),
        (TcpConnect("h", 1, tls=ClientTls(send_name=False)), "target.tls.send_name"),
        (UnixConnect("x", abstract=True), "target.abstract"),
        (UnixConnect("/x", bind="/y"), "target.bind"),
    ],
)
def test_what_is_not_served_yet_says_so(spec: TcpConnect | UnixConnect, field: str):
    with pytest.raises(SpecError) as caught:
        Builder(no_secret).dialer(spec, "target")
    assert (caught.value.code, caught.value.field) == (ErrorCode.NOT_ON_THIS_SYSTEM, field)


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (UnixListen("x", abstract=True), "source.abstract"),
        (UnixListen("/x", owner="me"), "source.owner"),
        (UnixListen("/x", remove_after=False), "source.remove_after"),
    ],
)
def test_what_a_listener_does_not_do_yet(spec: UnixListen, field: str):
    with pytest.raises(SpecError) as caught:
        Builder(no_secret).listener(spec, "source")
    assert (caught.value.code, caught.value.field) == (ErrorCode.NOT_ON_THIS_SYSTEM, field)
