"""Owns the ends that are nobody else's: echo, discard, a text, silence. Nothing leaves the process.

All of them are chunk by chunk, so that datagrams keep their boundaries; none holds more than one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.buffered import broken
from bascule.streams.stage import staged

_TEXT_BYTES = 64 * 1024
"""Most bytes of a text that are said at once."""


class BuiltInDialer(Dialer):
    """Gives a new stream of ``make`` to each who asks. ``label`` names it: ``echo``."""

    def __init__(self, label: str, make: Callable[[], Stream]) -> None:
        self.label = label
        self._make = make

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.CONNECT, self.label):
            return self._make()


class BuiltInStream(Stream):
    """What the built-in ends have in common: that they finish and close."""

    lingers = False

    def __init__(self, name: str) -> None:
        self.peer = Address(name)
        self._finished = False
        self._closed = False
        self._changed = asyncio.Event()

    async def _change(self) -> None:
        """Wait until something has changed. Raises: StreamError where it was closed."""
        self._changed.clear()
        await self._changed.wait()
        self._refuse_closed()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise broken("the stream is closed")

    def _refuse_finished(self) -> None:
        self._refuse_closed()
        if self._finished:
            raise broken("sending has been finished")

    async def send_eof(self) -> None:
        self._refuse_closed()
        self._finished = True
        self._changed.set()

    async def aclose(self) -> None:
        self.abort()

    def abort(self) -> None:
        self._closed = True
        self._changed.set()


class EchoStream(BuiltInStream):
    """Gives back what it is sent, chunk by chunk, and the end after it. It holds one chunk: who
    sends waits until that is taken.
    """

    def __init__(self) -> None:
        super().__init__("echo")
        self._chunk: bytes | None = None

    async def receive(self) -> bytes:
        self._refuse_closed()
        while self._chunk is None:
            if self._finished:
                return b""
            await self._change()
        data, self._chunk = self._chunk, None
        self._changed.set()
        return data

    async def send(self, data: bytes) -> None:
        self._refuse_finished()
        if not data:
            return
        while self._chunk is not None:
            await self._change()
        self._chunk = data
        self._changed.set()


class DiscardStream(BuiltInStream):
    """Takes everything and keeps nothing; it has nothing to say (RFC 863)."""

    can_receive = False

    def __init__(self) -> None:
        super().__init__("discard")

    async def receive(self) -> bytes:
        self._refuse_closed()
        return b""

    async def send(self, data: bytes) -> None:
        self._refuse_finished()


class TextStream(BuiltInStream):
    """Says ``text``, then finishes; what it is sent is discarded.

    ``after_request``: it begins when it has been sent something; where the other side finishes
    without a word, it says nothing.
    """

    def __init__(self, text: bytes, *, after_request: bool = False) -> None:
        super().__init__("text")
        self._text = text
        self._said = 0
        self._asked = not after_request

    async def receive(self) -> bytes:
        self._refuse_closed()
        while not self._asked:
            if self._finished:
                return b""
            await self._change()
        data = self._text[self._said : self._said + _TEXT_BYTES]
        self._said += len(data)
        return data

    async def send(self, data: bytes) -> None:
        self._refuse_finished()
        if data:
            self._asked = True
            self._changed.set()


class StallStream(BuiltInStream):
    """Says nothing and takes nothing, until it is closed."""

    def __init__(self) -> None:
        super().__init__("stall")

    async def receive(self) -> bytes:
        self._refuse_closed()
        while True:
            await self._change()

    async def send(self, data: bytes) -> None:
        self._refuse_finished()
        while True:
            await self._change()
