"""Limits of a rate: kept over time, shared, and no timer where they are not reached."""

from __future__ import annotations

import asyncio
import time

import pytest

from bascule.streams.base import EMPTY_DATAGRAM, Stream
from bascule.streams.limit import LimitedStream, RateLimit
from tests.helpers.contract import (
    PATIENCE_SECONDS,
    StreamContract,
    random_bytes,
    read_all,
    read_count,
    soon,
)
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import datagram_pair, tcp_pair

LOOP_FACTORIES = LOOPS

FAST = 10**9


class TestOverTcpFarBelowTheLimit(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = await tcp_pair()
        return LimitedStream(ours, receiving=RateLimit(FAST), sending=RateLimit(FAST)), far


class TestOverTcpAtTheLimit(StreamContract):
    bulk_bytes = 500_000

    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = await tcp_pair()
        rate = 2_000_000
        return LimitedStream(ours, receiving=RateLimit(rate), sending=RateLimit(rate)), far

    async def test_a_stalled_reader_stops_the_sender(self):
        """The limit stops it long before; that it does is shown below."""


class TestOverDatagrams(StreamContract):
    datagrams = True
    resets = False
    tells_closing = False
    bulk_bytes = 100_000

    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = datagram_pair()
        return LimitedStream(ours, receiving=RateLimit(FAST), sending=RateLimit(FAST)), far


class TestWithoutLimits(StreamContract):
    bulk_bytes = 100_000

    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = await tcp_pair()
        return LimitedStream(ours, receiving=None, sending=None), far


# the bucket ---------------------------------------------------------------------------------------


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that a bucket sees; only a test moves it."""
    at = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: at[0])
    return at


def test_below_the_limit_nothing_waits(now: list[float]):
    limit = RateLimit(1000)
    for _ in range(1000):
        assert limit.spend(10) == 0
        now[0] += 0.01


def test_a_debt_is_waited_for_and_those_who_share_it_wait_in_turn(now: list[float]):
    limit = RateLimit(1000)
    assert limit.spend(100) == 0  # a tenth of a second's worth is there
    assert limit.spend(1000) == pytest.approx(1)
    assert limit.spend(500) == pytest.approx(1.5)
    now[0] += 1.5
    assert limit.spend(1) == 0  # within the slack
    assert limit.spend(99) == pytest.approx(0.1)


@pytest.mark.parametrize("late_seconds", [0, 0.004, 0.03])
@pytest.mark.parametrize("count", [64, 1_500, 40_000])
def test_the_rate_is_kept_within_5_percent_over_seconds(
    now: list[float], count: int, late_seconds: float
):
    """Whatever the sizes are, and however late timers are."""
    rate, seconds = 1_000_000, 4.0
    limit = RateLimit(rate)
    begun, passed = now[0], 0
    while now[0] - begun < seconds:
        if wait := limit.spend(count):
            now[0] += wait + late_seconds
        passed += count
    assert passed / (now[0] - begun) == pytest.approx(rate, rel=0.05)


def test_silence_saves_no_more_than_the_burst(now: list[float]):
    limit = RateLimit(1000)
    now[0] += 3600
    assert limit.spend(100) == 0
    assert limit.spend(100) == pytest.approx(0.1)


async def test_who_is_cancelled_while_waiting_gives_its_bytes_back(now: list[float]):
    limit = RateLimit(1000)
    limit.spend(100)
    waiting = asyncio.ensure_future(limit.wait(100_000))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert limit.spend(100) == pytest.approx(0.1)


# real time ----------------------------------------------------------------------------------------


def limited(
    receiving: int | None = None, sending: int | None = None, *, datagrams: bool = False
) -> tuple[LimitedStream, Stream]:
    ours, far = datagram_pair()
    ours.datagrams = datagrams
    rates = [RateLimit(rate) if rate else None for rate in (receiving, sending)]
    return LimitedStream(ours, receiving=rates[0], sending=rates[1]), far


async def test_the_rate_received_is_kept_in_real_time():
    rate, size = 500_000, 500_000
    stream, far = limited(receiving=rate)

    async def feed() -> None:
        for _ in range(size // 2_000):
            await far.send(bytes(2_000))
        await far.send_eof()

    begun = time.monotonic()
    feeding = asyncio.ensure_future(feed())
    got = await soon(read_all(stream))
    taken = time.monotonic() - begun
    await feeding
    assert len(got) == size
    assert taken > size / rate - 0.11  # a tenth of a second's worth was there


async def test_the_rate_sent_is_shared_by_all_connections():
    rate, size = 600_000, 150_000
    limit = RateLimit(rate)
    pairs = [await tcp_pair() for _ in range(4)]
    streams = [LimitedStream(ours, receiving=None, sending=limit) for ours, _far in pairs]
    begun = time.monotonic()
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        for stream, (_ours, far) in zip(streams, pairs, strict=True):
            group.create_task(stream.send(bytes(size)))
            group.create_task(read_count(far, size))
    taken = time.monotonic() - begun
    assert taken > 4 * size / rate - 0.11
    for stream, (_ours, far) in zip(streams, pairs, strict=True):
        await stream.aclose()
        await far.aclose()


async def test_a_slow_rate_gives_long_chunks_in_small_pieces():
    stream, far = limited(receiving=2_000)
    said = random_bytes(400)
    await soon(far.send(said))
    pieces: list[bytes] = []
    while sum(map(len, pieces)) < len(said):
        pieces.append(await soon(stream.receive()))
    assert b"".join(pieces) == said
    assert [len(piece) for piece in pieces] == [100] * 4


async def test_a_datagram_passes_whole_and_an_empty_one_weighs_nothing():
    stream, far = limited(receiving=20_000, sending=20_000, datagrams=True)
    said = random_bytes(3_000)
    for sender, receiver in ((stream, far), (far, stream)):
        sending = asyncio.ensure_future(sender.send(said))
        assert await soon(receiver.receive()) == said
        await sending
        sending = asyncio.ensure_future(sender.send(EMPTY_DATAGRAM))
        assert await soon(receiver.receive()) is EMPTY_DATAGRAM
        await sending


async def test_cancelled_while_it_waits_for_the_rate_nothing_is_lost():
    ours, far = datagram_pair()
    ours.datagrams = False
    limit = RateLimit(4_000)
    stream = LimitedStream(ours, receiving=limit, sending=None)
    said = random_bytes(500)
    await soon(far.send(said))
    got = await soon(stream.receive())
    assert limit.spend(400_000) > 90  # far longer than a busy computer is away
    waiting = asyncio.ensure_future(stream.receive())
    await asyncio.wait([waiting], timeout=0.01)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    limit.spend(-400_000)
    await soon(far.send_eof())
    assert len(got) == 200
    assert got + await soon(read_all(stream)) == said


async def test_the_end_does_not_wait_for_a_debt():
    limit = RateLimit(1)
    limit.spend(3600)
    ours, far = datagram_pair()
    stream = LimitedStream(ours, receiving=limit, sending=limit)
    await soon(far.send_eof())
    assert await soon(stream.receive()) == b""
    await soon(stream.send(b""))
    await soon(stream.send_eof())
    assert await soon(far.receive()) == b""
