"""One passage: how it ends, what is told of it, and that both its ends are closed in any case."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

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
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.limit import RateLimit
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.origin import Origin, get_origin
from bascule.streams.socket_options import SocketOptions
from bascule.streams.socket_stream import SocketStream
from bascule.streams.udp import UdpConnectDialer, UdpReceiveDialer
from bascule.streams.udp_listen import UdpListener
from bascule.streams.watch import Ready, watch
from tests.helpers.contract import read_all, read_count, soon
from tests.helpers.datagrams import peer
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import Given, datagram_pair, socket_pair

LOOP_FACTORIES = LOOPS

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


class Listening:
    """Whoever has a connection, and what it has heard of it."""

    def __init__(self, then: Callable[[Connection], object] = lambda _connection: None) -> None:
        self.heard: list[str] = []
        self.over = asyncio.Event()
        self._then = then

    def connected(self, connection: Connection, target: str) -> None:
        assert connection.connected
        self.heard.append(f"connected to {target}")
        self._then(connection)

    def ended(self, connection: Connection) -> None:
        assert not connection.needs_no_task
        self.heard.append("ended")
        self.over.set()


CONNECTED, WHOLE = "connected to way", ["connected to way", "ended"]


def started(work: Coroutine[None, None, None] | None) -> asyncio.Future[None]:
    """Run what a connection leaves to be run."""
    assert work is not None
    return asyncio.ensure_future(work)


class Rig:
    def __init__(self, way: Way | None = None) -> None:
        self.client, self.source = memory_pair()
        self.way = way or Way()
        self.welcome: Callable[[Stream], Awaitable[Stream]] | None = None
        self.connection = Connection(7, "peer")
        self.owner = Listening()

    def start(self) -> asyncio.Future[None]:
        self.task = started(
            self.connection.start(
                self.source, self.welcome, self.way, rules=Rules(0.01), owner=self.owner
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
        assert self.owner.heard[-1:] == ["ended"]
        assert self.owner.heard.count("ended") == 1
        for stream in (self.source, self.way.near):
            with pytest.raises(StreamError, match="closed"):
                stream._refuse_when_gone()


async def seen_by(stream: Stream) -> str:
    try:
        await soon(read_all(stream))
    except StreamError as exc:
        return exc.code
    return "end"


async def test_in_order():
    rig = Rig()
    task = await rig.begun()
    assert rig.owner.heard == [CONNECTED]
    assert rig.connection.connected
    assert not rig.connection.needs_no_task
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
    assert rig.owner.heard == WHOLE
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
    assert rig.owner.heard == ["ended"]
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
    assert rig.connection.problem == OVER
    assert rig.owner.heard == ["ended"]
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


# between two sockets, where no task is needed ---------------------------------------------------


class Sockets:
    """A connection between two TCP sockets, whose far ends are here."""

    def __init__(self) -> None:
        self.owner = Listening()
        self.connection = Connection(7, "peer")
        self.client, self.source = socket_pair()
        self.target, self.service = socket_pair()

    def start(
        self, target: Dialer, rules: Rules | None = None
    ) -> Coroutine[None, None, None] | None:
        """Begin; what is left to be run is returned."""
        return self.connection.start(
            self.source, None, target, rules=rules or Rules(), owner=self.owner
        )

    async def begin(self, rules: Rules | None = None) -> None:
        """Run to where a task is needed no longer."""
        await soon(started(self.start(Given(self.target), rules)))

    async def echoes(self) -> None:
        """See that bytes go both ways."""
        await soon(self.client.send(b"up"))
        assert await soon(self.service.receive()) == b"up"
        await soon(self.service.send(b"down!"))
        assert await soon(self.client.receive()) == b"down!"

    async def is_over(self) -> None:
        """Wait for the end, and see that both are closed, and that it was told once."""
        await soon(self.owner.over.wait())
        assert self.owner.heard == ["connected to given", "ended"]
        assert not self.connection.needs_no_task
        assert (self.source.sock.fileno(), self.target.sock.fileno()) == (-1, -1)


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


class AtOnce(Given):
    """Gives its stream without any waiting."""

    def begin(self) -> Stream:
        return self._stream


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


async def test_a_stream_of_another_kind_that_is_there_at_once_is_pumped():
    rig = Rig()
    work = rig.connection.start(
        rig.source, None, AtOnce(rig.way.near), rules=Rules(0.01), owner=rig.owner
    )
    running = started(work)
    await soon(rig.client.send(b"up"))
    assert await soon(rig.way.far.receive()) == b"up"
    rig.connection.end()
    await soon(running)
    assert rig.owner.heard == ["connected to given", "ended"]


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


async def test_limits_alone_are_kept_between_other_streams_too():
    rig = Rig()
    running = started(
        rig.connection.start(
            rig.source, None, rig.way, rules=Rules(up_limit=RateLimit(1000)), owner=rig.owner
        )
    )
    sent = bytes(300)  # the bucket holds 100
    begun = time.monotonic()
    await soon(rig.client.send(sent))
    assert await soon(read_count(rig.way.far, len(sent))) == sent
    assert time.monotonic() - begun >= 0.199
    rig.connection.end()
    await soon(running)
    rig.check_all_closed()


@pytest.mark.parametrize("direct", [True, False])
async def test_datagrams_keep_their_boundaries(direct: bool):
    """Between two sockets, and where one of them is none."""
    with peer() as client, peer() as server:
        arrived: asyncio.Queue[Stream] = asyncio.Queue()
        listener = UdpListener("127.0.0.1", 0)
        (address,) = await listener.start(arrived.put_nowait)
        client.send(b"one", address.port or 0)
        owner, connection = Listening(), Connection(1, "peer")
        ours, far = datagram_pair()
        target = UdpConnectDialer("127.0.0.1", server.port) if direct else Given(ours)
        running = started(
            connection.start(await soon(arrived.get()), None, target, rules=Rules(), owner=owner)
        )
        client.send(b"second", address.port or 0)
        for data in (b"one", b"second"):
            got = (await server.receive())[0] if direct else await soon(far.receive())
            assert got == data
        connection.end()
        await soon(running)
        await listener.aclose()
        assert owner.heard[-1] == "ended"


@pytest.mark.parametrize("kind", ["listens", "receives"])
async def test_datagrams_are_of_who_has_sent_them_or_of_nobody(kind: str):
    found: list[Origin] = []

    class Asking(Given):
        async def dial(self, progress: Progress = ignore_progress) -> Stream:
            found.append(get_origin())
            return await super().dial(progress)

    with peer() as client:
        arrived: asyncio.Queue[Stream] = asyncio.Queue()
        listener = UdpListener("127.0.0.1", 0)
        if kind == "listens":
            (address,) = await listener.start(arrived.put_nowait)
            client.send(b"one", address.port or 0)
            source = await soon(arrived.get())
        else:
            source = await soon(UdpReceiveDialer("127.0.0.1", 0).dial())
        owner, connection = Listening(), Connection(1, "peer")
        ours, _far = datagram_pair()
        running = started(
            connection.start(
                source, None, Asking(ours), rules=Rules(tells_origin=True), owner=owner
            )
        )
        await soon(until(lambda: found))
        assert found[0].datagrams
        sender = Address("127.0.0.1", client.port) if kind == "listens" else Address("")
        assert found[0].peer == sender
        connection.end()
        await soon(running)
        await listener.aclose()
