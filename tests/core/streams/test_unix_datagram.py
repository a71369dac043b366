"""Unix datagram sockets: the stream contract, files that stay or go as they should, who waits for
whom, and what is said when it fails.
"""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bascule.errors import BasculeError, DialError, ErrorCode, ListenError, SpecError, StreamError
from bascule.events import Stage, StageResult
from bascule.streams.base import EMPTY_DATAGRAM, Address, Dialer, Listener, Stream
from bascule.streams.datagram import SocketDatagrams
from bascule.streams.datagram_sender import Sender
from bascule.streams.unix_datagram import (
    UnixReceiveDialer,
    UnixReceiveFromListener,
    UnixSendToDialer,
)
from tests.helpers.contract import PATIENCE_SECONDS, StreamContract, random_bytes, soon
from tests.helpers.datagrams import dialed
from tests.helpers.loops import LOOPS
from tests.helpers.sockets import descriptors

LOOP_FACTORIES = LOOPS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "socket"


def bound(name: str) -> socket.socket:
    """A datagram socket of somebody else."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(name)
    sock.settimeout(PATIENCE_SECONDS)
    return sock


def joined(sock: socket.socket) -> Stream:
    """The stream over a connected socket of somebody else."""
    sender = Sender(sock, segments=False)
    read = partial(sock.recv, 300_000)
    return SocketDatagrams(sock, Address("far"), sender, read=read, limit_bytes=100_000)


class TestContract(StreamContract):
    half_closes = False
    resets = False
    datagrams = True

    @pytest.fixture(autouse=True)
    def _places(self, tmp_path: Path):
        self.far = str(tmp_path / "far")
        self.ours = str(tmp_path / "ours")

    async def open_pair(self) -> tuple[Stream, Stream]:
        sock = bound(self.far)
        sock.setblocking(False)
        ours = await UnixSendToDialer(self.far, bind=self.ours).dial()
        sock.connect(self.ours)
        return ours, joined(sock)


class TestContractAbstract(TestContract):
    @pytest.fixture(autouse=True)
    def _places(self, tmp_path: Path):
        self.far, self.ours = f"{tmp_path}/far", f"{tmp_path}/ours"

    async def open_pair(self) -> tuple[Stream, Stream]:
        sock = bound("\0" + self.far)
        sock.setblocking(False)
        ours = await UnixSendToDialer(self.far, abstract=True, bind=self.ours).dial()
        sock.connect("\0" + self.ours)
        return ours, joined(sock)


@asynccontextmanager
async def listens(*args: Any, **options: Any) -> AsyncIterator[asyncio.Queue[Stream]]:
    listener = UnixReceiveFromListener(*args, **options)
    arrived: asyncio.Queue[Stream] = asyncio.Queue()
    await soon(listener.start(arrived.put_nowait))
    try:
        yield arrived
    finally:
        await soon(listener.aclose())
        await soon(listener.aclose())


async def refused(what: Dialer | Listener, kind: type[BasculeError]) -> BasculeError:
    before = descriptors()
    with pytest.raises(kind) as caught:
        if isinstance(what, Listener):
            await soon(what.start(lambda stream: stream.abort()))
        else:
            await soon(what.dial())
    if isinstance(what, Listener):
        await what.aclose()
    assert descriptors() == before
    return caught.value


# receiving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("abstract", [False, True])
async def test_receiving_takes_from_anybody_and_sends_nothing(path: Path, abstract: bool):
    name = ("\0" if abstract else "") + str(path)
    async with dialed(UnixReceiveDialer(str(path), abstract=abstract)) as stream:
        assert path.exists() != abstract
        assert str(stream.peer) == ("@" if abstract else "") + str(path)
        assert not stream.can_send
        for data in (b"one", b"", random_bytes(200_000), b"four"):
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as far:
                far.sendto(data, name)
            got = await soon(stream.receive())
            assert got == data
            assert got, "an empty datagram is not the end"
        with pytest.raises(StreamError):
            await soon(stream.send(b"x"))
    assert not path.exists()


async def test_a_datagram_longer_than_any_buffer_of_ours_is_not_cut(path: Path):
    data = random_bytes(400_000)
    async with dialed(UnixReceiveDialer(str(path))) as stream:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as far:
            far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1_000_000)
            far.sendto(data, str(path))
        assert await soon(stream.receive()) == data


async def test_only_who_may_can_send(path: Path):
    umask = os.umask(0)
    try:
        async with dialed(UnixReceiveDialer(str(path), mode=0o620)):
            assert stat.S_IMODE(path.stat().st_mode) == 0o620
    finally:
        os.umask(umask)


async def test_a_file_that_nobody_is_behind_is_replaced(path: Path):
    bound(str(path)).close()
    async with dialed(UnixReceiveDialer(str(path))) as stream:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as far:
            far.sendto(b"x", str(path))
        assert await soon(stream.receive()) == b"x"


async def test_what_is_there_stays(path: Path):
    path.write_text("precious")
    error = await refused(UnixReceiveDialer(str(path)), ListenError)
    assert error.code is ErrorCode.ADDRESS_IN_USE
    assert error.field == "source.path"
    assert error.facts["path"] == str(path)
    assert path.read_text() == "precious"


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
async def test_a_socket_in_use_stays(path: Path, kind: socket.SocketKind):
    with socket.socket(socket.AF_UNIX, kind) as taken:
        taken.bind(str(path))
        if kind is socket.SOCK_STREAM:
            taken.listen()
        error = await refused(UnixReceiveFromListener(str(path), field="x"), ListenError)
    assert error.code is ErrorCode.ADDRESS_IN_USE
    assert error.field == "x.path"
    assert path.exists()


async def test_an_abstract_name_in_use(path: Path):
    with bound("\0" + str(path)):
        error = await refused(UnixReceiveDialer(str(path), abstract=True), ListenError)
    assert error.code is ErrorCode.ADDRESS_IN_USE
    assert error.facts["subject"] == f"@{path}"


async def test_a_folder_that_is_not_there(path: Path):
    error = await refused(UnixReceiveDialer(str(path / "x")), ListenError)
    assert error.code is ErrorCode.LISTEN_FAILED


async def test_the_file_of_somebody_else_stays(path: Path):
    async with dialed(UnixReceiveDialer(str(path))):
        path.unlink()
        path.write_text("precious")
    assert path.read_text() == "precious"
    async with dialed(UnixReceiveDialer(str(path.with_name("gone")))):
        path.with_name("gone").unlink()


# single datagrams -------------------------------------------------------------------------------


@pytest.mark.parametrize("abstract", [False, True])
async def test_each_datagram_is_answered_to_its_sender(path: Path, abstract: bool):
    mark = "\0" if abstract else ""
    async with listens(str(path), abstract=abstract, mode=0o660) as arrived:
        with bound(f"{mark}{path}.one") as one, bound(f"{mark}{path}.two") as two:
            for far, data in ((one, b"one"), (two, b""), (one, random_bytes(200_000))):
                far.sendto(data, mark + str(path))
                stream = await soon(arrived.get())
                got = await soon(stream.receive())
                assert got == data
                assert got
                assert await soon(stream.receive()) == b""
                assert stream.can_send
                assert str(stream.peer).startswith(f"{'@' if abstract else ''}{path}.")
                await soon(stream.send(got))
                assert await asyncio.to_thread(far.recv, 300_000) == data
                await soon(stream.aclose())
    assert not path.exists()


async def test_who_has_no_path_gets_no_answer(path: Path):
    async with listens(str(path)) as arrived:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as far:
            far.sendto(b"hello", str(path))
        stream = await soon(arrived.get())
        assert not stream.can_send
        assert await soon(stream.receive()) == b"hello"
        with pytest.raises(StreamError):
            await soon(stream.send(b"x"))
        await soon(stream.aclose())


async def test_an_answer_waits_until_it_is_read(path: Path):
    async with listens(str(path)) as arrived:
        with bound(f"{path}.far") as far:
            far.sendto(b"hello", str(path))
            stream = await soon(arrived.get())

            async def answer() -> None:
                for index in range(2000):
                    await stream.send(b"%04d" % index)

            sending = asyncio.ensure_future(answer())
            await asyncio.wait([sending], timeout=0.1)
            assert not sending.done()
            for index in range(2000):
                assert await asyncio.to_thread(far.recv, 100) == b"%04d" % index
            await soon(sending)
            await soon(stream.aclose())


# sending ----------------------------------------------------------------------------------------


async def test_without_a_path_of_ours_nothing_is_answered(path: Path):
    with bound(str(path)) as far:
        steps: list[StageResult] = []
        stream = await soon(UnixSendToDialer(str(path)).dial(steps.append))
        assert [step.stage for step in steps] == [Stage.CONNECT, Stage.CONNECT]
        assert not stream.can_receive
        assert await soon(stream.receive()) == b""
        for data in (b"one", EMPTY_DATAGRAM, random_bytes(200_000)):
            await soon(stream.send(data))
            assert far.recv(300_000) == data
        await stream.aclose()


async def test_a_receiver_that_begins_anew_is_found_again(path: Path):
    with bound(str(path)):
        stream = await soon(UnixSendToDialer(str(path)).dial())
    path.unlink()
    with pytest.raises(StreamError) as caught:
        await soon(stream.send(b"anybody?"))
    assert caught.value.code is ErrorCode.CONNECTION_BROKEN
    with bound(str(path)) as far:
        await soon(stream.send(b"now?"))
        assert far.recv(100) == b"now?"
    await stream.aclose()


async def test_what_is_too_long_for_the_other_side_is_an_error(path: Path):
    with bound(str(path)) as far:
        stream = await soon(UnixSendToDialer(str(path)).dial())
        stream._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 5000)
        with pytest.raises(StreamError) as caught:
            await soon(stream.send(bytes(50_000)))
        assert caught.value.code is ErrorCode.CONNECTION_BROKEN
        await soon(stream.send(b"short"))
        assert far.recv(100) == b"short"
        await stream.aclose()


async def test_there_is_nobody(path: Path):
    error = await refused(UnixSendToDialer(str(path)), DialError)
    assert error.code is ErrorCode.UNREACHABLE
    assert error.field == "target.path"
    bound(str(path)).close()
    ours = path.with_name("ours")
    error = await refused(UnixSendToDialer(str(path), bind=str(ours)), DialError)
    assert error.code is ErrorCode.CONNECTION_REFUSED
    assert not ours.exists()


async def test_the_path_of_ours_is_taken(path: Path):
    taken = path.with_name("ours")
    taken.write_text("precious")
    with bound(str(path)):
        error = await refused(UnixSendToDialer(str(path), bind=str(taken)), DialError)
    assert error.code is ErrorCode.ADDRESS_IN_USE
    assert error.field == "target.bind"
    assert error.facts["path"] == str(taken)


# other systems ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "abstract"), [("win32", False), ("win32", True), ("darwin", True)]
)
async def test_what_another_system_does_not_have(
    platform: str, abstract: bool, path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", platform)
    for what in (
        UnixReceiveDialer(str(path), abstract=abstract),
        UnixReceiveFromListener(str(path), abstract=abstract),
        UnixSendToDialer(str(path), abstract=abstract),
    ):
        with pytest.raises(SpecError) as caught:
            await (what.start(print) if isinstance(what, Listener) else what.dial())
        assert caught.value.code is ErrorCode.NOT_ON_THIS_SYSTEM


async def test_where_the_system_does_not_say_how_long_a_datagram_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", "freebsd")
    stream = await soon(UnixReceiveDialer(str(path), mode=0o600).dial())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    data = random_bytes(200_000)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as far:
        far.sendto(data, str(path))
    assert await soon(stream.receive()) == data
    await stream.aclose()
