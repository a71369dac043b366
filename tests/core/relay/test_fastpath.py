"""The quick way between two plain sockets: what it carries, how it ends, what it borrows."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.relay import fastpath
from bascule.relay.fastpath import FastPath, fits
from bascule.relay.pump import Counters, Rules
from bascule.streams.base import Stream
from bascule.streams.memory import memory_pair
from tests.helpers.contract import MEBIBYTE, random_bytes, read_all, read_count, soon
from tests.helpers.loops import LOOPS
from tests.helpers.pairs import tcp_pair

LOOP_FACTORIES = LOOPS


@dataclass
class Path:
    """client ⇄ source ⇄ target ⇄ service, with the quick way in the middle."""

    client: Stream
    source: Stream
    target: Stream
    service: Stream
    counters: Counters
    running: asyncio.Future[bool]

    async def close(self) -> None:
        for stream in (self.client, self.source, self.target, self.service):
            stream.abort()
            await soon(stream.aclose())


async def begun(rules: Rules | None = None) -> Path:
    client, source = await tcp_pair()
    target, service = await tcp_pair()
    counters = Counters()
    quick = FastPath(counters, rules or Rules())
    return Path(
        client, source, target, service, counters, asyncio.ensure_future(quick.run(source, target))
    )


@pytest.fixture
async def path() -> AsyncIterator[Path]:
    path = await begun()
    yield path
    path.running.cancel()
    await asyncio.wait((path.running,))
    await path.close()
    assert fastpath._Pipes.lent == 0


async def send_all(stream: Stream, data: bytes) -> None:
    for start in range(0, len(data), 300_000):
        await stream.send(data[start : start + 300_000])
    await stream.send_eof()


@pytest.mark.parametrize("most_pipes", [24, 0])
async def test_bulk_both_ways_at_once(path: Path, most_pipes: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fastpath, "_MOST_PIPES", most_pipes)
    up, down = random_bytes(24 * MEBIBYTE, 1), random_bytes(20 * MEBIBYTE, 2)
    lent: list[int] = []

    async def read(stream: Stream) -> bytes:
        digest = hashlib.sha256()
        while chunk := await stream.receive():
            digest.update(chunk)
            lent.append(fastpath._Pipes.lent)
        return digest.digest()

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(send_all(path.client, up))
        group.create_task(send_all(path.service, down))
        got_up = group.create_task(read(path.service))
        got_down = group.create_task(read(path.client))
    assert got_up.result() == hashlib.sha256(up).digest()
    assert got_down.result() == hashlib.sha256(down).digest()
    assert await soon(path.running)
    assert (path.counters.up, path.counters.down) == (len(up), len(down))
    assert (max(lent) > 0) == (most_pipes > 0)


async def test_pipes_that_are_refused_are_done_without(path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_fd: int, _command: int, _size: int) -> int:
        raise PermissionError

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    data = random_bytes(8 * MEBIBYTE)
    sending = asyncio.ensure_future(send_all(path.client, data))
    assert await soon(read_count(path.service, len(data))) == data
    await soon(sending)
    assert fastpath._Pipes.lent == 0


async def test_one_way_ends_and_the_other_goes_on(path: Path):
    await soon(path.client.send(b"question"))
    await soon(path.client.send_eof())
    assert await soon(read_all(path.service)) == b"question"
    answer = random_bytes(500_000)
    sending = asyncio.ensure_future(send_all(path.service, answer))
    assert await soon(read_all(path.client)) == answer
    await soon(sending)
    assert await soon(path.running)


@pytest.mark.parametrize("side", ["client", "service"])
async def test_a_reset_ends_both_ways(path: Path, side: str):
    getattr(path, side).abort()
    with pytest.raises(StreamError) as caught:
        await soon(path.running)
    assert caught.value.code is ErrorCode.CONNECTION_RESET


async def test_a_flow_that_becomes_small_gives_its_pipe_back(path: Path):
    data = random_bytes(16 * MEBIBYTE)
    sending = asyncio.ensure_future(path.client.send(data))
    assert await soon(read_count(path.service, len(data))) == data
    await soon(sending)
    for _ in range(fastpath._SLACK_READS + 1):
        await soon(path.client.send(b"x"))
        assert await soon(path.service.receive()) == b"x"
    assert fastpath._Pipes.lent == 0
    await soon(path.client.send(b"still here"))
    assert await soon(path.service.receive()) == b"still here"


async def test_what_the_target_does_not_take_waits_in_the_system(path: Path):
    block, taken = bytes(MEBIBYTE), 0
    try:
        async with asyncio.timeout(1):
            while True:
                await path.client.send(block)
                taken += len(block)
    except TimeoutError:
        pass
    held = taken - path.counters.up
    assert held < 20 * MEBIBYTE  # the system's own buffers; ours is one read
    got = 0
    while got < taken:
        got += len(await soon(path.service.receive()))


async def test_silence_after_one_end_is_the_end_where_that_is_asked_for():
    path = await begun(Rules(half_close_seconds=0.05))
    await soon(path.client.send_eof())
    for _ in range(5):
        await soon(path.service.send(b"talking"))
        assert await soon(path.client.receive()) == b"talking"
    assert await soon(path.running)
    await path.close()


async def test_cancelling_leaves_the_streams_to_be_closed(path: Path):
    path.running.cancel()
    await asyncio.wait((path.running,))
    assert path.running.cancelled()


async def test_what_it_does_not_fit():
    near, _ = memory_pair()
    client, source = await tcp_pair()
    assert not fits(source, near, Rules())
    assert not fits(source, client, Rules(direction="up"))
    assert not fits(source, client, Rules(chunk_bytes=9))
    assert fits(source, client, Rules())
    await soon(client.send_eof())
    assert await soon(source.receive()) == b""
    assert not await FastPath(Counters(), Rules()).run(source, client)  # one has ended already
    for stream in (client, source):
        stream.abort()
        await soon(stream.aclose())
