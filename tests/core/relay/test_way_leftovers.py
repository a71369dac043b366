"""What one direction of the quick way leaves behind, however it ends: nothing."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bascule.errors import BasculeError, ErrorCode
from bascule.relay import way as way_module
from bascule.relay.way import _Pipes
from bascule.streams.poll_loop import PollWatch
from bascule.streams.watch import watch
from tests.helpers.contract import MEBIBYTE, PATIENCE_SECONDS, random_bytes, read_all
from tests.helpers.loops import LOOPS
from tests.helpers.quick import (
    Rig,
    feed,
    lent,
    timers,
)
from tests.helpers.relays import nothing_left_behind

LOOP_FACTORIES = LOOPS
BLOCK = random_bytes(MEBIBYTE)


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Neither a task nor a descriptor, a pipe, a watch or a clock."""
    before = timers()
    async with nothing_left_behind():
        yield
        gc.collect()
    watching = watch()
    if isinstance(watching, PollWatch):
        assert (watching._readers, watching._writers) == ({}, {})
    assert lent() == 0
    assert _Pipes.lent == 0
    assert timers() <= before


async def cycle(index: int) -> None:
    """A connection, what goes through it, and one of the ways in which it may end."""
    rig = Rig("unix" if index % 3 else "tcp", half_close_seconds=60 if index % 2 else 0)
    path = rig.start()
    await rig.client.send(b"question")
    assert await rig.service.receive() == b"question"
    if index % 5 == 0:
        rig.client.abort()
        if index % 3:  # a Unix socket knows no reset: this is its end
            await rig.service.aclose()
    else:
        await rig.client.send_eof()
        assert await rig.service.receive() == b""
        await rig.service.send(b"answer")
        assert await rig.client.receive() == b"answer"
        if index % 5 == 1:
            await rig.service.aclose()
        elif index % 5 == 2:
            path.stop()
        elif index % 5 == 3:
            path.stop(BasculeError("no more", code=ErrorCode.INTERNAL))
        else:
            await rig.service.send_eof()
    await rig.is_over()
    rig.close()


async def test_a_thousand_times_leaves_nothing_behind():
    for index in range(30):  # the loop opens some of its own at first use
        await cycle(index)
    async with nothing_left(), asyncio.timeout(PATIENCE_SECONDS):
        for index in range(0, 1000, 4):
            await asyncio.gather(*(cycle(each) for each in range(index, index + 4)))


@pytest.mark.parametrize("much", [False, True])
async def test_stopped_at_any_point_it_leaves_nothing_behind(
    much: bool, monkeypatch: pytest.MonkeyPatch
):
    """One turn of the loop later each time, with bytes on their way in both directions."""
    monkeypatch.setattr(way_module, "_BULKY_READS", 1)

    async def until_turn(turns: int) -> bool:
        rig = Rig("unix", half_close_seconds=60)
        path = rig.start()
        data = BLOCK if much else b"a little"

        async def exchange() -> None:
            await asyncio.gather(
                feed(rig.client, data),
                feed(rig.service, data),
                read_all(rig.service),
                read_all(rig.client),
            )

        exchanging = asyncio.ensure_future(exchange())
        for _ in range(turns):
            await asyncio.sleep(0)
        over = rig.over.done()
        if not over:
            path.stop()
        assert (_Pipes.lent, lent()) == (0, 0)
        await asyncio.wait([exchanging])
        if not exchanging.cancelled():
            exchanging.exception()
        rig.close()
        return over

    await until_turn(10)
    async with nothing_left(), asyncio.timeout(PATIENCE_SECONDS):
        turns = 0
        while not await until_turn(turns):
            turns += 1
    assert turns > (10 if much else 2)
