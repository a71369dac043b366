"""Who is told when a descriptor is ready on a loop that is not ours, and what is read into."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from bascule.streams import watch as watch_module
from bascule.streams.watch import BUFFER_BYTES, Buffers, Watch, _LoopWatch, watch
from tests.helpers.sockets import descriptors
from tests.helpers.watching import Calls, MakePair, Pair, WatchContract, idle

LOOP_FACTORIES = {"asyncio": asyncio.SelectorEventLoop}


class TestByTheLoop(WatchContract):
    async def test_it_is_the_loop_that_watches(self, watching: Watch, pair: MakePair):
        assert type(watching) is _LoopWatch
        one = pair()
        reads = Calls()
        watching.read(one.fd, reads)
        asyncio.get_running_loop().remove_reader(one.fd)
        one.far.send(b"x")
        await idle()
        assert reads.count == 0

    async def test_each_loop_has_one(self, watching: Watch):
        assert watch() is watch() is watching
        assert len(watching.buffer) == BUFFER_BYTES
        assert not watching.buffer.readonly


@pytest.mark.parametrize("kind", LOOP_FACTORIES)
def test_one_loop_after_the_other_has_its_own(kind: str):
    gc.collect()
    before = len(watch_module._watches)
    opened = len(descriptors())
    found: list[weakref.ref[Watch]] = []

    async def use() -> None:
        one = Pair()
        watching = watch()
        assert all(each() is not watching for each in found)
        found.append(weakref.ref(watching))
        reads = Calls()
        watching.read(one.fd, reads)
        one.far.send(b"x")
        await reads.come()
        watching.forget(one.fd)
        one.ours.close()
        one.far.close()

    def run() -> None:
        with asyncio.Runner(loop_factory=LOOP_FACTORIES[kind]) as runner:
            runner.run(use())

    for _ in range(3):
        run()
    gc.collect()
    assert [each() for each in found] == [None] * 3
    assert len(watch_module._watches) == before
    assert len(descriptors()) == opened


# what is read into ------------------------------------------------------------------------------


def test_what_is_lent_keeps_its_bytes_while_others_read():
    buffers = Buffers()
    assert len(buffers.buffer) == BUFFER_BYTES
    first = buffers.buffer
    first[:5] = b"first"
    assert buffers.lend() is first
    assert buffers.buffer is not first
    assert len(buffers.buffer) == BUFFER_BYTES
    buffers.buffer[:5] = b"later"
    assert first[:5] == b"first"


def test_what_was_given_back_is_lent_again():
    buffers = Buffers()
    lent = buffers.lend()
    assert lent is not None
    buffers.give_back(lent)
    assert buffers.lend() is not lent
    assert buffers.buffer is lent  # nothing new is made while there is one


def test_no_more_are_lent_than_all_may_have():
    buffers = Buffers()
    lent = [buffers.lend() for _ in range(watch_module._MOST_LENT)]
    assert None not in lent
    assert len({id(each) for each in lent}) == watch_module._MOST_LENT == 16
    shared = buffers.buffer
    assert buffers.lend() is None
    assert buffers.buffer is shared
    assert lent[0] is not None
    buffers.give_back(lent[0])
    assert buffers.lend() is shared


def test_few_are_kept_for_the_next():
    buffers = Buffers()
    lent = [buffers.lend() for _ in range(10)]
    for each in lent:
        assert each is not None
        buffers.give_back(each)
    assert len(buffers._spare) == watch_module._MOST_SPARE == 4
    for _ in range(watch_module._MOST_LENT):  # all are back
        assert buffers.lend() is not None
    assert buffers._spare == []
