"""The quick way between two sockets, on both loops: every byte, every end, every pipe given back."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import gc
import hashlib
import os
import random
import socket
import struct
import termios
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.relay import fastpath
from bascule.relay.connection import Connection
from bascule.relay.fastpath import FastPath, _Pipes, _Way, fits
from bascule.relay.pump import Counters, Rules
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.limit import RateLimit
from bascule.streams.memory import memory_pair
from bascule.streams.socket_stream import Socket, SocketStream
from bascule.streams.watch import READ_BYTES, _EpollWatch, watch
from tests.helpers.contract import MEBIBYTE, random_bytes, read_all, read_count, soon
from tests.helpers.descriptors import until
from tests.helpers.exhaustion import no_descriptors_left
from tests.helpers.relays import nothing_left_behind
from tests.helpers.sockets import descriptors

LOOP_FACTORIES = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
BLOCK = random_bytes(MEBIBYTE)


@pytest.fixture(autouse=True)
def _nothing_lent() -> Iterator[None]:
    assert _Pipes.lent == 0
    yield
    assert _Pipes.lent == 0


def joined(kind: str) -> tuple[SocketStream, SocketStream]:
    """Both ends of a connection."""
    if kind == "unix":
        pair = socket.socketpair()
    else:
        with socket.create_server(("127.0.0.1", 0)) as server:
            pair = socket.create_connection(server.getsockname()), server.accept()[0]
    for sock in pair:
        sock.setblocking(False)
    first, second = (
        SocketStream(sock, Address(kind), watch(), resets=kind == "tcp") for sock in pair
    )
    return first, second


class Given(Dialer):
    """Gives a stream that is there."""

    label = "given"

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        return self._stream


class Rig:
    """A connection between two sockets, and the far ends of both."""

    def __init__(self, kind: str = "tcp", **rules: Any) -> None:
        self.client, self.source = joined(kind)
        self.service, self.target = joined(kind)
        self.rules = Rules(**rules)
        self.connection = Connection(1, "client")
        self.counters = self.connection.counters
        self.task: asyncio.Future[None] | None = None

    def start(self) -> asyncio.Future[None]:
        self.task = asyncio.ensure_future(
            self.connection.run(
                self.source, None, Given(self.target), rules=self.rules, on_connected=int
            )
        )
        return self.task

    @property
    def ways(self) -> tuple[tuple[SocketStream, SocketStream], tuple[SocketStream, SocketStream]]:
        """Who sends and who receives: up, then down."""
        return (self.client, self.service), (self.service, self.client)

    async def aclose(self) -> None:
        if self.task is not None:
            if not self.task.done():
                self.task.cancel()
            await soon(asyncio.wait([self.task]))
        for stream in (self.client, self.service, self.source, self.target):
            stream.abort()


@asynccontextmanager
async def carried(kind: str = "tcp", **rules: Any) -> AsyncIterator[Rig]:
    """A rig that is started."""
    rig = Rig(kind, **rules)
    try:
        rig.start()
        await asyncio.sleep(0)
        yield rig
    finally:
        await rig.aclose()


async def feed(stream: Stream, data: bytes, piece: int = 300_000) -> None:
    """Send data in pieces, then the end."""
    for start in range(0, len(data), piece):
        await stream.send(data[start : start + piece])
    await stream.send_eof()


async def digest(stream: Stream) -> tuple[int, bytes]:
    """How much came until the end, and its SHA-256."""
    count, found = 0, hashlib.sha256()
    while data := await stream.receive():
        count += len(data)
        found.update(data)
    return count, found.digest()


def told(data: bytes) -> tuple[int, bytes]:
    return len(data), hashlib.sha256(data).digest()


async def pours(sender: Stream, reader: Stream, size: int = 8 * MEBIBYTE) -> None:
    """Send so much, and see so much."""
    sending = asyncio.ensure_future(sender.send(bytes(size)))
    left = size
    async with asyncio.timeout(20):
        while left:
            left -= len(await reader.receive())
    await soon(sending)


async def turns_bulky(sender: Stream, reader: Stream) -> None:
    """Pour until a pipe is lent for it."""
    before = _Pipes.lent
    for _ in range(20):
        await pours(sender, reader)
        if _Pipes.lent > before:
            return
    pytest.fail("no pipe is lent, however much there is to carry")


class Seen:
    """The most pipes that were lent at a time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.most = 0
        splice = _Way._splice

        def watched(way: _Way) -> None:
            self.most = max(self.most, _Pipes.lent)
            splice(way)

        monkeypatch.setattr(_Way, "_splice", watched)


