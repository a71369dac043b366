"""Owns the end that receives files: what arrives is handed to a thread, which makes files of it.

It holds one chunk. What is complete is told with its size and SHA-256; where the connection breaks,
the file that was under way is removed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bascule.errors import BasculeError
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.buffered import broken
from bascule.streams.file import OpenSettings, open_error
from bascule.streams.stage import staged
from bascule.streams.transfer import Transfer, shown_name
from bascule.streams.unpack import PassedOver, Readable, Unpacked, keep, unpack

type Say = Callable[[str], None]
"""Hears a sentence about what has arrived."""


class _Handover:
    """One chunk on its way from the loop to the thread; ``taken`` is called in the thread."""

    def __init__(self, taken: Callable[[], None]) -> None:
        self._taken = taken
        self._chunk = b""
        self._ended = False
        self._broken = False
        self._changed = threading.Condition()

    @property
    def is_free(self) -> bool:
        """Whether a chunk may be given."""
        return not self._chunk

    def give(self, chunk: bytes) -> None:
        """Hand over a chunk; the one before has to be taken."""
        with self._changed:
            self._chunk = chunk
            self._changed.notify()

    def end(self, *, orderly: bool) -> None:
        """Let the reader see the end, or, where that came too early, an error."""
        with self._changed:
            self._ended, self._broken = True, self._broken or not orderly
            self._changed.notify()

    def read(self, size: int, /) -> bytes:
        """As ``Readable``, in the thread. Raises: StreamError where it ended too early."""
        with self._changed:
            while not (self._chunk or self._ended):
                self._changed.wait()
            if self._broken:
                raise broken("the connection ended before the files were complete")
            data, self._chunk = self._chunk[:size], self._chunk[size:]
            is_free = not self._chunk
        if is_free:
            self._taken()
        return data


class ReceiveStream(Stream):
    """Hands what it takes to ``work``, in a thread; it has nothing to say. Who finishes waits until
    all is written. ``transfer`` is told how it ended.
    """

    can_receive = False

    def __init__(self, label: str, work: Callable[[Readable], None], transfer: Transfer) -> None:
        self.peer = Address(label)
        self._loop = asyncio.get_running_loop()
        self._transfer = transfer
        self._wake = asyncio.Event()
        self._handover = _Handover(self._taken)
        self._finished = False
        self._closed = False
        # A thread of its own: who sends slowly would keep one that all files of the engine share.
        thread = ThreadPoolExecutor(1, "receive files")
        self._work = self._loop.run_in_executor(thread, work, self._handover)
        thread.shutdown(wait=False)  # it leaves when the work is done
        self._work.add_done_callback(self._done)

    def _taken(self) -> None:
        self._loop.call_soon_threadsafe(self._wake.set)

    def _done(self, work: asyncio.Future[None]) -> None:
        why = work.exception()
        if why is None:
            self._transfer.complete()
        else:
            fault = broken("a fault in Bascule")
            self._transfer.fail(why if isinstance(why, BasculeError) else fault)
        self._wake.set()

    async def receive(self) -> bytes:
        if self._closed:
            raise broken("the stream is closed")
        return b""

    async def send(self, data: bytes) -> None:
        self._refuse()
        while not self._handover.is_free:  # a send that was cancelled
            await self._change()
        if data:
            self._handover.give(data)
        while not self._handover.is_free:
            await self._change()

    async def send_eof(self) -> None:
        if self._finished:
            return
        self._refuse()
        self._finished = True
        self._handover.end(orderly=True)
        await asyncio.shield(self._work)

    def _refuse(self) -> None:
        if self._closed:
            raise broken("the stream is closed")
        if self._finished:
            raise broken("sending has been finished")

    async def _change(self) -> None:
        """Wait until the thread has taken something. Raises: StreamError where it failed."""
        self._wake.clear()
        if self._work.done():
            self._work.result()
        if self._handover.is_free:
            return
        await self._wake.wait()
        if self._closed:
            raise broken("the stream is closed")

    async def aclose(self) -> None:
        self.abort()
        await asyncio.wait([self._work])
        self._work.exception()  # whoever could hear it has left

    def abort(self) -> None:
        self._closed = True
        self._handover.end(orderly=self._finished)
        self._wake.set()


def _sentence(what: Unpacked | PassedOver) -> str:
    name = shown_name(what.path)
    if isinstance(what, PassedOver):
        return f"passed over {name}: it is neither a file nor a folder"
    return f"received {name}: {what.size} bytes, SHA-256 {what.sha256}"


class ReceiveDialer(Dialer):
    """Makes files in ``folder`` of what each connection brings: an archive, or, where there is a
    ``name``, that one file. ``say`` hears of each, ``began`` of each connection's account;
    ``limit_bytes`` are written at most for a connection (0: no limit); ``field`` is the path of the
    folder in the spec.
    """

    def __init__(
        self,
        folder: str,
        existing: str,
        say: Say,
        began: Callable[[Transfer], None],
        *,
        name: str = "",
        limit_bytes: int = 0,
        field: str = "folder",
    ) -> None:
        self.label = str(Path(folder, name))
        self._folder = Path(folder)
        self._name = name
        self._existing = existing
        self._limit = limit_bytes
        self._say = say
        self._began = began
        self._field = field

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        folder = self._folder
        with staged(progress, Stage.OPEN_DEVICE, self.label):
            try:
                await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            except (OSError, ValueError) as exc:
                raise open_error(exc, OpenSettings(str(folder), field=self._field)) from exc
            transfer = Transfer(sending=False)
            loop = asyncio.get_running_loop()

            def tell(what: Unpacked | PassedOver) -> None:
                loop.call_soon_threadsafe(self._say, _sentence(what))

            def work(source: Readable) -> None:
                take = partial(keep, name=self._name) if self._name else unpack
                take(
                    source, folder, existing=self._existing, limit_bytes=self._limit, tell=tell,
                    transfer=transfer,
                )  # fmt: skip

            self._began(transfer)
            return ReceiveStream(self.label, work, transfer)
