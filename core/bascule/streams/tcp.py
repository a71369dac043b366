"""Owns TCP: listening, resolving, connecting (RFC 8305), and the address of a peer."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import re
import socket
import sys
from collections.abc import Callable
from types import CoroutineType

from bascule.errors import BasculeError, DialError, ErrorCode
from bascule.events import Stage
from bascule.streams.base import (
    Address,
    Dialer,
    Listener,
    Progress,
    Stream,
    address_of,
    ignore_progress,
)
from bascule.streams.oserrors import dial_error, listen_error, number_of, reason_of
from bascule.streams.resolving import AddressInfo, literal, resolve
from bascule.streams.socket_options import SocketOptions
from bascule.streams.socket_stream import (
    Acceptor,
    Socket,
    SocketStream,
    loop_watches_sockets,
    writable,
)
from bascule.streams.stage import staged, within
from bascule.streams.transport import TransportStream
from bascule.streams.watch import Watch, watch

_NEXT_ADDRESS_SECONDS = 0.25  # RFC 8305 §5: Connection Attempt Delay
_NONBLOCK: int = getattr(socket, "SOCK_NONBLOCK", 0)  # macOS has it not
_CONNECTING = (errno.EINPROGRESS, errno.EALREADY)
_CONNECTED = (0, errno.EISCONN)
_TELLING = (errno.ECONNREFUSED, errno.ETIMEDOUT)  # the host was there, or might be


class TcpListener(Listener):
    """Listens on one port of one address (of every address a name stands for)."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        backlog: int = 128,
        family: socket.AddressFamily = socket.AF_UNSPEC,
        options: SocketOptions | None = None,
        field: str = "port",
    ) -> None:
        self._host = host.removeprefix("[").removesuffix("]")
        self._port = port
        self._backlog = backlog
        self._family = family
        self._options = options or SocketOptions()
        self._field = field
        self._server: asyncio.Server | Acceptor | None = None

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        try:
            self._server = (
                await self._watched(on_arrival)
                if loop_watches_sockets()
                else await self._served(on_arrival)
            )
        except OSError as exc:
            raise await self._explained(exc) from exc
        return tuple(address_of(sock.getsockname()) for sock in self._server.sockets)

    async def _watched(self, on_arrival: Callable[[Stream], None]) -> Acceptor:
        watching, on_closing = watch(), self._options.on_closing

        def arrived(sock: Socket, name: object) -> None:
            stream = SocketStream(sock, address_of(name), watching)
            if on_closing is not None:
                stream.on_closing = on_closing
            on_arrival(stream)

        listening: list[socket.socket] = []
        try:
            for family, where in await self._addresses():
                sock = socket.socket(family, socket.SOCK_STREAM)
                listening.append(sock)
                sock.setblocking(False)
                self._options.before_listening(sock)
                if family == socket.AF_INET6:
                    # The whole network is IPv4 as well, unless only IPv6 is asked for.
                    alone = not _is_any_ipv6(self._host) or self._family == socket.AF_INET6
                    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(alone))
                sock.bind(where)
                sock.listen(self._backlog)
            return Acceptor(listening, arrived)
        except OSError:
            for sock in listening:
                sock.close()
            raise

    async def _addresses(self) -> list[tuple[int, tuple[str, int] | tuple[str, int, int, int]]]:
        found = literal(self._host, self._port)
        if not found:
            found = await asyncio.get_running_loop().getaddrinfo(
                self._host,
                self._port,
                family=self._family,
                type=socket.SOCK_STREAM,
                flags=socket.AI_PASSIVE,
            )
        return list(dict.fromkeys((info[0], info[4]) for info in found))  # pyright: ignore[reportReturnType]

    async def _served(self, on_arrival: Callable[[Stream], None]) -> asyncio.Server:
        def arrived(stream: TransportStream) -> None:
            sock = stream.socket
            assert sock is not None
            try:
                self._options.set_on(sock)
                self._options.keep_alive(sock)
                stream.peer = address_of(sock.getpeername())
            except OSError:  # it has gone again
                stream.abort()
                return
            on_arrival(stream)

        loop = asyncio.get_running_loop()
        if _is_any_ipv6(self._host) and socket.has_dualstack_ipv6():
            # The whole network is IPv4 as well; the loops would bind IPv6 alone.
            sock = socket.create_server(
                ("::", self._port),
                family=socket.AF_INET6,
                backlog=self._backlog,
                dualstack_ipv6=True,
            )
            return await loop.create_server(
                lambda: TransportStream(on_made=arrived), sock=sock, backlog=self._backlog
            )
        return await loop.create_server(
            lambda: TransportStream(on_made=arrived),
            self._host,
            self._port,
            family=self._family,
            backlog=self._backlog,
            # On Windows SO_REUSEADDR would let another program take the port away.
            reuse_address=False,
        )

    async def _explained(self, exc: OSError) -> BasculeError:
        """Say why listening failed; where the port is taken, by whom, and which one is free."""
        facts: dict[str, str | int] = {"host": self._host, "port": self._port}
        if exc.errno is None:  # asyncio's words for: no address of this computer
            exc = OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
        if number_of(exc) == errno.EADDRINUSE:
            from bascule.streams.ports import find_free_port, find_port_holder

            holder = await asyncio.to_thread(find_port_holder, self._port, self._host)
            if holder is not None:
                facts |= holder.facts
            free = await asyncio.to_thread(find_free_port, self._host, self._port + 1)
            if free is not None:
                facts["suggestion"] = free
        elif number_of(exc) in (errno.EACCES, errno.EPERM):
            facts["suggestion"] = self._port + 8000 if self._port < 1024 else self._port + 1
        return listen_error(exc, str(Address(self._host, self._port)), self._field, **facts)

    async def aclose(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


class TcpDialer(Dialer):
    """Connects to one host and port, trying its addresses as RFC 8305 says."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        family: socket.AddressFamily = socket.AF_UNSPEC,
        bind: str = "",
        source_port: int = 0,
        options: SocketOptions | None = None,
        timeout_seconds: float = 10.0,
        field: str = "host",
        bind_field: str = "bind",
    ) -> None:
        self._host = host.removeprefix("[").removesuffix("]")
        self._port = port
        self._family = family
        self._bind = bind
        self._source_port = source_port
        found = literal(self._host, port)
        self._literal = found if found and family in (0, found[0][0]) else []
        self._options = options or SocketOptions()
        self._on_closing = self._options.on_closing
        self._watching: Watch | None = None
        self._timeout_seconds = timeout_seconds
        self._field = field
        self._bind_field = bind_field
        self.label = str(Address(self._host, port))
        # Most targets: one address that needs no resolving, reached from wherever the system likes.
        alone = self._literal and not (bind or source_port) and loop_watches_sockets()
        self._alone = (self._literal[0], address_of(self._literal[0][4])) if alone else None

    def begin(self) -> Stream | CoroutineType[None, None, Stream]:
        alone = self._alone
        return self.dial() if alone is None else self._begin_alone(alone[0], alone[1])

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        if self._alone is not None and progress is ignore_progress:
            return await self._connect_alone(*self._alone)
        found = self._literal
        if not found:
            with staged(progress, Stage.RESOLVE, self._host) as noted:
                async with within(self._timeout_seconds, self._host, self._field):
                    found = await resolve(self._host, self._port, self._family, self._field)
                noted.detail = ", ".join(dict.fromkeys(str(info[4][0]) for info in found))
        local = await self._local(self._family) if self._bind or self._source_port else None
        if progress is ignore_progress:
            return await self._connect(found, local)
        with staged(progress, Stage.CONNECT, self.label) as noted:
            stream = await self._connect(found, local)
            noted.detail = str(stream.peer)
        return stream

    async def _connect(
        self, found: list[AddressInfo], local: list[AddressInfo] | None
    ) -> TransportStream | SocketStream:
        if len(found) == 1 and local is None and loop_watches_sockets():
            return await self._connect_alone(found[0], address_of(found[0][4]))
        sock = None
        try:
            async with within(self._timeout_seconds, self.label, self._field):
                sock = await self._connect_any(found, local)
            return await self._made(sock)
        except BaseException as exc:
            if sock is not None:
                sock.close()
            if isinstance(exc, OSError):
                raise self._explained(exc) from exc
            raise

    async def _connect_alone(self, info: AddressInfo, peer: Address) -> SocketStream:
        begun = self._begin_alone(info, peer)
        return begun if isinstance(begun, SocketStream) else await begun

    def _begin_alone(
        self, info: AddressInfo, peer: Address
    ) -> SocketStream | CoroutineType[None, None, SocketStream]:
        """Begin to connect to one address; within this computer that is all."""
        family, kind, protocol, _name, where = info
        sock = None
        try:
            sock = socket.SocketType(family, kind | _NONBLOCK, protocol)
            if not _NONBLOCK:
                sock.setblocking(False)
            self._options.set_on(sock)
            number = sock.connect_ex(where)
            if number == errno.EINPROGRESS and sys.platform == "linux":
                try:  # Within this computer it is connected already: then nothing can be sent.
                    sock.send(b"")
                except BlockingIOError:
                    return self._connected(sock, peer)
            elif number in _CONNECTING:
                return self._connected(sock, peer)
            elif number not in _CONNECTED:
                raise OSError(number, os.strerror(number))
            return self._stream(sock, peer)
        except OSError as exc:
            if sock is not None:
                sock.close()
            return self._failed(exc)

    async def _failed(self, exc: OSError) -> SocketStream:
        raise self._explained(exc) from exc

    async def _connected(self, sock: Socket, peer: Address) -> SocketStream:
        """Wait until a connection is made."""
        try:
            async with within(self._timeout_seconds, self.label, self._field):
                await writable(sock)
            number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if number not in _CONNECTED:
                raise OSError(number, os.strerror(number))
            return self._stream(sock, peer)
        except BaseException as exc:
            sock.close()
            if isinstance(exc, OSError):
                raise self._explained(exc) from exc
            raise

    def _stream(self, sock: Socket, peer: Address) -> SocketStream:
        if self._watching is None:  # a dialer belongs to one loop
            self._watching = watch()
        stream = SocketStream(sock, peer, self._watching)
        stream.on_settled = self._options.keep_alive
        if self._on_closing is not None:
            stream.on_closing = self._on_closing
        return stream

    async def _made(self, sock: socket.socket) -> TransportStream | SocketStream:
        peer = address_of(sock.getpeername())
        if loop_watches_sockets():
            return self._stream(sock, peer)
        self._options.keep_alive(sock)
        _transport, stream = await asyncio.get_running_loop().create_connection(
            lambda: TransportStream(peer), sock=sock
        )
        self._options.set_on(sock)  # again: the loop sets TCP_NODELAY whatever was asked for
        return stream

    async def _connect_any(
        self, found: list[AddressInfo], local: list[AddressInfo] | None
    ) -> socket.socket:
        import aiohappyeyeballs  # most relays have one address, and do not wait for its import

        return await aiohappyeyeballs.start_connection(  # pyright: ignore[reportUnknownMemberType]
            found,
            local_addr_infos=local,
            happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS if len(found) > 1 else None,
            interleave=1,
            loop=asyncio.get_running_loop(),
            socket_factory=self._socket,
        )

    def _socket(self, info: AddressInfo) -> socket.socket:
        family, kind, protocol, _name, _where = info
        sock = socket.socket(family, kind, protocol)
        try:
            self._options.before_connecting(sock, bound=self._source_port > 0)
        except OSError:
            sock.close()
            raise
        return sock

    def _explained(self, exc: OSError) -> DialError:
        exc = foremost(exc)
        if self._bind and number_of(exc) in {errno.EADDRNOTAVAIL, 0}:
            # 0: none of the target's addresses is of the version that we are to connect from
            return DialError(
                f"cannot connect to {self.label} from {self._bind}: {reason_of(exc)}",
                code=ErrorCode.ADDRESS_NOT_LOCAL,
                field=self._bind_field,
                subject=self._bind,
                why=reason_of(exc),
            )
        return dial_error(exc, self.label, self._field)

    async def _local(self, family: socket.AddressFamily) -> list[AddressInfo]:
        try:
            return await resolve(self._bind or None, self._source_port, family, self._bind_field)
        except DialError as exc:
            raise DialError(
                f"{self._bind} is not an address of this computer",
                code=ErrorCode.ADDRESS_NOT_LOCAL,
                field=self._bind_field,
                subject=self._bind,
            ) from exc


def foremost(exc: OSError) -> OSError:
    """Of the errors of several addresses, which come as one text, the one that says most."""
    if exc.errno is not None:
        return exc
    numbers = {int(number) for number in re.findall(r"\[Errno (\d+)\]", str(exc))}
    for number in (*_TELLING, *sorted(numbers)):
        if number in numbers:
            return OSError(number, os.strerror(number))
    return exc


def _is_any_ipv6(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.version == 6 and address.is_unspecified
