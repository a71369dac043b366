"""One source, several targets: all hear it, one answers, and none of the others can stop it."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, StreamError
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.built_in import BuiltInDialer, DiscardStream, EchoStream, StallStream
from bascule.streams.fan_out import FanOutDialer, FanOutStream
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.tcp import TcpDialer, TcpListener
from tests.helpers.contract import (
    MEBIBYTE,
    PATIENCE_SECONDS,
    StreamContract,
    random_bytes,
    read_all,
    read_count,
    soon,
)
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import LOCAL, datagram_pair, tcp_pair
from tests.helpers.ports import free_port

LOOP_FACTORIES = LOOPS


class TestTheOneThatAnswers(StreamContract):
    """Beside it: one that takes everything, one that answers everything."""

    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = await tcp_pair()
        echoing: Stream = EchoStream()
        return FanOutStream(ours, [("discard", DiscardStream()), ("echo", echoing)]), far


class TestDatagrams(StreamContract):
    datagrams = True
    resets = False
    tells_closing = False
    bulk_bytes = MEBIBYTE

    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = datagram_pair()
        return FanOutStream(ours, [("discard", DiscardStream())]), far


class Dropped(list[tuple[str, BasculeError]]):
    """Who was dropped, and why."""

    def __call__(self, label: str, why: BasculeError) -> None:
        self.append((label, why))

    @property
    def labels(self) -> list[str]:
        return [label for label, _why in self]


async def test_all_hear_it_and_one_answers():
    pairs = [await tcp_pair() for _ in range(3)]
    (answering, far), *others = pairs
    stream = FanOutStream(answering, [(str(n), ours) for n, (ours, _far) in enumerate(others)])
    said = random_bytes(MEBIBYTE)

    async def say() -> None:
        for begin in range(0, len(said), 100_000):
            await stream.send(said[begin : begin + 100_000])
        await stream.send_eof()

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(say())
        heard = [group.create_task(read_all(each)) for _ours, each in pairs]
        for number, (_ours, each) in enumerate(others):
            group.create_task(each.send(b"%d" % number * MEBIBYTE))
    assert [task.result() == said for task in heard] == [True] * 3
    await soon(far.send(b"answer"))
    await soon(far.send_eof())
    assert await soon(read_all(stream)) == b"answer"
    await soon(stream.aclose())
    for _ours, each in pairs:
        each.abort()
        await soon(each.aclose())


async def test_one_that_breaks_is_dropped_and_the_others_go_on():
    dropped = Dropped()
    pairs = [await tcp_pair() for _ in range(3)]
    (answering, far), (broken, its_far), (other, other_far) = pairs
    stream = FanOutStream(answering, [("broken", broken), ("other", other)], on_dropped=dropped)
    its_far.abort()
    await soon(its_far.aclose())
    while not dropped:
        await soon(stream.send(b"x"))
        await soon(far.receive())
        await soon(other_far.receive())
    ((label, why),) = dropped
    assert (label, why.code) == ("broken", ErrorCode.CONNECTION_RESET)
    await soon(stream.send(b"still"))
    assert await soon(read_count(far, 5)) == await soon(read_count(other_far, 5)) == b"still"
    await soon(stream.aclose())
    for each in (far, other_far):
        await soon(each.aclose())
    assert len(dropped) == 1


async def test_one_that_breaks_while_it_is_sent_to_is_dropped():
    """Sending finds it out before its answers are read."""
    dropped = Dropped()

    class Refusing(EchoStream):
        async def send(self, data: bytes) -> None:
            raise StreamError("no", code=ErrorCode.CONNECTION_BROKEN)

    answering = EchoStream()
    stream = FanOutStream(answering, [("refusing", Refusing())], on_dropped=dropped)
    await soon(stream.send(b"x"))
    assert dropped.labels == ["refusing"]
    assert await soon(stream.receive()) == b"x"
    await soon(stream.send(b"y"))
    await soon(stream.aclose())


async def test_one_that_takes_nothing_is_dropped_after_a_while():
    dropped = Dropped()
    stream = FanOutStream(
        EchoStream(), [("stall", StallStream())], patience_seconds=0.05, on_dropped=dropped
    )
    await soon(stream.send(b"one"))
    ((label, why),) = dropped
    assert (label, why.code) == ("stall", ErrorCode.TARGET_TOO_SLOW)
    assert why.message == "stall is too slow: bytes waited for it for 0.05 seconds"
    assert await soon(stream.receive()) == b"one"
    await soon(stream.send(b"two"))
    assert len(dropped) == 1
    await soon(stream.aclose())


async def test_nobody_needs_to_hear_of_it():
    stream = FanOutStream(EchoStream(), [("stall", StallStream())], patience_seconds=0)
    await soon(stream.send(b"one"))
    assert await soon(stream.receive()) == b"one"
    await soon(stream.aclose())


async def test_a_slow_one_holds_the_others_up_but_loses_nothing():
    slow, slow_far = memory_pair()
    dropped = Dropped()
    stream = FanOutStream(EchoStream(), [("slow", slow)], on_dropped=dropped)
    await soon(stream.send(b"one"))
    await soon(stream.receive())
    sending = asyncio.ensure_future(stream.send(b"two"))
    await asyncio.wait([sending], timeout=0.05)
    assert not sending.done()
    assert await soon(slow_far.receive()) == b"one"
    await soon(sending)
    assert await soon(slow_far.receive()) == b"two"
    assert not dropped
    await soon(stream.aclose())


async def test_without_one_that_answers_nothing_ever_comes():
    one, one_far = memory_pair()
    two, two_far = memory_pair()
    dropped = Dropped()
    stream = FanOutStream(None, [("one", one), ("two", two)], on_dropped=dropped)
    assert not stream.can_receive
    assert stream.can_half_close
    assert await soon(stream.receive()) == b""
    await soon(stream.send(b"x"))
    assert await soon(one_far.receive()) == await soon(two_far.receive()) == b"x"
    one_far.abort()
    two_far.abort()
    with pytest.raises(BasculeError, match="no target left"):
        while True:
            await soon(stream.send(b"y"))
    assert sorted(dropped.labels) == ["one", "two"]
    await soon(stream.aclose())
    with pytest.raises(BasculeError):
        await soon(stream.receive())
    with pytest.raises(BasculeError):
        await soon(stream.send(b"z"))


class Deaf(EchoStream):
    """One to whom nothing may be sent."""

    can_send = False

    async def send(self, data: bytes) -> None:
        raise AssertionError("nobody asks")


async def test_those_to_whom_nothing_can_be_sent_are_left_out():
    stream = FanOutStream(Deaf(), [("other", Deaf())])
    assert not stream.can_send
    await soon(stream.send(b"x"))
    await soon(stream.aclose())


async def test_an_error_of_the_one_that_answers_is_the_streams_own():
    ours, far = memory_pair()
    other, _other_far = memory_pair()
    dropped = Dropped()
    stream = FanOutStream(ours, [("other", other)], on_dropped=dropped)
    far.abort()
    for call in (lambda: stream.send(b"x"), stream.receive):
        with pytest.raises(StreamError) as caught:
            await soon(call())
        assert caught.value.code is ErrorCode.CONNECTION_RESET
    await soon(stream.aclose())
    assert not dropped


async def test_cancelling_a_send_leaves_it_to_be_closed():
    stream = FanOutStream(EchoStream(), [("stall", StallStream())])
    sending = asyncio.ensure_future(stream.send(b"x"))
    await asyncio.wait([sending], timeout=0.02)
    sending.cancel()
    await asyncio.wait([sending])
    assert sending.cancelled()
    await soon(stream.aclose())


async def test_one_of_the_others_that_finishes_is_still_sent_to():
    other, far = memory_pair()
    dropped = Dropped()
    stream = FanOutStream(EchoStream(), [("other", other)], on_dropped=dropped)
    await soon(far.send_eof())
    await soon(stream.send(b"x"))
    assert await soon(far.receive()) == b"x"
    assert not dropped
    await soon(stream.aclose())


class Marked(MemoryStream):
    """One with an address of its own that counts how often it was told to settle."""

    settled = 0

    @property
    def local(self) -> Address:
        return Address("our " + self.peer.host)

    def settle(self) -> None:
        self.settled += 1


async def test_it_is_what_the_one_that_answers_is():
    answering, other = Marked("a"), Marked("b")
    answering.can_half_close = False
    other.lingers = False
    stream = FanOutStream(answering, [("b", other)])
    assert (stream.peer, stream.local) == (Address("a"), Address("our a"))
    assert not stream.can_half_close
    assert stream.lingers
    stream.settle()
    assert (answering.settled, other.settled) == (1, 1)
    await soon(stream.aclose())
    nobody = FanOutStream(None, [])
    assert (nobody.peer, nobody.local) == (Address(""), Address(""))
    await soon(nobody.aclose())


# dialing ------------------------------------------------------------------------------------------


class Slow(Dialer):
    """Never gets there."""

    label = "slow"
    exclusive = True
    ended = False

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        try:
            return await asyncio.get_running_loop().create_future()
        finally:
            self.ended = True


class Here(Dialer):
    """Gives one end of a pair, and keeps the other."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.far: MemoryStream | None = None
        self.checked = 0

    async def check(self) -> None:
        self.checked += 1

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        ours, self.far = memory_pair()
        return ours


