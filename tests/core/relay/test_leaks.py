"""A thousand times connect, transfer and close through each kind leaves nothing behind: no task,
no descriptor, no thread.

Each kind runs a tenth of that once before: the loop, its threads and lazily imported modules open
some of their own at first use.
"""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bascule.cli.loop import loop_factory
from bascule.events import ConnectionClosed, RelayState
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Dialer
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.tls import TlsDialer, TlsListener, client_context, server_context
from bascule.streams.unix import UnixDialer, UnixListener
from tests.helpers.certificates import Files
from tests.helpers.contract import random_bytes, read_all, read_count, soon
from tests.helpers.descriptors import no_more_threads_than
from tests.helpers.pty import Line
from tests.helpers.relays import RelayRig, echo, nothing_left_behind
from tests.helpers.socks_server import SocksServer

LOOP_FACTORIES = {"ours": loop_factory()}

# They prove that nothing is left, not how fast: a busy computer may take its time.
LIMIT_SECONDS = 240
pytestmark = pytest.mark.timeout(LIMIT_SECONDS + 60)

CYCLES = 1000
AT_ONCE = 12
DATA = random_bytes(2000)


type Dial = Callable[[RelayRig], Dialer]


def to_port(rig: RelayRig) -> Dialer:
    return TcpDialer("127.0.0.1", rig.port)


async def exchange(dialer: Dialer) -> None:
    """One cycle: everything comes back, then its end."""
    stream = await dialer.dial()
    await stream.send(DATA)
    await stream.send_eof()
    assert await read_all(stream) == DATA
    await stream.aclose()


async def cycles(rig: RelayRig, dial: Dial, count: int) -> None:
    """So many exchanges, some at once, until the relay has told that each has ended."""
    dialer, numbers = dial(rig), iter(range(count))

    async def some() -> None:
        for _number in numbers:
            await exchange(dialer)
            rig.tick()  # so that each is told of, however fast they come

    before = len(rig.of(ConnectionClosed))
    async with asyncio.timeout(LIMIT_SECONDS), asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(some())
    await rig.closed(before + count)
    closed = rig.of(ConnectionClosed)[before:]
    assert [event.problem for event in closed if event.problem] == []
    assert {(event.up, event.down) for event in closed} == {(len(DATA), len(DATA))}


async def leaves_nothing(run: Callable[[int], Awaitable[None]]) -> None:
    """Run so many cycles, and look at what is left of them."""
    # A pool has as many threads as were needed at once, and keeps them.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    await run(CYCLES // 10)
    gc.collect()
    threads = threading.active_count()
    async with nothing_left_behind():
        await run(CYCLES)
        gc.collect()
    await no_more_threads_than(threads)


def through(
    spec: RelaySpec, dial: Dial = to_port, **secrets: str
) -> Callable[[int], Awaitable[None]]:
    """What runs cycles through a relay of its own, which it stops."""

    async def run(count: int) -> None:
        async with RelayRig(spec, secrets) as rig:
            await rig.run()
            await cycles(rig, dial, count)
            assert rig.relay.connections == {}

    return run


async def test_tcp():
    async with echo() as port:
        await leaves_nothing(through(RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", port))))


async def test_unix_sockets(tmp_path: Path):
    source, target = str(tmp_path / "source"), str(tmp_path / "target")
    async with echo(UnixListener(target)):
        spec = RelaySpec(UnixListen(source), UnixConnect(target))
        await leaves_nothing(through(spec, lambda _rig: UnixDialer(source)))


async def test_tls_source(files: Files):
    context = client_context(authority=files.authority)
    async with echo() as port:
        source = TcpListen(0, tls=ServerTls(files.certificate, files.key))
        spec = RelaySpec(source, TcpConnect("127.0.0.1", port))
        await leaves_nothing(
            through(spec, lambda rig: TlsDialer(to_port(rig), context, "localhost"))
        )


async def test_tls_target(files: Files):
    context = server_context(files.certificate, files.key)
    async with echo(TlsListener(TcpListener("127.0.0.1", 0), context)) as port:
        tls = ClientTls(authority=files.authority)
        spec = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", port, tls=tls))
        await leaves_nothing(through(spec))


async def test_a_chain_of_two_proxies():
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(echo())
        users = {"u": "hunter2"}
        first = await stack.enter_async_context(SocksServer(users=users))
        second = await stack.enter_async_context(SocksServer(names={"echo.onion": "127.0.0.1"}))
        via = (
            ProxyHop(port=first.port, username="u", password="reference"),
            ProxyHop("4a", port=second.port),
        )
        spec = RelaySpec(TcpListen(0), TcpConnect("echo.onion", port, via))
        run = through(spec, reference="hunter2")

        async def run_and_wait(count: int) -> None:
            await run(count)
            for proxy in (first, second):
                await soon(proxy.all_closed())

        await leaves_nothing(run_and_wait)


async def test_a_serial_port():
    line = Line()
    spec = RelaySpec(TcpListen(0), SerialPort(line.device), linger_seconds=0)

    async def run(count: int) -> None:
        async with RelayRig(spec) as rig:
            await rig.run()
            async with asyncio.timeout(LIMIT_SECONDS):
                for _ in range(count):  # one at a time has it
                    await ask(rig, line)
            assert rig.relay.status.state is RelayState.RUNNING

    await leaves_nothing(run)
    line.abort()


async def ask(rig: RelayRig, line: Line) -> None:
    """One client asks, the device answers, the client goes."""
    rig.tick()  # so that each is told of, however fast they come
    before = len(rig.of(ConnectionClosed))
    stream = await to_port(rig).dial()
    await stream.send(b"weigh\r\n")
    assert await read_count(line, 7) == b"weigh\r\n"
    await line.send(b"12.5 kg\r\n")
    assert await read_count(stream, 9) == b"12.5 kg\r\n"
    await stream.aclose()
    assert (await rig.closed(before + 1)).problem is None
    await rig.relay._connections.all_done()  # until its place is free
