"""Who may enter: addresses against networks, and places in the order of arrival."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import ErrorCode, StreamError
from bascule.relay import admission
from bascule.relay.admission import AllowList, Places
from bascule.streams.base import Address
from tests.helpers.contract import soon
from tests.helpers.specs import networks


def may_enter(host: str, *entries: str) -> bool:
    try:
        AllowList(entries).check(Address(host, 5))
    except StreamError as exc:
        return exc.code is not ErrorCode.NOT_ALLOWED
    return True


@pytest.mark.parametrize(
    ("host", "entries"),
    [
        ("10.1.2.3", ()),
        ("/run/x", ()),
        ("10.1.2.3", ("10.0.0.0/8",)),
        ("10.1.2.3", ("192.168.0.0/16", "10.1.2.3")),
        ("::ffff:10.1.2.3", ("10.0.0.0/8",)),
        ("10.1.2.3", ("::ffff:10.0.0.0/104",)),
        ("::ffff:10.1.2.3", ("::ffff:10.1.2.3",)),
        ("fe80::1%eth0", ("fe80::/10",)),
        ("::1", ("::1",)),
        ("10.1.2.3", ("0.0.0.0/0",)),
    ],
)
def test_is_let_in(host: str, entries: tuple[str, ...]):
    assert may_enter(host, *entries)


@pytest.mark.parametrize(
    ("host", "entries"),
    [
        ("11.1.2.3", ("10.0.0.0/8",)),
        ("10.1.2.4", ("10.1.2.3",)),
        ("::1", ("127.0.0.0/8",)),
        ("127.0.0.1", ("::1",)),
        ("10.1.2.3", ("::/0",)),
        ("fd00::1", ("0.0.0.0/0",)),
        ("/run/x", ("0.0.0.0/0", "::/0")),
        ("", ("0.0.0.0/0",)),
    ],
)
def test_is_kept_out(host: str, entries: tuple[str, ...]):
    assert not may_enter(host, *entries)


@given(st.ip_addresses(), networks)
def test_is_let_in_where_it_is_in_the_network(ip: object, network: str):
    inside = ip_address(str(ip)) in ip_network(network, strict=False)
    if "ffff:" not in network and "ffff:" not in str(ip):  # that is another way to write IPv4
        assert may_enter(str(ip), network) is inside


def test_who_was_kept_out_is_named():
    with pytest.raises(StreamError) as caught:
        AllowList(("10.0.0.1",)).check(Address("::1", 80))
    assert caught.value.facts == {"peer": "[::1]:80"}


# places -----------------------------------------------------------------------------------------


async def waits(awaitable: Awaitable[None]) -> asyncio.Future[None]:
    """A task that is waiting by now."""
    task = asyncio.ensure_future(awaitable)
    await asyncio.wait([task], timeout=0)
    assert not task.done()
    return task


async def refusal(places: Places) -> StreamError:
    with pytest.raises(StreamError) as caught:
        await soon(places.take())
    assert caught.value.code is ErrorCode.TOO_MANY_CONNECTIONS
    return caught.value


async def test_without_a_limit_there_is_always_a_place():
    places = Places(0, queue=False)
    for _ in range(1000):
        await places.take()
    places.free()


async def test_above_the_limit_it_refuses():
    places = Places(2, queue=False)
    await places.take()
    await places.take()
    assert (await refusal(places)).facts == {"limit": 2}
    places.free()
    await places.take()
    await refusal(places)


async def test_or_it_queues_in_the_order_of_arrival():
    places = Places(1, queue=True)
    await places.take()
    first, second = await waits(places.take()), await waits(places.take())
    places.free()
    await soon(first)
    assert not second.done()
    third = await waits(places.take())  # behind who waits already
    places.free()
    await soon(second)
    places.free()
    await soon(third)
    places.free()
    await soon(places.take())


async def test_the_queue_has_an_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(admission, "QUEUE_LIMIT", 2)
    places = Places(1, queue=True)
    await places.take()
    waiting = [await waits(places.take()) for _ in range(2)]
    await refusal(places)
    waiting[0].cancel()
    await asyncio.wait(waiting[:1])
    another = await waits(places.take())
    for task in (waiting[1], another):
        task.cancel()
    await asyncio.wait([waiting[1], another])


async def test_who_gives_up_holds_nobody_up():
    places = Places(1, queue=True)
    await places.take()
    first, second = await waits(places.take()), await waits(places.take())
    first.cancel()
    places.free()  # before the one who gave up has noticed
    await soon(second)
    await asyncio.wait([first])
    assert first.cancelled()
    places.free()
    await soon(places.take())


async def test_a_place_that_comes_while_giving_up_is_passed_on():
    places = Places(1, queue=True)
    await places.take()
    first, second = await waits(places.take()), await waits(places.take())
    places.free()
    first.cancel()
    await soon(second)
    await asyncio.wait([first])
    assert first.cancelled()
    places.free()
    await soon(places.take())


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=60))
def test_places_are_never_lost_nor_given_twice(script: list[tuple[int, int]]):
    async def play() -> None:
        places = Places(2, queue=True)
        held: list[asyncio.Future[None]] = []
        tasks: list[asyncio.Future[None]] = []
        for action, index in script:
            if action == 0:
                tasks.append(asyncio.ensure_future(places.take()))
            elif action == 1 and tasks:
                tasks[index % len(tasks)].cancel()
            elif held:
                held.pop()
                places.free()
            if index % 3:
                await asyncio.sleep(0)
            held += [task for task in tasks if task.done() and not task.cancelled()]
            tasks = [task for task in tasks if not task.done()]
            assert len(held) <= 2
        for _ in range(3):
            await asyncio.sleep(0)
        held += [task for task in tasks if task.done() and not task.cancelled()]
        tasks = [task for task in tasks if not task.done()]
        assert len(held) == 2 or not tasks  # nobody waits beside a free place
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for _ in held:
            places.free()
        for _ in range(2):
            await soon(places.take())

    asyncio.run(play())
