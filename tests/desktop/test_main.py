"""The desktop's process from outside: it starts an engine, is alone, leaves the engine behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from bascule.control.client import Client
from bascule.control.rendezvous import Rendezvous
from bascule.errors import BasculeError
from bascule.places import Places
from bascule_desktop import __main__ as module
from bascule_desktop.crash import CrashReporter
from bascule_desktop.single_instance import SingleInstance
from tests.helpers.contract import PATIENCE_SECONDS

COMMAND = [sys.executable, "-m", "bascule_desktop"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="tells it to end by a signal")


def start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *words], stdout=-1, stderr=-1)


@pytest.fixture
def desktop(places: Places) -> Iterator[subprocess.Popen[bytes]]:
    process = start()
    yield process
    process.kill()
    process.communicate()
    meeting = Rendezvous(places.runtime).read()
    if meeting is not None:
        with contextlib.suppress(ProcessLookupError):  # it has just left
            os.kill(meeting.pid, signal.SIGTERM)


async def enter(places: Places) -> Client:
    """A client of the engine, as soon as there is one."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await Client.connect(Rendezvous(places.runtime), name="test")
            except BasculeError:
                await asyncio.sleep(0.02)


@pytest.mark.parametrize("killed", [False, True])
async def test_the_engine_outlives_the_desktop(
    places: Places, desktop: subprocess.Popen[bytes], killed: bool
) -> None:
    async with await enter(places) as client:
        desktop.kill() if killed else desktop.terminate()
        _, said = desktop.communicate(timeout=PATIENCE_SECONDS)
        assert b"Traceback" not in said
        assert await client.free_port("127.0.0.1", 20_000) >= 20_000  # it still answers
        if sys.platform != "win32":  # there, to end a program is to kill it; no sessions either
            assert desktop.returncode == (-signal.SIGKILL if killed else 0)
            assert os.getsid(client.info.pid) == client.info.pid


async def test_a_second_start_gives_way(places: Places, desktop: subprocess.Popen[bytes]) -> None:
    async with await enter(places) as client:
        for words in ((), ("--hidden",)):
            second = start(*words)
            # The connection to the engine stays served meanwhile; not by a thread, in which old
            # objects of Qt might be collected.
            async with asyncio.timeout(PATIENCE_SECONDS):
                while second.poll() is None:
                    await asyncio.sleep(0.02)
            assert (second.returncode, second.communicate()) == (0, (b"", b""))
        assert desktop.poll() is None
        assert client.info.pid != desktop.pid


async def test_an_installer_ends_the_window_and_not_the_engine(
    places: Places, desktop: subprocess.Popen[bytes]
) -> None:
    async with await enter(places) as client:
        asked = await asyncio.to_thread(subprocess.run, [*COMMAND, "--leave"], check=False)
        assert asked.returncode == 0
        _, said = desktop.communicate(timeout=PATIENCE_SECONDS)
        assert desktop.returncode == 0 and b"Traceback" not in said
        assert await client.free_port("127.0.0.1", 20_000) >= 20_000  # it still answers
    assert subprocess.run([*COMMAND, "--leave"], check=False).returncode == 1  # there is none


class Played:
    """The steps of a start, without a process of its own."""

    def __init__(self, places: Places, monkeypatch: pytest.MonkeyPatch, app: QApplication) -> None:
        self.runs = 0
        monkeypatch.setattr(module, "_application", lambda _words: app)
        monkeypatch.setattr(CrashReporter, "install", lambda _crash: None)
        self.watches = 0
        monkeypatch.setattr(CrashReporter, "watch_native", self._watch)
        monkeypatch.setattr(module.loop, "run", self._run)
        self.places = places

    def _watch(self) -> None:
        self.watches += 1

    def _run(self, _app: QApplication, main: Callable[[], Coroutine[Any, Any, int]]) -> int:
        self.runs += 1
        main().close()
        return 7


@pytest.fixture
def played(places: Places, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Played:
    return Played(places, monkeypatch, qapp)


def test_its_end_is_its_status(played: Played) -> None:
    assert module.main([]) == 7
    assert played.runs == 1
    assert module.main([]) == 7  # the first made room
    assert played.watches == 2


def test_the_second_of_two_starts_asks_the_first(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    first = SingleInstance(played.places.runtime)
    assert first.claim()
    try:
        for answer in (True, False):
            monkeypatch.setattr(
                SingleInstance, "ask_to_raise", lambda _self, _files, a=answer: asked.append(a) or a
            )
            # One that does not answer keeps nobody out.
            assert module.main([]) == (0 if answer else 7)
        assert module.main(["--hidden"]) == 0
    finally:
        first.release()
    assert asked == [True, False]
    assert played.watches == 0  # what the first writes where it crashes is left alone


def test_a_start_that_fails_is_reported(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[BaseException] = []
    monkeypatch.setattr(CrashReporter, "report", lambda _crash, exc: reported.append(exc))
    played.places.runtime.parent.mkdir(parents=True, exist_ok=True)
    played.places.runtime.write_text("a file where the folder should be")
    assert module.main([]) == 1
    assert isinstance(reported[0], OSError)
    assert played.runs == 1  # until the report was read


def test_one_that_is_to_be_restarted_starts_the_next_when_it_has_left(
    played: Played, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "started"
    code = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
    words = [sys.executable, "-c", code, str(file)]
    monkeypatch.setattr(module.launcher, "desktop_command", lambda: words)
    started: list[subprocess.Popen[bytes]] = []
    start_again = module.launcher.start_again
    monkeypatch.setattr(module.launcher, "start_again", lambda: started.append(start_again()))
    assert module.main([]) == 7
    assert started == []
    monkeypatch.setattr(CrashReporter, "uninstall", CrashReporter.restart)
    assert module.main([]) == 7
    assert started[0].wait(PATIENCE_SECONDS) == 0
    assert file.exists()


def test_words_for_qt_are_passed_on() -> None:
    options, for_qt = module.make_parser().parse_known_args(["--hidden", "-platform", "offscreen"])
    assert options.hidden
    assert for_qt == ["-platform", "offscreen"]


@pytest.mark.parametrize(
    ("words", "for_qt", "files"),
    [
        ([], [], []),
        (["a.bascule", "b c.bascule"], [], ["a.bascule", "b c.bascule"]),
        (["-platform", "offscreen", "a.bascule"], ["-platform", "offscreen"], ["a.bascule"]),
        (["a.bascule", "-platform", "offscreen"], ["-platform", "offscreen"], ["a.bascule"]),
        (["--", "-odd.bascule", "b"], [], ["-odd.bascule", "b"]),
    ],
)
def test_words_for_qt_are_told_from_files(
    words: list[str], for_qt: list[str], files: list[str]
) -> None:
    assert module.split_words(words) == (for_qt, files)


async def test_a_file_is_handed_to_the_window_that_runs(
    places: Places, desktop: subprocess.Popen[bytes]
) -> None:
    async with await enter(places):
        second = start("a.bascule", "--hidden")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while second.poll() is None:
                await asyncio.sleep(0.02)
        assert (second.returncode, second.communicate()) == (0, (b"", b""))
    assert desktop.poll() is None


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        module.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("Bascule ")
