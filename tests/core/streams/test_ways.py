"""The stream made of an inlet and an outlet: one-way streams, and how everything is let go."""

from __future__ import annotations

import asyncio
import errno
import os
import threading

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import Address
from bascule.streams.buffered import broken
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.ways import DescriptorStream, Inlet, Outlet
from tests.helpers.contract import soon
from tests.helpers.descriptors import begun
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS


class In(Inlet):
    """Reads a stream in memory."""

    def __init__(self, inner: MemoryStream, *, blocks: bool = False) -> None:
        self._inner = inner
        self.blocks = blocks
        self.settled = asyncio.Event()

    async def receive(self) -> bytes:
        return await self._inner.receive()

    def halt(self) -> None:
        self._inner.abort()

    async def settle(self) -> None:
        if self.blocks:
            await self.settled.wait()


class Out(Outlet):
    """Writes a stream in memory."""

    def __init__(self, inner: MemoryStream) -> None:
        self._inner = inner

    async def send(self, data: bytes) -> None:
        await self._inner.send(data)

    def halt(self) -> None:
        self._inner.abort()


class Released:
    """Counts how often, and knows where."""

    def __init__(self) -> None:
        self.count = 0
        self.thread: threading.Thread | None = None

    def __call__(self) -> None:
        self.count += 1
        self.thread = threading.current_thread()


async def test_nothing_comes_from_a_stream_without_inlet():
    near, far = memory_pair()
    stream = DescriptorStream(Address("x"), None, Out(near), Released())
    assert (stream.can_receive, stream.can_send) == (False, True)
    assert await stream.receive() == b""
    await stream.send(b"x")
    assert await soon(far.receive()) == b"x"


async def test_nothing_goes_to_a_stream_without_outlet():
    near, far = memory_pair()
    stream = DescriptorStream(Address("x"), In(near), None, Released(), finish=pytest.fail)
    assert (stream.can_receive, stream.can_send, stream.can_half_close) == (True, False, True)
    with pytest.raises(StreamError) as caught:
        await stream.send(b"x")
    assert caught.value.code is ErrorCode.CONNECTION_BROKEN
    await stream.send_eof()
    await far.send(b"x")
    assert await soon(stream.receive()) == b"x"


async def test_who_cannot_say_the_end_says_nothing():
    near, far = memory_pair()
    stream = DescriptorStream(Address("x"), In(near), Out(near), Released())
    assert not stream.can_half_close
    await stream.send_eof()
    await stream.send_eof()
    with pytest.raises(StreamError):
        await stream.send(b"x")
    await far.send(b"still")
    assert await soon(stream.receive()) == b"still"


async def test_an_error_of_saying_the_end_becomes_ours():
    def finish() -> None:
        raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))

    near, _far = memory_pair()
    stream = DescriptorStream(Address("x"), None, Out(near), Released(), finish=finish)
    with pytest.raises(StreamError) as caught:
        await stream.send_eof()
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize("call", ["aclose", "abort"])
async def test_what_does_not_block_is_let_go_at_once(call: str):
    near, _far = memory_pair()
    released = Released()
    stream = DescriptorStream(Address("x"), In(near), Out(near), released)
    assert not stream.lingers
    if call == "abort":
        stream.abort()
        assert released.count == 1
    await stream.aclose()
    stream.abort()
    await stream.aclose()
    assert released.count == 1
    for refused in (stream.receive(), stream.send(b"x"), stream.send_eof()):
        with pytest.raises(StreamError):
            await refused


async def test_what_blocks_is_let_go_when_nobody_is_inside():
    near, _far = memory_pair()
    released, inlet = Released(), In(near, blocks=True)
    stream = DescriptorStream(Address("x"), inlet, None, released)
    assert stream.lingers
    closing = await begun(stream.aclose())
    stream.abort()
    assert released.count == 0
    again = await begun(stream.aclose())
    inlet.settled.set()
    await soon(asyncio.gather(closing, again))
    assert released.count == 1
    await soon(stream.aclose())
    assert released.count == 1


async def test_a_cancelled_close_goes_on():
    near, _far = memory_pair()
    released, inlet = Released(), In(near, blocks=True)
    stream = DescriptorStream(Address("x"), inlet, None, released)
    closing = await begun(stream.aclose())
    closing.cancel()
    await asyncio.wait([closing])
    inlet.settled.set()
    await soon(stream.aclose())
    assert released.count == 1


async def test_a_slow_release_is_done_in_a_thread():
    released = Released()
    stream = DescriptorStream(Address("x"), None, None, released, slow_release=True)
    await soon(stream.aclose())
    assert released.count == 1
    assert released.thread is not threading.current_thread()


async def test_who_waits_hears_that_it_is_closed():
    near, _far = memory_pair()
    stream = DescriptorStream(Address("x"), In(near), None, Released())
    waiting = await begun(stream.receive())
    stream.abort()
    with pytest.raises(StreamError):
        await soon(waiting)
    assert broken("x").code is ErrorCode.CONNECTION_BROKEN
