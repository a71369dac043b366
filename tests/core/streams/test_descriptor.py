"""Descriptors that the loop watches: the stream contract over pipes and sockets, ends, errors, and
careful writing.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import select
import socket
import tty
from pathlib import Path

import pytest

from bascule.errors import BasculeError, ErrorCode, StreamError
from bascule.streams.base import Address, Stream
from bascule.streams.descriptor import (
    CAREFUL_BYTES,
    HUNG_UP,
    WatchedInlet,
    WatchedOutlet,
    close_quietly,
)
from bascule.streams.ways import DescriptorStream
from tests.helpers.contract import StreamContract, random_bytes, read_all, soon
from tests.helpers.descriptors import begun, descriptors, over_pipes
from tests.helpers.loops import LOOPS

LOOP_FACTORIES = LOOPS


def pipe_pair(*, careful: bool = False) -> tuple[DescriptorStream, DescriptorStream]:
    (near_in, far_out), (far_in, near_out) = os.pipe(), os.pipe()
    fcntl.fcntl(near_out, fcntl.F_SETPIPE_SZ, 256 * 1024)  # more than a chunk of the contract
    return over_pipes(near_in, near_out, careful=careful), over_pipes(far_in, far_out)


class TestContractOverPipes(StreamContract):
    resets = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        return pipe_pair()


class TestContractOfCarefulWriting(StreamContract):
    resets = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        return pipe_pair(careful=True)


def over_socket(sock: socket.socket) -> DescriptorStream:
    sock.setblocking(False)
    return DescriptorStream(
        Address("socket"),
        WatchedInlet(sock.fileno(), read=sock.recv_into),
        WatchedOutlet(sock.fileno(), write=sock.send),
        sock.close,
        finish=lambda: sock.shutdown(socket.SHUT_WR),
    )


class TestContractOverOneSocket(StreamContract):
    resets = False

    async def open_pair(self) -> tuple[Stream, Stream]:
        near, far = socket.socketpair()
        return over_socket(near), over_socket(far)


# reading -----------------------------------------------------------------------------------------


async def test_the_end_is_asked_for_anew(tmp_path: Path):
    # As with tail -f on a FIFO: after one writer has gone, another one comes.
    path = tmp_path / "fifo"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    inlet = WatchedInlet(reading)
    for words in (b"first", b"second"):
        writing = os.open(path, os.O_WRONLY)
        os.write(writing, words)
        os.close(writing)
        assert await soon(inlet.receive()) == words
        assert await soon(inlet.receive()) == b""
        assert await soon(inlet.receive()) == b""
    inlet.halt()
    os.close(reading)


async def test_a_hang_up_is_the_end_where_it_is_said_to_be():
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    inlet = WatchedInlet(master, ends=HUNG_UP)
    os.write(slave, b"last words")
    os.close(slave)
    assert await soon(read_all_of(inlet)) == b"last words"
    inlet.halt()
    os.close(master)


async def test_a_hang_up_is_an_error_elsewhere():
    master, slave = os.openpty()
    os.set_blocking(master, False)
    inlet = WatchedInlet(master)
    os.close(slave)
    for _ in range(2):
        with pytest.raises(StreamError) as caught:
            await soon(inlet.receive())
        assert caught.value.code is ErrorCode.CONNECTION_BROKEN
        assert isinstance(caught.value.__cause__, OSError)
    inlet.halt()
    os.close(master)


async def read_all_of(inlet: WatchedInlet) -> bytes:
    data = b""
    while more := await inlet.receive():
        data += more
    return data


async def test_a_spurious_wake_up_is_no_end(pipe: tuple[int, int]):
    inlet = WatchedInlet(pipe[0])
    waiting = await begun(inlet.receive())
    inlet._readable()
    assert not waiting.done()
    os.write(pipe[1], b"real")
    assert await soon(waiting) == b"real"
    inlet.halt()


async def test_what_nobody_asks_for_stays_with_the_system(pipe: tuple[int, int]):
    inlet = WatchedInlet(pipe[0])
    waiting = await begun(inlet.receive())
    waiting.cancel()
    await asyncio.wait([waiting])
    os.write(pipe[1], b"ab")
    while inlet._watching:
        await asyncio.sleep(0)
    assert select.select([pipe[0]], [], [], 0)[0]
    assert await soon(inlet.receive()) == b"ab"
    inlet.halt()


async def test_halting_wakes_who_waits(pipe: tuple[int, int]):
    inlet, outlet = WatchedInlet(pipe[0]), WatchedOutlet(pipe[1])
    sending = await begun(outlet.send(bytes(1_000_000)))
    outlet.halt()
    with pytest.raises(StreamError):
        await soon(sending)
    os.read(pipe[0], 1_000_000)
    receiving = await begun(inlet.receive())
    inlet.halt()
    with pytest.raises(StreamError):
        await soon(receiving)
    inlet.halt()
    outlet.halt()


# writing -----------------------------------------------------------------------------------------


async def test_nobody_reads_any_more(pipe: tuple[int, int]):
    outlet = WatchedOutlet(pipe[1])
    os.close(pipe[0])
    with pytest.raises(StreamError) as caught:
        await soon(outlet.send(b"x"))
    assert caught.value.code is ErrorCode.CONNECTION_RESET


async def test_nobody_reads_any_more_while_we_wait(pipe: tuple[int, int]):
    outlet = WatchedOutlet(pipe[1])
    sending = await begun(outlet.send(bytes(1_000_000)))
    os.close(pipe[0])
    with pytest.raises(StreamError) as caught:
        await soon(sending)
    assert caught.value.code is ErrorCode.CONNECTION_RESET


async def test_a_terminal_that_nobody_has_open_takes_nothing():
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    outlet = WatchedOutlet(master)
    sending = await begun(outlet.send(bytes(1_000_000)))
    os.close(slave)
    with pytest.raises(StreamError) as caught:
        await soon(sending)
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.EIO
    os.close(master)


async def test_errors_are_explained_by_who_knows(pipe: tuple[int, int]):
    def explain(exc: OSError) -> BasculeError:
        return StreamError(f"number {exc.errno}", code=ErrorCode.FILE_FULL)

    outlet = WatchedOutlet(pipe[1], explain)
    os.close(pipe[0])
    with pytest.raises(StreamError) as caught:
        await soon(outlet.send(b"x"))
    assert caught.value.message == f"number {errno.EPIPE}"


async def test_a_cancelled_send_watches_no_longer(pipe: tuple[int, int]):
    outlet = WatchedOutlet(pipe[1])
    sending = await begun(outlet.send(bytes(1_000_000)))
    sending.cancel()
    await asyncio.wait([sending])
    os.read(pipe[0], 1_000_000)
    await soon(outlet.send(b"again"))
    assert os.read(pipe[0], 100).endswith(b"again")


async def test_careful_writing_never_blocks_the_loop():
    # A blocking pipe that is full but for a page: what is written must fit into that.
    reading, writing = os.pipe()
    outlet = WatchedOutlet(writing, careful=True)
    data = random_bytes(200_000)
    sending = asyncio.ensure_future(outlet.send(data))
    got = b""
    while len(got) < len(data):
        await asyncio.sleep(0)
        if select.select([reading], [], [], 0)[0]:
            got += os.read(reading, CAREFUL_BYTES * 3 + 1)
    await soon(sending)
    assert got == data
    assert os.get_blocking(writing)
    close_quietly(reading, writing)


async def test_a_cycle_leaves_no_descriptor():
    async def cycles(count: int) -> None:
        for _ in range(count):
            near, far = pipe_pair()
            receiving = asyncio.ensure_future(far.receive())
            await near.send(b"x")
            assert await soon(receiving) == b"x"
            await near.send_eof()
            assert await soon(read_all(far)) == b""
            await near.aclose()
            await far.aclose()

    await cycles(1)
    before = descriptors()
    await cycles(200)
    assert descriptors() == before
