"""A listener with TLS whose arrivals echo, and who dials it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bascule.errors import BasculeError
from bascule.streams.base import Stream
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.tls import ContextSource, TlsDialer, TlsListener
from tests.helpers.contract import read_all, soon


class Rig:
    """A TLS listener on a free port, and what came of its welcomes."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.welcomed: asyncio.Queue[Stream | BasculeError] = asyncio.Queue()

    def dialer(self, context: ContextSource, name: str = "localhost") -> TlsDialer:
        return TlsDialer(TcpDialer("127.0.0.1", self.port), context, name)

    async def refused(self) -> BasculeError:
        result = await soon(self.welcomed.get())
        assert isinstance(result, BasculeError)
        return result


@asynccontextmanager
async def serving(context: ContextSource, *, timeout_seconds: float = 15.0) -> AsyncGenerator[Rig]:
    """Listen with TLS; each welcomed stream echoes until its end, and closes."""
    listener = TlsListener(
        TcpListener("127.0.0.1", 0), context, timeout_seconds=timeout_seconds, field="tls"
    )
    tasks: set[asyncio.Task[None]] = set()

    async def serve(arrival: Stream) -> None:
        try:
            stream = await listener.welcome(arrival)
        except BasculeError as exc:
            rig.welcomed.put_nowait(exc)
            return
        rig.welcomed.put_nowait(stream)
        try:
            while chunk := await stream.receive():
                await stream.send(chunk)
        except BasculeError:
            stream.abort()
        await stream.aclose()

    def arrived(arrival: Stream) -> None:
        tasks.add(asyncio.ensure_future(serve(arrival)))

    (address,) = await listener.start(arrived)
    assert address.port is not None
    rig = Rig(address.port)
    try:
        yield rig
    finally:
        await listener.aclose()
        await listener.aclose()
        if tasks:
            await soon(asyncio.wait(tasks))


async def exchange(stream: Stream) -> None:
    await soon(stream.send(b"there and back"))
    await soon(stream.send_eof())
    assert await soon(read_all(stream)) == b"there and back"
    await soon(stream.aclose())
