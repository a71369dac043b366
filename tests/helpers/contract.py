"""The contract of :class:`bascule.streams.base.Stream` as tests that every stream passes.

A test module derives from :class:`StreamContract` and gives ``open_pair``: two joined streams, the
one under test first. The far end may be any stream that is already trusted.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from abc import ABC, abstractmethod

import pytest

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.streams.base import EMPTY_DATAGRAM, Stream

PATIENCE_SECONDS = 120.0
"""How long a test waits for what must happen; generous, as no test measures time and the computer
may be busy. Below the limit of pytest itself, which says less of what was waited for.
"""

QUIET_SECONDS = 0.05
"""Nothing moves any more where nothing has for so long. Where a busy computer makes it look so too
early, a test sees less of what it looks for; it does not fail.
"""

MEBIBYTE = 1024 * 1024


async def soon[T](awaitable: asyncio.Future[T] | asyncio.Task[T] | object) -> T:
    """Await what must happen, or fail the test."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await awaitable  # pyright: ignore


async def read_all(stream: Stream) -> bytes:
    """Everything until the peer has finished."""
    pieces: list[bytes] = []
    while piece := await stream.receive():
        pieces.append(piece)
    return b"".join(pieces)


async def read_count(stream: Stream, count: int) -> bytes:
    """At least count bytes, or what came before the end."""
    data = b""
    while len(data) < count and (piece := await stream.receive()):
        data += piece
    return data


def random_bytes(count: int, seed: int = 1) -> bytes:
    """The same bytes in every run."""
    return random.Random(seed).randbytes(count)


def digest(data: bytes) -> str:
    """What data is compared by that is too long to be shown."""
    return hashlib.sha256(data).hexdigest()


