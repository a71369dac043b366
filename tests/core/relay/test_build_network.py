"""From the specs of TCP, proxies and TLS to what does them: what test_build does not show."""

from __future__ import annotations

import asyncio
import os
import pwd
import queue
import socket
import ssl
import stat
from pathlib import Path

import pytest

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.relay.build import Builder
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.options import SocketSettings
from bascule.streams.base import Address, Stream
from bascule.streams.origin import Origin, set_origin
from bascule.streams.socket_stream import SocketStream
from tests.helpers.certificates import Files, make_files
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
        sock = stream.sock
        assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_TTL) == 7
        assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == 16
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 33
        stream.abort()
        await soon(stream.aclose())


async def test_an_http_proxy_on_the_way():
    async with Service() as proxy:
        spec = TcpConnect("target.example", 443, (ProxyHop("http", "127.0.0.1", proxy.port),))
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


async def connected(listening: UnixListen, dialing: UnixConnect) -> Stream:
    """Both ends joined for a word; the stream that arrived, open, and its dialer's closed."""
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    make = Builder(no_secret)
    listener = make.listener(listening, "source")
    await listener.start(arrived.put_nowait)
    stream = await soon(make.dialer(dialing, "target").dial())
    far = await soon(arrived.get())
    await soon(stream.send(b"word"))
    assert await soon(far.receive()) == b"word"
    await soon(stream.aclose())
    await listener.aclose()
    return far


async def closed(stream: Stream) -> None:
    stream.abort()
    await soon(stream.aclose())


async def test_an_abstract_name_is_listened_on_and_reached_without_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    name = f"bascule-{tmp_path.name}-{os.getpid()}"
    far = await connected(UnixListen(name, abstract=True), UnixConnect(name, abstract=True))
    assert far.peer == Address(f"@{name}")
    assert list(tmp_path.iterdir()) == []
    await closed(far)


async def test_the_peer_sees_the_path_of_our_end_which_goes_with_it(tmp_path: Path):
    path, ours = str(tmp_path / "theirs"), tmp_path / "ours"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        spec = UnixConnect(path, bind=str(ours))
        stream = await soon(Builder(no_secret).dialer(spec, "target").dial())
        accepted, name = listening.accept()
        with accepted:
            assert name == str(ours)
            assert ours.is_socket()
            await soon(stream.aclose())
            stream.abort()
            assert not ours.exists()


async def test_the_abstract_name_of_our_end_is_seen_too(tmp_path: Path):
    name = f"bascule-{tmp_path.name}-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"\0{name}")
        listening.listen()
        spec = UnixConnect(name, abstract=True, bind=f"{name}-ours")
        stream = await soon(Builder(no_secret).dialer(spec, "target").dial())
        accepted, seen = listening.accept()
        with accepted:
            assert seen == f"\0{name}-ours".encode()
        await closed(stream)


async def test_a_path_of_our_end_that_is_taken_says_so_and_stays(tmp_path: Path):
    ours = tmp_path / "ours"
    ours.write_text("mine")
    spec = UnixConnect(str(tmp_path / "theirs"), bind=str(ours))
    with pytest.raises(BasculeError) as caught:
        await soon(Builder(no_secret).dialer(spec, "target").dial())
    assert (caught.value.code, caught.value.field) == (ErrorCode.ADDRESS_IN_USE, "target.bind")
    assert ours.read_text() == "mine"


async def test_the_path_of_our_end_goes_where_nobody_is_reached(tmp_path: Path):
    ours = tmp_path / "ours"
    spec = UnixConnect(str(tmp_path / "nobody"), bind=str(ours))
    with pytest.raises(BasculeError) as caught:
        await soon(Builder(no_secret).dialer(spec, "target").dial())
    assert caught.value.code is ErrorCode.UNREACHABLE
    assert not ours.exists()


@pytest.mark.parametrize("remove", [True, False])
async def test_the_file_of_a_socket_goes_or_stays_as_asked(remove: bool, tmp_path: Path):
    path = tmp_path / "socket"
    spec = UnixListen(str(path), remove_after=remove)
    for _again in range(2):  # one that stayed is no hindrance
        await closed(await connected(spec, UnixConnect(str(path))))
        assert path.exists() is not remove


async def test_a_socket_is_given_to_who_is_named(tmp_path: Path):
    """To another user where the system lets us, else the system's refusal is told."""
    path, other = tmp_path / "socket", pwd.getpwall()[-1]
    listener = Builder(no_secret).listener(UnixListen(str(path), owner=other.pw_name), "source")
    probe = tmp_path / "probe"
    probe.touch()
    try:
        os.chown(probe, other.pw_uid, -1)
        may = True
    except PermissionError:
        may = False
    if may:
        await listener.start(lambda _stream: None)
        info = path.stat()
        assert (info.st_uid, info.st_gid) == (other.pw_uid, probe.stat().st_gid)
        assert stat.S_IMODE(info.st_mode) == 0o600
    else:
        with pytest.raises(BasculeError) as caught:
            await listener.start(lambda _stream: None)
        assert caught.value.code is ErrorCode.ADDRESS_FORBIDDEN
        assert caught.value.field == "source.owner"
    await listener.aclose()
    assert not path.exists()


