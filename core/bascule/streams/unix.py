"""Owns Unix stream sockets: listening on a path or an abstract name, connecting to one.

An abstract name (Linux, unix(7)) is no file: it has neither an owner nor permissions, and is gone
with its socket.
"""

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
from bascule.streams.oserrors import dial_error, listen_error, reason_of
from bascule.streams.socket_stream import Acceptor, SocketStream
from bascule.streams.stage import staged, within
from bascule.streams.watch import watch

_BUSY_SECONDS = 0.05
"""How long to wait before trying again a listener that is too busy to accept."""


def require_unix_sockets(field: str, *, abstract: bool = False) -> None:
    """Raise SpecError NOT_ON_THIS_SYSTEM where there are none, or none with ``abstract`` names."""
    if sys.platform == "win32":
        raise SpecError(
            "Unix sockets are not available on Windows",
            code=ErrorCode.NOT_ON_THIS_SYSTEM,
            field=field,
        )
    if abstract and sys.platform != "linux":
        raise SpecError(
            "abstract names of sockets exist on Linux only",
            code=ErrorCode.NOT_ON_THIS_SYSTEM,
            field=field,
        )


def find_owner(owner: str, field: str) -> tuple[int, int]:
    """The numbers of ``user``, ``user:group`` or ``:group``, by name or number; -1: as it is.

    Raises: SpecError VALUE_INVALID where the system does not know one of them.
    """
    import grp  # of POSIX, as are Unix sockets here
    import pwd

    user, _colon, group = owner.partition(":")
    try:
        uid = -1 if not user else int(user) if user.isdigit() else pwd.getpwnam(user).pw_uid
        gid = -1 if not group else int(group) if group.isdigit() else grp.getgrnam(group).gr_gid
    except KeyError as exc:
        raise SpecError(
            f"this system knows no user or group by the name of {owner}",
            code=ErrorCode.VALUE_INVALID,
            field=field,
            why=f"no user or group of this computer is called {owner}",
        ) from exc
    return uid, gid


def remove_own(path: Path, identity: tuple[int, int] | None) -> None:
    """Remove the file of a socket where it is still the one that we have made."""
    try:
        info = path.stat()
        if (info.st_dev, info.st_ino) == identity:
            path.unlink()
    except OSError:
        pass  # somebody else removed or replaced it, or there cannot be one


def _identity_of(path: Path) -> tuple[int, int]:
    info = path.stat()
    return info.st_dev, info.st_ino


class _BoundStream(SocketStream):
    """One whose own end has a path, which goes with it."""

    __slots__ = ("bound",)

    bound: tuple[Path, tuple[int, int]] | None

    async def aclose(self) -> None:
        await super().aclose()
        self._vacate()

    def abort(self) -> None:
        super().abort()
        self._vacate()

    def _vacate(self) -> None:
        bound, self.bound = self.bound, None
        if bound is not None:
            remove_own(*bound)


