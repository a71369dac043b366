"""Owns the stream around another one: it passes everything through, and says what that one is.

What derives from it (limits, taps, translations) changes only what it must.
"""

from __future__ import annotations

from collections.abc import Callable

from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress


class Layer(Stream):
    """A stream that is another one. It owns ``inner`` and closes it."""

    def __init__(self, inner: Stream) -> None:
        self._inner = inner
        self.peer = inner.peer
        self.can_half_close = inner.can_half_close
        self.can_receive = inner.can_receive
        self.can_send = inner.can_send
        self.lingers = inner.lingers
        self.datagrams = inner.datagrams

    @property
    def local(self) -> Address:
        return self._inner.local

    async def receive(self) -> bytes:
        return await self._inner.receive()

    async def send(self, data: bytes) -> None:
        await self._inner.send(data)

    async def send_eof(self) -> None:
        await self._inner.send_eof()

    def settle(self) -> None:
        self._inner.settle()

    async def aclose(self) -> None:
        await self._inner.aclose()

    def abort(self) -> None:
        self._inner.abort()


type Wrap = Callable[[Stream], Stream]
"""Puts a layer around a stream."""


class LayerDialer(Dialer):
    """Gives the streams of ``inner``, each in a layer."""

    def __init__(self, inner: Dialer, wrap: Wrap) -> None:
        self._inner = inner
        self._wrap = wrap
        self.label = inner.label
        self.exclusive = inner.exclusive

    async def check(self) -> None:
        await self._inner.check()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        return self._wrap(await self._inner.dial(progress))


class LayerListener(Listener):
    """Gives the streams of ``inner``, each in a layer once it was welcomed."""

    def __init__(self, inner: Listener, wrap: Wrap) -> None:
        self._inner = inner
        self._wrap = wrap

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        return await self._inner.start(on_arrival)

    async def welcome(self, stream: Stream) -> Stream:
        return self._wrap(await self._inner.welcome(stream))

    async def aclose(self) -> None:
        await self._inner.aclose()
