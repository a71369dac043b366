"""Owns `bascule traffic`: what passes a relay, shown as it passes or written for Wireshark."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import IO

from bascule.cli.say import say
from bascule.control.client import Client
from bascule.recording.pcapng import Capture
from bascule.recording.records import Mark, Passage, Record, Recorded
from bascule.recording.text import text
from bascule.snapshot import ProfileView

_LOOK_SECONDS = 0.25

type _Take = Callable[[Iterable[Record], dict[int, Passage]], None]


async def follow(
    client: Client, relay: ProfileView, *, hexadecimal: bool, file: str | None
) -> None:
    """Show what passes a relay until interrupted, or write it to ``file``. What was recorded for
    somebody else before is shown too; where nobody had switched it on, it is switched off again.

    Raises: BasculeError; OSError, where the file cannot be written.
    """
    with ExitStack() as files:
        if file is None:
            take = _shown(hexadecimal=hexadecimal)
        else:
            take = _saved(files.enter_context(await asyncio.to_thread(_private, file)))
        await client.record(relay.id, True)
        say(f"bascule: what passes {_name(relay)} is recorded; Ctrl+C ends it", aside=True)
        reading = _Reading(client, relay.id, take)
        try:
            while True:
                await reading.go_on()
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            if not relay.recording:
                await client.record(relay.id, False)
                await reading.go_on()  # what passed before that


class _Reading:
    """How far a relay's recording has been read."""

    def __init__(self, client: Client, relay: str, take: _Take) -> None:
        self._client = client
        self._relay = relay
        self._take = take
        self._passages: dict[int, Passage] = {}
        self._after = 0

    async def go_on(self) -> None:
        """Read what there is. Raises: BasculeError; OSError, as ``take``."""
        more = True
        while more:
            recorded = await self._client.recorded(self._relay, self._after)
            more = recorded.more
            if recorded.dropped:
                print(
                    f"bascule: records that had to make room unseen: {recorded.dropped}",
                    file=sys.stderr,
                )
            if recorded.records:
                self._show(recorded)

    def _show(self, recorded: Recorded) -> None:
        self._passages |= {each.connection: each for each in recorded.passages}
        self._after = recorded.records[-1].number
        self._take(recorded.records, self._passages)
        for record in recorded.records:
            if record.mark is Mark.CLOSED:
                self._passages.pop(record.connection, None)


def _private(name: str) -> IO[bytes]:
    """A new file that only its owner can read: what passed in clear is in it. Raises: OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    number = os.open(name, flags, 0o600)
    return os.fdopen(number, "wb")


def _shown(*, hexadecimal: bool) -> _Take:
    def take(records: Iterable[Record], passages: dict[int, Passage]) -> None:
        for line in text(records, passages, hexadecimal=hexadecimal):
            print(line)
        sys.stdout.flush()

    return take


def _saved(file: IO[bytes]) -> _Take:
    capture = Capture()
    file.write(capture.head)
    file.flush()

    def take(records: Iterable[Record], passages: dict[int, Passage]) -> None:
        for record in records:
            file.writelines(capture.packets(record, passages))
        file.flush()

    return take


def _name(relay: ProfileView) -> str:
    return relay.profile.name if relay.profile is not None else relay.id
