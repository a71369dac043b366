"""Events reach every watcher in order; one that cannot keep up learns that it missed some."""

from __future__ import annotations

import asyncio

import pytest

from bascule.engine.bus import QUEUE_EVENTS, Bus, Watcher
from bascule.events import ProfileRemoved
from tests.helpers.contract import soon


def events(count: int, first: int = 0) -> list[ProfileRemoved]:
    return [ProfileRemoved(f"relay-{number}") for number in range(first, first + count)]


async def test_every_watcher_hears_all_in_order():
    bus = Bus()
    one, two = bus.watch(), bus.watch()
    for event in events(3):
        bus.publish(event)
    assert await soon(one.take()) == events(3)
    assert await soon(two.take()) == events(3)


async def test_nothing_is_told_twice_and_nothing_from_before():
    bus = Bus()
    bus.publish(events(1)[0])
    watcher = bus.watch()
    bus.publish(events(1, 1)[0])
    assert await soon(watcher.take()) == events(1, 1)
    bus.publish(events(1, 2)[0])
    assert await soon(watcher.take()) == events(1, 2)


async def test_a_watcher_waits_for_the_next_event():
    bus = Bus()
    watcher = bus.watch()
    waiting = asyncio.ensure_future(watcher.take())
    await asyncio.sleep(0)
    assert not waiting.done()
    bus.publish(events(1)[0])
    assert await soon(waiting) == events(1)


async def test_who_left_hears_nothing_and_leaving_twice_does_not_matter():
    bus = Bus()
    watcher = bus.watch()
    bus.forget(watcher)
    bus.forget(watcher)
    bus.publish(events(1)[0])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await watcher.take()


async def test_a_queue_that_is_just_full_has_lost_nothing():
    watcher = Watcher()
    for event in events(QUEUE_EVENTS):
        watcher.put(event)
    assert await soon(watcher.take()) == events(QUEUE_EVENTS)


async def test_a_watcher_that_cannot_keep_up_is_told_once_and_then_hears_all_again():
    bus = Bus()
    slow, quick = bus.watch(), bus.watch()
    for event in events(QUEUE_EVENTS):
        bus.publish(event)
    assert await soon(quick.take()) == events(QUEUE_EVENTS)
    for event in events(2, QUEUE_EVENTS):
        bus.publish(event)
    assert await soon(slow.take()) is None
    assert await soon(quick.take()) == events(2, QUEUE_EVENTS)
    bus.publish(events(1)[0])
    assert await soon(slow.take()) == events(1)
