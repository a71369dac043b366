"""Unix sockets, on both loops: the stream contract, and files that stay or go as they should."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, ListenError, SpecError
from bascule.events import Stage, StageResult
from bascule.streams.base import Address, Stream
from bascule.streams.unix import UnixDialer, UnixListener
from bascule.streams.watch import watch
from tests.helpers.contract import StreamContract, read_all, soon
from tests.helpers.exhaustion import no_descriptors_left, refuse_to_watch
from tests.helpers.loops import LOOPS
from tests.helpers.processes import listening_at, start
from tests.helpers.sockets import descriptors

LOOP_FACTORIES = LOOPS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "socket"


class TestConnected(StreamContract):
    resets = False  # Unix sockets know no reset

    @pytest.fixture(autouse=True)
    def _place(self, path: Path):
        self.path = str(path)

    async def open_pair(self) -> tuple[Stream, Stream]:
        arrived: asyncio.Queue[Stream] = asyncio.Queue()
        listener = UnixListener(self.path)
        assert await listener.start(arrived.put_nowait) == (Address(self.path),)
        stream = await UnixDialer(self.path).dial()
        far = await arrived.get()
        await listener.aclose()
        return stream, far


class TestAccepted(TestConnected):
    async def open_pair(self) -> tuple[Stream, Stream]:
        stream, far = await super().open_pair()
        return far, stream


@asynccontextmanager
async def listens(path: Path, mode: int = 0o600) -> AsyncIterator[UnixListener]:
    listener = UnixListener(str(path), mode=mode)
    streams: list[Stream] = []
    await soon(listener.start(streams.append))
    try:
        yield listener
    finally:
        await listener.aclose()
        for stream in streams:
            stream.abort()
            await soon(stream.aclose())


async def refused_listening(path: Path | str) -> BasculeError:
    listener = UnixListener(str(path), field="source")
    with pytest.raises(ListenError) as caught:
        await soon(listener.start(lambda stream: stream.abort()))
    await listener.aclose()
    assert caught.value.field == "source.path"
    assert caught.value.facts["path"] == str(path)
    return caught.value


async def refused_dialing(path: Path | str, seconds: float = 20) -> DialError:
    steps: list[StageResult] = []
    with pytest.raises(DialError) as caught:
        await soon(UnixDialer(str(path), timeout_seconds=seconds, field="p").dial(steps.append))
    assert caught.value.field == "p.path"
    assert (steps[-1].stage, steps[-1].problem) == (Stage.CONNECT, caught.value.problem)
    return caught.value


# listening --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o600, 0o660, 0o777])
async def test_permissions_are_set_before_anybody_can_connect(
    mode: int, path: Path, monkeypatch: pytest.MonkeyPatch
):
    chmod, connects = Path.chmod, list[bool]()

    def watched(self: Path, mode: int) -> None:
        chmod(self, mode)
        with socket.socket(socket.AF_UNIX) as probe:
            connects.append(probe.connect_ex(str(path)) == 0)

    monkeypatch.setattr(Path, "chmod", watched)
    before = os.umask(0)
    try:
        async with listens(path, mode=mode):
            assert connects == [False]
            assert stat.S_IMODE(path.stat().st_mode) == mode
    finally:
        os.umask(before)


async def test_a_socket_left_behind_is_replaced(path: Path):
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(path))
    assert path.is_socket()
    async with listens(path):
        stream = await soon(UnixDialer(str(path)).dial())
        stream.abort()
        await soon(stream.aclose())
    assert not path.exists()


async def test_the_file_goes_with_the_listener_and_what_arrived_stays(path: Path):
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    listener = UnixListener(str(path))
    await soon(listener.start(arrived.put_nowait))
    stream = await soon(UnixDialer(str(path)).dial())
    far = await soon(arrived.get())
    await listener.aclose()
    await listener.aclose()
    assert not path.exists()
    await soon(stream.send(b"still here"))
    await soon(stream.send_eof())
    assert await soon(read_all(far)) == b"still here"
    for each in (stream, far):
        await soon(each.aclose())


async def test_what_another_put_in_its_place_stays(path: Path):
    async with listens(path):
        path.unlink()
        path.write_text("mine")
    assert path.read_text() == "mine"


async def test_a_file_that_somebody_removed_is_not_missed(path: Path):
    async with listens(path):
        path.unlink()
    assert not path.exists()


async def test_a_file_that_is_no_socket_is_not_touched(path: Path):
    path.write_text("mine")
    error = await refused_listening(path)
    assert error.code is ErrorCode.ADDRESS_IN_USE
    assert path.read_text() == "mine"


async def test_a_link_is_not_touched(path: Path):
    path.symlink_to(path.with_name("nowhere"))
    assert (await refused_listening(path)).code is ErrorCode.ADDRESS_IN_USE
    assert path.is_symlink()


async def test_a_folder_is_not_touched(path: Path):
    path.mkdir()
    assert (await refused_listening(path)).code is ErrorCode.ADDRESS_IN_USE
    assert path.is_dir()


async def test_a_socket_that_another_program_listens_on_is_not_taken(path: Path):
    argv = ("socat", f"UNIX-LISTEN:{path},fork", "STDOUT")
    with start(*argv, ready=listening_at(path)):
        assert (await refused_listening(path)).code is ErrorCode.ADDRESS_IN_USE
        stream = await soon(UnixDialer(str(path)).dial())  # it still answers
        await soon(stream.aclose())


async def test_a_socket_of_another_sort_is_not_taken(path: Path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        other.bind(str(path))
        assert (await refused_listening(path)).code is ErrorCode.ADDRESS_IN_USE
        assert path.is_socket()


async def test_a_socket_too_busy_to_answer_is_not_taken(path: Path):
    with busy(path):
        assert (await refused_listening(path)).code is ErrorCode.ADDRESS_IN_USE


@pytest.mark.parametrize("name", ["missing/socket", "x" * 200, "x" * 300])
async def test_where_there_can_be_no_socket(name: str, tmp_path: Path):
    before = len(descriptors())
    assert (await refused_listening(tmp_path / name)).code is ErrorCode.LISTEN_FAILED
    assert len(descriptors()) == before


async def test_without_descriptors_it_cannot_listen_and_leaves_no_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    with no_descriptors_left():
        assert (await refused_listening(path)).code is ErrorCode.LISTEN_FAILED
    with monkeypatch.context() as patch:
        patch.setattr(watch(), "read", refuse_to_watch)
        assert (await refused_listening(path)).code is ErrorCode.LISTEN_FAILED
    assert not path.exists()
    async with listens(path):
        assert path.is_socket()


# connecting -------------------------------------------------------------------------------------


class busy:  # noqa: N801 - reads as a statement
    """A listener that accepts nobody and holds back no more."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def __enter__(self) -> socket.socket:
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(self._path)
        self.listening.listen(0)
        self._waiting = socket.socket(socket.AF_UNIX)
        self._waiting.connect(self._path)
        return self.listening

    def __exit__(self, *_exc: object) -> None:
        self.listening.close()
        self._waiting.close()


