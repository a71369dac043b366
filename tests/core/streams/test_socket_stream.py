"""The stream over a watched socket, and who accepts such sockets: on both loops."""

from __future__ import annotations

import asyncio
import socket
import tracemalloc
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bascule.errors import ErrorCode, StreamError
from bascule.streams import socket_stream
from bascule.streams.base import EMPTY_DATAGRAM, Address
from bascule.streams.poll_loop import PollWatch
from bascule.streams.socket_stream import Acceptor, SocketStream, wake
from bascule.streams.watch import READ_BYTES, watch
from tests.helpers.contract import MEBIBYTE, StreamContract, read_all, read_count, soon
from tests.helpers.descriptors import begun, until
from tests.helpers.exhaustion import refuse_to_watch
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import plain_pair
from tests.helpers.sockets import reset

LOOP_FACTORIES = LOOPS

PEER = Address("peer", 1)


def over(sock: socket.socket) -> SocketStream:
    return SocketStream(sock, PEER, watch(), resets=sock.family != socket.AF_UNIX)


class TestConnected(StreamContract):
    def pair(self) -> tuple[socket.socket, socket.socket]:
        return plain_pair()

    async def open_pair(self) -> tuple[SocketStream, SocketStream]:
        ours, far = self.pair()
        return over(ours), over(far)


class TestAccepted(TestConnected):
    def pair(self) -> tuple[socket.socket, socket.socket]:
        far, ours = plain_pair()
        return ours, far


class TestSocketPair(TestConnected):
    resets = False

    def pair(self) -> tuple[socket.socket, socket.socket]:
        return plain_pair("unix")


class TestByAcceptor(TestConnected):
    """What an acceptor hands on, and who had connected before anybody accepted."""

    async def open_pair(self) -> tuple[SocketStream, SocketStream]:
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        far = socket.create_connection(listening.getsockname())
        far.setblocking(False)
        arrived: asyncio.Queue[tuple[socket.socket, object]] = asyncio.Queue()
        acceptor = Acceptor([listening], lambda *arrival: arrived.put_nowait(arrival))
        sock, name = await soon(arrived.get())
        acceptor.close()
        assert name == far.getsockname()
        assert not sock.getblocking()
        return over(sock), over(far)


type Ends = tuple[SocketStream, socket.socket]


@pytest_asyncio.fixture
async def ends() -> AsyncIterator[Ends]:
    """A stream, and the plain socket at its other end."""
    ours, far = plain_pair()
    stream = over(ours)
    yield stream, far
    stream.abort()
    far.close()
    watching = watch()
    if isinstance(watching, PollWatch):  # nothing is watched any more
        assert (watching._readers, watching._writers) == ({}, {})


async def refused(awaitable: object) -> ErrorCode:
    with pytest.raises(StreamError) as caught:
        await soon(awaitable)
    return caught.value.code


async def stalled(stream: SocketStream) -> asyncio.Task[None]:
    """A send that waits for the reader."""
    return await begun(stream.send(bytes(32 * MEBIBYTE)))


# errors and ends --------------------------------------------------------------------------------


async def test_a_reset_is_told_to_whoever_waits(ends: Ends):
    stream, far = ends
    receiving = await begun(stream.receive())
    reset(far)
    assert await refused(receiving) is ErrorCode.CONNECTION_RESET
    assert await refused(stream.receive()) is ErrorCode.CONNECTION_RESET
    assert await refused(stream.send(b"x")) is ErrorCode.CONNECTION_RESET
    assert await refused(stream.send_eof()) is ErrorCode.CONNECTION_RESET


async def test_what_came_before_a_reset_is_still_given(ends: Ends):
    stream, far = ends
    far.send(b"last words")
    assert await soon(read_count(stream, 10)) == b"last words"
    reset(far)
    assert await refused(stream.receive()) is ErrorCode.CONNECTION_RESET


async def test_a_reset_ends_a_send_that_waits_although_nobody_reads(ends: Ends):
    stream, far = ends
    sending = await stalled(stream)
    reset(far)
    assert await refused(sending) is ErrorCode.CONNECTION_RESET


async def test_finishing_after_a_reset(ends: Ends):
    stream, far = ends
    reset(far)
    await soon(until(lambda: stream.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO) == 7))
    assert await refused(stream.send_eof()) is ErrorCode.CONNECTION_BROKEN


