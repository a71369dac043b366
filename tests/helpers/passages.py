"""One passage to try: what it is made of, who listens to it, and its far ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

import pytest

from bascule.errors import ErrorCode, Problem, StreamError
from bascule.relay.connection import Connection
from bascule.relay.pump import Rules
from bascule.streams.base import Dialer, Progress, Stream, ignore_progress
from bascule.streams.memory import memory_pair
from tests.helpers.contract import read_all, soon
from tests.helpers.descriptors import turns
from tests.helpers.pairs import Given, socket_pair

OVER = Problem(ErrorCode.IDLE_EXPIRED, "over")
CONNECTED, WHOLE = "connected to way", ["connected to way", "ended"]


class Way(Dialer):
    """Gives one end of a pair, or fails; may be told to wait before."""

    label = "way"

    def __init__(self, error: Exception | None = None) -> None:
        self.near, self.far = memory_pair()
        self.error = error
        self.may_dial = asyncio.Event()
        self.may_dial.set()

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        await self.may_dial.wait()
        if self.error is not None:
            raise self.error
        return self.near


class Listening:
    """Whoever has a connection, and what it has heard of it."""

    def __init__(self, then: Callable[[Connection], object] = lambda _connection: None) -> None:
        self.heard: list[str] = []
        self.over = asyncio.Event()
        self._then = then

    def connected(self, connection: Connection, target: str) -> None:
        assert connection.connected
        self.heard.append(f"connected to {target}")
        self._then(connection)

    def ended(self, connection: Connection) -> None:
        assert not connection.needs_no_task
        self.heard.append("ended")
        self.over.set()


def started(work: Coroutine[None, None, None] | None) -> asyncio.Future[None]:
    """Run what a connection leaves to be run."""
    assert work is not None
    return asyncio.ensure_future(work)


class Rig:
    def __init__(self, way: Way | None = None) -> None:
        self.client, self.source = memory_pair()
        self.way = way or Way()
        self.welcome: Callable[[Stream], Awaitable[Stream]] | None = None
        self.connection = Connection(7, "peer")
        self.owner = Listening()

    def start(self) -> asyncio.Future[None]:
        self.task = started(
            self.connection.start(
                self.source, self.welcome, self.way, rules=Rules(0.01), owner=self.owner
            )
        )
        return self.task

    async def begun(self) -> asyncio.Future[None]:
        """It runs, and has reached the target unless that waits."""
        task = self.start()
        await asyncio.wait([task], timeout=0.02)
        await turns()  # where the computer was busy elsewhere
        assert not task.done()
        return task

    def check_all_closed(self) -> None:
        assert self.owner.heard[-1:] == ["ended"]
        assert self.owner.heard.count("ended") == 1
        for stream in (self.source, self.way.near):
            with pytest.raises(StreamError, match="closed"):
                stream._refuse_when_gone()


async def seen_by(stream: Stream) -> str:
    try:
        await soon(read_all(stream))
    except StreamError as exc:
        return exc.code
    return "end"


class Sockets:
    """A connection between two TCP sockets, whose far ends are here."""

    def __init__(self) -> None:
        self.owner = Listening()
        self.connection = Connection(7, "peer")
        self.client, self.source = socket_pair()
        self.target, self.service = socket_pair()

    def start(
        self, target: Dialer, rules: Rules | None = None
    ) -> Coroutine[None, None, None] | None:
        """Begin; what is left to be run is returned."""
        return self.connection.start(
            self.source, None, target, rules=rules or Rules(), owner=self.owner
        )

    async def begin(self, rules: Rules | None = None) -> None:
        """Run to where a task is needed no longer."""
        await soon(started(self.start(Given(self.target), rules)))

    async def echoes(self) -> None:
        """See that bytes go both ways."""
        await soon(self.client.send(b"up"))
        assert await soon(self.service.receive()) == b"up"
        await soon(self.service.send(b"down!"))
        assert await soon(self.client.receive()) == b"down!"

    async def is_over(self) -> None:
        """Wait for the end, and see that both are closed, and that it was told once."""
        await soon(self.owner.over.wait())
        assert self.owner.heard == ["connected to given", "ended"]
        assert not self.connection.needs_no_task
        assert (self.source.sock.fileno(), self.target.sock.fileno()) == (-1, -1)


class AtOnce(Given):
    """Gives its stream without any waiting."""

    def begin(self) -> Stream:
        return self._stream