def nowhere() -> TcpDialer:
    return TcpDialer(LOCAL, free_port())


async def test_all_are_reached_and_the_numbered_one_answers():
    one, two = Here("one"), Here("two")
    dialer = FanOutDialer([one, two], answering=2)
    assert dialer.label == "one and two"
    assert not dialer.exclusive
    await dialer.check()
    assert (one.checked, two.checked) == (0, 1)
    stream = await soon(dialer.dial())
    assert one.far is not None
    assert two.far is not None
    await soon(stream.send(b"x"))
    assert await soon(one.far.receive()) == await soon(two.far.receive()) == b"x"
    await soon(one.far.send(b"not heard"))
    await soon(two.far.send(b"heard"))
    assert await soon(stream.receive()) == b"heard"
    await soon(stream.aclose())


async def test_the_one_that_answers_must_be_reached():
    other = Here("other")
    with pytest.raises(DialError) as caught:
        await soon(FanOutDialer([nowhere(), other]).dial())
    assert caught.value.code is ErrorCode.CONNECTION_REFUSED
    assert other.far is not None
    with pytest.raises(StreamError):
        await soon(other.far.receive())


async def test_others_that_cannot_be_reached_or_not_in_time_are_dropped():
    dropped, slow, gone = Dropped(), Slow(), nowhere()
    # Time enough for the one that refuses, however busy this computer is.
    dialer = FanOutDialer([Here("best"), slow, gone], patience_seconds=1, on_dropped=dropped)
    assert dialer.exclusive
    stream = await soon(dialer.dial())
    assert [(label, why.code) for label, why in dropped] == [
        ("slow", ErrorCode.TIMED_OUT),
        (gone.label, ErrorCode.CONNECTION_REFUSED),
    ]
    assert slow.ended
    await soon(stream.aclose())


