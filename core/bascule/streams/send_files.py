"""Owns the end that sends files: a thread reads and packs them, a piece each time one is wanted.

It holds one piece. It counts as complete when the other side has ended in order after the last one,
and not merely when the last one was given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bascule.errors import BasculeError
from bascule.events import Stage
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.buffered import broken
from bascule.streams.built_in import BuiltInStream
from bascule.streams.file import OpenSettings, open_error
from bascule.streams.pack import LeftOut, Packed, pack, plain
from bascule.streams.stage import staged
from bascule.streams.transfer import Transfer, shown_name

type Say = Callable[[str], None]
"""Hears a sentence about what was sent."""


class SendStream(BuiltInStream):
    """Gives ``pieces``, then finishes; what it is sent is discarded. ``transfer`` is told how it
    ended.
    """

    def __init__(self, label: str, pieces: Generator[bytes], transfer: Transfer) -> None:
        super().__init__(label)
        self._loop = asyncio.get_running_loop()
        self._pieces = pieces
        self._transfer = transfer
        self._thread = ThreadPoolExecutor(1, "send files")
        self._reading: asyncio.Future[bytes] | None = None
        self._given = False
        self._freed: asyncio.Future[None] | None = None

    async def receive(self) -> bytes:
        self._refuse_closed()
        if self._reading is None:  # else one that was cancelled
            self._reading = self._loop.run_in_executor(self._thread, next, self._pieces, b"")
        reading = self._reading
        try:
            piece = await asyncio.shield(reading)
        except BasculeError as exc:
            self._transfer.fail(exc)
            raise
        self._refuse_closed()
        self._reading = None
        self._given = not piece
        return piece

    async def send(self, data: bytes) -> None:
        self._refuse_finished()

    async def aclose(self) -> None:
        if self._given and not self._closed:
            self._transfer.complete()
        self.abort()
        if self._freed is None:
            self._freed = self._loop.run_in_executor(self._thread, self._pieces.close)
            self._thread.shutdown(wait=False)
        await asyncio.wait([self._freed])
        if self._reading is not None:
            self._reading.exception()  # nobody is left whom it concerns

    def abort(self) -> None:
        super().abort()
        self._transfer.fail(broken("the connection ended before all had been sent and taken"))


class SendDialer(Dialer):
    """Sends a file or folder to each connection, as an archive or, where ``as_it_is``, a file
    without anything around it. ``say`` hears of each file, ``began`` of each connection's account;
    ``field`` is the field of the path in the spec.
    """

    def __init__(
        self,
        path: str,
        say: Say,
        began: Callable[[Transfer], None],
        *,
        as_it_is: bool = False,
        field: str = "path",
    ) -> None:
        self.label = path
        self._say = say
        self._began = began
        self._make = plain if as_it_is else pack
        self._as_it_is = as_it_is
        self._field = field

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.OPEN_DEVICE, self.label):
            path = Path(self.label)
            try:
                await asyncio.to_thread(_look, path, file_only=self._as_it_is)
            except (OSError, ValueError) as exc:
                raise open_error(exc, OpenSettings(self.label, field=self._field)) from exc
            loop = asyncio.get_running_loop()

            def tell(what: Packed | LeftOut) -> None:
                loop.call_soon_threadsafe(self._say, _sentence(what))

            transfer = Transfer(sending=True)
            self._began(transfer)
            return SendStream(self.label, self._make(path, tell=tell, transfer=transfer), transfer)


def _look(path: Path, *, file_only: bool) -> None:
    """See whether a file or folder is there and can be read. Raises: OSError."""
    if path.is_dir() and not file_only:
        next(path.iterdir(), None)
        return
    if path.exists() and not path.is_file():
        what = "a file" if file_only else "a file or a folder"
        raise OSError(None, f"it is not {what}")
    path.open("rb").close()


def _sentence(what: Packed | LeftOut) -> str:
    name = shown_name(what.path)
    if isinstance(what, LeftOut):
        return f"left out {name}: {what.why}"
    words = f"sent {name}: {what.size} bytes, SHA-256 {what.sha256}"
    return f"{words}; it has grown meanwhile, and the rest was not sent" if what.grew else words
