"""The live connections of a relay: numbers, totals, and what is told of them when they are many."""

from __future__ import annotations

import asyncio
import time

from bascule.events import ConnectionClosed, ConnectionOpened, LogLine, Traffic
from bascule.relay.build import Ends
from bascule.relay.connections import LOG_LINES_A_TICK, TOLD_A_TICK, Connections, RelayEvent
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.memory import MemoryStream, memory_pair
from tests.helpers.contract import read_all, soon
from tests.helpers.engines import come_true


class Way(Dialer):
    """Dials streams of this process; their far ends are in ``far``."""

    label = "far"

    def __init__(self) -> None:
        self.far: list[MemoryStream] = []

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        ours, far = memory_pair()
        self.far.append(far)
        return ours


class Rig:
    def __init__(self) -> None:
        self.told: list[RelayEvent] = []
        self.way = Way()
        self.ends = Ends(None, None, self.way)
        self.connections = Connections("relay", self.told.append)

    def of[E: RelayEvent](self, kind: type[E]) -> list[E]:
        return [event for event in self.told if isinstance(event, kind)]

    def open(self) -> MemoryStream:
        client, source = memory_pair()
        connection = self.connections.next("peer")
        work = self.connections.carry(connection, source, self.ends, lambda: None)
        self.connections.spawn(work)
        return client


async def finish(client: MemoryStream, far: MemoryStream) -> None:
    await soon(client.send(b"12345"))
    assert await soon(far.receive()) == b"12345"
    await soon(client.send_eof())
    await soon(far.send(b"123"))
    assert await soon(client.receive()) == b"123"
    await soon(far.send_eof())
    assert await soon(read_all(client)) == b""


async def test_one_is_told_of_from_its_beginning_to_its_end():
    rig = Rig()
    client = rig.open()
    assert [event.connection.connected for event in rig.of(ConnectionOpened)] == [False, True]
    await finish(client, rig.way.far[0])
    await soon(rig.connections.all_done())
    (closed,) = rig.of(ConnectionClosed)
    assert (closed.number, closed.up, closed.down, closed.problem) == (1, 5, 3, None)
    assert rig.connections.totals == (5, 3)
    rig.connections.tick(0.0, 0.0)
    (traffic,) = rig.of(Traffic)
    assert (traffic.up, traffic.down) == (5, 3)
    rig.connections.tick(1.0, 0.0)
    assert len(rig.of(Traffic)) == 1  # nothing moved


async def test_when_they_are_many_only_those_that_last_are_told_of():
    rig = Rig()
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


async def test_silent_ones_end():
    rig = Rig()
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


async def test_ending_nothing_returns_at_once():
    rig = Rig()
    await rig.connections.end()

    async def nothing() -> None:
        await asyncio.sleep(0)

    rig.connections.spawn(nothing())
    await soon(rig.connections.all_done())
