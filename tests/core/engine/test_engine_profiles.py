"""What is saved, imported, confirmed and restarted, and what is told of it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.engine.engine import Engine
from bascule.errors import BasculeError, ErrorCode
from bascule.events import RecordingChanged, RelayState
from bascule.places import Places
from bascule.spec.built_in import Discard
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.local import Program
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from tests.helpers.contract import soon
from tests.helpers.engines import come_true
from tests.helpers.own_engine import LOCAL, PROFILE, edited, state, view
from tests.helpers.relays import echo

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
