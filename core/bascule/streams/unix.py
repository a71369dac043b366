"""Owns Unix stream sockets: listening on a path, connecting to one."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from bascule.errors import DialError, ErrorCode, ListenError, SpecError
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.oserrors import dial_error, listen_error
from bascule.streams.socket_stream import Acceptor, SocketStream
from bascule.streams.stage import staged, within
from bascule.streams.watch import watch

_BUSY_SECONDS = 0.05
"""How long to wait before trying again a listener that is too busy to accept."""


def _require_unix_sockets(field: str) -> None:
    if sys.platform == "win32":
        raise SpecError(
            "Unix sockets are not available on Windows",
            code=ErrorCode.NOT_ON_THIS_SYSTEM,
            field=field,
        )


class UnixListener(Listener):
    """Listens on a path. A socket file that nobody listens on any more is replaced."""

    def __init__(
        self, path: str, *, mode: int = 0o600, backlog: int = 128, field: str = "path"
    ) -> None:
        self._path = Path(path)
        self._mode = mode
        self._backlog = backlog
        self._field = field
        self._acceptor: Acceptor | None = None
        self._identity: tuple[int, int] | None = None

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        _require_unix_sockets(self._field)
        where = Address(str(self._path))
        try:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self._listen(sock, where, on_arrival)
            except BaseException:
                sock.close()
                self._remove_file()
                raise
        except OSError as exc:
            raise listen_error(exc, str(self._path), self._field, path=str(self._path)) from exc
        return (where,)

    def _listen(
        self, sock: socket.socket, where: Address, on_arrival: Callable[[Stream], None]
    ) -> None:
        sock.setblocking(False)
        self._clear_stale()
        sock.bind(str(self._path))
        info = self._path.stat()
        self._identity = (info.st_dev, info.st_ino)
        # Before listen(), so that nobody connects while the permissions are the umask's.
        self._path.chmod(self._mode)
        sock.listen(self._backlog)
        watching = watch()
        self._acceptor = Acceptor(
            [sock],
            lambda accepted, _name: on_arrival(
                SocketStream(accepted, where, watching, resets=False)
            ),
        )

    def _clear_stale(self) -> None:
        """Remove a socket file left by a listener that is gone. Anything else stays."""
        try:
            info = self._path.lstat()
        except FileNotFoundError:
            return
        if stat.S_ISSOCK(info.st_mode):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                probe.setblocking(False)
                try:
                    probe.connect(str(self._path))
                except ConnectionRefusedError:
                    self._path.unlink()
                    return
                except OSError:
                    pass  # busy, or not ours to know: then it counts as in use
        raise ListenError(
            f"{self._path} already exists",
            code=ErrorCode.ADDRESS_IN_USE,
            field=self._field,
            path=str(self._path),
            subject=str(self._path),
        )

    async def aclose(self) -> None:
        if self._acceptor is None:
            return
        self._acceptor.close()
        self._acceptor = None
        self._remove_file()

    def _remove_file(self) -> None:
        """Remove the file if it is the one that we have made."""
        try:
            info = self._path.stat()
            if (info.st_dev, info.st_ino) == self._identity:
                self._path.unlink()
        except OSError:
            pass  # somebody else removed or replaced it, or there cannot be one
        self._identity = None


class UnixDialer(Dialer):
    """Connects to a path."""

    def __init__(self, path: str, *, timeout_seconds: float = 10.0, field: str = "path") -> None:
        self._path = path
        self._timeout_seconds = timeout_seconds
        self._field = field
        self.label = path

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        _require_unix_sockets(self._field)
        with staged(progress, Stage.CONNECT, self._path):
            async with within(self._timeout_seconds, self._path, self._field):
                try:
                    sock = await self._connected()
                except OSError as exc:
                    raise self._explained(exc) from exc
        return SocketStream(sock, Address(self._path), watch(), resets=False)

    async def _connected(self) -> socket.socket:
        """Connect, and wait where too many others wait to be accepted: asyncio would take the
        system's "try again" (EAGAIN) for success.
        """
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            while True:
                try:
                    sock.connect(self._path)
                except BlockingIOError:
                    await asyncio.sleep(_BUSY_SECONDS)
                else:
                    return sock
        except BaseException:
            sock.close()
            raise

    def _explained(self, exc: OSError) -> DialError:
        if len(os.fsencode(self._path)) > 103:
            return DialError(
                f"the path {self._path} is too long for a socket",
                code=ErrorCode.DIAL_FAILED,
                field=self._field,
                subject=self._path,
                why="path too long",
            )
        return dial_error(exc, self._path, self._field)
