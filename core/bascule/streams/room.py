"""Owns the room: what one member says, line by line, all who are in it hear.

One room belongs to one relay; each connection is a member with a queue of its own. A member that is
a full queue behind and takes nothing for half a second is shown out: it can neither stall the
others nor make the room grow. Up to that moment the others wait for it, so that one long speech
does not show out those who keep listening.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bascule.errors import ErrorCode, StreamError
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.buffered import broken
from bascule.streams.origin import get_origin
from bascule.streams.stage import staged

QUEUE_BYTES = 256 * 1024
"""Most bytes that wait for a member."""

LINE_BYTES = 64 * 1024
"""A line that is longer is heard in pieces."""

PATIENCE_SECONDS = 0.5
"""How long a member with a full queue may take nothing."""

_ENTRY_BYTES = 64
"""What an entry costs beside its bytes: short ones shall not be free."""


@dataclass(frozen=True, slots=True)
class RoomWords:
    """What the room itself says; ``{name}`` is the member. ``said`` stands before a line; with an
    empty ``went`` members leave unnoticed.
    """

    you: str = "You are: {name}"
    came: str = "{name} is connected"
    went: str = "{name} is gone"
    said: str = "Message from {name}: "


ENGLISH = RoomWords()


class Room:
    """All members of a relay. ``announce``: say who comes, goes and speaks; ``include_self``: who
    speaks hears it too.
    """

    def __init__(
        self, *, announce: bool = True, include_self: bool = True, words: RoomWords = ENGLISH
    ) -> None:
        self._announce = announce
        self._include_self = include_self
        self._words = words
        self._names = itertools.count(1)
        self._members: list[RoomStream] = []

    def enter(self) -> RoomStream:
        """Make a new member; it leaves by being closed."""
        member = RoomStream(self, str(next(self._names)))
        self._members.append(member)
        if self._announce:
            member.hear_now(_line(self._words.you, member.name))
            self._tell_others(member, _line(self._words.came, member.name))
        return member

    def leave(self, member: RoomStream) -> None:
        """Let a member go. Doing it again does nothing."""
        if member in self._members:
            self._members.remove(member)
            if self._announce and self._words.went:
                self._tell_others(member, _line(self._words.went, member.name))

    def _tell_others(self, member: RoomStream, line: bytes) -> None:
        for each in [other for other in self._members if other is not member]:
            each.hear_now(line)

    def prefix_of(self, member: RoomStream) -> bytes:
        """What stands before each of its lines."""
        return self._words.said.format(name=member.name).encode() if self._announce else b""

    async def say(self, speaker: RoomStream, block: bytes) -> None:
        """Let the members hear some lines, all in the same order, once all have room for them."""
        while True:
            hearers = [each for each in self._members if self._include_self or each is not speaker]
            full = [each for each in hearers if not each.has_room(block)]
            if not full:
                break
            for each in full:
                each.note_full()  # all at once: their time runs together
            for each in full:
                await each.room_or_out(block)
        for each in hearers:
            each.hear(block)


class RoomStream(Stream):
    """A member: what it is sent, the room hears; what the room says, it receives.

    Finishing is not leaving: it goes on hearing until it is closed. ``on_shown_out`` is called
    with the reason when it is too slow, as whoever carries its bytes may just be waiting for the
    slow peer; ``receive`` and ``send`` raise that reason as well.
    """

    can_half_close = False
    lingers = False

    def __init__(self, room: Room, name: str) -> None:
        self.peer = Address(f"room, {name}")
        self.name = name
        self.on_shown_out: Callable[[StreamError], None] | None = None
        self._room = room
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._full_since: float | None = None
        self._unfinished = b""
        self._finished = False
        self._error: StreamError | None = None
        self._changed = asyncio.Event()

    # what the room does -------------------------------------------------------------------------

    def has_room(self, line: bytes) -> bool:
        """Whether the line may be queued."""
        return not self._queue or self._queued_bytes + _cost(line) <= QUEUE_BYTES

    def hear(self, line: bytes) -> None:
        """Queue a line."""
        if self._error is None:
            self._queue.append(line)
            self._queued_bytes += _cost(line)
            self._changed.set()

    def hear_now(self, line: bytes) -> None:
        """Queue a line that nobody waits with; without room for it, the member is shown out."""
        if self.has_room(line):
            self.hear(line)
        else:
            self._show_out()

    def note_full(self) -> None:
        """Remember when its queue was found full first."""
        if self._full_since is None:
            self._full_since = asyncio.get_running_loop().time()

    async def room_or_out(self, line: bytes) -> None:
        """Return when there is room for a line, at the latest because it was shown out."""
        if self._full_since is None:
            return  # it has taken everything while another one was waited for
        try:
            async with asyncio.timeout_at(self._full_since + PATIENCE_SECONDS):
                while not self.has_room(line) and self._error is None:
                    await self._change_seen()
        except TimeoutError:
            if not self.has_room(line):  # it may have made room when the loop was late
                self._show_out()

    def _show_out(self) -> None:
        error = StreamError(
            f"too slow: {QUEUE_BYTES // 1024} KiB of the room were waiting for it",
            code=ErrorCode.CONNECTION_BROKEN,
            limit_bytes=QUEUE_BYTES,
        )
        if self._end(error) and self.on_shown_out is not None:
            self.on_shown_out(error)

    def _end(self, error: StreamError) -> bool:
        """Leave, with everything that waits; False where that was done before."""
        if self._error is not None:
            return False
        self._error = error
        self._queue.clear()
        self._queued_bytes = 0
        self._room.leave(self)
        self._changed.set()
        return True

    async def _change_seen(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    # what the connection does -------------------------------------------------------------------

    async def receive(self) -> bytes:
        while not self._queue:
            if self._error is not None:
                raise self._error
            await self._change_seen()
        data = b"".join(self._queue)
        self._queue.clear()
        self._queued_bytes = 0
        self._full_since = None
        self._changed.set()
        return data

    async def send(self, data: bytes) -> None:
        self._refuse()
        *lines, rest = (self._unfinished + data).split(b"\n")
        while len(rest) >= LINE_BYTES:
            lines.append(rest[:LINE_BYTES])
            rest = rest[LINE_BYTES:]
        self._unfinished = rest
        await self._say(lines)

    async def _say(self, lines: list[bytes]) -> None:
        for block in _blocks(lines, self._room.prefix_of(self)):
            self._refuse()
            await self._room.say(self, block)
            await asyncio.sleep(0)  # the others, and those who hear it, have their turn

    def _refuse(self) -> None:
        if self._error is not None:
            raise self._error
        if self._finished:
            raise broken("sending has been finished")

    async def send_eof(self) -> None:
        if self._finished:
            return
        self._refuse()
        if self._unfinished:
            line, self._unfinished = self._unfinished, b""
            await self._say([line])
        self._finished = True

    async def aclose(self) -> None:
        self.abort()

    def abort(self) -> None:
        self._end(broken("the stream is closed"))


class RoomDialer(Dialer):
    """Makes each who dials a member of ``room``."""

    def __init__(self, room: Room, *, label: str = "room") -> None:
        self.label = label
        self._room = room

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        end = get_origin().end
        with staged(progress, Stage.CONNECT, self.label):
            member = self._room.enter()
        if end is not None:
            member.on_shown_out = lambda why: end(why.problem)
        return member


def _line(words: str, name: str) -> bytes:
    return words.format(name=name).encode() + b"\n"


def _blocks(lines: list[bytes], prefix: bytes) -> Iterator[bytes]:
    """Put lines together, long ones in pieces: many short ones at once cost as few long ones."""
    block: list[bytes] = []
    size = 0
    for line in lines:
        for begin in range(0, max(len(line), 1), LINE_BYTES):
            piece = line[begin : begin + LINE_BYTES]
            block += (prefix, piece, b"\n")
            size += len(prefix) + len(piece) + 1
            if size >= LINE_BYTES:
                yield b"".join(block)
                block.clear()
                size = 0
    if block:
        yield b"".join(block)


def _cost(line: bytes) -> int:
    return len(line) + _ENTRY_BYTES