def pipes() -> int:
    """How many ends of pipes are open."""
    return sum(what.startswith("pipe:") for what in descriptors().values())


# bytes ------------------------------------------------------------------------------------------


def _refuse(*_args: Any) -> Any:
    raise OSError(errno.EPERM, "Operation not permitted")


HOW: dict[str, Callable[[pytest.MonkeyPatch], object]] = {
    "moving pages": lambda _patch: None,
    "no pipe free": lambda patch: patch.setattr(fastpath, "_MOST_PIPES", 0),
    "large pipes refused": lambda patch: patch.setattr(fcntl, "fcntl", _refuse),
    "small pipes given": lambda patch: patch.setattr(fastpath, "_PIPE_BYTES", 2**20 + 1),
    "no pipes at all": lambda patch: patch.setattr(os, "pipe2", _refuse),
    "another system": lambda patch: patch.setattr(fastpath.sys, "platform", "darwin"),
}


@pytest.mark.parametrize("kind", ["tcp", "unix"])
@pytest.mark.parametrize("how", HOW)
async def test_much_both_ways_at_once_arrives_as_it_was_sent(
    kind: str, how: str, monkeypatch: pytest.MonkeyPatch
):
    if how == "small pipes given":
        granted = fcntl.fcntl
        monkeypatch.setattr(fcntl, "fcntl", lambda *args: granted(*args) and 65_536)
    watch()
    HOW[how](monkeypatch)
    seen, open_pipes = Seen(monkeypatch), pipes()
    there, back = random_bytes(20 * MEBIBYTE, 1), random_bytes(15 * MEBIBYTE, 2)
    async with carried(kind) as rig, asyncio.timeout(40):
        _fed, _fed, at_service, at_client = await asyncio.gather(
            feed(rig.client, there),
            feed(rig.service, back),
            digest(rig.service),
            digest(rig.client),
        )
        assert (at_service, at_client) == (told(there), told(back))
        assert rig.task is not None
        await soon(rig.task)
        assert (rig.counters.up, rig.counters.down) == (len(there), len(back))
        assert (rig.connection.error, rig.connection.problem) == (None, None)
        assert seen.most == (2 if how == "moving pages" and kind == "tcp" else seen.most)
        assert (seen.most > 0) is (how == "moving pages")
        assert pipes() == open_pipes