@pytest.mark.parametrize("how", ["aclose", "abort"])
async def test_closing_ends_whoever_waits(how: str, ends: Ends):
    stream, _far = ends
    waiting = [await begun(stream.receive()), await stalled(stream)]
    if how == "abort":
        stream.abort()
    await soon(stream.aclose())
    for task in waiting:
        assert await refused(task) is ErrorCode.CONNECTION_BROKEN
    assert await refused(stream.send_eof()) is ErrorCode.CONNECTION_BROKEN
    assert stream.local == Address("")
    stream.settle()


async def test_closing_and_cancelling_in_one_moment(ends: Ends):
    stream, _far = ends
    waiting = [await begun(stream.receive()), await stalled(stream)]
    for task in waiting:
        task.cancel()
    await stream.aclose()
    other, far = plain_pair()  # whose number may be the one that was freed
    second = over(other)
    receiving = await begun(second.receive())
    await asyncio.wait(waiting)
    assert all(task.cancelled() for task in waiting)
    far.send(b"still watched")
    assert await soon(receiving) == b"still watched"
    await second.aclose()
    far.close()


async def test_the_end_and_what_came_before_it_in_one_moment(ends: Ends):
    stream, far = ends
    far.send(b"bye")
    far.shutdown(socket.SHUT_WR)
    assert await soon(read_all(stream)) == b"bye"
    assert await soon(stream.receive()) == b""


async def test_the_system_may_change_its_mind(ends: Ends):
    """It says that there is something to read, or room, and then there is not."""
    stream, far = ends
    stream._readable()  # nobody has asked yet
    receiving = await begun(stream.receive())
    stream._readable()
    assert not receiving.done()
    far.send(b"now")
    assert await soon(receiving) == b"now"
    sending = await stalled(stream)
    assert stream._sender is not None
    wake(stream._sender)
    await asyncio.wait([sending], timeout=0.02)
    assert not sending.done()
    sending.cancel()
    await asyncio.wait([sending])


async def test_where_the_reset_cannot_be_asked_for_the_connection_still_ends(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
):
    stream, far = ends
    monkeypatch.setattr(socket_stream, "_LINGER_RESET", b"short")
    stream.abort()
    assert await soon(asyncio.get_running_loop().sock_recv(far, 1)) == b""


async def test_its_own_address_is_told(ends: Ends):
    stream, far = ends
    assert str(stream.local) == "{}:{}".format(*far.getpeername())
    assert stream.peer is PEER
    assert not stream.lingers


async def test_an_empty_datagram_is_nothing_to_a_stream_of_bytes(ends: Ends):
    stream, far = ends
    await soon(stream.send(EMPTY_DATAGRAM))
    await soon(stream.send(b"x"))
    assert await soon(asyncio.get_running_loop().sock_recv(far, 10)) == b"x"


# reading no more than is asked for --------------------------------------------------------------


async def test_nothing_is_read_while_nobody_receives(ends: Ends):
    stream, far = ends
    far.send(b"first")
    assert await soon(stream.receive()) == b"first"
    sending = asyncio.ensure_future(
        asyncio.get_running_loop().sock_sendall(far, bytes(64 * MEBIBYTE))
    )
    await asyncio.wait([sending], timeout=0.3)
    assert not sending.done()  # the system takes no more, as nothing is read from it
    assert stream._data == b""
    assert len(await soon(stream.receive())) <= READ_BYTES
    sending.cancel()
    await asyncio.wait([sending])


async def test_a_receive_cancelled_before_anything_came_leaves_it_to_the_system(ends: Ends):
    stream, far = ends
    receiving = await begun(stream.receive())
    receiving.cancel()
    far.send(b"for the next one")
    await asyncio.wait([receiving])
    assert await soon(stream.receive()) == b"for the next one"


async def test_a_receive_cancelled_in_the_moment_something_came_loses_nothing(ends: Ends):
    stream, far = ends
    receiving = await begun(stream.receive())
    far.send(b"kept")
    stream._readable()  # as the loop would call it
    receiving.cancel()
    await asyncio.wait([receiving])
    assert receiving.cancelled()
    far.send(b" and more")
    assert await soon(read_count(stream, 13)) == b"kept and more"


