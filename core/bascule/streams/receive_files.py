"""Owns the end that receives files: what arrives is handed to a thread, which unpacks it.

It holds one chunk. What is complete is told with its size and SHA-256; where the connection breaks,
the file that was under way is removed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.buffered import broken
from bascule.streams.file import OpenSettings, open_error
from bascule.streams.stage import staged
from bascule.streams.unpack import PassedOver, Unpacked, unpack

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
    """Takes an archive into ``folder``; it has nothing to say. Who finishes waits until all is
    written.
    """

    can_receive = False

    def __init__(self, folder: Path, existing: str, say: Say) -> None:
        self.peer = Address(str(folder))
        self._loop = asyncio.get_running_loop()
        self._say = say
        self._wake = asyncio.Event()
        self._handover = _Handover(self._taken)
        self._finished = False
        self._closed = False
        # A thread of its own: who sends slowly would keep one that all files of the engine share.
        thread = ThreadPoolExecutor(1, "receive files")
        self._work = self._loop.run_in_executor(thread, self._unpack, folder, existing)
        thread.shutdown(wait=False)  # it leaves when the work is done
        self._work.add_done_callback(lambda _done: self._wake.set())

    def _taken(self) -> None:
        self._loop.call_soon_threadsafe(self._wake.set)

    def _unpack(self, folder: Path, existing: str) -> None:
        def tell(what: Unpacked | PassedOver) -> None:
            self._loop.call_soon_threadsafe(self._say, _sentence(what))

        unpack(self._handover, folder, existing=existing, tell=tell)

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
    if isinstance(what, PassedOver):
        return f"passed over {what.path}: it is neither a file nor a folder"
    return f"received {what.path}: {what.size} bytes, SHA-256 {what.sha256}"


class ReceiveDialer(Dialer):
    """Unpacks what each connection brings into ``folder``. ``say`` hears of each file; ``field``
    is the path of the folder in the spec.
    """

    def __init__(self, folder: str, existing: str, say: Say, *, field: str = "folder") -> None:
        self.label = folder
        self._existing = existing
        self._say = say
        self._field = field

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        folder = Path(self.label)
        with staged(progress, Stage.OPEN_DEVICE, self.label):
            try:
                await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            except (OSError, ValueError) as exc:
                raise open_error(exc, OpenSettings(self.label, field=self._field)) from exc
            return ReceiveStream(folder, self._existing, self._say)