@pytest.mark.parametrize("seed", range(4))
async def test_any_sizes_in_any_rhythm_arrive_as_they_were_sent(
    seed: int, monkeypatch: pytest.MonkeyPatch
):
    """Pipes are lent and given back again and again meanwhile."""
    monkeypatch.setattr(fastpath, "_SLACK_READS", 3)
    monkeypatch.setattr(fastpath, "_BULKY_READS", 2)
    seen = Seen(monkeypatch)

    async def send(stream: Stream, chooser: random.Random) -> tuple[int, bytes]:
        count, sent = 0, hashlib.sha256()
        for _ in range(12):
            size = chooser.choice([10, 2000, 50_000, 3_000_000])
            for _ in range(chooser.randint(1, 6)):
                data = chooser.randbytes(min(size, MEBIBYTE)) * max(1, size // MEBIBYTE)
                await stream.send(data)
                count += len(data)
                sent.update(data)
                for _ in range(chooser.randint(0, 3)):
                    await asyncio.sleep(0)
        await stream.send_eof()
        return count, sent.digest()

    async with carried() as rig, asyncio.timeout(40):
        got = await asyncio.gather(
            send(rig.client, random.Random(seed)),
            digest(rig.service),
            send(rig.service, random.Random(seed + 100)),
            digest(rig.client),
        )
        assert got[0] == got[1]
        assert got[2] == got[3]
    assert seen.most > 0


async def test_small_messages_borrow_nothing():
    async with carried() as rig:
        for _ in range(300):
            await soon(rig.client.send(b"ping"))
            assert await soon(rig.service.receive()) == b"ping"
            await soon(rig.service.send(b"pong"))
            assert await soon(rig.client.receive()) == b"pong"
        assert _Pipes.lent == 0
        assert (rig.counters.up, rig.counters.down) == (1200, 1200)


# ends -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["tcp", "unix"])
@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("much", [False, True])
async def test_one_way_ends_and_the_other_goes_on(kind: str, way: int, much: bool):
    async with carried(kind) as rig:
        asking, answering = rig.ways[way]
        if much:
            await turns_bulky(asking, answering)
            assert _Pipes.lent == 1
        await soon(asking.send(b"question"))
        await soon(asking.send_eof())
        assert await soon(read_all(answering)) == b"question"
        assert _Pipes.lent == 0  # given back, although the connection goes on
        await soon(answering.send(b"first"))
        assert await soon(asking.receive()) == b"first"
        if much:
            await turns_bulky(answering, asking)
        assert rig.task is not None
        assert not rig.task.done()
        await soon(answering.send_eof())
        assert await soon(asking.receive()) == b""
        await soon(rig.task)
        assert rig.connection.error is None


async def test_both_ends_in_one_moment():
    rig = Rig()
    await rig.client.send_eof()
    await rig.service.send_eof()
    await soon(rig.start())
    assert rig.connection.error is None
    assert await soon(rig.client.receive()) == await soon(rig.service.receive()) == b""
    await rig.aclose()


async def is_reset(stream: Stream) -> bool:
    """Whether a reset is what ends it."""
    try:
        await soon(read_all(stream))
    except StreamError as exc:
        return exc.code is ErrorCode.CONNECTION_RESET
    return False


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize(
    "when", ["quiet", "small", "bulky", "half closed", "stalled", "stalled pipe"]
)
async def test_a_reset_travels_as_a_reset(way: int, when: str):
    async with carried() as rig:
        broken, other = rig.ways[way]
        match when:
            case "small":
                await pours(broken, other, 10)
                await pours(other, broken, 10)
            case "bulky":
                await turns_bulky(broken, other)
                await turns_bulky(other, broken)
            case "half closed":
                await soon(other.send_eof())
                assert await soon(broken.receive()) == b""
            case "stalled" | "stalled pipe":  # who resets takes nothing, and is written to
                if when == "stalled pipe":
                    await turns_bulky(other, broken)
                stuff(other)
                await stalls(other, rig)
                assert _Pipes.lent == (when == "stalled pipe")
            case _:
                pass
        broken.abort()
        assert await is_reset(other)
        assert rig.task is not None
        await soon(rig.task)
        assert rig.connection.problem is not None
        assert rig.connection.problem.code is ErrorCode.CONNECTION_RESET
        assert _Pipes.lent == 0


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("bulky", [False, True])
async def test_who_takes_nothing_any_more_is_told_to_who_sends(way: int, bulky: bool):
    """It has closed: what is sent to it is answered with a reset."""
    async with carried("unix") as rig:
        sender, reader = rig.ways[way]
        if bulky:
            await turns_bulky(sender, reader)
        await reader.aclose()
        with pytest.raises(BasculeError):
            async with asyncio.timeout(20):
                while True:
                    await sender.send(BLOCK)
        assert rig.task is not None
        await soon(rig.task)
        assert rig.connection.problem is not None
        assert _Pipes.lent == 0


async def test_an_end_that_cannot_be_passed_on_is_trouble():
    """The service is gone by the time the client finishes, and nobody has heard of it."""
    rig = Rig()
    path = FastPath(rig.counters, rig.rules)
    running = asyncio.ensure_future(path.run(rig.source, rig.target))
    await asyncio.sleep(0)
    rig.service.abort()
    await rig.client.send_eof()
    await soon(until(lambda: rig.target._sock.getsockopt(socket.IPPROTO_TCP, 11) == 7))  # TCP_INFO
    path._ways[0]._copy()
    with pytest.raises(StreamError) as caught:
        await soon(running)
    assert caught.value.code is ErrorCode.CONNECTION_BROKEN
    await rig.aclose()


@pytest.mark.parametrize("way", [0, 1])
async def test_who_is_quiet_for_too_long_after_the_others_end_is_ended(way: int):
    async with carried(half_close_seconds=0.3) as rig:
        asking, answering = rig.ways[way]
        await soon(asking.send_eof())
        assert await soon(answering.receive()) == b""
        assert rig.task is not None
        for index in range(5):  # longer altogether than the wait alone
            await asyncio.wait([rig.task], timeout=0.15)
            assert not rig.task.done()
            await soon(answering.send(b"%d" % index))
            assert await soon(asking.receive()) == b"%d" % index
        await soon(rig.task)
        assert rig.connection.error is None
        assert await soon(answering.receive()) == b""
        assert await soon(asking.receive()) == b""


async def test_who_ends_in_time_leaves_no_clock_behind():
    rig = Rig(half_close_seconds=30)
    path = FastPath(rig.counters, rig.rules)
    running = asyncio.ensure_future(path.run(rig.source, rig.target))
    await soon(rig.client.send_eof())
    assert await soon(rig.service.receive()) == b""
    assert path._looking is not None
    assert not path._looking.cancelled()
    await soon(rig.service.send_eof())
    assert await soon(running) is True
    assert path._looking.cancelled()
    await rig.aclose()


async def test_without_such_a_rule_a_quiet_one_may_stay():
    async with carried() as rig:
        await soon(rig.client.send_eof())
        assert await soon(rig.service.receive()) == b""
        assert rig.task is not None
        await asyncio.wait([rig.task], timeout=0.3)
        assert not rig.task.done()


# a reader that stalls ---------------------------------------------------------------------------


def queued(sock: Socket, question: int) -> int:
    """How much the system holds of a socket: unread, or not yet acknowledged."""
    return struct.unpack("i", fcntl.ioctl(sock.fileno(), question, bytes(4)))[0]  # type: ignore


def stuff(sender: SocketStream) -> int:
    """Send until the system takes no more; how much it took."""
    sent = 0
    while True:
        try:
            sent += sender._sock.send(BLOCK)
        except BlockingIOError:
            return sent


async def stalls(sender: SocketStream, rig: Rig) -> int:
    """Send until nothing moves for a while; how much was taken."""
    sent, quiet = stuff(sender), 0
    async with asyncio.timeout(20):
        while quiet < 10:
            before = rig.counters.up + rig.counters.down
            await asyncio.sleep(0.03)
            more = stuff(sender)
            sent += more
            moved = rig.counters.up + rig.counters.down - before
            quiet = 0 if more or moved else quiet + 1
    return sent


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("how", ["copying", "moving pages"])
async def test_a_stalled_reader_holds_little_of_ours(
    way: int, how: str, monkeypatch: pytest.MonkeyPatch
):
    """Of what the sender got rid of, all is in a socket except less than 2 MiB."""
    if how == "copying":
        monkeypatch.setattr(fastpath, "_MOST_PIPES", 0)
    async with carried() as rig:
        sender, reader = rig.ways[way]
        if how == "moving pages":
            await turns_bulky(sender, reader)
        handed = rig.counters.up + rig.counters.down
        sent = await stalls(sender, rig)
        near = (rig.source, rig.target)[way]
        taken = sent - queued(sender._sock, termios.TIOCOUTQ) - queued(near._sock, termios.FIONREAD)
        ours = taken - (rig.counters.up + rig.counters.down - handed)
        assert 0 < ours <= (MEBIBYTE if how == "moving pages" else READ_BYTES)
        assert _Pipes.lent == (how == "moving pages")
        # Nothing is lost, and the other way is not held up.
        other = asyncio.ensure_future(pours(reader, sender, 100_000))
        assert len(await soon(read_count(reader, sent))) == sent
        await soon(other)


# pipes ------------------------------------------------------------------------------------------


async def test_a_pipe_is_lent_while_there_is_much_and_given_back_when_there_is_little():
    async with carried() as rig:
        open_pipes = pipes()
        for _ in range(2):
            await turns_bulky(rig.client, rig.service)
            assert (_Pipes.lent, pipes()) == (1, open_pipes + 2)
            for index in range(100):
                await soon(rig.client.send(b"%3d" % index))
                assert await soon(rig.service.receive()) == b"%3d" % index
            assert (_Pipes.lent, pipes()) == (0, open_pipes)


async def test_a_little_now_and_then_does_not_take_it_away():
    async with carried() as rig:
        await turns_bulky(rig.client, rig.service)
        for _ in range(3):
            for _ in range(40):
                await pours(rig.client, rig.service, 3)
            await pours(rig.client, rig.service, 200_000)
        assert _Pipes.lent == 1


async def test_never_more_are_lent_than_all_may_have():
    """Of thirty that have much to carry, some copy; when others have ended, they may have one."""
    rigs = [Rig() for _ in range(30)]
    open_pipes = pipes()
    for rig in rigs:
        rig.start()

    async def pour(rig: Rig, most: int) -> None:
        for _ in range(3):
            await pours(rig.client, rig.service)
            assert _Pipes.lent <= most
            assert pipes() - open_pipes <= 2 * most

    async with asyncio.timeout(50):
        await asyncio.gather(*(pour(rig, fastpath._MOST_PIPES) for rig in rigs))
        assert _Pipes.lent == fastpath._MOST_PIPES == 24
        for rig in rigs[:24]:
            await rig.aclose()
        await asyncio.gather(*(pour(rig, 6) for rig in rigs[24:]))
        assert _Pipes.lent == 6
    for rig in rigs:
        await rig.aclose()
    assert pipes() == open_pipes


@pytest.mark.parametrize("how", ["cancelled", "ended"])
@pytest.mark.parametrize("stalled", [False, True])
async def test_a_pipe_is_given_back_when_it_is_all_over(how: str, stalled: bool):
    async with carried() as rig:
        await turns_bulky(rig.client, rig.service)
        await turns_bulky(rig.service, rig.client)
        if stalled:  # there is something inside
            await stalls(rig.client, rig)
        assert _Pipes.lent == 2
        assert rig.task is not None
        if how == "cancelled":
            rig.task.cancel()
        else:
            rig.connection.end()
        await asyncio.wait([rig.task])
        assert _Pipes.lent == 0


# what is left behind ----------------------------------------------------------------------------


def timers() -> int:
    """How many clocks run; uvloop tells nobody."""
    scheduled = getattr(asyncio.get_running_loop(), "_scheduled", [])
    return sum(not handle.cancelled() for handle in scheduled)


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Neither a task nor a descriptor, a pipe, a watch or a clock."""
    before = timers()
    async with nothing_left_behind():
        yield
        gc.collect()
    watching = watch()
    assert isinstance(watching, _EpollWatch)
    assert (watching._epoll, watching._readers, watching._writers) == (None, {}, {})
    assert _Pipes.lent == 0
    assert timers() <= before


async def cycle(index: int) -> None:
    """A connection, what goes through it, and one of the ways in which it may end."""
    rig = Rig("unix" if index % 3 else "tcp", half_close_seconds=60 if index % 2 else 0)
    running = rig.start()
    await rig.client.send(b"question")
    assert await rig.service.receive() == b"question"
    if index % 5 == 0:
        rig.client.abort()
    else:
        await rig.client.send_eof()
        assert await rig.service.receive() == b""
        await rig.service.send(b"answer")
        assert await rig.client.receive() == b"answer"
        if index % 5 == 1:
            await rig.service.aclose()
        elif index % 5 == 2:
            rig.connection.end()
        elif index % 5 == 3:
            running.cancel()
        else:
            await rig.service.send_eof()
    await asyncio.wait([running])
    await rig.aclose()


async def test_a_thousand_times_leaves_nothing_behind():
    for index in range(30):  # the loop opens some of its own at first use
        await cycle(index)
    async with nothing_left(), asyncio.timeout(50):
        for index in range(0, 1000, 4):
            await asyncio.gather(*(cycle(each) for each in range(index, index + 4)))


@pytest.mark.parametrize("much", [False, True])
async def test_cancelled_at_any_point_it_leaves_nothing_behind(
    much: bool, monkeypatch: pytest.MonkeyPatch
):
    """One turn of the loop later each time, with bytes on their way in both directions."""
    monkeypatch.setattr(fastpath, "_BULKY_READS", 1)

    async def until_turn(turns: int) -> bool:
        rig = Rig("unix", half_close_seconds=60)
        running = rig.start()
        data = BLOCK if much else b"a little"

        async def exchange() -> None:
            await asyncio.gather(
                feed(rig.client, data),
                feed(rig.service, data),
                read_all(rig.service),
                read_all(rig.client),
            )

        exchanging = asyncio.ensure_future(exchange())
        for _ in range(turns):
            await asyncio.sleep(0)
        over = running.done()
        running.cancel()
        await asyncio.wait([running])
        assert _Pipes.lent == 0
        await asyncio.wait([exchanging])
        if not exchanging.cancelled():
            exchanging.exception()
        await rig.aclose()
        return over

    await until_turn(10)
    async with nothing_left(), asyncio.timeout(50):
        turns = 0
        while not await until_turn(turns):
            turns += 1
    assert turns > (10 if much else 2)


# what it does not take --------------------------------------------------------------------------


async def test_it_takes_plain_sockets_and_rules_that_ask_for_nothing_else():
    rig = Rig()
    memory, _other = memory_pair()

    class Special(SocketStream):
        """One that does something of its own."""

    special = Special(rig.client._sock, Address(""), watch())
    plain = Rules(linger_seconds=1, half_close_seconds=1, tells_origin=True)
    assert fits(rig.source, rig.target, plain)
    assert not fits(memory, rig.target, plain)
    assert not fits(rig.source, memory, plain)
    assert not fits(rig.source, special, plain)
    for rules in (
        Rules(direction="up"),
        Rules(direction="down"),
        Rules(chunk_bytes=100),
        Rules(observe=lambda *_args: None),
        Rules(up_limit=RateLimit(1)),
        Rules(down_limit=RateLimit(1)),
    ):
        assert not fits(rig.source, rig.target, rules)
    await rig.aclose()


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
    path = FastPath(rig.counters, rig.rules)
    assert await soon(path.run(rig.source, rig.target)) is False
    rig.start()  # which pumps
    other = rig.service if side == "source" else rig.client
    assert await soon(other.receive()) == b"read already"
    await soon(other.send(b"and back"))
    assert await soon(far.receive()) == b"and back"
    await rig.aclose()


async def test_without_descriptors_for_watching_that_is_the_error():
    rig = Rig()
    path = FastPath(rig.counters, rig.rules)
    with no_descriptors_left():
        with pytest.raises(StreamError) as caught:
            await soon(path.run(rig.source, rig.target))
    assert caught.value.code is ErrorCode.CONNECTION_BROKEN
    await rig.aclose()


async def test_without_descriptors_for_a_pipe_it_copies():
    async with carried() as rig:
        await pours(rig.client, rig.service, 10)
        with no_descriptors_left():
            for _ in range(4):
                await pours(rig.client, rig.service)
        assert rig.counters.up == 10 + 32 * MEBIBYTE
        await turns_bulky(rig.client, rig.service)


# where the system changes its mind --------------------------------------------------------------


@asynccontextmanager
async def path_of(rig: Rig) -> AsyncIterator[FastPath]:
    """A path that runs, to be called as the loop would."""
    path = FastPath(rig.counters, rig.rules)
    running = asyncio.ensure_future(path.run(rig.source, rig.target))
    await asyncio.sleep(0)
    try:
        yield path
    finally:
        running.cancel()
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()
        await rig.aclose()


async def test_called_without_need_it_does_nothing():
    """Ready to be read and then not; room, and then none; and after the end."""
    rig = Rig()
    async with path_of(rig) as path:
        up = path._ways[0]
        up._copy()
        await turns_bulky(rig.client, rig.service)
        up._splice()
        await stalls(rig.client, rig)
        up._drain_on()
        await pours(rig.service, rig.client, 10)
        assert _Pipes.lent == 1
    rig = Rig()
    fill_up = pytest.MonkeyPatch()
    fill_up.setattr(fastpath, "_MOST_PIPES", 0)
    async with path_of(rig) as path:
        up, down = path._ways
        sent = await stalls(rig.client, rig)
        up._send_held()
        assert up._held is not None
        assert len(await soon(read_count(rig.service, sent))) == sent
        await soon(rig.service.send_eof())
        assert await soon(rig.client.receive()) == b""
        assert down.over
        down._copy()
        await pours(rig.client, rig.service, 10)
    fill_up.undo()


async def test_a_writer_that_takes_nothing_at_once_gets_it_later():
    rig = Rig("unix")
    stuffed = stuff(rig.target)
    async with path_of(rig):
        await soon(rig.client.send(b"last"))
        await asyncio.sleep(0.05)
        assert rig.counters.up == 0
        got = await soon(read_count(rig.service, stuffed + 4))
        assert got[-4:] == b"last"
        assert rig.counters.up == 4


@pytest.mark.parametrize("state", ["copying", "holding", "moving", "inside"])
@pytest.mark.parametrize("side", ["reader", "writer"])
async def test_whatever_breaks_in_whatever_state_is_told_once(state: str, side: str):
    """Of the first trouble; the second, which follows from it, changes nothing."""
    rig = Rig()
    async with path_of(rig) as path:
        up = path._ways[0]
        if state in {"moving", "inside"}:
            await turns_bulky(rig.client, rig.service)
        elif state == "holding":
            pytest.MonkeyPatch.context
        if state in {"holding", "inside"}:
            with pytest.MonkeyPatch.context() as patch:
                if state == "holding":
                    patch.setattr(fastpath, "_MOST_PIPES", 0)
                await stalls(rig.client, rig)
        broken = (rig.client if side == "reader" else rig.service)._sock
        broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if side == "writer" and state in {"copying", "moving"}:
            rig.client._sock.send(b"x" * 100)
        await rig.client.aclose() if side == "reader" else await rig.service.aclose()
        call: dict[str, Callable[[], None]] = {
            "copying": up._copy,
            "holding": up._send_held,
            "moving": up._splice,
            "inside": up._drain_on,
        }
        for _ in range(3):
            if path._error is None:
                call[state]()
        if side == "reader" and state in {"holding", "inside"}:
            assert path._error is None  # seen when it is read again
            assert len(await soon(read_all_until_reset(rig.service))) > MEBIBYTE
        assert path._error is not None
        first = path._error
        path.fail(OSError(errno.EIO, "what follows"))
        assert path._error is first
        assert first.code is ErrorCode.CONNECTION_RESET


async def read_all_until_reset(stream: Stream) -> bytes:
    data = b""
    try:
        while piece := await stream.receive():
            data += piece
    except StreamError:
        pass
    return data


async def soon_all(*awaitables: Awaitable[object]) -> None:
    await soon(asyncio.gather(*awaitables))


async def test_counters_are_those_of_the_connection():
    counters = Counters()
    rig = Rig()
    path = FastPath(counters, rig.rules)
    running = asyncio.ensure_future(path.run(rig.source, rig.target))
    await soon_all(feed(rig.client, b"12345"), feed(rig.service, b"123"))
    assert await soon(running) is True
    assert (counters.up, counters.down) == (5, 3)
    await rig.aclose()
