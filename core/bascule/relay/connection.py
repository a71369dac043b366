"""Owns one live passage through a relay: dial, pump, and closing both ends whatever happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from types import CoroutineType
from typing import Protocol

from bascule.errors import (
    BasculeError,
    DeviceError,
    ErrorCode,
    Problem,
    StreamError,
    fault_of_ours,
)
from bascule.events import ConnectionStatus
from bascule.relay.fastpath import FastPath, between
from bascule.relay.pump import Counters, Rules, pump
from bascule.streams.base import Address, Dialer, Stream
from bascule.streams.leaving import watch_client
from bascule.streams.limit import LimitedStream
from bascule.streams.origin import Origin, set_origin
from bascule.streams.pieces import PieceStream

_CLOSE_SECONDS = 1.0
"""How long a peer that takes nothing may hold up an orderly close."""


class Owner(Protocol):
    """Whoever has connections: hears of each when it is connected and when it is all over."""

    def connected(self, connection: Connection, target: str) -> None:
        """Hear that the target, which is called so, is reached."""
        ...

    def ended(self, connection: Connection) -> None:
        """Hear that both its streams are closed."""
        ...


class Connection:
    """One passage. ``end`` finishes it early; ``problem`` says why it ended, None if in order."""

    # What short connections never come to is said once for all of them.
    problem: Problem | None = None
    error: BasculeError | None = None
    leave: Callable[[], None] | None = None  # for whoever has counted it
    told = False  # whether anybody was told that it is there
    sampled = 0
    _moved_at: float | None = None
    _settled = False
    _task: asyncio.Task[None] | None = None
    _owner: Owner

    def __init__(self, number: int, peer: object) -> None:
        self.number = number
        self._peer = peer
        self.since = time.time()
        self.counters = Counters()
        self.connected = False
        self._streams: tuple[Stream, ...] = ()
        self._path: FastPath | None = None
        self._ended = False

    @property
    def peer(self) -> str:
        """Who is at the source, in words."""
        return str(self._peer)

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Its source and its target, while it is connected; else nothing."""
        return self._streams

    @property
    def status(self) -> ConnectionStatus:
        """What is known of it now."""
        counters = self.counters
        return ConnectionStatus(
            self.number, self.peer, self.since, counters.up, counters.down, self.connected
        )

    def start(
        self,
        source: Stream,
        welcome: Callable[[Stream], Awaitable[Stream]] | None,
        target: Dialer,
        rules: Rules,
        owner: Owner,
    ) -> Coroutine[None, None, None] | None:
        """Carry ``source``, after its ``welcome`` (a handshake, if any), to a new stream of
        ``target`` until both finish. What can be done without waiting is done; return what is left
        to be run in a task, at once, or None: between two sockets no task is needed. It raises
        nothing of ours: read ``problem`` and ``error``. Only a fault in Bascule is both told as
        ``problem`` and raised.

        ``owner`` hears when it is connected, and when both are closed, which may be long after
        what was returned is done.
        """
        self._owner = owner
        if rules.observe is not None:
            self.counters.observe = rules.observe
        if self._ended or welcome is not None or rules.tells_origin or rules.watches_client:
            return self._run(source, welcome, target, rules)
        far = broken = None
        try:
            begun = target.begin()
            if isinstance(begun, CoroutineType):
                return self._run(source, None, target, rules, dialing=begun)
            far = begun
            if self._joined(source, far, target, rules):
                return None
        except BaseException as exc:  # noqa: BLE001 - raised again where it is told and all closed
            broken = exc
        return self._run(source, None, target, rules, far=far, broken=broken)

    async def _run(
        self,
        source: Stream,
        welcome: Callable[[Stream], Awaitable[Stream]] | None,
        target: Dialer,
        rules: Rules,
        *,
        dialing: Coroutine[None, None, Stream] | None = None,
        far: Stream | None = None,
        broken: BaseException | None = None,
    ) -> None:
        """Do what has to be waited for: ``dialing`` has begun, ``far`` is there and known, or what
        was done without waiting is ``broken`` by this.
        """
        self._task = asyncio.current_task()
        orderly = self.connected and broken is None
        try:
            if broken is not None:
                raise broken
            if self._ended:  # before it began, or by whoever heard that it is connected
                return
            orderly = False
            if far is None:
                if welcome is not None or rules.tells_origin or rules.watches_client:
                    source = await self._meet(source, welcome, rules)
                far = await (dialing or target.dial())
                if self._joined(source, far, target, rules):
                    return
            if rules.layers:
                source, far = _layered(source, far, rules)
            await _carry(source, far, self.counters, rules)
            orderly = True
        except BasculeError as exc:
            self.error = exc
            self.problem = exc.problem
        except asyncio.CancelledError:
            orderly = True
            # end() was called: this is how the connection was meant to finish. Any further request
            # to cancel concerns the task as a whole.
            if not self._ended or (self._task is not None and self._task.uncancel() > 0):
                raise
        except BaseException as exc:
            self.problem = fault_of_ours(exc)
            raise
        finally:
            self._task = None
            if self._path is None:
                # How it ended is settled: end() changes nothing from here on.
                self._ended, self._streams = True, ()
                await self._close_all(source, far, orderly=orderly)

    async def _close_all(self, source: Stream, far: Stream | None, *, orderly: bool) -> None:
        """Close both streams, whatever happens, and tell it."""
        try:
            await _close(source, orderly=orderly)
        finally:
            try:
                if far is not None:
                    await _close(far, orderly=orderly)
            finally:
                self._owner.ended(self)

    def _joined(self, source: Stream, far: Stream, target: Dialer, rules: Rules) -> bool:
        """Tell that the target is reached, and go the quick way if there is one. Raises: as
        ``between``.
        """
        self.connected = True
        self._streams = (source, far)
        self._owner.connected(self, target.label)
        if not self._ended:  # by whoever has heard it: what is waited for next is cancelled
            self._path = between(source, far, self.counters, rules, self._carried)
        return self._path is not None

    async def _meet(
        self, source: Stream, welcome: Callable[[Stream], Awaitable[Stream]] | None, rules: Rules
    ) -> Stream:
        """Get to know who has come; let the target know what it wants to know of them."""
        if rules.watches_client:
            watch_client(source)
        if welcome is not None:
            source = await welcome(source)
            self._peer = source.peer  # behind a load balancer, whom its header names
        if rules.tells_origin:
            # What all send to one socket is of nobody in particular.
            known = source.can_send or not source.datagrams
            peer = source.peer if known else Address("")
            set_origin(Origin(peer, source.local, self.end, source.datagrams))
        return source

    def _carried(self, error: BasculeError | None) -> None:
        """Hear that the quick way has come to its end, and that its streams are closed."""
        self._streams = ()
        self._path = None
        self._ended = True
        if error is not None:
            self.error = error
            self.problem = error.problem
        self._owner.ended(self)

    def end(self, problem: Problem | None = None) -> None:
        """Finish now; ``problem`` is the reason that is told."""
        if self._ended:
            return
        self._ended = True
        self.problem = problem
        if self._path is not None:
            self._path.stop()
        elif self._task is not None:
            self._task.cancel()

    @property
    def needs_no_task(self) -> bool:
        """Whether it goes on without the task that began it."""
        return self._path is not None

    def settle(self) -> None:
        """Hear that it has lasted a moment; to be called now and then."""
        if not self._settled and self._streams:
            self._settled = True
            for stream in self._streams:
                stream.settle()

    def expire_if_idle(self, now: float, idle_seconds: float) -> None:
        """End it where nothing has moved for ``idle_seconds``; to be called now and then."""
        total = self.counters.up + self.counters.down
        if total != self.sampled or not self.connected or self._moved_at is None:
            self.sampled, self._moved_at = total, now
        elif idle_seconds and now - self._moved_at >= idle_seconds:
            self.end(
                StreamError(
                    f"nothing moved for {idle_seconds:g} seconds",
                    code=ErrorCode.IDLE_EXPIRED,
                    seconds=idle_seconds,
                ).problem
            )

    @property
    def lost_device(self) -> DeviceError | None:
        """The trouble with a device that ended it, if that was it."""
        return self.error if isinstance(self.error, DeviceError) else None


