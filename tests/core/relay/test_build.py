"""From a spec to what does it: each end is made and used for real, and errors name their field."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.events import Stage, StageResult
from bascule.relay.build import Builder, build
from bascule.relay.build_network import ReadSecret
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.ends import Source, Target
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Dialer, Listener, Stream
from bascule.streams.socket_stream import SocketStream
from bascule.streams.transport import TransportStream
from tests.helpers.certificates import Files
from tests.helpers.contract import read_count, soon
from tests.helpers.ports import free_port
from tests.helpers.pty import Line
from tests.helpers.relays import Clients, Service
from tests.helpers.sockets import silent
from tests.helpers.socks_server import SocksServer

SECRETS = {"": "", "password": "hunter2", "passphrase": "open sesame"}


def secret(reference: str) -> str:
    if reference not in SECRETS:
        raise SpecError("no such secret", code=ErrorCode.SECRET_MISSING, reference=reference)
    return SECRETS[reference]


async def dial(spec: Source | Target, field: str = "target") -> tuple[Stream, list[StageResult]]:
    steps: list[StageResult] = []
    stream = await soon(build_dialer(spec, secret, field).dial(steps.append))
    return stream, [step for step in steps if step.done]


async def refusal(spec: Source | Target, field: str = "target") -> BasculeError:
    with pytest.raises(BasculeError) as caught:
        await dial(spec, field)
    return caught.value


async def answers(ours: Stream, far: Stream) -> None:
    await soon(ours.send(b"ping"))
    assert await soon(read_count(far, 4)) == b"ping"
    await soon(far.send(b"pong"))
    assert await soon(read_count(ours, 4)) == b"pong"


# a whole relay ----------------------------------------------------------------------------------


async def test_a_source_that_listens_gives_a_listener():
    ends = build(RelaySpec(TcpListen(0), TcpConnect("db.example", 5432)), secret)
    assert ends.listener is not None
    assert ends.opener is None
    assert ends.target.label == "db.example:5432"
    assert ends.welcome is None  # nothing is demanded of an arrival


async def test_a_source_in_tls_demands_a_handshake():
    tls = ServerTls("cert.pem", "key.pem")
    ends = build(RelaySpec(TcpListen(0, tls=tls), TcpConnect("db.example", 5432)), secret)
    assert ends.listener is not None
    assert ends.welcome == ends.listener.welcome


async def test_a_source_that_opens_gives_a_dialer():
    ends = build(RelaySpec(SerialPort("/dev/ttyX"), TcpConnect("::1", 5432)), secret)
    assert ends.listener is None
    assert ends.opener is not None
    assert ends.opener.label == "/dev/ttyX"
    assert ends.target.label == "[::1]:5432"
    assert ends.welcome is None


@pytest.mark.parametrize(
    "spec",
    [
        RelaySpec(TcpListen(0, tls=ServerTls("c", "k", "gone")), SerialPort("/dev/x")),
        RelaySpec(TcpListen(0), TcpConnect("h", 1, (ProxyHop(username="u", password="gone"),))),
        RelaySpec(
            TcpListen(0),
            TcpConnect("h", 1, tls=ClientTls(certificate="c", key="k", key_passphrase="gone")),
        ),
    ],
)
def test_a_secret_that_is_gone_is_noticed_before_anything_is_opened(spec: RelaySpec):
    with pytest.raises(SpecError) as caught:
        build(spec, secret)
    assert caught.value.code is ErrorCode.SECRET_MISSING


# TCP --------------------------------------------------------------------------------------------


def build_dialer(spec: Source | Target, read_secret: ReadSecret, field: str) -> Dialer:
    return Builder(read_secret).dialer(spec, field)


def build_listener(spec: Source, read_secret: ReadSecret) -> Listener:
    return Builder(read_secret).listener(spec, "source")


def options_of(stream: Stream) -> tuple[int, int]:
    if isinstance(stream, TransportStream):  # on Windows
        assert stream._transport is not None
        sock = stream._transport.get_extra_info("socket")
    else:
        assert isinstance(stream, SocketStream)
        stream.settle()
        sock = stream.sock
    return (
        sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE),
        sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY),
    )


@pytest.mark.parametrize("on", [True, False])
async def test_tcp_options_reach_both_sides(on: bool):
    listener = build_listener(TcpListen(0, keepalive=on, nodelay=on), secret)
    async with Service(listener) as service, Clients() as clients:
        spec = TcpConnect("127.0.0.1", service.port, keepalive=on, nodelay=on, bind="127.0.0.4")
        stream, steps = await dial(spec)
        clients.keep(stream)
        far = await service.next()
        assert far.peer.host == "127.0.0.4"
        assert options_of(stream) == options_of(far) == (int(on), int(on))
        assert [step.stage for step in steps] == [Stage.CONNECT]
        await answers(stream, far)


@pytest.mark.parametrize(("family", "host"), [("ipv4", "127.0.0.1"), ("any", "127.0.0.1")])
async def test_the_version_of_ip_is_kept_to(family: str, host: str):
    async with Service() as service, Clients() as clients:
        stream, _steps = await dial(TcpConnect("localhost", service.port, family=family))
        assert clients.keep(stream).peer.host == host
        error = await refusal(TcpConnect("127.0.0.1", service.port, family="ipv6"))
        assert (error.code, error.field) == (ErrorCode.HOST_UNKNOWN, "target.host")


async def test_errors_of_tcp_name_their_fields():
    port = free_port()
    error = await refusal(TcpConnect("127.0.0.1", port))
    assert (error.code, error.field) == (ErrorCode.CONNECTION_REFUSED, "target.host")
    error = await refusal(TcpConnect("127.0.0.1", port), "source")
    assert error.field == "source.host"
    error = await refusal(TcpConnect("127.0.0.1", port, bind="203.0.113.1"))
    assert (error.code, error.field) == (ErrorCode.ADDRESS_NOT_LOCAL, "target.bind")
    error = await refusal(TcpConnect("h.example", 1, (ProxyHop(port=port),)))
    assert (error.code, error.field) == (ErrorCode.CONNECTION_REFUSED, "target.via.0.host")
    with silent("127.0.0.1") as port:
        error = await refusal(TcpConnect("127.0.0.1", port, connect_timeout_seconds=0.1))
    assert (error.code, error.field) == (ErrorCode.TIMED_OUT, "target.host")
    assert error.facts["seconds"] == 0.1


async def test_errors_of_listening_name_their_fields(tmp_path: Path):
    async with Service() as service:
        with pytest.raises(BasculeError) as caught:
            await build_listener(TcpListen(service.port), secret).start(lambda _stream: None)
        assert caught.value.field == "source.port"
    with pytest.raises(BasculeError) as caught:
        await build_listener(UnixListen(str(tmp_path)), secret).start(lambda _stream: None)
    assert caught.value.field == "source.path"


# Unix sockets -----------------------------------------------------------------------------------


async def test_a_unix_socket_with_its_mode(tmp_path: Path):
    path = tmp_path / "socket"
    listener = build_listener(UnixListen(str(path), "0640"), secret)
    async with Service(listener) as service, Clients() as clients:
        mode = await asyncio.to_thread(path.stat)
        assert mode.st_mode & 0o7777 == 0o640
        stream, _steps = await dial(UnixConnect(str(path)))
        await answers(clients.keep(stream), await service.next())
    error = await refusal(UnixConnect(str(path)))
    assert error.field == "target.path"


# TLS --------------------------------------------------------------------------------------------


async def secured(listen: TcpListen | UnixListen, connect: Any, where: str | int) -> None:
    """Listen and connect with TLS, and exchange a few bytes."""
    listener = build_listener(listen, secret)
    async with Service(listener) as service, Clients() as clients:

        async def welcomed() -> Stream:
            return await listener.welcome(await service.next())

        welcoming = asyncio.ensure_future(welcomed())
        stream, steps = await dial(connect(where or service.port))
        assert steps[-1].stage is Stage.TLS
        far = await soon(welcoming)
        await answers(clients.keep(stream), clients.keep(far))


async def test_tls_with_the_host_as_its_name(files: Files):
    server = ServerTls(files.certificate, files.key)
    client = ClientTls(authority=files.authority)
    await secured(
        TcpListen(0, tls=server), lambda port: TcpConnect("127.0.0.1", port, tls=client), 0
    )


async def test_tls_with_a_name_of_its_own_over_a_unix_socket(files: Files, tmp_path: Path):
    path = str(tmp_path / "socket")
    server = ServerTls(files.certificate, files.key)
    client = ClientTls(authority=files.authority, server_name="localhost")
    await secured(UnixListen(path, tls=server), lambda path: UnixConnect(path, client), path)


async def test_errors_of_tls_name_their_fields(files: Files):
    listener = build_listener(TcpListen(0, tls=ServerTls(files.certificate, "/no.key")), secret)
    with pytest.raises(BasculeError) as caught:
        await listener.start(lambda _stream: None)
    assert (caught.value.code, caught.value.field) == (
        ErrorCode.KEY_UNREADABLE,
        "source.tls.key",
    )
    error = await refusal(TcpConnect("127.0.0.1", 1, tls=ClientTls(authority="/missing.pem")))
    assert (error.code, error.field) == (
        ErrorCode.CERTIFICATE_UNREADABLE,
        "target.tls.authority",
    )


# SOCKS ------------------------------------------------------------------------------------------


async def test_a_chain_of_proxies_in_order():
    async with (
        Service() as service,
        SocksServer(users={"u": "hunter2"}) as first,
        SocksServer(names={"site.onion": "127.0.0.1"}) as second,
        Clients() as clients,
    ):
        via = (
            ProxyHop(port=first.port, username="u", password="password"),
            ProxyHop("4a", port=second.port, username="ident"),
        )
        stream, steps = await dial(TcpConnect("site.onion", service.port, via))
        await answers(clients.keep(stream), await service.next())
        assert [step.stage for step in steps] == [Stage.CONNECT, Stage.PROXY, Stage.PROXY]
        assert [step.subject for step in steps] == [first.address, first.address, second.address]
        assert (first.seen[0].host, first.seen[0].port) == ("127.0.0.1", second.port)
        assert first.seen[0].password == "hunter2"
        assert (second.seen[0].version, second.seen[0].host) == ("4a", "site.onion")
        assert second.seen[0].username == "ident"
        assert str(stream.peer) == f"site.onion:{service.port}"


async def test_errors_of_a_chain_name_their_hop():
    async with SocksServer() as first, SocksServer() as second:
        via = (ProxyHop(port=first.port), ProxyHop(port=second.port))
        error = await refusal(TcpConnect("127.0.0.1", free_port(), via))
        assert (error.code, error.field) == (ErrorCode.PROXY_CONNECTION_REFUSED, "target.host")
        assert error.facts["proxy"] == second.address
        via = (ProxyHop(port=first.port), ProxyHop(port=free_port()))
        error = await refusal(TcpConnect("127.0.0.1", 9, via))
        assert (error.facts["proxy"], error.field) == (first.address, "target.via.1.host")


# serial -----------------------------------------------------------------------------------------


async def test_a_serial_port_with_its_settings():
    line = Line()
    spec = SerialPort(line.device, 115200, stop_bits="2")
    stream, steps = await dial(spec)
    await answers(stream, line)
    assert (steps[0].stage, steps[0].detail) == (Stage.OPEN_DEVICE, spec.line)
    await soon(stream.aclose())
    line.abort()


async def test_errors_of_a_serial_port_name_their_fields():
    error = await refusal(SerialPort("/dev/no-such-port"), "source")
    assert (error.code, error.field) == (ErrorCode.DEVICE_MISSING, "source.device")
    line = Line()
    error = await refusal(SerialPort(line.device, parity="odd"))
    assert (error.code, error.field) == (ErrorCode.DEVICE_SETTING_REFUSED, "target.parity")
    line.abort()
