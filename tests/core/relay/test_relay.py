"""A whole relay on real sockets, on both loops: its states and why, its connections, its end."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bascule.errors import BasculeError, DeviceError, ErrorCode, StreamError
from bascule.events import ConnectionClosed, LogLevel, LogLine, RelayChanged, RelayState, Traffic
from bascule.relay import admission
from bascule.relay import relay as relay_module
from bascule.relay.build import Ends, build
from bascule.relay.connections import LOG_LINES_A_TICK
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
)
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address, Listener, Stream
from bascule.streams.memory import memory_pair
from bascule.streams.serial import SerialDialer
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.tls import TlsDialer, client_context
from tests.helpers.certificates import Files, make_files
from tests.helpers.contract import (
    MEBIBYTE,
    QUIET_SECONDS,
    random_bytes,
    read_all,
    read_count,
    soon,
)
from tests.helpers.loops import LOOPS
from tests.helpers.processes import free_port
from tests.helpers.pty import Line
from tests.helpers.relays import Clients, RelayRig, Service, nothing_left_behind, storm

LOOP_FACTORIES = LOOPS
AN_HOUR = 3600.0


def to_service(service: Service, source: Any = None, **rules: Any) -> RelaySpec:
    return RelaySpec(source or TcpListen(0), TcpConnect("127.0.0.1", service.port), **rules)


async def is_reset(stream: Stream) -> bool:
    """Whether a reset is all that comes."""
    try:
        await soon(read_all(stream))
    except StreamError as exc:
        return exc.code is ErrorCode.CONNECTION_RESET
    return False


async def echoes(stream: Stream, far: Stream, data: bytes = b"ping") -> None:
    await soon(stream.send(data))
    assert await soon(read_count(far, len(data))) == data
    await soon(far.send(data))
    assert await soon(read_count(stream, len(data))) == data


# bytes ------------------------------------------------------------------------------------------


async def test_bytes_and_the_end_of_each_way():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        far = await service.next()
        await soon(client.send(b"question"))
        await soon(client.send_eof())
        assert await soon(read_all(far)) == b"question"
        answer = random_bytes(3 * MEBIBYTE)
        sending = asyncio.ensure_future(far.send(answer))
        assert await soon(read_count(client, len(answer))) == answer
        await soon(sending)
        await soon(far.send_eof())
        assert await soon(client.receive()) == b""
        closed = await rig.closed()
    assert (closed.up, closed.down, closed.problem) == (8, len(answer), None)
    assert rig.relay.totals == (8, len(answer))


async def test_the_target_may_end_first():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        far = await service.next()
        await soon(far.send(b"banner"))
        await soon(far.send_eof())
        assert await soon(read_all(client)) == b"banner"
        await soon(client.send(b"still"))
        await soon(client.send_eof())
        assert await soon(read_all(far)) == b"still"
        assert (await rig.closed()).problem is None


@pytest.mark.parametrize("who", ["client", "service"])
@pytest.mark.parametrize("halfway", [False, True])
async def test_a_reset_travels_as_a_reset(who: str, halfway: bool):
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        far = await service.next()
        await echoes(client, far)
        broken, other = (client, far) if who == "client" else (far, client)
        if halfway:  # the other way has ended already
            await soon(other.send_eof())
            assert await soon(broken.receive()) == b""
        broken.abort()
        assert await is_reset(other)
        closed = await rig.closed()
    assert closed.problem is not None
    assert closed.problem.code is ErrorCode.CONNECTION_RESET


async def test_what_was_sent_before_a_target_refused_is_answered_with_a_reset():
    spec = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", free_port()))
    async with RelayRig(spec) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        assert await is_reset(client)
        closed = await rig.closed()
        assert closed.problem is not None
        assert closed.problem.code is ErrorCode.CONNECTION_REFUSED
        assert closed.problem.field == "target.host"
        assert rig.relay.status.state is RelayState.RUNNING  # the next one may have more luck


@pytest.mark.parametrize("way", ["up", "down"])
@pytest.mark.parametrize("kind", ["plain", "TLS source"])
async def test_a_stalled_reader_holds_little_of_ours(way: str, kind: str, files: Files):
    count = 4
    tls = ServerTls(files.certificate, files.key) if kind == "TLS source" else None
    async with Service() as service:
        spec = to_service(service, TcpListen(0, tls=tls))
        async with RelayRig(spec) as rig, Clients() as clients:
            await rig.run()
            sides = list[tuple[Stream, Stream]]()
            for _ in range(count):
                client = await connect(rig, clients, files)
                far = await service.next()
                sides.append((client, far) if way == "up" else (far, client))
            block = bytes(MEBIBYTE)

            async def push(stream: Stream) -> None:
                while True:
                    await stream.send(block)

            tracemalloc.start()
            try:
                pushing = [asyncio.ensure_future(push(sender)) for sender, _reader in sides]
                seen = (0, 0)
                while not sum(seen) or seen != rig.relay.totals:  # until nothing moves for a while
                    seen = rig.relay.totals
                    await asyncio.wait(pushing, timeout=2 * QUIET_SECONDS)
                held, _peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
            assert not any(task.done() for task in pushing)
            # The senders' own streams stand in the same process and are counted with it.
            assert held < count * 2 * MEBIBYTE
            for task in pushing:
                task.cancel()
            await asyncio.wait(pushing)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return make_files(tmp_path_factory.mktemp("certificates"))


async def connect(rig: RelayRig, clients: Clients, files: Files) -> Stream:
    """Connect to the relay as its source wants it."""
    source = rig.spec.source
    assert isinstance(source, TcpListen)
    if source.tls is None:
        return await clients.connect(rig.port)
    dialer = TlsDialer(
        TcpDialer("127.0.0.1", rig.port),
        lambda: client_context(authority=files.authority),
        "localhost",
    )
    return clients.keep(await soon(dialer.dial()))


# who may enter ----------------------------------------------------------------------------------


async def test_only_those_on_the_list_enter_and_others_not_for_a_byte():
    async with Service() as service:
        spec = to_service(service, TcpListen(0, "::"), allow=("127.0.0.0/8",))
        async with RelayRig(spec) as rig, Clients() as clients:
            await rig.run()
            for _ in range(3):
                stranger = await clients.connect(rig.port, "::1")
                assert await is_reset(stranger)
            client = await clients.connect(rig.port)  # arrives as ::ffff:127.0.0.1
            far = await service.next()
            await echoes(client, far)
            await client.send_eof()
            await far.send_eof()
            await rig.closed()
        refusals = [line for line in rig.of(LogLine) if "was refused" in line.text]
        assert len(refusals) == 1  # once per peer
        assert refusals[0].level is LogLevel.WARNING
        assert refusals[0].problem is not None
        assert refusals[0].problem.code is ErrorCode.NOT_ALLOWED
        assert service.count == 1
        assert [event.problem for event in rig.of(ConnectionClosed)] == [None]


class InMemory(Listener):
    """Somebody arrives the moment it listens, and is gone as soon as they are told to go."""

    def __init__(self) -> None:
        self.far, self.near = memory_pair()

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        on_arrival(self.near)
        return (Address("memory", 1),)

    async def aclose(self) -> None:
        pass


async def test_an_arrival_that_is_over_at_once_leaves_no_task():
    listener = InMemory()
    spec = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 1), allow=("10.0.0.1",))
    async with RelayRig(spec) as rig:

        async def in_memory(spec: RelaySpec) -> Ends:
            return Ends(listener, None, build(spec, str).target)

        rig.relay._build = in_memory
        await rig.run()
        assert rig.relay._connections._tasks == set()
        assert await is_reset(listener.far)


async def test_a_refused_one_is_logged_again_after_a_new_start():
    async with Service() as service:
        spec = to_service(service, allow=("10.0.0.0/8",))
        async with RelayRig(spec) as rig, Clients() as clients:
            for _ in range(2):
                await rig.run()
                assert await is_reset(await clients.connect(rig.port))
                await rig.relay.stop()
    assert sum("was refused" in text for text in rig.log) == 2


async def test_the_log_of_refusals_has_an_end(monkeypatch: pytest.MonkeyPatch):
    async with Service() as service:
        async with RelayRig(to_service(service, allow=("10.0.0.0/8",))) as rig:
            async with Clients() as clients:
                await rig.run()
                rig.relay._refused = {f"peer {index}" for index in range(1000)}
                assert await is_reset(await clients.connect(rig.port))
    assert not any("was refused" in text for text in rig.log)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "127.0.0.1"])
async def test_whether_the_network_may_reach_it_is_told_while_it_can(host: str):
    async with Service() as service, RelayRig(to_service(service, TcpListen(0, host))) as rig:
        assert not rig.relay.status.exposed
        await rig.run()
        assert rig.relay.status.exposed is (host != "127.0.0.1")
        await rig.relay.stop()
        assert not rig.relay.status.exposed


# how many ---------------------------------------------------------------------------------------


async def test_above_the_limit_it_refuses():
    async with Service() as service:
        async with RelayRig(to_service(service, max_connections=2)) as rig, Clients() as clients:
            await rig.run()
            first = await clients.connect(rig.port)
            far = await service.next()
            await clients.connect(rig.port)
            await service.next()
            assert await is_reset(await clients.connect(rig.port))
            first.abort()
            assert await is_reset(far)
            await rig.closed()
            await rig.until(lambda: len(rig.relay.connections) == 1)
            again = await clients.connect(rig.port)
            await echoes(again, await service.next())
        (refusal,) = [line for line in rig.of(LogLine) if "was refused" in line.text]
        assert refusal.problem is not None
        assert refusal.problem.code is ErrorCode.TOO_MANY_CONNECTIONS
        assert refusal.problem.facts == {"limit": 2}


async def test_or_lets_them_wait_in_turn():
    async with Service() as service:
        spec = to_service(service, max_connections=1, overflow="queue")
        async with RelayRig(spec) as rig, Clients() as clients:
            await rig.run()
            first = await clients.connect(rig.port)
            far = await service.next()
            await echoes(first, far)
            second = await clients.connect(rig.port)
            await soon(second.send(b"I wait"))
            third = await clients.connect(rig.port)
            third.abort()  # gives up
            await soon(third.aclose())
            fourth = await clients.connect(rig.port)
            await soon(fourth.send(b"me too"))
            await echoes(first, far)
            assert service.count == 1  # nobody was dialed for them
            await soon(first.aclose())
            await soon(far.aclose())
            far = await service.next()
            assert await soon(read_count(far, 6)) == b"I wait"
            await soon(second.aclose())
            await soon(far.aclose())
            await rig.until(lambda: service.count >= 3)
            while (text := await soon(first_bytes(await service.next()))) == b"":
                pass  # the one who gave up had its turn, for a moment
            assert text == b"me too"


async def first_bytes(stream: Stream) -> bytes:
    try:
        return await stream.receive()
    except StreamError:
        return b""


async def test_the_queue_has_an_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(admission, "QUEUE_LIMIT", 1)
    async with Service() as service:
        spec = to_service(service, max_connections=1, overflow="queue")
        async with RelayRig(spec) as rig, Clients() as clients:
            await rig.run()
            await clients.connect(rig.port)
            await service.next()
            await clients.connect(rig.port)
            assert await is_reset(await clients.connect(rig.port))


# time -------------------------------------------------------------------------------------------


async def test_an_idle_connection_ends_with_the_reason():
    async with Service() as service:
        async with RelayRig(to_service(service, idle_seconds=30)) as rig, Clients() as clients:
            await rig.run()
            client = await clients.connect(rig.port)
            far = await service.next()
            await echoes(client, far)
            rig.tick(10)
            rig.tick(39)
            await echoes(client, far)
            rig.tick(60)
            rig.tick(89)
            assert len(rig.relay.connections) == 1
            rig.tick(91)
            closed = await rig.closed()
            assert closed.problem is not None
            assert closed.problem.code is ErrorCode.IDLE_EXPIRED
            assert await soon(client.receive()) == b""
            assert await soon(far.receive()) == b""


async def test_traffic_is_told_when_it_moved():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        far = await service.next()
        rig.tick()
        assert rig.of(Traffic) == []
        await echoes(client, far, b"12345")
        rig.tick()
        rig.tick()
        (sample,) = rig.of(Traffic)
        assert (sample.up, sample.down, sample.connections) == (5, 5, ((1, 5, 5),))
        assert abs(sample.at - time.time()) < 60


async def test_a_sample_names_no_more_connections_than_can_be_shown():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        for _ in range(3):
            await echoes(await clients.connect(rig.port), await service.next())
        monster = {number: next(iter(rig.relay.connections.values())) for number in range(600)}
        live, rig.relay._connections.live = rig.relay._connections.live, monster
        rig.tick()
        rig.relay._connections.live = live
    assert len(rig.of(Traffic)[0].connections) <= 500


# ending -----------------------------------------------------------------------------------------


async def test_one_connection_may_be_closed():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        first = await clients.connect(rig.port)
        first_far = await service.next()
        second = await clients.connect(rig.port)
        second_far = await service.next()
        assert not rig.relay.close_connection(99)
        assert rig.relay.close_connection(1)
        assert (await rig.closed()).problem is None
        assert await soon(first.receive()) == b""
        assert await soon(first_far.receive()) == b""
        await echoes(second, second_far)
        assert not rig.relay.close_connection(1)


async def test_stopping_ends_what_is_open_queued_stalled_and_agreeing(files: Files):
    tls = ServerTls(files.certificate, files.key)
    async with Service() as service:
        spec = to_service(service, TcpListen(0, tls=tls), max_connections=3, overflow="queue")
        for _ in range(2):  # the first time, the loop and its threads open some of their own
            async with nothing_left_behind():
                async with RelayRig(spec) as rig, Clients() as clients:
                    await rig.run()
                    opened = await connect(rig, clients, files)
                    far = await service.next()
                    await echoes(opened, far)
                    stalled = await connect(rig, clients, files)
                    stalled_far = await service.next()
                    pushing = asyncio.ensure_future(stalled.send(bytes(32 * MEBIBYTE)))
                    await rig.until(lambda: len(rig.relay.connections) == 2)
                    await clients.connect(rig.port)  # says nothing
                    await rig.until(lambda: len(rig.relay.connections) == 3)
                    await clients.connect(rig.port)  # waits for a place
                    await asyncio.wait([pushing], timeout=0.1)
                    await soon(rig.relay.stop())
                    assert rig.relay.connections == {}
                    assert rig.relay.status.state is RelayState.STOPPED
                    assert len(rig.of(ConnectionClosed)) == 3
                    assert await soon(far.receive()) == b""
                    pushing.cancel()
                    await asyncio.wait([pushing])
                    for stream in (far, stalled_far):
                        stream.abort()
                        await soon(stream.aclose())


@pytest.mark.skipif(sys.platform == "win32", reason="its loop takes a send whole")
async def test_a_peer_that_reads_nothing_does_not_hold_the_stop_up():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        await service.next()
        pushing = asyncio.ensure_future(client.send(bytes(64 * MEBIBYTE)))
        await asyncio.wait([pushing], timeout=0.2)
        begun = time.monotonic()
        async with nothing_more_than(2):
            stopping = [asyncio.ensure_future(rig.relay.stop()) for _ in range(3)]
            await asyncio.wait(stopping)
        assert time.monotonic() - begun < 10
        assert rig.states[-2:] == [RelayState.STOPPING, RelayState.STOPPED]  # told once
        await asyncio.wait([pushing])
        assert isinstance(pushing.exception(), BasculeError)


class nothing_more_than:  # noqa: N801 - reads as a statement
    """Fail where more than so many tasks are there afterwards: the test and what it started."""

    def __init__(self, count: int) -> None:
        self._count = count

    async def __aenter__(self) -> None:
        pass

    async def __aexit__(self, *_exc: object) -> None:
        assert len(asyncio.all_tasks()) <= self._count, asyncio.all_tasks()


async def test_who_was_accepted_while_it_stopped_is_not_served():
    loop = asyncio.get_running_loop()
    for _ in range(20):
        async with Service() as service, RelayRig(to_service(service)) as rig:
            await rig.run()
            clients = [socket.create_connection(("127.0.0.1", rig.port)) for _ in range(20)]
            await soon(rig.relay.stop())
            for client in clients:
                client.setblocking(False)
                try:
                    assert await soon(loop.sock_recv(client, 1)) == b""
                except ConnectionError:
                    pass  # reset, or never accepted
                client.close()
            assert rig.relay.connections == {}
            assert rig.relay._connections._tasks == set()
            assert rig.states[-1] is RelayState.STOPPED


@pytest.mark.parametrize("seed", range(4))
async def test_a_storm_of_starts_and_stops(seed: int):
    port = free_port()
    async with Service() as service:
        spec = to_service(service, TcpListen(port))
        for _ in range(2):  # the first time, the loop opens some of its own
            async with nothing_left_behind():
                async with RelayRig(spec) as rig:
                    await storm_over(rig, port, seed)
                    assert rig.relay.status.state is RelayState.STOPPED
                    assert not rig.relay.active
                    await rig.run()  # and it still works
                    async with Clients() as clients:
                        client = await clients.connect(port)
                        await soon(client.send(b"after the storm"))
                        while await first_bytes(await service.next()) != b"after the storm":
                            pass
                await service.drop_all()


async def storm_over(rig: RelayRig, port: int, seed: int) -> None:
    """Start, stop and connect in any order; in the end, stop."""
    stopping = list[asyncio.Future[None]]()
    clients = list[socket.socket]()

    def stop() -> None:
        stopping.append(asyncio.ensure_future(rig.relay.stop()))

    def arrive() -> None:
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", port))
        clients.append(client)

    for index, call in enumerate(storm(seed, 120, rig.relay.start, stop, arrive)):
        call()
        if index % 4 == 0:
            await asyncio.sleep(0)
    await soon(asyncio.gather(*stopping))
    await soon(rig.relay.stop())
    for client in clients:
        client.close()


async def test_whoever_stopped_it_may_start_it_while_another_still_waits_for_the_stop():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        port = rig.port

        async def restart() -> None:
            await rig.relay.stop()
            rig.relay.start()

        await soon(asyncio.gather(restart(), rig.relay.stop()))
        await rig.reach(RelayState.RUNNING)
        assert rig.relay.active
        await echoes(await clients.connect(rig.port), await service.next())
        await soon(rig.relay.stop())
        assert rig.relay.status.state is RelayState.STOPPED
        for each in {port, int(rig.of(RelayChanged)[-3].status.listening[0].split(":")[1])}:
            with pytest.raises(BasculeError):
                await soon(TcpDialer("127.0.0.1", each).dial())


async def test_states_are_told_in_order():
    async with Service() as service, RelayRig(to_service(service)) as rig:
        assert rig.relay.status.state is RelayState.STOPPED
        await rig.relay.stop()
        assert rig.events == []
        await rig.run()
        rig.relay.start()  # changes nothing
        assert rig.relay.status.listening == (f"127.0.0.1:{rig.port}",)
        await rig.relay.stop()
        assert rig.relay.status.listening == ()
    assert rig.states == [
        RelayState.STARTING,
        RelayState.RUNNING,
        RelayState.STOPPING,
        RelayState.STOPPED,
    ]


# what fails -------------------------------------------------------------------------------------


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


# relays that dial -------------------------------------------------------------------------------


def between(source: Service, target: Service | int, **rules: Any) -> RelaySpec:
    port = target if isinstance(target, int) else target.port
    return RelaySpec(TcpConnect("127.0.0.1", source.port), TcpConnect("127.0.0.1", port), **rules)


async def test_two_services_are_joined():
    async with Service() as left, Service() as right, RelayRig(between(left, right)) as rig:
        await rig.run()
        assert rig.relay.status.listening == ()
        await echoes(await left.next(), await right.next())
        assert [each.peer for each in rig.relay.connections.values()] == [str(left.address)]


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
        pauses = [status.retry_at - status.since for status in waiting if status.retry_at]
        assert [round(pause, 2) for pause in pauses[:4]] == [0.05, 0.1, 0.15, 0.15]
        assert waiting[0].problem is not None
        assert waiting[0].problem.code is ErrorCode.CONNECTION_REFUSED
        assert rig.relay.status.since <= time.time()
        async with Service(TcpListener("127.0.0.1", port)) as right:
            await rig.reach(RelayState.RUNNING)
            assert rig.relay.status.retry_at is None
            await right.next()
    assert "trying again in 0.05 s" in " ".join(rig.log)


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
                monkeypatch.setattr(relay_module, "_LASTED_SECONDS", 0.0 if lasted else AN_HOUR)
                runs = rig.states.count(RelayState.RUNNING)
                (await left.next()).abort()
                await rig.until(lambda runs=runs: rig.states.count(RelayState.RUNNING) > runs)
    pauses = [
        round(event.status.retry_at - event.status.since, 2)
        for event in rig.of(RelayChanged)
        if event.status.retry_at
    ]
    assert pauses == [0.05, 0.1, 0.05]


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


# serial ports -----------------------------------------------------------------------------------


def shared(device: str | Path, source: Any = None, **settings: Any) -> RelaySpec:
    return RelaySpec(
        source or TcpListen(0),
        SerialPort(str(device), **settings),
        linger_seconds=0.1,
        retry_first_seconds=AN_HOUR,
        retry_longest_seconds=AN_HOUR,
    )


async def test_a_second_client_of_a_serial_port_is_refused_with_who_has_it():
    line = Line()
    async with RelayRig(shared(line.device)) as rig, Clients() as clients:
        await rig.run()
        first = await clients.connect(rig.port)
        await rig.connected()
        await echoes(first, line)
        assert await is_reset(await clients.connect(rig.port))
        await rig.until(lambda: any("was refused" in text for text in rig.log))
        (refusal,) = [line for line in rig.of(LogLine) if "was refused" in line.text]
        assert refusal.problem is not None
        assert refusal.problem.code is ErrorCode.DEVICE_TAKEN
        holder = next(iter(rig.relay.connections.values())).peer
        assert refusal.problem.facts == {"device": line.device, "holder": holder}
        await echoes(first, line)  # undisturbed
        await soon(first.aclose())
        await rig.closed()
        await rig.until(lambda: not rig.relay.connections)
        second = await clients.connect(rig.port)
        await rig.connected()
        await echoes(second, line)
        assert rig.relay.status.state is RelayState.RUNNING
    line.abort()


async def test_a_missing_device_is_waited_for_and_used_when_it_appears(tmp_path: Path):
    device = tmp_path / "ttyUSB0"
    line = Line()
    async with RelayRig(shared(device)) as rig, Clients() as clients:
        rig.relay.start()
        await rig.reach(RelayState.WAITING)
        status = rig.relay.status
        assert status.problem is not None
        assert (status.problem.code, status.problem.field) == (
            ErrorCode.DEVICE_MISSING,
            "target.device",
        )
        assert status.retry_at is not None
        assert status.listening  # clients are told at once, with a reset
        for index in range(5):
            assert await is_reset(await clients.connect(rig.port))
            await rig.closed(index + 1)
        assert rig.states.count(RelayState.WAITING) == 1  # their tries cut no pause short
        assert rig.relay.status.retry_at == status.retry_at
        device.symlink_to(line.device)
        rig.relay.start()
        await rig.reach(RelayState.RUNNING)
        client = await clients.connect(rig.port)
        await rig.connected()
        await echoes(client, line)
    line.abort()


async def test_a_client_who_gets_through_while_it_waits_ends_the_wait(tmp_path: Path):
    device = tmp_path / "ttyUSB0"
    line = Line()
    async with RelayRig(shared(device)) as rig, Clients() as clients:
        rig.relay.start()
        await rig.reach(RelayState.WAITING)
        device.symlink_to(line.device)
        client = await clients.connect(rig.port)
        await rig.reach(RelayState.RUNNING)
        await echoes(client, line)
    line.abort()


async def test_unplugging_ends_the_connection_and_waits():
    line = Line()
    async with RelayRig(shared(line.device)) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        await rig.connected()
        await echoes(client, line)
        line.abort()
        assert await is_reset(client)
        closed = await rig.closed()
        assert closed.problem is not None
        assert closed.problem.code is ErrorCode.DEVICE_GONE
        await rig.reach(RelayState.WAITING)
        assert rig.relay.status.retry_at is not None
        assert rig.relay.status.problem is not None
        assert rig.relay.status.problem.code in {ErrorCode.DEVICE_MISSING, ErrorCode.DEVICE_GONE}


async def test_a_device_that_another_program_has_is_waited_for_until_it_is_free():
    line = Line()
    other = await soon(SerialDialer(line.device).dial())
    spec = shared(line.device)
    async with RelayRig(spec) as rig, Clients() as clients:
        await rig.run()  # that it is busy is seen when it is opened
        assert await is_reset(await clients.connect(rig.port))
        await rig.reach(RelayState.WAITING)
        problem = rig.relay.status.problem
        assert problem is not None
        assert problem.code is ErrorCode.DEVICE_BUSY
        await soon(other.aclose())
        client = await clients.connect(rig.port)
        await rig.reach(RelayState.RUNNING)
        await echoes(client, line)
    line.abort()


async def test_what_stopped_it_is_forgotten_at_the_next_start():
    line = Line()
    async with RelayRig(shared(line.device)) as rig:
        await rig.run()
        rig.relay._device_trouble = DeviceError("x", code=ErrorCode.DEVICE_BUSY)
        await rig.relay.stop()
        await rig.run()
    line.abort()


async def test_a_setting_that_the_driver_refuses_fails(tmp_path: Path):
    line = Line()
    async with RelayRig(shared(line.device, parity="even")) as rig, Clients() as clients:
        await rig.run()
        assert await is_reset(await clients.connect(rig.port))
        await rig.reach(RelayState.FAILED)
        problem = rig.relay.status.problem
        assert problem is not None
        assert (problem.code, problem.field) == (
            ErrorCode.DEVICE_SETTING_REFUSED,
            "target.parity",
        )
        assert rig.relay.status.listening == ()
    line.abort()


async def test_a_serial_source_that_the_driver_refuses_fails_at_once():
    line = Line()
    async with Service() as service:
        spec = RelaySpec(SerialPort(line.device, parity="odd"), to_service(service).target)
        async with RelayRig(spec) as rig:
            rig.relay.start()
            await rig.reach(RelayState.FAILED)
            problem = rig.relay.status.problem
            assert problem is not None
            assert problem.field == "source.parity"
            assert service.count == 0
    line.abort()


async def test_a_serial_source_feeds_a_service_and_waits_when_unplugged(tmp_path: Path):
    device = tmp_path / "ttyUSB0"
    line = Line()
    device.symlink_to(line.device)
    async with Service() as service:
        spec = RelaySpec(
            SerialPort(str(device)),
            TcpConnect("127.0.0.1", service.port),
            retry_first_seconds=0.05,
            retry_longest_seconds=0.05,
        )
        async with RelayRig(spec) as rig:
            await rig.run()
            await echoes(line, await service.next())
            line.abort()
            await rig.reach(RelayState.WAITING)
            line = Line()
            device.unlink()
            device.symlink_to(line.device)
            await rig.until(lambda: rig.states.count(RelayState.RUNNING) == 2)
            await echoes(line, await service.next())
    line.abort()


async def test_a_target_device_that_is_missing_is_waited_for_by_a_relay_that_dials():
    async with Service() as service:
        spec = RelaySpec(
            TcpConnect("127.0.0.1", service.port),
            SerialPort("/dev/no-such-port"),
            retry_first_seconds=AN_HOUR,
            retry_longest_seconds=AN_HOUR,
        )
        async with RelayRig(spec) as rig:
            rig.relay.start()
            await rig.reach(RelayState.WAITING)
            assert service.count == 0  # nobody is bothered before


async def test_an_answer_is_waited_for_after_the_client_has_finished():
    line = Line()
    async with RelayRig(shared(line.device)) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        await soon(client.send(b"weigh\r\n"))
        await soon(client.send_eof())
        assert await soon(read_count(line, 7)) == b"weigh\r\n"
        await soon(line.send(b"12.5 kg"))
        assert await soon(read_all(client)) == b"12.5 kg"
        assert (await rig.closed()).problem is None
    line.abort()


@pytest.mark.parametrize("call", ["start", "stop"])
async def test_a_command_from_within_an_event_is_taken(call: str):
    async with Service() as service, RelayRig(to_service(service)) as rig:
        called = list[Any]()

        def at_running(holds: Callable[[], object]) -> Callable[[Any], None]:
            def tell(event: Any) -> None:
                rig._tell(event)
                if holds() and not called:
                    called.append(event)
                    if call == "start":
                        rig.relay.start()
                    else:
                        called.append(asyncio.ensure_future(rig.relay.stop()))

            return tell

        rig.relay._tell = at_running(lambda: rig.relay.status.state is RelayState.RUNNING)
        await rig.run()
        await rig.reach(RelayState.RUNNING if call == "start" else RelayState.STOPPED)
