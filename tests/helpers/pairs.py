"""Joined streams: over sockets, and of datagrams within this process; a dialer that gives one."""

from __future__ import annotations

import asyncio
import socket

from bascule.streams.base import Address, Dialer, Progress, Stream, ignore_progress
from bascule.streams.built_in import EchoStream
from bascule.streams.dual import DualStream
from bascule.streams.socket_stream import SocketStream
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.watch import watch

LOCAL = "127.0.0.1"


class Given(Dialer):
    """Gives a stream that is there."""

    label = "given"

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        return self._stream


def plain_pair(kind: str = "tcp") -> tuple[socket.socket, socket.socket]:
    """Both ends of a connection over "tcp" (who connected, who was accepted) or "unix", at once and
    without a listener; neither blocks.
    """
    if kind == "unix":
        pair = socket.socketpair()
    else:
        with socket.create_server((LOCAL, 0)) as server:
            pair = socket.create_connection(server.getsockname()), server.accept()[0]
    for sock in pair:
        sock.setblocking(False)
    return pair


def socket_pair(kind: str = "tcp") -> tuple[SocketStream, SocketStream]:
    """Streams over such a pair."""
    first, second = (
        SocketStream(sock, Address(kind), watch(), resets=kind == "tcp")
        for sock in plain_pair(kind)
    )
    return first, second


async def tcp_pair() -> tuple[Stream, Stream]:
    """Two ends of a TCP connection: who connected, and who was connected to."""
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    listener = TcpListener(LOCAL, 0)
    (address,) = await listener.start(arrived.put_nowait)
    try:
        ours = await TcpDialer(LOCAL, address.port or 0).dial()
        return ours, await arrived.get()
    finally:
        await listener.aclose()


def datagram_pair() -> tuple[Stream, Stream]:
    """Two ends that keep every chunk as it is, empty ones too. Closing one tells nothing."""
    up, down = EchoStream(), EchoStream()
    up.datagrams = down.datagrams = True
    return DualStream(down, up), DualStream(up, down)
