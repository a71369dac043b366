"""Owns the recording of one relay's traffic: a ring of what passed last, in memory only.

Whichever way bytes take, they are shown where somebody looks (``Counters.observe``). What is
recorded goes to whoever asks for it and nowhere else: it may hold passwords.
"""

from __future__ import annotations

import time
from collections import deque
from itertools import islice

from bascule.recording.records import RECORD_BYTES, Mark, Passage, Record, Recorded
from bascule.relay.pump import Observe
from bascule.streams.base import Stream

RING_BYTES = 16 * 1024 * 1024
RING_RECORDS = 100_000
"""What is kept of a relay, whichever is reached first; the oldest makes room."""

PAGE_BYTES = 256 * 1024
PAGE_RECORDS = 600
"""What is given at a time: it has to fit a message of the control API, in base 64."""


class Recorder:
    """Records while ``on``. What was recorded stays until ``forget``, or until it is switched on
    anew; numbers go on.
    """

    def __init__(self) -> None:
        self.on = False
        self._ring: deque[Record] = deque()
        self._bytes = 0
        self._last = self._begun = 0  # the last record, and that before the first one
        self._passages: dict[int, Passage] = {}
        self._mentioned: dict[int, int] = {}  # records in the ring, by connection
        self._watched: set[int] = set()

    def switch(self, on: bool) -> None:
        """Begin anew, or stop."""
        if on and not self.on:
            self.forget()
        self.on = on
        self._watched.clear()

    def forget(self) -> None:
        """Keep nothing of what was recorded."""
        self._begun = self._last
        self._ring.clear()
        self._bytes = 0
        self._mentioned.clear()
        self._passages.clear()

    # what happens -------------------------------------------------------------------------------

    def observe(self, connection: int) -> Observe:
        """What is to be shown the chunks of a connection from now on."""
        self._watched.add(connection)

        def seen(direction: str, data: bytes) -> None:
            mark = Mark.UP if direction == "up" else Mark.DOWN
            now = time.time()
            if len(data) <= RECORD_BYTES:
                self._add(now, connection, mark, data)
                return
            for start in range(0, len(data), RECORD_BYTES):
                self._add(now, connection, mark, data[start : start + RECORD_BYTES])

        return seen

    def found(self, connection: int, source: Stream, target: Stream) -> None:
        """Hear of a connection that had reached its target before recording began."""
        self._passages[connection] = passage(connection, source, target)

    def opened(self, connection: int, source: Stream, target: Stream) -> None:
        """Hear that a connection has reached its target."""
        if connection in self._watched:
            self.found(connection, source, target)
            self._add(time.time(), connection, Mark.OPENED)

    def closed(self, connection: int) -> None:
        """Hear that a connection is over."""
        if connection not in self._watched:
            return
        self._watched.discard(connection)
        if connection in self._passages:
            self._add(time.time(), connection, Mark.CLOSED)
            self._forget_passage(connection)

    def _add(self, at: float, connection: int, mark: Mark, data: bytes = b"") -> None:
        self._last += 1
        self._ring.append(Record(self._last, at, connection, mark, data))
        self._bytes += len(data)
        self._mentioned[connection] = self._mentioned.get(connection, 0) + 1
        while self._bytes > RING_BYTES or len(self._ring) > RING_RECORDS:
            self._drop()

    def _drop(self) -> None:
        oldest = self._ring.popleft()
        self._bytes -= len(oldest.data)
        self._mentioned[oldest.connection] -= 1
        self._forget_passage(oldest.connection)

    def _forget_passage(self, connection: int) -> None:
        if connection not in self._watched and not self._mentioned.get(connection):
            self._passages.pop(connection, None)
            self._mentioned.pop(connection, None)

    # what is known ------------------------------------------------------------------------------

    def after(self, number: int) -> Recorded:
        """What was recorded after the record ``number``, as much as is given at a time. A number
        that is yet to come stands for 0.
        """
        number = max(number, self._begun) if number <= self._last else self._begun
        first = self._last - len(self._ring) + 1
        dropped = max(first - number - 1, 0)
        records: list[Record] = []
        room = PAGE_BYTES
        start = max(number - first + 1, 0)
        for record in islice(self._ring, start, start + PAGE_RECORDS):
            room -= len(record.data)
            if records and room < 0:
                break
            records.append(record)
        mentioned = dict.fromkeys(record.connection for record in records)
        return Recorded(
            self.on,
            tuple(records),
            tuple(self._passages[each] for each in mentioned if each in self._passages),
            dropped,
            bool(records) and records[-1].number < self._last,
        )


def passage(connection: int, source: Stream, target: Stream) -> Passage:
    """Who talks: the first two of one IP version that say it, those at the source before others."""
    datagrams = source.datagrams and target.datagrams
    for client, server in (
        (source.peer, source.local),
        (target.local, target.peer),
        (source.peer, target.peer),
    ):
        ours, theirs = client.ip, server.ip
        if ours is not None and theirs is not None and ours.version == theirs.version:
            return Passage(
                connection,
                str(source.peer),
                str(ours),
                client.port or 0,
                str(theirs),
                server.port or 0,
                datagrams,
            )
    return Passage(connection, str(source.peer), datagrams=datagrams)
