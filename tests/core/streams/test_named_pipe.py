"""Named pipes of Windows: names, the stream contract, listening and opening.

On Windows with its own calls; elsewhere with a stand-in for the system.
"""

# pyright: reportArgumentType=false

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import threading
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bascule.errors import DialError, ErrorCode, ListenError, SpecError, StreamError
from bascule.events import Stage, StageResult
from bascule.streams.base import Stream
from bascule.streams.named_pipe import (
    NamedPipeDialer,
    NamedPipeListener,
    System,
    whole_name,
)
from tests.helpers.contract import StreamContract, random_bytes, read_all, read_count, soon
from tests.helpers.descriptors import until
from tests.helpers.named_pipes import StandIn

numbers = itertools.count()


def in_wine() -> bool:
    """Whether this Windows is wine, which lets several programs listen on one name."""
    if sys.platform != "win32":
        return False
    import ctypes

    return hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


@pytest_asyncio.fixture
async def system() -> AsyncIterator[System]:
    if sys.platform == "win32":
        from bascule.streams import named_pipe_windows

        yield named_pipe_windows
    else:
        stand_in = StandIn()
        yield stand_in
        assert [each for each in stand_in.places if not each.closed] == []
        stand_in.close()


@pytest.fixture
def name() -> str:
    return f"bascule-test-{os.getpid()}-{next(numbers)}"


async def joined(system: System, name: str) -> tuple[NamedPipeListener, Stream, Stream]:
    """A listener, the stream of who opened the pipe, and the one that arrived."""
    arrivals: asyncio.Queue[Stream] = asyncio.Queue()
    listener = NamedPipeListener(name, system=system)
    (address,) = await listener.start(arrivals.put_nowait)
    assert address.host == f"\\\\.\\pipe\\{name}"
    stream = await NamedPipeDialer(name, system=system).dial()
    return listener, stream, await soon(arrivals.get())


class TestContract(StreamContract):
    half_closes = False
    resets = False

    @pytest_asyncio.fixture(autouse=True)
    async def _system(self, system: System, _close_pairs: None):
        self.system = system
        self.listeners = list[NamedPipeListener]()
        yield
        for pair in getattr(self, "_pairs", []):
            for stream in pair:
                await soon(stream.aclose())
        for listener in self.listeners:
            await soon(listener.aclose())

    async def open_pair(self) -> tuple[Stream, Stream]:
        name = f"bascule-contract-{os.getpid()}-{next(numbers)}"
        listener, stream, far = await joined(self.system, name)
        self.listeners.append(listener)
        return stream, far


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("scale", r"\\.\pipe\scale"),
        ("a\\b", r"\\.\pipe\a\b"),
        (r"\\.\pipe\scale", r"\\.\pipe\scale"),
        ("//./pipe/scale", r"\\.\pipe\scale"),
        (r"\\server\PIPE\scale", r"\\server\PIPE\scale"),
    ],
)
def test_names(name: str, whole: str):
    assert whole_name(name, "name") == whole


@pytest.mark.parametrize(
    "name", [r"\\.\scale", r"\\.\pipe" + "\\", r"\\", r"\\\pipe\x", "x" * 300, r"\scale"]
)
def test_what_is_no_name(name: str):
    for end in (NamedPipeDialer, NamedPipeListener):
        with pytest.raises(SpecError) as caught:
            end(name, field="target.name")
        assert caught.value.code is ErrorCode.VALUE_INVALID
        assert caught.value.field == "target.name"


async def test_several_open_it_one_after_the_other_and_at_once(system: System, name: str):
    arrivals: asyncio.Queue[Stream] = asyncio.Queue()
    listener = NamedPipeListener(name, system=system)
    await listener.start(arrivals.put_nowait)
    dialer = NamedPipeDialer(name, system=system)
    streams = await soon(asyncio.gather(*(dialer.dial() for _ in range(10))))
    for number, stream in enumerate(streams):
        await soon(stream.send(b"%d" % number))
    seen = set[bytes]()
    for _ in streams:
        arrival = await soon(arrivals.get())
        said = await soon(arrival.receive())
        seen.add(said)
        await soon(arrival.send(b"you said " + said))
        await soon(arrival.aclose())
    assert seen == {b"%d" % number for number in range(10)}
    for number, stream in enumerate(streams):
        assert await soon(read_all(stream)) == b"you said %d" % number
        await soon(stream.aclose())
    await soon(listener.aclose())
    await soon(listener.aclose())


async def test_bytes_pass_both_ways_at_once(system: System, name: str):
    listener, stream, far = await joined(system, name)
    assert not stream.can_half_close
    there, back = random_bytes(1_000_000, 1), random_bytes(1_000_000, 2)
    sending = [asyncio.ensure_future(stream.send(there)), asyncio.ensure_future(far.send(back))]
    assert (await soon(read_count(far, len(there)))) == there
    assert (await soon(read_count(stream, len(back)))) == back
    await soon(asyncio.gather(*sending))
    await soon(far.aclose())
    assert await soon(stream.receive()) == b""
    with pytest.raises(StreamError):
        for _ in range(100):
            await soon(stream.send(bytes(100_000)))
    await soon(stream.aclose())
    await soon(listener.aclose())


