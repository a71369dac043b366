"""One passage: how it ends, what is told of it, and that both its ends are closed in any case."""

from __future__ import annotations

import asyncio
import time

import pytest

from bascule.errors import DeviceError, DialError, ErrorCode, HandshakeError, Problem
from bascule.relay import connection as connection_module
from bascule.relay.connection import Connection
from bascule.relay.pump import Rules
from bascule.streams.base import Address, Progress, Stream, ignore_progress
from bascule.streams.limit import RateLimit
from bascule.streams.memory import MemoryStream
from bascule.streams.origin import Origin, get_origin
from bascule.streams.udp import UdpConnectDialer, UdpReceiveDialer
from bascule.streams.udp_listen import UdpListener
from tests.helpers.contract import read_count, soon
from tests.helpers.datagrams import peer
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import Given, datagram_pair
from tests.helpers.passages import (
    CONNECTED,
    OVER,
    WHOLE,
    AtOnce,
    Listening,
    Rig,
    Way,
    seen_by,
    started,
)

LOOP_FACTORIES = LOOPS


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
    await soon(until(lambda: rig.connection.connected))
    rig.connection.end()
    await soon(task)


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
