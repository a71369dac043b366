"""The loop of Linux: who watches directly, what asyncio itself watches, and nobody starves."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import selectors
import sys
import weakref
from pathlib import Path

import pytest

from bascule.streams.poll_loop import _EVENTS_AT_ONCE, PollLoop, PollWatch
from bascule.streams.watch import BUFFER_BYTES, Watch, watch
from tests.helpers.contract import soon
from tests.helpers.descriptors import until
from tests.helpers.loops import selector
from tests.helpers.sockets import descriptors
from tests.helpers.watching import Calls, MakePair, Pair, WatchContract, idle, replace

LOOP_FACTORIES = {"ours": PollLoop}


class TestDirect(WatchContract):
    async def test_a_peer_that_is_gone_is_told_to_a_reader_and_to_a_writer(
        self, watching: Watch, pair: MakePair
    ):
        one = pair()
        one.fill()
        reads, writes = Calls(), Calls()
        watching.read(one.fd, reads)
        watching.write(one.fd, writes)
        await idle()
        assert (reads.count, writes.count) == (0, 0)
        one.far.close()
        await asyncio.gather(reads.come(), writes.come())
        watching.forget(one.fd)

    async def test_each_loop_has_one(self, watching: Watch):
        assert type(watching) is PollWatch
        assert watch() is watch() is watching
        assert len(watching.buffer) == BUFFER_BYTES
        assert not watching.buffer.readonly

    async def test_what_cannot_be_watched_is_said(
        self, watching: Watch, pair: MakePair, tmp_path: Path
    ):
        one = pair()
        reads = Calls()
        with (tmp_path / "file").open("wb") as file:
            watching.read(one.fd, reads)
            for begin in (watching.read, watching.write):
                with pytest.raises(PermissionError):
                    begin(file.fileno(), Calls())
        one.far.send(b"x")
        await reads.come()
        watching.forget(one.fd)

    async def test_who_hears_of_it_may_end_the_writing(self, watching: Watch, pair: MakePair):
        """Both are ready in one moment."""
        one = pair()
        writes = Calls()

        def stop() -> None:
            watching.no_read(one.fd)
            watching.no_write(one.fd)

        reads = Calls(stop)
        one.far.send(b"x")
        watching.read(one.fd, reads)
        watching.write(one.fd, writes)
        await reads.come()
        await idle()
        assert (reads.count, writes.count) == (1, 0)

    async def test_watching_costs_no_descriptor(self, watching: Watch, pair: MakePair):
        one = pair()
        before = len(descriptors())
        watching.read(one.fd, Calls())
        watching.write(one.fd, Calls())
        assert len(descriptors()) == before
        watching.forget(one.fd)

    @pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
    async def test_what_ends_a_program_is_not_held_back(
        self, error: type[BaseException], watching: Watch, pair: MakePair
    ):
        one = pair()

        def end() -> None:
            watching.forget(one.fd)
            raise error

        watching.read(one.fd, end)
        one.far.send(b"x")
        assert isinstance(watching, PollWatch)
        found = watching.epoll.poll(0)
        with pytest.raises(error):
            watching.tell(found)

    async def test_a_cancellation_that_escapes_is_told_as_well(
        self, watching: Watch, pair: MakePair
    ):
        failures: list[dict[str, object]] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: failures.append(context))
        one = pair()

        def fail() -> None:
            watching.forget(one.fd)
            one.ours.close()
            raise asyncio.CancelledError

        watching.read(one.fd, fail)
        one.far.send(b"x")
        await soon(until(lambda: failures))
        assert isinstance(failures[0]["exception"], asyncio.CancelledError)


# what asyncio itself watches --------------------------------------------------------------------


async def test_a_reader_and_a_writer_of_the_loop(pair: Pair):
    loop = asyncio.get_running_loop()
    reads, writes = Calls(), Calls()
    loop.add_reader(pair.ours, reads)
    loop.add_writer(pair.fd, writes)
    await writes.come()
    assert reads.count == 0
    assert selector().get_key(pair.ours).events == selectors.EVENT_READ | selectors.EVENT_WRITE
    assert selector().get_key(pair.ours).fd == pair.fd
    assert pair.fd in selector().get_map()
    pair.far.send(b"x")
    await reads.come()
    assert loop.remove_writer(pair.fd)
    seen = writes.count
    await reads.come()
    assert writes.count == seen
    assert selector().get_key(pair.fd).events == selectors.EVENT_READ
    replaced = Calls()
    loop.add_reader(pair.fd, replaced)  # of the same events, somebody else
    seen = reads.count
    await replaced.come()
    assert reads.count == seen
    assert loop.remove_reader(pair.fd)
    assert not loop.remove_reader(pair.fd)
    assert pair.fd not in selector().get_map()
    with pytest.raises(KeyError):
        selector().get_key(pair.fd)
    seen = replaced.count
    await idle()
    assert replaced.count == seen


async def test_a_file_object_is_as_good_as_its_number(pair: Pair):
    loop = asyncio.get_running_loop()
    reads, writes = Calls(), Calls()
    loop.add_reader(pair.ours, reads)
    loop.add_writer(pair.ours, writes)
    pair.far.send(b"x")
    await asyncio.gather(reads.come(), writes.come())
    assert loop.remove_reader(pair.ours)
    assert loop.remove_writer(pair.ours)
    assert not loop.remove_writer(pair.ours)
    assert pair.fd not in selector().get_map()


async def test_a_peer_that_is_gone_is_told_to_both(pair: Pair):
    loop = asyncio.get_running_loop()
    pair.fill()
    reads, writes = Calls(), Calls()
    loop.add_reader(pair.fd, reads)
    loop.add_writer(pair.fd, writes)
    await idle()
    assert (reads.count, writes.count) == (0, 0)
    pair.far.close()
    await asyncio.gather(reads.come(), writes.come())
    loop.remove_reader(pair.fd)
    loop.remove_writer(pair.fd)


async def test_who_was_closed_before_may_be_removed_all_the_same(pair: Pair):
    loop = asyncio.get_running_loop()
    fd = pair.fd
    loop.add_reader(fd, Calls())
    pair.ours.close()
    assert loop.remove_reader(fd)
    assert fd not in selector().get_map()


async def test_what_the_loop_cannot_watch_is_not_remembered(tmp_path: Path):
    loop = asyncio.get_running_loop()
    with (tmp_path / "file").open("wb") as file:
        with pytest.raises(PermissionError):
            loop.add_reader(file.fileno(), Calls())
        assert file.fileno() not in selector().get_map()


async def test_a_number_that_goes_from_a_stream_to_the_loop_is_not_taken_for_ready():
    """One who watches directly closes another of the loop, whose number goes to a quiet one."""
    loop, watching = asyncio.get_running_loop(), watch()
    first, second, fresh = Pair(), Pair(), Pair()
    wrongly, swapped = Calls(), list[int]()

    def swap() -> None:
        watching.no_read(first.fd)
        loop.remove_reader(second.fd)
        second.ours = replace(second.ours, fresh.ours)
        loop.add_reader(second.fd, wrongly)
        swapped.append(second.fd)

    watching.read(first.fd, swap)
    loop.add_reader(second.fd, lambda: None)
    first.far.send(b"x")
    second.far.send(b"x")
    await soon(until(lambda: swapped))
    await idle()
    assert wrongly.count == 0
    fresh.far.send(b"x")
    await wrongly.come()
    loop.remove_reader(second.fd)
    for each in (first, second, fresh):
        each.ours.close()
        each.far.close()


async def test_what_nobody_knows_of_is_passed_over(pair: Pair):
    """Between the system's answer and the loop's turn somebody may have given it up."""
    found = selector()
    assert found._ready([(pair.fd, 1)]) == []
    found.register(pair.ours, selectors.EVENT_WRITE)
    assert found._ready([(pair.fd, 1)]) == []  # readable, which it does not want
    ((key, events),) = found._ready([(pair.fd, 4)])
    assert (key.fd, events) == (pair.fd, selectors.EVENT_WRITE)
    assert found.unregister(pair.ours) == key


async def test_more_than_fit_in_one_look_are_all_told():
    pairs = [Pair() for _ in range(_EVENTS_AT_ONCE + 50)]
    loop, told = asyncio.get_running_loop(), set[int]()
    for index, each in enumerate(pairs):
        loop.add_reader(each.fd, told.add, index)
        each.far.send(b"x")
    await soon(until(lambda: len(told) == len(pairs)))
    for each in pairs:
        loop.remove_reader(each.fd)
        each.ours.close()
        each.far.close()


async def test_transports_and_programs_work_as_ever():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.read()).upper())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    sent = b"abc" * 500_000
    writer.write(sent)
    writer.write_eof()
    assert await soon(reader.read()) == sent.upper()
    writer.close()
    server.close()
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "print(input()[::-1]); raise SystemExit(7)",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await soon(program.communicate(b"drawkcab\n"))
    assert (said, program.returncode) == (b"backward\n", 7)


# its end ----------------------------------------------------------------------------------------


def eventpolls() -> int:
    return sum("eventpoll" in what for what in descriptors().values())


def test_closing_frees_all_it_had():
    gc.collect()
    before, polls = len(descriptors()), eventpolls()
    loop = PollLoop()
    pair = Pair()
    loop.watch.read(pair.fd, Calls())
    loop.watch.write(pair.fd, Calls())
    assert eventpolls() == polls + 1
    loop.close()
    loop.close()
    assert eventpolls() == polls
    assert (loop.watch._readers, loop.watch._writers) == ({}, {})
    pair.ours.close()
    pair.far.close()
    assert len(descriptors()) == before


def test_a_loop_that_is_closed_is_not_kept():
    """Whatever was watched by it: who is called often knows the loop, and it must not know them."""
    found: list[weakref.ref[object]] = []
    before = len(descriptors())
    for _ in range(3):
        loop = PollLoop()
        found.append(weakref.ref(loop))
        found.append(weakref.ref(loop.watch))
        reads = Calls(lambda loop=loop: loop)
        pair = Pair()
        loop.watch.read(pair.fd, reads)
        loop.call_later(100, reads)
        loop.close()
        pair.ours.close()
        pair.far.close()
        del loop, reads
    gc.collect()
    assert [each() for each in found] == [None] * 6
    assert len(descriptors()) == before


def test_one_loop_after_the_other():
    watches = list[weakref.ref[Watch]]()

    async def use() -> None:
        assert isinstance(watch(), PollWatch)
        assert all(each() is not watch() for each in watches)
        watches.append(weakref.ref(watch()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.001)

    for _ in range(3):
        with asyncio.Runner(loop_factory=PollLoop) as runner:
            runner.run(use())
    gc.collect()
    assert [each() for each in watches] == [None] * 3
