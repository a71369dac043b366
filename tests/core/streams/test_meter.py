"""The end that measures a way: what it sends, when it stops, and what it says of it."""

from __future__ import annotations

import asyncio
import hashlib
import zlib

import pytest

from bascule.errors import BasculeError
from bascule.events import Measurement, Outcome
from bascule.streams import meter
from bascule.streams.meter import MeterStream
from tests.helpers.contract import read_all, soon

COUNT = 3_000_001
LONG_SECONDS = 3600.0


class Told(list[Measurement]):
    """What a measurement has told."""

    @property
    def last(self) -> Measurement:
        return self[-1]

    @property
    def ended(self) -> list[Outcome]:
        return [each.outcome for each in self if each.outcome is not Outcome.RUNNING]


async def sent(stream: MeterStream) -> bytes:
    """All that it sends, taken at once."""
    return await soon(read_all(stream))


async def test_it_sends_so_many_bytes_that_nothing_compresses():
    told = Told()
    stream = MeterStream(0, COUNT, told.append)
    data = await sent(stream)
    assert len(data) == COUNT
    assert len(zlib.compress(data)) > 0.99 * COUNT
    assert told.ended == []  # it waits for the answer
    await soon(stream.send_eof())
    assert told.ended == [Outcome.CONFIRMED]
    assert (told.last.sent, told.last.received) == (COUNT, 0)
    assert told.last.bytes_per_second == COUNT / told.last.seconds
    await soon(stream.aclose())
    assert told.ended == [Outcome.CONFIRMED]


async def test_it_stops_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch):
    now = 100.0
    monkeypatch.setattr(meter.time, "perf_counter", lambda: now)
    told = Told()
    stream = MeterStream(2.0, 0, told.append)
    taken = 0
    while chunk := await soon(stream.receive()):
        taken += len(chunk)
        now += 0.01
    assert now == pytest.approx(102.0, abs=0.011)
    now += 5.0  # so long the peer has to work on it
    await soon(stream.send_eof())
    assert told.last.outcome is Outcome.CONFIRMED
    assert told.last.seconds == pytest.approx(7.0, abs=0.011)
    assert told.last.sent == taken
    moments = [moment for moment, _sent, _received in told.last.samples]
    assert moments == pytest.approx([0.5, 1.0, 1.5, 7.0], abs=0.02)


async def test_where_the_peer_says_nothing_the_time_is_that_of_the_last_byte(
    monkeypatch: pytest.MonkeyPatch,
):
    now = 100.0
    monkeypatch.setattr(meter.time, "perf_counter", lambda: now)
    told = Told()
    stream = MeterStream(0, 1024, told.append)
    assert len(await soon(stream.receive())) == 1024
    now += 3.0
    assert await soon(stream.receive()) == b""
    now += 30.0
    await soon(stream.aclose())
    assert told.ended == [Outcome.UNCONFIRMED]
    assert told.last.seconds == 3.0


async def test_an_end_that_came_before_all_was_sent_confirms_nothing():
    told = Told()
    stream = MeterStream(0, COUNT, told.append)
    await soon(stream.receive())
    await soon(stream.send_eof())
    with pytest.raises(BasculeError):
        await soon(stream.send(b"after the end"))
    await sent(stream)
    await soon(stream.aclose())
    assert told.ended == [Outcome.UNCONFIRMED]


async def test_what_breaks_off_is_not_counted_to_its_end():
    told = Told()
    stream = MeterStream(LONG_SECONDS, 0, told.append)
    first = await soon(stream.receive())
    await soon(stream.receive())  # whoever asked for it did not pass it on
    stream.abort()
    await soon(stream.aclose())
    assert told.ended == [Outcome.INTERRUPTED]
    assert told.last.sent == len(first)


async def test_nothing_is_told_where_nothing_began():
    told = Told()
    stream = MeterStream(LONG_SECONDS, 0, told.append)
    await soon(stream.aclose())
    assert told == []


async def test_what_only_comes_is_measured_until_the_peer_has_finished():
    told = Told()
    stream = MeterStream(LONG_SECONDS, 0, told.append)
    await soon(stream.send(b"x" * 700))
    await soon(stream.send(b"x" * 300))
    await soon(stream.send_eof())
    assert told.ended == [Outcome.CONFIRMED]
    assert (told.last.sent, told.last.received) == (0, 1000)
    assert told.last.bytes_per_second == 1000 / told.last.seconds


async def test_a_slow_way_gets_small_chunks(monkeypatch: pytest.MonkeyPatch):
    now = 100.0
    monkeypatch.setattr(meter.time, "perf_counter", lambda: now)
    stream = MeterStream(LONG_SECONDS, 0, Told().append)
    quick = [len(await soon(stream.receive())) for _ in range(10)]
    slow: list[int] = []
    for _ in range(10):
        now += 1.0
        slow.append(len(await soon(stream.receive())))
    assert quick == sorted(quick)
    assert quick[-1] == 64 * 1024
    assert slow == sorted(slow, reverse=True)
    assert slow[-1] == 1024


async def test_a_long_measurement_keeps_few_samples(monkeypatch: pytest.MonkeyPatch):
    now = 100.0
    monkeypatch.setattr(meter.time, "perf_counter", lambda: now)
    told = Told()
    stream = MeterStream(LONG_SECONDS, 0, told.append)
    while await soon(stream.receive()):
        now += 0.25
    assert 100 < len(told.last.samples) <= 241
    assert [each[0] for each in told.last.samples] == sorted(each[0] for each in told.last.samples)
    assert told.last.samples[-1][0] > 0.99 * LONG_SECONDS


async def test_two_send_the_same_and_neither_waits():
    """What is prepared is shared, and a stream never suspends."""
    streams = [MeterStream(0, COUNT, Told().append) for _ in range(2)]
    first, second = await asyncio.gather(*map(sent, streams))
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
