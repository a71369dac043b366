"""The desktop's process from outside: it starts an engine, is alone, leaves the engine behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bascule.control.client import Client
from bascule.control.rendezvous import Rendezvous
from bascule.errors import BasculeError
from bascule.places import Places
from bascule_desktop import __main__ as module

PATIENCE_SECONDS = 20.0
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
        os.kill(meeting.pid, signal.SIGTERM)


async def enter(places: Places) -> Client:
    """A client of the engine, as soon as there is one."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await Client.connect(Rendezvous(places.runtime), name="test")
            except BasculeError:
                await asyncio.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_the_engine_outlives_the_desktop(
    places: Places, desktop: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    async with await enter(places) as client:
        desktop.send_signal(number)
        _, said = desktop.communicate(timeout=PATIENCE_SECONDS)
        assert desktop.returncode == (-number if number is signal.SIGKILL else 0)
        assert b"Traceback" not in said
        assert await client.free_port("127.0.0.1", 20_000) >= 20_000  # it still answers
        assert os.getsid(client.info.pid) == client.info.pid


async def test_a_second_start_gives_way(places: Places, desktop: subprocess.Popen[bytes]) -> None:
    async with await enter(places) as client:
        for words in ((), ("--hidden",)):
            second = start(*words)
            _, said = await asyncio.to_thread(second.communicate, None, PATIENCE_SECONDS)
            assert (second.returncode, said) == (0, b"")
        assert desktop.poll() is None
        assert client.info.pid != desktop.pid


def test_words_for_qt_are_passed_on() -> None:
    options, for_qt = module._parse(["--hidden", "-platform", "offscreen"])
    assert options.hidden
    assert for_qt == ["-platform", "offscreen"]


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        module.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("Bascule ")
