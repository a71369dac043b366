"""A file that is handed out, in tests: its share, and who fetches it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bascule.errors import BasculeError
from bascule.streams.base import Address, Stream
from bascule.streams.origin import Origin, set_origin
from bascule.streams.share_file import Share, ShareDialer
from tests.helpers.contract import random_bytes, read_all, soon

DATA = random_bytes(1_000_000)
SUM = hashlib.sha256(DATA).hexdigest()
NAME = "a b.é"


class Rig:
    """A share, what it has said, and a clock that stands until it is set."""

    def __init__(self, path: Path, downloads: int = 1, seconds: float = 60.0) -> None:
        self.said: list[str] = []
        self.warned: list[BasculeError] = []
        self.finished = 0
        self.now = 1000.0
        self.share = Share(
            str(path),
            downloads=downloads,
            seconds=seconds,
            say=self.said.append,
            warn=self.warned.append,
            finish=self._finish,
            field="target.path",
            clock=lambda: self.now,
        )
        self.dialer = ShareDialer(self.share)

    def _finish(self) -> None:
        self.finished += 1

    async def come(self, host: str = "10.0.0.7") -> Stream:
        """Somebody connects."""
        set_origin(Origin(Address(host, 1), Address("")))
        return await soon(self.dialer.dial())

    async def ask(self, stream: Stream, *fields: str, method: str = "GET", path: str = "") -> None:
        """They say what they want; what they get is to be received."""
        lines = [f"{method} {path or self.share.facts.path} HTTP/1.1", "Host: h", *fields, "", ""]
        await soon(stream.send("\r\n".join(lines).encode()))

    async def fetch(self, *fields: str, host: str = "10.0.0.7", **asked: str) -> tuple[int, bytes]:
        """Somebody connects, asks, takes all, and leaves: the status, and what they got."""
        stream = await self.come(host)
        await self.ask(stream, *fields, **asked)
        head, _blank, body = (await soon(read_all(stream))).partition(b"\r\n\r\n")
        await soon(stream.aclose())
        return int(head.split()[1]), body
