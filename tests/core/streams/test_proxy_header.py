"""The PROXY header around real connections: who a stream says it is, and who is told of it."""

from __future__ import annotations

import asyncio
import contextvars

import pytest

from bascule.errors import BasculeError, ErrorCode, HandshakeError, StreamError
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.origin import Origin, set_origin
from bascule.streams.proxy_header import ProxyHeaderDialer, ProxyHeaderListener, header
from bascule.streams.tcp import TcpDialer, TcpListener
from tests.helpers.contract import StreamContract, read_all, read_count, soon
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import LOCAL
from tests.helpers.stepping import splits

LOOP_FACTORIES = LOOPS

LINE = b"PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n"
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


class Arrival:
    """One who arrives at a listener that wants the header, and what is made of it."""

    async def __aenter__(self) -> Arrival:
        arrived: asyncio.Queue[Stream] = asyncio.Queue()
        self.listener = ProxyHeaderListener(TcpListener(LOCAL, 0), timeout_seconds=self.seconds)
        (address,) = await self.listener.start(arrived.put_nowait)
        self.client = await soon(TcpDialer(LOCAL, address.port or 0).dial())
        self.stream = await soon(arrived.get())
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for stream in (self.client, self.stream):
            stream.abort()
            await soon(stream.aclose())
        await self.listener.aclose()
        await self.listener.aclose()

    def __init__(self, seconds: float = 20.0) -> None:
        self.seconds = seconds

    async def welcomed(self) -> Stream:
        return await soon(self.listener.welcome(self.stream))

    async def refused(self) -> BasculeError:
        with pytest.raises(HandshakeError) as caught:
            await self.welcomed()
        with pytest.raises(StreamError):  # it was closed
            await soon(self.stream.send(b"x"))
        return caught.value


