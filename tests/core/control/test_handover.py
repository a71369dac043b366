"""Ending an engine of any version in order, and what the next one starts again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from bascule.control import handover as module
from bascule.control import rendezvous as rendezvous_module
from bascule.control.client import Client
from bascule.control.handover import (
    HELD_SECONDS,
    Handover,
    end_engine,
    handed_over,
    occupation,
    take_over,
)
from bascule.control.messages import PROTOCOL
from bascule.control.rendezvous import Meeting, Rendezvous, write_note
from bascule.errors import ControlError, ErrorCode
from bascule.events import RelayState
from bascule.spec.codec import to_data
from tests.helpers.engines import (
    engine_command_of,
    engine_process,
    forward,
    running,
    serving,
    started,
    view_of,
)
from tests.helpers.relays import echo


@pytest.mark.parametrize("protocol", [PROTOCOL, PROTOCOL - 1, PROTOCOL + 1])
async def test_an_engine_of_any_version_is_ended_and_what_ran_runs_again(
    tmp_path: Path, protocol: int
):
    old = engine_command_of("0.0.1", protocol)
    runs, rests = forward("runs"), forward("rests")
    async with engine_process(tmp_path, program=old) as engine:
        client = await engine.client()
        await started(client, runs)
        await client.save(rests)
        assert (await occupation(engine.rendezvous)).relays == (runs.id,)
        ended = await end_engine(engine.rendezvous, resume=True)
        assert (ended.pid, ended.version) == (engine.process.pid, "0.0.1")
        assert ended.was.relays == (runs.id,)
        assert engine.rendezvous.vacant
        assert await engine.ended() == 0
        note = handed_over(engine.rendezvous)
        assert note is not None
        assert note.relays == (runs.id,)
        await client.aclose()
    async with engine_process(tmp_path) as engine:
        client = await engine.client()
        await running(client, runs.id)
        assert (await view_of(client, rests.id)).status.state is RelayState.STOPPED
        assert handed_over(engine.rendezvous) is None  # honoured once
        await client.aclose()


async def test_open_connections_are_counted_and_ended(tmp_path: Path):
    async with echo() as far, engine_process(tmp_path) as engine:
        client = await engine.client()
        port = await started(client, forward(target=far))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"here")
        assert await reader.readexactly(4) == b"here"
        ended = await end_engine(engine.rendezvous, resume=False)
        assert ended.was.connections == 1
        assert handed_over(engine.rendezvous) == Handover(_at(engine.rendezvous), ())
        writer.close()
        await client.aclose()


def _at(rendezvous: Rendezvous) -> float:
    note = handed_over(rendezvous)
    assert note is not None
    return note.at


async def test_where_none_runs_it_says_so(tmp_path: Path):
    for ask in (occupation(Rendezvous(tmp_path)), end_engine(Rendezvous(tmp_path), resume=True)):
        with pytest.raises(ControlError) as caught:
            await ask
        assert caught.value.code is ErrorCode.ENGINE_NOT_RUNNING
    assert Rendezvous(tmp_path / "nowhere").vacant


async def test_one_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_ANSWER_SECONDS", 0.01)
    rendezvous = Rendezvous(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        write_note(
            tmp_path / "engine.json",
            to_data(Meeting(f"tcp:127.0.0.1:{mute.getsockname()[1]}", "00", 4711, "0")),
        )
        for ask in (occupation(rendezvous), end_engine(rendezvous, resume=True)):
            with pytest.raises(ControlError, match="process 4711") as caught:
                await ask
            assert caught.value.code is ErrorCode.ENGINE_LOST
    assert handed_over(rendezvous) is None


async def test_one_that_does_not_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_END_SECONDS", 0.05)
    async with serving(tmp_path) as served:
        with pytest.raises(ControlError, match="does not end") as caught:
            await end_engine(served.rendezvous, resume=True)  # this process goes on
        assert caught.value.code is ErrorCode.ENGINE_LOST


async def test_one_that_refuses_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def refuse(_client: Client) -> None:
        raise ControlError("no", code=ErrorCode.METHOD_UNKNOWN)

    monkeypatch.setattr(Client, "stop_engine", refuse)
    async with serving(tmp_path) as served:
        with pytest.raises(ControlError) as caught:
            await end_engine(served.rendezvous, resume=True)
        assert caught.value.code is ErrorCode.METHOD_UNKNOWN
        assert handed_over(served.rendezvous) is None


async def test_one_may_end_before_it_could_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    really_stop = Client.stop_engine

    async def stop(client: Client) -> None:
        await really_stop(client)
        raise ControlError("lost", code=ErrorCode.ENGINE_LOST)

    monkeypatch.setattr(Client, "stop_engine", stop)
    async with engine_process(tmp_path) as engine:
        assert (await end_engine(engine.rendezvous, resume=True)).pid == engine.process.pid
        assert await engine.ended() == 0


def test_a_note_is_fresh_for_a_while_and_honoured_for_a_day(tmp_path: Path):
    rendezvous = Rendezvous(tmp_path)
    for age, fresh, honoured in (
        (0.0, True, True),
        (HELD_SECONDS + 1, False, True),
        (25 * 3600.0, False, False),
        (-3600.0, False, False),  # of the future: the clock was set back
    ):
        write_note(tmp_path / "handover.json", to_data(Handover(time.time() - age, ("a-1",))))
        assert (handed_over(rendezvous) is not None) == fresh
        assert take_over(rendezvous) == (("a-1",) if honoured else ())
        assert take_over(rendezvous) == ()
    (tmp_path / "handover.json").write_text("no note")
    assert handed_over(rendezvous) is None
    assert take_over(rendezvous) == ()


def test_a_window_that_reads_the_note_keeps_no_engine_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Windows refuses to remove what is open; elsewhere that is played."""
    note = tmp_path / "handover.json"
    write_note(note, to_data(Handover(time.time(), ("a-1",))))
    reading = note.open()
    remove = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if not reading.closed:
            raise PermissionError
        remove(path, missing_ok)

    if sys.platform != "win32":
        monkeypatch.setattr(Path, "unlink", unlink)
    monkeypatch.setattr(rendezvous_module.time, "sleep", lambda _seconds: reading.close())
    assert take_over(Rendezvous(tmp_path)) == ("a-1",)
    assert not note.exists()


async def test_a_killed_engine_leaves_no_note(tmp_path: Path):
    async with engine_process(tmp_path) as engine:
        os.kill(engine.process.pid, signal.SIGKILL)
        await engine.ended()
        assert handed_over(engine.rendezvous) is None
        assert engine.rendezvous.vacant
