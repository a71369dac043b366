"""Owns how bytes go from one stream to the other and back: the readable truth for every pair.

No queues: a chunk is sent before the next is received, so memory is constant. No clock per chunk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bascule.streams.base import Stream
from bascule.streams.limit import RateLimit

type Observe = Callable[[str, bytes], None]
"""Is shown a direction (``up``, ``down``) and a chunk of it, an empty datagram too, as it passes.

It must not raise and must not take long: everything waits for it.
"""


class Counters:
    """Bytes that went through a connection: up is source → target, down is target → source.
    ``observe`` is shown every chunk, from whenever it is set until it is None again.
    ``lingers``: one side has finished, and the other is only waited for until it is quiet.
    ``quiet_seconds``: so long it was, and was ended without having finished; 0: it was not.
    """

    observe: Observe | None = None
    lingers = False
    quiet_seconds = 0.0

    def __init__(self) -> None:
        self.up = 0
        self.down = 0


async def _carry_up(source: Stream, target: Stream, counters: Counters) -> None:
    while chunk := await source.receive():
        if counters.observe is not None:
            counters.observe("up", chunk)
        await target.send(chunk)
        counters.up += len(chunk)
    await target.send_eof()


async def _carry_down(source: Stream, target: Stream, counters: Counters) -> None:
    while chunk := await target.receive():
        if counters.observe is not None:
            counters.observe("down", chunk)
        await source.send(chunk)
        counters.down += len(chunk)
    await source.send_eof()


@dataclass(frozen=True, slots=True)
class Rules:
    """How a connection is carried, as its relay says. ``tells_origin``: the target wants to know
    who has connected; ``watches_client``: it wants to know when they have left. ``observe`` is
    shown every chunk from the first one on. The limits are shared by all connections.
    """

    linger_seconds: float = 2.0
    half_close_seconds: float = 0.0
    direction: str = "both"
    chunk_bytes: int = 0
    tells_origin: bool = False
    watches_client: bool = False
    observe: Observe | None = None
    up_limit: RateLimit | None = None
    down_limit: RateLimit | None = None

    @property
    def layers(self) -> bool:
        """Whether anything stands between the two streams."""
        return bool(self.chunk_bytes or self.up_limit or self.down_limit)


async def pump(source: Stream, target: Stream, counters: Counters, rules: Rules) -> None:
    """Carry bytes both ways until both sides have finished; each direction ends on its own.

    Where one side has finished and the other cannot be told so (``can_half_close`` False), its
    answer is waited for until it is quiet for ``linger_seconds``; where ``half_close_seconds`` is
    given, until it is quiet for so long in any case. Where bytes go one way only, the end of that
    way is the end. The streams stay open; on an error or cancellation neither direction goes on.

    Raises:
        StreamError, DeviceError: the first thing that broke.
    """
    if rules.direction == "up" or not (target.can_receive and source.can_send):
        return await _carry_up(source, target, counters)
    if rules.direction == "down" or not (source.can_receive and target.can_send):
        return await _carry_down(source, target, counters)
    up = asyncio.ensure_future(_carry_up(source, target, counters))
    down = asyncio.ensure_future(_carry_down(source, target, counters))
    try:
        await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        first, other, told = (up, down, target) if up.done() else (down, up, source)
        first.result()
        if not told.can_half_close:
            await _until_quiet(other, counters, rules.linger_seconds)
        elif rules.half_close_seconds:
            await _until_quiet(other, counters, rules.half_close_seconds)
            if not other.done():
                counters.quiet_seconds = rules.half_close_seconds
        else:
            await other
    finally:
        if not (up.done() and down.done()):
            up.cancel()
            down.cancel()
            await asyncio.wait((up, down))
        for task in (up, down):
            if not task.cancelled():
                task.exception()  # the first one was raised above; the second follows from it


async def _until_quiet(
    direction: asyncio.Future[None], counters: Counters, linger_seconds: float
) -> None:
    counters.lingers = True
    while True:
        before = (counters.up, counters.down)
        await asyncio.wait((direction,), timeout=linger_seconds)
        if direction.done():
            return direction.result()
        if before == (counters.up, counters.down):
            return None
