"""Portable copies: real windows and engines side by side with an installed one, each in its place,
and nothing of a portable one anywhere else.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bascule.control.client import Client
from bascule.control.rendezvous import Rendezvous
from bascule.errors import BasculeError
from bascule.places import HOME_VARIABLE, PORTABLE_FOLDER, PORTABLE_MARK, Places, find_places
from bascule.spec.endpoints import ProxyHop, TcpConnect, TcpListen
from bascule.spec.profiles import Profile
from bascule.spec.relays import RelaySpec
from tests.e2e.built_program import put_program
from tests.helpers.contract import soon
from tests.helpers.engines import come_true, places_below, started, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its programs are scripts")


def copy(folder: Path, *, mark: str) -> Path:
    """Put a program into a folder; its window."""
    program = put_program(folder)
    if mark == PORTABLE_FOLDER:
        (folder / mark).mkdir()
    elif mark:
        (folder / mark).touch()
    return program


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """A user whose home is empty."""
    (home := tmp_path / "home").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    kept.pop(HOME_VARIABLE, None)
    return {**kept, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}


@asynccontextmanager
async def window(program: Path, places: Places, env: dict[str, str]) -> AsyncIterator[Client]:
    """A window that runs, and a client of the engine that it has started."""
    process = subprocess.Popen([program], env=env, stdout=-1, stderr=-1, stdin=subprocess.DEVNULL)

    async def reached() -> Client | None:
        assert process.poll() is None, process.communicate()
        try:
            return await Client.connect(Rendezvous(places.runtime), name="test")
        except BasculeError:
            return None

    try:
        async with await until(reached) as client:
            yield client
            process.terminate()
            await come_true(lambda: process.poll() is not None)
            await soon(client.stop_engine())
        await come_true(lambda: Rendezvous(places.runtime).read() is None)
        _, said = process.communicate()
        assert process.returncode == 0
        assert b"Traceback" not in said
    finally:
        process.kill()
        process.communicate()
        if (left := Rendezvous(places.runtime).read()) is not None:
            os.kill(left.pid, signal.SIGKILL)


def profile(name: str) -> Profile:
    via = (ProxyHop("5", "10.9.9.9", 1080, username="u", password=f"of-{name}"),)
    return Profile(f"{name}-1", name, RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 9, via=via)))


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("mark", [PORTABLE_FOLDER, PORTABLE_MARK])
async def test_all_of_a_portable_copy_is_in_its_folder(
    tmp_path: Path, surroundings: dict[str, str], mark: str
) -> None:
    program = copy(tmp_path / "stick", mark=mark)
    data = tmp_path / "stick" / PORTABLE_FOLDER
    async with window(program, places_below(data), surroundings) as client:
        assert await started(client, profile("one"), **{"of-one": "the-canary"}) > 0
    assert files_in(tmp_path / "home") == []
    assert "the-canary" in (data / "config" / "secrets.json").read_text("utf-8")
    held = files_in(data)
    assert "config/profiles/one-1.toml" in held
    assert {name for name in held if name.startswith("state/logs/")}
    assert sorted(path.name for path in program.parent.iterdir() if path.name != mark) == sorted(
        {"bascule", "bascule-desktop", PORTABLE_FOLDER} - {mark}
    )


async def test_portable_copies_and_an_installed_one_run_side_by_side(
    tmp_path: Path, surroundings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("XDG_") or name == HOME_VARIABLE]:
        monkeypatch.delenv(name)
    (runtime := tmp_path / "runtime").mkdir(mode=0o700)
    surroundings["XDG_RUNTIME_DIR"] = str(runtime)
    monkeypatch.setenv("HOME", surroundings["HOME"])
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    places = {
        "one": places_below(tmp_path / "one" / PORTABLE_FOLDER),
        "two": places_below(tmp_path / "two" / PORTABLE_FOLDER),
        "installed": find_places(),
    }
    async with AsyncExitStack() as stack:
        clients: dict[str, Client] = {}
        for name, where in places.items():
            program = copy(tmp_path / name, mark="" if name == "installed" else PORTABLE_FOLDER)
            clients[name] = await stack.enter_async_context(window(program, where, surroundings))
            await started(clients[name], profile(name), **{f"of-{name}": "secret"})
        assert len({client.info.pid for client in clients.values()}) == len(places)
        for name, client in clients.items():
            assert [view.id for view in await client.profiles()] == [f"{name}-1"]
    for name, where in places.items():
        assert [file.name for file in where.profiles.iterdir()] == [f"{name}-1.toml"]
