"""What a fault of ours does to a relay: it is reported where it happened, logged, and the relay
has FAILED and can be started again. No thread can be begun any more: that is the fault here.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bascule.errors import ErrorCode
from bascule.events import LogLevel, LogLine, RelayState, Traffic
from bascule.spec.built_in import Echo
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.ends import Failover
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import read_all, read_count, soon
from tests.helpers.loops import LOOPS
from tests.helpers.relays import Clients, RelayRig, Service, is_reset, to_service

LOOP_FACTORIES = LOOPS

needs_a_thread = pytest.mark.skipif(
    sys.platform == "win32", reason="the loop of Windows resolves names without Python's threads"
)


@pytest.fixture
async def reported() -> list[BaseException]:
    """What the loop was told of that nobody else is."""
    told: list[BaseException] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: told.append(context["exception"])
    )
    return told


def without_threads() -> None:
    """Let the resolver of this loop, which needs a thread, fail as nothing foresees."""
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    asyncio.get_running_loop().set_default_executor(executor)


def with_threads() -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))


async def has_failed(rig: RelayRig) -> None:
    """Wait until it has, and look at what it has told."""
    await rig.reach(RelayState.FAILED)
    problem = rig.relay.status.problem
    assert problem is not None
    assert problem.code is ErrorCode.INTERNAL
    assert "RuntimeError" in problem.message
    line = rig.of(LogLine)[-1]
    assert (line.level, line.problem) == (LogLevel.PROBLEM, problem)
    assert not rig.relay.connections
    assert rig.relay.status.listening == ()


@needs_a_thread
async def test_a_fault_of_what_cares_for_the_ends_ends_the_run(reported: list[BaseException]):
    before = asyncio.all_tasks()
    async with Service() as gone, Clients() as clients:
        lost = TcpConnect("localhost", gone.port)
        await gone.listener.aclose()
        spec = RelaySpec(TcpListen(0), Failover(targets=(lost, Echo()), check_seconds=0.1))
        async with RelayRig(spec) as rig:
            await rig.run()
            client = await clients.connect(rig.port)
            await soon(client.send(b"ping"))
            assert await soon(read_count(client, 4)) == b"ping"
            without_threads()
            await has_failed(rig)
            assert [type(fault) for fault in reported] == [RuntimeError]
            assert await soon(read_all(client)) == b""
            with_threads()
            await rig.run()
            assert rig.relay.status.problem is None
            await soon(rig.relay.stop())
            assert asyncio.all_tasks() == before
    assert len(reported) == 1


@needs_a_thread
async def test_a_fault_while_a_connection_begins_is_told_of_it_and_the_others_go_on(
    reported: list[BaseException],
):
    async with Service() as service, Clients() as clients:
        target = TcpConnect("localhost", service.port)
        async with RelayRig(RelaySpec(TcpListen(0), target)) as rig:
            await rig.run()
            client = await clients.connect(rig.port)
            far = await service.next()
            without_threads()
            assert await is_reset(await clients.connect(rig.port))
            closed = await rig.closed()
            assert closed.problem is not None
            assert closed.problem.code is ErrorCode.INTERNAL
            assert [type(fault) for fault in reported] == [RuntimeError]
            assert not any("finished" in line for line in rig.log)
            assert rig.relay.status.state is RelayState.RUNNING
            await soon(client.send(b"still"))
            assert await soon(read_count(far, 5)) == b"still"


async def test_a_fault_while_it_is_ticked_ends_the_run():
    def unable(event: Any) -> None:
        if isinstance(event, Traffic):
            raise RuntimeError("nobody can be told")

    async with Service() as service, Clients() as clients:
        async with RelayRig(to_service(service)) as rig:
            await rig.run()
            client = await clients.connect(rig.port)
            far = await service.next()
            await soon(client.send(b"ping"))
            assert await soon(read_count(far, 4)) == b"ping"
            rig.on_event = unable
            with pytest.raises(RuntimeError, match="nobody can be told"):
                rig.tick()
            rig.tick()  # what is ended already is left alone
            rig.on_event = lambda _event: None
            await has_failed(rig)
            assert await soon(read_all(client)) == b""
            await rig.run()
