"""What happens to the bytes at one end: line endings in every split, and every kind of end."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.streams.base import EMPTY_DATAGRAM, Stream
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.shaped import ShapedStream
from tests.helpers.contract import PATIENCE_SECONDS, StreamContract, read_all, read_count, soon
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import datagram_pair, tcp_pair
from tests.helpers.stepping import splits

LOOP_FACTORIES = LOOPS


class TestOverTcp(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = await tcp_pair()
        return ShapedStream(ours, finish="shutdown"), far


class TestBothEndsTranslate(StreamContract):
    """What one end writes with CRLF, the other reads back: the bytes between are not looked at."""

    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = await tcp_pair()
        return ShapedStream(ours, line_ending="crlf"), ShapedStream(far, line_ending="crlf")

    def message(self, data: bytes) -> bytes:
        return data.replace(b"\r", b".")  # a CRLF of the user's own is a line end, too


class TestTellsNothing(StreamContract):
    half_closes = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = await tcp_pair()
        return ShapedStream(ours, finish="none"), far


class TestOverDatagrams(StreamContract):
    datagrams = True
    resets = False
    tells_closing = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = datagram_pair()
        return ShapedStream(ours), far


async def chunks(stream: Stream) -> list[bytes]:
    """Every chunk until the end."""
    found: list[bytes] = []
    while chunk := await stream.receive():
        found.append(chunk)
    assert await stream.receive() == b""
    return found


async def received(pieces: list[bytes], **shape: object) -> list[bytes]:
    """What comes out where ``pieces`` are said to an end so shaped, and then the end."""
    ours, far = memory_pair()
    stream = ShapedStream(ours, **shape)  # pyright: ignore

    async def say() -> None:
        for piece in pieces:
            await far.send(piece)
        await far.send_eof()

    async with asyncio.timeout(PATIENCE_SECONDS):
        saying = asyncio.ensure_future(say())
        found = await chunks(stream)
        saying.cancel()
        await asyncio.wait([saying])
    return found


async def sent(pieces: list[bytes], **shape: object) -> bytes:
    """What an end so shaped is really told."""
    ours, far = memory_pair()
    stream = ShapedStream(ours, **shape)  # pyright: ignore
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        hearing = group.create_task(read_all(far))
        for piece in pieces:
            await stream.send(piece)
        await stream.send_eof()
    return hearing.result()


# line endings -------------------------------------------------------------------------------------

TEXT = b"one\r\ntwo\rthree\n\r\n\r\r\nend\r"
CRLF_READ = b"one\ntwo\rthree\n\n\r\nend\r"
CRLF_WRITTEN = b"one\r\ntwo\rthree\r\n\r\n\r\r\nend\r"


@pytest.mark.parametrize("pieces", list(splits(TEXT)), ids=repr)
async def test_crlf_in_every_split(pieces: list[bytes]):
    assert b"".join(await received(pieces, line_ending="crlf")) == CRLF_READ
    assert await sent(pieces, line_ending="crlf") == CRLF_WRITTEN


async def test_cr():
    assert b"".join(await received([TEXT], line_ending="cr")) == TEXT.replace(b"\r", b"\n")
    assert await sent([TEXT], line_ending="cr") == TEXT.replace(b"\n", b"\r")


async def test_bytes_are_kept_as_they_are():
    assert await received([TEXT]) == [TEXT]
    assert await sent([TEXT]) == TEXT


@settings(deadline=None)
@given(st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\r\n", b"ab\n", b""])))
def test_what_is_written_and_read_again_is_the_same_text(pieces: list[bytes]):
    async def there_and_back() -> None:
        written = await sent(pieces, line_ending="crlf")
        assert b"\n" not in written.replace(b"\r\n", b"")
        read = b"".join(await received([written], line_ending="crlf"))
        assert read == b"".join(pieces).replace(b"\r\n", b"\n")

    asyncio.run(there_and_back())


async def test_a_carriage_return_held_back_comes_with_what_follows():
    ours, far = memory_pair()
    stream = ShapedStream(ours, line_ending="crlf")
    await soon(far.send(b"50 %\r"))
    assert await soon(stream.receive()) == b"50 %"
    await soon(far.send(b"60 %"))
    assert await soon(stream.receive()) == b"\r60 %"


async def test_datagrams_are_translated_each_by_itself():
    ours, far = datagram_pair()
    stream = ShapedStream(ours, line_ending="crlf")
    for said, heard in ((b"a\r", b"a\r"), (b"\nb\r\n", b"\nb\n"), (EMPTY_DATAGRAM, b"")):
        await soon(far.send(said))
        assert await soon(stream.receive()) == heard
    for said, heard in ((b"a\r", b"a\r"), (b"\nb", b"\r\nb"), (EMPTY_DATAGRAM, b"")):
        await soon(stream.send(said))
        assert await soon(far.receive()) == heard
    stream = ShapedStream(ours, line_ending="cr")
    await soon(stream.send(EMPTY_DATAGRAM))
    assert await soon(far.receive()) is EMPTY_DATAGRAM


# what counts as the end ---------------------------------------------------------------------------


@pytest.mark.parametrize("pieces", list(splits(b"hello\x1dworld")), ids=repr)
async def test_a_byte_finishes_it_and_the_rest_is_dropped(pieces: list[bytes]):
    assert b"".join(await received(pieces, escape=0x1D)) == b"hello"


@pytest.mark.parametrize("pieces", list(splits(b"hello world")), ids=repr)
@pytest.mark.parametrize("count", [1, 5, 11, 12])
async def test_so_many_bytes_are_read(pieces: list[bytes], count: int):
    assert b"".join(await received(pieces, read_bytes=count)) == b"hello world"[:count]


async def test_the_count_is_of_bytes_before_they_are_translated():
    assert await received([b"a\r\nb"], read_bytes=3, line_ending="crlf") == [b"a\n"]
    assert b"".join(await received([b"a\r\nb"], read_bytes=2, line_ending="crlf")) == b"a\r"


async def test_the_first_of_several_ends_counts():
    assert await received([b"abcdef"], read_bytes=4, escape=ord("c")) == [b"ab"]
    assert await received([b"abcdef"], read_bytes=2, escape=ord("c")) == [b"ab"]
    assert await received([b"cab"], escape=ord("c")) == []


@pytest.mark.parametrize("null_eof", [False, True])
async def test_an_empty_datagram_is_the_end_where_it_is_said_so(null_eof: bool):
    ours, far = datagram_pair()
    stream = ShapedStream(ours, null_eof=null_eof)
    await soon(far.send(b"a"))
    assert await soon(stream.receive()) == b"a"
    await soon(far.send(EMPTY_DATAGRAM))
    got = await soon(stream.receive())
    assert bool(got) is not null_eof
    if null_eof:
        assert await soon(stream.receive()) == b""


class Growing(MemoryStream):
    """A file that grows: at its end it says so, and may have more later."""

    def __init__(self, *pieces: bytes) -> None:
        super().__init__("file")
        self._pieces = list(pieces)

    async def receive(self) -> bytes:
        if not self._pieces:
            return await super().receive()
        return self._pieces.pop(0)


async def test_the_end_is_ignored_and_asked_for_again():
    stream = ShapedStream(Growing(b"a", b"", b"", b"b"), ignore_eof=True, ask_again_seconds=0.001)
    assert await soon(stream.receive()) == b"a"
    assert await soon(stream.receive()) == b"b"
    asking = asyncio.ensure_future(stream.receive())
    await asyncio.wait([asking], timeout=0.01)
    await stream.aclose()
    with pytest.raises(BasculeError):
        await soon(asking)


# what is told as the end --------------------------------------------------------------------------


async def test_none_tells_nothing():
    ours, far = memory_pair()
    stream = ShapedStream(ours, finish="none")
    assert not stream.can_half_close
    await soon(stream.send_eof())
    with pytest.raises(BasculeError):
        await soon(stream.send(b"x"))
    hearing = asyncio.ensure_future(far.receive())
    await asyncio.wait([hearing], timeout=0.01)
    assert not hearing.done()
    await soon(stream.aclose())
    assert await soon(hearing) == b""


@pytest.mark.parametrize("finish", ["usual", "shutdown"])
async def test_usually_the_end_is_told_as_its_kind_does(finish: str):
    ours, far = await tcp_pair()
    stream = ShapedStream(ours, finish=finish)
    assert stream.can_half_close
    await soon(stream.send_eof())
    assert await soon(far.receive()) == b""
    await soon(far.send(b"answer"))
    assert await soon(read_count(stream, 6)) == b"answer"
    for each in (stream, far):
        await soon(each.aclose())


async def test_close_closes_and_that_is_the_end_of_receiving_too():
    ours, far = await tcp_pair()
    stream = ShapedStream(ours, finish="close")
    receiving = asyncio.ensure_future(stream.receive())
    await asyncio.sleep(0)
    await soon(stream.send(b"last"))
    await soon(stream.send_eof())
    await soon(stream.send_eof())
    assert await soon(receiving) == b""
    assert await soon(stream.receive()) == b""
    assert await soon(read_all(far)) == b"last"
    await soon(stream.aclose())
    with pytest.raises(BasculeError):
        await soon(stream.receive())
    await soon(far.aclose())


async def test_close_hides_no_error_that_came_before():
    ours, far = memory_pair()
    stream = ShapedStream(ours, finish="close")
    far.abort()
    with pytest.raises(StreamError) as caught:
        await soon(stream.receive())
    assert caught.value.code is ErrorCode.CONNECTION_RESET


async def test_empty_tells_it_by_an_empty_datagram():
    ours, far = datagram_pair()
    stream = ShapedStream(ours, finish="empty")
    assert stream.can_half_close
    await soon(stream.send_eof())
    await soon(stream.send_eof())
    assert await soon(far.receive()) is EMPTY_DATAGRAM
    with pytest.raises(BasculeError):
        await soon(stream.send(b"x"))
    assert not ShapedStream(memory_pair()[0], finish="empty").can_half_close


@pytest.mark.parametrize("end_close", [False, True])
async def test_where_the_passage_is_over_closing_may_be_all_that_is_told(end_close: bool):
    class Counting(MemoryStream):
        ends = 0

        async def send_eof(self) -> None:
            self.ends += 1

    stream = ShapedStream(Growing(b"a", b""), end_close=end_close)
    inner = Counting("counting")
    stream = ShapedStream(inner, end_close=end_close, escape=0)
    inner._chunk = b"\0"
    assert await soon(stream.receive()) == b""
    await soon(stream.send_eof())
    assert inner.ends == int(not end_close)


async def test_before_the_passage_is_over_the_end_is_told_all_the_same():
    ours, far = memory_pair()
    await soon(ShapedStream(ours, end_close=True).send_eof())
    assert await soon(far.receive()) == b""
