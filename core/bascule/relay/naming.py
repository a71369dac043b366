"""Owns how a connection gets the name of the client whom its handshake tells of."""

from __future__ import annotations

from collections.abc import Callable

from bascule.relay.connection import Connection
from bascule.streams.base import Address, Listener, Stream


class Naming(Listener):
    """Calls a connection by the name that its handshake tells: behind a load balancer, the peer is
    whom the PROXY header names, not the balancer.
    """

    def __init__(self, inner: Listener, connection: Connection) -> None:
        self._inner = inner
        self._connection = connection

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        return await self._inner.start(on_arrival)

    async def welcome(self, stream: Stream) -> Stream:
        welcomed = await self._inner.welcome(stream)
        self._connection.peer = str(welcomed.peer)
        return welcomed

    async def aclose(self) -> None:
        await self._inner.aclose()
