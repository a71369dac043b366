"""One direction of the quick way, on both loops: all bytes, all ends, whatever breaks."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import hashlib
import os
import random
import socket
import struct
import termios
from collections.abc import Callable
from typing import Any

import pytest

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.relay import way as way_module
from bascule.relay.way import _Pipes
from bascule.streams.base import Stream
from bascule.streams.poll_loop import PollWatch
from bascule.streams.socket_stream import Socket
from bascule.streams.watch import watch
from tests.helpers.contract import (
    MEBIBYTE,
    PATIENCE_SECONDS,
    random_bytes,
    read_all,
    read_count,
    soon,
)
from tests.helpers.descriptors import until
from tests.helpers.loops import LOOPS
from tests.helpers.quick import (
    MostLent,
    Rig,
    carried,
    carries_both_ways,
    digest,
    pipes,
    pours,
    refuse,
    stalls,
    stuff,
    turns_bulky,
)
from tests.helpers.relays import is_reset

LOOP_FACTORIES = LOOPS
BLOCK = random_bytes(MEBIBYTE)


# bytes ------------------------------------------------------------------------------------------


def _give_small_ones(patch: pytest.MonkeyPatch) -> None:
    """As the system does once a user has many large ones."""
    control = fcntl.fcntl
    patch.setattr(fcntl, "fcntl", lambda fd, call, _size: control(fd, call, 65_536))


HOW: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "moving pages": lambda _patch: None,
    "no pipe free": lambda patch: patch.setattr(way_module, "_MOST_PIPES", 0),
    "large pipes refused": lambda patch: patch.setattr(fcntl, "fcntl", refuse),
    "small pipes given": _give_small_ones,
    "no pipes at all": lambda patch: patch.setattr(os, "pipe2", refuse),
    "another system": lambda patch: patch.setattr(way_module.sys, "platform", "darwin"),
}


@pytest.mark.parametrize("kind", ["tcp", "unix"])
@pytest.mark.parametrize("how", HOW)
async def test_much_both_ways_at_once_arrives_as_it_was_sent(
    kind: str, how: str, monkeypatch: pytest.MonkeyPatch
):
    watch()  # Linux's, whatever system it is then
    HOW[how](monkeypatch)
    seen, open_pipes = MostLent(monkeypatch), pipes()
    there, back = random_bytes(10 * MEBIBYTE, 1), random_bytes(7 * MEBIBYTE, 2)
    async with carried(kind) as rig:
        await carries_both_ways(rig, there, back)
        assert (seen.most > 0) is (how == "moving pages")
        assert pipes() == open_pipes


@pytest.mark.parametrize("seed", range(4))
async def test_any_sizes_in_any_rhythm_arrive_as_they_were_sent(
    seed: int, monkeypatch: pytest.MonkeyPatch
):
    """Pipes are lent and given back again and again meanwhile."""
    monkeypatch.setattr(way_module, "_SLACK_READS", 3)
    monkeypatch.setattr(way_module, "_BULKY_READS", 2)
    seen = MostLent(monkeypatch)

    async def send(stream: Stream, chooser: random.Random) -> tuple[int, bytes]:
        count, sent = 0, hashlib.sha256()
        for _ in range(12):
            size = chooser.choice([10, 2000, 50_000, 3_000_000])
            for _ in range(chooser.randint(1, 6)):
                data = chooser.randbytes(min(size, MEBIBYTE)) * max(1, size // MEBIBYTE)
                await stream.send(data)
                count += len(data)
                sent.update(data)
                for _ in range(chooser.randint(0, 3)):
                    await asyncio.sleep(0)
        await stream.send_eof()
        return count, sent.digest()

    async with carried() as rig, asyncio.timeout(PATIENCE_SECONDS):
        got = await asyncio.gather(
            send(rig.client, random.Random(seed)),
            digest(rig.service),
            send(rig.service, random.Random(seed + 100)),
            digest(rig.client),
        )
        assert got[0] == got[1]
        assert got[2] == got[3]
    assert seen.most > 0


async def test_small_messages_borrow_nothing():
    async with carried() as rig:
        for _ in range(300):
            await soon(rig.client.send(b"ping"))
            assert await soon(rig.service.receive()) == b"ping"
            await soon(rig.service.send(b"pong"))
            assert await soon(rig.client.receive()) == b"pong"
        assert _Pipes.lent == 0
        assert (rig.counters.up, rig.counters.down) == (1200, 1200)


# ends -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["tcp", "unix"])
@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("much", [False, True])
async def test_one_way_ends_and_the_other_goes_on(kind: str, way: int, much: bool):
    async with carried(kind) as rig:
        asking, answering = rig.ways[way]
        if much:
            await turns_bulky(asking, answering)
            assert _Pipes.lent == 1
        await soon(asking.send(b"question"))
        await soon(asking.send_eof())
        assert await soon(read_all(answering)) == b"question"
        assert _Pipes.lent == 0  # given back, although the connection goes on
        await soon(answering.send(b"first"))
        assert await soon(asking.receive()) == b"first"
        if much:
            await turns_bulky(answering, asking)
        assert not rig.over.done()
        await soon(answering.send_eof())
        assert await soon(asking.receive()) == b""
        assert await rig.is_over() is None


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize(
    "when", ["quiet", "small", "bulky", "half closed", "stalled", "stalled pipe"]
)
async def test_a_reset_travels_as_a_reset(way: int, when: str, monkeypatch: pytest.MonkeyPatch):
    if when == "stalled":
        monkeypatch.setattr(way_module, "_MOST_PIPES", 0)
    async with carried() as rig:
        broken, other = rig.ways[way]
        match when:
            case "small":
                await pours(broken, other, 10)
                await pours(other, broken, 10)
            case "bulky":
                await turns_bulky(broken, other)
                await turns_bulky(other, broken)
            case "half closed":
                await soon(other.send_eof())
                assert await soon(broken.receive()) == b""
            case "stalled" | "stalled pipe":  # who resets takes nothing, and is written to
                if when == "stalled pipe":
                    await turns_bulky(other, broken)
                await stalls(other, rig)
                assert _Pipes.lent == (when == "stalled pipe")
            case _:
                pass
        broken.abort()
        assert await is_reset(other)
        error = await rig.is_over()
        assert error is not None
        assert error.code is ErrorCode.CONNECTION_RESET
        assert _Pipes.lent == 0


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("bulky", [False, True])
async def test_who_takes_nothing_any_more_is_told_to_who_sends(way: int, bulky: bool):
    """It has closed: what is sent to it is answered with a reset."""
    async with carried("unix") as rig:
        sender, reader = rig.ways[way]
        if bulky:
            await turns_bulky(sender, reader)
        await reader.aclose()
        with pytest.raises(BasculeError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    await sender.send(BLOCK)
        assert await rig.is_over() is not None
        assert _Pipes.lent == 0


async def test_an_end_that_cannot_be_passed_on_is_trouble():
    """The service is gone by the time the client finishes, and nobody has heard of it."""
    rig = Rig()
    path = rig.start()
    rig.service.abort()
    await rig.client.send_eof()
    await soon(until(lambda: rig.target.sock.getsockopt(socket.IPPROTO_TCP, 11) == 7))  # TCP_INFO
    path._up._copy()
    error = await rig.is_over()
    assert error is not None
    assert error.code is ErrorCode.CONNECTION_BROKEN
    rig.close()


# a reader that stalls ---------------------------------------------------------------------------


def queued(sock: Socket, question: int) -> int:
    """How much the system holds of a socket: unread, or not yet acknowledged."""
    return struct.unpack("i", fcntl.ioctl(sock.fileno(), question, bytes(4)))[0]


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("how", ["copying", "moving pages"])
async def test_a_stalled_reader_holds_little_of_ours(
    way: int, how: str, monkeypatch: pytest.MonkeyPatch
):
    """Of what the sender got rid of, all is in a socket except less than 2 MiB."""
    if how == "copying":
        monkeypatch.setattr(way_module, "_MOST_PIPES", 0)
    async with carried() as rig:
        sender, reader = rig.ways[way]
        if how == "moving pages":
            await turns_bulky(sender, reader)
        handed = rig.counters.up + rig.counters.down
        sent = await stalls(sender, rig)
        near = (rig.source, rig.target)[way]
        taken = sent - queued(sender.sock, termios.TIOCOUTQ) - queued(near.sock, termios.FIONREAD)
        ours = taken - (rig.counters.up + rig.counters.down - handed)
        assert 0 < ours <= MEBIBYTE
        assert _Pipes.lent == (how == "moving pages")
        # Nothing is lost, and the other way is not held up.
        other = asyncio.ensure_future(pours(reader, sender, 100_000))
        assert len(await soon(read_count(reader, sent))) == sent
        await soon(other)


# where the system changes its mind --------------------------------------------------------------


async def test_called_without_need_it_does_nothing(monkeypatch: pytest.MonkeyPatch):
    """It is ready to be read and then not; has room, and then not; and all that after the end."""
    async with carried() as rig:
        up, down = rig.path._up, rig.path._down
        up._copy()
        await turns_bulky(rig.client, rig.service)
        up._splice()
        sent = await stalls(rig.client, rig)
        up._drain_on()
        assert _Pipes.lent == 1
        assert len(await soon(read_count(rig.service, sent))) == sent
        await soon(rig.service.send_eof())
        assert await soon(rig.client.receive()) == b""
        assert down.over
        down._copy()
        await pours(rig.client, rig.service, 10)
    monkeypatch.setattr(way_module, "_MOST_PIPES", 0)
    async with carried() as rig:
        up = rig.path._up
        sent = await stalls(rig.client, rig)
        sent += stuff(rig.target)  # room of which the system says nothing, being so little
        up._send_held()
        assert up._held is not None
        assert len(await soon(read_count(rig.service, sent))) == sent
        assert up._held is None


async def test_a_writer_that_takes_nothing_at_once_gets_it_later():
    rig = Rig("unix")
    stuffed = stuff(rig.target)
    up = rig.start()._up
    await soon(rig.client.send(b"last"))
    await soon(until(lambda: up._held is not None))
    assert rig.counters.up == 0
    got = await soon(read_count(rig.service, stuffed + 4))
    assert got[-4:] == b"last"
    await soon(until(lambda: rig.counters.up == 4))
    rig.close()


class Broken:
    """A socket of which the system says, whatever is asked, that it is broken."""

    def __init__(self, sock: Socket) -> None:
        self._sock = sock

    def fileno(self) -> int:
        return self._sock.fileno()

    def refuse(self, *_args: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    recv_into = send = shutdown = refuse


@pytest.mark.parametrize(
    ("state", "side"),
    [
        ("copying", "reader"),
        ("copying", "writer"),
        ("holding", "writer"),
        ("moving", "reader"),
        ("moving", "writer"),
        ("inside", "writer"),
        ("ending", "writer"),
    ],
)
async def test_whatever_breaks_in_whatever_state_is_told_once(
    state: str, side: str, monkeypatch: pytest.MonkeyPatch
):
    """A rig refuses to be told twice."""
    reading: list[asyncio.Future[bytes]] = []
    rig = Rig("unix")
    if state == "holding":
        monkeypatch.setattr(way_module, "_MOST_PIPES", 0)
    up = rig.start()._up
    if state in {"moving", "inside"}:
        await turns_bulky(rig.client, rig.service)
    if state in {"holding", "inside"}:
        await stalls(rig.client, rig)
    splice, fd = os.splice, up._read_fd if side == "reader" else up._write_fd

    def spliced(src: int, dst: int, count: int, **more: Any) -> int:
        if fd in {src, dst}:
            raise OSError(errno.EIO, "Input/output error")
        return splice(src, dst, count, **more)

    monkeypatch.setattr(os, "splice", spliced)
    if side == "reader":
        up._reader = Broken(up._reader)  # type: ignore[assignment]
    else:
        up._writer = Broken(up._writer)  # type: ignore[assignment]
    if state == "ending":
        await rig.client.send_eof()
    elif state in {"copying", "moving"}:
        await rig.client.send(b"x")
    else:
        reading.append(asyncio.ensure_future(read_all(rig.service)))
    error = await rig.is_over()
    assert isinstance(error, StreamError)
    assert "Input/output error" in str(error)
    assert _Pipes.lent == 0
    rig.close()
    for each in reading:
        await asyncio.wait([each])
        each.exception()


@pytest.mark.parametrize("bulky", [False, True])
async def test_a_sender_that_resets_while_the_reader_stalls(
    bulky: bool, monkeypatch: pytest.MonkeyPatch
):
    """What has been taken of it is still given, then the reset."""
    if not isinstance(watch(), PollWatch):
        # On Linux, where it is not used, libuv calls a reader only once after a reset, however
        # much there still is to read; on macOS it does not hear of the reset before the end.
        return
    if not bulky:
        monkeypatch.setattr(way_module, "_MOST_PIPES", 0)
    async with carried() as rig:
        if bulky:
            await turns_bulky(rig.client, rig.service)
        before = rig.counters.up
        await stalls(rig.client, rig)
        rig.client.abort()
        got = 0
        with pytest.raises(StreamError) as caught:
            while True:
                got += len(await soon(rig.service.receive()))
        assert caught.value.code is ErrorCode.CONNECTION_RESET
        assert got > MEBIBYTE
        assert rig.counters.up - before >= got
        assert await rig.is_over() is not None
