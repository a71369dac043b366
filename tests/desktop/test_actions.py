"""What a person can do, done by a real engine."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from bascule.errors import ErrorCode, Problem
from bascule.events import RelayState
from bascule.places import Places
from bascule.recording.records import Mark
from bascule.spec.built_in import Discard
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.local import Program
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule.spec.share_file import ShareFile
from bascule_desktop import autostart
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.traffic_file import Form
from bascule_desktop.traffic_log import TrafficLog, moved
from tests.desktop.conftest import ID, Desk
from tests.helpers.contract import PATIENCE_SECONDS, random_bytes
from tests.helpers.engines import come_true
from tests.helpers.relays import echo


async def test_start_stop_and_toggle(desk: Desk) -> None:
    desk.actions.start(ID)
    await desk.until(lambda: desk.state() is RelayState.RUNNING)
    desk.actions.toggle(ID)
    await desk.until(lambda: desk.state() is RelayState.STOPPED)
    desk.actions.toggle(ID)
    await desk.until(lambda: desk.state() is RelayState.RUNNING)
    desk.actions.stop(ID)
    await desk.until(lambda: desk.state() is RelayState.STOPPED)
    assert not desk.told("failed")


async def test_traffic_is_recorded_read_and_saved(desk: Desk, tmp_path: Path) -> None:
    actions = desk.actions
    async with echo() as port:
        relay = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", port))
        await desk.link.client.save(Profile(ID, "Echo", relay))
        actions.start(ID)
        await desk.until(lambda: desk.state() is RelayState.RUNNING)
        row = desk.link.store.rows[ID]
        actions.record(ID, True)
        await desk.until(lambda: row.recording)
        data = random_bytes(600_000)  # more than one part
        address = row.status.listening[0].rpartition(":")[2]
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address))
        writer.write(data)
        assert await asyncio.wait_for(reader.readexactly(len(data)), PATIENCE_SECONDS) == data
        writer.close()
        actions.read_traffic(ID, 0)
        log = TrafficLog()

        def complete() -> bool:
            for _, recorded in desk.told("traffic_read"):
                log.take(recorded)
            return sum(map(len, moved(log.records, Mark.DOWN))) == len(data)

        await desk.until(complete)
        assert len(desk.told("traffic_read")) > 2
        file = tmp_path / "down.bin"
        actions.save_traffic(file, Form.DOWN, log.records, log.passages)
        await desk.until(lambda: desk.told("traffic_saved") == [(str(file),)])
        assert file.read_bytes() == data
        actions.record(ID, False)
        await desk.until(lambda: not row.recording)
    assert not desk.told("failed")


async def test_what_is_handed_out_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"report")
    actions = desk.actions
    relay = RelaySpec(TcpListen(0), ShareFile(path=str(path)))
    await desk.link.client.save(Profile(ID, "Report", relay))
    actions.read_share(ID)  # it does not run: there is nothing to tell
    actions.read_share("nothing-1")
    await come_true(lambda: not desk.tasks.running(f"read share {ID}"))
    actions.start(ID)
    await desk.until(lambda: desk.state() is RelayState.RUNNING)
    actions.read_share(ID)
    await desk.until(lambda: desk.told("share_read"))
    ((id, facts),) = desk.told("share_read")
    assert (id, facts.name, facts.size, facts.fetched) == (ID, "report.pdf", 6, 0)
    assert not desk.told("failed")


async def test_traffic_that_cannot_be_saved_is_told(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "no folder" / "file.txt"
    desk.actions.save_traffic(file, Form.TEXT, [], {})
    await desk.until(lambda: desk.told("failed"))
    ((id, problem),) = desk.told("failed")
    assert (id, problem.code) == (None, ErrorCode.FILE_FAILED)
    assert str(file) in problem.message


async def test_a_relay_that_is_gone_has_no_traffic_to_read(desk: Desk) -> None:
    desk.actions.read_traffic("nothing-1", 0)
    assert desk.tasks.running("read traffic nothing-1")
    await come_true(lambda: not desk.tasks.running("read traffic nothing-1"))
    assert not desk.told("failed")


async def test_a_double_click_is_one_click(desk: Desk) -> None:
    desk.actions.duplicate(ID)
    desk.actions.duplicate(ID)
    await desk.until(lambda: desk.told("saved"))
    desk.actions.start(ID)  # what it causes comes after all that came of the two clicks
    await desk.until(lambda: desk.state() is RelayState.RUNNING)
    assert len(desk.link.store.rows) == 2


async def test_a_relay_that_starts_with_the_computer_lets_bascule_start_at_login(
    desk: Desk,
) -> None:
    desk.actions.set_autostart(ID, True)
    await desk.until(lambda: desk.profile().autostart)
    assert autostart.is_enabled()
    assert desk.told("login_arranged") == [("",)]
    desk.actions.set_autostart(ID, False)
    await desk.until(lambda: not desk.profile().autostart)
    assert autostart.is_enabled(), "others may start with the computer, and the tray may be wanted"
    desk.actions.set_autostart(ID, True)
    await desk.until(lambda: desk.profile().autostart)
    assert len(desk.told("login_arranged")) == 1, "what is so already is not said again"


async def test_where_bascule_may_not_start_at_login_the_reason_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(enabled: bool) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(autostart, "set_enabled", refuse)
    desk.actions.set_autostart(ID, True)
    await desk.until(lambda: desk.profile().autostart)
    assert desk.told("login_arranged") == [("The system did not allow it: Permission denied.",)]


async def test_copies_have_names_of_their_own_and_are_stopped(desk: Desk) -> None:
    desk.actions.set_autostart(ID, True)
    await desk.until(lambda: desk.profile().autostart)
    desk.actions.duplicate(ID)
    await desk.until(lambda: len(desk.link.store.rows) == 2)
    desk.actions.duplicate(ID)
    await desk.until(lambda: len(desk.link.store.rows) == 3)
    copies = [desk.profile(id) for id in desk.link.store.rows if id != ID]
    assert {copy.name for copy in copies} == {"Echo (copy)", "Echo (copy 2)"}
    assert not any(copy.autostart for copy in copies)


async def test_delete_can_be_undone_and_it_runs_again(desk: Desk) -> None:
    desk.actions.start(ID)
    await desk.until(lambda: desk.state() is RelayState.RUNNING)
    desk.actions.delete(ID)
    await desk.until(lambda: desk.told("deleted") and ID not in desk.link.store.rows)
    assert desk.told("deleted") == [(ID, "Echo")]
    desk.actions.undo_delete(ID)
    await desk.until(lambda: desk.state() is RelayState.RUNNING)


async def test_name_and_group_change_without_a_restart(desk: Desk) -> None:
    desk.actions.start(ID)
    await desk.until(lambda: desk.state() is RelayState.RUNNING)
    since = desk.link.store.rows[ID].status.since
    desk.actions.rename(ID, "  Kitchen ")
    await desk.until(lambda: desk.profile().name == "Kitchen")
    desk.actions.set_group(ID, " Lab ")
    await desk.until(lambda: desk.profile().group == "Lab")
    assert desk.link.store.rows[ID].status.since == since
    desk.actions.rename(ID, "  ")
    assert desk.profile().name == "Kitchen"


async def test_another_port_for_one_that_is_taken(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        desk.actions.use_port(ID, port)
        await desk.until(lambda: desk.state() is RelayState.FAILED)
        problem = desk.link.store.rows[ID].status.problem
        assert problem is not None
        assert problem.code is ErrorCode.ADDRESS_IN_USE
        desk.actions.use_port(ID, int(problem.facts["suggestion"]))
        await desk.until(lambda: desk.state() is RelayState.RUNNING)


async def test_a_connection_that_is_gone_already_is_no_failure(desk: Desk) -> None:
    desk.actions.start(ID)
    await desk.until(lambda: desk.state() is RelayState.RUNNING)
    desk.actions.close_connection(ID, 99)
    desk.actions.stop(ID)
    await desk.until(lambda: desk.state() is RelayState.STOPPED)
    assert not desk.told("failed")


async def test_a_live_connection_is_closed(desk: Desk) -> None:
    arrived: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(
        lambda reader, writer: arrived.append(writer), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    await desk.link.client.save(
        Profile(ID, "Echo", RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", port)))
    )
    desk.actions.start(ID)
    await desk.until(lambda: desk.state() is RelayState.RUNNING)
    row = desk.link.store.rows[ID]
    host, _, listening = row.status.listening[0].rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(listening))
    await desk.until(lambda: any(one.connected for one in row.connections.values()))
    desk.actions.close_connection(ID, next(iter(row.connections)))
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await reader.read() == b""
    await desk.until(lambda: not row.connections)
    for each in (writer, *arrived):
        each.close()
        await each.wait_closed()
    server.close()


async def test_without_an_engine_it_says_so(places: Places) -> None:
    desk = Desk(EngineLink(places))
    desk.actions.start("x-1")
    await desk.until(lambda: desk.told("failed"))
    ((id, problem),) = desk.told("failed")
    assert id == "x-1"
    assert isinstance(problem, Problem)
    assert problem.code is ErrorCode.ENGINE_LOST


async def test_edit_and_new_open_the_wizard(desk: Desk) -> None:
    desk.actions.new_relay()
    desk.actions.edit(ID)
    desk.actions.edit("unknown-1")
    assert desk.told("wizard_wanted") == [(None,), (desk.profile(),)]


async def test_a_command_from_elsewhere_runs_when_it_is_allowed(desk: Desk) -> None:
    relay = RelaySpec(Program(command="exit 0", interpreter="system"), Discard(), once=True)
    profile = Profile(ID, "Theirs", relay, unconfirmed=True)
    desk.actions.save_imported(profile)
    await desk.until(lambda: ID in desk.link.store.rows)
    desk.actions.start(ID)
    await desk.until(lambda: desk.state() is RelayState.FAILED)
    desk.actions.ask_confirmation(ID)
    assert desk.told("confirmation_wanted") == [(ID, ("exit 0",))]
    desk.actions.confirm(ID, ("exit 0",))
    await desk.until(lambda: desk.state() is RelayState.STOPPED and not desk.profile().unconfirmed)
    desk.actions.ask_confirmation(ID)
    assert len(desk.told("confirmation_wanted")) == 1
