"""A stream around another one: it keeps the contract, and says of itself what that one says."""

from __future__ import annotations

from collections.abc import Callable

from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.layer import Layer, LayerDialer, LayerListener
from bascule.streams.memory import MemoryStream, memory_pair
from tests.helpers.contract import StreamContract, soon
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import datagram_pair, tcp_pair

LOOP_FACTORIES = LOOPS


class TestOverTcp(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = await tcp_pair()
        return Layer(ours), far


class TestOverDatagrams(StreamContract):
    datagrams = True
    resets = False
    tells_closing = False
    bulk_bytes = 100_000

    async def open_pair(self) -> tuple[Stream, Stream]:
        ours, far = datagram_pair()
        return Layer(ours), far


class Odd(MemoryStream):
    """One that differs in everything a stream may say of itself."""

    can_half_close = False
    can_receive = False
    can_send = False
    lingers = False
    datagrams = True

    def __init__(self) -> None:
        super().__init__("odd")
        self.settled = 0

    @property
    def local(self) -> Address:
        return Address("here", 1)

    def settle(self) -> None:
        self.settled += 1


async def test_it_says_what_the_inner_one_says():
    inner = Odd()
    layer = Layer(inner)
    assert layer.peer is inner.peer
    assert layer.local == Address("here", 1)
    assert not (layer.can_half_close or layer.can_receive or layer.can_send or layer.lingers)
    assert layer.datagrams
    layer.settle()
    assert inner.settled == 1


class OneDialer(Dialer):
    label = "one"
    exclusive = True

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.checked = 0

    async def check(self) -> None:
        self.checked += 1

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        return self.stream


async def test_a_dialer_gives_its_streams_in_a_layer():
    ours, far = memory_pair()
    inner = OneDialer(ours)
    dialer = LayerDialer(inner, Layer)
    assert (dialer.label, dialer.exclusive) == ("one", True)
    await dialer.check()
    assert inner.checked == 1
    stream = await dialer.dial()
    assert isinstance(stream, Layer)
    await soon(stream.send(b"x"))
    assert await soon(far.receive()) == b"x"


class OneListener(Listener):
    def __init__(self) -> None:
        self.welcomed: list[Stream] = []
        self.closed = 0

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        on_arrival(memory_pair()[0])
        return (Address("here"),)

    async def welcome(self, stream: Stream) -> Stream:
        self.welcomed.append(stream)
        return stream

    async def aclose(self) -> None:
        self.closed += 1


async def test_a_listener_gives_its_streams_in_a_layer_once_they_are_welcomed():
    inner = OneListener()
    listener = LayerListener(inner, Layer)
    arrived: list[Stream] = []
    assert await listener.start(arrived.append) == (Address("here"),)
    assert isinstance(await listener.welcome(arrived[0]), Layer)
    assert inner.welcomed == arrived
    await listener.aclose()
    assert inner.closed == 1
