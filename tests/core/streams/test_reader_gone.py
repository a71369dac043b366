"""Whether anybody still reads: of a pipe it is noticed without a write, elsewhere never told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable
from pathlib import Path

import pytest

from bascule.streams.reader_gone import reader_gone
from tests.helpers.contract import soon
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS


async def is_waited_for(gone: Awaitable[None]) -> bool:
    """Whether it still waits when all that could end it at once has had its turn."""
    waiting = asyncio.ensure_future(gone)
    for _ in range(10):
        await asyncio.sleep(0)
    waited = not waiting.done()
    waiting.cancel()
    await asyncio.wait((waiting,))
    return waited


async def test_of_a_pipe_it_is_noticed():
    ours, theirs = os.pipe()
    os.write(theirs, b"unread")
    assert await is_waited_for(reader_gone(theirs))
    gone = asyncio.ensure_future(reader_gone(theirs))
    await asyncio.sleep(0)
    os.close(ours)
    await soon(gone)
    await soon(reader_gone(theirs))  # also of whoever is gone before
    os.close(theirs)


@pytest.mark.parametrize("what", ["file", "null"])
async def test_of_what_is_no_pipe_it_is_not(what: str, tmp_path: Path):
    path = tmp_path / "file" if what == "file" else Path(os.devnull)
    with path.open("wb") as written:
        assert await is_waited_for(reader_gone(written.fileno()))
