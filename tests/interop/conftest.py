"""What the tests with real programs share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.helpers.certificates import DATABASE, Files, make_files
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


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Certificates of an authority for this module."""
    return make_files(tmp_path_factory.mktemp("certificates"), [DATABASE, "127.0.0.1"])


@pytest.fixture(scope="module")
def client(files: Files) -> Files:
    """A certificate of a client, by that authority."""
    return make_files(Path(files.authority).parent, ["somebody"], client=True)
