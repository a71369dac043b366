"""The quick way as a whole: what it takes, how it ends when one side is quiet, what it counts."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable

import pytest

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.relay.fastpath import between
from bascule.relay.pump import Counters, Rules
from bascule.streams.base import Address, Stream
from bascule.streams.memory import memory_pair
from bascule.streams.socket_stream import SocketStream
from bascule.streams.watch import watch
from tests.helpers.clock import Clock
from tests.helpers.contract import soon
from tests.helpers.loops import LOOPS
from tests.helpers.quick import Rig, carried, feed, pours

LOOP_FACTORIES = LOOPS


async def test_both_ends_in_one_moment():
    rig = Rig()
    await rig.client.send_eof()
    await rig.service.send_eof()
    rig.start()
    assert await rig.is_over() is None
    assert await soon(rig.client.receive()) == await soon(rig.service.receive()) == b""
    rig.close()


async def test_counters_are_those_that_were_given():
    async with carried() as rig:
        await soon(asyncio.gather(feed(rig.client, b"12345"), feed(rig.service, b"123")))
        assert await rig.is_over() is None
        assert (rig.counters.up, rig.counters.down) == (5, 3)


@pytest.mark.parametrize("way", [0, 1])
async def test_who_is_quiet_for_too_long_after_the_others_end_is_ended(
    way: int, monkeypatch: pytest.MonkeyPatch
):
    clock = Clock(monkeypatch)
    async with carried(half_close_seconds=3) as rig:
        asking, answering = rig.ways[way]
        await soon(asking.send_eof())
        assert await soon(answering.receive()) == b""
        for index in range(3):  # longer altogether than the wait alone
            await clock.goes(2)
            assert not rig.over.done()
            await soon(answering.send(b"%d" % index))
            assert await soon(asking.receive()) == b"%d" % index
        for _ in range(2):  # it looks whether anything moved since it looked before
            await clock.goes(3)
        assert rig.over.done()
        assert await rig.is_over() is None
        assert rig.counters.quiet_seconds == 3
        assert await soon(answering.receive()) == b""
        assert await soon(asking.receive()) == b""


async def test_who_ends_in_time_leaves_no_clock_behind():
    async with carried(half_close_seconds=30) as rig:
        await soon(rig.client.send_eof())
        assert await soon(rig.service.receive()) == b""
        clock = rig.path._looking
        assert clock is not None
        assert not clock.cancelled()
        await soon(rig.service.send_eof())
        assert await rig.is_over() is None
        assert clock.cancelled()
        assert rig.counters.quiet_seconds == 0


async def test_without_such_a_rule_a_quiet_one_may_stay():
    async with carried() as rig:
        await soon(rig.client.send_eof())
        assert await soon(rig.service.receive()) == b""
        await asyncio.wait([rig.over], timeout=0.3)
        assert not rig.over.done()


# what it does not take --------------------------------------------------------------------------


def refused(source: Stream, target: Stream, rules: Rules) -> bool:
    """Whether the quick way leaves it to the others."""

    def never(_error: BasculeError | None) -> None:
        pytest.fail("it has begun")

    return between(source, target, Counters(), rules, never) is None


async def test_it_takes_plain_sockets_and_rules_that_ask_for_nothing_else():
    memory, _other = memory_pair()

    class Special(SocketStream):
        """One that does something of its own."""

    rig = Rig()
    special = Special(rig.client.sock, Address(""), watch())
    plain = Rules(linger_seconds=1, half_close_seconds=1, tells_origin=True)
    assert refused(memory, rig.target, plain)
    assert refused(rig.source, memory, plain)
    assert refused(rig.source, special, plain)
    for rules in (
        Rules(direction="up"),
        Rules(direction="down"),
        Rules(chunk_bytes=100),
    ):
        assert refused(rig.source, rig.target, rules)
    rig.rules = plain
    rig.start()
    await pours(rig.client, rig.service, 10)
    rig.close()


@pytest.mark.parametrize("side", ["source", "target"])
async def test_where_a_stream_holds_bytes_all_is_left_to_the_others(side: str):
    rig = Rig()
    stream, far = (rig.source, rig.client) if side == "source" else (rig.target, rig.service)
    receiving = asyncio.ensure_future(stream.receive())
    await asyncio.sleep(0)
    await far.send(b"read already")
    stream._readable()
    receiving.cancel()
    await asyncio.wait([receiving])
    assert refused(rig.source, rig.target, rig.rules)
    assert await soon(stream.receive()) == b"read already"  # they are as they were
    await soon(far.send(b"more"))
    assert await soon(stream.receive()) == b"more"
    rig.close()


@pytest.mark.parametrize("watched", [0, 1])
async def test_where_they_cannot_be_watched_that_is_the_error(
    watched: int, monkeypatch: pytest.MonkeyPatch
):
    rig = Rig()
    fds = list[int]()
    read = watch().read

    def refuse(fd: int, ready: Callable[[], None]) -> None:
        fds.append(fd)
        if len(fds) > watched:
            raise OSError(errno.ENOSPC, "No space left on device")  # epoll_ctl(2)
        read(fd, ready)

    monkeypatch.setattr(watch(), "read", refuse)
    with pytest.raises(StreamError) as caught:
        rig.start()
    assert caught.value.code is ErrorCode.CONNECTION_BROKEN
    assert fds == [rig.source.fd, rig.target.fd][: watched + 1]
    assert not rig.over.done()
    rig.close()
