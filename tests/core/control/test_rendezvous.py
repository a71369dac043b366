"""Where client and engine meet: one engine a user, files for that user alone.

What Windows does is seen up to its door: the calls that would lock a file there.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from bascule import whole_file
from bascule.control import rendezvous as rendezvous_module
from bascule.control.rendezvous import Meeting, Rendezvous
from bascule.errors import ControlError, ErrorCode

MEETING = Meeting("unix:/run/x", "ab" * 32, 4711, "0.1.0")


def test_one_engine_a_user(tmp_path: Path):
    first, second = Rendezvous(tmp_path / "run"), Rendezvous(tmp_path / "run")
    first.claim()
    first.announce(MEETING)
    with pytest.raises(ControlError) as caught:
        second.claim()
    assert caught.value.code is ErrorCode.ENGINE_ALREADY_RUNNING
    assert caught.value.facts["pid"] == 4711
    assert "process 4711" in caught.value.message
    first.leave()
    first.leave()
    assert second.read() is None
    second.claim()
    second.leave()


def test_before_it_is_announced_the_pid_is_not_known(tmp_path: Path):
    first = Rendezvous(tmp_path / "run")
    first.claim()
    with pytest.raises(ControlError) as caught:
        Rendezvous(tmp_path / "run").claim()
    assert caught.value.facts["pid"] == 0
    first.leave()


def test_a_crash_frees_the_lock(tmp_path: Path):
    code = (
        "import sys, pathlib, os\n"
        "from bascule.control.rendezvous import Rendezvous\n"
        "Rendezvous(pathlib.Path(sys.argv[1])).claim()\n"
        "os._exit(1)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "run")], check=False)
    stale = tmp_path / "run" / "engine.json"
    stale.write_text('{"address": "tcp:127.0.0.1:9", "token": "", "pid": 1, "version": "0"}')
    again = Rendezvous(tmp_path / "run")
    assert again.read() is not None
    again.claim()
    assert again.read() is None  # nobody is sent to who is gone
    again.announce(MEETING)
    assert again.read() == MEETING
    assert sorted(os.listdir(again.folder)) == ["engine.json", "engine.lock"]  # noqa: PTH208
    again.leave()


@pytest.mark.skipif(sys.platform == "win32", reason="there, the user's folder is the user's alone")
def test_only_this_user_can_read_it(tmp_path: Path):
    folder = tmp_path / "run"
    folder.mkdir(mode=0o755)
    rendezvous = Rendezvous(folder)
    rendezvous.claim()
    rendezvous.announce(MEETING)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "engine.json").stat().st_mode & 0o777 == 0o600
    rendezvous.leave()


def test_what_is_announced_is_read_until_the_engine_leaves(tmp_path: Path):
    folder = tmp_path / "run"
    rendezvous = Rendezvous(folder)
    rendezvous.claim()
    rendezvous.announce(MEETING)
    assert rendezvous.read() == MEETING
    rendezvous.leave()
    assert not (folder / "engine.json").exists()


def test_who_looks_at_it_just_then_keeps_no_engine_from_leaving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Windows refuses to remove what is open; elsewhere that is played."""
    rendezvous = Rendezvous(tmp_path)
    rendezvous.claim()
    rendezvous.announce(MEETING)
    looking = (tmp_path / "engine.json").open()
    remove = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if not looking.closed and path.name == "engine.json":
            raise PermissionError
        remove(path, missing_ok)

    if sys.platform != "win32":
        monkeypatch.setattr(Path, "unlink", unlink)
    waited: list[float] = []

    def look_away(seconds: float) -> None:
        waited.append(seconds)
        looking.close()

    monkeypatch.setattr(rendezvous_module.time, "sleep", look_away)
    rendezvous.leave()
    assert len(waited) == 1
    assert not (tmp_path / "engine.json").exists()


def test_what_stays_in_use_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(whole_file, "_BETWEEN_TRIES_SECONDS", 0)
    tries = 0

    def refuse(_path: Path, missing_ok: bool = False) -> None:
        nonlocal tries
        tries += 1
        raise PermissionError

    rendezvous = Rendezvous(tmp_path)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(PermissionError):
        rendezvous.claim()
    assert tries > 1
    monkeypatch.undo()
    rendezvous.leave()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"address": 1}', "\0", "[" * 200_000])
