"""TCP over real sockets: the stream contract, and what listening and connecting say when it fails."""

from __future__ import annotations

import asyncio

from bascule.streams.base import Stream
from bascule.streams.tcp import TcpDialer, TcpListener
from tests.helpers.contract import StreamContract


class TestTcpConnected(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        arrived: asyncio.Queue[Stream] = asyncio.Queue()
        listener = TcpListener("127.0.0.1", 0)
        (address,) = await listener.start(arrived.put_nowait)
        stream = await TcpDialer("127.0.0.1", address.port or 0).dial()
        far = await arrived.get()
        await listener.aclose()
        return stream, far


class TestTcpAccepted(TestTcpConnected):
    async def open_pair(self) -> tuple[Stream, Stream]:
        stream, far = await super().open_pair()
        return far, stream
