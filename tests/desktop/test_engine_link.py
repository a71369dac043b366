"""The way to the engine: found, followed, lost, replaced. With a real engine, and a played one."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from bascule import __version__
from bascule.control import handover
from bascule.control.client import Client
from bascule.control.handover import end_engine
from bascule.control.messages import PROTOCOL, EngineInfo
from bascule.control.rendezvous import Meeting, Rendezvous
from bascule.errors import BasculeError, ControlError, ErrorCode, Problem
from bascule.events import LogLevel, LogLine, RelayChanged, RelayState, RelayStatus
from bascule.places import Places
from bascule.snapshot import Event, ProfileView, Snapshot
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from bascule_desktop import engine_link as module
from bascule_desktop import launcher as launching
from bascule_desktop.engine_link import EngineLink, LinkState
from bascule_desktop.launcher import Launcher
from bascule_desktop.store import Changes
from tests.helpers.contract import PATIENCE_SECONDS, soon
from tests.helpers.engines import engine_command_of, engine_process, forward, started
from tests.helpers.relays import echo

LOST = ControlError("lost", code=ErrorCode.ENGINE_LOST)


class Witness:
    """What a link told, and waiting until it has."""

    def __init__(self, link: EngineLink) -> None:
        self.states: list[LinkState] = []
        self.notices: list[tuple[str, dict[str, Any]]] = []
        self.changes: list[Changes] = []
        self._news = asyncio.Event()
        link.state_changed.connect(self._on_state)
        link.noticed.connect(self._on_notice)
        link.changed.connect(self._on_changes)

    def _on_state(self, state: LinkState) -> None:
        self.states.append(state)
        self._news.set()

    def _on_notice(self, key: str, facts: dict[str, Any]) -> None:
        self.notices.append((key, facts))
        self._news.set()

    def _on_changes(self, changes: Changes) -> None:
        self.changes.append(changes)
        self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                await self._news.wait()
                self._news.clear()


@asynccontextmanager
async def running(link: EngineLink) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.get_running_loop().create_task(link.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def profile(id: str = "echo-1") -> Profile:
    return Profile(id, "Echo", RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 9)))


def state_of(link: EngineLink, id: str = "echo-1") -> RelayState | None:
    row = link.store.rows.get(id)
    return row.status.state if row else None


# with the real engine ---------------------------------------------------------------------------


@pytest.fixture
def link(places: Places, launcher: Launcher) -> EngineLink:
    return EngineLink(places, launcher=launcher)


async def test_an_engine_is_started_and_followed(link: EngineLink) -> None:
    witness = Witness(link)
    assert link.state is LinkState.CONNECTING
    async with running(link):
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        assert link.connected
        await link.client.save(profile())
        await witness.until(lambda: "echo-1" in link.store.rows)
        await link.client.start("echo-1")
        await witness.until(lambda: state_of(link) is RelayState.RUNNING)
    assert witness.states == [LinkState.CONNECTED]
    assert witness.notices == []
    assert witness.changes[0].reset


async def test_a_killed_engine_is_replaced_and_what_ran_runs_again(link: EngineLink) -> None:
    witness = Witness(link)
    async with running(link):
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        await link.client.save(profile())
        await link.client.save(profile("other-2"))
        await link.client.start("echo-1")
        await witness.until(lambda: state_of(link) is RelayState.RUNNING)
        pid = link.client.info.pid
        link._tick.stop()  # it is noticed at once, not at the next look
        os.kill(pid, signal.SIGKILL)
        await witness.until(lambda: LinkState.LOST in witness.states)
        await witness.until(lambda: witness.states[-1] is LinkState.CONNECTED)
        await witness.until(lambda: state_of(link) is RelayState.RUNNING)
        assert link.client.info.pid != pid
        assert state_of(link, "other-2") is RelayState.STOPPED
    assert witness.states == [
        LinkState.CONNECTED,
        LinkState.LOST,
        LinkState.RESTARTED,
        LinkState.CONNECTED,
    ]
    assert witness.notices == [("engine_restarted", {"relays": 1})]


async def test_an_engine_that_still_lives_is_found_again(link: EngineLink) -> None:
    witness = Witness(link)
    async with running(link):
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        pid = link.client.info.pid
        link.client._writer.close()
        await witness.until(lambda: witness.states[-2:] == [LinkState.LOST, LinkState.CONNECTED])
        assert link.client.info.pid == pid
    assert witness.notices == []


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


# with a played engine ---------------------------------------------------------------------------


class PlayedClient:
    """An engine's client that says what the test wants."""

    def __init__(self, pid: int = 1) -> None:
        self.info = EngineInfo(__version__, pid)
        self.batches: asyncio.Queue[list[Event] | None] = asyncio.Queue()
        self.started: list[str] = []
        self.refuses: dict[str, BasculeError] = {}
        self.stop_refused: BasculeError | None = None

    def say(self, *events: Event) -> None:
        self.batches.put_nowait(list(events))

    def lose(self) -> None:
        self.batches.put_nowait(None)

    async def watch(self) -> AsyncIterator[list[Event]]:
        while (batch := await self.batches.get()) is not None:
            yield batch
        raise LOST

    async def start(self, relay: str) -> None:
        if relay in self.refuses:
            raise self.refuses[relay]
        self.started.append(relay)

    async def stop_engine(self) -> None:
        if self.stop_refused is not None:
            raise self.stop_refused

    async def aclose(self) -> None:
        pass


