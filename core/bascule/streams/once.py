"""Owns listening for one connection: a listener as a dialer, so that it can be a target too."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from bascule.errors import BasculeError, DialError, ErrorCode
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.stage import staged

type Admit = Callable[[Address], None]
"""Raises StreamError where a peer may not connect."""

type OnRefused = Callable[[Address, BasculeError], None]
"""Hears of each peer that was refused, and why."""


def _admit_all(_peer: Address) -> None:
    pass


def _tell_nobody(_peer: Address, _why: BasculeError) -> None:
    pass


class ListenOnce(Dialer):
    """Listens when it is asked for a stream, and gives the one that arrives.

    Who may not connect (``admit``) is closed and the wait goes on. Once somebody has come, nobody
    else can: listening has stopped before the newcomer is welcomed. ``accept_timeout_seconds``: how
    long to wait for somebody; 0: without end. Dialing again listens again.
    """

    def __init__(
        self,
        listener: Callable[[], Listener],
        *,
        label: str,
        admit: Admit = _admit_all,
        on_refused: OnRefused = _tell_nobody,
        accept_timeout_seconds: float = 0.0,
        field: str | None = None,
    ) -> None:
        self._make = listener
        self._admit = admit
        self._on_refused = on_refused
        self._timeout_seconds = accept_timeout_seconds
        self._field = field
        self.label = label

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        listener = self._make()
        arrivals = _Arrivals(self._admit, self._on_refused)
        try:
            with staged(progress, Stage.LISTEN, self.label) as noted:
                noted.detail = ", ".join(map(str, await listener.start(arrivals.arrive)))
            with staged(progress, Stage.CONNECT, self.label) as noted:
                noted.detail = str(await self._first(arrivals))
            await listener.aclose()
            stream = arrivals.release()
        finally:
            try:
                await listener.aclose()
            finally:
                await arrivals.aclose()
        welcomed = False
        try:
            usable = await listener.welcome(stream)
            welcomed = True
        finally:
            if not welcomed:
                stream.abort()
                await stream.aclose()
        return usable

    async def _first(self, arrivals: _Arrivals) -> Address:
        try:
            async with asyncio.timeout(self._timeout_seconds or None):
                return await arrivals.first()
        except TimeoutError as exc:
            raise DialError(
                f"nobody has connected to {self.label} within {self._timeout_seconds:g} seconds",
                code=ErrorCode.TIMED_OUT,
                field=self._field,
                subject=self.label,
                seconds=self._timeout_seconds,
            ) from exc


class _Arrivals:
    """Those who arrive while one is waited for: the first that may connect is kept, all others are
    closed. It owns them until ``release``.
    """

    def __init__(self, admit: Admit, on_refused: OnRefused) -> None:
        self._admit = admit
        self._on_refused = on_refused
        self._kept: Stream | None = None
        self._unwanted: deque[Stream] = deque()
        self._came = asyncio.Event()

    def arrive(self, stream: Stream) -> None:
        if self._kept is None and self._may_connect(stream.peer):
            self._kept = stream
        else:
            stream.abort()
            self._unwanted.append(stream)
        self._came.set()

    def _may_connect(self, peer: Address) -> bool:
        try:
            self._admit(peer)
        except BasculeError as exc:
            self._on_refused(peer, exc)
            return False
        return True

    async def first(self) -> Address:
        """Wait for one that may connect, and free those that may not."""
        while self._kept is None:
            self._came.clear()
            await self._came.wait()
            await self._free()
        return self._kept.peer

    def release(self) -> Stream:
        """Hand over the one that ``first`` has waited for. Nobody arrives any more."""
        assert self._kept is not None
        kept, self._kept = self._kept, None
        return kept

    async def _free(self) -> None:
        while self._unwanted:
            await self._unwanted[0].aclose()
            self._unwanted.popleft()

    async def aclose(self) -> None:
        if self._kept is not None:
            self._kept.abort()
            self._unwanted.append(self._kept)
        await self._free()