async def _carry(source: Stream, far: Stream, counters: Counters, rules: Rules) -> None:
    """Carry bytes the quickest way that needs a task. Raises: as ``pump``."""
    if source.datagrams and far.datagrams:
        from bascule.relay import datagram_path  # most relays have none

        if datagram_path.applies(source, far, rules):
            await datagram_path.carry(source, far, counters, rules)
            return
    await pump(source, far, counters, rules)


def _layered(source: Stream, far: Stream, rules: Rules) -> tuple[Stream, Stream]:
    """Put between the two streams what the rules ask for."""
    if rules.chunk_bytes:
        source = PieceStream(source, rules.chunk_bytes)
        far = PieceStream(far, rules.chunk_bytes)
    if rules.up_limit or rules.down_limit:
        source = LimitedStream(source, receiving=rules.up_limit, sending=rules.down_limit)
    return source, far


async def _close(stream: Stream, *, orderly: bool) -> None:
    """Close a stream: in order where it can be, else with a reset, so that a broken way is never
    taken for a finished one. Cancelling hurries it; nothing stays open.
    """
    if not orderly:
        stream.abort()
    if not stream.lingers:
        return await stream.aclose()
    closed = False
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await stream.aclose()
        closed = True
    except TimeoutError:
        pass  # the peer takes nothing
    finally:
        if not closed:
            stream.abort()
            await stream.aclose()
