"""One datagram socket watched, by the loop or by asking it: over real sockets and loops."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from bascule.streams import datagram_watch
from bascule.streams.datagram_watch import DatagramWatch, Name
from bascule.streams.watch import _LoopWatch
from tests.helpers.contract import soon
from tests.helpers.datagrams import AskingLoop, Peer, peer
from tests.helpers.loops import LOOPS
from tests.helpers.sockets import descriptors

LOOP_FACTORIES: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    **LOOPS,
    "asking": AskingLoop,
}


class Rig:
    """A watched socket and what was seen of it."""

    def __init__(self, tells: bool = True) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setblocking(False)
        self.sock.bind(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self.seen: asyncio.Queue[bytes | OSError] = asyncio.Queue()
        self.watch = DatagramWatch(
            self.sock, self._ready, self._arrived, self.seen.put_nowait, tells=tells
        )

    def _ready(self) -> None:
        try:
            self.seen.put_nowait(self.sock.recv(70_000))
        except BlockingIOError:
            pass
        except OSError as exc:
            self.watch.no_read()
            self.seen.put_nowait(exc)

    def _arrived(self, data: bytes, name: Name) -> None:
        assert isinstance(name, tuple)
        self.seen.put_nowait(data)

    async def next(self) -> bytes | OSError:
        return await soon(self.seen.get())


@pytest_asyncio.fixture
async def rig(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    if isinstance(asyncio.get_running_loop(), AskingLoop):
        # Elsewhere than on Linux nothing stands between us and the loop.
        other = _LoopWatch(asyncio.get_running_loop())
        monkeypatch.setattr(datagram_watch, "watch", lambda: other)
    before = descriptors()
    rig = Rig()
    try:
        yield rig
    finally:
        rig.watch.close()
        rig.watch.close()
        await soon(rig.watch.closed())
    assert rig.sock.fileno() == -1
    assert len(descriptors()) <= len(before)


async def test_what_arrives_is_given(rig: Rig):
    rig.watch.read()
    rig.watch.read()
    with peer() as far:
        for data in (b"one", b"", b"x" * 65_507):
            far.send(data, rig.port)
            assert await rig.next() == data


async def test_nothing_is_given_while_it_is_not_wanted(rig: Rig):
    with peer() as far:
        rig.watch.no_read()
        rig.watch.read()
        far.send(b"one", rig.port)
        assert await rig.next() == b"one"
        rig.watch.no_read()
        for data in (b"two", b"three"):
            far.send(data, rig.port)
        ready = await asyncio.wait([asyncio.ensure_future(asyncio.sleep(0.05))])
        assert not ready[1]
        # One may have been asked for already.
        early = [rig.seen.get_nowait() for _ in range(rig.seen.qsize())]
        assert early in ([], [b"two"])
        rig.watch.read()
        rig.watch.read()
        late = [await rig.next() for _ in range(2 - len(early))]
        assert early + late == [b"two", b"three"]


async def test_trouble_is_told_and_reading_may_go_on(rig: Rig):
    gone = Peer()
    port = gone.port
    gone.sock.close()
    rig.sock.connect(("127.0.0.1", port))
    rig.watch.read()
    rig.sock.send(b"anybody?")
    assert isinstance(await rig.next(), ConnectionRefusedError)
    with peer(port=port) as far:
        rig.watch.read()
        far.send(b"yes", rig.port)
        assert await rig.next() == b"yes"


async def test_it_is_told_when_more_is_taken(rig: Rig):
    ready = asyncio.Event()
    for _ in range(2):
        ready.clear()
        rig.watch.write(ready.set)
        await soon(ready.wait())


async def test_the_last_who_waits_is_told(rig: Rig):
    first, second = asyncio.Event(), asyncio.Event()
    rig.watch.write(first.set)
    rig.watch.write(second.set)
    await soon(second.wait())
    assert not first.is_set()


async def test_closed_it_tells_nobody(rig: Rig):
    ready = asyncio.Event()
    rig.watch.read()
    rig.watch.write(ready.set)
    rig.watch.close()
    await soon(rig.watch.closed())
    await asyncio.wait([asyncio.ensure_future(asyncio.sleep(0.02))])
    assert not ready.is_set()


async def test_where_the_system_does_not_know_it_is_tried_again():
    rig = Rig(tells=False)
    ready = asyncio.Event()
    rig.watch.write(ready.set)
    rig.watch.write(ready.set)
    await soon(ready.wait())
    rig.watch.write(ready.set)
    rig.watch.close()
