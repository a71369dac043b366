"""What passes through a whole relay on real sockets, on both loops, and how it is counted."""

from __future__ import annotations

import asyncio
import time
import tracemalloc

import pytest

from bascule.errors import ErrorCode
from bascule.events import RelayState, Traffic
from bascule.spec.endpoints import ServerTls, TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Stream
from tests.helpers.certificates import Files
from tests.helpers.contract import MEBIBYTE, QUIET_SECONDS, random_bytes, read_all, read_count, soon
from tests.helpers.loops import LOOPS
from tests.helpers.ports import free_port
from tests.helpers.relays import Clients, RelayRig, Service, connect, echoes, is_reset, to_service

LOOP_FACTORIES = LOOPS


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