async def test_where_nobody_answers_any_will_do():
    dropped = Dropped()
    dialer = FanOutDialer([nowhere(), Here("there")], answering=0, on_dropped=dropped)
    await dialer.check()
    stream = await soon(dialer.dial())
    assert not stream.can_receive
    assert len(dropped) == 1
    await soon(stream.aclose())


async def test_where_nobody_answers_and_none_is_reached_each_is_told():
    dialer = FanOutDialer([nowhere(), nowhere()], answering=0)
    with pytest.raises(DialError) as caught:
        await soon(dialer.dial())
    assert caught.value.code is ErrorCode.CONNECTION_REFUSED
    assert caught.value.message.startswith("none of the 2 targets can be reached: ")


async def test_cancelled_while_dialing_nothing_stays_open():
    here, slow = Here("here"), Slow()
    dialing = asyncio.ensure_future(FanOutDialer([slow, here]).dial())
    await asyncio.wait([dialing], timeout=0.02)
    dialing.cancel()
    await asyncio.wait([dialing])
    assert slow.ended
    with pytest.raises(StreamError):
        await soon(cast(MemoryStream, here.far).receive())


async def test_over_tcp_a_mirror_sees_what_the_echo_sees():
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    listener = TcpListener(LOCAL, 0)
    (address,) = await listener.start(arrived.put_nowait)
    echo = BuiltInDialer("echo", EchoStream)
    dialer = FanOutDialer([echo, TcpDialer(LOCAL, address.port or 0)])
    stream = await soon(dialer.dial())
    mirror = await soon(arrived.get())
    await soon(stream.send(b"hello"))
    assert await soon(stream.receive()) == await soon(read_count(mirror, 5)) == b"hello"
    await soon(stream.send_eof())
    assert await soon(read_all(mirror)) == b""
    await soon(stream.aclose())
    await soon(mirror.aclose())
    await listener.aclose()
