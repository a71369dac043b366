"""Many clients of one server: those that watch, are slow, ask without end or leave."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.control import server as module
from bascule.control.messages import Method
from bascule.events import LogLevel, LogLine, ProfileRemoved, RelayState
from bascule.snapshot import Event, ProfileSaved, Snapshot
from bascule.spec.codec import to_data
from bascule.spec.profiles import profile_to_toml
from tests.helpers.contract import soon
from tests.helpers.engines import (
    EngineProcess,
    Raw,
    Served,
    come_true,
    forward,
    running,
    serving,
    started,
    view_of,
)


@pytest.fixture
def engine(engine_by_each_door: EngineProcess) -> EngineProcess:
    return engine_by_each_door


# many clients -----------------------------------------------------------------------------------


async def test_a_hundred_clients(engine: EngineProcess):
    clients = await soon(asyncio.gather(*(engine.client(f"client {n}") for n in range(100))))
    await soon(asyncio.gather(*(client.save(forward(f"relay {n}")) for n, client in
                                enumerate(clients))))  # fmt: skip
    seen = await soon(asyncio.gather(*(client.profiles() for client in clients)))
    assert all(len(views) == 100 for views in seen)
    await soon(asyncio.gather(*(client.aclose() for client in clients)))


async def test_two_watchers_see_the_same(engine: EngineProcess):
    clients = [await engine.client(), await engine.client()]
    profile = forward()
    entered = [asyncio.Event(), asyncio.Event()]

    async def watch(index: int) -> list[Event]:
        seen: list[Event] = []
        async for batch in clients[index].watch():
            entered[index].set()
            seen += batch
            if isinstance(seen[-1], ProfileRemoved):
                return seen
        return seen

    watching = [asyncio.ensure_future(watch(index)) for index in (0, 1)]
    for each in entered:
        await soon(each.wait())
    await started(clients[0], profile)
    await clients[1].stop(profile.id)
    await clients[0].delete(profile.id)
    one, two = await soon(asyncio.gather(*watching))
    assert one == two
    assert {event.kind for event in one} >= {"snapshot", "profile_saved", "relay_changed"}
    for client in clients:
        await client.aclose()


async def test_a_watcher_that_never_reads_slows_nobody(engine: EngineProcess):
    profile = forward()
    async with Raw(engine.home) as slow, await engine.client() as client:
        await slow.enter()
        slow.write(Method.WATCH, {})
        await soon(client.save(profile))
        for _ in range(300):  # thousands of events that nobody takes
            await soon(client.start(profile.id))
            await soon(client.stop(profile.id))
        assert (await view_of(client, profile.id)).status.state is RelayState.STOPPED
        await soon(client.start(profile.id))
        assert await running(client, profile.id)


async def test_a_watcher_that_was_slow_gets_a_fresh_snapshot(served: Served):
    profile = forward()
    await served.engine.save(profile, {})

    def publish(first: int, count: int) -> None:
        for number in range(first, first + count):
            line = LogLine(profile.id, float(number), LogLevel.INFO, "x" * 4000)
            served.engine.bus.publish(line)

    async with Raw(served.home) as slow, await served.client() as good:
        await slow.enter()
        assert (await slow.ask(Method.WATCH, 2)) == {"jsonrpc": "2.0", "id": 2, "result": None}
        batches = good.watch()
        assert isinstance((await soon(anext(batches)))[0], Snapshot)
        heard: list[Event] = []
        for chunk in range(5):
            publish(chunk * 1000, 1000)
            while len(heard) < (chunk + 1) * 1000:
                heard += await soon(anext(batches))
        assert all(isinstance(event, LogLine) for event in heard)  # it lost nothing
        kinds: list[str] = []

        async def read_until(kind: str, count: int) -> str:
            said = ""
            while kinds.count(kind) < count:
                message = await slow.line()
                said = json.dumps(message)
                kinds.extend(event["kind"] for event in message["params"]["events"])
            return said

        assert profile.id in await read_until("snapshot", 2)  # the fresh one, whole
        assert kinds.count("log_line") < 5000
        await served.engine.delete(profile.id)
        await read_until("profile_removed", 1)  # and nothing is lost any more
        assert kinds.count("snapshot") == 2
        await batches.aclose()  # pyright: ignore[reportAttributeAccessIssue]


async def test_many_profiles_fit_the_wire(tmp_path: Path):
    folder = tmp_path / "config" / "profiles"
    folder.mkdir(parents=True)
    for number in range(1000):
        profile = replace(forward(f"relay {number}", group="x" * 500), id=f"relay-{number:04}")
        (folder / f"{profile.id}.toml").write_text(profile_to_toml(profile))
    async with serving(tmp_path) as served, await served.client() as client:
        seen: set[str] = set()
        async for batch in client.watch():
            for event in batch:
                if isinstance(event, Snapshot):
                    seen |= {view.id for view in event.profiles}
                elif isinstance(event, ProfileSaved):
                    seen.add(event.view.id)
            if len(seen) == 1000:
                break
        assert {view.id for view in await soon(client.profiles())} == seen


async def test_a_file_whose_name_is_no_text_is_a_row_like_others(tmp_path: Path):
    folder = tmp_path / "config" / "profiles"
    folder.mkdir(parents=True)
    (folder / "\udcff-1.toml").write_text("damaged")
    async with serving(tmp_path) as served, await served.client() as client:
        (view,) = await soon(client.profiles())
        assert view.id == "\udcff-1"
        (event,) = await soon(anext(client.watch()))
        assert isinstance(event, Snapshot)
        assert await soon(client.export(view.id)) == "damaged"
        await soon(client.delete(view.id))
        await soon(client.restore(view.id))


async def test_a_watch_is_one_even_if_asked_for_twice(served: Served):
    async with Raw(served.home) as raw:
        await raw.enter()
        raw.write(Method.WATCH, {})
        raw.write(Method.WATCH, {})
        raw.write(Method.SAVE, {"profile": to_data(forward())})
        kinds: list[str] = []
        while "profile_saved" not in kinds:
            message = await raw.line()
            kinds += [event["kind"] for event in message.get("params", {}).get("events", [])]
        assert kinds == ["snapshot", "profile_saved"]


async def test_a_client_that_asks_without_end_is_answered_in_turn(served: Served):
    async with Raw(served.home) as raw:
        await raw.enter()
        for number in range(1000):
            raw.write(Method.LIST, {}, number)
        numbers = {(await raw.answer())["id"] for _ in range(1000)}
        assert numbers == set(range(1000))


async def test_a_client_that_goes_while_it_is_answered(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    gate = asyncio.Event()
    waiting = 0

    async def gated() -> tuple[()]:
        nonlocal waiting
        waiting += 1
        await gate.wait()
        return ()

    monkeypatch.setattr(served.engine.computer, "serial_ports", gated)
    async with Raw(served.home) as raw:
        await raw.enter()
        await raw.ask(Method.WATCH)
        await raw.line()
        for number in range(module.CALLS_AT_ONCE):
            raw.write(Method.SERIAL_PORTS, {}, number)
        await come_true(lambda: waiting == module.CALLS_AT_ONCE)

    def noticed() -> bool:  # who writes to nobody is told of it later, in TCP
        served.engine.bus.publish(ProfileRemoved("x-1"))
        return not served.engine.bus._watchers

    await come_true(noticed)
    gate.set()
    await come_true(lambda: not served.server._sessions)
    assert [each for each in caplog.records if each.levelno > logging.INFO] == []
    async with await served.client() as client:
        assert await soon(client.serial_ports()) == ()


async def test_what_a_client_began_before_it_left_is_finished(served: Served):
    profile = forward()
    async with await served.client() as client:
        port = await started(client, profile)
    changed = replace(profile, relay=replace(profile.relay, idle_seconds=60.0))
    async with Raw(served.home) as raw:
        await raw.enter()
        raw.write(Method.SAVE, {"profile": to_data(changed)})
        raw.writer.close()  # not the abort of a Raw, which may drop what Windows has not sent yet
        await soon(raw.writer.wait_closed())

    def saved() -> bool:
        (view,) = served.engine.snapshot().profiles
        return view.profile == changed and view.status.state is RelayState.RUNNING

    await come_true(saved)
    (view,) = served.engine.snapshot().profiles
    assert view.status.listening != (f"127.0.0.1:{port}",)