async def test_a_cancelled_send_leaves_the_stream_usable(ends: Ends):
    stream, far = ends
    sending = await stalled(stream)
    sending.cancel()
    await asyncio.wait([sending])
    loop = asyncio.get_running_loop()

    async def drain() -> None:
        while (await loop.sock_recv(far, MEBIBYTE))[-4:] != b"more":
            pass

    draining = asyncio.ensure_future(drain())
    await soon(stream.send(b"more"))
    await soon(draining)


async def test_an_idle_stream_holds_no_buffer():
    watch()  # the buffers that all of this loop share
    tracemalloc.start()
    try:
        pairs = [plain_pair() for _ in range(50)]
        streams = [over(ours) for ours, _far in pairs]
        receiving = [await begun(stream.receive()) for stream in streams[:1]]
        held, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 50 * 8192
    for stream, (_ours, far) in zip(streams, pairs, strict=True):
        stream.abort()
        far.close()
    await asyncio.wait(receiving)
    assert await refused(receiving[0]) is ErrorCode.CONNECTION_BROKEN


async def test_where_it_cannot_be_watched_that_is_the_error(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
):
    stream, far = ends
    sock = stream.sock
    with pytest.raises(BlockingIOError):
        while True:
            sock.send(bytes(65_536))
    with monkeypatch.context() as patch:
        patch.setattr(watch(), "read", refuse_to_watch)
        patch.setattr(watch(), "write", refuse_to_watch)
        assert await refused(stream.receive()) is ErrorCode.CONNECTION_BROKEN
        assert await refused(stream.send(b"x")) is ErrorCode.CONNECTION_BROKEN
    far.send(b"later")
    assert await soon(stream.receive()) == b"later"


# what its options need --------------------------------------------------------------------------


async def test_what_is_to_be_set_later_is_set_once_and_only_on_what_is_open():
    ours, far = plain_pair()
    calls: list[str] = []
    stream = SocketStream(ours, PEER, watch())
    stream.on_settled = lambda _sock: calls.append("settled")
    stream.on_closing = lambda _sock: calls.append("closing")
    stream.settle()
    stream.settle()
    await stream.aclose()
    await stream.aclose()
    assert calls == ["settled", "closing"]
    far.close()


async def test_a_reset_lingers_for_nothing():
    ours, far = plain_pair()
    calls: list[str] = []
    stream = SocketStream(ours, PEER, watch())
    stream.on_settled = lambda _sock: calls.append("settled")
    stream.on_closing = lambda _sock: calls.append("closing")
    stream.abort()
    stream.settle()
    await stream.aclose()
    assert calls == []
    with pytest.raises(ConnectionResetError):
        await soon(asyncio.get_running_loop().sock_recv(far, 1))
    far.close()


# handing over -----------------------------------------------------------------------------------


@pytest.mark.parametrize("used", [False, True])
async def test_the_socket_may_be_handed_over_and_the_stream_still_closes_it(used: bool, ends: Ends):
    stream, far = ends
    if used:
        receiving = await begun(stream.receive())
        receiving.cancel()
        await asyncio.wait([receiving])
    assert stream._watched is used
    assert stream.fd == stream.sock.fileno()
    assert stream.hand_over()
    assert not stream._watched
    far.send(b"x")
    stream.close()
    assert stream.sock.fileno() == -1
    stream.close()


@pytest.mark.parametrize("why", ["held", "ended", "finished", "closed", "broken"])
async def test_it_is_not_where_something_has_happened(why: str, ends: Ends):
    stream, far = ends
    if why == "held":
        receiving = await begun(stream.receive())
        far.send(b"kept")
        stream._readable()
        receiving.cancel()
        await asyncio.wait([receiving])
    elif why == "ended":
        far.shutdown(socket.SHUT_WR)
        assert await soon(stream.receive()) == b""
    elif why == "finished":
        await soon(stream.send_eof())
    elif why == "closed":
        await soon(stream.aclose())
    else:
        reset(far)
        assert await refused(stream.receive()) is ErrorCode.CONNECTION_RESET
    assert not stream.hand_over()
    if why == "held":  # it goes on as before
        assert await soon(stream.receive()) == b"kept"
