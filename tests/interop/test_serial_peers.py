"""Serial ports against the real socat, which joins two pseudo-terminals like a null-modem cable."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bascule.errors import DeviceError, ErrorCode
from bascule.streams.base import Stream
from bascule.streams.serial import SerialDialer
from tests.helpers.cable import socat_cable
from tests.helpers.contract import random_bytes, read_count, soon
from tests.helpers.processes import Running

SIZE = 512 * 1024


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[tuple[str, str, Running]]:
    """Two devices joined by socat, and socat."""
    ends = tmp_path / "near", tmp_path / "far"
    with socat_cable(*ends) as socat:
        yield str(ends[0]), str(ends[1]), socat


async def send_digest(stream: Stream, seed: int) -> str:
    data = random_bytes(SIZE, seed)
    for start_at in range(0, SIZE, 10_000):
        await stream.send(data[start_at : start_at + 10_000])
    return hashlib.sha256(data).hexdigest()


async def receive_digest(stream: Stream) -> str:
    return hashlib.sha256(await read_count(stream, SIZE)).hexdigest()


async def test_bytes_pass_unchanged_both_ways(cable: tuple[str, str, Running]):
    near, far = [await soon(SerialDialer(end, baud=115200).dial()) for end in cable[:2]]
    up, seen_up, down, seen_down = await soon(
        asyncio.gather(
            send_digest(near, 1), receive_digest(far), send_digest(far, 2), receive_digest(near)
        )
    )
    assert (seen_up, seen_down) == (up, down)
    await soon(near.aclose())
    await soon(far.aclose())


async def test_a_cable_that_is_pulled_out_ends_the_stream(cable: tuple[str, str, Running]):
    device, _far, socat = cable
    dialer = SerialDialer(device)
    stream = await soon(dialer.dial())
    waiting = asyncio.ensure_future(stream.receive())
    await asyncio.wait([waiting], timeout=0.05)
    socat.process.kill()
    with pytest.raises(DeviceError) as caught:
        await soon(waiting)
    assert caught.value.code is ErrorCode.DEVICE_GONE
    await soon(stream.aclose())
    with pytest.raises(DeviceError) as missing:
        await dialer.dial()
    assert missing.value.code is ErrorCode.DEVICE_MISSING


async def test_the_second_to_open_a_port_is_told_who_has_it(cable: tuple[str, str, Running]):
    stream = await soon(SerialDialer(cable[0]).dial())
    with pytest.raises(DeviceError) as caught:
        await SerialDialer(cable[0]).dial()
    assert caught.value.code is ErrorCode.DEVICE_BUSY
    # socat holds the line as well; whoever has the lower number is named.
    assert caught.value.facts["pid"] in {os.getpid(), cable[2].process.pid}
    await soon(stream.aclose())
    again = await soon(SerialDialer(cable[0]).dial())
    await soon(again.aclose())