def test_a_damaged_announcement_is_none(tmp_path: Path, text: str):
    (tmp_path / "engine.json").write_text(text)
    assert Rendezvous(tmp_path).read() is None


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    theirs = tmp_path / "run"
    theirs.mkdir()
    uid = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: uid + 1)
    with pytest.raises(ControlError) as caught:
        Rendezvous(theirs).prepare()
    assert "somebody else" in caught.value.message


def test_an_announcement_of_somebody_else_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rendezvous = Rendezvous(tmp_path)
    rendezvous.announce(MEETING)
    uid = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: uid + 1)
    assert rendezvous.read() is None


def test_a_folder_that_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Rendezvous(tmp_path / "file" / "run").claim()


@pytest.mark.skipif(sys.platform == "win32", reason="there, it is not played")
def test_windows_locks_its_own_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    files: list[int] = []
    asked: list[tuple[int, ...]] = []

    class LockFileEx:
        def __call__(self, file: ctypes.c_void_p, flags: int, *more: Any) -> bool:
            asked.append((flags, *more[:3]))
            return files.index(file.value or 0) == 0

    def get_osfhandle(number: int) -> int:
        files.append(number)
        return number

    msvcrt = ModuleType("msvcrt")
    msvcrt.__dict__["get_osfhandle"] = get_osfhandle
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    kernel = SimpleNamespace(LockFileEx=LockFileEx())
    monkeypatch.setattr(ctypes, "WinDLL", lambda *_, **__: kernel, raising=False)
    monkeypatch.setattr(ctypes, "WinError", OSError, raising=False)
    monkeypatch.setattr(ctypes, "get_last_error", lambda: 33, raising=False)
    monkeypatch.setattr(rendezvous_module, "sys", SimpleNamespace(platform="win32"))
    first = Rendezvous(tmp_path / "run")
    first.claim()
    first.announce(MEETING)
    assert first.read() == MEETING
    with pytest.raises(ControlError) as caught:
        Rendezvous(tmp_path / "run").claim()
    assert caught.value.code is ErrorCode.ENGINE_ALREADY_RUNNING
    assert not first.vacant
    # At once and alone; the second one looks whether it is only shared; whoever looks shares it.
    assert asked == [(3, 0, 1, 0), (3, 0, 1, 0), (1, 0, 1, 0), (1, 0, 1, 0)]
    first.leave()


def test_who_only_looks_keeps_no_engine_from_claiming(tmp_path: Path):
    """Looking takes an instant, so that only many of them meet a claim."""
    over = threading.Event()
    looks = 0

    def look() -> None:
        nonlocal looks
        while not over.is_set():
            looks += Rendezvous(tmp_path).vacant

    lookers = [threading.Thread(target=look) for _ in range(3)]
    rendezvous = Rendezvous(tmp_path)
    for thread in lookers:
        thread.start()
    try:
        for _ in range(300):
            rendezvous.claim()
            assert not Rendezvous(tmp_path).vacant
            rendezvous.leave()
    finally:
        over.set()
        for thread in lookers:
            thread.join()
    assert looks


def test_who_looks_for_long_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rendezvous = Rendezvous(tmp_path)
    looking = (tmp_path / "engine.lock").open("ab")
    rendezvous_module._lock_now(looking, shared=True)
    assert rendezvous.vacant  # those who look do not disturb each other
    waited: list[float] = []

    def look_away(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            looking.close()

    monkeypatch.setattr(rendezvous_module.time, "sleep", look_away)
    rendezvous.claim()
    assert len(waited) == 3
    rendezvous.leave()


def test_who_never_stops_looking_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rendezvous_module, "_BETWEEN_TRIES_SECONDS", 0)
    with (tmp_path / "engine.lock").open("ab") as looking:
        rendezvous_module._lock_now(looking, shared=True)
        with pytest.raises(ControlError) as caught:
            Rendezvous(tmp_path).claim()
    assert caught.value.code is ErrorCode.ENGINE_ALREADY_RUNNING


def test_a_path_too_long_for_a_socket_is_not_used(tmp_path: Path):
    assert Rendezvous(Path("/run/x")).socket_path == Path("/run/x/engine.sock")
    long = Rendezvous(tmp_path / ("x" * 120))
    assert long.socket_path is None
    long.claim()
    long.leave()
