"""From the specs of datagrams to what does them: each is used for real."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bascule.relay.build import Builder
from bascule.spec.datagrams import (
    UdpConnect,
    UdpDatagram,
    UdpListen,
    UdpReceive,
    UdpReceiveFrom,
    UdpSendTo,
    UnixReceive,
    UnixReceiveFrom,
    UnixSendTo,
)
from bascule.spec.options import SocketSettings
from bascule.streams.base import Stream
from tests.helpers.contract import soon
from tests.helpers.ports import free_port


def no_secret(_reference: str) -> str:
    return ""


async def closed(*streams: Stream) -> None:
    for stream in streams:
        stream.abort()
        await soon(stream.aclose())


@pytest.mark.parametrize("sends", [UdpConnect, UdpSendTo, UdpDatagram])
@pytest.mark.parametrize("listens", [UdpListen, UdpReceiveFrom])
async def test_there_and_back(listens: type[Any], sends: type[Any]):
    make = Builder(no_secret)
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    listener = make.listener(listens(port=0, socket=SocketSettings(reuse_port=True)), "source")
    (address,) = await listener.start(arrived.put_nowait)
    spec = sends(host="127.0.0.1", port=address.port)
    stream = await soon(make.dialer(spec, "target").dial())
    await soon(stream.send(b"question"))
    far = await soon(arrived.get())
    assert await soon(far.receive()) == b"question"
    await soon(far.send(b"answer"))
    assert await soon(stream.receive()) == b"answer"
    await closed(stream, far)
    await listener.aclose()


async def test_receiving_only_and_who_is_let_in():
    make = Builder(no_secret)
    port = free_port()
    receives = await soon(make.dialer(UdpReceive(port=port), "source").dial())
    own = free_port()
    spec = UdpDatagram(host="127.0.0.1", port=port, source_port=own, allow=("127.0.0.1/32",))
    sends = await soon(make.dialer(spec, "target").dial())
    await soon(sends.send(b"x"))
    assert await soon(receives.receive()) == b"x"
    assert not receives.can_send
    await closed(receives, sends)


async def test_datagrams_of_unix_sockets(tmp_path: Path):
    make = Builder(no_secret)
    path, own = str(tmp_path / "there"), str(tmp_path / "here")
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    listener = make.listener(UnixReceiveFrom(path=path), "source")
    await listener.start(arrived.put_nowait)
    sends = await soon(make.dialer(UnixSendTo(path=path, bind=own), "target").dial())
    await soon(sends.send(b"question"))
    far = await soon(arrived.get())
    assert await soon(far.receive()) == b"question"
    await soon(far.send(b"answer"))
    assert await soon(sends.receive()) == b"answer"
    await closed(sends, far)
    await listener.aclose()
    receives = await soon(make.dialer(UnixReceive(path=path), "source").dial())
    sends = await soon(make.dialer(UnixSendTo(path=path), "target").dial())
    await soon(sends.send(b"x"))
    assert await soon(receives.receive()) == b"x"
    await closed(sends, receives)
