"""The live connections of a relay: numbers, totals, and what is told of them when they are many."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from types import CoroutineType
from typing import Any

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.events import ConnectionClosed, ConnectionOpened, LogLine, RelayEvent, Traffic
from bascule.relay.build import Ends
from bascule.relay.connection import Connection
from bascule.relay.connections import LOG_LINES_A_TICK, TOLD_A_TICK, Connections
from bascule.relay.pump import Rules
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.socket_stream import SocketStream
from tests.helpers.contract import PATIENCE_SECONDS, read_all, soon
from tests.helpers.descriptors import begun
from tests.helpers.engines import come_true
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import Given, socket_pair

LOOP_FACTORIES = LOOPS


class Way(Dialer):
    """Dials streams of this process; their far ends are in ``far``."""

    label = "far"

    def __init__(self) -> None:
        self.far: list[MemoryStream] = []

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        ours, far = memory_pair()
        self.far.append(far)
        return ours


class Unable(Way):
    """Has a fault of ours."""

    def begin(self) -> CoroutineType[None, None, Stream]:
        raise RuntimeError("no beginning")


class Rig:
    def __init__(self) -> None:
        self.told: list[RelayEvent] = []
        self.way = Way()
        self.ends = Ends(None, None, self.way)
        self.connected = 0
        self.ended: list[int] = []
        self._far: list[SocketStream] = []
        self.connections = Connections("relay", self.told.append, self._connected, self._ended)

    def _connected(self) -> None:
        self.connected += 1

    def _ended(self, connection: Connection) -> None:
        assert connection.number not in self.connections.live
        self.ended.append(connection.number)

    def of[E: RelayEvent](self, kind: type[E]) -> list[E]:
        return [event for event in self.told if isinstance(event, kind)]

    def open(self) -> MemoryStream:
        client, source = memory_pair()
        self.connections.carry(self.connections.next("peer"), source, self.ends)
        return client

    def open_sockets(
        self, on_settled: Callable[[object], None] | None = None
    ) -> tuple[SocketStream, SocketStream]:
        """One that needs no task: its far ends."""
        client, source = socket_pair()
        target, service = socket_pair()
        target.on_settled = on_settled
        connection = self.connections.next("peer")
        self.connections.carry(connection, source, Ends(None, None, Given(target)))
        assert connection.needs_no_task
        self._far += (client, service)
        return client, service

    def close(self) -> None:
        for stream in self._far:
            stream.abort()


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    rig = Rig()
    yield rig
    await soon(rig.connections.end())
    rig.close()


async def finish(client: Stream, far: Stream) -> None:
    await soon(client.send(b"12345"))
    assert await soon(far.receive()) == b"12345"
    await soon(client.send_eof())
    await soon(far.send(b"123"))
    assert await soon(client.receive()) == b"123"
    await soon(far.send_eof())
    assert await soon(read_all(client)) == b""


async def told_of(rig: Rig, client: Stream, far: Stream) -> None:
    """The only one there is goes its way, and is told of to its end."""
    await finish(client, far)
    await soon(rig.connections.all_done())
    (closed,) = rig.of(ConnectionClosed)
    assert (closed.number, closed.up, closed.down, closed.problem) == (1, 5, 3, None)
    assert (rig.connected, rig.ended) == (1, [1])
    assert rig.connections.totals == (5, 3)
    rig.connections.tick(0.0, 0.0)
    (traffic,) = rig.of(Traffic)
    assert (traffic.up, traffic.down) == (5, 3)


async def test_one_is_told_of_from_its_beginning_to_its_end(rig: Rig):
    client = rig.open()
    assert [event.connection.connected for event in rig.of(ConnectionOpened)] == [False, True]
    await told_of(rig, client, rig.way.far[0])
    rig.connections.tick(1.0, 0.0)
    assert len(rig.of(Traffic)) == 1  # nothing moved


@pytest.mark.parametrize("reached", [False, True])
async def test_one_that_a_fault_ends_before_it_needs_a_task_is_told_of_and_gone(
    rig: Rig, reached: bool
):
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    client, source = socket_pair()
    target, service = socket_pair()

    def connected() -> None:
        raise RuntimeError("nobody to hear of it")

    connections = Connections("relay", rig.told.append, connected, rig._ended)
    ends = Ends(None, None, Given(target) if reached else Unable())
    connections.carry(connections.next("peer"), source, ends)
    await soon(connections.all_done())
    assert not connections.live
    assert rig.ended == [1]
    (closed,) = rig.of(ConnectionClosed)
    assert closed.problem is not None
    assert closed.problem.code is ErrorCode.INTERNAL
    assert [type(context["exception"]) for context in reported] == [RuntimeError]
    assert [line.problem for line in rig.of(LogLine)] == [closed.problem, closed.problem]
    for far in (client, service) if reached else (client,):
        with pytest.raises(StreamError) as caught:
            await soon(read_all(far))
        assert caught.value.code is ErrorCode.CONNECTION_RESET
    for stream in (client, target, service):
        await stream.aclose()


async def test_when_all_are_ended_the_last_bytes_are_told_as_well(rig: Rig):
    client = rig.open()
    await finish(client, rig.way.far[0])
    await soon(rig.connections.end())
    (traffic,) = rig.of(Traffic)
    assert (traffic.up, traffic.down) == (5, 3)


async def test_when_they_are_many_only_those_that_last_are_told_of(rig: Rig):
    clients = [rig.open() for _ in range(TOLD_A_TICK + 5)]
    numbers = {event.connection.number for event in rig.of(ConnectionOpened)}
    assert len(numbers) == TOLD_A_TICK
    assert len(rig.of(LogLine)) == LOG_LINES_A_TICK
    await finish(clients[-1], rig.way.far[-1])
    await come_true(lambda: TOLD_A_TICK + 5 not in rig.connections.live)
    rig.connections.tick(0.0, 0.0)
    numbers = {event.connection.number for event in rig.of(ConnectionOpened)}
    assert numbers == set(range(1, TOLD_A_TICK + 5))  # the last had gone before
    assert rig.of(ConnectionClosed) == []
    assert rig.connections.totals == (5, 3)
    await soon(rig.connections.end())
    assert rig.connections.live == {}
    assert len(rig.of(ConnectionClosed)) == TOLD_A_TICK + 4


async def test_silent_ones_end(rig: Rig):
    client = rig.open()
    now = time.monotonic()
    rig.connections.tick(now, 500.0)
    rig.connections.tick(now + 300, 500.0)
    assert len(rig.connections.live) == 1
    rig.connections.tick(now + 900, 500.0)
    await soon(rig.connections.all_done())
    assert await soon(client.receive()) == b""
    (closed,) = rig.of(ConnectionClosed)
    assert closed.problem is not None


async def test_ending_nothing_returns_at_once(rig: Rig):
    await rig.connections.end()

    async def nothing() -> None:
        await asyncio.sleep(0)

    rig.connections.spawn(nothing())
    await soon(rig.connections.all_done())


# those that need no task ------------------------------------------------------------------------


async def test_one_without_a_task_is_told_of_alike(rig: Rig):
    client, service = rig.open_sockets()
    assert [event.connection.connected for event in rig.of(ConnectionOpened)] == [False, True]
    await told_of(rig, client, service)


async def test_all_is_done_only_when_those_without_a_task_are_too(rig: Rig):
    first, second = rig.open_sockets(), rig.open_sockets()
    third = rig.open()
    waiting = await begun(rig.connections.all_done())
    await finish(third, rig.way.far[0])
    await finish(*second)
    await come_true(lambda: list(rig.connections.live) == [1])
    assert not waiting.done()
    await finish(*first)
    await soon(waiting)
    assert rig.ended == [3, 2, 1]


async def test_who_waited_for_all_in_vain_leaves_nothing_behind(rig: Rig):
    pair = rig.open_sockets()
    waiting = await begun(rig.connections.all_done())
    waiting.cancel()
    await asyncio.wait([waiting])
    await finish(*pair)
    await soon(rig.connections.all_done())


async def test_whoever_waits_for_all_hears_that_they_were_ended(rig: Rig):
    client, _service = rig.open_sockets()
    waiting = await begun(rig.connections.all_done())
    await soon(rig.connections.end())
    await soon(waiting)
    assert await soon(read_all(client)) == b""


async def test_ending_ends_those_without_a_task_as_well(rig: Rig):
    pairs = [rig.open_sockets() for _ in range(3)]
    memory = rig.open()
    await soon(rig.connections.end())
    assert rig.connections.live == {}
    assert sorted(rig.ended) == [1, 2, 3, 4]
    assert [event.problem for event in rig.of(ConnectionClosed)] == [None] * 4
    for stream in (memory, *(stream for pair in pairs for stream in pair)):
        assert await soon(read_all(stream)) == b""


async def test_those_without_a_task_expire_and_are_settled(rig: Rig):
    settled: list[object] = []
    client, service = rig.open_sockets(settled.append)
    assert settled == []
    now = time.monotonic()
    rig.connections.tick(now, 500.0)
    assert len(settled) == 1
    rig.connections.tick(now + 300, 500.0)
    assert len(rig.connections.live) == 1
    rig.connections.tick(now + 900, 500.0)
    assert (rig.connections.live, rig.ended) == ({}, [1])
    (closed,) = rig.of(ConnectionClosed)
    assert closed.problem is not None
    assert closed.problem.code is ErrorCode.IDLE_EXPIRED
    assert await soon(read_all(client)) == await soon(read_all(service)) == b""


async def test_what_is_moving_is_named_in_the_sample(rig: Rig):
    client, service = rig.open_sockets()
    rig.open_sockets()  # where nothing moves
    await soon(client.send(b"12345"))
    assert await soon(service.receive()) == b"12345"
    rig.connections.tick(0.0, 0.0)
    (traffic,) = rig.of(Traffic)
    assert traffic.connections == ((1, 5, 0),)


async def test_who_was_not_waited_for_any_longer_is_told_of():
    rig = Rig()
    rig.ends = Ends(None, None, rig.way, Rules(half_close_seconds=0.1))
    client = rig.open()
    await soon(client.send(b"question"))
    await come_true(lambda: bool(rig.way.far))
    (service,) = rig.way.far
    assert await soon(service.receive()) == b"question"
    await soon(client.send_eof())
    await come_true(lambda: bool(rig.ended))
    assert rig.of(LogLine)[-1].text == (
        "peer has finished: 8 bytes up, 0 bytes down; "
        "the other side had not, and was ended after 0.1 s of silence"
    )
    rig.close()


async def test_they_may_end_by_themselves_within_a_time(rig: Rig):
    await soon(rig.connections.all_done_within(0.001))  # there is none
    client, service = rig.open_sockets()
    await soon(rig.connections.all_done_within(0.001))
    assert len(rig.connections.live) == 1  # nothing was ended
    waiting = asyncio.ensure_future(rig.connections.all_done_within(PATIENCE_SECONDS))
    await soon(client.send_eof())
    await soon(service.send_eof())
    await soon(waiting)
    assert rig.connections.live == {}
