"""Owns Unix datagram sockets: receiving on a path, answering each datagram, sending to a path.

Sending waits where the other side does not read: nothing is lost between them.
"""

from __future__ import annotations

import errno
import os
import socket
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from bascule.errors import DialError, ErrorCode, ListenError
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.datagram import SocketDatagrams
from bascule.streams.datagram_port import DatagramPort, Key
from bascule.streams.datagram_sender import Ancillary, Sender
from bascule.streams.datagram_watch import DATAGRAM_BYTES, Name
from bascule.streams.oserrors import dial_error, listen_error, number_of
from bascule.streams.stage import staged
from bascule.streams.unix import require_unix_sockets

SEND_BUFFER_BYTES = 256 * 1024
"""What the system is asked to let one socket have on its way; on macOS it is also the longest
datagram, which else is 2048 bytes.
"""

_GONE = {errno.ECONNREFUSED, errno.ENOENT, errno.ECONNRESET, errno.ENOTCONN}


class Place:
    """Where a socket is bound: a path, whose file it removes again, or an abstract name (Linux)."""

    def __init__(self, path: str, *, abstract: bool, field: str) -> None:
        require_unix_sockets(field, abstract=abstract)
        self.path = path
        self.abstract = abstract
        self._field = field
        self._identity: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """What the system calls it."""
        return f"\0{self.path}" if self.abstract else self.path

    @property
    def address(self) -> Address:
        """What people call it."""
        return Address(f"@{self.path}" if self.abstract else self.path)

    def bind(self, mode: int) -> socket.socket:
        """Make a socket there. A file that no socket is behind any more is replaced.

        Raises: ListenError.
        """
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            if not self.abstract:
                self._clear_stale()
                if sys.platform == "linux":
                    # Before it can be found, so that nobody sends what the umask would let through.
                    os.fchmod(sock.fileno(), mode)
            sock.bind(self.name)
            if not self.abstract:
                os.chmod(self.path, mode)  # noqa: PTH101 - what people wrote
                info = os.stat(self.path)  # noqa: PTH116
                self._identity = (info.st_dev, info.st_ino)
        except OSError as exc:
            sock.close()
            raise listen_error(exc, str(self.address), self._field, path=self.path) from exc
        except ListenError:
            sock.close()
            raise
        return sock

    def _clear_stale(self) -> None:
        try:
            info = os.lstat(self.path)
        except FileNotFoundError:
            return
        if stat.S_ISSOCK(info.st_mode):
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
                try:
                    probe.connect(self.path)
                except ConnectionRefusedError:
                    Path(self.path).unlink()
                    return
                except OSError:
                    pass  # a socket of another type, or not ours to know: it counts as in use
        raise ListenError(
            f"{self.path} already exists",
            code=ErrorCode.ADDRESS_IN_USE,
            field=self._field,
            path=self.path,
            subject=self.path,
        )

    def vacate(self) -> None:
        """Remove the file, where it is still that of the socket. Calling it again does nothing."""
        identity, self._identity = self._identity, None
        if identity is None:
            return
        try:
            info = os.stat(self.path)  # noqa: PTH116
            if (info.st_dev, info.st_ino) == identity:
                Path(self.path).unlink()
        except OSError:
            pass  # somebody else removed or replaced it


class _PlacedDatagrams(SocketDatagrams):
    """A stream whose socket is bound to a place."""

    __slots__ = ("place",)

    place: Place

    def release(self) -> None:
        super().release()
        self.place.vacate()


class UnixReceiveDialer(Dialer):
    """Receives from anybody on a path, as one stream; nothing can be sent."""

    def __init__(
        self, path: str, *, abstract: bool = False, mode: int = 0o600, field: str = "source"
    ) -> None:
        self._path = path
        self._abstract = abstract
        self._mode = mode
        self._field = f"{field}.path"
        self.label = f"@{path}" if abstract else path

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.CONNECT, self.label):
            place = Place(self._path, abstract=self._abstract, field=self._field)
            sock = place.bind(self._mode)
            stream = _PlacedDatagrams(sock, place.address, None, read=_reader(sock))
            stream.place = place
            return stream