class TestAfterTheHeader(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        arrival = await Arrival().__aenter__()
        await arrival.client.send(LINE)
        stream = await arrival.welcomed()
        await arrival.listener.aclose()
        return stream, arrival.client


class TestWithBytesBehindTheHeader(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        arrival = await Arrival().__aenter__()
        await arrival.client.send(LINE + b"hello")
        stream = await arrival.welcomed()
        assert await read_count(stream, 5) == b"hello"
        await arrival.listener.aclose()
        return stream, arrival.client


# reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pieces", [[LINE + b"hello"], *list(splits(LINE + b"hello"))[::9]])
async def test_the_peer_is_who_the_header_says(pieces: list[bytes]):
    async with Arrival() as arrival:
        welcoming = asyncio.ensure_future(arrival.welcomed())
        for piece in pieces:
            await soon(arrival.client.send(piece))
        stream = await soon(welcoming)
        assert stream.peer == Address("192.168.0.1", 56324)
        assert stream.local == arrival.stream.local
        assert await soon(read_count(stream, 5)) == b"hello"


@pytest.mark.parametrize(
    "sent", [b"PROXY UNKNOWN\r\n", SIGNATURE + b"\x20\0\0\0", SIGNATURE + b"\x21\0\0\1x"]
)
async def test_without_an_address_the_peer_is_who_has_connected(sent: bytes):
    async with Arrival() as arrival:
        before = arrival.stream.peer
        await soon(arrival.client.send(sent))
        assert (await arrival.welcomed()).peer == before


async def test_a_path_is_a_peer_without_a_port():
    block = b"/run/client".ljust(108, b"\0") + b"/run/server".ljust(108, b"\0")
    async with Arrival() as arrival:
        await soon(arrival.client.send(SIGNATURE + b"\x21\x31\x00\xd8" + block))
        assert (await arrival.welcomed()).peer == Address("/run/client", None)


async def test_who_sends_something_else_is_closed():
    async with Arrival() as arrival:
        peer = str(arrival.stream.peer)
        await soon(arrival.client.send(b"GET / HTTP/1.1\r\n\r\n"))
        error = await arrival.refused()
        assert error.code is ErrorCode.PROXY_HEADER_WRONG
        assert error.message == f"{peer}: this is not a PROXY header: it does not begin with one"
        assert error.facts["peer"] == peer


async def test_who_sends_nothing_is_closed_after_the_time_limit():
    async with Arrival(seconds=0.05) as arrival:
        await soon(arrival.client.send(LINE[:20]))
        error = await arrival.refused()
        assert (error.code, error.facts["seconds"]) == (ErrorCode.TIMED_OUT, 0.05)
        assert error.message.endswith("sends no PROXY header within 0.05 seconds")


async def test_who_goes_away_is_closed():
    async with Arrival() as arrival:
        await soon(arrival.client.send(LINE[:20]))
        await soon(arrival.client.send_eof())
        error = await arrival.refused()
        assert error.code is ErrorCode.HANDSHAKE_CUT


async def test_who_resets_is_closed():
    async with Arrival() as arrival:
        arrival.client.abort()
        error = await arrival.refused()
        assert error.code is ErrorCode.HANDSHAKE_CUT
        assert error.facts["why"] == "the other side reset the connection"


async def test_cancelled_while_it_waits_the_arrival_is_closed():
    async with Arrival() as arrival:
        welcoming = asyncio.ensure_future(arrival.listener.welcome(arrival.stream))
        await asyncio.wait([welcoming], timeout=0.01)
        welcoming.cancel()
        await asyncio.wait([welcoming])
        with pytest.raises(StreamError):
            await soon(arrival.client.receive())


# writing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "peer", "local", "expected"),
    [
        (
            "v1",
            Address("10.0.0.1", 4000),
            Address("10.0.0.2", 80),
            b"PROXY TCP4 10.0.0.1 10.0.0.2 4000 80\r\n",
        ),
        (
            "v1",
            Address("::ffff:10.0.0.1", 4000),
            Address("::ffff:10.0.0.2", 80),
            b"PROXY TCP4 10.0.0.1 10.0.0.2 4000 80\r\n",
        ),
        (
            "v1",
            Address("fe80::1%eth0", 4000),
            Address("fe80::2%eth0", 80),
            b"PROXY TCP6 fe80::1 fe80::2 4000 80\r\n",
        ),
        (
            "v2",
            Address("10.0.0.1", 4000),
            Address("10.0.0.2", 80),
            SIGNATURE + b"\x21\x11\x00\x0c\x0a\0\0\x01\x0a\0\0\x02\x0f\xa0\0\x50",
        ),
        ("v1", Address("/run/client"), Address("10.0.0.2", 80), b"PROXY UNKNOWN\r\n"),
        ("v1", Address("10.0.0.1"), Address("10.0.0.2", 80), b"PROXY UNKNOWN\r\n"),
        ("v2", Address("COM5"), Address(""), SIGNATURE + b"\x20\0\0\0"),
    ],
)
def test_the_header_of_a_connection(version: str, peer: Address, local: Address, expected: bytes):
    assert header(version, peer, local) == expected


class MemoryDialer(Dialer):
    label = "memory"
    exclusive = True

    def __init__(self) -> None:
        self.ours, self.far = memory_pair()
        self.checked = 0

    async def check(self) -> None:
        self.checked += 1

    async def dial(self, progress: Progress = ignore_progress) -> MemoryStream:
        return self.ours


def dialed_for(origin: Origin, begin: Dialer) -> asyncio.Task[Stream]:
    """Dial for somebody."""
    context = contextvars.copy_context()
    context.run(set_origin, origin)
    return asyncio.get_running_loop().create_task(begin.dial(), context=context)


async def test_a_target_is_told_for_whom_it_is_dialed():
    inner = MemoryDialer()
    dialer = ProxyHeaderDialer(inner, "v1")
    assert (dialer.label, dialer.exclusive) == ("memory", True)
    await dialer.check()
    assert inner.checked == 1
    origin = Origin(Address("10.0.0.1", 4000), Address("10.0.0.2", 80))
    stream = await soon(dialed_for(origin, dialer))
    assert stream is inner.ours
    assert await soon(inner.far.receive()) == b"PROXY TCP4 10.0.0.1 10.0.0.2 4000 80\r\n"
    nobody = MemoryDialer()
    await soon(ProxyHeaderDialer(nobody, "v2").dial())
    assert await soon(nobody.far.receive()) == SIGNATURE + b"\x20\0\0\0"


async def test_a_target_that_is_gone_by_then():
    inner = MemoryDialer()
    inner.far.abort()
    with pytest.raises(HandshakeError) as caught:
        await soon(ProxyHeaderDialer(inner, "v1").dial())
    assert caught.value.code is ErrorCode.HANDSHAKE_CUT
    assert caught.value.message == "memory: the other side reset the connection"
    with pytest.raises(StreamError, match="closed"):
        await soon(inner.ours.receive())


async def test_from_one_of_ours_to_another_the_peer_stays_who_it_is():
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    listener = ProxyHeaderListener(TcpListener(LOCAL, 0))
    (address,) = await listener.start(arrived.put_nowait)
    origin = Origin(Address("192.0.2.7", 1234), Address("192.0.2.8", 80))
    ours = await soon(
        dialed_for(origin, ProxyHeaderDialer(TcpDialer(LOCAL, address.port or 0), "v2"))
    )
    stream = await soon(listener.welcome(await soon(arrived.get())))
    assert stream.peer == Address("192.0.2.7", 1234)
    await soon(ours.send(b"hello"))
    await soon(ours.send_eof())
    assert await soon(read_all(stream)) == b"hello"
    for each in (ours, stream):
        await soon(each.aclose())
    await listener.aclose()
