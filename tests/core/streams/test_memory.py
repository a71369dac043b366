"""Streams in memory: the stream contract, and how each end learns of the other's."""

from __future__ import annotations

import asyncio

import pytest

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import Stream
from bascule.streams.memory import memory_pair
from tests.helpers.contract import StreamContract, soon


class TestMemory(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        return memory_pair()


async def test_nothing_is_no_chunk():
    ours, far = memory_pair()
    await soon(ours.send(b""))
    await soon(ours.send(b"a"))
    assert await soon(far.receive()) == b"a"


async def test_a_chunk_is_a_copy():
    ours, far = memory_pair()
    chunk = bytearray(b"ab")
    await soon(ours.send(chunk))  # pyright: ignore[reportArgumentType]
    chunk[:] = b"xx"
    assert await soon(far.receive()) == b"ab"


@pytest.mark.parametrize("waiting", [False, True])
async def test_sending_to_an_end_that_closed_is_a_reset(waiting: bool):
    ours, far = memory_pair()
    if waiting:
        await soon(ours.send(b"first"))
        sending = asyncio.ensure_future(ours.send(b"second"))
        await asyncio.wait([sending], timeout=0)
        await far.aclose()
    else:
        await far.aclose()
        sending = asyncio.ensure_future(ours.send(b"second"))
    with pytest.raises(StreamError) as caught:
        await soon(sending)
    assert caught.value.code is ErrorCode.CONNECTION_RESET


async def test_abort_after_close_changes_nothing():
    ours, far = memory_pair()
    await ours.aclose()
    ours.abort()
    assert await soon(far.receive()) == b""


async def test_finishing_after_a_reset_fails():
    ours, far = memory_pair()
    far.abort()
    with pytest.raises(StreamError) as caught:
        await soon(ours.send_eof())
    assert caught.value.code is ErrorCode.CONNECTION_RESET
