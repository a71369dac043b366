"""A run of a relay on real sockets, on both loops: what fails, is waited for, is logged."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bascule.errors import ErrorCode
from bascule.events import ConnectionClosed, LogLevel, LogLine, RelayChanged, RelayState
from bascule.relay import run as run_module
from bascule.relay.connections import LOG_LINES_A_TICK
from bascule.spec.built_in import Echo
from bascule.spec.datagrams import UdpListen
from bascule.spec.endpoints import ClientTls, ProxyHop, ServerTls, TcpConnect, TcpListen
from bascule.spec.options import SocketSettings
from bascule.spec.relays import RelaySpec
from bascule.streams.tcp import TcpListener
from tests.helpers.certificates import Files
from tests.helpers.contract import soon
from tests.helpers.loops import LOOPS
from tests.helpers.ports import free_port
from tests.helpers.relays import Clients, RelayRig, Service, connect, echoes, is_reset, to_service

LOOP_FACTORIES = LOOPS
AN_HOUR = 3600.0


async def test_a_port_in_use_fails_with_the_field_and_may_be_tried_again():
    async with Service() as holder, Service() as service:
        spec = to_service(service, TcpListen(holder.port))
        async with RelayRig(spec) as rig:
            rig.relay.start()
            await rig.reach(RelayState.FAILED)
            problem = rig.relay.status.problem
            assert problem is not None
            assert (problem.code, problem.field) == (ErrorCode.ADDRESS_IN_USE, "source.port")
            line = rig.of(LogLine)[-1]
            assert (line.level, line.problem) == (LogLevel.PROBLEM, problem)
            await holder.listener.aclose()
            await rig.run()
            assert rig.relay.status.problem is None
            await rig.relay.stop()
            await rig.relay.stop()
        assert rig.states.count(RelayState.STOPPED) == 1


async def test_a_failed_relay_stops():
    spec = RelaySpec(TcpListen(0, "203.0.113.1"), TcpConnect("127.0.0.1", 1))
    async with RelayRig(spec) as rig:
        rig.relay.start()
        await rig.reach(RelayState.FAILED)
        problem = rig.relay.status.problem
        assert problem is not None
        assert problem.code is ErrorCode.ADDRESS_NOT_LOCAL
        await rig.relay.stop()
        assert rig.states == [RelayState.STARTING, RelayState.FAILED, RelayState.STOPPED]


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ("no certificate", ErrorCode.CERTIFICATE_UNREADABLE, "source.tls.certificate"),
        ("no key", ErrorCode.KEY_UNREADABLE, "source.tls.key"),
        ("no secret", ErrorCode.SECRET_MISSING, None),
    ],
)
async def test_a_wrong_source_fails_before_it_listens(
    wrong: str, code: ErrorCode, field: str | None, files: Files
):
    tls = {
        "no certificate": ServerTls("/missing.pem", files.key),
        "no key": ServerTls(files.certificate, "/missing.key"),
        "no secret": ServerTls(files.certificate, files.key, "gone"),
    }[wrong]
    spec = RelaySpec(TcpListen(0, tls=tls), TcpConnect("127.0.0.1", 1))
    async with RelayRig(spec) as rig:
        rig.relay.start()
        await rig.reach(RelayState.FAILED)
        problem = rig.relay.status.problem
        assert problem is not None
        assert (problem.code, problem.field) == (code, field)
        assert rig.relay.status.listening == ()


@pytest.mark.parametrize(
    ("source", "path"),
    [
        (UdpListen(port=0, socket=SocketSettings(reuse_port=True)), "source.socket.reuse_port"),
        (TcpListen(0, socket=SocketSettings(reuse_port=True)), "source.socket.reuse_port"),
    ],
)
@pytest.mark.parametrize("system", ["windows", "linux"])
async def test_what_is_not_on_this_system_is_said_to_be_left_out(
    source: TcpListen | UdpListen, path: str, system: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run_module, "this_system", lambda: system)
    async with RelayRig(RelaySpec(source, Echo())) as rig:
        await rig.run()
        said = [line.level for line in rig.of(LogLine) if line.text.startswith(f"{path}: ")]
        assert said == [LogLevel.WARNING] * (system == "windows")


async def test_it_may_be_started_the_moment_it_failed():
    """Also where its connections need time to close."""
    async with Service() as holder, Service() as service:
        async with RelayRig(to_service(service, TcpListen(holder.port))) as rig:
            seen = list[bool]()

            async def again() -> None:
                await rig.reach(RelayState.FAILED)
                await holder.listener.aclose()
                seen.append(rig.relay.active)
                rig.relay.start()

            rig.relay.start()
            await soon(again())
            assert seen == [False]
            await rig.reach(RelayState.RUNNING)


async def test_the_log_of_connections_has_a_budget():
    spec = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", free_port()))
    async with RelayRig(spec) as rig, Clients() as clients:
        await rig.run()
        before = len(rig.log)
        for index in range(30):
            assert await is_reset(await clients.connect(rig.port))
            await rig.closed(index + 1)
        assert len(rig.log) - before == LOG_LINES_A_TICK
        rig.tick()
        assert await is_reset(await clients.connect(rig.port))
        await rig.closed(31)
        assert len(rig.log) - before == LOG_LINES_A_TICK + 1
        assert len(rig.of(ConnectionClosed)) == 31  # events are never left out


async def test_a_tls_arrival_that_speaks_no_tls_is_told(files: Files):
    tls = ServerTls(files.certificate, files.key)
    async with Service() as service:
        async with RelayRig(to_service(service, TcpListen(0, tls=tls))) as rig:
            async with Clients() as clients:
                await rig.run()
                client = await clients.connect(rig.port)
                await soon(client.send(b"GET / HTTP/1.1\r\n\r\n"))
                closed = await rig.closed()
                assert closed.problem is not None
                assert closed.problem.code is ErrorCode.TLS_NOT_TLS
                assert service.count == 0
                secure = await connect(rig, clients, files)
                await echoes(secure, await service.next())


def between(source: Service, target: Service | int, **rules: Any) -> RelaySpec:
    port = target if isinstance(target, int) else target.port
    return RelaySpec(TcpConnect("127.0.0.1", source.port), TcpConnect("127.0.0.1", port), **rules)


async def test_two_services_are_joined():
    async with Service() as left, Service() as right, RelayRig(between(left, right)) as rig:
        await rig.run()
        assert rig.relay.status.listening == ()
        await echoes(await left.next(), await right.next())
        assert [each.peer for each in rig.relay.connections.values()] == [str(left.address)]


def pauses(rig: RelayRig) -> list[str]:
    """How long it has said to wait, each time; two looks at the clock differ by more than that."""
    said = [line.rpartition("; trying again in ") for line in rig.log]
    return [pause for _why, found, pause in said if found]


async def test_it_waits_and_tries_again_with_growing_pauses():
    port = free_port()
    rules = {"retry_first_seconds": 0.05, "retry_longest_seconds": 0.15}
    async with Service() as left, RelayRig(between(left, port, **rules)) as rig:
        rig.relay.start()
        await rig.until(lambda: rig.states.count(RelayState.WAITING) >= 4)
        waiting = [
            event.status
            for event in rig.of(RelayChanged)
            if event.status.state is RelayState.WAITING
        ]
        assert all(status.retry_at and status.retry_at > status.since for status in waiting)
        assert pauses(rig)[:4] == ["0.05 s", "0.1 s", "0.15 s", "0.15 s"]
        assert waiting[0].problem is not None
        assert waiting[0].problem.code is ErrorCode.CONNECTION_REFUSED
        assert rig.relay.status.since <= time.time()
        async with Service(TcpListener("127.0.0.1", port)) as right:
            await rig.reach(RelayState.RUNNING)
            assert rig.relay.status.retry_at is None
            await right.next()


async def test_start_while_it_waits_tries_at_once():
    port = free_port()
    rules = {"retry_first_seconds": AN_HOUR, "retry_longest_seconds": AN_HOUR}
    async with Service() as left, RelayRig(between(left, port, **rules)) as rig:
        rig.relay.start()
        await rig.reach(RelayState.WAITING)
        retry_at = rig.relay.status.retry_at
        assert retry_at is not None
        assert abs(retry_at - time.time() - AN_HOUR) < 60
        async with Service(TcpListener("127.0.0.1", port)):
            rig.relay.start()
            await rig.reach(RelayState.RUNNING)


async def test_a_stop_while_it_waits_is_at_once():
    rules = {"retry_first_seconds": AN_HOUR, "retry_longest_seconds": AN_HOUR}
    async with Service() as left, RelayRig(between(left, free_port(), **rules)) as rig:
        rig.relay.start()
        await rig.reach(RelayState.WAITING)
        await soon(rig.relay.stop())
        assert rig.relay.status.retry_at is None


async def test_when_its_connection_ends_it_makes_another():
    async with Service() as left, Service() as right:
        rules = {"retry_first_seconds": 0.05}
        async with RelayRig(between(left, right, **rules)) as rig:
            await rig.run()
            near, far = await left.next(), await right.next()
            await soon(near.send_eof())
            await soon(far.send_eof())
            closed = await rig.closed()
            assert closed.problem is None
            await rig.until(lambda: rig.states.count(RelayState.RUNNING) == 2)
            await echoes(await left.next(), await right.next())
            waiting = next(
                event.status
                for event in rig.of(RelayChanged)
                if event.status.state is RelayState.WAITING
            )
            assert waiting.problem is not None
            assert waiting.problem.code is ErrorCode.CONNECTION_BROKEN
            number = max(rig.relay.connections)
            assert rig.relay.close_connection(number)
            await rig.until(lambda: rig.states.count(RelayState.RUNNING) == 3)
            assert rig.relay.active


async def test_one_that_lasted_begins_with_small_pauses_again(monkeypatch: pytest.MonkeyPatch):
    async with Service() as left, Service() as right:
        rules = {"retry_first_seconds": 0.05, "retry_longest_seconds": AN_HOUR}
        async with RelayRig(between(left, right, **rules)) as rig:
            await rig.run()
            for lasted in (False, False, True):
                monkeypatch.setattr(run_module, "_LASTED_SECONDS", 0.0 if lasted else AN_HOUR)
                runs = rig.states.count(RelayState.RUNNING)
                (await left.next()).abort()
                await rig.until(lambda runs=runs: rig.states.count(RelayState.RUNNING) > runs)
    assert pauses(rig) == ["0.05 s", "0.1 s", "0.05 s"]


@pytest.mark.parametrize("side", ["source", "target"])
async def test_what_can_never_work_fails_instead_of_waiting(side: str):
    async with Service() as service:
        sound = TcpConnect("127.0.0.1", service.port)
        wrong = TcpConnect("127.0.0.1", service.port, tls=ClientTls(authority="/missing.pem"))
        spec = RelaySpec(wrong, sound) if side == "source" else RelaySpec(sound, wrong)
        async with RelayRig(spec) as rig:
            rig.relay.start()
            await rig.reach(RelayState.FAILED)
            problem = rig.relay.status.problem
            assert problem is not None
            assert problem.field == f"{side}.tls.authority"


async def test_a_chain_of_proxies_that_is_not_there_is_waited_for():
    async with Service() as left:
        spec = RelaySpec(
            TcpConnect("127.0.0.1", left.port),
            TcpConnect("site.onion", 80, (ProxyHop(port=free_port()),)),
            retry_first_seconds=AN_HOUR,
            retry_longest_seconds=AN_HOUR,
        )
        async with RelayRig(spec) as rig:
            rig.relay.start()
            await rig.reach(RelayState.WAITING)
            problem = rig.relay.status.problem
            assert problem is not None
            assert problem.field == "target.via.0.host"
