"""A passage between two sockets, where no task is needed."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import AsyncIterator

import pytest

from bascule.errors import ErrorCode, Problem, StreamError
from bascule.relay.pump import Rules
from bascule.streams.base import Progress, Stream, ignore_progress
from bascule.streams.limit import RateLimit
from bascule.streams.origin import Origin, get_origin
from bascule.streams.socket_options import SocketOptions
from bascule.streams.socket_stream import SocketStream
from bascule.streams.watch import Ready, watch
from tests.helpers.contract import read_all, read_count, soon
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import Given
from tests.helpers.passages import OVER, AtOnce, Listening, Sockets, seen_by, started

LOOP_FACTORIES = LOOPS


@pytest.fixture
async def sockets() -> AsyncIterator[Sockets]:
    made = Sockets()
    yield made
    made.connection.end()
    for stream in (made.client, made.source, made.target, made.service):
        stream.abort()


async def test_between_two_sockets_it_goes_on_without_its_task(sockets: Sockets):
    tasks = asyncio.all_tasks()
    await sockets.begin()
    assert sockets.connection.needs_no_task
    assert sockets.owner.heard == ["connected to given"]
    await sockets.echoes()
    assert asyncio.all_tasks() == tasks
    status = sockets.connection.status
    assert (status.up, status.down, status.connected) == (2, 5, True)
    await soon(sockets.client.send_eof())
    assert await soon(sockets.service.receive()) == b""
    assert sockets.owner.heard == ["connected to given"]  # the other way goes on
    await soon(sockets.service.send_eof())
    await sockets.is_over()
    assert (sockets.connection.problem, sockets.connection.error) == (None, None)
    assert await soon(sockets.client.receive()) == b""


@pytest.mark.parametrize("reason", [None, OVER])
async def test_it_may_be_ended_all_the_same(reason: Problem | None, sockets: Sockets):
    await sockets.begin()
    await sockets.echoes()
    sockets.connection.end(reason)
    sockets.connection.end(Problem(ErrorCode.INTERNAL, "too late"))
    await sockets.is_over()
    assert (sockets.connection.problem, sockets.connection.error) == (reason, None)
    assert await soon(read_all(sockets.client)) == b""
    assert await soon(read_all(sockets.service)) == b""


@pytest.mark.parametrize("far", [False, True])
async def test_a_reset_between_sockets_is_a_reset_for_both(far: bool, sockets: Sockets):
    await sockets.begin()
    await sockets.echoes()
    broken, other = sockets.client, sockets.service
    if far:
        broken, other = other, broken
    broken.abort()
    await sockets.is_over()
    error = sockets.connection.error
    assert error is not None
    assert error.code is ErrorCode.CONNECTION_RESET
    assert sockets.connection.problem == error.problem
    assert sockets.connection.lost_device is None
    assert await seen_by(other) == ErrorCode.CONNECTION_RESET
    sockets.connection.end(OVER)  # too late
    assert sockets.connection.problem == error.problem


async def test_between_sockets_it_expires_as_well(sockets: Sockets):
    await sockets.begin()
    now = time.monotonic()
    sockets.connection.expire_if_idle(now + 9, 10)
    await sockets.echoes()
    sockets.connection.expire_if_idle(now + 11, 10)  # it has moved since
    sockets.connection.expire_if_idle(now + 20, 10)
    sockets.connection.expire_if_idle(now + 99, 0)  # no limit
    assert sockets.connection.needs_no_task
    sockets.connection.expire_if_idle(now + 21.5, 10)
    await sockets.is_over()
    assert sockets.connection.problem is not None
    assert sockets.connection.problem.code is ErrorCode.IDLE_EXPIRED
    assert await soon(read_all(sockets.client)) == b""


async def test_what_has_lasted_is_settled_once(sockets: Sockets):
    sockets.connection.settle()  # before it is connected there is nothing to settle
    await sockets.begin()

    def kept_alive(stream: SocketStream) -> int:
        return stream.sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)

    # Whom we have dialed is told apart: who arrived has it from the listening socket.
    sockets.target.on_settled = SocketOptions().keep_alive
    assert kept_alive(sockets.target) == 0
    sockets.connection.settle()
    assert kept_alive(sockets.target) == 1
    sockets.target.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 0)
    sockets.connection.settle()
    assert kept_alive(sockets.target) == 0
    sockets.connection.end()
    await sockets.is_over()
    sockets.connection.settle()


async def test_what_the_rules_ask_for_needs_its_task(sockets: Sockets):
    """Nothing is done twice: with something between the streams there is no quick way."""
    seen: list[bytes] = []
    running = asyncio.ensure_future(
        sockets.begin(Rules(chunk_bytes=1000, observe=lambda _way, data: seen.append(data)))
    )
    await soon(until(lambda: sockets.owner.heard))
    assert not sockets.connection.needs_no_task
    await sockets.echoes()
    assert seen == [b"up", b"down!"]
    sockets.connection.end()
    await soon(running)
    await sockets.is_over()


async def test_where_they_cannot_be_watched_that_is_the_reason(
    sockets: Sockets, monkeypatch: pytest.MonkeyPatch
):
    def refuse(_fd: int, _ready: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")  # epoll_ctl(2): too many watches

    monkeypatch.setattr(watch(), "read", refuse)
    await sockets.begin()
    monkeypatch.undo()
    await sockets.is_over()
    assert sockets.connection.problem is not None
    assert sockets.connection.problem.code is ErrorCode.CONNECTION_BROKEN
    assert await seen_by(sockets.client) == ErrorCode.CONNECTION_RESET


@pytest.mark.parametrize("reason", [None, OVER])
async def test_it_may_be_ended_by_whoever_hears_that_it_is_connected(
    reason: Problem | None, sockets: Sockets
):
    sockets.owner = Listening(lambda connection: connection.end(reason))
    await sockets.begin()
    await sockets.is_over()
    assert sockets.connection.problem == reason
    assert await soon(read_all(sockets.client)) == b""


async def test_where_nothing_is_waited_for_no_task_is_needed(sockets: Sockets):
    assert sockets.start(AtOnce(sockets.target)) is None
    assert sockets.owner.heard == ["connected to given"]
    await sockets.echoes()
    await soon(sockets.client.send_eof())
    await soon(sockets.service.send_eof())
    await sockets.is_over()
    assert sockets.connection.problem is None


async def test_whoever_hears_at_once_that_it_is_connected_may_end_it(sockets: Sockets):
    sockets.owner = Listening(lambda connection: connection.end(OVER))
    await soon(started(sockets.start(AtOnce(sockets.target))))
    await sockets.is_over()
    assert sockets.connection.problem == OVER
    for stream in (sockets.client, sockets.service):
        assert await soon(read_all(stream)) == b""


async def test_sockets_that_cannot_be_watched_break_it_at_once(
    sockets: Sockets, monkeypatch: pytest.MonkeyPatch
):
    def refuse(fd: int, ready: Ready) -> None:
        raise OSError(errno.ENOSPC, "too many are watched")

    monkeypatch.setattr(sockets.source.watching, "read", refuse)
    work = sockets.start(AtOnce(sockets.target))
    monkeypatch.undo()
    await soon(started(work))
    await sockets.is_over()
    assert sockets.connection.error is not None
    for stream in (sockets.client, sockets.service):
        with pytest.raises(StreamError, match="reset"):
            await soon(read_all(stream))


async def test_whoever_dials_may_know_who_has_come(sockets: Sockets):
    found: list[Origin] = []

    class Asking(Given):
        async def dial(self, progress: Progress = ignore_progress) -> Stream:
            found.append(get_origin())
            return await super().dial(progress)

    running = sockets.connection.start(
        sockets.source, None, Asking(sockets.target), rules=Rules(tells_origin=True),
        owner=sockets.owner,
    )  # fmt: skip
    local = sockets.source.local
    await soon(started(running))
    (known,) = found
    assert (known.peer, known.local) == (sockets.source.peer, local)
    await sockets.echoes()


@pytest.mark.parametrize(
    "rules",
    [
        Rules(chunk_bytes=2),
        Rules(chunk_bytes=2, up_limit=RateLimit(1_000_000), down_limit=RateLimit(1_000_000)),
    ],
)
async def test_what_stands_between_the_streams_is_there(rules: Rules, sockets: Sockets):
    running = asyncio.ensure_future(sockets.begin(rules))
    await soon(until(lambda: sockets.owner.heard))
    assert not sockets.connection.needs_no_task
    await soon(sockets.client.send(b"12345"))
    assert await soon(read_count(sockets.service, 5)) == b"12345"
    sockets.connection.end()
    await soon(running)
    await sockets.is_over()
