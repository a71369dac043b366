"""Blocking calls in threads: the stream contract over blocking pipes, ends, errors, letting go."""

# pyright: reportArgumentType=false

from __future__ import annotations

import asyncio
import errno
import os
import threading
from functools import partial

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams import threaded as module
from bascule.streams.base import Address, Stream
from bascule.streams.descriptor import close_quietly
from bascule.streams.threaded import (
    READ_BYTES,
    ThreadInlet,
    ThreadOutlet,
    cancel_blocking_call,
    leave_open,
)
from bascule.streams.ways import DescriptorStream
from tests.helpers.contract import StreamContract, random_bytes, read_all, soon
from tests.helpers.descriptors import (
    begun,
    descriptors,
    no_other_threads_than,
    over_pipes,
    running_threads,
    until,
)
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS


def pipe_pair() -> tuple[DescriptorStream, DescriptorStream]:
    """A stream of threads over two blocking pipes, and the other end."""
    (near_in, far_out), (far_in, near_out) = os.pipe(), os.pipe()
    far = over_pipes(far_in, far_out)

    def let_out(_thread: int) -> None:
        far.abort()  # what Windows does by cancelling the call

    inlet = ThreadInlet(
        partial(os.read, near_in, READ_BYTES),
        "test",
        partial(os.close, near_in),
        interrupt=let_out,
    )
    outlet = ThreadOutlet(
        partial(os.write, near_out), "test", partial(os.close, near_out), interrupt=let_out
    )
    stream = DescriptorStream(Address("threads"), inlet, outlet, leave_open, finish=outlet.finish)
    return stream, far


class TestContract(StreamContract):
    resets = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        return pipe_pair()

    async def test_closing_twice_is_quiet_and_ends_the_peer(self):
        # The threads are let out by the far end here, so that it cannot see how we close.
        ours, far = await self._opened()
        await soon(far.send_eof())
        assert await soon(read_all(ours)) == b""
        await soon(ours.aclose())
        await soon(ours.aclose())
        with pytest.raises(StreamError):
            await soon(ours.receive())
        with pytest.raises(StreamError):
            await soon(ours.send(b"x"))


async def test_an_error_is_told_after_what_came_before():
    given = iter([b"last words"])

    def read() -> bytes:
        for words in given:
            return words
        raise OSError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))

    inlet = ThreadInlet(read, "test")
    assert await soon(inlet.receive()) == b"last words"
    for _ in range(2):
        with pytest.raises(StreamError) as caught:
            await soon(inlet.receive())
        assert caught.value.code is ErrorCode.CONNECTION_RESET
        assert isinstance(caught.value.__cause__, OSError)
    inlet.halt()
    await soon(inlet.settle())
    assert inlet._ended.done()


async def test_an_error_of_writing_is_told():
    def write(_data: memoryview) -> int:
        raise OSError(errno.EPIPE, os.strerror(errno.EPIPE))

    outlet = ThreadOutlet(write, "test")
    for _ in range(2):
        with pytest.raises(StreamError) as caught:
            await soon(outlet.send(b"x"))
        assert caught.value.code is ErrorCode.CONNECTION_RESET
    outlet.halt()
    await soon(outlet.settle())


async def test_sending_nothing_does_nothing():
    outlet = ThreadOutlet(pytest.fail, "test")
    await soon(outlet.send(b""))
    outlet.halt()
    await soon(outlet.settle())


async def test_a_cancelled_send_comes_before_the_next():
    reading, writing = os.pipe()
    outlet = ThreadOutlet(partial(os.write, writing), "test")
    first = random_bytes(200_000)
    sending = await begun(outlet.send(first))
    sending.cancel()
    await asyncio.wait([sending])
    second = await begun(outlet.send(b"second"))
    got = b""
    while len(got) < len(first) + 6:  # no further: reading on would wait for ever
        got += await asyncio.to_thread(os.read, reading, 100_000)
    await soon(second)
    assert got == first + b"second"
    outlet.halt()
    await soon(outlet.settle())
    close_quietly(reading, writing)


async def test_halting_ends_a_send_and_no_more_is_written():
    reading, writing = os.pipe()
    outlet = ThreadOutlet(
        partial(os.write, writing), "test", interrupt=lambda _: os.read(reading, 200_000) and None
    )
    sending = await begun(outlet.send(random_bytes(2_000_000)))
    outlet.halt()
    with pytest.raises(StreamError):
        await soon(sending)
    await soon(outlet.settle())
    assert outlet._ended.done()
    close_quietly(reading, writing)


async def test_halting_wakes_who_reads():
    reading, writing = os.pipe()
    inlet = ThreadInlet(
        partial(os.read, reading, 10), "test", interrupt=lambda _: os.write(writing, b"x") and None
    )
    waiting = await begun(inlet.receive())
    inlet.halt()
    with pytest.raises(StreamError):
        await soon(waiting)
    await soon(inlet.settle())
    assert inlet._ended.done()
    close_quietly(reading, writing)


async def test_a_call_that_never_returns_is_left_behind(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_CANCEL_SECONDS", 0.001)
    reading, writing = os.pipe()
    inlet = ThreadInlet(partial(os.read, reading, 10), "test")
    waiting = await begun(inlet.receive())
    inlet.halt()
    with pytest.raises(StreamError):
        await soon(waiting)
    await soon(inlet.settle())
    assert not inlet._ended.done()
    os.write(writing, b"x")  # let it out, for the sake of the next test
    await until(inlet._ended.done)
    close_quietly(reading, writing)


def test_a_thread_outlives_its_loop_in_peace():
    reading, writing = os.pipe()

    async def read_on() -> ThreadInlet:
        return ThreadInlet(partial(os.read, reading, 10), "test")

    inlet = asyncio.run(read_on())
    os.close(writing)
    inlet._thread.join(20)
    assert not inlet._thread.is_alive()
    os.close(reading)


def test_only_windows_cancels_calls():
    cancel_blocking_call(threading.get_native_id())


async def test_a_cycle_leaves_no_thread_and_no_descriptor():
    async def cycles(count: int) -> None:
        for _ in range(count):
            near, far = pipe_pair()
            sending = asyncio.ensure_future(near.send(b"x"))
            assert await soon(far.receive()) == b"x"
            await sending
            await far.send_eof()
            assert await soon(read_all(near)) == b""
            await soon(near.aclose())
            await far.aclose()

    await cycles(1)
    before, threads = descriptors(), running_threads()
    await cycles(200)
    assert descriptors() == before
    await no_other_threads_than(threads)
