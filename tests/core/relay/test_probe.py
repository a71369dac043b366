"""The test of a relay: every stage is tried for real and reported, and nothing is kept."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.events import Stage, StageResult
from bascule.relay.probe import probe, takes_same_place
from bascule.spec.datagrams import UdpListen
from bascule.spec.endpoints import (
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixListen,
)
from bascule.spec.ends import Source, Target
from bascule.spec.relays import RelaySpec
from bascule.streams.tcp import TcpListener
from tests.helpers.contract import soon
from tests.helpers.ports import free_port
from tests.helpers.pty import Line
from tests.helpers.relays import Service, nothing_left_behind
from tests.helpers.socks_server import SocksServer


def secret(reference: str) -> str:
    if reference:
        raise SpecError("no such secret", code=ErrorCode.SECRET_MISSING, field="password")
    return ""


async def tried(
    source: Source, target: Target, *, already_listening: bool = False
) -> tuple[StageResult, ...]:
    """The stages that ended; what was reported on the way must agree."""
    heard: list[StageResult] = []
    ended = await soon(
        probe(
            RelaySpec(source, target),
            secret,
            heard.append,
            already_listening=already_listening,
        )
    )
    assert tuple(step for step in heard if step.done) == ended
    assert all(step.problem is None for step in ended[:-1])
    return ended


def stages(ended: tuple[StageResult, ...]) -> list[tuple[Stage, str]]:
    return [(step.stage, step.subject) for step in ended]


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
async def test_each_stage_is_tried(host: str, shown: str):
    port = free_port(host)
    async with Service() as service, SocksServer() as proxy:
        target = TcpConnect("127.0.0.1", service.port, (ProxyHop(port=proxy.port),))
        ended: tuple[StageResult, ...] = ()
        for _ in range(2):  # the first time, the loop opens some of its own
            async with nothing_left_behind():
                ended = await tried(TcpListen(port, host), target)
                await soon(proxy.all_closed())
                far = await service.next()
                far.abort()
                await soon(far.aclose())
    assert stages(ended) == [
        (Stage.LISTEN, f"{shown}:{port}"),
        (Stage.CONNECT, proxy.address),
        (Stage.PROXY, proxy.address),
    ]
    assert all(step.problem is None for step in ended)
    async with Service(TcpListener(host, port)):
        pass  # it is free again


async def test_a_source_in_use_is_the_end():
    async with Service() as service:
        ended = await tried(TcpListen(service.port), TcpConnect("127.0.0.1", free_port()))
        assert stages(ended) == [(Stage.LISTEN, str(service.address))]
        problem = ended[0].problem
        assert problem is not None
        assert (problem.code, problem.field) == (ErrorCode.ADDRESS_IN_USE, "source.port")


async def test_unless_it_is_the_relays_own():
    async with Service() as service, Service() as other:
        source, target = TcpListen(service.port), TcpConnect("127.0.0.1", other.port)
        ended = await tried(source, target, already_listening=True)
    assert stages(ended) == [(Stage.CONNECT, str(other.address))]
    assert ended[0].problem is None


async def test_the_relays_own_port_does_not_hide_a_wrong_certificate():
    async with Service() as service, Service() as other:
        source = TcpListen(service.port, tls=ServerTls("/missing.pem", "/missing.key"))
        target = TcpConnect("127.0.0.1", other.port)
        ended = await tried(source, target, already_listening=True)
    assert stages(ended) == [(Stage.LISTEN, str(service.address))]
    problem = ended[0].problem
    assert problem is not None
    assert problem.field == "source.tls.certificate"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (TcpListen(2001), True),
        (TcpListen(2001, "0.0.0.0"), True),
        (TcpListen(2001, "::"), True),
        (TcpListen(2001, tls=ServerTls("/a.pem", "/a.key")), True),
        (TcpListen(2001, "10.0.0.3"), False),
        (TcpListen(2002), False),
        (UdpListen(port=2001), False),
        (UnixListen("/run/scale"), False),
    ],
)
def test_which_places_are_the_same(other: Source, same: bool):
    assert takes_same_place(TcpListen(2001), other) is same
    assert takes_same_place(other, TcpListen(2001)) is same


def test_a_path_is_a_place_too():
    assert takes_same_place(UnixListen("/run/scale"), UnixListen("/run/scale", mode="660"))
    assert not takes_same_place(UnixListen("/run/scale"), UnixListen("/run/other"))
    assert not takes_same_place(SerialPort("/dev/ttyS0"), SerialPort("/dev/ttyS0"))


async def test_a_target_that_refuses():
    port = free_port()
    ended = await tried(TcpListen(0), TcpConnect("127.0.0.1", port))
    problem = ended[-1].problem
    assert problem is not None
    assert (problem.code, problem.field) == (ErrorCode.CONNECTION_REFUSED, "target.host")


async def test_a_source_that_opens_a_device():
    line = Line()
    async with Service() as service:
        ended = await tried(SerialPort(line.device), TcpConnect("127.0.0.1", service.port))
        assert [step.stage for step in ended] == [Stage.OPEN_DEVICE, Stage.CONNECT]
        ended = await tried(SerialPort("/dev/no-port"), TcpConnect("127.0.0.1", service.port))
        assert [step.stage for step in ended] == [Stage.OPEN_DEVICE]
        problem = ended[0].problem
        assert problem is not None
        assert (problem.code, problem.field) == (ErrorCode.DEVICE_MISSING, "source.device")
    line.abort()


async def test_a_unix_socket_leaves_no_file(tmp_path: Path):
    path = tmp_path / "socket"
    async with Service() as service:
        ended = await tried(UnixListen(str(path)), TcpConnect("127.0.0.1", service.port))
    assert stages(ended)[0] == (Stage.LISTEN, str(path))
    assert not await asyncio.to_thread(path.exists)


async def test_wrong_files_are_a_problem_of_listening():
    ended = await tried(
        TcpListen(0, tls=ServerTls("/missing.pem", "/missing.key")), SerialPort("/dev/x")
    )
    assert [step.stage for step in ended] == [Stage.LISTEN]
    problem = ended[0].problem
    assert problem is not None
    assert problem.field == "source.tls.certificate"


async def test_what_fails_before_any_stage_is_reported_too():
    hop = ProxyHop(username="u", password="gone")
    ended = await tried(TcpListen(0), TcpConnect("h", 1, (hop,)))
    assert [step.stage for step in ended] == [Stage.LISTEN, Stage.CONNECT]
    problem = ended[-1].problem
    assert problem is not None
    assert problem.code is ErrorCode.SECRET_MISSING


async def test_who_connects_during_the_test_is_turned_away(monkeypatch: pytest.MonkeyPatch):
    port, aclose, met = free_port(), TcpListener.aclose, list[str]()

    async def somebody_comes_first(self: TcpListener) -> None:
        if self._port == port:
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.settimeout(20)
                try:
                    met.append(repr(await asyncio.to_thread(client.recv, 1)))
                except ConnectionResetError:
                    met.append("reset")
        await aclose(self)

    monkeypatch.setattr(TcpListener, "aclose", somebody_comes_first)
    async with Service() as service:
        ended = await tried(TcpListen(port), TcpConnect("127.0.0.1", service.port))
    assert all(step.problem is None for step in ended)
    assert met == ["reset"]
