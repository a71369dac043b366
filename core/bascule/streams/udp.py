"""Owns UDP from the side that begins: connected, sending to an address, receiving from anybody."""

from __future__ import annotations

import errno
import ipaddress
import socket
from abc import abstractmethod
from collections.abc import Callable
from functools import lru_cache

from bascule.errors import BasculeError, DialError, ErrorCode
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Progress, Stream, address_of, ignore_progress
from bascule.streams.datagram import SocketDatagrams, udp_limit
from bascule.streams.datagram_sender import Sender
from bascule.streams.datagram_watch import Name
from bascule.streams.multicast import Multicast, join
from bascule.streams.oserrors import dial_error, number_of, reason_of
from bascule.streams.resolving import AddressInfo, literal, resolve
from bascule.streams.socket_options import SocketOptions
from bascule.streams.stage import staged, within
from bascule.streams.udp_socket import bound_sockets, ignore_refusals

_REMEMBERED = 256
"""Senders of whom is remembered whether they are taken."""


class _UdpToDialer(Dialer):
    """What all have in common that send to one host and port. ``field`` is the path of the spec,
    for errors.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        family: socket.AddressFamily = socket.AF_UNSPEC,
        bind: str = "",
        source_port: int = 0,
        broadcast: bool = False,
        multicast: Multicast | None = None,
        groups: tuple[str, ...] = (),
        options: SocketOptions | None = None,
        timeout_seconds: float = 10.0,
        field: str = "target",
    ) -> None:
        self._host = host.removeprefix("[").removesuffix("]")
        self._port = port
        self._family = family
        self._bind = bind.removeprefix("[").removesuffix("]")
        self._source_port = source_port
        self._broadcast = broadcast
        self._multicast = multicast or Multicast()
        self._groups = groups
        self._options = options
        self._timeout_seconds = timeout_seconds
        self._field = field
        self.label = str(Address(self._host, port))

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        found = literal(self._host, self._port)
        if not found or self._family not in (0, found[0][0]):
            with staged(progress, Stage.RESOLVE, self._host) as noted:
                host_field = f"{self._field}.host"
                async with within(self._timeout_seconds, self._host, host_field):
                    found = await resolve(self._host, self._port, self._family, host_field)
                noted.detail = ", ".join(dict.fromkeys(str(info[4][0]) for info in found))
        with staged(progress, Stage.CONNECT, self.label) as noted:
            stream = await self._first(found)
            noted.detail = str(stream.peer)
        return stream

    async def _first(self, found: list[AddressInfo]) -> Stream:
        """The first address to which there is a way; nothing is sent to find that out."""
        trouble: BasculeError | None = None
        for info in dict.fromkeys((each[0], each[4]) for each in found):
            try:
                return await self._open(*info)
            except DialError as exc:
                trouble = trouble or exc
        assert trouble is not None
        raise trouble

    async def _open(self, family: int, where: tuple[str | int, ...]) -> Stream:
        sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            self._set_up(sock, where)
            await self._bind_to(sock, family)
            for index, group in enumerate(self._groups):
                join(sock, group, f"{self._field}.groups.{index}")
            return self._stream(sock, where)
        except OSError as exc:
            sock.close()
            raise dial_error(exc, self.label, f"{self._field}.host") from exc
        except BaseException:
            sock.close()
            raise

    def _set_up(self, sock: socket.socket, where: tuple[str | int, ...]) -> None:
        if self._options is not None:
            self._options.set_on(sock)
        if self._broadcast:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        if self._groups:  # every program that joins a group gets what is sent to it
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if ipaddress.ip_address(str(where[0]).partition("%")[0]).is_multicast:
            self._multicast.set_on(sock, f"{self._field}.multicast_interface")

    async def _bind_to(self, sock: socket.socket, family: int) -> None:
        if not self._bind and not self._source_port:
            return
        try:
            if not self._bind:
                sock.bind(("", self._source_port))
                return
            local = literal(self._bind, self._source_port)
            if not local or local[0][0] != family:
                local = await resolve(
                    self._bind,
                    self._source_port,
                    socket.AddressFamily(family),
                    f"{self._field}.bind",
                )
            sock.bind(local[0][4])
        except (OSError, DialError) as exc:
            raise self._not_from_there(exc) from exc

    def _not_from_there(self, exc: OSError | DialError) -> DialError:
        if isinstance(exc, OSError) and number_of(exc) == errno.EADDRINUSE:
            return DialError(
                f"port {self._source_port} is already in use",
                code=ErrorCode.ADDRESS_IN_USE,
                field=f"{self._field}.source_port",
                port=self._source_port,
            )
        why = reason_of(exc) if isinstance(exc, OSError) else exc.message
        return DialError(
            f"cannot send to {self.label} from {Address(self._bind, self._source_port)}: {why}",
            code=ErrorCode.ADDRESS_NOT_LOCAL,
            field=f"{self._field}.bind",
            subject=self._bind,
            why=why,
        )

    @abstractmethod
    def _stream(self, sock: socket.socket, where: tuple[str | int, ...]) -> Stream:
        """Make the stream. Raises: OSError."""


class UdpConnectDialer(_UdpToDialer):
    """Exchanges datagrams with one host and port, and hears when it refuses them."""

    def _stream(self, sock: socket.socket, where: tuple[str | int, ...]) -> Stream:
        sock.connect(where)
        name = sock.getpeername()
        return SocketDatagrams(sock, address_of(name), Sender(sock), limit_bytes=udp_limit(name))


class UdpSendToDialer(_UdpToDialer):
    """Sends to one host and port, and takes answers from there only; refusals are not heard."""

    def _stream(self, sock: socket.socket, where: tuple[str | int, ...]) -> Stream:
        there = self._reached(sock, where)
        if not self._bind and not self._source_port:
            # Windows lets nobody wait for answers on no port.
            sock.bind(("", 0))
        ignore_refusals(sock)
        return SocketDatagrams(
            sock,
            address_of(there),
            Sender(sock, there),
            accepts=self._acceptor(there),
            limit_bytes=udp_limit(there),
        )

    def _reached(self, sock: socket.socket, where: tuple[str | int, ...]) -> Name:
        """What the system calls the address, where there is a way to it; nothing is sent."""
        probe = socket.socket(sock.family, socket.SOCK_DGRAM)
        try:
            self._set_up(probe, where)
            probe.connect(where)
            return probe.getpeername()
        finally:
            probe.close()

    def _acceptor(self, there: Name) -> Callable[[Name], bool]:
        return there.__eq__


class UdpDatagramDialer(UdpSendToDialer):
    """Sends to an address, also of a group or of everybody; takes what comes from anyone whom
    ``allows`` lets in.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        allows: Callable[[Address], bool] | None = None,
        family: socket.AddressFamily = socket.AF_UNSPEC,
        bind: str = "",
        source_port: int = 0,
        broadcast: bool = False,
        multicast: Multicast | None = None,
        groups: tuple[str, ...] = (),
        options: SocketOptions | None = None,
        timeout_seconds: float = 10.0,
        field: str = "target",
    ) -> None:
        super().__init__(
            host,
            port,
            family=family,
            bind=bind,
            source_port=source_port,
            broadcast=broadcast,
            multicast=multicast,
            groups=groups,
            options=options,
            timeout_seconds=timeout_seconds,
            field=field,
        )
        self._allows = allows

    def _acceptor(self, there: Name) -> Callable[[Name], bool]:
        allows = self._allows
        if allows is None:
            return _anyone

        @lru_cache(_REMEMBERED)
        def accepts(name: Name) -> bool:
            return allows(address_of(name))

        return accepts


class UdpReceiveDialer(Dialer):
    """Receives from anybody on one port, as one stream; nothing can be sent."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        family: socket.AddressFamily = socket.AF_UNSPEC,
        groups: tuple[str, ...] = (),
        options: SocketOptions | None = None,
        field: str = "source",
    ) -> None:
        self._host = host
        self._port = port
        self._family = family
        self._groups = groups
        self._options = options
        self._field = field
        self.label = str(Address(host.removeprefix("[").removesuffix("]"), port))

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        with staged(progress, Stage.CONNECT, self.label) as noted:
            sock, *others = await bound_sockets(
                self._host,
                self._port,
                family=self._family,
                groups=self._groups,
                options=self._options,
                field=self._field,
            )
            for other in others:  # of a name with several addresses, the first
                other.close()
            here = address_of(sock.getsockname())
            noted.detail = str(here)
            return SocketDatagrams(sock, here, None)


def _anyone(_name: Name) -> bool:
    return True
