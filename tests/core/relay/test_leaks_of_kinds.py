"""Each kind of target behind each kind of source, a few times: no task, descriptor or thread stays.

``test_leaks`` does the most used of them a thousand times.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bascule.errors import StreamError
from bascule.spec.built_in import Discard, Echo, Room, Text
from bascule.spec.datagrams import UdpConnect
from bascule.spec.endpoints import TcpConnect, TcpListen, UnixListen
from bascule.spec.ends import Dual, Failover, FanOut, Source, Target
from bascule.spec.local import File, Pipe, Program, Pty
from bascule.spec.options import Retry, Shape
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Dialer
from bascule.streams.tcp import TcpDialer
from bascule.streams.unix import UnixDialer
from tests.helpers.contract import soon
from tests.helpers.relays import RelayRig, nothing_left_behind

TIMES = 4
WORD = b"word\n"

TARGETS = {
    "echo": Echo(),
    "shaped": Echo(shape=Shape(line_ending="crlf")),
    "retried": Echo(retry=Retry(times=1)),
    "discard": Discard(),
    "text": Text(text="hello"),
    "room": Room(),
    "program": Program(command="cat"),
    "program-pipes": Program(command="cat", joined_by="pipes"),
    "program-terminal": Program(command="cat", joined_by="terminal"),
    "program-missing": Program(command="/nowhere/at/all"),
    "file": File(path="file", create=True),
    "file-missing": File(path="nowhere/at/all"),
    "pipe": Pipe(),
    "pty": Pty(),
    "udp": UdpConnect(host="127.0.0.1", port=9),
    "refused": TcpConnect("127.0.0.1", 1),
    "failover": Failover(targets=(TcpConnect("127.0.0.1", 1), Echo())),
    "fan-out": FanOut(targets=(Echo(), Discard(), TcpConnect("127.0.0.1", 1))),
    "dual": Dual(reading=Text(text="hello"), writing=Discard()),
}
SOURCES = {
    "tcp": TcpListen(0),
    "tcp-header": TcpListen(0, proxy_header=True),
    "unix": UnixListen("socket"),
}


def dialer(source: Source, rig: RelayRig) -> Dialer:
    return (
        UnixDialer("socket") if isinstance(source, UnixListen) else TcpDialer("127.0.0.1", rig.port)
    )


async def run(source: Source, target: Target, times: int) -> None:
    """So many clients, each of whom says a word, hears what there is to hear of it and leaves."""
    spec = RelaySpec(source, target, half_close_seconds=0.05, linger_seconds=0)
    async with RelayRig(spec) as rig:
        await rig.run()
        for number in range(times):
            rig.tick()
            stream = await soon(dialer(source, rig).dial())
            with contextlib.suppress(StreamError):  # where the target fails
                if isinstance(source, TcpListen) and source.proxy_header:
                    await soon(stream.send(b"PROXY UNKNOWN\r\n"))
                await soon(stream.send(WORD))
                await soon(stream.send_eof())
            with contextlib.suppress(StreamError):
                while await soon(stream.receive()):
                    pass
            await soon(stream.aclose())
            await rig.closed(number + 1)
        await soon(rig.relay._connections.all_done())


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("target", TARGETS)
async def test_nothing_stays(
    source: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    await run(SOURCES[source], TARGETS[target], 1)  # what is opened at first use stays open
    gc.collect()
    threads = threading.active_count()
    async with nothing_left_behind():
        await run(SOURCES[source], TARGETS[target], TIMES)
        gc.collect()
    assert threading.active_count() <= threads
