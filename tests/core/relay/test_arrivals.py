"""Who comes in through a listener: who is let in, who waits, who is sent away, and who has left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.relay import admission
from bascule.relay.admission import Places
from bascule.relay.arrivals import Arrivals, Leave
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address
from bascule.streams.memory import MemoryStream, memory_pair
from tests.helpers.contract import read_all, soon
from tests.helpers.descriptors import until


class Door:
    """Arrivals, who was served and who was refused."""

    def __init__(self) -> None:
        self.served: list[tuple[MemoryStream, Leave | None]] = []
        self.refused: list[tuple[str, ErrorCode]] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.patient = True

    def open(self, *, exclusive: bool = False, **rules: Any) -> None:
        spec = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 9), **rules)
        self.patient = not exclusive or spec.overflow == "queue"
        self.arrivals = Arrivals(
            spec,
            exclusive=exclusive,
            spawn=self._spawn,
            serve=lambda stream, leave: self.served.append((stream, leave)),  # type: ignore[arg-type]
            refuse=lambda peer, error: self.refused.append((peer.host, error.code)),
            take=self._take,
        )

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        self.tasks.append(asyncio.Task(work, loop=asyncio.get_running_loop(), eager_start=True))

    async def _take(self, places: Places) -> None:
        """As a relay does it: of one device, whoever has it is named."""
        if self.patient:
            return await places.take()
        try:
            async with asyncio.timeout(0.05):
                return await places.take()
        except TimeoutError:
            raise StreamError("somebody has it", code=ErrorCode.DEVICE_TAKEN) from None

    def arrive(self, host: str = "127.0.0.1") -> MemoryStream:
        """Come in; what the one who came has in hand."""
        client, stream = memory_pair()
        stream.peer = Address(host, 5)
        self.arrivals(stream)
        return client

    def leave(self, index: int) -> None:
        _stream, leave = self.served[index]
        assert leave is not None
        leave()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    made = Door()
    yield made
    for task in made.tasks:
        task.cancel()
    if made.tasks:
        await asyncio.wait(made.tasks)


async def is_reset(client: MemoryStream) -> bool:
    with pytest.raises(StreamError) as caught:
        await soon(read_all(client))
    return caught.value.code is ErrorCode.CONNECTION_RESET


async def test_where_everybody_may_come_in_nobody_is_counted(door: Door):
    door.open()
    for _ in range(100):
        door.arrive()
    assert len(door.served) == 100
    assert {leave for _stream, leave in door.served} == {None}
    assert door.tasks == []


async def test_who_is_not_on_the_list_is_sent_away(door: Door):
    door.open(allow=("127.0.0.0/8",))
    client = door.arrive("10.1.2.3")
    assert await is_reset(client)
    assert door.refused == [("10.1.2.3", ErrorCode.NOT_ALLOWED)]
    door.arrive()
    assert [str(stream.peer) for stream, _leave in door.served] == ["127.0.0.1:5"]


async def test_each_address_has_so_many(door: Door):
    door.open(connections_per_client=2)
    for host in ("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.1"):
        client = door.arrive(host)
    assert await is_reset(client)
    assert door.refused == [("10.0.0.1", ErrorCode.TOO_MANY_CONNECTIONS)]
    assert len(door.served) == 3
    door.leave(0)
    door.arrive("10.0.0.1")
    assert len(door.served) == 4


@pytest.mark.parametrize("rules", [{"exclusive": True}, {"max_connections": 1}])
async def test_where_places_are_few_one_more_is_told_why(rules: dict[str, Any], door: Door):
    door.open(**rules, overflow="refuse")
    door.arrive()
    client = door.arrive("127.0.0.2")
    assert await is_reset(client)
    why = ErrorCode.DEVICE_TAKEN if "exclusive" in rules else ErrorCode.TOO_MANY_CONNECTIONS
    assert door.refused == [("127.0.0.2", why)]
    door.leave(0)
    door.arrive()
    assert len(door.served) == 2


async def test_or_waits_in_turn(door: Door):
    door.open(max_connections=1, overflow="queue", connections_per_client=2)
    door.arrive("127.0.0.1")
    door.arrive("127.0.0.2")
    door.arrive("127.0.0.3")
    assert len(door.served) == 1
    door.leave(0)
    await soon(until(lambda: len(door.served) == 2))
    door.leave(1)
    await soon(until(lambda: len(door.served) == 3))
    hosts = [stream.peer.host for stream, _leave in door.served]
    assert hosts == ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    assert door.refused == []


async def test_who_waits_and_is_given_up_leaves_no_trace(door: Door):
    door.open(max_connections=1, overflow="queue", connections_per_client=1)
    door.arrive()
    client = door.arrive("127.0.0.2")
    door.tasks[0].cancel()
    assert await is_reset(client)
    await asyncio.wait(door.tasks)
    door.leave(0)
    door.arrive("127.0.0.2")  # neither a place nor a count of its address is taken
    assert len(door.served) == 2


async def test_the_queue_has_an_end(door: Door, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(admission, "QUEUE_LIMIT", 1)
    door.open(max_connections=1, overflow="queue")
    door.arrive()
    door.arrive()
    assert await is_reset(door.arrive("127.0.0.3"))
    assert door.refused == [("127.0.0.3", ErrorCode.TOO_MANY_CONNECTIONS)]


async def test_once_is_for_the_first_who_may(door: Door):
    door.open(once=True, allow=("127.0.0.0/8",))
    assert await is_reset(door.arrive("10.0.0.1"))
    door.arrive()
    assert await is_reset(door.arrive())  # the system had accepted it already
    assert len(door.served) == 1
    assert door.refused == [("10.0.0.1", ErrorCode.NOT_ALLOWED)]


@pytest.mark.parametrize("rules", [{}, {"max_connections": 3}])
async def test_after_the_close_nobody_comes_in(rules: dict[str, Any], door: Door):
    door.open(**rules)
    door.arrive()
    door.arrivals.close()
    assert await is_reset(door.arrive())
    assert (len(door.served), door.refused) == (1, [])
