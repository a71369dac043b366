"""The client against a real engine: every verb."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bascule.control.client import Client
from bascule.control.messages import LONGEST_MESSAGE_BYTES, CertificateRequest, CheckRequest
from bascule.errors import BasculeError, ErrorCode
from bascule.events import ConnectionOpened, Stage, StageResult
from bascule.recording.records import Mark, Record
from bascule.snapshot import Snapshot
from bascule.spec.built_in import Discard
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.local import Program
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from tests.helpers.contract import random_bytes, soon
from tests.helpers.engines import EngineProcess, engine_process, running, until, view_of
from tests.helpers.ports import free_port
from tests.helpers.relays import echo
from tests.helpers.socks_server import LOCAL

PROFILE = Profile("echo-0001", "Echo", RelaySpec(TcpListen(0), TcpConnect(LOCAL, 9)))


async def test_a_profile_through_its_whole_life(engine: EngineProcess, client: Client):
    assert client.info.pid == engine.process.pid
    await client.save(PROFILE)
    await client.start(PROFILE.id)
    address = await running(client, PROFILE.id)
    await client.save(replace(PROFILE, name="Another name"))
    view = await view_of(client, PROFILE.id)
    assert view.status.listening == (address,)  # a name changes nothing that runs
    await client.save(replace(PROFILE, relay=replace(PROFILE.relay, idle_seconds=60.0)))
    assert await running(client, PROFILE.id) != address  # other settings do
    await client.stop(PROFILE.id)
    assert (await view_of(client, PROFILE.id)).status.state == "stopped"
    text = await client.export(PROFILE.id)
    read = await client.read_profile(text)
    assert (read.name, read.relay.idle_seconds, read.autostart) == ("Echo", 60.0, False)
    assert read.id != PROFILE.id
    await client.delete(PROFILE.id)
    assert await client.profiles() == ()
    await client.restore(PROFILE.id)
    assert (await view_of(client, PROFILE.id)).profile is not None


async def test_a_connection_is_seen_and_closed(engine: EngineProcess, client: Client):
    entered: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _r, w: entered.append(w), LOCAL, 0)
    port = server.sockets[0].getsockname()[1]
    await client.save(replace(PROFILE, relay=RelaySpec(TcpListen(0), TcpConnect(LOCAL, port))))
    await client.start(PROFILE.id)
    address = await running(client, PROFILE.id)
    reader, writer = await asyncio.open_connection(LOCAL, int(address.rpartition(":")[2]))
    number = 0
    async for batch in client.watch():
        for event in batch:
            if isinstance(event, Snapshot):
                for view in event.profiles:
                    number = next((c.number for c in view.connections), number)
            elif isinstance(event, ConnectionOpened):
                number = event.connection.number
        if number:
            break
    await client.close_connection(PROFILE.id, number)
    assert await soon(reader.read()) == b""
    with pytest.raises(BasculeError) as caught:
        await client.close_connection(PROFILE.id, 4711)
    assert caught.value.code is ErrorCode.CONNECTION_UNKNOWN
    for each in (writer, *entered):
        each.close()
    server.close()


async def test_what_passes_is_seen_once_it_was_asked_for(client: Client):
    async with echo() as port:
        await client.save(replace(PROFILE, relay=RelaySpec(TcpListen(0), TcpConnect(LOCAL, port))))
        await client.start(PROFILE.id)
        address = await running(client, PROFILE.id)
        assert not (await view_of(client, PROFILE.id)).recording
        await client.record(PROFILE.id, True)
        assert (await view_of(client, PROFILE.id)).recording
        reader, writer = await asyncio.open_connection(LOCAL, int(address.rpartition(":")[2]))
        data = random_bytes(700_000)  # more than one answer holds
        writer.write(data)
        assert await soon(reader.readexactly(len(data))) == data
        writer.close()
        records: list[Record] = []
        answers = 0
        while not records or records[-1].mark is not Mark.CLOSED:
            recorded = await client.recorded(PROFILE.id, records[-1].number if records else 0)
            records += recorded.records
            answers += 1
        assert answers > 2
        for mark in (Mark.UP, Mark.DOWN):
            assert b"".join(each.data for each in records if each.mark is mark) == data
        await client.record(PROFILE.id, False)
        assert not (await client.recorded(PROFILE.id)).on


async def test_what_is_handed_out(client: Client, tmp_path: Path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"report")
    await client.save(replace(PROFILE, relay=RelaySpec(TcpListen(0), ShareFile(path=str(path)))))
    assert await client.share(PROFILE.id) is None
    await client.start(PROFILE.id)
    await running(client, PROFILE.id)
    share = await client.share(PROFILE.id)
    assert share is not None
    assert (share.name, share.size, share.downloads, share.fetched) == ("report.pdf", 6, 1, 0)
    assert share.ends_at is not None
    with pytest.raises(BasculeError) as caught:
        await client.share("nothing-1")
    assert caught.value.code is ErrorCode.PROFILE_UNKNOWN


async def test_a_test_reports_its_stages_as_they_happen(client: Client):
    heard: list[StageResult] = []
    port = free_port()
    relay = RelaySpec(TcpListen(free_port()), TcpConnect(LOCAL, port))
    results = await client.test(relay, on_stage=heard.append)
    assert [result.stage for result in results] == [Stage.LISTEN, Stage.CONNECT]
    assert results[0].problem is None
    problem = results[1].problem
    assert problem is not None
    assert problem.code is ErrorCode.CONNECTION_REFUSED
    assert problem.field == "target.host"
    assert [result for result in heard if result.done] == list(results)
    assert len(heard) == 4
    assert await client.test(relay) is not None  # nobody has to listen


async def test_a_check_reports_its_stages_as_they_happen(client: Client):
    heard: list[StageResult] = []
    port = free_port()
    request = CheckRequest(TcpConnect(LOCAL, port), seconds=30)
    problem = await client.check(request, on_stage=heard.append)
    assert problem is not None
    assert problem.code is ErrorCode.CONNECTION_REFUSED
    assert [(stage.stage, stage.done) for stage in heard] == [
        (Stage.CONNECT, False), (Stage.CONNECT, True),
    ]  # fmt: skip
    assert heard[-1].problem == problem
    async with echo(patient=True) as port:
        assert await client.check(CheckRequest(TcpConnect(LOCAL, port), seconds=30)) is None


async def test_what_the_computer_offers(client: Client, tmp_path: Path):
    made = await client.create_certificate(CertificateRequest(("a.example",), 30))
    assert made.facts.names == ("a.example",)
    facts = await client.certificate_facts(made.certificate, made.key)
    assert facts.key_matches
    with pytest.raises(BasculeError) as caught:
        await client.certificate_facts(str(tmp_path / "none.pem"))
    assert caught.value.code is ErrorCode.CERTIFICATE_UNREADABLE
    server = await asyncio.start_server(lambda _r, _w: None, LOCAL, 0)
    taken = server.sockets[0].getsockname()[1]
    assert await client.free_port(LOCAL, taken) > taken
    assert isinstance(await client.serial_ports(), tuple)
    server.close()


async def test_an_engine_that_is_asked_to_stop_ends(engine: EngineProcess, client: Client):
    await client.stop_engine()
    assert await engine.ended() == 0


async def test_what_is_too_long_to_be_said_is_not_sent(client: Client):
    with pytest.raises(BasculeError) as caught:
        await client.read_profile("x" * LONGEST_MESSAGE_BYTES)
    assert caught.value.code is ErrorCode.MESSAGE_TOO_LONG
    assert await client.profiles() == ()


async def test_leaving_is_no_end_for_relays_and_may_be_said_twice(engine: EngineProcess):
    client = await engine.client()
    await client.save(PROFILE)
    await client.start(PROFILE.id)
    await client.aclose()
    await client.aclose()
    async with await engine.client() as again:
        assert await running(again, PROFILE.id)


async def test_profiles_that_start_by_themselves(tmp_path: Path):
    folder = tmp_path / "home" / "config" / "profiles"
    folder.mkdir(parents=True)
    (folder / "echo-0001.toml").write_text(profile_to_toml(replace(PROFILE, autostart=True)))
    async with engine_process(tmp_path / "home") as engine, await engine.client() as client:

        async def found() -> str:
            return await running(client, PROFILE.id)

        assert await until(found)


async def test_commands_are_confirmed_word_for_word(client: Client):
    relay = RelaySpec(Program(command="date"), Discard())
    await client.save(Profile("runs-0001", "Runs", relay, unconfirmed=True))
    with pytest.raises(BasculeError) as caught:
        await client.confirm("runs-0001", ["dat"])
    assert caught.value.code is ErrorCode.COMMAND_UNCONFIRMED
    await client.confirm("runs-0001", ["date"])
    (view,) = await client.profiles()
    assert view.profile is not None
    assert not view.profile.unconfirmed