class StreamContract(ABC):
    """What every stream keeps. Flags say what a kind cannot do by its nature."""

    half_closes = True
    resets = True
    tells_closing = True  # whether the far end sees the end when ours is closed
    datagrams = False  # whether a chunk is a datagram
    waits = True  # whether send waits for a reader that does not read; what does not, loses
    bulk_bytes = 4 * MEBIBYTE

    def message(self, data: bytes) -> bytes:
        """What is sent as ``data``: a kind that carries more than bytes gives it its form."""
        return data

    @abstractmethod
    async def open_pair(self) -> tuple[Stream, Stream]:
        """Return (under test, far end), joined."""

    async def _opened(self) -> tuple[Stream, Stream]:
        pair = await soon(self.open_pair())
        self._pairs: list[tuple[Stream, Stream]] = [*getattr(self, "_pairs", []), pair]
        return pair

    @pytest.fixture(autouse=True)
    async def _close_pairs(self):
        yield
        for pair in getattr(self, "_pairs", []):
            for stream in pair:
                stream.abort()
                await soon(stream.aclose())

    async def test_bytes_travel_both_ways(self):
        ours, far = await self._opened()
        ping, pong = self.message(b"ping"), self.message(b"pong!")
        await soon(ours.send(ping))
        assert await soon(read_count(far, 4)) == ping
        await soon(far.send(pong))
        assert await soon(read_count(ours, 5)) == pong

    async def test_bulk_arrives_unchanged_in_both_directions_at_once(self):
        if not self.waits:
            return await self._check_bulk_in_steps()
        ours, far = await self._opened()
        size = self.bulk_bytes
        there, back = (self.message(random_bytes(size, seed)) for seed in (1, 2))

        async def feed(stream: Stream, data: bytes) -> None:
            for start in range(0, len(data), 100_000):
                await stream.send(data[start : start + 100_000])

        async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
            group.create_task(feed(ours, there))
            group.create_task(feed(far, back))
            got_there = group.create_task(read_count(far, size))
            got_back = group.create_task(read_count(ours, size))
        assert hashlib.sha256(got_there.result()).digest() == hashlib.sha256(there).digest()
        assert hashlib.sha256(got_back.result()).digest() == hashlib.sha256(back).digest()

    async def _check_bulk_in_steps(self) -> None:
        ours, far = await self._opened()
        for seed in range(self.bulk_bytes // 100_000):
            there, back = (self.message(random_bytes(100_000, way + seed)) for way in (1, 1000))
            await soon(asyncio.gather(ours.send(there), far.send(back)))
            got = asyncio.gather(read_count(far, len(there)), read_count(ours, len(back)))
            assert await soon(got) == [there, back]

    async def test_our_end_of_sending_leaves_receiving_open(self):
        if not self.half_closes:
            return await self._check_no_half_close()
        ours, far = await self._opened()
        await soon(ours.send(b"question"))
        await soon(ours.send_eof())
        await soon(ours.send_eof())
        assert await soon(read_all(far)) == b"question"
        answer = self.message(random_bytes(300_000))
        sending = asyncio.ensure_future(far.send(answer))
        assert await soon(read_count(ours, len(answer))) == answer
        await soon(sending)
        with pytest.raises(BasculeError):
            await soon(ours.send(b"too late"))

    async def _check_no_half_close(self) -> None:
        ours, far = await self._opened()
        assert not ours.can_half_close
        await soon(ours.send_eof())
        still = self.message(b"still")
        await soon(far.send(still))
        assert await soon(read_count(ours, 5)) == still

    async def test_their_end_of_sending_leaves_ours_open(self):
        if not self.half_closes:
            return
        ours, far = await self._opened()
        await soon(far.send(b"bye"))
        await soon(far.send_eof())
        assert await soon(read_all(ours)) == b"bye"
        assert await soon(ours.receive()) == b""
        await soon(ours.send(b"answer"))
        await soon(ours.send_eof())
        assert await soon(read_all(far)) == b"answer"

    async def test_a_stalled_reader_stops_the_sender(self):
        if not self.waits:
            return
        ours, far = await self._opened()
        sent = 0
        chunk = self.message(random_bytes(65_536))

        async def push() -> None:
            nonlocal sent
            while True:
                await ours.send(chunk)
                sent += len(chunk)

        pushing = asyncio.ensure_future(push())
        seen = -1
        while not sent or seen != sent:  # until nothing moves for a while
            seen = sent
            await asyncio.wait([pushing], timeout=QUIET_SECONDS)
            assert sent < 64 * MEBIBYTE, "send never waits"
        assert not pushing.done()
        data = b""
        while len(data) < seen:
            data += await soon(far.receive())
        assert data[: len(chunk)] == chunk
        pushing.cancel()
        await asyncio.wait([pushing])

    async def test_cancelled_receive_loses_nothing(self):
        ours, far = await self._opened()
        for index in range(20):
            waiting = asyncio.ensure_future(ours.receive())
            await asyncio.wait([waiting], timeout=0)
            sending = asyncio.ensure_future(far.send(self.message(b"%04d" % index)))
            if index % 2:
                waiting.cancel()
            await asyncio.wait([waiting, sending])
            got = b"" if waiting.cancelled() else waiting.result()
            if len(got) < 4:
                got += await soon(read_count(ours, 4 - len(got)))
            assert got == self.message(b"%04d" % index)

    async def test_closing_twice_is_quiet_and_ends_the_peer(self):
        ours, far = await self._opened()
        await soon(ours.aclose())
        await soon(ours.aclose())
        if self.half_closes and self.tells_closing:
            assert await soon(read_all(far)) == b""
        with pytest.raises(BasculeError):
            await soon(ours.receive())
        with pytest.raises(BasculeError):
            await soon(ours.send(b"x"))

    async def test_abort_is_seen_as_a_reset(self):
        if not self.resets:
            return
        ours, far = await self._opened()
        await soon(ours.send(b"x"))
        assert await soon(far.receive()) == b"x"
        ours.abort()
        ours.abort()
        with pytest.raises(StreamError) as caught:
            await soon(far.receive())
        assert caught.value.code is ErrorCode.CONNECTION_RESET
        await soon(ours.aclose())

    async def test_datagrams_keep_their_boundaries_and_empty_ones_count(self):
        ours, far = await self._opened()
        assert ours.datagrams == self.datagrams
        if not self.datagrams:
            return
        for sender, receiver in ((ours, far), (far, ours)):
            for datagram in (b"first", EMPTY_DATAGRAM, b"s" * 1000, EMPTY_DATAGRAM, b"last"):
                sending = asyncio.ensure_future(sender.send(datagram))
                got = await soon(receiver.receive())
                await soon(sending)
                assert got == datagram
                assert got, "an empty datagram is not the end"

    async def test_has_a_peer(self):
        ours, _far = await self._opened()
        assert str(ours.peer)
