"""One passage: how it ends, what is told of it, and that both its ends are closed in any case."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from bascule.errors import (
    DeviceError,
    DialError,
    ErrorCode,
    HandshakeError,
    Problem,
    StreamError,
)
from bascule.relay import connection as connection_module
from bascule.relay.connection import Connection
from bascule.relay.pump import Rules
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.memory import MemoryStream, memory_pair
from tests.helpers.contract import read_all, soon

OVER = Problem(ErrorCode.IDLE_EXPIRED, "over")


class Way(Dialer):
    """Gives one end of a pair, or fails; may be told to wait before."""

    label = "way"

    def __init__(self, error: Exception | None = None) -> None:
        self.near, self.far = memory_pair()
        self.error = error
        self.may_dial = asyncio.Event()
        self.may_dial.set()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        await self.may_dial.wait()
        if self.error is not None:
            raise self.error
        return self.near


class Rig:
    def __init__(self, way: Way | None = None) -> None:
        self.client, self.source = memory_pair()
        self.way = way or Way()
        self.welcome: Callable[[Stream], Awaitable[Stream]] | None = None
        self.connection = Connection(7, "peer")
        self.told = 0

    def _connected(self) -> None:
        self.told += 1

    def start(self) -> asyncio.Future[None]:
        self.task = asyncio.ensure_future(
            self.connection.run(
                self.source,
                self.welcome,
                self.way,
                rules=Rules(0.01),
                on_connected=self._connected,
            )
        )
        return self.task

    async def begun(self) -> asyncio.Future[None]:
        """It runs, and has reached the target unless that waits."""
        task = self.start()
        await asyncio.wait([task], timeout=0.02)
        assert not task.done()
        return task

    def check_all_closed(self) -> None:
        for stream in (self.source, self.way.near):
            with pytest.raises(StreamError, match="closed"):
                stream._refuse_when_gone()


async def seen_by(stream: MemoryStream) -> str:
    try:
        await soon(read_all(stream))
    except StreamError as exc:
        return exc.code
    return "end"


async def test_in_order():
    rig = Rig()
    task = await rig.begun()
    assert (rig.told, rig.connection.connected) == (1, True)
    await soon(rig.client.send(b"up"))
    assert await soon(rig.way.far.receive()) == b"up"
    await soon(rig.way.far.send(b"down!"))
    assert await soon(rig.client.receive()) == b"down!"
    status = rig.connection.status
    assert (status.number, status.peer, status.connected) == (7, "peer", True)
    assert (status.up, status.down) == (2, 5)
    assert abs(status.since - time.time()) < 60
    await soon(rig.client.send_eof())
    await soon(rig.way.far.send_eof())
    await soon(task)
    assert (rig.connection.problem, rig.connection.error) == (None, None)
    rig.check_all_closed()


@pytest.mark.parametrize(
    "error",
    [
        DialError("no", code=ErrorCode.CONNECTION_REFUSED, field="target.host"),
        HandshakeError("no", code=ErrorCode.TLS_UNTRUSTED),
    ],
)
async def test_a_target_that_cannot_be_reached_is_a_reset_for_the_source(error: DialError):
    rig = Rig(Way(error))
    await soon(rig.start())
    assert rig.connection.problem == error.problem
    assert rig.connection.error is error
    assert rig.connection.lost_device is None
    assert not rig.connection.connected
    assert rig.told == 0
    assert await seen_by(rig.client) == ErrorCode.CONNECTION_RESET


async def test_a_lost_device_is_told_apart():
    error = DeviceError("gone", code=ErrorCode.DEVICE_GONE)
    rig = Rig(Way(error))
    await soon(rig.start())
    assert rig.connection.lost_device is error


async def test_an_arrival_that_is_not_welcome_reaches_no_target():
    rig = Rig()
    error = HandshakeError("no", code=ErrorCode.TLS_NOT_TLS)

    async def refuse(_stream: Stream) -> Stream:
        raise error

    rig.welcome = refuse
    await soon(rig.start())
    assert rig.connection.error is error
    assert await seen_by(rig.client) == ErrorCode.CONNECTION_RESET
    rig.way.near._refuse_when_gone()  # was never touched


@pytest.mark.parametrize("side", ["client", "far"])
async def test_a_reset_is_a_reset_for_both(side: str):
    rig = Rig()
    task = await rig.begun()
    broken, other = (rig.client, rig.way.far) if side == "client" else (rig.way.far, rig.client)
    broken.abort()
    await soon(task)
    assert rig.connection.problem is not None
    assert rig.connection.problem.code is ErrorCode.CONNECTION_RESET
    assert await seen_by(other) == ErrorCode.CONNECTION_RESET
    rig.check_all_closed()


@pytest.mark.parametrize("reason", [None, OVER])
async def test_it_may_be_ended_with_a_reason_or_none(reason: Problem | None):
    rig = Rig()
    task = await rig.begun()
    rig.connection.end(reason)
    rig.connection.end(Problem(ErrorCode.INTERNAL, "too late"))
    await soon(task)
    assert rig.connection.problem == reason
    assert await seen_by(rig.client) == "end"
    assert await seen_by(rig.way.far) == "end"


async def test_it_may_be_ended_before_it_begins():
    rig = Rig()
    rig.connection.end(OVER)
    await soon(rig.start())
    assert rig.connection.problem == OVER
    assert await seen_by(rig.client) == ErrorCode.CONNECTION_RESET


async def test_it_may_be_ended_while_it_dials():
    rig = Rig()
    rig.way.may_dial.clear()
    task = await rig.begun()
    rig.connection.end(OVER)
    await soon(task)
    assert (rig.connection.problem, rig.told) == (OVER, 0)
    assert await seen_by(rig.client) == "end"


@pytest.mark.parametrize("ended_too", [False, True])
async def test_cancelling_its_task_is_not_swallowed(ended_too: bool):
    rig = Rig()
    task = await rig.begun()
    if ended_too:
        rig.connection.end(OVER)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(task)
    rig.check_all_closed()


class Reluctant(MemoryStream):
    """Takes an orderly close only after it was aborted, as a peer that reads nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.closing = asyncio.Event()
        self.aborted = asyncio.Event()

    async def aclose(self) -> None:
        self.closing.set()
        await self.aborted.wait()
        await super().aclose()

    def abort(self) -> None:
        self.aborted.set()
        super().abort()


