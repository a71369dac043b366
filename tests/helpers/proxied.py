"""What stands around proxies of all kinds: who is before them, who behind, and how they fail."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import override

import pytest

from bascule.errors import BasculeError
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.memory import MemoryStream, memory_pair
from bascule.streams.tcp import TcpDialer, TcpListener
from tests.helpers.contract import StreamContract, read_all, soon
from tests.helpers.socks_server import LOCAL, TinyServer


class Upper(TinyServer):
    """A target: answers in upper case, ends when the client has ended."""

    def __init__(self) -> None:
        super().__init__(self._answer)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data.upper())
            await writer.drain()


class ThroughProxy[Proxy: TinyServer](StreamContract):
    """What a stream keeps that leads through a proxy to one that arrived at a listener."""

    proxy: Proxy

    @abstractmethod
    def serving(self) -> Proxy:
        """The proxy, not started."""

    @abstractmethod
    def through(self, port: int) -> Dialer:
        """Who dials this port through the proxy."""

    @pytest.fixture(autouse=True)
    async def _proxy(self, _close_pairs: None) -> AsyncIterator[None]:
        async with self.serving() as self.proxy:
            yield
            for pair in getattr(self, "_pairs", []):
                for stream in pair:
                    stream.abort()
                    await soon(stream.aclose())

    @override
    async def open_pair(self) -> tuple[Stream, Stream]:
        arrived: asyncio.Queue[Stream] = asyncio.Queue()
        listener = TcpListener(LOCAL, 0)
        (address,) = await listener.start(arrived.put_nowait)
        stream = await self.through(address.port or 0).dial()
        far = await arrived.get()
        await listener.aclose()
        return stream, far


class MemoryDialer(Dialer):
    """Leads to a stream in memory, whose far end it keeps; counts how often it was asked."""

    label = "memory"

    def __init__(self) -> None:
        self.dialed = 0
        self.checked = 0
        self.ours, self.far = memory_pair()

    async def dial(self, progress: Progress = ignore_progress) -> MemoryStream:
        self.dialed += 1
        return self.ours

    async def check(self) -> None:
        self.checked += 1


def to(proxy: TinyServer) -> TcpDialer:
    return TcpDialer(LOCAL, proxy.port)


async def failure(dialer: Dialer, progress: Progress = ignore_progress) -> BasculeError:
    with pytest.raises(BasculeError) as caught:
        await soon(dialer.dial(progress))
    return caught.value


@asynccontextmanager
async def answering(answer: bytes, *, then: Callable[[asyncio.StreamWriter], None] | None = None):
    """A server that says ``answer`` to the first bytes; then it waits for the client to leave."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(answer)
        await writer.drain()
        if then is not None:
            then(writer)
        while await reader.read(1000):
            pass

    async with TinyServer(serve) as server:
        yield server


async def exchange(stream: Stream, text: bytes = b"hello") -> bytes:
    """Send, finish, and read the answer to its end."""
    await soon(stream.send(text))
    await soon(stream.send_eof())
    answer = await soon(read_all(stream))
    await soon(stream.aclose())
    return answer
