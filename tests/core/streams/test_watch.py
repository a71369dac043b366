"""Who is told when a descriptor is ready, on both loops, by the epoll instance and by the loop."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import socket
import sys
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bascule.streams import watch as watch_module
from bascule.streams.socket_stream import writable
from bascule.streams.watch import READ_BYTES, Watch, _EpollWatch, _LoopWatch, watch
from tests.helpers.contract import soon
from tests.helpers.descriptors import until
from tests.helpers.exhaustion import no_descriptors_left
from tests.helpers.loops import LOOPS
from tests.helpers.sockets import descriptors, reset, silent

LOOP_FACTORIES = LOOPS


class Pair:
    """Two joined sockets; the first is watched."""

    def __init__(self) -> None:
        self.ours, self.far = socket.socketpair()
        for each in (self.ours, self.far):
            each.setblocking(False)

    @property
    def fd(self) -> int:
        return self.ours.fileno()

    def fill(self) -> None:
        """Send until the system takes no more."""
        with pytest.raises(BlockingIOError):
            while True:
                self.ours.send(bytes(65_536))

    def empty(self) -> None:
        """Take at the far end all that was sent."""
        with pytest.raises(BlockingIOError):
            while True:
                self.far.recv(1_000_000)


type MakePair = Callable[[], Pair]


@pytest.fixture
def pair() -> Iterator[MakePair]:
    made: list[Pair] = []

    def make() -> Pair:
        made.append(Pair())
        return made[-1]

    yield make
    for each in made:
        each.ours.close()
        each.far.close()


@pytest_asyncio.fixture(params=["epoll", "loop"])
async def watching(request: pytest.FixtureRequest) -> AsyncIterator[Watch]:
    """Each kind there is. What is watched must be given up by the end of the test."""
    if request.param == "loop":
        yield _LoopWatch(asyncio.get_running_loop())
        return
    found = watch()
    assert isinstance(found, _EpollWatch)
    yield found
    assert found._epoll is None


class Calls:
    """How often it was called, and what it does then."""

    def __init__(self, then: Callable[[], object] = lambda: None) -> None:
        self.count = 0
        self._then = then
        self._came = asyncio.Event()

    def __call__(self) -> None:
        self.count += 1
        self._came.set()
        self._then()

    async def come(self) -> None:
        """Wait for another call."""
        self._came.clear()
        await soon(self._came.wait())


async def idle() -> None:
    """Let the loop ask the system several times."""
    for _ in range(3):
        await asyncio.sleep(0.002)


# one descriptor ---------------------------------------------------------------------------------


async def test_a_reader_is_called_until_it_has_read(watching: Watch, pair: MakePair):
    one = pair()
    calls = Calls()
    watching.read(one.fd, calls)
    await idle()
    assert calls.count == 0
    one.far.send(b"x")
    await calls.come()
    await calls.come()  # it has not read
    assert one.ours.recv(10) == b"x"
    await idle()
    seen = calls.count
    await idle()
    assert calls.count == seen
    watching.forget(one.fd)


async def test_a_writer_is_called_while_there_is_room(watching: Watch, pair: MakePair):
    one = pair()
    one.fill()
    calls = Calls()
    watching.write(one.fd, calls)
    await idle()
    assert calls.count == 0
    one.empty()
    await calls.come()
    await calls.come()
    watching.no_write(one.fd)
    seen = calls.count
    await idle()
    assert calls.count == seen


async def test_another_takes_the_place_of_whoever_was_called(watching: Watch, pair: MakePair):
    one = pair()
    first, second = Calls(), Calls()
    one.far.send(b"x")
    for begin in (watching.read, watching.write):
        begin(one.fd, first)
        begin(one.fd, second)
    await second.come()
    await idle()
    assert first.count == 0
    watching.forget(one.fd)


@pytest.mark.parametrize("first", ["read", "write"])
@pytest.mark.parametrize("last", ["read", "write"])
async def test_a_reader_and_a_writer_at_once(
    first: str, last: str, watching: Watch, pair: MakePair
):
    one = pair()
    reads, writes = Calls(), Calls()
    begin = {"read": (watching.read, reads), "write": (watching.write, writes)}
    end = {"read": watching.no_read, "write": watching.no_write}
    second, leaving = ({"read", "write"} - {name} for name in (first, last))
    for name in (first, *second):
        start, calls = begin[name]
        start(one.fd, calls)
    one.far.send(b"x")
    await reads.come()
    await writes.come()
    (gone,) = leaving
    end[gone](one.fd)
    stopped = begin[gone][1]
    seen = stopped.count
    await begin[last][1].come()
    await idle()
    assert stopped.count == seen
    end[last](one.fd)
    seen = begin[last][1].count
    await idle()
    assert begin[last][1].count == seen


async def test_what_was_never_watched_is_not_missed(watching: Watch, pair: MakePair):
    one = pair()
    watching.no_read(one.fd)
    watching.no_write(one.fd)
    watching.forget(one.fd)
    watching.read(one.fd, Calls())
    watching.no_write(one.fd)
    watching.no_read(one.fd)
    watching.no_read(one.fd)


@pytest.mark.parametrize("how", ["closed", "reset"])
async def test_trouble_is_told_to_a_writer_although_nobody_reads(how: str, watching: Watch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        far = server.accept()[0]
    ours.setblocking(False)
    if how == "reset":
        with pytest.raises(BlockingIOError):
            while True:
                ours.send(bytes(65_536))
    else:
        ours.shutdown(socket.SHUT_WR)
    calls = Calls()
    watching.write(ours.fileno(), calls)
    if how == "reset":
        await idle()
        assert calls.count == 0
        reset(far)
    else:
        far.close()
    await calls.come()
    watching.forget(ours.fileno())
    ours.close()


async def test_a_peer_that_is_gone_is_told_to_a_reader_and_to_a_writer(pair: MakePair):
    watching, one = watch(), pair()
    one.fill()
    reads, writes = Calls(), Calls()
    watching.read(one.fd, reads)
    watching.write(one.fd, writes)
    await idle()
    assert (reads.count, writes.count) == (0, 0)
    one.far.close()
    await asyncio.gather(reads.come(), writes.come())
    watching.forget(one.fd)


async def test_what_is_not_watched_any_more_makes_no_noise(watching: Watch, pair: MakePair):
    """Neither is anybody called, nor does the loop run hot because of a peer that is gone."""
    one, other = pair(), pair()
    calls = Calls()
    watching.read(other.fd, Calls())
    watching.read(one.fd, calls)
    watching.no_read(one.fd)
    one.far.close()
    await idle()
    assert calls.count == 0
    if isinstance(watching, _EpollWatch):
        assert watching._epoll is not None
        assert watching._epoll.poll(0) == []
    watching.forget(other.fd)


async def test_more_than_fit_in_one_look_are_all_told(watching: Watch, pair: MakePair):
    told = set[int]()
    pairs = [pair() for _ in range(300)]
    for index, each in enumerate(pairs):
        watching.read(each.fd, lambda index=index: told.add(index))
        each.far.send(b"x")
    await soon(until(lambda: len(told) == 300))
    for each in pairs:
        watching.forget(each.fd)


async def test_one_that_fails_does_not_keep_the_others_waiting(watching: Watch, pair: MakePair):
    failures: list[dict[str, object]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: failures.append(context))
    pairs = [pair() for _ in range(3)]

    def fail() -> None:
        watching.no_read(pairs[0].fd)
        raise ValueError("a mistake of ours")

    calls = [Calls(fail), Calls(), Calls()]
    for each, call in zip(pairs, calls, strict=True):
        each.far.send(b"x")
        watching.read(each.fd, call)
    await asyncio.gather(calls[1].come(), calls[2].come())
    await soon(until(lambda: failures))
    assert [str(failure["exception"]) for failure in failures] == ["a mistake of ours"]
    for each in pairs:
        watching.forget(each.fd)


# numbers that are used again --------------------------------------------------------------------


def replace(old: socket.socket, new: socket.socket) -> socket.socket:
    """Close a socket, and give its number to another; return that under its new number."""
    fd = old.detach()
    os.dup2(new.fileno(), fd)
    new.close()
    return socket.socket(fileno=fd)


async def test_a_number_may_be_used_again(watching: Watch, pair: MakePair):
    one, other = pair(), pair()
    before, after = Calls(), Calls()
    watching.read(one.fd, before)
    watching.write(one.fd, before)
    await before.come()
    seen = before.count
    fd = one.fd
    watching.forget(fd)
    one.ours = replace(one.ours, other.ours)
    assert one.fd == fd
    watching.read(fd, after)
    await idle()
    assert (before.count, after.count) == (seen, 0)
    other.far.send(b"x")
    await after.come()
    assert before.count == seen
    watching.forget(fd)


async def test_one_may_close_another_that_is_ready_as_well(watching: Watch, pair: MakePair):
    pairs = [pair(), pair()]

    def closing(other: Pair) -> Calls:
        def close() -> None:
            watching.forget(other.fd)
            other.ours.close()

        return Calls(close)

    calls = [closing(pairs[1]), closing(pairs[0])]
    for each, call in zip(pairs, calls, strict=True):
        watching.read(each.fd, call)
        watching.write(each.fd, Calls())
        each.far.send(b"x")
    await soon(until(lambda: calls[0].count or calls[1].count))
    await idle()
    left = [each for each in pairs if each.ours.fileno() >= 0]
    assert len(left) == 1
    assert sorted(call.count > 0 for call in calls) == [False, True]
    watching.forget(left[0].fd)


@pytest.mark.parametrize("way", ["read", "write"])
async def test_a_number_used_again_at_once_is_not_taken_for_ready(
    way: str, watching: Watch, pair: MakePair
):
    """Two are ready in one moment; the first closes the second, whose number goes to one that is
    not ready at all.
    """
    pairs, fresh = [pair(), pair()], pair()
    fresh.fill()
    wrongly = Calls()

    def replacing(other: Pair) -> Calls:
        def swap() -> None:
            if fresh.ours.fileno() < 0:  # the other one was first
                return
            watching.forget(other.fd)
            other.ours = replace(other.ours, fresh.ours)
            getattr(watching, way)(other.fd, wrongly)

        return Calls(swap)

    calls = [replacing(pairs[1]), replacing(pairs[0])]
    for each, call in zip(pairs, calls, strict=True):
        watching.read(each.fd, call)
        watching.write(each.fd, call)
        each.far.send(b"x")
    await soon(until(lambda: fresh.ours.fileno() < 0))
    await idle()
    assert wrongly.count == 0
    if way == "read":
        fresh.far.send(b"x")
    else:
        fresh.empty()
    await wrongly.come()  # now it is
    for each in pairs:
        watching.forget(each.fd)


async def test_a_reader_may_give_its_own_number_to_one_that_wants_to_write(
    watching: Watch, pair: MakePair
):
    one, fresh = pair(), pair()
    fresh.fill()
    wrongly = Calls()

    def swap() -> None:
        watching.forget(one.fd)
        one.ours = replace(one.ours, fresh.ours)
        watching.write(one.fd, wrongly)

    reads = Calls(swap)
    watching.read(one.fd, reads)
    watching.write(one.fd, Calls())
    one.far.send(b"x")
    await reads.come()
    await idle()
    assert (reads.count, wrongly.count) == (1, 0)
    watching.forget(one.fd)


async def test_a_connection_in_the_making_is_not_taken_for_made(watching: Watch, pair: MakePair):
    """As above, with what it would lead to: a socket that connects, under a number used again."""
    if isinstance(watching, _LoopWatch):
        return  # ``writable`` asks the loop's own watch
    pairs = [pair(), pair()]
    connecting = socket.socket()
    connecting.setblocking(False)
    waiting: list[asyncio.Task[None]] = []

    def replacing(other: Pair) -> Callable[[], None]:
        def swap() -> None:
            if waiting:
                return
            watching.forget(other.fd)
            other.ours = replace(other.ours, connecting)
            loop = asyncio.get_running_loop()
            waiting.append(asyncio.Task(writable(other.ours), loop=loop, eager_start=True))

        return swap

    with silent("127.0.0.1") as port:
        assert connecting.connect_ex(("127.0.0.1", port)) == errno.EINPROGRESS
        for index, each in enumerate(pairs):
            watching.read(each.fd, replacing(pairs[1 - index]))
            watching.write(each.fd, Calls())
            each.far.send(b"x")
        await soon(until(lambda: waiting))
        await asyncio.wait(waiting, timeout=0.05)
        assert not waiting[0].done()
        waiting[0].cancel()
        await asyncio.wait(waiting)
    for each in pairs:
        watching.forget(each.fd)


# the epoll instance -----------------------------------------------------------------------------


def instances() -> int:
    return sum("eventpoll" in what for what in descriptors().values())


async def test_the_instance_is_there_only_while_something_is_watched(pair: MakePair):
    watching = watch()
    one, other = pair(), pair()
    watching.read(one.fd, Calls())  # the first time, the loop may open one of its own
    watching.forget(one.fd)
    none = instances()
    watching.read(one.fd, Calls())
    watching.write(one.fd, Calls())
    watching.write(other.fd, Calls())
    assert instances() == none + 1
    watching.no_read(one.fd)
    watching.no_write(one.fd)
    assert instances() == none + 1
    watching.forget(other.fd)
    assert instances() == none
    for end in (watching.no_read, watching.forget):
        watching.read(one.fd, Calls())
        assert instances() == none + 1
        end(one.fd)
        assert instances() == none
        if end == watching.forget:
            one.ours.close()


async def test_it_may_rest_and_begin_again_within_one_call(pair: MakePair):
    watching = watch()
    one, other = pair(), pair()
    reads = Calls()

    def move() -> None:
        watching.no_read(one.fd)  # which was all
        watching.read(other.fd, reads)

    watching.read(one.fd, move)
    one.far.send(b"x")
    await soon(until(lambda: other.fd in watching._readers))  # type: ignore[attr-defined]
    assert reads.count == 0
    other.far.send(b"x")
    await reads.come()
    watching.forget(other.fd)


async def test_what_cannot_be_watched_is_said_and_not_remembered(tmp_path: Path, pair: MakePair):
    watching = watch()
    one = pair()
    none = instances()
    with (tmp_path / "file").open("wb") as file:
        for begin in (watching.read, watching.write):
            with pytest.raises(PermissionError):
                begin(file.fileno(), Calls())
            assert instances() == none
        watching.read(one.fd, Calls())
        with pytest.raises(PermissionError):
            watching.read(file.fileno(), Calls())
        assert instances() == none + 1  # for the other one
    watching.forget(one.fd)
    assert instances() == none


async def test_where_no_instance_can_be_opened_that_is_said_and_not_remembered(pair: MakePair):
    watching = watch()
    one = pair()
    none = instances()
    with no_descriptors_left():
        for begin in (watching.read, watching.write):
            with pytest.raises(OSError, match="open files") as caught:
                begin(one.fd, Calls())
            assert caught.value.errno == errno.EMFILE
    reads = Calls()
    watching.read(one.fd, reads)
    one.far.send(b"x")
    await reads.come()
    watching.forget(one.fd)
    assert instances() == none


# which one --------------------------------------------------------------------------------------


async def test_each_loop_has_one_and_all_share_its_buffer(watching: Watch):
    assert watch() is watch()
    assert len(watching.buffer) == READ_BYTES
    assert not watching.buffer.readonly
    assert watch().buffer is watch().buffer


async def test_other_systems_leave_it_to_the_loop(monkeypatch: pytest.MonkeyPatch, pair: MakePair):
    monkeypatch.setattr(sys, "platform", "darwin")
    found = watch()
    monkeypatch.undo()
    assert type(found) is _LoopWatch
    assert watch() is found
    reads = Calls()
    one = pair()
    found.read(one.fd, reads)
    one.far.send(b"x")
    await reads.come()
    found.forget(one.fd)


@pytest.mark.parametrize("kind", LOOP_FACTORIES)
@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_one_loop_after_the_other_has_its_own(
    kind: str, system: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(watch_module.sys, "platform", system)
    gc.collect()
    before = len(watch_module._watches)
    opened = len(descriptors())
    found: list[weakref.ref[Watch]] = []

    async def use() -> None:
        one = Pair()
        watching = watch()
        assert all(each() is not watching for each in found)
        found.append(weakref.ref(watching))
        reads = Calls()
        watching.read(one.fd, reads)
        one.far.send(b"x")
        await reads.come()
        watching.forget(one.fd)
        one.ours.close()
        one.far.close()

    def run() -> None:
        with asyncio.Runner(loop_factory=LOOP_FACTORIES[kind]) as runner:
            runner.run(use())

    for _ in range(3):
        run()
    gc.collect()
    assert [each() for each in found] == [None] * 3
    assert len(watch_module._watches) == before
    assert len(descriptors()) == opened
