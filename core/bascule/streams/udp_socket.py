"""Owns how UDP sockets that wait for datagrams are opened, and why that failed."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import socket
import sys

from bascule.errors import BasculeError, ErrorCode, SpecError
from bascule.streams.base import Address
from bascule.streams.multicast import join, parse_group
from bascule.streams.oserrors import listen_error, number_of
from bascule.streams.resolving import literal
from bascule.streams.socket_options import SocketOptions

_RECEIVE_BUFFER_BYTES = 1024 * 1024
"""What the system is asked to hold for a port where nothing else is said: a burst of many peers."""

_SIO_UDP_CONNRESET = 0x9800000C


async def bound_sockets(
    host: str,
    port: int,
    *,
    family: socket.AddressFamily,
    groups: tuple[str, ...],
    options: SocketOptions | None,
    field: str,
) -> list[socket.socket]:
    """Bind a non-blocking socket to each address of a host, and join the groups; ``field`` is the
    path of the spec, for errors.

    Raises:
        ListenError: cannot listen (facts: who has the port where known, and one that is free).
        SpecError: a group or its interface is wrong, or cannot be heard on that address.
    """
    host = host.removeprefix("[").removesuffix("]")
    sockets: list[socket.socket] = []
    try:
        for version, where in await _addresses(host, port, family):
            sock = socket.socket(version, socket.SOCK_DGRAM)
            sockets.append(sock)
            sock.setblocking(False)
            _set_up(sock, options, shared=bool(groups))
            if version == socket.AF_INET6:
                # The whole network is IPv4 as well, unless only IPv6 is asked for.
                alone = where[0] != "::" or family == socket.AF_INET6
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(alone))
            sock.bind(where)
        for index, group in enumerate(groups):
            _join(sockets, group, f"{field}.groups.{index}", f"{field}.host")
    except OSError as exc:
        _close(sockets)
        raise await _explained(exc, host, port, f"{field}.port") from exc
    except BaseException:
        _close(sockets)
        raise
    return sockets


def ignore_refusals(sock: socket.socket) -> None:
    """Let the refusal of one datagram be no error of an unconnected socket. Only Windows takes it
    for one, and asks for SIO_UDP_CONNRESET, which Python's own ``ioctl`` does not know.
    """
    if sys.platform == "win32":
        import ctypes

        off, returned = ctypes.c_uint32(0), ctypes.c_uint32(0)
        ctypes.windll.ws2_32.WSAIoctl(
            ctypes.c_size_t(sock.fileno()),
            _SIO_UDP_CONNRESET,
            ctypes.byref(off),
            ctypes.sizeof(off),
            None,
            0,
            ctypes.byref(returned),
            None,
            None,
        )


async def _addresses(
    host: str, port: int, family: socket.AddressFamily
) -> list[tuple[int, tuple[str, int] | tuple[str, int, int, int]]]:
    found = literal(host, port)
    if not found or family not in (socket.AF_UNSPEC, found[0][0]):
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, family=family, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE
        )
    return list(dict.fromkeys((info[0], info[4]) for info in found))  # pyright: ignore[reportReturnType]


def _set_up(sock: socket.socket, options: SocketOptions | None, *, shared: bool) -> None:
    """Set what must be set before binding. A port is shared only where it belongs to a group, or
    is meant to be: there is nothing that SO_REUSEADDR is needed for in UDP, and two programs that
    set it take each other's datagrams.
    """
    if options is not None:
        options.set_on(sock)
    if options is None or not options.receive_buffer_bytes:
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        except OSError:
            pass  # macOS refuses more than it allows; what it has by itself must do
    if shared:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sys.platform == "darwin":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    elif sys.platform == "win32":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    ignore_refusals(sock)


def _join(sockets: list[socket.socket], group: str, field: str, host_field: str) -> None:
    address, _interface = parse_group(group, field)
    version = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    joined = False
    for sock in sockets:
        ours = ipaddress.ip_address(sock.getsockname()[0].partition("%")[0])
        hears = ours.is_unspecified or ours.is_multicast or sys.platform == "win32"
        both = sock.family == socket.AF_INET6 and not sock.getsockopt(
            socket.IPPROTO_IPV6, socket.IPV6_V6ONLY
        )
        if hears and (sock.family == version or both):
            join(sock, group, field)
            joined = True
    if not joined:
        raise SpecError(
            f"what is sent to {group} is not heard there; listen on 0.0.0.0 or ::",
            code=ErrorCode.VALUE_INVALID,
            field=host_field,
            why="does not hear the group",
            rule="group_host",
            entry=group,
        )


def _close(sockets: list[socket.socket]) -> None:
    for sock in sockets:
        sock.close()


async def _explained(exc: OSError, host: str, port: int, field: str) -> BasculeError:
    facts: dict[str, str | int] = {"host": host, "port": port}
    if number_of(exc) == errno.EADDRINUSE:
        from bascule.streams.ports import find_free_port, find_port_holder

        holder = await asyncio.to_thread(find_port_holder, port, host, udp=True)
        if holder is not None:
            facts |= holder.facts
        free = await asyncio.to_thread(find_free_port, host, port + 1, udp=True)
        if free is not None:
            facts["suggestion"] = free
    elif number_of(exc) in (errno.EACCES, errno.EPERM):
        facts["suggestion"] = port + 8000 if port < 1024 else port + 1
    elif number_of(exc) == errno.EAFNOSUPPORT:
        exc = OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    return listen_error(exc, str(Address(host, port)), field, **facts)
