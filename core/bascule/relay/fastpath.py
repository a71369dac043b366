"""Owns the quick way between two sockets, plain or in TLS, where nothing changes the bytes.

It does what ``pump`` does, with callbacks of the loop instead of tasks. Each direction is a
``way.Way``, or a ``tls_way.TlsWay`` where TLS is at one of its ends. It can be deleted: ``pump``
remains.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from bascule.errors import BasculeError
from bascule.relay.pump import Counters, Rules
from bascule.relay.way import Way
from bascule.streams.base import Stream
from bascule.streams.oserrors import stream_error
from bascule.streams.socket_stream import SocketStream

if TYPE_CHECKING:
    from bascule.streams.tls_stream import TlsStream  # slow to import, and most relays have none

type Side = SocketStream | TlsStream

type Over = Callable[[BasculeError | None], None]


def between(
    source: Stream, target: Stream, counters: Counters, rules: Rules, over: Over
) -> FastPath | None:
    """Begin to carry between two streams; None, with nothing done, where the quick way does not
    know one of them or the rules, or one of them cannot be handed over.

    ``over`` is called once, from the loop, when both streams are closed: after both sides have
    finished, with the first thing that broke (StreamError; the streams were reset), or on ``stop``.
    Raises: StreamError, where they cannot be watched.
    """
    if rules.chunk_bytes or rules.direction != "both":
        return None
    make: Callable[..., Way] = Way
    if type(source) is not SocketStream or type(target) is not SocketStream:
        if not (source.secures or target.secures):
            return None
        from bascule.relay.tls_way import TlsWay, is_side

        if not (is_side(source) and is_side(target)):
            return None
        make = TlsWay
    if not (source.hand_over() and target.hand_over()):
        return None
    try:
        return FastPath(source, target, counters, rules, over, make)
    except OSError as exc:
        raise stream_error(exc) from exc


class FastPath:
    """Carries bytes between two sockets until both sides have finished."""

    _looking: asyncio.TimerHandle | None = None

    def __init__(
        self,
        source: Side,
        target: Side,
        counters: Counters,
        rules: Rules,
        over: Over,
        make: Callable[..., Way],
    ) -> None:
        self._source = source
        self._target = target
        self._counters = counters
        self._linger = rules.half_close_seconds
        self._over = over
        self._up = make(self, source, target, counters, True, rules.up_limit)
        self._down = make(self, target, source, counters, False, rules.down_limit)

    def stop(self, error: BasculeError | None = None) -> None:
        """Carry no further, and close both; what has been taken from one side has not all reached
        the other.
        """
        if self._looking is not None:
            self._looking.cancel()
        self._up.release()
        self._down.release()
        if error is None:
            self._source.close()
            self._target.close()
        else:
            self._source.abort()
            self._target.abort()
        self._over(error)

    def fail(self, exc: OSError) -> None:
        """End both directions because of what the system says."""
        error = stream_error(exc)
        error.__cause__ = exc
        self.stop(error)

    def other(self, way: Way) -> Way:
        """The direction that goes against this one."""
        return self._down if way is self._up else self._up

    def finished(self, way: Way) -> None:
        """Hear that one direction has come to its end."""
        if self._up.over and self._down.over:
            self.stop()  # closing tells the other side
            return
        try:
            way.pass_end_on()
        except OSError as exc:
            self.fail(exc)
            return
        if self._linger:
            self._until_quiet((self._counters.up, self._counters.down))

    def _until_quiet(self, before: tuple[int, int]) -> None:
        def look() -> None:
            now = (self._counters.up, self._counters.down)
            if now == before:
                self._counters.quiet_seconds = self._linger
                self.stop()
            else:
                self._until_quiet(now)

        self._looking = asyncio.get_running_loop().call_later(self._linger, look)
