"""Owns the end that collects lines: each connection's are written to one file, none is lost.

What was sent is written also where the connection ends in the middle of a line, or is cancelled
while the disk is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from bascule.errors import BasculeError
from bascule.events import Stage
from bascule.protocols.log_lines import LogLines
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.buffered import broken
from bascule.streams.log_file import LogFile
from bascule.streams.origin import Origin, get_origin
from bascule.streams.stage import staged

UNKNOWN = "-"
"""Stands for a sender who is not known, as in RFC 5424 §6 (NILVALUE)."""


class LogStream(Stream):
    """Takes what one sender says. It owns its share of ``log``."""

    can_receive = False

    def __init__(self, log: LogFile, peer: Address, lines: LogLines, stamp: str) -> None:
        self.peer = peer
        self._log = log
        self._lines = lines
        self._stamp = _STAMPS[stamp]
        self._writing: asyncio.Future[None] | None = None
        self._failed = False
        self._finished = False
        self._closed = False
        self._closing: asyncio.Future[None] | None = None

    async def receive(self) -> bytes:
        if self._closed:
            raise broken("the stream is closed")
        return b""

    async def send(self, data: bytes) -> None:
        self._refuse()
        if data:
            await self._write(self._lines.feed(data, self._stamp()))

    async def send_eof(self) -> None:
        if self._finished:
            return
        self._refuse()
        self._finished = True
        await self._write(self._lines.finish(self._stamp()))

    def _refuse(self) -> None:
        if self._closed:
            raise broken("the stream is closed")
        if self._finished:
            raise broken("sending has been finished")

    async def _write(self, lines: bytes) -> None:
        """Write lines in order. Who is cancelled here has lost nothing: it is written anyway."""
        try:
            if self._writing is not None:  # somebody was cancelled
                await asyncio.shield(self._writing)
                self._writing = None
            if lines and not self._log.write_now(lines):
                self._writing = asyncio.ensure_future(self._log.write(lines))
                await asyncio.shield(self._writing)
                self._writing = None
        except BasculeError:
            self._failed = True
            self._writing = None
            raise

    async def aclose(self) -> None:
        self.abort()
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._leave())
        await asyncio.shield(self._closing)

    async def _leave(self) -> None:
        try:
            await self._write(b"" if self._failed else self._lines.finish(self._stamp()))
        except BasculeError as exc:
            self._log.tell(exc)
        await self._log.close()

    def abort(self) -> None:
        self._closed = True


class LogDialer(Dialer):
    """Gives each connection its way into ``log``. ``stamp`` is local, utc or none; ``sender`` is
    address, address-port or none.
    """

    def __init__(self, log: LogFile, label: str, *, stamp: str, sender: str) -> None:
        self.label = label
        self._log = log
        self._stamp = stamp
        self._sender = sender
        self._leaving: set[asyncio.Future[None]] = set()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        origin = get_origin()
        with staged(progress, Stage.OPEN_DEVICE, self.label):
            opening = asyncio.ensure_future(self._log.open())
            try:
                await asyncio.shield(opening)
            except asyncio.CancelledError:
                opening.add_done_callback(self._give_back)
                raise
        lines = LogLines(_named(origin, self._sender), datagrams=origin.datagrams)
        return LogStream(self._log, Address(self.label), lines, self._stamp)

    def _give_back(self, opening: asyncio.Future[None]) -> None:
        if not opening.cancelled() and opening.exception() is None:
            leaving = asyncio.ensure_future(self._log.close())
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)


def _named(origin: Origin, how: str) -> str:
    """What stands for a sender in its lines. Who has no address (a program of this computer that
    comes through a Unix socket) is not known.
    """
    if how == "none":
        return ""
    name = origin.peer.host if how == "address" else str(origin.peer)
    return name.replace(" ", "_") or UNKNOWN


def _no_stamp() -> str:
    return ""


def _local_stamp() -> str:
    return datetime.now().astimezone().isoformat(timespec="milliseconds")


def _utc_stamp() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


_STAMPS: dict[str, Callable[[], str]] = {
    "local": _local_stamp,
    "utc": _utc_stamp,
    "none": _no_stamp,
}
"""The time now, as each kind of stamp says it (RFC 3339)."""
