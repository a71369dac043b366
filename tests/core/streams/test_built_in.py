"""The ends that Bascule is itself: echo, discard, a text, silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bascule.errors import BasculeError
from bascule.events import Stage, StageResult
from bascule.streams.base import EMPTY_DATAGRAM, Stream
from bascule.streams.built_in import (
    BuiltInDialer,
    DiscardStream,
    EchoStream,
    StallStream,
    TextStream,
)
from tests.helpers.contract import StreamContract, random_bytes, read_all, soon
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import datagram_pair

LOOP_FACTORIES = LOOPS

MAKERS = [EchoStream, DiscardStream, lambda: TextStream(b"hello"), StallStream]


class TestTwoEchoesAsAPair(StreamContract):
    """An echo has no far end; two of them, crossed, are a way there and a way back."""

    datagrams = True
    resets = False
    tells_closing = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        return datagram_pair()


async def turn() -> None:
    """Let everything run that can."""
    for _ in range(5):
        await asyncio.sleep(0)


# what all of them keep ----------------------------------------------------------------------------


@pytest.mark.parametrize("make", MAKERS)
async def test_closing_twice_is_quiet_and_the_end_of_it(make: Callable[[], Stream]):
    stream = make()
    assert str(stream.peer)
    assert not stream.lingers
    await soon(stream.aclose())
    await soon(stream.aclose())
    stream.abort()
    for call in (stream.receive, stream.send_eof, lambda: stream.send(b"x")):
        with pytest.raises(BasculeError):
            await soon(call())


@pytest.mark.parametrize("make", MAKERS)
async def test_after_finishing_nothing_can_be_sent(make: Callable[[], Stream]):
    stream = make()
    await soon(stream.send_eof())
    await soon(stream.send_eof())
    with pytest.raises(BasculeError):
        await soon(stream.send(b"too late"))


@pytest.mark.parametrize("make", [EchoStream, lambda: TextStream(b"x", after_request=True)])
async def test_closing_ends_whoever_waits_for_something(make: Callable[[], Stream]):
    stream = make()
    waiting = asyncio.ensure_future(stream.receive())
    await turn()
    await stream.aclose()
    with pytest.raises(BasculeError):
        await soon(waiting)


@pytest.mark.parametrize("make", MAKERS)
async def test_dialing_gives_a_new_one_each_time(make: Callable[[], Stream]):
    dialer = BuiltInDialer("thing", make)
    steps: list[StageResult] = []
    first, second = await dialer.dial(steps.append), await dialer.dial()
    assert first is not second
    assert type(first) is type(make())
    assert [(step.stage, step.subject, step.done) for step in steps] == [
        (Stage.CONNECT, "thing", False),
        (Stage.CONNECT, "thing", True),
    ]


# echo ---------------------------------------------------------------------------------------------


async def test_echo_gives_back_chunk_by_chunk_and_the_end():
    echo = EchoStream()
    for chunk in (b"one", EMPTY_DATAGRAM, b"two"):
        await soon(echo.send(chunk))
        assert await soon(echo.receive()) is chunk
    await soon(echo.send(b"three"))
    await soon(echo.send_eof())
    assert await soon(read_all(echo)) == b"three"
    assert await soon(echo.receive()) == b""


async def test_echo_holds_one_chunk_and_whoever_sends_waits():
    echo = EchoStream()
    await soon(echo.send(b""))
    await soon(echo.send(b"one"))
    sending = asyncio.ensure_future(echo.send(b"two"))
    await turn()
    assert not sending.done()
    assert await soon(echo.receive()) == b"one"
    await soon(sending)
    assert await soon(echo.receive()) == b"two"


async def test_closing_ends_whoever_waits_to_send():
    echo = EchoStream()
    await soon(echo.send(b"one"))
    sending = asyncio.ensure_future(echo.send(b"two"))
    await turn()
    echo.abort()
    with pytest.raises(BasculeError):
        await soon(sending)


# discard ------------------------------------------------------------------------------------------


async def test_discard_takes_everything_and_has_nothing_to_say():
    discard = DiscardStream()
    assert not discard.can_receive
    assert await soon(discard.receive()) == b""
    await soon(discard.send(b"x" * 1_000_000))
    assert await soon(discard.receive()) == b""


# text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 5, 64 * 1024, 200_001])
async def test_text_is_said_once_then_comes_the_end(size: int):
    said = random_bytes(size)
    text = TextStream(said)
    await soon(text.send(b"whatever"))
    assert await soon(read_all(text)) == said
    assert await soon(text.receive()) == b""


@pytest.mark.parametrize("request_", [b"GET /", EMPTY_DATAGRAM])
async def test_text_after_a_request_waits_for_it(request_: bytes):
    text = TextStream(b"hello", after_request=True)
    waiting = asyncio.ensure_future(text.receive())
    await soon(text.send(b""))
    await turn()
    assert not waiting.done()
    await soon(text.send(request_))
    assert await soon(waiting) == b"hello"
    assert await soon(text.receive()) == b""


async def test_text_after_a_request_that_never_comes_is_not_said():
    text = TextStream(b"hello", after_request=True)
    waiting = asyncio.ensure_future(text.receive())
    await turn()
    await soon(text.send_eof())
    assert await soon(waiting) == b""


# stall --------------------------------------------------------------------------------------------


async def test_stall_says_nothing_and_takes_nothing_until_it_is_closed():
    stall = StallStream()
    receiving = asyncio.ensure_future(stall.receive())
    sending = asyncio.ensure_future(stall.send(b"x"))
    await turn()
    await soon(stall.send_eof())
    await turn()
    assert not receiving.done()
    assert not sending.done()
    stall.abort()
    for waiting in (receiving, sending):
        with pytest.raises(BasculeError):
            await soon(waiting)
