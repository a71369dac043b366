"""Owns the end that speaks a protocol itself: what it is sent goes to its steps, and what they say
comes from it.

It holds one chunk of what it was sent, and one piece of a body that it delivers. It says nothing
that nobody asks for: who does not listen is not answered, and who goes on talking waits. Where the
steps want something within a time, that begins when all was taken that was said before.
"""

from __future__ import annotations

import asyncio

from bascule.protocols.steps import Body, EndOfStream, Read, Serving, TooLate, Within, Write
from bascule.streams.built_in import BuiltInStream

_SAID_BYTES = 64 * 1024
"""Most bytes that are said at once."""


class AnsweringStream(BuiltInStream):
    """Runs ``steps``; when they are over, it has finished, and what it is sent is discarded."""

    def __init__(self, name: str, steps: Serving) -> None:
        super().__init__(name)
        self._steps = steps
        self._wanted = 0
        self._begun = False
        self._over = False
        self._late = False
        self._waits = False
        self._held = bytearray()
        self._said = bytearray()
        self._delivery: Body | None = None
        self._within: float | None = None
        self._late_at: float | None = None

    async def receive(self) -> bytes:
        self._refuse_closed()
        while not self._said:
            if self._over:
                return b""
            if self._delivery is not None:
                if piece := await self._delivery.read():
                    self._refuse_closed()
                    return piece
                self._delivery = None
            if not self._go_on():
                self._waits = True
                self._changed.set()
                await self._change_in_time()
        data = bytes(self._said[:_SAID_BYTES])
        del self._said[:_SAID_BYTES]
        return data

    async def _change_in_time(self) -> None:
        """Wait until something has changed, or it is too late for that."""
        if self._within is not None and self._late_at is None:
            self._late_at = asyncio.get_running_loop().time() + self._within
        try:
            async with asyncio.timeout_at(self._late_at):
                await self._change()
        except TimeoutError:
            self._late = True

    async def send(self, data: bytes) -> None:
        self._refuse_finished()
        while self._held and not (self._waits or self._over):
            await self._change()
            self._refuse_finished()
        if not self._over:
            self._held += data
            self._waits = False
            self._changed.set()

    def abort(self) -> None:
        super().abort()
        self._steps.close()

    def _go_on(self) -> bool:
        """Run the steps as far as what is held allows, or until there is enough to be said; say
        whether anything has changed by it.
        """
        before = len(self._held), self._begun
        try:
            while len(self._said) < _SAID_BYTES and self._delivery is None:
                if not self._begun:
                    self._begun = True
                    request = next(self._steps)
                elif len(self._held) >= self._wanted:
                    data = bytes(self._held[: self._wanted])
                    del self._held[: self._wanted]
                    request = self._steps.send(data)
                elif self._finished or self._late:
                    cut = EndOfStream if self._finished else TooLate
                    data, self._late = bytes(self._held), False
                    self._held.clear()
                    request = self._steps.throw(cut(data))
                else:
                    break
                while isinstance(request, Write | Within):
                    if isinstance(request, Write):
                        self._said += request.data
                    else:
                        self._within, self._late_at, self._late = request.seconds, None, False
                    request = self._steps.send(b"")
                if isinstance(request, Read):
                    self._wanted = request.count
                else:
                    self._delivery, self._wanted = request.body, 0
        except StopIteration:
            self._over = True
            self._held.clear()
            self._changed.set()
        if self._over or self._said or self._delivery is not None:
            return True
        return before != (len(self._held), self._begun)
