"""Trying again to open an end: how often, with which pauses, and what is not tried again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, ListenError, SpecError
from bascule.events import StageResult
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.memory import memory_pair
from bascule.streams.retry import FOREVER, RetryDialer, RetryListener
from bascule.streams.tcp import TcpDialer, TcpListener
from tests.helpers.contract import soon
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import LOCAL
from tests.helpers.ports import free_port

LOOP_FACTORIES = LOOPS


class Failing(Dialer):
    """Fails so and so often, then gives a stream."""

    label = "thing"
    exclusive = True

    def __init__(self, *problems: BasculeError) -> None:
        self._problems = list(problems)
        self.tried: list[float] = []

    async def check(self) -> None:
        raise AssertionError("nobody asks")

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        self.tried.append(time.monotonic())
        if self._problems:
            raise self._problems.pop(0)
        return memory_pair()[0]


def refused(number: int = 1) -> DialError:
    return DialError(f"refused {number}", code=ErrorCode.CONNECTION_REFUSED)


async def test_it_is_tried_again_until_it_succeeds():
    inner = Failing(*map(refused, range(5)))
    dialer = RetryDialer(inner, interval_seconds=0)
    assert (dialer.label, dialer.exclusive) == ("thing", True)
    await dialer.check()
    assert await soon(dialer.dial())
    assert len(inner.tried) == 6


@pytest.mark.parametrize("times", [0, 1, 2])
async def test_so_many_times_more_and_the_last_reason_is_told(times: int):
    inner = Failing(*map(refused, range(9)))
    with pytest.raises(DialError) as caught:
        await soon(RetryDialer(inner, times=times, interval_seconds=0).dial())
    assert caught.value.message == f"refused {times}"
    assert len(inner.tried) == times + 1


async def test_the_pause_is_kept():
    inner = Failing(refused(), refused())
    await soon(RetryDialer(inner, times=FOREVER, interval_seconds=0.05).dial())
    first, second, third = inner.tried
    assert second - first >= 0.045
    assert third - second >= 0.045


async def test_what_is_wrong_in_the_request_is_not_tried_again():
    inner = Failing(SpecError("wrong", code=ErrorCode.VALUE_INVALID))
    with pytest.raises(SpecError):
        await soon(RetryDialer(inner).dial())
    assert len(inner.tried) == 1


async def test_each_try_is_heard_and_a_target_that_comes_later_is_reached():
    port = free_port()
    listener = TcpListener(LOCAL, port)
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    steps: list[StageResult] = []
    failed = asyncio.Event()

    def hear(step: StageResult) -> None:
        steps.append(step)
        if step.problem is not None:
            failed.set()

    dialing = asyncio.ensure_future(
        RetryDialer(TcpDialer(LOCAL, port), interval_seconds=0.02).dial(hear)
    )
    await soon(failed.wait())
    await listener.start(arrived.put_nowait)
    stream, far = await soon(dialing), await soon(arrived.get())
    assert steps[-1].problem is None
    for each in (stream, far):
        await soon(each.aclose())
    await listener.aclose()


async def test_a_port_that_is_given_up_later_is_listened_on():
    first, second = TcpListener(LOCAL, 0), None
    (address,) = await first.start(lambda stream: stream.abort())
    second = RetryListener(TcpListener(LOCAL, address.port or 0), interval_seconds=0.02)
    starting = asyncio.ensure_future(second.start(lambda stream: stream.abort()))
    await asyncio.wait([starting], timeout=0.05)
    assert not starting.done()
    await first.aclose()
    assert await soon(starting) == (address,)
    await second.aclose()


async def test_a_port_that_stays_taken_is_an_error_in_the_end():
    holder = TcpListener(LOCAL, 0)
    (address,) = await holder.start(lambda stream: stream.abort())
    listener = RetryListener(TcpListener(LOCAL, address.port or 0), times=2, interval_seconds=0)
    with pytest.raises(ListenError) as caught:
        await soon(listener.start(lambda stream: stream.abort()))
    assert caught.value.code is ErrorCode.ADDRESS_IN_USE
    await holder.aclose()


class Welcoming(Listener):
    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        return ()

    async def welcome(self, stream: Stream) -> Stream:
        return memory_pair()[1]

    async def aclose(self) -> None:
        self.closed = True


async def test_welcoming_is_left_to_the_inner_listener():
    inner = Welcoming()
    listener = RetryListener(inner)
    stream = memory_pair()[0]
    assert await listener.welcome(stream) is not stream
    await listener.aclose()
    assert inner.closed
