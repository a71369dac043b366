"""One direction of the quick way that may pass only so much a second: no byte lost, no faster."""

from __future__ import annotations

import asyncio
import hashlib
import time
from typing import Any

import pytest

from bascule.errors import ErrorCode
from bascule.relay import way as way_module
from bascule.relay.way import Way, _Pipes
from bascule.streams import limit as limit_module
from bascule.streams.limit import RateLimit
from bascule.streams.watch import watch
from tests.helpers.contract import MEBIBYTE, PATIENCE_SECONDS, random_bytes, read_count, soon
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.quick import (
    MostLent,
    Rig,
    carried,
    digest,
    feed,
    pours,
    refuse,
    timers,
    told,
    turns_bulky,
)

LOOP_FACTORIES = LOOPS


class Strict(RateLimit):
    """Has everybody wait after each piece, however long ago the last one was."""

    def spend(self, count: int) -> float:
        return 0.001


class Endless(RateLimit):
    """Lets one piece pass, and nothing more while anybody is looking."""

    def __init__(self, piece_bytes: int = 100_000) -> None:
        super().__init__(20 * piece_bytes)

    def spend(self, count: int) -> float:
        return 3600.0


def limiting(way: int, limit: RateLimit) -> dict[str, Any]:
    """The rule that limits a way."""
    return {("up_limit", "down_limit")[way]: limit}


def way_of(rig: Rig, way: int) -> Way:
    return (rig.path._up, rig.path._down)[way]


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("how", ["copying", "moving pages"])
async def test_a_limited_way_is_never_faster_than_that(
    way: int, how: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(way_module, "_MOST_PIPES", 0 if how == "copying" else 24)
    monkeypatch.setattr(way_module, "_BULKY_READS", 1)
    seen = MostLent(monkeypatch)
    rate = 4 * MEBIBYTE
    data = random_bytes(2 * MEBIBYTE)
    # At once: the bucket, a piece on credit, and a debt too small for a timer.
    at_once = rate * (limit_module._BURST_SECONDS + limit_module._PIECE_SECONDS + 0.001)
    begun = time.monotonic()
    async with carried(**limiting(way, RateLimit(rate))) as rig, asyncio.timeout(PATIENCE_SECONDS):
        sender, reader = rig.ways[way]
        sending = asyncio.ensure_future(feed(sender, data))
        got, found = 0, hashlib.sha256()
        while piece := await reader.receive():
            got += len(piece)
            assert got <= rate * (time.monotonic() - begun) + at_once
            found.update(piece)
        assert (got, found.digest()) == told(data)
        await sending
        assert (rig.counters.up, rig.counters.down)[way] == len(data)
        assert (seen.most > 0) is (how == "moving pages")


@pytest.mark.parametrize("way", [0, 1])
async def test_a_limited_way_does_not_hold_the_other_up(way: int):
    async with carried(**limiting(way, Endless(10))) as rig:
        slow, fast = rig.ways
        if way:
            slow, fast = fast, slow
        await soon(slow[0].send(bytes(1000)))
        assert await soon(read_count(slow[1], 10)) == bytes(10)
        assert way_of(rig, way)._resting is not None
        await pours(*fast)
        assert way_of(rig, 1 - way)._resting is None
        assert (rig.counters.up, rig.counters.down)[way] == 10


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("how", ["copying", "moving pages"])
async def test_a_limited_way_whose_reader_stalls_loses_nothing(
    way: int, how: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(way_module, "_MOST_PIPES", 0 if how == "copying" else 24)
    monkeypatch.setattr(way_module, "_BULKY_READS", 1)
    # A first piece lets a pipe be borrowed, from the second on everybody waits after each.
    limit = Strict(8 * MEBIBYTE)
    async with carried(**limiting(way, limit)) as rig:
        sender, reader = rig.ways[way]
        if how == "moving pages":
            monkeypatch.setattr(Strict, "spend", lambda *_args: 0.0)
            await turns_bulky(sender, reader)
            monkeypatch.undo()
        before = (rig.counters.up, rig.counters.down)[way]
        data = random_bytes(12 * MEBIBYTE)
        sending = asyncio.ensure_future(feed(sender, data))
        each = way_of(rig, way)
        await soon(until(lambda: each._inside if how == "moving pages" else each._held))
        assert (await soon(digest(reader))) == told(data)
        await soon(sending)
        assert (rig.counters.up, rig.counters.down)[way] == before + len(data)


async def test_what_is_slow_gives_its_pipe_back_and_rests_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(way_module, "_SLACK_READS", 1)
    limit = Strict(8 * MEBIBYTE)
    async with carried(up_limit=limit) as rig:
        monkeypatch.setattr(Strict, "spend", lambda *_args: 0.0)
        await turns_bulky(rig.client, rig.service)
        monkeypatch.setattr(Strict, "spend", lambda *_args: 0.001)
        for _ in range(3):
            await pours(rig.client, rig.service, 10)
        assert _Pipes.lent == 0


@pytest.mark.parametrize("how", ["stopped", "reset by who is limited", "reset by the other"])
async def test_a_rest_ends_with_the_connection(how: str):
    """Who rests is not read from: its own reset is only heard afterwards, the other's at once."""
    limit = Strict(2_000) if how == "reset by who is limited" else Endless()
    before = timers()
    async with carried(up_limit=limit) as rig:
        up = rig.path._up
        await soon(rig.client.send(bytes(150_000)))
        await soon(until(lambda: up._resting is not None))
        resting = up._resting
        assert resting is not None
        if how == "stopped":
            rig.path.stop()
            assert await rig.is_over() is None
        else:
            (rig.client if how == "reset by who is limited" else rig.service).abort()
            error = await rig.is_over()
            assert error is not None
            assert error.code is ErrorCode.CONNECTION_RESET
        assert up._resting is None or up._resting.cancelled()
        assert timers() <= before


async def test_where_it_cannot_be_watched_after_a_rest_that_is_the_end(
    monkeypatch: pytest.MonkeyPatch,
):
    async with carried(up_limit=Strict(1000)) as rig:
        rig.path._up._due = 0.001
        rig.path._up._rest(rig.path._up._copy)
        monkeypatch.setattr(watch(), "read", refuse)
        error = await rig.is_over()
        monkeypatch.undo()
        assert error is not None
        assert error.code is ErrorCode.CONNECTION_BROKEN
