"""Owns who may enter a relay: the allow-list and the number of connections. No I/O."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bascule.errors import ErrorCode, StreamError
from bascule.spec.fields import parse_network
from bascule.streams.base import Address

if TYPE_CHECKING:
    from bascule.relay.connection import Connection

_TAKEN_SECONDS = 1.0
"""How long who comes to a device in use waits before it is refused; where the one before it is
about to leave, until that is done. Who reconnects at once would be refused for its own shadow.
"""

QUEUE_LIMIT = 256
"""Most connections that wait for a place; above it even a queueing relay refuses."""


class AllowList:
    """Networks whose addresses may connect; an empty list lets everyone in."""

    def __init__(self, entries: tuple[str, ...]) -> None:
        self._networks = tuple(parse_network(entry) for entry in entries)

    def allows(self, peer: Address) -> bool:
        """Whether the peer is in the list."""
        if not self._networks:
            return True
        ip = peer.ip
        return ip is not None and any(ip in network for network in self._networks)

    def check(self, peer: Address) -> None:
        """Raise StreamError NOT_ALLOWED unless the peer is in the list."""
        if not self.allows(peer):
            raise StreamError(
                f"{peer} is outside the range of addresses that may connect",
                code=ErrorCode.NOT_ALLOWED,
                peer=str(peer),
            )


class Clients:
    """How many connections each address has; ``limit`` 0 means any number."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts: dict[str, int] = {}

    def take(self, peer: Address) -> None:
        """Count a connection. Raises: StreamError TOO_MANY_CONNECTIONS, where it is not counted."""
        if not self._limit:
            return
        count = self._counts.get(peer.host, 0)
        if count >= self._limit:
            raise StreamError(
                f"{peer.host} already has {self._limit} connections",
                code=ErrorCode.TOO_MANY_CONNECTIONS,
                limit=self._limit,
            )
        self._counts[peer.host] = count + 1

    def free(self, peer: Address) -> None:
        """Count a connection no more."""
        if self._limit:
            self._counts[peer.host] -= 1
            if not self._counts[peer.host]:
                del self._counts[peer.host]


class Places:
    """The places of a relay; ``limit`` 0 means any number."""

    def __init__(self, limit: int, *, queue: bool) -> None:
        self._limit = limit
        self._queue = queue
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take_free(self) -> bool:
        """Take a place where one is free and nobody waits for it."""
        if self._limit and (self._taken >= self._limit or self._waiting):
            return False
        self._taken += 1
        return True

    async def take(self) -> None:
        """Take a place, in turn where the relay queues.

        Raises:
            StreamError: TOO_MANY_CONNECTIONS.
        """
        if self.take_free():
            return
        if not self._queue or len(self._waiting) >= QUEUE_LIMIT:
            raise StreamError(
                f"there are already {self._limit} connections",
                code=ErrorCode.TOO_MANY_CONNECTIONS,
                limit=self._limit,
            )
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.free()  # the place came in the same moment: pass it on
            else:
                with contextlib.suppress(ValueError):  # free() may just have passed it over
                    self._waiting.remove(turn)
            raise

    def free(self) -> None:
        """Give a place back: to the next who waits, if any."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._taken -= 1


async def take_device(
    places: Places, device: str, holders: Callable[[], Iterable[Connection]]
) -> None:
    """Take the place of a device that only one can have. Raises: StreamError DEVICE_TAKEN."""
    while True:
        try:
            async with asyncio.timeout(_TAKEN_SECONDS):
                return await places.take()
        except TimeoutError:
            have_it = tuple(holders())
            if not have_it or any(each.counters.lingers for each in have_it):
                continue
        holder = have_it[0].peer
        raise StreamError(
            f"{device} is in use by {holder}",
            code=ErrorCode.DEVICE_TAKEN,
            device=device,
            holder=holder,
        )
