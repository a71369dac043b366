"""Owns the stream that is made of an inlet and an outlet: what both promise, and how it ends.

The kinds of both: ``descriptor`` (the loop watches), ``disk`` (files), ``threaded`` (only a thread
can wait).
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from bascule.errors import BasculeError
from bascule.streams.base import Address, Stream
from bascule.streams.buffered import broken
from bascule.streams.oserrors import stream_error

type Explain = Callable[[OSError], BasculeError]
"""Says what an error of the system means for this stream."""


class Way(ABC):
    """One direction of a stream. ``blocks``: a thread may be inside, so closing must wait."""

    blocks: bool = False

    @abstractmethod
    def halt(self) -> None:
        """Touch the descriptor no more, and wake who waits: it raises CONNECTION_BROKEN."""

    async def settle(self) -> None:  # noqa: B027 - most have nothing inside
        """After ``halt``: wait until nothing of ours is inside the descriptor."""


class Inlet(Way):
    """Where chunks come from."""

    @abstractmethod
    async def receive(self) -> bytes:
        """The next bytes, ``b""`` at the end. Asked again it looks again: a file may have grown,
        another writer may have come. One that was cancelled has lost nothing.
        """


class Outlet(Way):
    """Where bytes go to."""

    @abstractmethod
    async def send(self, data: bytes) -> None:
        """Give all of data to the system."""


class DescriptorStream(Stream):
    """A stream made of an inlet, an outlet or both.

    ``finish`` tells the peer that nothing more is sent; where None there is no way to say it.
    ``release`` frees everything, once, when nothing is inside any more; it raises nothing. Where
    it may block, ``slow_release`` has it done in a thread.
    """

    def __init__(
        self,
        peer: Address,
        inlet: Inlet | None,
        outlet: Outlet | None,
        release: Callable[[], None],
        *,
        finish: Callable[[], None] | None = None,
        slow_release: bool = False,
    ) -> None:
        self.peer = peer
        self._inlet = inlet
        self._outlet = outlet
        self._finish = finish
        self._release = release
        self._released = False
        self._blocks = slow_release or any(way is not None and way.blocks for way in self._ways)
        self._closing: asyncio.Future[None] | None = None
        self._halted = False
        self._finished = False
        self.can_receive = inlet is not None
        self.can_send = outlet is not None
        self.can_half_close = finish is not None or outlet is None
        self.lingers = self._blocks

    @property
    def _ways(self) -> tuple[Inlet | None, Outlet | None]:
        return self._inlet, self._outlet

    async def receive(self) -> bytes:
        if self._halted:
            raise broken("the stream is closed")
        return b"" if self._inlet is None else await self._inlet.receive()

    async def send(self, data: bytes) -> None:
        if self._halted:
            raise broken("the stream is closed")
        if self._finished:
            raise broken("sending has been finished")
        if self._outlet is None:
            raise broken(f"nothing can be sent to {self.peer}")
        await self._outlet.send(data)

    async def send_eof(self) -> None:
        if self._halted:
            raise broken("the stream is closed")
        if not self._finished:
            self._finished = True
            if self._finish is not None and self._outlet is not None:
                try:
                    self._finish()
                except OSError as exc:
                    raise stream_error(exc) from exc

    async def aclose(self) -> None:
        self.abort()
        if self._released:
            return
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._settle())
        await asyncio.shield(self._closing)

    async def _settle(self) -> None:
        for way in self._ways:
            if way is not None:
                await way.settle()
        await asyncio.get_running_loop().run_in_executor(None, self._release)
        self._released = True

    def abort(self) -> None:
        if self._halted:
            return
        self._halted = True
        for way in self._ways:
            if way is not None:
                way.halt()
        if not self._blocks:
            self._released = True
            self._release()