class UnixListener(Listener):
    """Listens on a path. A socket file that nobody listens on any more is replaced.

    ``owner`` is as for ``find_owner`` ("": who runs this); ``remove_after`` whether the file goes
    when listening ends; ``abstract`` makes a name without file of ``path`` (Linux). ``field`` is
    the path of the end's spec.
    """

    def __init__(
        self,
        path: str,
        *,
        mode: int = 0o600,
        owner: str = "",
        backlog: int = 128,
        abstract: bool = False,
        remove_after: bool = True,
        field: str = "source",
    ) -> None:
        self._path = Path(path)
        self._name = f"\0{path}" if abstract else path
        self._shown = f"@{path}" if abstract else str(self._path)
        self._mode = mode
        self._owner = owner
        self._backlog = backlog
        self._abstract = abstract
        self._remove_after = remove_after
        self._field = f"{field}.path"
        self._owner_field = f"{field}.owner"
        self._abstract_field = f"{field}.abstract"
        self._acceptor: Acceptor | None = None
        self._identity: tuple[int, int] | None = None

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        field = self._abstract_field if self._abstract else self._field
        require_unix_sockets(field, abstract=self._abstract)
        where = Address(self._shown)
        try:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self._listen(sock, where, on_arrival)
            except BaseException:
                sock.close()
                self._remove_file()
                raise
        except OSError as exc:
            raise listen_error(exc, self._shown, self._field, path=self._shown) from exc
        return (where,)

    def _listen(
        self, sock: socket.socket, where: Address, on_arrival: Callable[[Stream], None]
    ) -> None:
        sock.setblocking(False)
        if not self._abstract:
            self._clear_stale()
        sock.bind(self._name)
        if not self._abstract:
            self._identity = _identity_of(self._path)
            # Before listen(), so that nobody connects while the permissions are the umask's.
            self._give_away()
            self._path.chmod(self._mode)
        sock.listen(self._backlog)
        watching = watch()
        self._acceptor = Acceptor(
            [sock],
            lambda accepted, _name: on_arrival(
                SocketStream(accepted, where, watching, resets=False)
            ),
        )

    def _give_away(self) -> None:
        if not self._owner:
            return
        uid, gid = find_owner(self._owner, self._owner_field)
        try:
            os.chown(self._path, uid, gid)
        except PermissionError as exc:
            raise ListenError(
                f"the system does not let you give {self._path} to {self._owner}",
                code=ErrorCode.ADDRESS_FORBIDDEN,
                field=self._owner_field,
                subject=str(self._path),
                path=str(self._path),
                why=reason_of(exc),
            ) from exc

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
        if self._remove_after:
            self._remove_file()

    def _remove_file(self) -> None:
        remove_own(self._path, self._identity)
        self._identity = None


class UnixDialer(Dialer):
    """Connects to a path, or to an ``abstract`` name (Linux); ``bind`` is the path (or name) of our
    own end, whose file is removed with the stream. ``field`` is the path of the end's spec.
    """

    def __init__(
        self,
        path: str,
        *,
        abstract: bool = False,
        bind: str = "",
        timeout_seconds: float = 10.0,
        field: str = "target",
    ) -> None:
        self._path = path
        self._abstract = abstract
        self._bind = bind
        self._timeout_seconds = timeout_seconds
        self._field = f"{field}.path"
        self._bind_field = f"{field}.bind"
        self._abstract_field = f"{field}.abstract"
        self.label = f"@{path}" if abstract else path

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        field = self._abstract_field if self._abstract else self._field
        require_unix_sockets(field, abstract=self._abstract)
        with staged(progress, Stage.CONNECT, self.label):
            async with within(self._timeout_seconds, self.label, self._field):
                sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                bound: tuple[Path, tuple[int, int]] | None = None
                made = False
                try:
                    if self._bind:
                        bound = self._bound(sock)
                    await self._connect(sock)
                    made = True
                except OSError as exc:
                    raise self._explained(exc) from exc
                finally:
                    if not made:
                        sock.close()
                        if bound is not None:
                            remove_own(*bound)
        peer = Address(self.label)
        if bound is None:
            return SocketStream(sock, peer, watch(), resets=False)
        stream = _BoundStream(sock, peer, watch(), resets=False)
        stream.bound = bound
        return stream

    def _bound(self, sock: socket.socket) -> tuple[Path, tuple[int, int]] | None:
        """Give our end its path; what is there already stays. Raises: ListenError."""
        try:
            if self._abstract:
                sock.bind(f"\0{self._bind}")
                return None
            sock.bind(self._bind)
            return Path(self._bind), _identity_of(Path(self._bind))
        except OSError as exc:
            raise listen_error(exc, self._bind, self._bind_field, path=self._bind) from exc

    async def _connect(self, sock: socket.socket) -> None:
        """Connect, and wait where too many others wait to be accepted: asyncio would take the
        system's "try again" (EAGAIN) for success.
        """
        sock.setblocking(False)
        name = f"\0{self._path}" if self._abstract else self._path
        while True:
            try:
                return sock.connect(name)
            except BlockingIOError:
                await asyncio.sleep(_BUSY_SECONDS)

    def _explained(self, exc: OSError) -> DialError:
        if len(os.fsencode(self._path)) > 103:
            return DialError(
                f"the path {self._path} is too long for a socket",
                code=ErrorCode.DIAL_FAILED,
                field=self._field,
                subject=self._path,
                why="path too long",
            )
        return dial_error(exc, self.label, self._field)