class UnixReceiveFromListener(Listener):
    """Each datagram on a path is a stream of its own, which ends after it; what is sent goes to
    its sender, if that has a path or a name.
    """

    def __init__(
        self, path: str, *, abstract: bool = False, mode: int = 0o600, field: str = "source"
    ) -> None:
        self._path = path
        self._abstract = abstract
        self._mode = mode
        self._field = f"{field}.path"
        self._place: Place | None = None
        self._port: DatagramPort | None = None

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        place = Place(self._path, abstract=self._abstract, field=self._field)
        sock = place.bind(self._mode)
        limit_bytes = _limit_of(sock)
        self._place = place
        self._port = DatagramPort(
            sock,
            on_arrival,
            _UnixReading(sock),
            _address_of,
            single=True,
            limit_of=lambda _name: limit_bytes,
            segments=False,
            # That its own buffer has room says nothing of the other side's.
            tells=False,
        )
        return (place.address,)

    async def aclose(self) -> None:
        if self._port is not None and self._place is not None:
            self._port.close()
            self._place.vacate()


class UnixSendToDialer(Dialer):
    """Sends to a path; answers come to ``bind``, where it is given."""

    def __init__(
        self, path: str, *, abstract: bool = False, bind: str = "", field: str = "target"
    ) -> None:
        self._path = path
        self._abstract = abstract
        self._bind = bind
        self._field = field
        self.label = f"@{path}" if abstract else path

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.CONNECT, self.label):
            there = Place(self._path, abstract=self._abstract, field=f"{self._field}.path")
            ours = self._ours()
            try:
                if ours is None:
                    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                    sock.setblocking(False)
                else:
                    sock = ours.bind(0o600)
                return self._stream(sock, there, ours)
            except ListenError as exc:
                raise DialError(exc.message, code=exc.code, field=exc.field, **exc.facts) from exc

    def _ours(self) -> Place | None:
        if not self._bind:
            return None
        # Of an abstract place the answers come to an abstract one.
        return Place(self._bind, abstract=self._abstract, field=f"{self._field}.bind")

    def _stream(self, sock: socket.socket, there: Place, ours: Place | None) -> Stream:
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
            # Connected, the system tells when the other side takes something again.
            sock.connect(there.name)
        except OSError as exc:
            sock.close()
            if ours is not None:
                ours.vacate()
            raise dial_error(exc, self.label, f"{self._field}.path") from exc
        stream = (SocketDatagrams if ours is None else _PlacedDatagrams)(
            sock,
            there.address,
            _Renewing(sock, there.name),
            read=_reader(sock),
            limit_bytes=_limit_of(sock),
            can_receive=ours is not None,
        )
        if isinstance(stream, _PlacedDatagrams) and ours is not None:
            stream.place = ours
        return stream


class _Renewing(Sender):
    """Sends to a place where, now and then, another socket stands: the one before is gone."""

    __slots__ = ("_there",)

    def __init__(self, sock: socket.socket, there: str) -> None:
        super().__init__(sock, segments=False)
        self._there = there

    def send_one(self, datagram: bytes) -> None:
        try:
            super().send_one(datagram)
        except OSError as exc:
            if number_of(exc) not in _GONE:
                raise
            self._sock.connect(self._there)
            super().send_one(datagram)


class _UnixReading:
    """Reads a port whose datagrams may be of any length."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def read(self) -> tuple[bytes, Key]:
        """The next datagram and the path or the name that it came from, if any."""
        return self._sock.recvfrom(_size_of_next(self._sock))

    def answer(self, key: Key) -> tuple[Name, Ancillary]:
        """The place it came from."""
        assert not isinstance(key, tuple)
        return key, []


def _reader(sock: socket.socket) -> Callable[[], bytes]:
    return lambda: sock.recv(_size_of_next(sock))


def _size_of_next(sock: socket.socket) -> int:
    """How long the next datagram is, or more; any length is possible. Raises: BlockingIOError."""
    if sys.platform != "linux":
        return SEND_BUFFER_BYTES
    # With MSG_TRUNC it says how long it would have been (recv(2)); read whole, it is not cut.
    length = sock.recv_into(bytearray(1), 1, socket.MSG_PEEK | socket.MSG_TRUNC)
    return max(length, DATAGRAM_BYTES)


def _limit_of(sock: socket.socket) -> int:
    """The longest datagram that a socket sends: what its buffer holds, less 32 bytes of Linux'."""
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) - 32


def _address_of(name: Name) -> Address:
    match name:
        case bytes():
            return Address("@" + name.removeprefix(b"\0").decode("utf-8", "replace"))
        case str():
            return Address(name)
        case _:
            return Address("")
