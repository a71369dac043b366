"""Bytes, ends and errors between two streams, whatever they are."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.relay.pump import Counters, Rules, pump
from bascule.streams.memory import MemoryStream, memory_pair
from tests.helpers.clock import Clock
from tests.helpers.contract import random_bytes, read_all, soon


class Rig:
    """A pump between two streams, seen from their other ends."""

    def __init__(self, *, target_half_closes: bool = True, source_half_closes: bool = True) -> None:
        self.client, self.source = memory_pair()
        self.target, self.service = memory_pair()
        self.target.can_half_close = target_half_closes
        self.source.can_half_close = source_half_closes
        self.counters = Counters()
        self.linger_seconds = 0.05
        self.half_close_seconds = 0.0

    def start(self) -> asyncio.Future[None]:
        rules = Rules(self.linger_seconds, self.half_close_seconds)
        self.task = asyncio.ensure_future(pump(self.source, self.target, self.counters, rules))
        return self.task


async def feed(stream: MemoryStream, data: bytes) -> None:
    for start in range(0, len(data), 1000):
        await stream.send(data[start : start + 1000])
    await stream.send_eof()


async def test_bytes_and_ends_both_ways():
    rig = Rig()
    task = rig.start()
    there, back = random_bytes(50_000, 1), random_bytes(30_000, 2)
    got = await soon(
        asyncio.gather(
            read_all(rig.service),
            read_all(rig.client),
            feed(rig.client, there),
            feed(rig.service, back),
        )
    )
    assert got[:2] == [there, back]
    await soon(task)
    assert (rig.counters.up, rig.counters.down) == (50_000, 30_000)


async def test_who_looks_sees_what_passes_meanwhile():
    rig = Rig()
    task = rig.start()
    seen: list[tuple[str, bytes]] = []
    for index, looks in enumerate((False, True, False)):
        rig.counters.observe = (lambda *what: seen.append(what)) if looks else None
        await soon(rig.client.send(b"ask %d" % index))
        assert await soon(rig.service.receive()) == b"ask %d" % index
        await soon(rig.service.send(b"answer %d" % index))
        assert await soon(rig.client.receive()) == b"answer %d" % index
    assert seen == [("up", b"ask 1"), ("down", b"answer 1")]
    await soon(asyncio.gather(rig.client.send_eof(), rig.service.send_eof()))
    await soon(task)


@pytest.mark.parametrize("first", ["client", "service"])
async def test_one_way_ends_and_the_other_goes_on(first: str):
    rig = Rig()
    task = rig.start()
    ending, other = (rig.client, rig.service) if first == "client" else (rig.service, rig.client)
    await soon(ending.send_eof())
    assert await soon(read_all(other)) == b""
    await soon(other.send(b"late answer"))
    assert await soon(ending.receive()) == b"late answer"
    assert not task.done()
    await soon(other.send_eof())
    assert await soon(ending.receive()) == b""
    await soon(task)


async def test_both_end_in_one_moment():
    rig = Rig()
    await rig.client.send_eof()
    await rig.service.send_eof()
    await soon(rig.start())


@pytest.mark.parametrize("side", ["client", "service"])
async def test_a_reset_ends_both_ways(side: str):
    rig = Rig()
    task = rig.start()
    await asyncio.wait([task], timeout=0)
    getattr(rig, side).abort()
    with pytest.raises(StreamError) as caught:
        await soon(task)
    assert caught.value.code is ErrorCode.CONNECTION_RESET
    assert len(asyncio.all_tasks()) == 1


async def test_a_reset_after_the_other_way_has_ended():
    rig = Rig()
    task = rig.start()
    await soon(rig.client.send_eof())
    assert await soon(rig.service.receive()) == b""
    rig.service.abort()
    with pytest.raises(StreamError):
        await soon(task)


async def test_both_ways_break_at_once():
    rig = Rig()
    rig.client.abort()
    rig.service.abort()
    with pytest.raises(StreamError):
        await soon(rig.start())


async def test_cancelling_ends_both_ways_and_leaves_the_streams_open():
    rig = Rig()
    task = rig.start()
    await asyncio.wait([task], timeout=0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(task)
    assert len(asyncio.all_tasks()) == 1
    await soon(rig.source.send(b"x"))
    assert await soon(rig.client.receive()) == b"x"


async def test_a_side_that_cannot_learn_of_the_end_is_waited_for_while_it_talks(
    monkeypatch: pytest.MonkeyPatch,
):
    clock = Clock(monkeypatch)
    rig = Rig(target_half_closes=False)
    rig.linger_seconds = 3
    task = rig.start()
    await soon(rig.client.send_eof())
    for index in range(5):  # longer altogether than the wait alone
        await clock.goes(2)
        assert not task.done()
        await soon(rig.service.send(b"%d" % index))
        assert await soon(rig.client.receive()) == b"%d" % index
    for _ in range(2):  # it looks whether anything moved since it looked before
        await clock.goes(3)
    assert task.done()
    await task
    assert rig.counters.down == 5


@pytest.mark.parametrize("in_time", [False, True])
async def test_who_does_not_end_after_the_others_end_is_ended_and_that_is_noted(in_time: bool):
    rig = Rig()
    rig.half_close_seconds = 20.0 if in_time else 0.2
    task = rig.start()
    await soon(rig.client.send_eof())
    assert await soon(rig.service.receive()) == b""
    if in_time:
        await soon(rig.service.send_eof())
    await soon(task)
    assert rig.counters.quiet_seconds == (0.0 if in_time else 0.2)


async def test_such_a_side_may_end_by_itself():
    rig = Rig(source_half_closes=False)
    rig.linger_seconds = 20.0
    task = rig.start()
    await soon(rig.service.send_eof())
    await asyncio.wait([task], timeout=0.05)
    await soon(rig.client.send_eof())
    await soon(task)


async def test_such_a_side_may_break():
    rig = Rig(target_half_closes=False)
    rig.linger_seconds = 20.0
    task = rig.start()
    await soon(rig.client.send_eof())
    await asyncio.wait([task], timeout=0.05)
    rig.service.abort()
    with pytest.raises(StreamError):
        await soon(task)


async def test_what_was_not_sent_is_not_counted():
    rig = Rig()
    task = rig.start()
    await soon(rig.client.send(b"one"))
    await soon(rig.client.send(b"two"))
    await asyncio.wait([task], timeout=0.05)
    assert rig.counters.up == 3  # the second waits for a reader
    task.cancel()
    await asyncio.wait([task])
    assert rig.counters.up == 3
