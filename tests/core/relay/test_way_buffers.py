"""What one direction of the quick way holds: how much is read at once, and which buffer is lent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bascule.relay import way as way_module
from bascule.streams import watch as watch_module
from bascule.streams.limit import RateLimit
from bascule.streams.watch import watch
from tests.helpers.contract import MEBIBYTE, random_bytes, read_count, soon
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.quick import (
    Rig,
    carried,
    lent,
    pours,
    stalls,
    stuff,
    told,
)

LOOP_FACTORIES = LOOPS


@asynccontextmanager
async def holding(seed: int, size: int = 150_000) -> AsyncIterator[tuple[Rig, int, bytes]]:
    """A way that holds all of what it has read, behind so many zeros; and what that is."""
    rig = Rig("unix")
    stuffed = stuff(rig.target)
    data = random_bytes(size, seed)
    await soon(rig.client.send(data))  # it is all there when the way begins
    up = rig.start()._up
    up._most = up._cap  # as where much has gone through
    try:
        await soon(until(lambda: up._held is not None))
        assert up._held == data
        yield rig, stuffed, data
    finally:
        rig.close()


async def test_who_is_quick_is_read_in_large_pieces_who_is_slow_in_small_ones(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(way_module, "_MOST_PIPES", 0)
    async with carried() as rig:
        up = rig.path._up
        assert up._most == 64 * 1024
        for _ in range(20):
            await pours(rig.client, rig.service, 4 * MEBIBYTE)
            if up._most > 64 * 1024:
                break
        before = up._most
        assert before > 64 * 1024
        sent = await stalls(rig.client, rig)
        assert up._held is not None
        assert up._most < max(before, up._cap)
        assert len(await soon(read_count(rig.service, sent))) == sent
    async with carried(up_limit=RateLimit(100_000)) as rig:
        assert rig.path._up._most == rig.path._up._cap < 64 * 1024


async def test_much_that_is_held_stays_in_the_buffer_it_was_read_into():
    shared = watch().buffer
    async with holding(1) as (rig, stuffed, data), holding(2) as (second, _stuffed, more):
        assert lent() == 2
        assert rig.path._up._lent is shared
        assert watch().buffer is not shared
        assert rig.path._up._held == data  # whatever others have read meanwhile
        got = await soon(read_count(rig.service, stuffed + len(data)))
        assert told(got[stuffed:]) == told(data)
        await soon(until(lambda: rig.path._up._held is None))
        assert lent() == 1
        assert second.path._up._held == more
    assert lent() == 0


@pytest.mark.parametrize("how", ["stopped", "reset"])
async def test_a_lent_buffer_is_given_back_when_it_is_all_over(how: str):
    async with holding(1) as (rig, _stuffed, _data):
        assert lent() == 1
        if how == "stopped":
            rig.path.stop()
        else:
            rig.service.abort()
            await rig.is_over()
        assert lent() == 0
    fresh = watch().buffer
    async with holding(2) as (rig, _stuffed, _data):
        assert watch().buffer is not fresh  # which is lent now


async def test_a_little_that_is_held_is_copied():
    async with holding(1, way_module._BULKY_BYTES - 1) as (rig, stuffed, data):
        assert (lent(), rig.path._up._lent) == (0, None)
        got = await soon(read_count(rig.service, stuffed + len(data)))
        assert told(got[stuffed:]) == told(data)


async def test_where_many_are_lent_the_rest_is_copied(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watch_module, "_MOST_LENT", 1)
    async with holding(1) as (first, stuffed, data), holding(2) as (second, behind, more):
        assert lent() == 1
        assert first.path._up._lent is not None
        assert second.path._up._lent is None
        got = await soon(read_count(second.service, behind + len(more)))
        assert told(got[behind:]) == told(more)
        assert lent() == 1
        got = await soon(read_count(first.service, stuffed + len(data)))
        assert told(got[stuffed:]) == told(data)
        await soon(until(lambda: lent() == 0))
