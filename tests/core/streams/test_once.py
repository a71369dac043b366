"""Listening for one connection: who is taken, who is turned away, and that nothing stays open."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, ListenError, StreamError
from bascule.events import Stage, StageResult
from bascule.streams.base import Address, Listener, Stream
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.once import ListenOnce
from bascule.streams.tcp import TcpDialer, TcpListener
from tests.helpers.contract import StreamContract, read_count, soon
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import LOCAL
from tests.helpers.ports import free_port

LOOP_FACTORIES = LOOPS


class Dialing:
    """A ListenOnce at work: where it listens, and what comes of it."""

    def __init__(self, dialer: ListenOnce) -> None:
        self.steps: list[StageResult] = []
        self._listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.task = asyncio.ensure_future(dialer.dial(self._hear))

    def _hear(self, step: StageResult) -> None:
        self.steps.append(step)
        if step.stage is Stage.LISTEN and step.done and step.problem is None:
            self._listening.set_result(int(step.detail.rpartition(":")[2]))

    async def port(self) -> int:
        return await soon(self._listening)


@asynccontextmanager
async def once(**options: object) -> AsyncIterator[Dialing]:
    """Listen on any port, and close what comes of it."""
    options = {"listener": lambda: TcpListener(LOCAL, 0), "label": "port", **options}
    dialing = Dialing(ListenOnce(**options))  # pyright: ignore
    try:
        yield dialing
    finally:
        dialing.task.cancel()
        await asyncio.wait([dialing.task])
        if not dialing.task.cancelled() and dialing.task.exception() is None:
            stream = dialing.task.result()
            stream.abort()
            await stream.aclose()


async def connected(port: int) -> Stream:
    return await soon(TcpDialer(LOCAL, port).dial())


class TestOverTcp(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        dialing = Dialing(ListenOnce(lambda: TcpListener(LOCAL, 0), label="port"))
        far = await connected(await dialing.port())
        return await soon(dialing.task), far


async def test_who_comes_is_the_target_and_nobody_else_can_come():
    async with once() as dialing:
        port = await dialing.port()
        far = await connected(port)
        stream = await soon(dialing.task)
        await soon(far.send(b"hello"))
        assert await soon(read_count(stream, 5)) == b"hello"
        with pytest.raises(DialError) as caught:
            await connected(port)
        assert caught.value.code is ErrorCode.CONNECTION_REFUSED
        assert [(step.stage, step.done, bool(step.detail)) for step in dialing.steps] == [
            (Stage.LISTEN, False, False),
            (Stage.LISTEN, True, True),
            (Stage.CONNECT, False, False),
            (Stage.CONNECT, True, True),
        ]
        assert dialing.steps[-1].detail == str(stream.peer)
        await far.aclose()


async def test_dialing_again_listens_again():
    port = free_port()
    dialer = ListenOnce(lambda: TcpListener(LOCAL, port), label="port")
    for _ in range(2):
        dialing = Dialing(dialer)
        far = await connected(await dialing.port())
        stream = await soon(dialing.task)
        for each in (far, stream):
            each.abort()
            await each.aclose()


async def test_who_may_not_connect_is_closed_and_the_wait_goes_on():
    refused: list[tuple[Address, BasculeError]] = []
    barred = iter((True, True, False))

    def admit(_peer: Address) -> None:
        if next(barred):
            raise StreamError("not on the list", code=ErrorCode.NOT_ALLOWED)

    async with once(admit=admit, on_refused=lambda *what: refused.append(what)) as dialing:
        port = await dialing.port()
        for _ in range(2):
            far = await connected(port)
            with pytest.raises(StreamError) as caught:
                await soon(far.receive())
            assert caught.value.code is ErrorCode.CONNECTION_RESET
            await far.aclose()
        assert not dialing.task.done()
        far = await connected(port)
        await soon(dialing.task)
        assert [str(error) for _peer, error in refused] == ["not on the list"] * 2
        assert {peer.host for peer, _error in refused} == {LOCAL}
        await far.aclose()


async def test_refusals_may_go_unheard():
    def admit(_peer: Address) -> None:
        raise StreamError("nobody is welcome", code=ErrorCode.NOT_ALLOWED)

    async with once(admit=admit) as dialing:
        far = await connected(await dialing.port())
        with pytest.raises(StreamError):
            await soon(far.receive())
        await far.aclose()


async def test_those_who_come_at_the_same_moment_are_one_too_many():
    async with once() as dialing:
        port = await dialing.port()
        with socket.create_connection((LOCAL, port)), socket.create_connection((LOCAL, port)):
            stream = await soon(dialing.task)
            assert stream.peer.host == LOCAL
            with pytest.raises(DialError):
                await connected(port)


async def test_nobody_comes_in_time():
    async with once(accept_timeout_seconds=0.05, field="target.port", label="here") as dialing:
        port = await dialing.port()
        with pytest.raises(DialError) as caught:
            await soon(dialing.task)
        error = caught.value
        assert (error.code, error.field) == (ErrorCode.TIMED_OUT, "target.port")
        assert error.message == "nobody has connected to here within 0.05 seconds"
        assert dialing.steps[-1].problem == error.problem
        with pytest.raises(DialError):
            await connected(port)


async def test_a_port_that_is_taken():
    with socket.create_server((LOCAL, 0)) as holder:
        port = holder.getsockname()[1]
        async with once(listener=lambda: TcpListener(LOCAL, port)) as dialing:
            with pytest.raises(ListenError) as caught:
                await soon(dialing.task)
            assert caught.value.code is ErrorCode.ADDRESS_IN_USE


async def test_cancelled_while_it_waits_it_stops_listening():
    async with once() as dialing:
        port = await dialing.port()
        dialing.task.cancel()
        await asyncio.wait([dialing.task])
        with pytest.raises(DialError):
            await connected(port)


class Scripted(Listener):
    """Gives what a test says, and can be slow to close and to welcome."""

    def __init__(self, *arrivals: Stream) -> None:
        self._arrivals = arrivals
        self.closing = asyncio.Event()
        self.may_close = asyncio.Event()
        self.may_close.set()
        self.closed = 0
        self.problem: BasculeError | None = None

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        for stream in self._arrivals:
            on_arrival(stream)
        return (Address("script", 1),)

    async def welcome(self, stream: Stream) -> Stream:
        assert self.closed
        if self.problem is not None:
            raise self.problem
        return stream

    async def aclose(self) -> None:
        self.closing.set()
        await self.may_close.wait()
        self.closed += 1


async def gone(far: MemoryStream) -> bool:
    with pytest.raises(StreamError) as caught:
        await soon(far.receive())
    return caught.value.code is ErrorCode.CONNECTION_RESET


async def test_all_others_are_closed():
    pairs = [memory_pair() for _ in range(3)]
    listener = Scripted(*(ours for ours, _far in pairs))
    stream = await soon(ListenOnce(lambda: listener, label="x").dial())
    assert stream is pairs[0][0]
    assert [await gone(far) for _ours, far in pairs[1:]] == [True, True]


async def test_cancelled_between_arrival_and_welcome_nothing_stays_open():
    ours, far = memory_pair()
    listener = Scripted(ours)
    listener.may_close.clear()
    dialing = asyncio.ensure_future(ListenOnce(lambda: listener, label="x").dial())
    await soon(listener.closing.wait())
    dialing.cancel()
    await asyncio.sleep(0)
    listener.may_close.set()
    await asyncio.wait([dialing])
    assert dialing.cancelled()
    assert await gone(far)


async def test_a_newcomer_with_whom_there_is_no_agreement_is_closed():
    ours, far = memory_pair()
    listener = Scripted(ours)
    listener.problem = StreamError("no agreement", code=ErrorCode.CONNECTION_BROKEN)
    with pytest.raises(StreamError, match="no agreement"):
        await soon(ListenOnce(lambda: listener, label="x").dial())
    assert await gone(far)
