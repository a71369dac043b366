"""Owns how events reach watchers: one bounded queue each; one that cannot keep up is told so."""

from __future__ import annotations

import asyncio
from collections import deque

from bascule.snapshot import Event

QUEUE_EVENTS = 2000
"""Events held for one watcher. Beyond, they are dropped and the watcher gets a fresh snapshot."""


class Watcher:
    """One listener's queue."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._overflowed = False
        self._ready = asyncio.Event()

    def put(self, event: Event) -> None:
        """Hold an event, or remember that there were too many. Never waits."""
        if self._overflowed:
            return
        if len(self._events) >= QUEUE_EVENTS:
            self._events.clear()
            self._overflowed = True
        else:
            self._events.append(event)
        self._ready.set()

    async def take(self) -> list[Event] | None:
        """Wait for events and return all there are; None where some were lost: the watcher needs a
        snapshot, and whatever follows it is complete again.
        """
        await self._ready.wait()
        self._ready.clear()
        if self._overflowed:
            self._overflowed = False
            return None
        events = list(self._events)
        self._events.clear()
        return events


class Bus:
    """Hands each event to every watcher."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()

    def watch(self) -> Watcher:
        """Add a watcher; it misses nothing from now on."""
        watcher = Watcher()
        self._watchers.add(watcher)
        return watcher

    def forget(self, watcher: Watcher) -> None:
        """Remove a watcher."""
        self._watchers.discard(watcher)

    def publish(self, event: Event) -> None:
        """Give an event to all watchers."""
        for watcher in self._watchers:
            watcher.put(event)
