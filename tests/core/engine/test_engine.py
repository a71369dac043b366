"""All relays of one user: commands, what is published, and what is kept on disk."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bascule.engine import engine as module
from bascule.engine.engine import Engine
from bascule.errors import BasculeError, ErrorCode
from bascule.events import Outcome, RelayState, Stage, StageResult
from bascule.places import Places
from bascule.spec.built_in import Discard
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import soon
from tests.helpers.engines import come_true
from tests.helpers.own_engine import LOCAL, PROFILE, state, view
from tests.helpers.ports import free_port
from tests.helpers.relays import echo
from tests.helpers.socks_server import SocksServer


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
    watcher = engine.bus.watch()  # before: what moved may be told, once, as soon as it has
    reader, writer = await asyncio.open_connection(LOCAL, port)
    writer.write(b"hello")
    assert await soon(asyncio.ensure_future(reader.readexactly(5))) == b"hello"
    assert view(engine).connection_count == 1
    writer.close()
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


async def test_only_relays_that_run_are_looked_after(
    places: Places, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "TICK_SECONDS", 0.01)
    places.profiles.mkdir(parents=True)
    (places.profiles / "broken-1.toml").write_text("what")
    (places.profiles / "echo-0001.toml").write_text(profile_to_toml(PROFILE))
    entered: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _r, w: entered.append(w), LOCAL, 0)
    target = TcpConnect(LOCAL, server.sockets[0].getsockname()[1])
    idle = RelaySpec(TcpListen(0), target, idle_seconds=1.0)
    (places.profiles / "idle-1.toml").write_text(
        profile_to_toml(Profile("idle-1", "Idle", idle, autostart=True))
    )
    engine = Engine(places, lambda: None)
    await engine.open()
    (address,) = (await state(engine, RelayState.RUNNING, "idle-1")).status.listening
    reader, writer = await asyncio.open_connection(LOCAL, int(address.rpartition(":")[2]))
    assert await soon(reader.read()) == b""  # it was idle for too long
    assert view(engine).status.state is RelayState.STOPPED
    assert view(engine, "broken-1").broken is not None
    for each in (writer, *entered):
        each.close()
    await engine.aclose()
    server.close()


async def test_a_relay_that_breaks_while_it_is_looked_after_leaves_the_others_alone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "TICK_SECONDS", 0.01)
    faults: list[BaseException] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: faults.append(context["exception"])
    )
    target = TcpConnect(LOCAL, free_port())
    for id, spec in (
        ("broken-1", RelaySpec(TcpListen(0), target)),
        ("idle-1", RelaySpec(TcpListen(0), Discard(), idle_seconds=0.1)),
    ):
        await engine.save(Profile(id, id, spec), {})
        await engine.start_relay(id)
        await state(engine, RelayState.RUNNING, id)
    fault = ZeroDivisionError("nobody foresaw this")

    def broken(_now: float) -> None:
        raise fault

    relay = engine._entries["broken-1"].relay
    assert relay is not None
    monkeypatch.setattr(relay.findings.transfers, "tick", broken)
    failed = await state(engine, RelayState.FAILED, "broken-1")
    assert failed.status.problem is not None
    assert failed.status.problem.code is ErrorCode.INTERNAL
    assert failed.log[-1].problem == failed.status.problem
    assert faults == [fault]
    (address,) = view(engine, "idle-1").status.listening
    reader, writer = await asyncio.open_connection(LOCAL, int(address.rpartition(":")[2]))
    assert await soon(reader.read()) == b""  # it was idle for too long, and that was seen
    writer.close()


async def test_unknown_profiles_and_connections_are_told(engine: Engine):
    with pytest.raises(BasculeError) as caught:
        engine.close_connection("nothing-1", 1)
    assert caught.value.code is ErrorCode.PROFILE_UNKNOWN
    for work in (
        engine.start_relay,
        engine.stop_relay,
        engine.delete,
        engine.restore,
        engine.export,
    ):
        with pytest.raises(BasculeError) as caught:
            await work("nothing-1")
        assert caught.value.code is ErrorCode.PROFILE_UNKNOWN


async def test_a_password_reaches_the_proxy_and_no_profile(engine: Engine, places: Places):
    async with SocksServer(users={"ann": "s3cret-canary"}) as proxy:
        hop = ProxyHop("5", LOCAL, proxy.port, username="ann", password="ref-1")
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
    hop = ProxyHop("5", LOCAL, 1, username="ann", password="ref-never")
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
    opened = replace(profile.relay, source=TcpListen(port, "0.0.0.0"))
    for edited in (profile.relay, opened):
        mine = await engine.test(edited, {}, lambda _: None, profile.id)
        assert mine[-1].problem is None
    server.close()


async def test_a_host_is_checked_with_a_password_not_saved_yet(engine: Engine):
    async with SocksServer(users={"me": "pass"}) as proxy, echo(patient=True) as port:
        hop = ProxyHop("5", LOCAL, proxy.port, "me", "secret-1")
        target = TcpConnect(LOCAL, port, via=(hop,))
        heard: list[StageResult] = []
        for password, code in (("pass", None), ("wrong", ErrorCode.PROXY_CREDENTIALS_REFUSED)):
            problem = await soon(
                engine.check(
                    target, {"secret-1": password}, heard.append, seconds=30, first_byte=False
                )
            )
            assert (problem and problem.code) == code
        assert heard[0].stage is Stage.CONNECT
        with pytest.raises(BasculeError) as caught:
            await soon(engine.check(target, {}, heard.append, seconds=30, first_byte=False))
    assert caught.value.code is ErrorCode.SECRET_MISSING


async def test_what_a_relay_has_found_out_is_in_the_snapshot(engine: Engine):
    async with echo(patient=True) as port:
        checks = RelaySpec(Schedule(every_seconds=3600), TcpConnect(LOCAL, port))
        await engine.save(replace(PROFILE, relay=checks), {})
        await engine.start_relay(PROFILE.id)
        seen = await state(engine, RelayState.RUNNING)
        assert [each.problem for each in seen.checks] == [None]
        measures = RelaySpec(Throughput(seconds=0, megabytes=1), TcpConnect(LOCAL, port))
        await engine.stop_relay(PROFILE.id)
        await engine.save(replace(PROFILE, relay=measures), {})
        await engine.start_relay(PROFILE.id)
        await come_true(lambda: view(engine).status.state is RelayState.STOPPED)
        measurement = view(engine).measurement
        assert measurement is not None
        assert (measurement.outcome, measurement.sent) == (Outcome.CONFIRMED, 1_000_000)