@pytest.fixture
def played(places: Places, monkeypatch: pytest.MonkeyPatch) -> tuple[EngineLink, list[Any]]:
    """A link, and what its tries to connect will find, in order: a client or an error."""
    monkeypatch.setattr(module, "_PAUSES_SECONDS", (0.0,))
    monkeypatch.setattr(module, "_OTHER_VERSION_PAUSE_SECONDS", 0.0)
    link = EngineLink(places)
    found: list[Any] = []

    async def connect() -> Client:
        if not found:
            await asyncio.Event().wait()
        first = found.pop(0)
        if isinstance(first, BasculeError):
            raise first
        return cast(Client, first)

    monkeypatch.setattr(link, "_connect", connect)
    return link, found


def running_view(*ids: str) -> Snapshot:
    status = RelayStatus(RelayState.RUNNING)
    return Snapshot(tuple(ProfileView(id, "", profile(id), status=status) for id in ids))


def test_without_an_engine_there_is_no_client(places: Places) -> None:
    with pytest.raises(ControlError) as caught:
        _ = EngineLink(places).client
    assert caught.value.code is ErrorCode.ENGINE_LOST


async def test_what_ran_is_asked_for_until_it_was_accepted(
    played: tuple[EngineLink, list[Any]],
) -> None:
    link, found = played
    witness = Witness(link)
    first, second, third = PlayedClient(1), PlayedClient(2), PlayedClient(3)
    found.extend((first, second, third))
    first.say(running_view("a-1", "b-2", "c-3"))
    first.lose()
    second.say(Snapshot())
    second.refuses["a-1"] = LOST  # it dies at once
    third.say(Snapshot())
    third.refuses["b-2"] = BasculeError("no such profile", code=ErrorCode.PROFILE_UNKNOWN)
    async with running(link):
        await witness.until(lambda: bool(witness.notices))
        await witness.until(lambda: link.state is LinkState.CONNECTED)
    assert third.started == ["a-1", "c-3"]
    assert witness.notices == [("engine_restarted", {"relays": 2})]


async def test_an_engine_that_goes_again_and_again_is_told_of_as_such(
    played: tuple[EngineLink, list[Any]],
) -> None:
    link, found = played
    witness = Witness(link)
    for pid in range(1, 5):
        client = PlayedClient(pid)
        client.say(running_view("a-1"))
        if pid < 4:
            client.lose()
        found.append(client)
    async with running(link):
        await witness.until(lambda: len(witness.notices) == 3)
    assert [key for key, _facts in witness.notices] == [
        "engine_restarted",
        "engine_restarted",
        "engine_unstable",
    ]
    assert witness.notices[2][1] == {"relays": 1, "times": 3}


