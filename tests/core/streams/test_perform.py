"""How a handshake's steps meet a stream: in order, in any pieces, and to any end."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import BasculeError, ErrorCode, HandshakeError, StreamError
from bascule.protocols.steps import EndOfStream, Read, Steps, Write
from bascule.streams.buffered import BufferedStream
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.perform import perform
from tests.helpers.contract import PATIENCE_SECONDS, read_all, read_count, soon
from tests.helpers.stepping import splits


def joined() -> tuple[BufferedStream, MemoryStream]:
    ours, far = memory_pair()
    return BufferedStream(ours), far


class Watched:
    """Steps that note how they were left."""

    def __init__(self) -> None:
        self.left = False

    def steps(self) -> Steps[bytes]:
        try:
            yield Write(b"hello")
            (length,) = yield Read(1)
            data = yield Read(length)
            yield Write(b"thanks")
            return data
        except EndOfStream as exc:
            raise HandshakeError(repr(exc.partial), code=ErrorCode.HANDSHAKE_CUT) from exc
        finally:
            self.left = True


@pytest.mark.parametrize("pieces", list(splits(b"\x03abcrest")), ids=repr)
async def test_any_pieces_make_the_same_exchange(pieces: list[bytes]):
    stream, far = joined()

    async def peer() -> None:
        assert await read_count(far, 5) == b"hello"
        for piece in pieces:
            await far.send(piece)
        await far.send_eof()

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(peer())
        assert await perform(Watched().steps(), stream) == b"abc"
        assert await read_count(far, 6) == b"thanks"
        assert await read_all(stream) == b"rest"


async def test_steps_that_ask_for_nothing():
    def steps() -> Steps[int]:
        return 7
        yield

    assert await perform(steps(), joined()[0]) == 7


@pytest.mark.parametrize(("sent", "partial"), [(b"", b""), (b"\x03", b""), (b"\x03ab", b"ab")])
async def test_the_end_is_thrown_into_the_read(sent: bytes, partial: bytes):
    stream, far = joined()
    watched = Watched()

    async def peer() -> None:
        assert await read_count(far, 5) == b"hello"
        if sent:
            await far.send(sent)
        await far.send_eof()

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(peer())
        with pytest.raises(HandshakeError) as caught:
            await perform(watched.steps(), stream)
    assert caught.value.message == repr(partial)
    assert watched.left


async def test_steps_may_go_on_after_the_end():
    def steps() -> Steps[str]:
        try:
            yield Read(3)
        except EndOfStream as exc:
            yield Write(b"bye")
            return exc.partial.decode()
        return "all"

    stream, far = joined()
    await far.send(b"a")
    await far.send_eof()
    assert await soon(perform(steps(), stream)) == "a"
    assert await soon(far.receive()) == b"bye"


async def test_a_broken_stream_ends_the_steps():
    stream, far = joined()
    watched = Watched()
    performing = asyncio.ensure_future(perform(watched.steps(), stream))
    assert await soon(far.receive()) == b"hello"
    far.abort()
    with pytest.raises(StreamError):
        await soon(performing)
    assert watched.left


async def test_a_stream_that_takes_nothing_ends_the_steps():
    stream, _far = joined()
    await stream.aclose()
    watched = Watched()
    with pytest.raises(BasculeError):
        await soon(perform(watched.steps(), stream))
    assert watched.left


async def test_cancelling_ends_the_steps():
    stream, far = joined()
    watched = Watched()
    performing = asyncio.ensure_future(perform(watched.steps(), stream))
    assert await soon(far.receive()) == b"hello"
    performing.cancel()
    await asyncio.wait([performing])
    assert performing.cancelled()
    assert watched.left
