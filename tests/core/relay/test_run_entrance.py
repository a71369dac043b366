"""Whom a relay that runs lets in: those on its list, as many as it may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bascule.errors import ErrorCode
from bascule.events import ConnectionClosed, LogLevel, LogLine
from bascule.relay import admission
from bascule.relay import run as run_module
from bascule.relay.build import Ends, build
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address, Listener, Stream
from bascule.streams.memory import memory_pair
from tests.helpers.contract import read_count, soon
from tests.helpers.loops import LOOPS
from tests.helpers.relays import (
    Clients,
    RelayRig,
    Service,
    echoes,
    first_bytes,
    is_reset,
    to_service,
)

LOOP_FACTORIES = LOOPS


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
    monkeypatch.setattr(run_module, "_REFUSED_PEERS", 0)
    async with Service() as service:
        async with RelayRig(to_service(service, allow=("10.0.0.0/8",))) as rig:
            async with Clients() as clients:
                await rig.run()
                assert await is_reset(await clients.connect(rig.port))
    assert not any("was refused" in text for text in rig.log)


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
