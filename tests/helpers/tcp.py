"""Connections over TCP by the listener and the dialer of Bascule, and what they refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bascule.errors import BasculeError, DialError, ListenError
from bascule.events import StageResult
from bascule.streams.base import Address, Stream
from bascule.streams.tcp import TcpDialer, TcpListener
from tests.helpers.contract import soon

NOT_OURS = "203.0.113.1"  # RFC 5737: for documentation, so that no computer has it


class Rig:
    """A listener, and the streams that arrived."""

    def __init__(self, listener: TcpListener) -> None:
        self.listener = listener
        self.arrived: asyncio.Queue[Stream] = asyncio.Queue()
        self.addresses: tuple[Address, ...] = ()
        self._streams: list[Stream] = []

    @property
    def port(self) -> int:
        port = self.addresses[0].port
        assert port is not None
        return port

    def arrive(self, stream: Stream) -> None:
        self._streams.append(stream)
        self.arrived.put_nowait(stream)

    async def next(self) -> Stream:
        return await soon(self.arrived.get())

    async def dialed(self, dialer: TcpDialer) -> Stream:
        stream = await soon(dialer.dial())
        self._streams.append(stream)
        return stream

    async def aclose(self) -> None:
        await self.listener.aclose()
        for stream in self._streams:
            stream.abort()
            await soon(stream.aclose())


@asynccontextmanager
async def listens(host: str = "127.0.0.1", port: int = 0, **options: Any) -> AsyncIterator[Rig]:
    rig = Rig(TcpListener(host, port, **options))
    try:
        rig.addresses = await soon(rig.listener.start(rig.arrive))
        yield rig
    finally:
        await rig.aclose()


async def refused_listening(listener: TcpListener) -> BasculeError:
    with pytest.raises(ListenError) as caught:
        await soon(listener.start(lambda stream: stream.abort()))
    await listener.aclose()
    return caught.value


async def refused_dialing(dialer: TcpDialer) -> tuple[DialError, list[StageResult]]:
    """The error, and the steps, the last of which must tell it too."""
    steps: list[StageResult] = []
    with pytest.raises(DialError) as caught:
        await soon(dialer.dial(steps.append))
    return caught.value, steps