def reluctant(rig: Rig) -> Reluctant:
    """Make the source such a stream."""
    rig.source = stream = Reluctant("source")
    stream._other, rig.client._other = rig.client, stream
    return stream


async def test_a_peer_that_reads_nothing_does_not_hold_the_close_up(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(connection_module, "_CLOSE_SECONDS", 0.05)
    rig = Rig()
    source = reluctant(rig)
    task = await rig.begun()
    rig.connection.end()
    await soon(task)
    assert source.aborted.is_set()
    assert await seen_by(rig.way.far) == "end"
    rig.check_all_closed()


async def test_cancelling_hurries_the_close_and_leaves_nothing_open():
    rig = Rig()
    source = reluctant(rig)
    task = await rig.begun()
    rig.connection.end()
    await soon(source.closing.wait())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(task)
    assert source.aborted.is_set()
    assert await seen_by(rig.way.far) == "end"
    rig.check_all_closed()


async def test_how_it_ended_does_not_change_while_it_closes():
    rig = Rig()
    source = reluctant(rig)
    task = await rig.begun()
    rig.connection.end()
    await soon(source.closing.wait())
    rig.connection.end(OVER)
    rig.connection.expire_if_idle(time.monotonic() + 999, 1)
    source.abort()
    await soon(task)
    assert rig.connection.problem is None


async def test_what_broke_it_is_told_although_it_was_ended_while_closing():
    rig = Rig(Way(DialError("no", code=ErrorCode.TIMED_OUT)))
    closed = rig.source.aclose

    async def end_then_close() -> None:
        rig.connection.end()
        await closed()

    rig.source.aclose = end_then_close
    await soon(rig.start())
    assert rig.connection.problem is not None
    assert rig.connection.problem.code is ErrorCode.TIMED_OUT


async def test_it_expires_when_nothing_moved_for_long_enough():
    rig = Rig()
    task = await rig.begun()
    now = time.monotonic()
    rig.connection.expire_if_idle(now + 9, 10)
    await soon(rig.client.send(b"x"))
    assert await soon(rig.way.far.receive()) == b"x"
    await asyncio.wait([task], timeout=0.02)
    rig.connection.expire_if_idle(now + 11, 10)  # it has moved since
    rig.connection.expire_if_idle(now + 20, 10)
    rig.connection.expire_if_idle(now + 99, 0)  # no limit
    await asyncio.wait([task], timeout=0)
    assert not task.done()
    rig.connection.expire_if_idle(now + 21.5, 10)
    await soon(task)
    problem = rig.connection.problem
    assert problem is not None
    assert (problem.code, problem.facts) == (ErrorCode.IDLE_EXPIRED, {"seconds": 10})


async def test_it_does_not_expire_before_it_is_connected():
    rig = Rig()
    rig.way.may_dial.clear()
    task = await rig.begun()
    for seconds in (100, 200, 300):
        rig.connection.expire_if_idle(time.monotonic() + seconds, 1)
    rig.way.may_dial.set()
    await asyncio.wait([task], timeout=0.02)
    assert rig.connection.connected
    rig.connection.end()
    await soon(task)
