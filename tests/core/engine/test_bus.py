"""Events reach every watcher in order; one that cannot keep up learns that it missed some."""

from __future__ import annotations

import asyncio

from bascule.engine.bus import QUEUE_EVENTS, Bus
from bascule.events import ProfileRemoved
from tests.helpers.contract import soon


async def test_everyone_hears_everything_in_order():
    bus = Bus()
    watchers = [bus.watch(), bus.watch()]
    events = [ProfileRemoved(f"relay-{number}") for number in range(5)]
    for event in events:
        bus.publish(event)
    for watcher in watchers:
        assert await soon(asyncio.ensure_future(watcher.take())) == events


async def test_one_that_waits_is_woken_and_one_that_left_hears_nothing():
    bus = Bus()
    stays, leaves = bus.watch(), bus.watch()
    waiting = asyncio.ensure_future(stays.take())
    await asyncio.wait([waiting], timeout=0)
    bus.forget(leaves)
    bus.publish(ProfileRemoved("relay-1"))
    assert await soon(waiting) == [ProfileRemoved("relay-1")]
    bus.publish(ProfileRemoved("relay-2"))
    assert await soon(asyncio.ensure_future(stays.take())) == [ProfileRemoved("relay-2")]


async def test_a_slow_one_is_told_and_then_complete_again():
    bus = Bus()
    slow = bus.watch()
    for number in range(QUEUE_EVENTS + 5):
        bus.publish(ProfileRemoved(f"relay-{number}"))
    assert await soon(asyncio.ensure_future(slow.take())) is None
    bus.publish(ProfileRemoved("after"))
    assert await soon(asyncio.ensure_future(slow.take())) == [ProfileRemoved("after")]
