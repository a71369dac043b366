"""Owns the quick way between two streams of datagrams, where nothing changes them.

It does what ``pump`` does, with callbacks instead of tasks: what the system gives at once is handed
on at once. What the other side does not take waits in the stream it came from. It can be deleted:
``pump`` remains.
"""

from __future__ import annotations

import asyncio

from bascule.errors import BasculeError
from bascule.relay.pump import Counters, Rules
from bascule.streams.base import Stream
from bascule.streams.datagram import DatagramStream
from bascule.streams.socket_stream import wake


def applies(source: Stream, target: Stream, rules: Rules) -> bool:
    """Whether the quick way knows both streams, and the rules."""
    return (
        isinstance(source, DatagramStream)
        and isinstance(target, DatagramStream)
        and not rules.chunk_bytes
    )


async def carry(source: Stream, target: Stream, counters: Counters, rules: Rules) -> None:
    """Carry datagrams until one side has ended and the other is quiet, as ``pump`` does.

    Raises:
        StreamError: the first thing that broke.
    """
    assert isinstance(source, DatagramStream)
    assert isinstance(target, DatagramStream)
    up = rules.direction != "down" and source.can_receive and target.can_send
    down = rules.direction != "up" and target.can_receive and source.can_send
    passage = _Passage(counters, rules)
    if up or not down:  # pump too goes up where neither can be
        passage.ways.append(_Way(passage, source, target, True))
    if down:
        passage.ways.append(_Way(passage, target, source, False))
    await passage.run()


class _Passage:
    """What both ways have in common: how it ends."""

    def __init__(self, counters: Counters, rules: Rules) -> None:
        self.counters = counters
        self.ways: list[_Way] = []
        self._quiet_seconds = rules.linger_seconds
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[None] = self._loop.create_future()
        self._error: BasculeError | None = None
        self._looking: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Go on until the end. Raises: StreamError."""
        for way in self.ways:
            way.begin()
        try:
            await self._done
        finally:
            if self._looking is not None:
                self._looking.cancel()
            for way in self.ways:
                way.stop()
        if self._error is not None:
            raise self._error

    def fail(self, exc: BasculeError) -> None:
        """End both ways."""
        if self._error is None:
            self._error = exc
        wake(self._done)

    def ended(self) -> None:
        """Hear that one way has come to its end: the other goes on until it is quiet."""
        if all(way.over for way in self.ways):
            wake(self._done)
        else:
            self._until_quiet((self.counters.up, self.counters.down))

    def _until_quiet(self, before: tuple[int, int]) -> None:
        def look() -> None:
            now = (self.counters.up, self.counters.down)
            if now == before:
                wake(self._done)
            else:
                self._until_quiet(now)

        self._looking = self._loop.call_later(self._quiet_seconds, look)


class _Way:
    """One direction. It is either waiting for the reader or, ``_stuck``, for the writer."""

    __slots__ = ("_counters", "_passage", "_reader", "_stuck", "_up", "_writer", "over")

    def __init__(
        self, passage: _Passage, reader: DatagramStream, writer: DatagramStream, up: bool
    ) -> None:
        self._passage = passage
        self._counters = passage.counters
        self._reader = reader
        self._writer = writer
        self._up = up
        self._stuck = False
        self.over = False

    def begin(self) -> None:
        """Take what is there, and what comes."""
        self._reader.follow(self._move)
        self._move()

    def stop(self) -> None:
        """Take nothing any more."""
        self.over = True
        self._reader.follow(None)

    def _move(self) -> None:
        """Hand on what has arrived. This runs for each datagram, so it calls as little as it can:
        it is ``reader.take`` and ``writer.try_send``, written out.
        """
        reader, writer = self._reader, self._writer
        if self._stuck or self.over:
            return
        try:
            datagrams = reader.held
            if not datagrams:
                reader.take_end()
            else:
                sender = writer.sender
                if sender is None:
                    raise writer.unable()
                reader.held = []
                sent = sender.send(datagrams)
                if sent != len(datagrams):
                    self._wait(datagrams, sent)
                if self._counters.observe is not None:
                    for datagram in datagrams:
                        self._counters.observe("up" if self._up else "down", datagram)
                moved = len(datagrams[0]) if sent == 1 else sum(map(len, datagrams))
                if self._up:
                    self._counters.up += moved
                else:
                    self._counters.down += moved
            if reader.ended and not self._stuck:
                self.over = True
                self._passage.ended()
        except OSError as exc:
            error = writer.explained(exc)
            error.__cause__ = exc
            self._fail(error)
        except BasculeError as exc:
            self._fail(exc)

    def _fail(self, exc: BasculeError) -> None:
        self.over = True
        self._passage.fail(exc)

    def _wait(self, datagrams: list[bytes], sent: int) -> None:
        """Keep what was not sent until the writer takes it; leave what was."""
        self._reader.give_back(datagrams[sent:])
        del datagrams[sent:]
        self._stuck = True
        self._writer.when_sendable(self._go_on)

    def _go_on(self) -> None:
        self._stuck = False
        self._move()
        if not self._stuck and not self.over:
            self._reader.listen()
