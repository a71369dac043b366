"""The contract of :class:`bascule.streams.watch.Watch` as tests that every watch passes, and what
they are made of: joined sockets, who is called, and numbers that are used again.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import pytest_asyncio

from bascule.streams.poll_loop import PollWatch
from bascule.streams.socket_stream import writable
from bascule.streams.watch import Watch, watch
from tests.helpers.contract import soon
from tests.helpers.descriptors import until
from tests.helpers.sockets import reset, silent


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


def replace(old: socket.socket, new: socket.socket) -> socket.socket:
    """Close a socket, and give its number to another; return that under its new number."""
    fd = old.detach()
    os.dup2(new.fileno(), fd)
    new.close()
    return socket.socket(fileno=fd)


type MakePair = Callable[[], Pair]


class WatchContract:
    """What the watch of every loop keeps."""

    @pytest.fixture
    def pair(self) -> Iterator[MakePair]:
        made: list[Pair] = []

        def make() -> Pair:
            made.append(Pair())
            return made[-1]

        yield make
        for each in made:
            each.ours.close()
            each.far.close()

    @pytest_asyncio.fixture
    async def watching(self) -> AsyncIterator[Watch]:
        """That of this loop. What is watched must be given up by the end of the test."""
        found = watch()
        yield found
        if isinstance(found, PollWatch):
            assert (found._readers, found._writers) == ({}, {})

    async def test_a_reader_is_called_until_it_has_read(self, watching: Watch, pair: MakePair):
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

    async def test_a_writer_is_called_while_there_is_room(self, watching: Watch, pair: MakePair):
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

    async def test_another_takes_the_place_of_whoever_was_called(
        self, watching: Watch, pair: MakePair
    ):
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
        self, first: str, last: str, watching: Watch, pair: MakePair
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

    async def test_what_was_never_watched_is_not_missed(self, watching: Watch, pair: MakePair):
        one = pair()
        watching.no_read(one.fd)
        watching.no_write(one.fd)
        watching.forget(one.fd)
        watching.read(one.fd, Calls())
        watching.no_write(one.fd)
        watching.no_read(one.fd)
        watching.no_read(one.fd)

    @pytest.mark.parametrize("how", ["closed", "reset"])
    async def test_trouble_is_told_to_a_writer_although_nobody_reads(
        self, how: str, watching: Watch
    ):
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

    async def test_what_is_not_watched_any_more_makes_no_noise(
        self, watching: Watch, pair: MakePair
    ):
        """Neither is anybody called, nor does the loop run hot because of a peer that is gone."""
        one, other = pair(), pair()
        calls = Calls()
        watching.read(other.fd, Calls())
        watching.read(one.fd, calls)
        watching.no_read(one.fd)
        one.far.close()
        await idle()
        assert calls.count == 0
        if isinstance(watching, PollWatch):
            assert watching.epoll.poll(0) == []
        watching.forget(other.fd)

    async def test_more_than_fit_in_one_look_are_all_told(self, watching: Watch, pair: MakePair):
        told = set[int]()
        pairs = [pair() for _ in range(300)]
        for index, each in enumerate(pairs):
            watching.read(each.fd, lambda index=index: told.add(index))
            each.far.send(b"x")
        await soon(until(lambda: len(told) == 300))
        for each in pairs:
            watching.forget(each.fd)

    async def test_one_that_fails_does_not_keep_the_others_waiting(
        self, watching: Watch, pair: MakePair
    ):
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

    async def test_a_number_may_be_used_again(self, watching: Watch, pair: MakePair):
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

    async def test_one_may_close_another_that_is_ready_as_well(
        self, watching: Watch, pair: MakePair
    ):
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
        self, way: str, watching: Watch, pair: MakePair
    ):
        """Two are ready in one moment; the first closes the second, whose number goes to one that
        is not ready at all.
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
        self, watching: Watch, pair: MakePair
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

    async def test_a_connection_in_the_making_is_not_taken_for_made(
        self, watching: Watch, pair: MakePair
    ):
        """As above, with what it would lead to: a socket that connects, under a used number."""
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
