"""Owns what is told of the transfers of files of one relay: now and then, and when one has ended.

Where they come faster than anybody can read, only those are told of that the next tick still finds.
"""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from bascule.events import TransferChanged, TransferStatus
from bascule.streams.transfer import Transfer

KEPT = 10
"""Transfers that have ended and are still told to whoever comes later."""

LISTED = 50
"""Most that are told of at the same time; the others go on untold."""

_NEWEST = 0.4
"""How much the rate of the last tick weighs in the rate that is told."""


@dataclass(slots=True)
class _Watched:
    """A transfer, what was last told of it, and when and where it was then (monotonic seconds)."""

    transfer: Transfer
    told: TransferStatus | None = None
    at: float = 0.0
    bytes_done: int = 0
    bytes_per_second: int = 0


class Transfers:
    """The transfers of the relay ``id``, by number."""

    def __init__(self, id: str, tell: Callable[[TransferChanged], None]) -> None:
        self._id = id
        self._tell = tell
        self._numbers = itertools.count(1)
        self._watched: dict[int, _Watched] = {}
        self._over: deque[int] = deque()
        self._ends_left = LISTED

    @property
    def statuses(self) -> tuple[TransferStatus, ...]:
        """All that are listed, as they are now, oldest first."""
        return tuple(
            each.transfer.status(number, each.bytes_per_second)
            for number, each in itertools.islice(self._watched.items(), LISTED)
        )

    def watch(self, transfer: Transfer) -> None:
        """Tell of a transfer from now on."""
        number = next(self._numbers)
        watched = self._watched[number] = _Watched(transfer, at=time.monotonic())
        transfer.on_end = partial(self._ended, number)
        if len(self._watched) <= LISTED:
            self._tell_of(number, watched)

    def tick(self, now: float) -> None:
        """Tell of what has moved; ``now`` is monotonic. To be called about twice a second."""
        self._ends_left = LISTED
        for number, watched in tuple(itertools.islice(self._watched.items(), LISTED)):
            if not watched.transfer.over:
                _measure(watched, now)
            self._tell_of(number, watched)

    def _ended(self, number: int) -> None:
        if self._ends_left > 0:
            self._ends_left -= 1
            self._tell_of(number, self._watched[number])
        self._over.append(number)
        if len(self._over) > KEPT:
            del self._watched[self._over.popleft()]

    def _tell_of(self, number: int, watched: _Watched) -> None:
        """Tell how far a transfer is, unless it was told so before."""
        status = watched.transfer.status(number, watched.bytes_per_second)
        told = watched.told
        if told is None or replace(status, at=told.at) != told:
            watched.told = status
            self._tell(TransferChanged(self._id, status))


def _measure(watched: _Watched, now: float) -> None:
    """Learn how quick a transfer is: the last tick counts most, the ones before less and less."""
    seconds = now - watched.at
    if seconds <= 0:
        return
    newest = (watched.transfer.bytes_done - watched.bytes_done) / seconds
    weight = _NEWEST if watched.bytes_per_second else 1.0
    rate = watched.bytes_per_second + (newest - watched.bytes_per_second) * weight
    watched.bytes_per_second = int(rate)  # one that stands still comes to 0
    watched.at, watched.bytes_done = now, watched.transfer.bytes_done
