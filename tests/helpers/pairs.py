"""Joined streams to put layers around: over TCP, and of datagrams within this process."""

from __future__ import annotations

import asyncio

from bascule.streams.base import Stream
from bascule.streams.built_in import EchoStream
from bascule.streams.dual import DualStream
from bascule.streams.tcp import TcpDialer, TcpListener

LOCAL = "127.0.0.1"


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