async def test_a_socket_is_given_to_a_group(tmp_path: Path):
    path = tmp_path / "socket"
    group = os.getgroups()[-1] if os.getgroups() else os.getgid()
    spec = UnixListen(str(path), owner=f"{os.getuid()}:{group}")
    listener = Builder(no_secret).listener(spec, "source")
    await listener.start(lambda _stream: None)
    assert (path.stat().st_uid, path.stat().st_gid) == (os.getuid(), group)
    await listener.aclose()


async def test_an_owner_that_nobody_is(tmp_path: Path):
    path = tmp_path / "socket"
    spec = UnixListen(str(path), owner="nobody-is-called-this")
    with pytest.raises(SpecError) as caught:
        await Builder(no_secret).listener(spec, "source").start(lambda _stream: None)
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALUE_INVALID, "source.owner")
    assert not path.exists()


async def test_from_a_low_port():
    """The service sees one, or the system's refusal is told where it lets nobody have one."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", 1023))
            may = True
        except PermissionError:
            may = False
        except OSError:
            may = True  # it is taken: then somebody may
    async with Service() as service:
        spec = TcpConnect("127.0.0.1", service.port, low_port=True)
        dialer = Builder(no_secret).dialer(spec, "target")
        if may:
            streams = [await soon(dialer.dial()) for _ in range(3)]
            ports = [(await service.next()).peer.port or 0 for _ in streams]
            assert all(640 <= port <= 1023 for port in ports)
            assert len(set(ports)) == len(ports)
            for stream in streams:
                await closed(stream)
        else:
            with pytest.raises(BasculeError) as caught:
                await soon(dialer.dial())
            assert caught.value.code is ErrorCode.ADDRESS_FORBIDDEN
            assert caught.value.field == "target.low_port"


async def test_a_low_port_says_what_is_wrong_with_the_target():
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
        spec = TcpConnect("127.0.0.1", port, source_port=0, low_port=True)
        with pytest.raises(BasculeError) as caught:
            await soon(Builder(no_secret).dialer(spec, "target").dial())
        assert caught.value.code in (ErrorCode.CONNECTION_REFUSED, ErrorCode.ADDRESS_FORBIDDEN)


class TlsService:
    """A server of TLS in a thread, which notes the name that each client asks for."""

    def __init__(self, files: Files) -> None:
        self.asked: queue.Queue[str | None] = queue.Queue()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(files.certificate, files.key)
        self._context.sni_callback = lambda _sock, name, _context: self.asked.put(name)

    async def __aenter__(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        return self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        await reader.read()
        writer.close()

    async def __aexit__(self, *_exc: object) -> None:
        self._server.close()


@pytest.mark.parametrize(
    ("send", "asked"), [(True, "localhost"), (False, None)], ids=["asked", "unasked"]
)
@pytest.mark.parametrize("verify", [True, False])
async def test_a_server_is_verified_whether_it_was_asked_by_name_or_not(
    send: bool, asked: str | None, verify: bool, tmp_path: Path
):
    files = make_files(tmp_path)
    service = TlsService(files)
    async with service as port:
        authority = files.authority if verify else ""
        tls = ClientTls(verify, authority, "localhost", send_name=send)
        spec = TcpConnect("127.0.0.1", port, tls=tls)
        stream = await soon(Builder(no_secret).dialer(spec, "target").dial())
        assert await soon(read_count(stream, 5)) == b"hello"
        assert service.asked.get_nowait() == asked
        await closed(stream)


async def test_a_server_of_another_name_is_refused_though_it_was_not_asked(tmp_path: Path):
    files = make_files(tmp_path)
    async with TlsService(files) as port:
        tls = ClientTls(True, files.authority, "other.example", send_name=False)
        spec = TcpConnect("127.0.0.1", port, tls=tls)
        with pytest.raises(BasculeError) as caught:
            await soon(Builder(no_secret).dialer(spec, "target").dial())
    assert (caught.value.code, caught.value.field) == (ErrorCode.TLS_NAME_MISMATCH, "target.tls")
    assert "localhost" in str(caught.value.facts["names"])
    assert caught.value.facts["asked"] == "other.example"


async def test_a_server_that_nobody_vouches_for_is_refused_though_it_was_not_asked(tmp_path: Path):
    files = make_files(tmp_path)
    async with TlsService(files) as port:
        spec = TcpConnect(
            "127.0.0.1", port, tls=ClientTls(True, server_name="localhost", send_name=False)
        )
        with pytest.raises(BasculeError) as caught:
            await soon(Builder(no_secret).dialer(spec, "target").dial())
    assert caught.value.code is ErrorCode.TLS_UNTRUSTED
