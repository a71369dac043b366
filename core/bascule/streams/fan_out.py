"""Owns one stream made of several: all of them get what is sent, one of them answers.

What the others answer is read and discarded, so that they never wait for us. One that breaks, or
needs too long for a chunk, is dropped with a reason and the others go on: nobody but the one that
answers can end the passage.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import Any

from bascule.errors import BasculeError, DialError, ErrorCode, StreamError
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.buffered import broken
from bascule.streams.failover import none_reached

type OnDropped = Callable[[str, BasculeError], None]
"""Hears the label of a target that was dropped, and why."""


def _tell_nobody(_label: str, _why: BasculeError) -> None:
    pass


class _Branch:
    """One target that does not answer."""

    def __init__(self, stream: Stream, label: str) -> None:
        self.stream = stream
        self.label = label
        self.dropped = False
        self.draining: asyncio.Future[None] | None = None


class FanOutStream(Stream):
    """Sends to all, receives from ``answering`` (None: nobody answers). It owns all of them.

    The pace is that of the one that answers; any other may hold it up by ``patience_seconds`` for a
    chunk, then it is dropped. ``on_dropped`` hears of that.
    """

    def __init__(
        self,
        answering: Stream | None,
        others: Sequence[tuple[str, Stream]],
        *,
        patience_seconds: float = 5.0,
        on_dropped: OnDropped = _tell_nobody,
    ) -> None:
        self._answering = answering
        self._branches = [_Branch(stream, label) for label, stream in others]
        self._patience_seconds = patience_seconds
        self._on_dropped = on_dropped
        self._closed = False
        streams = self._streams
        self.peer = streams[0].peer if streams else Address("")
        self.can_receive = answering is not None and answering.can_receive
        self.can_send = any(stream.can_send for stream in streams)
        self.can_half_close = answering.can_half_close if answering is not None else True
        self.lingers = any(stream.lingers for stream in streams)
        self.datagrams = any(stream.datagrams for stream in streams)
        for branch in self._branches:
            branch.draining = asyncio.ensure_future(self._drain(branch))

    @property
    def _streams(self) -> list[Stream]:
        others = [branch.stream for branch in self._branches]
        return others if self._answering is None else [self._answering, *others]

    @property
    def local(self) -> Address:
        return self._streams[0].local if self._streams else Address("")

    def settle(self) -> None:
        for stream in self._streams:
            stream.settle()

    async def receive(self) -> bytes:
        if self._answering is not None:
            return await self._answering.receive()
        if self._closed:
            raise broken("the stream is closed")
        return b""

    async def send(self, data: bytes) -> None:
        await self._at_all(lambda stream: stream.send(data))

    async def send_eof(self) -> None:
        await self._at_all(lambda stream: stream.send_eof())

    async def _at_all(self, action: Callable[[Stream], Coroutine[None, None, None]]) -> None:
        """Do it at all targets at once, and drop the others where they fail or take too long."""
        if self._closed:
            raise broken("the stream is closed")
        loop = asyncio.get_running_loop()
        # Begun at once: most of them are done before anything waits, without the loop's help.
        tasks = {
            asyncio.Task(action(branch.stream), loop=loop, eager_start=True): branch
            for branch in self._branches
            if not branch.dropped and branch.stream.can_send
        }
        if not tasks and self._answering is None:
            raise broken("there is no target left")
        try:
            if self._answering is not None and self._answering.can_send:
                await action(self._answering)
            if waited := [task for task in tasks if not task.done()]:
                await asyncio.wait(waited, timeout=self._patience_seconds)
        finally:
            await _cancelled(tasks)
        for task, branch in tasks.items():
            self._judge(branch, task)

    def _judge(self, branch: _Branch, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            seconds = self._patience_seconds
            why = StreamError(
                f"{branch.label} is too slow: bytes waited for it for {seconds:g} seconds",
                code=ErrorCode.TARGET_TOO_SLOW,
                subject=branch.label,
                seconds=seconds,
            )
            self._drop(branch, why)
            return
        try:
            task.result()
        except BasculeError as exc:
            self._drop(branch, exc)

    async def _drain(self, branch: _Branch) -> None:
        try:
            while await branch.stream.receive():
                pass  # nobody wants to hear it
        except BasculeError as exc:
            self._drop(branch, exc)

    def _drop(self, branch: _Branch, why: BasculeError) -> None:
        if not branch.dropped and not self._closed:
            branch.dropped = True
            branch.stream.abort()
            self._on_dropped(branch.label, why)

    async def aclose(self) -> None:
        self._closed = True
        await _cancelled([branch.draining for branch in self._branches if branch.draining])
        await _close(self._streams)

    def abort(self) -> None:
        self._closed = True
        for stream in self._streams:
            stream.abort()


class FanOutDialer(Dialer):
    """Reaches all of ``dialers`` at once; ``answering`` is the number of the one that answers, from
    1; 0: none.

    That one must be reached, or any where none answers. Others that fail, or need longer by
    ``patience_seconds``, are dropped.
    """

    def __init__(
        self,
        dialers: Sequence[Dialer],
        *,
        answering: int = 1,
        patience_seconds: float = 5.0,
        on_dropped: OnDropped = _tell_nobody,
    ) -> None:
        self._dialers = tuple(dialers)
        self._answering = answering
        self._patience_seconds = patience_seconds
        self._on_dropped = on_dropped
        self.label = " and ".join(dialer.label for dialer in dialers)
        self.exclusive = any(dialer.exclusive for dialer in dialers)

    async def check(self) -> None:
        if self._answering:
            await self._dialers[self._answering - 1].check()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        tasks = [asyncio.ensure_future(dialer.dial(progress)) for dialer in self._dialers]
        used = False
        try:
            await self._until_enough(tasks)
            if waited := [task for task in tasks if not task.done()]:
                await asyncio.wait(waited, timeout=self._patience_seconds)
            await _cancelled(tasks)
            stream = self._joined(tasks)
            used = True
        finally:
            if not used:
                await _cancelled(tasks)
                reached = [task.result() for task in tasks if _succeeded(task)]
                for stream in reached:
                    stream.abort()
                await _close(reached)
        return stream

    async def _until_enough(self, tasks: list[asyncio.Task[Stream]]) -> None:
        """Wait for the one that answers, or for any. Raises: as dialing the former does."""
        if self._answering:
            await asyncio.wait([tasks[self._answering - 1]])
            tasks[self._answering - 1].result()
            return
        while not any(_succeeded(task) for task in tasks):
            waited = [task for task in tasks if not task.done()]
            if not waited:
                raise none_reached(
                    [
                        (dialer.label, self._problem(dialer, task))
                        for dialer, task in zip(self._dialers, tasks, strict=True)
                    ]
                )
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)

    def _joined(self, tasks: list[asyncio.Task[Stream]]) -> FanOutStream:
        answering: Stream | None = None
        others: list[tuple[str, Stream]] = []
        for number, (dialer, task) in enumerate(zip(self._dialers, tasks, strict=True), 1):
            if not _succeeded(task):
                self._on_dropped(dialer.label, self._problem(dialer, task))
            elif number == self._answering:
                answering = task.result()
            else:
                others.append((dialer.label, task.result()))
        return FanOutStream(
            answering,
            others,
            patience_seconds=self._patience_seconds,
            on_dropped=self._on_dropped,
        )

    def _problem(self, dialer: Dialer, task: asyncio.Task[Stream]) -> BasculeError:
        if task.cancelled():
            seconds = self._patience_seconds
            return DialError(
                f"{dialer.label} is not reached {seconds:g} seconds after the others",
                code=ErrorCode.TIMED_OUT,
                subject=dialer.label,
                seconds=seconds,
            )
        problem = task.exception()
        assert isinstance(problem, BasculeError), problem
        return problem


def _succeeded(task: asyncio.Task[Stream]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


async def _cancelled(tasks: Collection[asyncio.Future[Any]]) -> None:
    """End those that go on, and see to it that no outcome is lost without anybody looking."""
    going_on = [task for task in tasks if not task.done()]
    for task in going_on:
        task.cancel()
    if going_on:
        await asyncio.wait(going_on)
    for task in tasks:
        if not task.cancelled():
            task.exception()


async def _close(streams: list[Stream]) -> None:
    async with asyncio.TaskGroup() as group:
        for stream in streams:
            group.create_task(stream.aclose())
