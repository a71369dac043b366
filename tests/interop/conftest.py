"""What the tests with real programs share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.helpers.socks_server import TinyServer


@pytest.fixture
async def echo() -> AsyncIterator[TinyServer]:
    """A target that sends back what it gets."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()

    async with TinyServer(serve) as server:
        yield server
