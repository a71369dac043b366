"""Streams in memory keep the contract."""

from __future__ import annotations

from bascule.streams.base import Stream
from bascule.streams.memory import memory_pair
from tests.helpers.contract import StreamContract


class TestMemory(StreamContract):
    async def open_pair(self) -> tuple[Stream, Stream]:
        return memory_pair()
