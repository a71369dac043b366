"""The way to an engine that gives way: to another version, to who asked it, or with the window."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bascule import __version__
from bascule.control import handover
from bascule.control.client import Client
from bascule.control.handover import end_engine
from bascule.control.messages import PROTOCOL
from bascule.control.rendezvous import Rendezvous
from bascule.errors import ControlError, ErrorCode
from bascule.events import RelayState
from bascule.places import Places
from bascule_desktop.engine_link import EngineLink, LinkState
from bascule_desktop.launcher import Launcher
from tests.helpers.contract import PATIENCE_SECONDS, soon
from tests.helpers.engines import engine_command_of, engine_process, forward, started
from tests.helpers.links import (
    Witness,
    profile,
    running,
    state_of,
)
from tests.helpers.relays import echo


@pytest.fixture
def link(places: Places, launcher: Launcher) -> EngineLink:
    return EngineLink(places, launcher=launcher)


@pytest.mark.parametrize("protocol", [PROTOCOL, PROTOCOL - 1])
async def test_an_earlier_engine_gives_way_with_what_ran(
    link: EngineLink, tmp_path: Path, protocol: int
) -> None:
    witness = Witness(link)
    old = engine_command_of("0.0.1", protocol)
    async with engine_process(tmp_path, program=old) as engine:
        async with await engine.client() as client:
            await started(client, profile())
        async with running(link):
            await witness.until(lambda: bool(witness.notices))
            await witness.until(lambda: state_of(link) is RelayState.RUNNING)
            assert link.client.info.version == __version__
            assert link.client.info.pid != engine.process.pid
        assert await engine.ended() == 0
    assert witness.notices == [("engine_renewed", {"relays": 1})]


@pytest.mark.parametrize("protocol", [PROTOCOL, PROTOCOL - 1])
async def test_an_earlier_engine_with_open_connections_goes_on_until_it_may_end(
    link: EngineLink, tmp_path: Path, protocol: int
) -> None:
    witness = Witness(link)
    old = engine_command_of("0.0.1", protocol)
    async with echo() as far, engine_process(tmp_path, program=old) as engine:
        async with await engine.client() as client:
            port = await started(client, forward(target=far))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"here")
        assert await soon(reader.readexactly(4)) == b"here"
        async with running(link):
            await witness.until(lambda: bool(witness.notices))
            facts = {"version": "0.0.1", "connections": 1, "newer": False}
            assert witness.notices == [("engine_version", facts)]
            writer.write(b"still")
            assert await soon(reader.readexactly(5)) == b"still"
            await link.replace_engine()
            await witness.until(lambda: len(witness.notices) == 2)
            assert link.client.info.version == __version__
        assert await engine.ended() == 0
        writer.close()
    assert witness.notices[1] == ("engine_renewed", {"relays": 1})


async def test_an_engine_that_was_asked_to_end_is_left_to_who_asked(
    link: EngineLink, places: Places
) -> None:
    witness = Witness(link)
    async with running(link):
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        await link.client.save(profile())
        await link.client.start("echo-1")
        await witness.until(lambda: state_of(link) is RelayState.RUNNING)
        meeting_place = Rendezvous(places.runtime)
        await end_engine(meeting_place, resume=True)
        await witness.until(lambda: link.state is LinkState.LOST)
        assert link.problem is not None
        assert link.problem.code is ErrorCode.ENGINE_STOPPED
        # Whoever asked starts the next one.
        async with engine_process(places.runtime.parent) as engine:
            await witness.until(lambda: link.state is LinkState.CONNECTED)
            assert link.client.info.pid == engine.process.pid
            await witness.until(lambda: state_of(link) is RelayState.RUNNING)
    assert ("engine_renewed", {"relays": 1}) in witness.notices
    assert LinkState.RESTARTED not in witness.states


async def test_who_asked_an_engine_to_end_may_forget_the_rest(
    link: EngineLink, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = Witness(link)
    async with running(link):
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        pid = link.client.info.pid
        await end_engine(Rendezvous(places.runtime), resume=True)
        await witness.until(lambda: link.state is LinkState.LOST)
        monkeypatch.setattr(handover, "HELD_SECONDS", 0.0)
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        assert link.client.info.pid != pid
    assert witness.notices == [("engine_renewed", {"relays": 0})]


async def test_leaving_may_stop_the_engine(link: EngineLink, places: Places) -> None:
    witness = Witness(link)
    async with running(link) as task:
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        await link.leave(stop_engine=True)
        await asyncio.wait_for(asyncio.shield(task), PATIENCE_SECONDS)
    assert witness.states == [LinkState.CONNECTED]
    assert not link.connected
    with pytest.raises(ControlError) as caught:
        await Client.connect(Rendezvous(places.runtime), name="test")
    assert caught.value.code is ErrorCode.ENGINE_NOT_RUNNING


async def test_leaving_leaves_the_engine_running(link: EngineLink, places: Places) -> None:
    witness = Witness(link)
    async with running(link):
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        pid = link.client.info.pid
        await link.leave(stop_engine=False)
    async with await Client.connect(Rendezvous(places.runtime), name="test") as client:
        assert client.info.pid == pid
