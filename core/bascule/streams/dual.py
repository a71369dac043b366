"""Owns two streams as one: read from the first, written to the second."""

from __future__ import annotations

from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress


class DualStream(Stream):
    """Receives from ``reading`` and sends to ``writing``; what the latter says is never read.

    It owns both, and closes both. Their other halves are left as they are.
    """

    def __init__(self, reading: Stream, writing: Stream) -> None:
        self._reading = reading
        self._writing = writing
        self.peer = Address(f"{reading.peer} and {writing.peer}")
        self.can_half_close = writing.can_half_close
        self.can_receive = reading.can_receive
        self.can_send = writing.can_send
        self.lingers = reading.lingers or writing.lingers
        self.datagrams = reading.datagrams or writing.datagrams

    @property
    def local(self) -> Address:
        return self._writing.local

    def settle(self) -> None:
        self._reading.settle()
        self._writing.settle()

    async def receive(self) -> bytes:
        return await self._reading.receive()

    async def send(self, data: bytes) -> None:
        await self._writing.send(data)

    async def send_eof(self) -> None:
        await self._writing.send_eof()

    async def aclose(self) -> None:
        try:
            await self._writing.aclose()
        finally:
            await self._reading.aclose()

    def abort(self) -> None:
        self._writing.abort()
        self._reading.abort()


class DualDialer(Dialer):
    """Opens ``reading``, then ``writing``; where the latter fails, the former is closed again."""

    def __init__(self, reading: Dialer, writing: Dialer) -> None:
        self._reading = reading
        self._writing = writing
        self.label = f"{reading.label} and {writing.label}"
        self.exclusive = reading.exclusive or writing.exclusive

    async def check(self) -> None:
        await self._reading.check()
        await self._writing.check()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        reading = await self._reading.dial(progress)
        opened = False
        try:
            writing = await self._writing.dial(progress)
            opened = True
        finally:
            if not opened:
                reading.abort()
                await reading.aclose()
        return DualStream(reading, writing)
