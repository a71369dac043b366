"""Descriptors in tests: how many are open, a stream over those of two pipes, two streams as one,
tasks that wait by now.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from bascule.streams.base import Address, Stream
from bascule.streams.descriptor import WatchedInlet, WatchedOutlet, close_quietly
from bascule.streams.ways import DescriptorStream
from tests.helpers import sockets
from tests.helpers.contract import soon


def descriptors() -> set[str]:
    """What is open now: number and what it leads to, without the folder that is looked into."""
    return {f"{number} {leads_to}" for number, leads_to in sockets.descriptors().items()}


def children() -> set[int]:
    """The programs that we have started and that nobody has reaped yet: see proc(5)."""
    found = set[int]()
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            found.update(map(int, (thread / "children").read_text().split()))
    return found


def alive(pid: int) -> bool:
    """Whether a program runs: not where it has only not been reaped yet."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it went before that was opened, or read
        return False
    return not told.rpartition(")")[2].split()[0].startswith(("Z", "X"))


async def begun[T](coroutine: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """A task that waits by now."""
    task = asyncio.ensure_future(coroutine)
    await asyncio.wait([task], timeout=0.05)
    await turns()  # where the computer was busy elsewhere
    assert not task.done()
    return task


async def turns(count: int = 20) -> None:
    """Let the loop turn so often: what waits for nothing else gets ahead meanwhile."""
    for _ in range(count):
        await asyncio.sleep(0)


async def until(holds: Any) -> None:
    """Wait until something holds: what the system does in its own time, and tells nobody."""

    async def look() -> None:
        while True:
            if holds():
                return
            await asyncio.sleep(0.005)

    await soon(look())


def running_threads() -> set[threading.Thread]:
    """Without those of the loop's pool, which has as many as were needed at once, and keeps them:
    one that has just done its work is not idle yet.
    """
    return {each for each in threading.enumerate() if not each.name.startswith("asyncio_")}


async def no_other_threads_than(those: set[threading.Thread]) -> None:
    """Wait until no other thread runs; one of those may have been on its way out."""
    with contextlib.suppress(TimeoutError):
        await until(lambda: running_threads() <= those)
    assert running_threads() - those == set()


class Dual(Stream):
    """Two streams as one: read from the first, write to the second."""

    def __init__(self, reading: Stream, writing: Stream) -> None:
        self._reading = reading
        self._writing = writing
        self._finished = False
        self.peer = reading.peer

    async def receive(self) -> bytes:
        return await self._reading.receive()

    async def send(self, data: bytes) -> None:
        await self._writing.send(data)

    async def send_eof(self) -> None:
        if not self._finished:
            self._finished = True
            await self._writing.send_eof()
            await self._writing.aclose()

    async def aclose(self) -> None:
        await self._reading.aclose()
        await self._writing.aclose()

    def abort(self) -> None:
        self._reading.abort()
        self._writing.abort()


def write_all(fd: int, data: bytes) -> None:
    """Write all of data to a blocking descriptor."""
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]


def over_pipes(reading: int, writing: int, *, careful: bool = False) -> DescriptorStream:
    """A stream over the ends of two pipes."""
    os.set_blocking(reading, False)
    os.set_blocking(writing, careful)
    ends = {reading, writing}

    def finish() -> None:
        ends.discard(writing)
        os.close(writing)

    return DescriptorStream(
        Address("pipes"),
        WatchedInlet(reading),
        WatchedOutlet(writing, careful=careful),
        lambda: close_quietly(*ends),
        finish=finish,
    )
