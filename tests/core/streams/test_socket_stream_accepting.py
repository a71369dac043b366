"""Waiting for sockets, and taking those who arrive, as many as there are."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from bascule.streams import socket_stream
from bascule.streams.socket_stream import Acceptor, Socket, loop_watches_sockets, wake, writable
from bascule.streams.watch import watch
from tests.helpers.contract import soon
from tests.helpers.descriptors import begun, until
from tests.helpers.exhaustion import no_descriptors_left, refuse_to_watch
from tests.helpers.loops import LOOPS
from tests.helpers.sockets import descriptors, reset, silent

LOOP_FACTORIES = LOOPS


# waiting for a socket ---------------------------------------------------------------------------


async def test_a_waiter_is_woken_once():
    waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    wake(waiter)
    wake(waiter)
    await soon(waiter)
    cancelled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    cancelled.cancel()
    wake(cancelled)


async def test_a_connection_being_made_is_waited_for():
    before = len(descriptors())
    with silent("127.0.0.1") as port, socket.socket() as sock:
        sock.setblocking(False)
        assert sock.connect_ex(("127.0.0.1", port)) == errno.EINPROGRESS
        waiting = await begun(writable(sock))
        waiting.cancel()
        await asyncio.wait([waiting])
    assert len(descriptors()) <= before + 2  # of the loop itself
    with socket.socket() as sock:
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", 1))
        await soon(writable(sock))  # decided: refused


def test_windows_has_no_loop_that_watches_sockets(monkeypatch: pytest.MonkeyPatch):
    assert loop_watches_sockets()
    monkeypatch.setattr(sys, "platform", "win32")
    assert not loop_watches_sockets()


# accepting --------------------------------------------------------------------------------------


class Entry:
    """Listening sockets, and who came in."""

    def __init__(self, count: int = 1, backlog: int = 200) -> None:
        self.sockets = [
            socket.create_server(("127.0.0.1", 0), backlog=backlog) for _ in range(count)
        ]
        for each in self.sockets:
            each.setblocking(False)
        self.arrived: list[Socket] = []
        self.then: Callable[[], None] = lambda: None
        self.acceptor = Acceptor(self.sockets, self._arrive)
        self.clients: list[socket.socket] = []

    def _arrive(self, sock: Socket, _name: object) -> None:
        self.arrived.append(sock)
        self.then()

    def connect(self, index: int = 0) -> socket.socket:
        self.clients.append(socket.create_connection(self.sockets[index].getsockname()))
        return self.clients[-1]

    async def have_come(self, count: int) -> None:
        await soon(until(lambda: len(self.arrived) >= count))
        assert len(self.arrived) == count

    def close(self) -> None:
        self.acceptor.close()
        for each in (*self.arrived, *self.clients):
            each.close()


async def test_all_who_wait_are_taken_also_more_than_at_once():
    entry = Entry(2)
    for _ in range(70):
        entry.connect(0)
    for _ in range(3):
        entry.connect(1)
    await entry.have_come(73)
    entry.connect(1)
    await entry.have_come(74)
    entry.close()
    entry.close()
    assert all(each.fileno() == -1 for each in entry.sockets)


async def test_one_who_has_gone_meanwhile_holds_nobody_up():
    entry = Entry()

    def accept() -> tuple[int, object]:
        """Linux gives who has gone as well; the BSDs say so (accept(2), ECONNABORTED)."""
        raise ConnectionAbortedError(errno.ECONNABORTED, "gone")

    entry.acceptor._accept(entry.sockets[0], accept, socket.SocketType)
    reset(entry.connect())
    entry.connect()
    await entry.have_come(2)
    entry.close()


async def test_whoever_is_told_may_close_it_at_once():
    """Nobody else is accepted then, and nothing is tried again later."""
    entry = Entry()
    entry.then = entry.acceptor.close
    first = entry.connect()
    second = entry.connect()
    await entry.have_come(1)
    loop = asyncio.get_running_loop()
    second.setblocking(False)
    with pytest.raises(ConnectionResetError):
        await soon(loop.sock_recv(second, 1))
    assert entry.acceptor._pauses == set()
    first.close()
    entry.close()


async def test_out_of_descriptors_it_pauses_and_goes_on(monkeypatch: pytest.MonkeyPatch):
    """Also where it cannot be watched for a while."""
    monkeypatch.setattr(socket_stream, "_ACCEPT_PAUSE_SECONDS", 0.05)
    entry = Entry()
    entry.connect()
    await entry.have_come(1)
    entry.connect()

    async def another() -> None:
        """Wait for the pause after this one."""
        await soon(until(lambda: entry.acceptor._pauses))
        (pause,) = entry.acceptor._pauses
        await soon(until(lambda: entry.acceptor._pauses - {pause}))

    with no_descriptors_left() as held:
        await another()  # it has tried again
        with monkeypatch.context() as patch:
            patch.setattr(entry.acceptor.watching, "read", refuse_to_watch)
            await another()
            await another()
        await another()
        assert len(entry.arrived) == 1
        os.close(held.pop())
        await entry.have_come(2)
    entry.connect()
    await entry.have_come(3)
    entry.close()


async def test_closing_ends_a_pause():
    entry = Entry()
    entry.connect()
    await entry.have_come(1)
    entry.connect()
    with no_descriptors_left():
        await soon(until(lambda: entry.acceptor._pauses))
        (pause,) = entry.acceptor._pauses
        entry.close()
        assert pause.cancelled()
        assert entry.acceptor._pauses == set()


async def test_where_listening_cannot_be_watched_nothing_stays_open(
    monkeypatch: pytest.MonkeyPatch,
):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    monkeypatch.setattr(watch(), "read", refuse_to_watch)
    with pytest.raises(OSError, match="No space"):
        Acceptor(sockets, lambda _sock, _name: None)
    assert [each.fileno() for each in sockets] == [-1, -1]


_LITTLE = """
import asyncio, resource
from bascule.streams import socket_stream
from bascule.streams.tcp import TcpListener

socket_stream._ACCEPT_PAUSE_SECONDS = 0.05
resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))

async def main():
    async def serve(stream):
        while data := await stream.receive():
            await stream.send(data)
        await stream.aclose()

    async with asyncio.TaskGroup() as group:
        listener = TcpListener("127.0.0.1", 0)
        (address,) = await listener.start(lambda stream: group.create_task(serve(stream)))
        print(address.port, flush=True)
        await asyncio.get_running_loop().create_future()

asyncio.run(main())
"""


async def test_a_program_that_may_open_little_serves_those_who_wait_later():
    loop = asyncio.get_running_loop()
    count = 60
    argv = [sys.executable, "-c", _LITTLE]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        port = int(program.stdout.readline())
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
        answers: set[asyncio.Task[socket.socket]] = set()
        served: list[int] = []

        async def ask(client: socket.socket) -> socket.socket:
            client.setblocking(False)
            await loop.sock_sendall(client, b"hello")
            assert await loop.sock_recv(client, 10) == b"hello"
            return client

        try:
            answers = {asyncio.ensure_future(ask(client)) for client in clients}
            while answers:
                done, answers = await asyncio.wait(answers, timeout=0.3)
                served.append(len(done))
                for task in done:
                    task.result().close()
                assert program.poll() is None
        finally:
            for task in answers:
                task.cancel()
            for client in clients:
                client.close()
            program.kill()
        assert 0 < max(served) < 24
