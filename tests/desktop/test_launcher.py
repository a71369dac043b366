"""Starting the engine: it lives apart, and says why when it does not live."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bascule.control.client import Client
from bascule.control.rendezvous import Rendezvous
from bascule.errors import BasculeError, ControlError, ErrorCode, Problem
from bascule.places import HOME_VARIABLE, Places
from bascule_desktop import launcher as module
from bascule_desktop.launcher import Launcher, engine_command


def not_running() -> ControlError:
    return ControlError("not running", code=ErrorCode.ENGINE_NOT_RUNNING)


async def never() -> Client:
    raise not_running()


async def test_the_engine_is_started_and_entered(places: Places, launcher: Launcher) -> None:
    async def connect() -> Client:
        return await Client.connect(Rendezvous(places.runtime), name="test")

    async with await launcher.launch(connect) as client:
        assert client.info.pid != os.getpid()
        if sys.platform != "win32":
            # A session of its own: closing the desktop's terminal does not reach it.
            assert os.getsid(client.info.pid) != os.getsid(0)


async def test_an_engine_that_ends_says_its_last_words(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RIVAL_SECONDS", 0.0)
    code = "import sys; sys.exit('no folder to write to')"
    launcher = Launcher(places, [sys.executable, "-c", code])
    launcher.log_file.parent.mkdir(parents=True)
    launcher.log_file.write_text("what an earlier one said\n")
    with pytest.raises(ControlError) as caught:
        await launcher.launch(never)
    problem = caught.value.problem
    assert problem.code is ErrorCode.ENGINE_NOT_RUNNING
    assert problem.message == "the engine ended with status 1: no folder to write to"
    assert problem.facts == {
        "status": 1,
        "log": str(places.logs / "engine-crash.log"),
        "tail": "no folder to write to",
    }


async def test_an_engine_that_gives_way_to_another_is_no_failure(places: Places) -> None:
    launcher = Launcher(places, [sys.executable, "-c", "import sys; sys.exit(3)"])
    tried = 0

    async def connect() -> Client:
        nonlocal tried
        tried += 1
        if launcher._processes[0].poll() is None or tried < 3:
            raise not_running()
        raise LookupError  # stands for the rival's client

    with pytest.raises(LookupError):
        await launcher.launch(connect)


async def test_other_refusals_are_passed_on(places: Places) -> None:
    launcher = Launcher(places, [sys.executable, "-c", ""])

    async def connect() -> Client:
        raise ControlError("another version", code=ErrorCode.PROTOCOL_MISMATCH)

    with pytest.raises(BasculeError) as caught:
        await launcher.launch(connect)
    assert caught.value.code is ErrorCode.PROTOCOL_MISMATCH
    launcher._processes[0].wait()


SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]


async def test_an_engine_that_takes_long_is_waited_for_and_spoken_of_once(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LATE_SECONDS", 0.0)
    launcher = Launcher(places, SLEEPS)
    told: list[Problem] = []
    tried = 0

    async def connect() -> Client:
        nonlocal tried
        tried += 1
        if tried == 5:
            raise LookupError  # stands for its client
        # It does not listen yet, and then is too busy to answer.
        code = ErrorCode.ENGINE_NOT_RUNNING if tried < 3 else ErrorCode.ENGINE_LOST
        raise ControlError("not yet", code=code)

    try:
        with pytest.raises(LookupError):
            await launcher.launch(connect, told.append)
        assert [(each.code, each.facts["late"]) for each in told] == [
            (ErrorCode.ENGINE_NOT_RUNNING, True)
        ]
        (process,) = launcher._processes
        assert process.poll() is None
    finally:
        _end_all(launcher)


@pytest.mark.parametrize("begun", [False, True], ids=["not begun", "begun"])
async def test_one_that_takes_long_is_replaced_on_demand_unless_it_has_begun(
    places: Places, monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    monkeypatch.setattr(module, "LATE_SECONDS", 0.0)
    launcher = Launcher(places, SLEEPS)
    first: list[subprocess.Popen[bytes]] = []
    told = 0

    async def connect() -> Client:
        if told == 2:
            raise LookupError
        raise not_running()

    def late(_problem: Problem) -> None:
        nonlocal told
        told += 1
        if told == 1:
            first.extend(launcher._processes)
            launcher.start_anew()

    engine = Rendezvous(places.runtime)
    if begun:
        engine.claim()
    try:
        with pytest.raises(LookupError):
            await launcher.launch(connect, late)
        assert (first[0].poll() is None) == begun
        assert (launcher._processes == first) == begun
        assert launcher._processes[-1].poll() is None
    finally:
        engine.leave()
        _end_all(launcher)


def _end_all(launcher: Launcher) -> None:
    for process in launcher._processes:
        process.kill()
        process.wait()


async def test_a_program_that_is_not_there(places: Places, tmp_path: Path) -> None:
    launcher = Launcher(places, [str(tmp_path / "no-such-program")])
    with pytest.raises(ControlError) as caught:
        await launcher.launch(never)
    assert caught.value.code is ErrorCode.ENGINE_NOT_RUNNING
    assert caught.value.facts["program"] == str(tmp_path / "no-such-program")


async def test_a_folder_for_its_log_that_cannot_be_made(places: Places) -> None:
    places.state.parent.mkdir(parents=True, exist_ok=True)
    places.state.write_bytes(b"in the way")
    with pytest.raises(ControlError) as caught:
        await Launcher(places).launch(never)
    assert caught.value.code is ErrorCode.ENGINE_NOT_RUNNING
    assert caught.value.facts["why"]


async def test_the_log_of_last_words_does_not_grow_for_ever(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RIVAL_SECONDS", 0.0)
    launcher = Launcher(places, [sys.executable, "-c", "print('new')"])
    launcher.log_file.parent.mkdir(parents=True)
    launcher.log_file.write_bytes(b"x" * 300_000)
    with pytest.raises(ControlError):
        await launcher.launch(never)
    assert launcher.log_file.read_text().strip() == "new"


async def test_a_relative_home_is_the_same_for_the_engine(
    places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path.parent)
    monkeypatch.setenv(HOME_VARIABLE, tmp_path.name)
    monkeypatch.setattr(module, "_RIVAL_SECONDS", 0.0)
    code = f"import os; print(os.environ['{HOME_VARIABLE}'])"
    with pytest.raises(ControlError) as caught:
        await Launcher(places, [sys.executable, "-c", code]).launch(never)
    assert caught.value.facts["tail"] == str(tmp_path)


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine_command() == [sys.executable, "-P", "-m", "bascule", "engine"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/bascule/bascule-desktop")
    name = "bascule.exe" if sys.platform == "win32" else "bascule"
    assert engine_command() == [str(Path("/opt/bascule") / name), "engine"]
