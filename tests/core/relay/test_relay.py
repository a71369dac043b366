"""A whole relay on real sockets, on both loops: its commands, its states in order, its end."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from pathlib import Path

import pytest

from bascule.errors import BasculeError
from bascule.events import ConnectionClosed, RelayChanged, RelayEvent, RelayState
from bascule.spec.endpoints import ServerTls, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from bascule.streams.tcp import TcpDialer
from tests.helpers.certificates import Files
from tests.helpers.contract import MEBIBYTE, read_all, soon
from tests.helpers.loops import LOOPS
from tests.helpers.ports import free_port
from tests.helpers.relays import (
    Clients,
    RelayRig,
    Service,
    connect,
    echoes,
    first_bytes,
    nothing_left_behind,
    storm,
    to_service,
)

LOOP_FACTORIES = LOOPS


async def test_one_connection_may_be_closed():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        first = await clients.connect(rig.port)
        first_far = await service.next()
        second = await clients.connect(rig.port)
        second_far = await service.next()
        assert not rig.relay.close_connection(99)
        assert rig.relay.close_connection(1)
        assert (await rig.closed()).problem is None
        assert await soon(first.receive()) == b""
        assert await soon(first_far.receive()) == b""
        await echoes(second, second_far)
        assert not rig.relay.close_connection(1)


async def test_stopping_ends_what_is_open_queued_stalled_and_agreeing(files: Files):
    tls = ServerTls(files.certificate, files.key)
    async with Service() as service:
        spec = to_service(service, TcpListen(0, tls=tls), max_connections=3, overflow="queue")
        for _ in range(2):  # the first time, the loop and its threads open some of their own
            async with nothing_left_behind():
                async with RelayRig(spec) as rig, Clients() as clients:
                    await rig.run()
                    opened = await connect(rig, clients, files)
                    far = await service.next()
                    await echoes(opened, far)
                    stalled = await connect(rig, clients, files)
                    stalled_far = await service.next()
                    pushing = asyncio.ensure_future(stalled.send(bytes(32 * MEBIBYTE)))
                    await rig.until(lambda: len(rig.relay.connections) == 2)
                    await clients.connect(rig.port)  # says nothing
                    await rig.until(lambda: len(rig.relay.connections) == 3)
                    await clients.connect(rig.port)  # waits for a place
                    await asyncio.wait([pushing], timeout=0.1)
                    await soon(rig.relay.stop())
                    assert rig.relay.connections == {}
                    assert rig.relay.status.state is RelayState.STOPPED
                    assert len(rig.of(ConnectionClosed)) == 3
                    assert await soon(far.receive()) == b""
                    pushing.cancel()
                    await asyncio.wait([pushing])
                    for stream in (far, stalled_far):
                        stream.abort()
                        await soon(stream.aclose())


@pytest.mark.skipif(sys.platform == "win32", reason="its loop takes a send whole")
async def test_a_peer_that_reads_nothing_does_not_hold_the_stop_up():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        client = await clients.connect(rig.port)
        await service.next()
        pushing = asyncio.ensure_future(client.send(bytes(64 * MEBIBYTE)))
        await asyncio.wait([pushing], timeout=0.2)
        begun = time.monotonic()
        async with nothing_more_than(2):
            stopping = [asyncio.ensure_future(rig.relay.stop()) for _ in range(3)]
            await asyncio.wait(stopping)
        assert time.monotonic() - begun < 10
        assert rig.states[-2:] == [RelayState.STOPPING, RelayState.STOPPED]  # told once
        await asyncio.wait([pushing])
        assert isinstance(pushing.exception(), BasculeError)


class nothing_more_than:  # noqa: N801 - reads as a statement
    """Fail where more than so many tasks are there afterwards: the test and what it started."""

    def __init__(self, count: int) -> None:
        self._count = count

    async def __aenter__(self) -> None:
        pass

    async def __aexit__(self, *_exc: object) -> None:
        assert len(asyncio.all_tasks()) <= self._count, asyncio.all_tasks()


async def test_who_was_accepted_while_it_stopped_is_not_served():
    loop = asyncio.get_running_loop()
    for _ in range(20):
        async with Service() as service, RelayRig(to_service(service)) as rig:
            await rig.run()
            clients = [socket.create_connection(("127.0.0.1", rig.port)) for _ in range(20)]
            await soon(rig.relay.stop())
            for client in clients:
                client.setblocking(False)
                try:
                    assert await soon(loop.sock_recv(client, 1)) == b""
                except ConnectionError:
                    pass  # reset, or never accepted
                client.close()
            assert rig.relay.connections == {}
            assert rig.relay._connections._tasks == set()
            assert rig.states[-1] is RelayState.STOPPED


@pytest.mark.parametrize("seed", range(4))
async def test_a_storm_of_starts_and_stops(seed: int):
    port = free_port()
    async with Service() as service:
        spec = to_service(service, TcpListen(port))
        for _ in range(2):  # the first time, the loop opens some of its own
            async with nothing_left_behind():
                async with RelayRig(spec) as rig:
                    await storm_over(rig, port, seed)
                    assert rig.relay.status.state is RelayState.STOPPED
                    assert not rig.relay.active
                    await rig.run()  # and it still works
                    async with Clients() as clients:
                        client = await clients.connect(port)
                        await soon(client.send(b"after the storm"))
                        while await first_bytes(await service.next()) != b"after the storm":
                            pass
                await service.drop_all()


async def storm_over(rig: RelayRig, port: int, seed: int) -> None:
    """Start, stop and connect in any order; in the end, stop."""
    stopping = list[asyncio.Future[None]]()
    clients = list[socket.socket]()

    def stop() -> None:
        stopping.append(asyncio.ensure_future(rig.relay.stop()))

    def arrive() -> None:
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", port))
        clients.append(client)

    for index, call in enumerate(storm(seed, 120, rig.relay.start, stop, arrive)):
        call()
        if index % 4 == 0:
            await asyncio.sleep(0)
    await soon(asyncio.gather(*stopping))
    await soon(rig.relay.stop())
    for client in clients:
        client.close()


async def test_whoever_stopped_it_may_start_it_while_another_still_waits_for_the_stop():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        port = rig.port

        async def restart() -> None:
            await rig.relay.stop()
            rig.relay.start()

        await soon(asyncio.gather(restart(), rig.relay.stop()))
        await rig.reach(RelayState.RUNNING)
        assert rig.relay.active
        await echoes(await clients.connect(rig.port), await service.next())
        await soon(rig.relay.stop())
        assert rig.relay.status.state is RelayState.STOPPED
        for each in {port, int(rig.of(RelayChanged)[-3].status.listening[0].split(":")[1])}:
            with pytest.raises(BasculeError):
                await soon(TcpDialer("127.0.0.1", each).dial())


async def test_states_are_told_in_order():
    async with Service() as service, RelayRig(to_service(service)) as rig:
        assert rig.relay.status.state is RelayState.STOPPED
        await rig.relay.stop()
        assert rig.events == []
        await rig.run()
        rig.relay.start()  # changes nothing
        assert rig.relay.status.listening == (f"127.0.0.1:{rig.port}",)
        await rig.relay.stop()
        assert rig.relay.status.listening == ()
    assert rig.states == [
        RelayState.STARTING,
        RelayState.RUNNING,
        RelayState.STOPPING,
        RelayState.STOPPED,
    ]


@pytest.mark.parametrize("call", ["start", "stop"])
async def test_a_command_from_within_an_event_is_taken(call: str):
    async with Service() as service, RelayRig(to_service(service)) as rig:
        called = list[object]()

        def at_running(_event: RelayEvent) -> None:
            if rig.relay.status.state is RelayState.RUNNING and not called:
                start, stop = rig.relay.start, rig.relay.stop
                called.append(start() if call == "start" else asyncio.ensure_future(stop()))

        rig.on_event = at_running
        await rig.run()
        await rig.reach(RelayState.RUNNING if call == "start" else RelayState.STOPPED)


def stopping(rig: RelayRig) -> asyncio.Future[None]:
    """Have it stopped; what is waited for is begun at once."""
    return asyncio.Task(rig.relay.stop(), loop=asyncio.get_running_loop(), eager_start=True)


# started while it ends --------------------------------------------------------------------------


async def test_a_start_while_it_stops_starts_it_again():
    async with Service() as service, RelayRig(to_service(service)) as rig, Clients() as clients:
        await rig.run()
        await echoes(await clients.connect(rig.port), await service.next())
        stop = stopping(rig)
        assert rig.relay.status.state is RelayState.STOPPING
        rig.relay.start()
        await soon(stop)
        await rig.reach(RelayState.RUNNING)
        await echoes(await clients.connect(rig.port), await service.next())
    assert rig.states == [
        RelayState.STARTING,
        RelayState.RUNNING,
        RelayState.STOPPING,
        RelayState.STOPPED,
        RelayState.STARTING,
        RelayState.RUNNING,
        RelayState.STOPPING,
        RelayState.STOPPED,
    ]


async def test_the_last_command_counts():
    async with Service() as service, RelayRig(to_service(service)) as rig:
        await rig.run()
        first = stopping(rig)
        rig.relay.start()
        await soon(rig.relay.stop())
        await soon(first)
        assert rig.relay.status.state is RelayState.STOPPED
        assert not rig.relay.active
    assert rig.states[-2:] == [RelayState.STOPPING, RelayState.STOPPED]


@pytest.mark.parametrize("state", [RelayState.STOPPED, RelayState.FAILED])
async def test_a_start_from_within_the_news_of_its_end_starts_it_again(state: RelayState):
    """Its last turn is not over then."""
    async with Service() as service, RelayRig(to_service(service, once=True)) as rig:
        if state is RelayState.FAILED:
            await service.listener.aclose()

        def at_end(event: RelayEvent) -> None:
            if isinstance(event, RelayChanged) and event.status.state is state:
                rig.on_event = lambda _event: None
                assert rig.relay.active
                rig.relay.start()

        rig.on_event = at_end
        await rig.run()
        async with Clients() as clients:
            client = await clients.connect(rig.port)
            if state is RelayState.STOPPED:
                far = await service.next()
                await soon(far.send_eof())
                await soon(client.send_eof())
            await rig.until(lambda: rig.states.count(RelayState.RUNNING) == 2)
    assert rig.states[:5] == [
        RelayState.STARTING,
        RelayState.RUNNING,
        state,
        RelayState.STARTING,
        RelayState.RUNNING,
    ]


async def test_a_start_while_the_last_are_served_starts_it_again_when_they_have_left(
    tmp_path: Path,
):
    """A file that was handed out for the last time, to somebody who has not left."""
    path = tmp_path / "file"
    path.write_bytes(b"content")
    async with RelayRig(RelaySpec(TcpListen(0), ShareFile(path=str(path)))) as rig:
        await rig.run()
        share = rig.relay.findings.share
        assert share is not None
        async with Clients() as clients:
            client = await clients.connect(rig.port)
            request = f"GET {share.path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            await soon(client.send(request.encode()))
            assert (await soon(read_all(client))).endswith(b"content")
            rig.relay.start()
            assert rig.states == [RelayState.STARTING, RelayState.RUNNING]
        await rig.until(lambda: rig.states.count(RelayState.RUNNING) == 2)
        anew = rig.relay.findings.share
        assert anew is not None
        assert (anew.path != share.path, anew.fetched) == (True, 0)
    assert rig.states[2:4] == [RelayState.STOPPED, RelayState.STARTING]
