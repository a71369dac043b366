"""The stream over a transport, on both loops: resets, cuts, and calls in an unusual order."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import pytest
import pytest_asyncio

from bascule.errors import ErrorCode, StreamError
from bascule.streams.transport import READ_BYTES, TransportStream
from tests.helpers.contract import MEBIBYTE, StreamContract, read_all, read_count, soon
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import plain_pair
from tests.helpers.sockets import descriptors, reset

LOOP_FACTORIES = LOOPS


async def stream_over(sock: socket.socket) -> TransportStream:
    loop = asyncio.get_running_loop()
    _transport, stream = await loop.create_connection(TransportStream, sock=sock)
    return stream


class TestContract(StreamContract):
    async def open_pair(self) -> tuple[TransportStream, TransportStream]:
        ours, far = plain_pair()
        return await stream_over(ours), await stream_over(far)

    async def test_has_a_peer(self):
        stream = TransportStream()
        assert str(stream.local) == ""
        assert str(stream.peer) == ""  # whoever makes it says who it is


@pytest_asyncio.fixture
async def ends() -> AsyncIterator[tuple[TransportStream, socket.socket]]:
    """A stream, and the plain socket at its other end."""
    ours, far = plain_pair()
    stream = await stream_over(ours)
    yield stream, far
    stream.abort()
    await soon(stream.aclose())
    far.close()


type Ends = tuple[TransportStream, socket.socket]


async def refused(awaitable: object) -> ErrorCode:
    with pytest.raises(StreamError) as caught:
        await soon(awaitable)
    return caught.value.code


async def test_before_it_is_made_it_is_closed():
    stream = TransportStream()
    assert await refused(stream.receive()) is ErrorCode.CONNECTION_BROKEN
    assert await refused(stream.send(b"x")) is ErrorCode.CONNECTION_BROKEN
    stream.abort()
    await soon(stream.aclose())


async def test_our_own_end_has_its_address(ends: Ends):
    stream, far = ends
    name = "{}:{}".format(*far.getpeername())
    assert str(stream.local) == name
    reset(far)
    await until(stream.has_left)
    assert str(stream.local) == name  # it is told of what has broken, too


@pytest.mark.parametrize("leave", [socket.socket.close, reset])
async def test_who_goes_without_a_word_has_left(ends: Ends, leave: Callable[[socket.socket], None]):
    stream, far = ends
    assert not stream.has_left()
    leave(far)
    await until(stream.has_left)


async def test_who_has_spoken_is_there(ends: Ends):
    stream, far = ends
    far.send(b"word")
    far.shutdown(socket.SHUT_WR)
    await until(lambda: stream._chunks)
    assert not stream.has_left()
    assert await soon(read_all(stream)) == b"word"


async def test_whoever_made_it_hears_once_when_it_can_be_used():
    made: list[TransportStream] = []
    ours, far = plain_pair()
    loop = asyncio.get_running_loop()
    _transport, stream = await loop.create_connection(
        lambda: TransportStream(on_made=made.append), sock=ours
    )
    assert made == [stream]
    await soon(stream.aclose())
    far.close()


async def test_writing_that_goes_on_wakes_nobody_where_nobody_waits():
    stream = TransportStream()
    stream.pause_writing()
    stream.resume_writing()


async def test_a_reset_is_told_to_whoever_waits(ends: Ends):
    stream, far = ends
    receiving = asyncio.ensure_future(stream.receive())
    await asyncio.wait([receiving], timeout=0)
    reset(far)
    assert await refused(receiving) is ErrorCode.CONNECTION_RESET
    assert await refused(stream.receive()) is ErrorCode.CONNECTION_RESET
    assert await refused(stream.send(b"x")) is ErrorCode.CONNECTION_RESET
    assert await refused(stream.send_eof()) is ErrorCode.CONNECTION_RESET
    stream.abort()
    await soon(stream.aclose())


async def test_what_came_before_a_reset_is_still_given(ends: Ends):
    stream, far = ends
    far.send(b"last words")
    assert await soon(read_count(stream, 10)) == b"last words"
    reset(far)
    assert await refused(stream.receive()) is ErrorCode.CONNECTION_RESET


async def flood(send: Callable[[bytes], Awaitable[None]], pieces: list[int] | None = None) -> None:
    """Send until nothing more is taken. Windows takes one piece whole, however large it is."""
    while True:
        if pieces is not None:
            pieces.append(READ_BYTES)
        await send(bytes(READ_BYTES))


async def test_a_reset_ends_a_send_that_waits(ends: Ends):
    stream, far = ends
    sending = asyncio.ensure_future(flood(stream.send))
    await asyncio.wait([sending], timeout=0.1)
    assert not sending.done()
    reset(far)
    assert await refused(sending) is ErrorCode.CONNECTION_RESET


async def test_closing_ends_a_send_that_waits(ends: Ends):
    stream, _far = ends
    sending = asyncio.ensure_future(flood(stream.send))
    await asyncio.wait([sending], timeout=0.1)
    stream.abort()
    assert await refused(sending) is ErrorCode.CONNECTION_BROKEN


async def test_closing_ends_a_receive_that_waits(ends: Ends):
    stream, _far = ends
    receiving = asyncio.ensure_future(stream.receive())
    await asyncio.wait([receiving], timeout=0)
    await soon(stream.aclose())
    assert await refused(receiving) is ErrorCode.CONNECTION_BROKEN


async def test_two_may_wait_for_the_same_close(ends: Ends):
    stream, far = ends
    pieces: list[int] = []
    sending = asyncio.ensure_future(flood(stream.send, pieces))
    await asyncio.wait([sending], timeout=0.1)
    sending.cancel()
    await asyncio.wait([sending])
    closing = [asyncio.ensure_future(stream.aclose()) for _ in range(3)]
    await asyncio.wait(closing, timeout=0.1)
    closing[0].cancel()  # it waits no longer; the others do
    await asyncio.wait(closing[:1])
    assert not closing[1].done()
    loop = asyncio.get_running_loop()
    got = 0
    while data := await soon(loop.sock_recv(far, MEBIBYTE)):
        got += len(data)
    assert got == sum(pieces)  # an orderly close loses nothing
    await soon(asyncio.wait(closing))
    assert closing[1].result() is None


async def test_a_cancelled_send_leaves_the_stream_closable(ends: Ends):
    stream, far = ends
    sending = asyncio.ensure_future(stream.send(bytes(8 * MEBIBYTE)))
    await asyncio.wait([sending], timeout=0.1)
    sending.cancel()
    await asyncio.wait([sending])
    loop = asyncio.get_running_loop()
    got = 0
    while got < 8 * MEBIBYTE:
        got += len(await soon(loop.sock_recv(far, MEBIBYTE)))
    await soon(stream.send(b"more"))
    assert await soon(loop.sock_recv(far, 10)) == b"more"


async def test_the_end_and_what_came_before_it_in_one_moment(ends: Ends):
    stream, far = ends
    far.send(b"bye")
    far.shutdown(socket.SHUT_WR)
    assert await soon(read_all(stream)) == b"bye"
    far.close()


async def test_the_end_wakes_whoever_waits(ends: Ends):
    stream, far = ends
    receiving = asyncio.ensure_future(stream.receive())
    await asyncio.wait([receiving], timeout=0)
    far.shutdown(socket.SHUT_WR)
    assert await soon(receiving) == b""


async def test_finishing_on_a_connection_that_was_just_reset(ends: Ends):
    stream, far = ends
    reset(far)  # the loop has not heard of it
    try:
        await soon(stream.send_eof())
    except StreamError as exc:
        error = exc
    else:  # uvloop finishes later, and the next call hears of it
        assert await refused(stream.receive()) is ErrorCode.CONNECTION_RESET
        return
    assert error.code in {ErrorCode.CONNECTION_RESET, ErrorCode.CONNECTION_BROKEN}


async def test_what_the_loop_has_given_up_takes_nothing_more(ends: Ends):
    # winloop closes the connection at the first error, tells of it a turn later, and until then
    # raises RuntimeError where it is written to; asyncio loses what is written.
    stream, _far = ends
    assert stream._transport is not None
    stream._transport.abort()
    assert await refused(stream.send(b"x")) is ErrorCode.CONNECTION_BROKEN
    assert await refused(stream.send_eof()) is ErrorCode.CONNECTION_BROKEN


async def test_the_end_is_not_told_over_what_the_loop_has_given_up(ends: Ends):
    stream, _far = ends
    assert stream._transport is not None
    stream._transport.abort()
    assert await refused(stream.send_eof()) is ErrorCode.CONNECTION_BROKEN


async def test_a_read_more_than_was_asked_for_is_kept():
    # uvloop may deliver one more chunk after reading was paused.
    stream = TransportStream()
    for chunk in (b"one", b"two"):
        stream.get_buffer(-1)[:3] = chunk
        stream.buffer_updated(3)
    assert await soon(stream.receive()) == b"onetwo"


async def test_reading_pauses_while_nobody_receives(ends: Ends):
    stream, far = ends
    loop = asyncio.get_running_loop()
    sending = asyncio.ensure_future(flood(partial(loop.sock_sendall, far)))
    await asyncio.wait([sending], timeout=0.3)
    assert not sending.done()  # the system takes no more, as nothing is read from it
    assert len(await soon(stream.receive())) <= 2 * READ_BYTES
    sending.cancel()
    await asyncio.wait([sending])


async def test_a_connection_lost_by_what_the_system_does_not_know(ends: Ends):
    stream, _far = ends
    stream.abort()
    await soon(stream.aclose())
    stream.connection_lost(RuntimeError("the loop is gone"))
    with pytest.raises(StreamError, match="the loop is gone") as caught:
        await soon(stream.receive())
    assert caught.value.code is ErrorCode.CONNECTION_BROKEN


async def test_a_connection_lost_by_the_network(ends: Ends):
    stream, _far = ends
    stream.abort()
    await soon(stream.aclose())
    stream.connection_lost(OSError(errno.EHOSTUNREACH, "No route to host"))
    with pytest.raises(StreamError, match="No route to host"):
        await soon(stream.send(b"x"))


async def test_waiters_that_gave_up_are_not_woken():
    stream = TransportStream()
    reading = stream._receiver = asyncio.get_running_loop().create_future()
    reading.cancel()
    stream.connection_lost(None)
    assert reading.cancelled()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes the others' form as well")
async def test_where_the_reset_cannot_be_asked_for_the_connection_still_ends(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
):
    stream, far = ends
    monkeypatch.setattr("sys.platform", "win32")  # whose form of the option Linux refuses
    stream.abort()
    monkeypatch.undo()
    await soon(stream.aclose())
    assert await soon(asyncio.get_running_loop().sock_recv(far, 1)) == b""


@pytest.mark.skipif(sys.platform == "win32", reason="Python has no Unix sockets there")
async def test_a_unix_socket_is_aborted_too():
    ours, far = socket.socketpair()
    loop = asyncio.get_running_loop()
    far.setblocking(False)
    _transport, stream = await loop.create_unix_connection(TransportStream, sock=ours)
    stream.abort()
    assert await soon(loop.sock_recv(far, 1)) == b""
    await soon(stream.aclose())
    far.close()


async def test_an_idle_stream_holds_no_buffer():
    assert TransportStream()._buffer is TransportStream()._buffer  # one for the loop
    await open_and_close(1)  # what the loop itself opens at first use
    before = len(descriptors())
    assert await open_and_close(50) < 50 * 16_384
    assert len(descriptors()) == before


async def open_and_close(count: int) -> int:
    """How many bytes of ours so many open streams hold."""
    tracemalloc.start()
    try:
        pairs: list[Ends] = []
        for _ in range(count):
            ours, far = plain_pair()
            pairs.append((await stream_over(ours), far))
        held, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    for stream, far in pairs:
        stream.abort()
        await soon(stream.aclose())
        far.close()
    return held