async def test_the_step_is_reported(system: System, name: str):
    listener = NamedPipeListener(name, system=system)
    arrivals: asyncio.Queue[Stream] = asyncio.Queue()
    await listener.start(arrivals.put_nowait)
    steps = list[StageResult]()
    stream = await soon(NamedPipeDialer(name, system=system).dial(steps.append))
    assert [(step.stage, step.subject, step.done) for step in steps] == [
        (Stage.CONNECT, name, False),
        (Stage.CONNECT, name, True),
    ]
    await soon((await soon(arrivals.get())).aclose())
    await soon(stream.aclose())
    await soon(listener.aclose())


async def test_nobody_listens(system: System, name: str):
    with pytest.raises(DialError) as caught:
        await NamedPipeDialer(name, system=system, field="target.name").dial()
    assert caught.value.code is ErrorCode.UNREACHABLE
    assert caught.value.field == "target.name"


async def test_a_cycle_leaves_nothing(system: System, name: str):
    async def cycles(count: int) -> None:
        for _ in range(count):
            each = f"{name}-{next(numbers)}"
            listener, stream, far = await joined(system, each)
            await soon(stream.send(b"x"))
            assert await soon(far.receive()) == b"x"
            for closing in (stream, far, listener):
                await soon(closing.aclose())

    await cycles(100)
    await until(lambda: not any("\\pipe\\" in each.name for each in threading.enumerate()))


if not in_wine():

    async def test_a_name_that_somebody_has(system: System, name: str):
        listener = NamedPipeListener(name, system=system)
        await listener.start(pytest.fail)
        second = NamedPipeListener(name, system=system, field="source.name")
        with pytest.raises(ListenError) as caught:
            await second.start(pytest.fail)
        assert caught.value.code is ErrorCode.ADDRESS_IN_USE
        assert caught.value.field == "source.name"
        await soon(second.aclose())
        await soon(listener.aclose())


if sys.platform != "win32":

    @pytest_asyncio.fixture
    async def stand_in(system: System) -> StandIn:
        assert isinstance(system, StandIn)
        return system

    async def test_a_taken_pipe_is_waited_for(stand_in: StandIn, name: str):
        stand_in.busy = 2
        listener, stream, far = await joined(stand_in, name)
        assert stand_in.busy == 0
        for closing in (stream, far, listener):
            await soon(closing.aclose())

    async def test_a_taken_pipe_is_given_up(stand_in: StandIn, name: str):
        stand_in.busy = 1000
        with pytest.raises(DialError) as caught:
            await NamedPipeDialer(name, timeout_seconds=0.1, system=stand_in).dial()
        assert caught.value.code is ErrorCode.TIMED_OUT

    async def test_who_came_and_went_is_no_arrival(stand_in: StandIn, name: str):
        stand_in.leaves_at_once = True
        listener = NamedPipeListener(name, system=stand_in)
        await listener.start(pytest.fail)
        stream = await NamedPipeDialer(name, system=stand_in).dial()
        assert await soon(stream.receive()) == b""
        await soon(stream.aclose())
        await soon(listener.aclose())

    async def test_who_comes_while_we_stop_is_sent_away(stand_in: StandIn, name: str):
        listener = NamedPipeListener(name, system=stand_in)
        await listener.start(pytest.fail)
        acceptor = listener._acceptor
        assert acceptor is not None
        acceptor._stopping = True
        stream = await NamedPipeDialer(name, system=stand_in).dial()
        assert await soon(stream.receive()) == b""
        await soon(stream.aclose())
        await soon(listener.aclose())

    async def test_what_else_goes_wrong(stand_in: StandIn, name: str):
        stand_in.broken = OSError(24, "Too many open files")
        with pytest.raises(ListenError) as caught:
            await NamedPipeListener(name, system=stand_in).start(pytest.fail)
        assert caught.value.code is ErrorCode.LISTEN_FAILED

    def test_a_listener_outlives_its_loop_in_peace(name: str):
        stand_in = StandIn()
        ended = threading.Event()

        async def begin() -> NamedPipeListener:
            listener = NamedPipeListener(name, system=stand_in)
            await listener.start(pytest.fail)
            return listener

        listener = asyncio.run(begin())
        (thread,) = [each for each in threading.enumerate() if each.name.startswith("listen")]
        assert listener._acceptor is not None
        listener._acceptor._place.cancel()
        thread.join(20)
        assert not thread.is_alive()
        ended.set()
        stand_in.close()

    async def test_other_systems_have_none(name: str):
        for refused in (NamedPipeDialer(name).dial(), NamedPipeListener(name).start(pytest.fail)):
            with pytest.raises(SpecError) as caught:
                await refused
            assert caught.value.code is ErrorCode.NOT_ON_THIS_SYSTEM
