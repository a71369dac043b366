"""A stream that speaks a protocol itself: what goes in and out, who waits for whom, how it ends."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import BasculeError
from bascule.protocols.steps import (
    Deliver,
    EndOfStream,
    Read,
    Serving,
    Steps,
    TooLate,
    Within,
    Write,
)
from bascule.streams.answering import AnsweringStream
from bascule.streams.base import Stream
from bascule.streams.dual import DualStream
from tests.helpers.contract import StreamContract, read_all, soon
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS


def copied() -> Steps[None]:
    """Say every byte again."""
    while True:
        try:
            byte = yield Read(1)
        except EndOfStream:
            return
        yield Write(byte)


class TestTwoThatSayEverythingAgain(StreamContract):
    """One has no far end; two of them, crossed, are a way there and a way back."""

    resets = False
    tells_closing = False
    bulk_bytes = 400_000

    async def open_pair(self) -> tuple[Stream, Stream]:
        up, down = AnsweringStream("up", copied()), AnsweringStream("down", copied())
        return DualStream(down, up), DualStream(up, down)


def greeting(heard: list[bytes]) -> Steps[None]:
    """Greet, ask for three bytes, then for four, and say good bye."""
    yield Write(b"hello\n")
    for count in (3, 4):
        try:
            heard.append((yield Read(count)))
        except EndOfStream as end:
            heard.append(end.partial + b" and the end")
            return
    yield Write(b"bye\n")


async def test_it_begins_without_being_asked_and_ends_when_its_steps_do():
    heard: list[bytes] = []
    stream = AnsweringStream("greeting", greeting(heard))
    assert str(stream.peer) == "greeting"
    assert await soon(stream.receive()) == b"hello\n"
    rest = asyncio.ensure_future(read_all(stream))
    for piece in (b"o", b"ne", b"four", b"what nobody asks for"):
        await soon(stream.send(piece))
    assert await soon(rest) == b"bye\n"
    assert heard == [b"one", b"four"]
    await soon(stream.send(b"and more of it"))
    await soon(stream.send_eof())
    assert await soon(stream.receive()) == b""
    await soon(stream.aclose())


async def test_its_steps_hear_of_the_end():
    heard: list[bytes] = []
    stream = AnsweringStream("greeting", greeting(heard))
    rest = asyncio.ensure_future(read_all(stream))
    await soon(stream.send(b"onetw"))
    await soon(stream.send_eof())
    assert await soon(rest) == b"hello\n"
    assert heard == [b"one", b"tw and the end"]
    await soon(stream.aclose())


async def test_who_does_not_listen_is_not_answered_and_waits():
    stream = AnsweringStream("copied", copied())
    await soon(stream.send(b"one chunk"))
    sending = asyncio.ensure_future(stream.send(b"another"))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not sending.done()
    stream.abort()
    with pytest.raises(BasculeError):
        await soon(sending)


async def test_its_steps_are_closed_with_it():
    closed: list[bool] = []

    def steps() -> Steps[None]:
        try:
            yield Read(1)
        finally:
            closed.append(True)

    stream = AnsweringStream("x", steps())
    waiting = asyncio.ensure_future(stream.receive())
    await asyncio.sleep(0)
    stream.abort()
    assert closed == [True]
    with pytest.raises(BasculeError):
        await soon(waiting)


async def test_what_is_long_is_said_in_pieces():
    def steps() -> Steps[None]:
        yield Write(b"x" * 1_000_000)
        yield Write(b"y")

    stream = AnsweringStream("x", steps())
    pieces: list[bytes] = []
    while piece := await soon(stream.receive()):
        pieces.append(piece)
    assert max(map(len, pieces)) == 65_536
    assert b"".join(pieces) == b"x" * 1_000_000 + b"y"


class Letters:
    """A body that is there piece by piece, and says when its end is asked for."""

    length = 6

    def __init__(self) -> None:
        self.ended = False
        self._pieces = [b"ab", b"cd", b"ef"]

    async def read(self) -> bytes:
        await asyncio.sleep(0)
        if self._pieces:
            return self._pieces.pop(0)
        self.ended = True
        return b""


async def test_a_body_is_delivered_between_what_is_said():
    first, second = Letters(), Letters()

    def steps() -> Serving:
        yield Write(b"1")
        yield Deliver(first)
        yield Write(b"2")
        yield Deliver(second)
        yield Read(1)
        yield Write(b"3")

    stream = AnsweringStream("x", steps())
    assert [await soon(stream.receive()) for _ in range(4)] == [b"1", b"ab", b"cd", b"ef"]
    assert not first.ended  # the last piece may still be on its way
    assert await soon(stream.receive()) == b"2"
    assert first.ended
    assert [await soon(stream.receive()) for _ in range(3)] == [b"ab", b"cd", b"ef"]
    rest = asyncio.ensure_future(read_all(stream))
    await soon(stream.send(b"x"))
    assert await soon(rest) == b"3"
    await soon(stream.aclose())


def hurried(seconds: float | None) -> Serving:
    """Say every byte again until one comes too late."""
    yield Within(seconds)
    while True:
        try:
            byte = yield Read(1)
        except TooLate:
            yield Write(b" too late")
            return
        yield Write(byte)


async def test_its_steps_hear_that_it_is_too_late():
    stream = AnsweringStream("x", hurried(0.05))
    assert await soon(read_all(stream)) == b" too late"
    await soon(stream.send(b"who goes on is not answered"))
    await soon(stream.aclose())


async def test_who_says_a_little_again_and_again_gets_no_more_time():
    stream = AnsweringStream("x", hurried(0.2))
    rest = asyncio.ensure_future(read_all(stream))
    while not rest.done():
        await soon(stream.send(b"."))
        await asyncio.sleep(0.01)
    assert rest.result().strip(b".") == b" too late"
    await soon(stream.aclose())


async def test_time_that_is_given_back_is_not_counted():
    def steps() -> Serving:
        yield Within(0.01)
        yield Write(b"1")
        try:
            yield Read(1)
        except TooLate:
            yield Within(None)
        yield Write((yield Read(1)))

    stream = AnsweringStream("x", steps())
    assert await soon(stream.receive()) == b"1"
    rest = asyncio.ensure_future(read_all(stream))
    assert await asyncio.wait([rest], timeout=0.1) == (set(), {rest})
    await soon(stream.send(b"2"))
    assert await soon(rest) == b"2"
    await soon(stream.aclose())
