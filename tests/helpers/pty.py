"""A pseudo-terminal as a serial line: a device to open, and its far end as a stream.

``SerialContract`` is the stream contract for such a line.
"""

from __future__ import annotations

import asyncio
import os

from bascule.streams.base import Address, Stream
from tests.helpers.contract import MEBIBYTE, QUIET_SECONDS, StreamContract, soon


class Line(Stream):
    """The far end of a serial line; ``device`` is the end to open.

    The near end is held open here too, so that nothing is lost while nobody else has it open.
    """

    can_half_close = False

    def __init__(self) -> None:
        import tty  # Windows has none, where a module may be about more than lines

        self._far, self._near = os.openpty()
        tty.setraw(self._near)
        os.set_blocking(self._far, False)
        self.device = os.ttyname(self._near)
        self.peer = Address(self.device)

    @property
    def near(self) -> int:
        """A descriptor of the end to open, to look at its settings."""
        return self._near

    async def _ready(self, *, write: bool) -> None:
        loop = asyncio.get_running_loop()
        add, remove = (
            (loop.add_writer, loop.remove_writer)
            if write
            else (loop.add_reader, loop.remove_reader)
        )
        ready = asyncio.Event()
        add(self._far, ready.set)
        try:
            await ready.wait()
        finally:
            remove(self._far)

    async def receive(self) -> bytes:
        while True:
            try:
                return os.read(self._far, 65_536)
            except BlockingIOError:
                await self._ready(write=False)

    async def send(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._far, left) :]
            except BlockingIOError:
                await self._ready(write=True)

    async def send_eof(self) -> None:
        raise NotImplementedError

    def unplug(self) -> None:
        """Take the far end away: the system hangs up the device."""
        if self._far >= 0:
            os.close(self._far)
            self._far = -1

    def abort(self) -> None:
        self.unplug()
        if self._near >= 0:
            os.close(self._near)
            self._near = -1

    async def aclose(self) -> None:
        self.abort()


class SerialContract(StreamContract):
    """What a stream over a serial line keeps: no end of file and no reset travel over it."""

    half_closes = False
    resets = False
    bulk_bytes = MEBIBYTE

    async def test_a_stalled_reader_stops_the_sender(self):
        # The line holds less than one chunk of the common test.
        ours, far = await self._opened()
        sent = 0

        async def push() -> None:
            nonlocal sent
            while True:
                await ours.send(sent.to_bytes(4, "big") * 256)
                sent += 1

        pushing = asyncio.ensure_future(push())
        seen = -1
        while not sent or seen != sent:  # until nothing moves for a while
            seen = sent
            await asyncio.wait([pushing], timeout=QUIET_SECONDS)
            assert sent < MEBIBYTE // 1024, "send never waits"
        assert not pushing.done()
        data = b""
        while len(data) < seen * 1024:
            data += await soon(far.receive())
        for index in range(seen):
            assert data[index * 1024 :].startswith(index.to_bytes(4, "big") * 256)
        pushing.cancel()
        await asyncio.wait([pushing])
