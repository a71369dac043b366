"""All relays of one user: commands, what is published, and what is kept on disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.engine.engine import Engine
from bascule.errors import BasculeError, ErrorCode
from bascule.events import RelayState, StageResult
from bascule.places import Places
from bascule.snapshot import ProfileView
from bascule.spec.endpoints import SocksHop, TcpConnect, TcpListen
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import soon
from tests.helpers.processes import free_port
from tests.helpers.socks_server import SocksServer

LOCAL = "127.0.0.1"
PROFILE = Profile("echo-0001", "Echo", RelaySpec(TcpListen(0), TcpConnect(LOCAL, 9)))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config", tmp_path / "state", tmp_path / "run")


@pytest.fixture
async def engine(places: Places) -> AsyncIterator[Engine]:
    engine = Engine(places, lambda: None)
    await engine.open()
    yield engine
    await soon(asyncio.ensure_future(engine.aclose()))


def view(engine: Engine, id: str = PROFILE.id) -> ProfileView:
    return next(view for view in engine.snapshot().profiles if view.id == id)


async def state(engine: Engine, wanted: RelayState, id: str = PROFILE.id) -> ProfileView:
    """Wait for a relay to be in a state."""
    watcher = engine.bus.watch()

    async def waiting() -> ProfileView:
        while (seen := view(engine, id)).status.state is not wanted:
            await watcher.take()
        return seen

    try:
        return await soon(asyncio.ensure_future(waiting()))
    finally:
        engine.bus.forget(watcher)


async def test_start_stop_and_the_counters(engine: Engine):
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, LOCAL, 0)
    target = TcpConnect(LOCAL, server.sockets[0].getsockname()[1])
    await engine.save(replace(PROFILE, relay=RelaySpec(TcpListen(0), target)), {})
    assert not engine.active
    await engine.start_relay(PROFILE.id)
    seen = await state(engine, RelayState.RUNNING)
    assert engine.active
    port = int(seen.status.listening[0].rpartition(":")[2])
    reader, writer = await asyncio.open_connection(LOCAL, port)
    writer.write(b"hello")
    assert await soon(asyncio.ensure_future(reader.readexactly(5))) == b"hello"
    assert view(engine).connection_count == 1
    writer.close()
    watcher = engine.bus.watch()
    kinds: set[str] = set()
    while "connection_closed" not in kinds or "traffic" not in kinds:
        kinds |= {event.kind for event in await soon(asyncio.ensure_future(watcher.take())) or ()}
    assert (view(engine).up, view(engine).down) == (5, 5)
    assert view(engine).log
    await engine.stop_relay(PROFILE.id)
    assert view(engine).status.state is RelayState.STOPPED
    server.close()


async def test_what_is_marked_starts_by_itself_and_broken_files_are_rows(places: Places):
    places.profiles.mkdir(parents=True)
    (places.profiles / "echo-0001.toml").write_text(
        profile_to_toml(replace(PROFILE, autostart=True))
    )
    (places.profiles / "broken-1.toml").write_text("format = 1\nwhat")
    engine = Engine(places, lambda: None)
    await engine.open()
    await state(engine, RelayState.RUNNING)
    broken = view(engine, "broken-1")
    assert broken.broken is not None
    assert broken.broken.facts["line"] == 2
    with pytest.raises(BasculeError) as caught:
        await engine.start_relay("broken-1")
    assert caught.value.code is ErrorCode.PROFILE_DAMAGED
    assert "what" in await engine.export("broken-1")
    await engine.delete("broken-1")
    await engine.aclose()


async def test_unknown_profiles_and_connections_are_told(engine: Engine):
    for call in (lambda id: engine.close_connection(id, 1),):
        with pytest.raises(BasculeError) as caught:
            call("nothing-1")
        assert caught.value.code is ErrorCode.PROFILE_UNKNOWN
    for work in (engine.stop_relay, engine.delete, engine.restore, engine.export):
        with pytest.raises(BasculeError) as caught:
            await work("nothing-1")
        assert caught.value.code is ErrorCode.PROFILE_UNKNOWN


async def test_a_password_reaches_the_proxy_and_no_profile(engine: Engine, places: Places):
    async with SocksServer(users={"ann": "s3cret-canary"}) as proxy:
        hop = SocksHop("5", LOCAL, proxy.port, username="ann", password="ref-1")
        relay = RelaySpec(TcpListen(free_port()), TcpConnect(LOCAL, proxy.port, via=(hop,)))
        heard: list[StageResult] = []
        results = await engine.test(relay, {"ref-1": "s3cret-canary"}, heard.append)
        assert results[-1].problem is None, results
        await engine.save(replace(PROFILE, relay=relay), {"ref-1": "s3cret-canary"})
        results = await engine.test(relay, {}, heard.append, PROFILE.id)
        assert results[-1].problem is None, results
    for path in places.config.rglob("*"):
        assert path.name == "secrets.json" or path.is_dir() or b"canary" not in path.read_bytes()
    await engine.save(PROFILE, {})  # the proxy is gone from the profile, and so is its password
    assert "canary" not in places.secrets.read_text()


async def test_a_missing_password_is_told(engine: Engine):
    hop = SocksHop("5", LOCAL, 1, username="ann", password="ref-never")
    relay = RelaySpec(TcpListen(0), TcpConnect(LOCAL, 1, via=(hop,)))
    await engine.save(replace(PROFILE, relay=relay), {})
    await engine.start_relay(PROFILE.id)
    seen = await state(engine, RelayState.FAILED)
    assert seen.status.problem is not None
    assert seen.status.problem.code is ErrorCode.SECRET_MISSING


async def test_editing_what_runs_tests_without_its_own_port(engine: Engine):
    port = free_port()
    server = await asyncio.start_server(lambda _r, w: w.close(), LOCAL, 0)
    target = TcpConnect(LOCAL, server.sockets[0].getsockname()[1])
    profile = replace(PROFILE, relay=RelaySpec(TcpListen(port), target))
    await engine.save(profile, {})
    await engine.start_relay(profile.id)
    await state(engine, RelayState.RUNNING)
    taken = await engine.test(profile.relay, {}, lambda _: None)
    assert taken[-1].problem is not None
    assert taken[-1].problem.code is ErrorCode.ADDRESS_IN_USE
    mine = await engine.test(profile.relay, {}, lambda _: None, profile.id)
    assert mine[-1].problem is None
    server.close()


async def test_no_free_port_is_told(engine: Engine):
    with pytest.raises(BasculeError) as caught:
        await engine.free_port("192.0.2.77", 8000)
    assert caught.value.code is ErrorCode.LISTEN_FAILED
