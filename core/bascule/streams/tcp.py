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
from dataclasses import dataclass
from typing import cast

import aiohappyeyeballs

from bascule.errors import BasculeError, DialError, ErrorCode
from bascule.events import Stage
from bascule.names import is_proxy_only_name
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.oserrors import dial_error, listen_error, number_of, reason_of
from bascule.streams.stage import staged, within
from bascule.streams.transport import TransportStream

type AddressInfo = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]

_NEXT_ADDRESS_SECONDS = 0.25  # RFC 8305 §5: Connection Attempt Delay
_KEEPALIVE_IDLE_SECONDS = 60
_KEEPALIVE_INTERVAL_SECONDS = 10
_KEEPALIVE_PROBES = 6
_TELLING = (errno.ECONNREFUSED, errno.ETIMEDOUT)  # the host was there, or might be


@dataclass(frozen=True, slots=True)
class SocketOptions:
    """What is set on every TCP connection."""

    keepalive: bool = True
    nodelay: bool = True


def address_of(name: object) -> Address:
    """Make an address from what the system calls a socket name (2- or 4-tuple, or a path)."""
    if not isinstance(name, tuple) or len(cast(tuple[object, ...], name)) not in (2, 4):
        return Address("")
    host, port, *more = cast(tuple[str, int, int, int], name)
    if more and more[1] and "%" not in host:
        host = f"{host}%{more[1]}"
    return Address(host, port)


def set_options(stream: TransportStream, options: SocketOptions) -> None:
    """Set what ``options`` says on an open TCP connection."""
    # The loops switch it on by themselves.
    stream.set_option(socket.IPPROTO_TCP, socket.TCP_NODELAY, int(options.nodelay))
    if options.keepalive:
        stream.set_option(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        # macOS calls the idle time TCP_KEEPALIVE
        idle = getattr(socket, "TCP_KEEPIDLE", getattr(socket, "TCP_KEEPALIVE", None))
        if idle is not None:
            stream.set_option(socket.IPPROTO_TCP, idle, _KEEPALIVE_IDLE_SECONDS)
        if hasattr(socket, "TCP_KEEPINTVL"):
            stream.set_option(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _KEEPALIVE_INTERVAL_SECONDS)
        if hasattr(socket, "TCP_KEEPCNT"):
            stream.set_option(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _KEEPALIVE_PROBES)


class TcpListener(Listener):
    """Listens on one port of one address (of every address a name stands for)."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        backlog: int = 128,
        options: SocketOptions | None = None,
        field: str = "port",
    ) -> None:
        self._host = host.removeprefix("[").removesuffix("]")
        self._port = port
        self._backlog = backlog
        self._options = options or SocketOptions()
        self._field = field
        self._server: asyncio.Server | None = None

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        def arrived(stream: TransportStream) -> None:
            set_options(stream, self._options)
            transport = stream._transport  # pyright: ignore[reportPrivateUsage]
            assert transport is not None
            stream.peer = address_of(transport.get_extra_info("peername"))
            on_arrival(stream)

        try:
            self._server = await self._listen(lambda: TransportStream(on_made=arrived))
        except OSError as exc:
            raise await self._explained(exc) from exc
        return tuple(address_of(sock.getsockname()) for sock in self._server.sockets)

    async def _listen(self, protocol: Callable[[], TransportStream]) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        if _is_any_ipv6(self._host) and socket.has_dualstack_ipv6():
            # The whole network is IPv4 as well; the loops would bind IPv6 alone.
            sock = socket.create_server(
                ("::", self._port),
                family=socket.AF_INET6,
                backlog=self._backlog,
                dualstack_ipv6=True,
            )
            return await loop.create_server(protocol, sock=sock, backlog=self._backlog)
        return await loop.create_server(
            protocol,
            self._host,
            self._port,
            backlog=self._backlog,
            # On Windows SO_REUSEADDR would let another program take the port away.
            reuse_address=sys.platform != "win32",
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
                facts |= {"program": holder.program, "pid": holder.pid}
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
        options: SocketOptions | None = None,
        timeout_seconds: float = 10.0,
        field: str = "host",
        bind_field: str = "bind",
    ) -> None:
        self._host = host.removeprefix("[").removesuffix("]")
        self._port = port
        self._family = family
        self._bind = bind
        self._options = options or SocketOptions()
        self._timeout_seconds = timeout_seconds
        self._field = field
        self._bind_field = bind_field
        self.label = str(Address(self._host, port))

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        found = literal(self._host, self._port)
        if not found or (self._family and found[0][0] != self._family):
            with staged(progress, Stage.RESOLVE, self._host) as noted:
                async with within(self._timeout_seconds, self._host, self._field):
                    found = await resolve(self._host, self._port, self._family, self._field)
                noted.detail = ", ".join(dict.fromkeys(str(info[4][0]) for info in found))
        local = await self._local(self._family) if self._bind else None
        with staged(progress, Stage.CONNECT, self.label) as noted:
            async with within(self._timeout_seconds, self.label, self._field):
                stream = await self._connect(found, local)
            noted.detail = str(stream.peer)
        set_options(stream, self._options)
        return stream

    async def _connect(
        self, found: list[AddressInfo], local: list[AddressInfo] | None
    ) -> TransportStream:
        loop = asyncio.get_running_loop()
        try:
            sock = await aiohappyeyeballs.start_connection(  # pyright: ignore[reportUnknownMemberType]
                found,
                local_addr_infos=local,
                happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS if len(found) > 1 else None,
                interleave=1,
                loop=loop,
            )
        except OSError as exc:
            raise self._explained(exc) from exc
        try:
            peer = address_of(sock.getpeername())
            _transport, stream = await loop.create_connection(
                lambda: TransportStream(peer), sock=sock
            )
        except OSError as exc:  # reset in this moment
            sock.close()
            raise self._explained(exc) from exc
        return stream

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
            return await resolve(self._bind, 0, family, self._bind_field)
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


def literal(host: str, port: int) -> list[AddressInfo]:
    """What resolving an IP address written out would give, without asking a resolver."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return []
    if address.version == 4:
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))]
    if "%" in host:
        return []  # the number of a zone is known to the system only
    return [(socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port, 0, 0))]


async def resolve(
    host: str, port: int, family: socket.AddressFamily, field: str
) -> list[AddressInfo]:
    """Ask the system for the addresses of a name.

    Raises:
        DialError: HOST_UNKNOWN; NAME_NOT_RESOLVABLE_HERE, before any resolver has seen the name.
    """
    if is_proxy_only_name(host):
        raise DialError(
            f"{host} can only be reached through a proxy and is never resolved here",
            code=ErrorCode.NAME_NOT_RESOLVABLE_HERE,
            field=field,
            host=host,
        )
    loop = asyncio.get_running_loop()
    try:
        return await loop.getaddrinfo(  # pyright: ignore[reportReturnType]
            host, port, family=family, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as exc:
        raise DialError(
            f"the name {host} is not known", code=ErrorCode.HOST_UNKNOWN, field=field, subject=host
        ) from exc
