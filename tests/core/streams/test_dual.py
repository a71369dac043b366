"""Two streams as one: what is read from the first, what is written to the second."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import DialError, ErrorCode
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.built_in import BuiltInDialer, DiscardStream, EchoStream
from bascule.streams.dual import DualDialer, DualStream
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.tcp import TcpDialer
from tests.helpers.contract import StreamContract, read_all, soon
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import LOCAL, datagram_pair, tcp_pair
from tests.helpers.ports import free_port

LOOP_FACTORIES = LOOPS


class TestTwoTcpConnections(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        reading, far_writing = await tcp_pair()
        writing, far_reading = await tcp_pair()
        return DualStream(reading, writing), DualStream(far_reading, far_writing)


class TestDatagrams(StreamContract):
    datagrams = True
    resets = False
    tells_closing = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        return datagram_pair()


async def test_it_reads_the_first_and_writes_the_second():
    reading, first = memory_pair()
    writing, second = memory_pair()
    dual = DualStream(reading, writing)
    assert dual.peer == Address("memory:1 and memory:1")
    await soon(first.send(b"in"))
    assert await soon(dual.receive()) == b"in"
    await soon(dual.send(b"out"))
    await soon(dual.send_eof())
    assert await soon(read_all(second)) == b"out"
    await soon(first.send(b"more"))
    assert await soon(dual.receive()) == b"more"
    await soon(dual.aclose())
    assert await soon(first.receive()) == b""


class Marked(MemoryStream):
    """One with an address of its own that counts how often it was told to settle."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.settled = 0

    @property
    def local(self) -> Address:
        return Address("our " + self.peer.host)

    def settle(self) -> None:
        self.settled += 1


async def test_it_is_what_its_halves_are():
    reading, writing = Marked("r"), Marked("w")
    dual = DualStream(reading, writing)
    assert dual.local == Address("our w")
    dual.settle()
    assert (reading.settled, writing.settled) == (1, 1)
    one_way = DualStream(DiscardStream(), EchoStream())
    assert not one_way.can_receive
    assert one_way.can_send
    assert not one_way.lingers


async def test_both_are_closed_even_if_the_first_cannot_be_waited_for():
    reading, first = memory_pair()

    class Slow(MemoryStream):
        async def aclose(self) -> None:
            await asyncio.Event().wait()

    dual = DualStream(reading, Slow("slow"))
    closing = asyncio.ensure_future(dual.aclose())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.wait([closing])
    assert await soon(first.receive()) == b""


class Recording(Dialer):
    """Gives one end of a pair, and keeps the other."""

    def __init__(self, name: str, log: list[str], *, exclusive: bool = False) -> None:
        self.label = name
        self.exclusive = exclusive
        self._log = log
        self.far: MemoryStream | None = None

    async def check(self) -> None:
        self._log.append(f"check {self.label}")

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        self._log.append(f"dial {self.label}")
        ours, self.far = memory_pair()
        return ours


async def test_dialing_opens_the_first_then_the_second():
    log: list[str] = []
    dialer = DualDialer(Recording("a", log), Recording("b", log, exclusive=True))
    assert dialer.label == "a and b"
    assert dialer.exclusive
    await dialer.check()
    assert isinstance(await dialer.dial(), DualStream)
    assert log == ["check a", "check b", "dial a", "dial b"]
    assert not DualDialer(Recording("a", log), BuiltInDialer("echo", EchoStream)).exclusive


async def test_where_the_second_fails_the_first_is_closed():
    first = Recording("a", [])
    with pytest.raises(DialError) as caught:
        await soon(DualDialer(first, TcpDialer(LOCAL, free_port())).dial())
    assert caught.value.code is ErrorCode.CONNECTION_REFUSED
    assert first.far is not None
    with pytest.raises(Exception, match="reset"):
        await soon(first.far.receive())
