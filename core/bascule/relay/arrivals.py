"""Owns who comes in through a listener: those who may, and one after the other where places are
few.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial

from bascule.errors import StreamError
from bascule.relay.admission import AllowList, Clients, Places
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address, Stream

type Leave = Callable[[], None]
"""To be called once, when who was let in has left; None: that is of no interest."""


class Arrivals:
    """What a listener gives is passed on to ``serve``, or to ``refuse`` and reset.

    ``exclusive``: one at a time, whatever the spec says. ``spawn`` runs what has to wait. ``take``
    waits for a place, or says why there is none (StreamError).
    """

    def __init__(
        self,
        spec: RelaySpec,
        *,
        exclusive: bool,
        spawn: Callable[[Coroutine[None, None, None]], None],
        serve: Callable[[Stream, Leave | None], None],
        refuse: Callable[[Address, StreamError], None],
        take: Callable[[Places], Awaitable[None]],
    ) -> None:
        limit = 1 if exclusive else spec.max_connections
        self._places = Places(limit, queue=exclusive or spec.overflow == "queue")
        self._allow = AllowList(spec.allow)
        self._clients = Clients(spec.connections_per_client)
        self._open = not (spec.allow or limit or spec.connections_per_client or spec.once)
        """Whether everybody may come in at any time."""
        self._once = spec.once
        self._spawn = spawn
        self._serve = serve
        self._refuse = refuse
        self._take = take
        self._closed = False

    def __call__(self, stream: Stream) -> None:
        """Hear that somebody has arrived."""
        if self._closed:  # the system had accepted it already
            stream.abort()
            return
        if self._open:
            self._serve(stream, None)
            return
        peer = stream.peer
        try:
            self._allow.check(peer)
            self._clients.take(peer)
        except StreamError as exc:
            stream.abort()
            self._spawn(stream.aclose())
            self._refuse(peer, exc)
            return
        self._closed = self._once
        if self._places.take_free():
            self._serve(stream, partial(self._leave, peer))
        else:
            self._spawn(self._in_turn(stream))

    async def _in_turn(self, stream: Stream) -> None:
        let_in = False
        try:
            await self._take(self._places)
            let_in = True
        except StreamError as exc:
            self._refuse(stream.peer, exc)
        finally:
            if not let_in:
                self._clients.free(stream.peer)
                stream.abort()
                await stream.aclose()
        if let_in:
            self._serve(stream, partial(self._leave, stream.peer))

    def _leave(self, peer: Address) -> None:
        self._places.free()
        self._clients.free(peer)

    def close(self) -> None:
        """Let nobody in any more."""
        self._closed = True
