"""A stream that gives back what was read too far: the stream contract, and exact lengths."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import Stream
from bascule.streams.buffered import BufferedStream, broken
from bascule.streams.memory import MemoryStream, memory_pair
from tests.helpers.contract import PATIENCE_SECONDS, StreamContract, read_all, soon
from tests.helpers.stepping import splits


def buffered_pair() -> tuple[BufferedStream, MemoryStream]:
    ours, far = memory_pair()
    return BufferedStream(ours), far


class TestBuffered(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        return buffered_pair()


@pytest.mark.parametrize("pieces", list(splits(b"headbodytail")), ids=repr)
async def test_exact_lengths_from_any_pieces(pieces: list[bytes]):
    stream, far = buffered_pair()

    async def feed() -> None:
        for piece in pieces:
            await far.send(piece)
        await far.send_eof()

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(feed())
        assert await stream.read_exactly(0) == b""
        assert await stream.read_exactly(4) == b"head"
        assert await stream.read_exactly(4) == b"body"
        assert await read_all(stream) == b"tail"
        assert await stream.receive() == b""


async def test_fewer_bytes_where_the_peer_has_finished():
    stream, far = buffered_pair()
    await far.send(b"ab")
    await far.send_eof()
    assert await soon(stream.read_exactly(3)) == b"ab"
    assert await soon(stream.read_exactly(3)) == b""
    assert await soon(stream.receive()) == b""


async def test_release_gives_the_inner_stream_once_nothing_is_held_back():
    ours, far = memory_pair()
    stream = BufferedStream(ours)
    await far.send(b"abc")
    assert await stream.read_exactly(1) == b"a"
    assert stream.release() is stream
    assert await stream.receive() == b"bc"
    assert stream.release() is ours


async def test_a_cancelled_exact_read_loses_nothing():
    stream, far = buffered_pair()
    await far.send(b"ab")
    reading = asyncio.ensure_future(stream.read_exactly(4))
    await asyncio.wait([reading], timeout=0)
    sending = asyncio.ensure_future(far.send(b"c"))  # is taken: the first chunk has been read
    await soon(sending)
    reading.cancel()
    await asyncio.wait([reading])
    assert reading.cancelled()
    await soon(far.send_eof())
    assert await soon(read_all(stream)) == b"abc"


async def test_a_broken_stream_breaks_the_exact_read():
    stream, far = buffered_pair()
    far.abort()
    with pytest.raises(StreamError) as caught:
        await soon(stream.read_exactly(1))
    assert caught.value.code is ErrorCode.CONNECTION_RESET


async def test_it_stands_for_the_inner_stream():
    ours, _far = memory_pair()
    ours.can_half_close = False
    stream = BufferedStream(ours)
    assert stream.peer == ours.peer
    assert not stream.can_half_close


def test_the_error_of_a_stream_that_cannot_be_used():
    assert broken("no more").code is ErrorCode.CONNECTION_BROKEN