async def test_a_busy_listener_is_waited_for(path: Path):
    with busy(path) as listening:
        dialing = asyncio.ensure_future(UnixDialer(str(path)).dial())
        await asyncio.wait([dialing], timeout=0.1)
        assert not dialing.done()
        listening.accept()[0].close()  # who waited before us
        stream = await soon(dialing)
        with listening.accept()[0] as far:
            far.send(b"x")
            assert await soon(stream.receive()) == b"x"
        await soon(stream.aclose())


async def test_a_listener_that_stays_busy_is_given_up(path: Path):
    with busy(path):
        before = len(descriptors())
        error = await refused_dialing(path, 0.2)
        assert error.code is ErrorCode.TIMED_OUT
        assert error.facts["subject"] == str(path)
        assert len(descriptors()) == before


async def test_nothing_is_there(path: Path):
    assert (await refused_dialing(path)).code is ErrorCode.UNREACHABLE


async def test_nobody_listens_any_more(path: Path):
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(path))
    assert (await refused_dialing(path)).code is ErrorCode.CONNECTION_REFUSED


async def test_a_path_that_is_too_long(tmp_path: Path):
    error = await refused_dialing(tmp_path / ("x" * 100))
    assert error.code is ErrorCode.DIAL_FAILED
    assert error.facts["why"] == "path too long"


async def test_steps_are_reported(path: Path):
    steps: list[StageResult] = []
    async with listens(path):
        dialer = UnixDialer(str(path))
        stream = await soon(dialer.dial(steps.append))
        assert str(stream.peer) == dialer.label == str(path)
        await soon(stream.aclose())
    assert [(step.stage, step.subject, step.done) for step in steps] == [
        (Stage.CONNECT, str(path), False),
        (Stage.CONNECT, str(path), True),
    ]


async def test_windows_is_told_apart(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SpecError) as listening:
        await UnixListener(str(path), field="source").start(lambda _stream: None)
    with pytest.raises(SpecError) as dialing:
        await UnixDialer(str(path), field="target").dial()
    monkeypatch.undo()
    for caught, field in ((listening, "source.path"), (dialing, "target.path")):
        assert (caught.value.code, caught.value.field) == (ErrorCode.NOT_ON_THIS_SYSTEM, field)
