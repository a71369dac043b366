"""All relays of one user: commands, what is published, and what is kept on disk."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.engine import engine as module
from bascule.engine.engine import Engine
from bascule.errors import BasculeError, ErrorCode
from bascule.events import Outcome, RecordingChanged, RelayState, Stage, StageResult
from bascule.places import Places
from bascule.snapshot import ProfileView
from bascule.spec.built_in import Discard
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.local import Program
from bascule.spec.measuring import Schedule, Throughput
from bascule.spec.profiles import Profile, profile_from_toml, profile_to_toml
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from tests.helpers.contract import soon
from tests.helpers.engines import come_true
from tests.helpers.processes import free_port
from tests.helpers.relays import echo
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


# changes at the same time --------------------------------------------------------------------


def alone(engine: Engine) -> None:
    """Nothing listens or works that no profile knows of."""
    known = {f"relay {view.id}" for view in engine.snapshot().profiles}
    found = {task.get_name() for task in asyncio.all_tasks()}
    assert {name for name in found if name.startswith("relay ")} <= known
    assert not any(name.startswith("change ") for name in found)


async def results(*work: Awaitable[None]) -> list[ErrorCode | None]:
    """What came of work that was begun at the same time; only our errors may."""
    found: list[ErrorCode | None] = []
    for result in await soon(asyncio.gather(*work, return_exceptions=True)):
        assert result is None or isinstance(result, BasculeError), result
        found.append(result.code if result else None)
    return found


def edited(number: int) -> Profile:
    return replace(PROFILE, relay=replace(PROFILE.relay, idle_seconds=float(number)))


async def test_two_that_save_the_same_leave_one_relay(engine: Engine, places: Places):
    await engine.save(PROFILE, {})
    await engine.start_relay(PROFILE.id)
    await state(engine, RelayState.RUNNING)
    await results(*(engine.save(edited(number), {}) for number in range(1, 21)))
    seen = await state(engine, RelayState.RUNNING)
    held = seen.profile
    assert held is not None
    on_disk = profile_from_toml((places.profiles / f"{PROFILE.id}.toml").read_text())
    assert held == on_disk
    alone(engine)
    await engine.stop_relay(PROFILE.id)
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("relay ")]


async def test_a_start_during_a_save_or_a_delete_leaves_no_stray_relay(engine: Engine):
    for number in range(1, 11):
        await engine.save(PROFILE, {})
        codes = await results(
            engine.start_relay(PROFILE.id),
            engine.save(edited(number), {}),
            engine.start_relay(PROFILE.id),
            engine.delete(PROFILE.id),
            engine.start_relay(PROFILE.id),
            engine.stop_relay(PROFILE.id),
        )
        assert codes == [None] * 4 + [ErrorCode.PROFILE_UNKNOWN] * 2
        assert engine.snapshot().profiles == ()
        alone(engine)
        assert not engine.active


async def test_a_delete_and_a_restore_at_the_same_time(engine: Engine):
    await engine.save(PROFILE, {})
    codes = await results(engine.delete(PROFILE.id), engine.restore(PROFILE.id))
    assert codes == [None, None]
    assert view(engine).profile == PROFILE
    assert await results(engine.restore(PROFILE.id)) == [ErrorCode.PROFILE_UNKNOWN]


async def test_anything_at_the_same_time_ends_well(engine: Engine):
    others = [replace(PROFILE, id=f"echo-{number}") for number in range(4)]
    for profile in others:
        await engine.save(profile, {})
    choice = random.Random(5)
    work: list[Awaitable[None]] = []
    for number in range(400):
        profile = choice.choice(others)
        work.append(
            choice.choice(
                [
                    lambda id=profile.id: engine.start_relay(id),
                    lambda id=profile.id: engine.stop_relay(id),
                    lambda id=profile.id: engine.delete(id),
                    lambda id=profile.id: engine.restore(id),
                    lambda id=profile.id, n=number: engine.save(
                        replace(edited(n % 7), id=id), {"ref": str(n)}
                    ),
                ]
            )()
        )
    assert set(await results(*work)) <= {None, ErrorCode.PROFILE_UNKNOWN}
    alone(engine)
    for seen in engine.snapshot().profiles:
        assert seen.profile == profile_from_toml(Path(seen.file).read_text())
        await engine.stop_relay(seen.id)
    assert not engine.active


async def test_a_change_is_finished_though_nobody_waits_for_it(engine: Engine):
    await engine.save(PROFILE, {})
    await engine.start_relay(PROFILE.id)
    seen = await state(engine, RelayState.RUNNING)
    asked = asyncio.ensure_future(engine.save(edited(5), {}))
    await asyncio.sleep(0)
    asked.cancel()
    await engine.save(replace(edited(5), name="later"), {})  # waits for its turn
    again = await state(engine, RelayState.RUNNING)
    assert again.status.listening != seen.status.listening
    assert again.profile == replace(edited(5), name="later")


async def test_the_end_waits_for_changes(places: Places):
    engine = Engine(places, lambda: None)
    await engine.open()
    saving = asyncio.ensure_future(engine.save(PROFILE, {}))
    await asyncio.sleep(0)
    await engine.aclose()
    assert saving.done()
    assert (places.profiles / f"{PROFILE.id}.toml").is_file()


async def test_an_engine_that_never_opened_ends(places: Places):
    await Engine(places, lambda: None).aclose()


# what is saved and restarted ------------------------------------------------------------------


async def test_a_changed_relay_is_restarted_and_a_renamed_one_is_not(engine: Engine):
    await engine.save(PROFILE, {})
    await engine.start_relay(PROFILE.id)
    first = (await state(engine, RelayState.RUNNING)).status.listening
    await engine.save(replace(PROFILE, name="Other", group="g", autostart=True), {})
    assert view(engine).status.listening == first
    await engine.save(edited(9), {})
    second = (await state(engine, RelayState.RUNNING)).status.listening
    assert second != first
    await engine.save(edited(9), {"ref": "new"})  # a password may be what changed
    assert (await state(engine, RelayState.RUNNING)).status.listening != second
    assert len([line for line in view(engine).log if "listening" in line.text]) == 3
    await engine.stop_relay(PROFILE.id)
    await engine.save(edited(3), {})
    assert view(engine).status.state is RelayState.STOPPED


async def test_a_duplicate_keeps_its_password(engine: Engine, places: Places):
    hop = ProxyHop("5", LOCAL, 1080, username="ann", password="ref-1")
    relay = RelaySpec(TcpListen(0), TcpConnect(LOCAL, 9, via=(hop,)))
    original = replace(PROFILE, relay=relay)
    await engine.save(original, {"ref-1": "kept"})
    await engine.save(replace(original, id="copy-0001"), {})
    await engine.save(PROFILE, {})  # the original needs it no more
    assert "kept" in places.secrets.read_text()
    await engine.save(replace(PROFILE, id="copy-0001"), {})
    assert "kept" not in places.secrets.read_text()


async def test_what_was_deleted_a_month_ago_takes_its_password_along(places: Places):
    hop = ProxyHop("5", LOCAL, 1080, username="ann", password="ref-1")
    relay = RelaySpec(TcpListen(0), TcpConnect(LOCAL, 9, via=(hop,)))
    engine = Engine(places, lambda: None)
    await engine.open()
    await engine.save(replace(PROFILE, relay=relay), {"ref-1": "gone", "ref-2": "kept"})
    await engine.delete(PROFILE.id)
    await engine.aclose()
    os.utime(places.deleted / f"{PROFILE.id}.toml", (0, 0))
    engine = Engine(places, lambda: None)
    await engine.open()
    await engine.aclose()
    assert json.loads(places.secrets.read_text()) == {"ref-2": "kept"}


async def test_a_broken_file_is_protected_and_mended_by_hand_saved_again(
    engine: Engine, places: Places
):
    await engine.save(PROFILE, {})
    path = places.profiles / f"{PROFILE.id}.toml"
    path.write_text("damaged")
    with pytest.raises(BasculeError) as caught:
        await engine.save(edited(1), {})
    assert caught.value.code is ErrorCode.PROFILE_DAMAGED
    assert path.read_text() == "damaged"
    path.write_bytes(b"\xff")
    await engine.aclose()
    again = Engine(places, lambda: None)
    await again.open()
    assert view(again).broken is not None
    with pytest.raises(BasculeError) as caught:
        await again.export(PROFILE.id)
    assert caught.value.code is ErrorCode.PROFILE_DAMAGED
    path.unlink()
    await again.save(PROFILE, {})
    assert view(again).profile == PROFILE
    await again.aclose()


async def test_import_and_export(engine: Engine):
    hop = ProxyHop("5", LOCAL, 1080, username="ann", password="ref-1")
    relay = RelaySpec(TcpListen(0), TcpConnect(LOCAL, 9, via=(hop,)))
    profile = replace(PROFILE, relay=relay, autostart=True)
    await engine.save(profile, {"ref-1": "s3cret-canary"})
    text = await engine.export(PROFILE.id)
    assert "canary" not in text
    read = engine.read_profile(text)
    assert read == replace(profile, id=read.id, autostart=False)
    assert read.id != profile.id
    assert len(engine.snapshot().profiles) == 1


async def test_a_connection_is_closed_by_its_number(engine: Engine):
    entered: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _r, w: entered.append(w), LOCAL, 0)
    target = TcpConnect(LOCAL, server.sockets[0].getsockname()[1])
    await engine.save(replace(PROFILE, relay=RelaySpec(TcpListen(0), target)), {})
    await engine.start_relay(PROFILE.id)
    seen = await state(engine, RelayState.RUNNING)
    reader, writer = await asyncio.open_connection(
        LOCAL, int(seen.status.listening[0].rpartition(":")[2])
    )
    await come_true(lambda: bool(view(engine).connections) and bool(entered))
    with pytest.raises(BasculeError) as caught:
        engine.close_connection(PROFILE.id, 4711)
    assert caught.value.code is ErrorCode.CONNECTION_UNKNOWN
    engine.close_connection(PROFILE.id, view(engine).connections[0].number)
    # In order: what was on its way still arrives.
    assert await soon(reader.read()) == b""
    for each in (writer, *entered):
        each.close()
    server.close()


async def test_a_recording_is_told_once_and_is_gone_after_a_restart(
    engine: Engine, places: Places, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    secret = b"password: s3cret-canary"
    async with echo() as port:
        await engine.save(
            replace(PROFILE, relay=RelaySpec(TcpListen(0), TcpConnect(LOCAL, port))), {}
        )
        await engine.start_relay(PROFILE.id)
        seen = await state(engine, RelayState.RUNNING)
        watcher = engine.bus.watch()
        for on in (True, True):
            engine.record(PROFILE.id, on)
        assert await soon(watcher.take()) == [RecordingChanged(PROFILE.id, True)]
        assert view(engine).recording
        reader, writer = await asyncio.open_connection(
            LOCAL, int(seen.status.listening[0].rpartition(":")[2])
        )
        writer.write(secret)
        assert await soon(reader.readexactly(len(secret))) == secret
        records = engine.recorded(PROFILE.id, 0).records
        assert [each.data for each in records if each.moves] == [secret, secret]
        writer.close()
        await come_true(lambda: not view(engine).connection_count)
        assert b"canary" not in repr(await soon(watcher.take())).encode()
        assert "canary" not in caplog.text + repr(engine.snapshot())
        engine.record(PROFILE.id, False)
        page = engine.recorded(PROFILE.id, 0)  # who reads comes to the end
        assert (page.on, page.records) == (False, records + page.records[-1:])
        engine.record(PROFILE.id, True)
        assert engine.recorded(PROFILE.id, 0).records == ()
    other = Engine(places, lambda: None)
    await other.open()
    assert not view(other).recording
    await other.aclose()


async def test_the_way_to_what_is_handed_out_is_told_to_who_asks_and_nobody_else(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "report.pdf"
    path.write_bytes(b"report")
    watcher = engine.bus.watch()
    await engine.save(
        replace(PROFILE, relay=RelaySpec(TcpListen(0), ShareFile(path=str(path)))), {}
    )
    assert engine.share(PROFILE.id) is None  # it does not run
    await engine.start_relay(PROFILE.id)
    seen = await state(engine, RelayState.RUNNING)
    share = engine.share(PROFILE.id)
    assert share is not None
    assert (share.name, share.size, share.fetched) == ("report.pdf", 6, 0)
    reader, writer = await asyncio.open_connection(
        LOCAL, int(seen.status.listening[0].rpartition(":")[2])
    )
    writer.write(f"GET {share.path} HTTP/1.0\r\n\r\n".encode())
    assert (await soon(reader.read())).endswith(b"report")
    writer.close()
    await state(engine, RelayState.STOPPED)
    told = repr(await soon(watcher.take())) + caplog.text + repr(engine.snapshot())
    assert "was fetched 1 of 1" in told
    assert share.path[1:] not in told + engine_files(tmp_path)


def engine_files(folder: Path) -> str:
    """All that the engine has written."""
    texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return b"".join(texts).decode(errors="replace")


async def test_only_what_can_run_is_recorded(engine: Engine):
    for ask in (
        lambda: engine.record("nothing-1", True),
        lambda: engine.recorded("nothing-1", 0),
        lambda: engine.share("nothing-1"),
    ):
        with pytest.raises(BasculeError) as caught:
            ask()
        assert caught.value.code is ErrorCode.PROFILE_UNKNOWN


def runs(command: str, *, unconfirmed: bool = False, autostart: bool = False) -> Profile:
    """A profile that runs a command as soon as it starts."""
    relay = RelaySpec(Program(command=command, interpreter="system"), Discard(), once=True)
    return Profile("runs-0001", "Runs", relay, unconfirmed=unconfirmed, autostart=autostart)


async def test_what_nobody_has_confirmed_does_not_run(engine: Engine, tmp_path: Path):
    made = tmp_path / "made"
    command = f"echo ran > {made}"
    await engine.save(runs(command, unconfirmed=True), {})
    await engine.start_relay("runs-0001")
    seen = await state(engine, RelayState.FAILED, "runs-0001")
    assert seen.status.problem is not None
    assert seen.status.problem.code is ErrorCode.COMMAND_UNCONFIRMED
    assert seen.status.problem.facts["command"] == command
    assert not made.exists()
    # Neither saving it nor trying it out is a confirmation.
    await engine.save(replace(runs(command), name="Renamed"), {})
    with pytest.raises(BasculeError) as caught:
        await engine.test(runs(command).relay, {}, lambda _stage: None, "runs-0001")
    assert caught.value.code is ErrorCode.COMMAND_UNCONFIRMED
    with pytest.raises(BasculeError) as caught:
        await engine.confirm("runs-0001", ("another command",))
    assert caught.value.facts["command"] == command
    held = view(engine, "runs-0001").profile
    assert held is not None and held.unconfirmed and held.name == "Renamed"
    assert not made.exists()
    await engine.confirm("runs-0001", (command,))
    await engine.start_relay("runs-0001")
    await state(engine, RelayState.STOPPED, "runs-0001")
    assert made.read_text().split() == ["ran"]


async def test_what_nobody_has_confirmed_does_not_run_at_the_start(places: Places, tmp_path: Path):
    made = tmp_path / "made"
    profile = runs(f"echo ran > {made}", unconfirmed=True, autostart=True)
    places.profiles.mkdir(parents=True)
    (places.profiles / "runs-0001.toml").write_text(profile_to_toml(profile))
    engine = Engine(places, lambda: None)
    await engine.open()
    try:
        seen = await state(engine, RelayState.FAILED, "runs-0001")
        assert seen.status.problem is not None
        assert seen.status.problem.code is ErrorCode.COMMAND_UNCONFIRMED
    finally:
        await soon(asyncio.ensure_future(engine.aclose()))
    assert not made.exists()


async def test_another_command_of_ones_own_needs_no_confirmation(engine: Engine):
    await engine.save(runs("echo theirs", unconfirmed=True), {})
    await engine.save(runs("echo ours"), {})
    held = view(engine, "runs-0001").profile
    assert held is not None and not held.unconfirmed


async def test_a_profile_that_cannot_be_read_cannot_be_confirmed(places: Places):
    places.profiles.mkdir(parents=True)
    (places.profiles / "bad-1.toml").write_text("format = 1\nwhat")
    engine = Engine(places, lambda: None)
    await engine.open()
    try:
        with pytest.raises(BasculeError) as caught:
            await engine.confirm("bad-1", ())
        assert caught.value.code is ErrorCode.PROFILE_DAMAGED
    finally:
        await soon(asyncio.ensure_future(engine.aclose()))


async def test_an_imported_profile_waits_for_a_confirmation(engine: Engine):
    profile = engine.read_profile(profile_to_toml(runs("date", autostart=True)))
    assert profile.unconfirmed and not profile.autostart
