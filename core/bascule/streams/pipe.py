"""Owns pipes as ends: a named one (FIFO), and the unnamed one that gives back what it is sent."""

from __future__ import annotations

import errno
import os
import stat
import sys
from functools import partial
from pathlib import Path

from bascule.errors import DialError, ErrorCode, SpecError
from bascule.events import Stage
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.descriptor import close_quietly
from bascule.streams.file import (
    OpenSettings,
    file_stream,
    open_error,
    open_patiently,
    remove_if_same,
)
from bascule.streams.memory import memory_pair
from bascule.streams.stage import staged


class PipeDialer(Dialer):
    """Opens a FIFO, which it makes where there is none; without a path, a pipe to ourselves.

    Reading ends when the last writer has closed it, not before the first has opened it. Writing
    begins when somebody reads. Both ways at once give back what is sent, as nobody else need be
    there. ``remove_after`` removes a FIFO that was made here.
    """

    def __init__(
        self,
        path: str = "",
        *,
        way: str = "both",
        mode: int = 0o600,
        remove_after: bool = True,
        field: str = "path",
    ) -> None:
        self._settings = OpenSettings(path, way, mode=mode, field=field)
        self._remove_after = remove_after
        self.label = path or "pipe"

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.OPEN_DEVICE, self.label):
            if not self._settings.path:
                return LoopStream()
            if sys.platform == "win32":
                raise SpecError(
                    "Windows has no FIFOs; its named pipes are ends of their own",
                    code=ErrorCode.NOT_ON_THIS_SYSTEM,
                    field=self._settings.field,
                )
            try:
                return await self._open()
            except (OSError, ValueError) as exc:
                raise open_error(exc, self._settings) from exc

    async def _open(self) -> Stream:
        settings = self._settings
        made = make_fifo(settings.path, settings.mode)
        fd = -1
        try:
            fd = await open_patiently(settings)
            if not stat.S_ISFIFO(os.fstat(fd).st_mode):
                raise DialError(
                    f"{settings.path} is there already, and is not a pipe",
                    code=ErrorCode.FILE_FAILED,
                    field=settings.field,
                    path=settings.path,
                    why=os.strerror(errno.EEXIST),
                )
        except BaseException:
            if fd >= 0:
                close_quietly(fd)
            if made is not None and self._remove_after:
                remove_if_same(settings.path, made)
            raise
        remove = None
        if made is not None and self._remove_after:
            remove = partial(remove_if_same, settings.path, made)
        return file_stream(fd, settings, remove)


def make_fifo(path: str, mode: int) -> os.stat_result | None:
    """Make a FIFO with these permissions, whatever the umask; None where something is there.

    Raises: OSError, ValueError.
    """
    try:
        os.mkfifo(path, mode)
    except FileExistsError:
        return None
    Path(path).chmod(mode)
    return Path(path).lstat()


class LoopStream(Stream):
    """A pipe to ourselves: what is sent is received, one chunk at a time, and then the end."""

    lingers = False

    def __init__(self) -> None:
        self._in, self._out = memory_pair()
        self.peer = self._in.peer

    async def receive(self) -> bytes:
        return await self._out.receive()

    async def send(self, data: bytes) -> None:
        await self._in.send(data)

    async def send_eof(self) -> None:
        await self._in.send_eof()

    async def aclose(self) -> None:
        await self._in.aclose()
        await self._out.aclose()

    def abort(self) -> None:
        self._in.abort()
        self._out.abort()