async def test_many_events_are_one_change(played: tuple[EngineLink, list[Any]]) -> None:
    link, found = played
    witness = Witness(link)
    client = PlayedClient()
    found.append(client)
    client.say(running_view("a-1"))
    async with running(link):
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        for number in range(100):
            client.say(LogLine("a-1", number, LogLevel.INFO, "x"))
        await witness.until(lambda: len(link.store.rows["a-1"].log) == 100)
        assert [bool(changes.reset) for changes in witness.changes] == [True, False]


async def test_what_was_told_last_counts_for_what_ran(
    played: tuple[EngineLink, list[Any]],
) -> None:
    link, found = played
    witness = Witness(link)
    first, second = PlayedClient(1), PlayedClient(2)
    found.extend((first, second))
    first.say(running_view("a-1"))
    first.say(RelayChanged("a-1", RelayStatus(RelayState.STOPPED)))
    first.lose()
    second.say(Snapshot())
    async with running(link):
        await witness.until(lambda: bool(witness.notices))
    assert second.started == []
    assert witness.notices == [("engine_restarted", {"relays": 0})]


async def test_rates_fall_while_the_engine_says_nothing(
    played: tuple[EngineLink, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    link, found = played
    ticks: list[float] = []

    def tick(now: float) -> Changes:
        ticks.append(now)
        return Changes(traffic=frozenset({"a-1"}))

    monkeypatch.setattr(link.store, "tick", tick)
    link._tick.setInterval(5)
    witness = Witness(link)
    client = PlayedClient()
    found.append(client)
    client.say(running_view("a-1"))
    async with running(link):
        await witness.until(lambda: Changes(traffic=frozenset({"a-1"})) in witness.changes)
    assert ticks


async def test_why_there_is_no_engine_is_told(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSES_SECONDS", (0.0, 0.001))
    broken = Launcher(places, ["/no/such/program"])
    link = EngineLink(places, launcher=broken)
    witness = Witness(link)
    async with running(link):
        await witness.until(lambda: link.problem is not None)
    assert witness.states == [LinkState.CONNECTING]
    assert link.problem is not None
    assert link.problem.code is ErrorCode.ENGINE_NOT_RUNNING


async def test_the_next_try_can_be_had_at_once(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSES_SECONDS", (0.0, 3600.0))
    link = EngineLink(places, launcher=Launcher(places, ["/no/such/program"]))
    witness = Witness(link)
    told: list[Problem | None] = []
    link.state_changed.connect(lambda _: told.append(link.problem))
    async with running(link):
        await witness.until(lambda: len(told) == 1)
        link.try_again()
        await witness.until(lambda: len(told) == 3)
    assert told[0] is not None
    assert told[1] is None, "what stood in the way is out of sight while it is tried"
    assert told[2] == told[0], "and is told again"


async def test_a_start_that_takes_long_is_told_and_still_succeeds(
    places: Places, launcher: Launcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(launching, "LATE_SECONDS", 0.05)
    gate = tmp_path / "gate"
    code = (
        "import os, runpy, sys, time\n"
        f"while not os.path.exists({str(gate)!r}): time.sleep(0.01)\n"
        "sys.argv[1:] = ['engine']; runpy.run_module('bascule', run_name='__main__')"
    )
    launcher._command = [sys.executable, "-P", "-c", code]
    link = EngineLink(places, launcher=launcher)
    witness = Witness(link)
    async with running(link):
        await witness.until(lambda: link.problem is not None)
        assert link.problem is not None
        assert link.problem.facts["late"]
        gate.touch()
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        assert link.problem is None
        assert len(launcher._processes) == 1, "nobody started another one meanwhile"
    assert witness.states == [LinkState.CONNECTING, LinkState.CONNECTED]


async def test_a_refused_token_and_silence_are_tried_again(
    played: tuple[EngineLink, list[Any]],
) -> None:
    link, found = played
    witness = Witness(link)
    client = PlayedClient()
    found.append(ControlError("refused", code=ErrorCode.TOKEN_REFUSED))
    found.append(client)
    client.say(Snapshot())
    async with running(link):
        await witness.until(lambda: link.state is LinkState.CONNECTED)
    assert witness.states == [LinkState.CONNECTING, LinkState.CONNECTED]


async def test_an_engine_that_does_not_answer_is_no_engine(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_HELLO_SECONDS", 0.01)
    meeting_place = Rendezvous(places.runtime)
    meeting_place.prepare()
    link = EngineLink(places)
    witness = Witness(link)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        meeting_place.announce(Meeting(f"tcp:127.0.0.1:{port}", "00", 1, "0"))
        async with running(link):
            await witness.until(lambda: link.problem is not None)
    assert link.problem is not None
    assert link.problem.code is ErrorCode.ENGINE_LOST


@pytest.fixture
def old_engine(places: Places) -> Iterator[subprocess.Popen[bytes]]:
    """A process of another version: engine.json names it, and it answers as the test plays it."""
    code = (
        "import pathlib, sys; from bascule.control.rendezvous import Rendezvous\n"
        "held = Rendezvous(pathlib.Path(sys.argv[1])); held.claim(); print(flush=True); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(places.runtime)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline(), "it has not claimed its place"
    meeting_place = Rendezvous(places.runtime)
    meeting_place.announce(Meeting("tcp:127.0.0.1:1", "00", process.pid, "9.9.0", 99))
    yield process
    process.kill()
    process.communicate()


async def test_another_version_is_told_once_and_may_be_replaced(
    played: tuple[EngineLink, list[Any]],
    places: Places,
    old_engine: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "__version__", "9.9.0rc1")
    link, found = played
    witness = Witness(link)
    await link.replace_engine()  # there is no reason yet
    assert old_engine.poll() is None
    mismatch = ControlError("another", code=ErrorCode.PROTOCOL_MISMATCH, ours=99)
    ours = PlayedClient()
    ours.say(Snapshot())
    found.extend((mismatch, mismatch, mismatch, ours))
    problems: list[Problem | None] = []
    link.state_changed.connect(lambda _: problems.append(link.problem))
    async with running(link):
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        facts = {"version": "9.9.0", "connections": 0, "newer": True}
        assert witness.notices == [("engine_version", facts)]
        assert problems == [mismatch.problem, None]
        await link.replace_engine()  # it does not even answer
        assert old_engine.wait(PATIENCE_SECONDS) != 0
    await link.replace_engine()  # it has gone already
    (places.runtime / "engine.json").write_text(json.dumps({}))
    await link.replace_engine()


async def test_who_has_the_number_of_an_engine_that_left_is_not_ended(
    played: tuple[EngineLink, list[Any]], places: Places
) -> None:
    link, found = played
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    meeting_place = Rendezvous(places.runtime)
    meeting_place.prepare()  # nobody holds the lock: who announced this was killed
    meeting_place.announce(Meeting("tcp:127.0.0.1:1", "00", bystander.pid, "9.9.0", 99))
    found.append(ControlError("another", code=ErrorCode.PROTOCOL_MISMATCH, ours=99))
    witness = Witness(link)
    async with running(link):
        await witness.until(lambda: witness.notices != [])
        await link.replace_engine()
    bystander.communicate(b"\n", PATIENCE_SECONDS)
    assert bystander.returncode == 0  # and not by a signal


async def test_leaving_takes_no_for_an_answer_only_where_it_is_one(
    played: tuple[EngineLink, list[Any]],
) -> None:
    link, found = played
    witness = Witness(link)
    client = PlayedClient()
    found.append(client)
    client.say(Snapshot())
    await link.leave(stop_engine=True)  # nothing to stop
    link._leaving = False
    async with running(link):
        await witness.until(lambda: link.state is LinkState.CONNECTED)
        client.stop_refused = LOST
        await link.leave(stop_engine=True)
        client.stop_refused = BasculeError("no", code=ErrorCode.INTERNAL)
        with pytest.raises(BasculeError):
            await link.leave(stop_engine=True)
