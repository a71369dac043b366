"""A relay to watch, and the far sides of it: clients that connect and services that are reached."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Self

from bascule.errors import ErrorCode, SpecError, StreamError
from bascule.events import ConnectionClosed, LogLine, RelayChanged, RelayEvent, RelayState
from bascule.relay.build import Ends, build
from bascule.relay.relay import Relay
from bascule.relay.way import _Pipes
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.relays import RelaySpec
from bascule.streams.base import Address, Listener, Stream
from bascule.streams.tcp import TcpDialer, TcpListener
from bascule.streams.tls import TlsDialer, client_context
from bascule.streams.watch import watch
from tests.helpers.certificates import Files
from tests.helpers.contract import PATIENCE_SECONDS, read_all, read_count, soon
from tests.helpers.descriptors import children, until
from tests.helpers.ports import free_port
from tests.helpers.sockets import descriptors


class RelayRig:
    """A relay, what it has told, and a way to wait for more. It is stopped at the end. ``on_event``
    is called from within each event.
    """

    def __init__(
        self,
        spec: RelaySpec,
        secrets: Mapping[str, str] | None = None,
        *,
        foreground: bool = False,
    ) -> None:
        self.spec = spec
        self._foreground = foreground
        self.events: list[RelayEvent] = []
        self.on_event: Callable[[RelayEvent], object] = lambda _event: None
        self._secrets = {"": "", **(secrets or {})}
        self._heard = asyncio.Event()
        self.relay = Relay("relay-1", spec, self._build, self._tell)

    async def _build(self, spec: RelaySpec) -> Ends:
        return build(spec, self._read_secret, foreground=self._foreground)

    def _read_secret(self, reference: str) -> str:
        if reference not in self._secrets:
            raise SpecError("no such secret", code=ErrorCode.SECRET_MISSING)
        return self._secrets[reference]

    def _tell(self, event: RelayEvent) -> None:
        assert event.relay == "relay-1"
        self.events.append(event)
        self._heard.set()
        self.on_event(event)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await soon(self.relay.stop())

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds; it is asked again after each event."""

        async def wait() -> None:
            while not holds():
                self._heard.clear()
                await self._heard.wait()

        await soon(wait())

    async def reach(self, state: RelayState) -> None:
        """Wait until it is in this state."""
        await self.until(lambda: self.relay.status.state is state)

    async def run(self) -> Self:
        """Start, and wait until it runs."""
        self.relay.start()
        await self.reach(RelayState.RUNNING)
        return self

    def of[T: RelayEvent](self, kind: type[T]) -> list[T]:
        """What it has told of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def states(self) -> list[RelayState]:
        return [event.status.state for event in self.of(RelayChanged)]

    @property
    def log(self) -> list[str]:
        return [event.text for event in self.of(LogLine)]

    async def closed(self, count: int = 1) -> ConnectionClosed:
        """The last of so many connections that have ended."""
        await self.until(lambda: len(self.of(ConnectionClosed)) >= count)
        return self.of(ConnectionClosed)[count - 1]

    async def connected(self, count: int = 1) -> None:
        """Wait until so many connections have reached the target."""
        live = self.relay.connections
        await self.until(lambda: sum(each.connected for each in live.values()) >= count)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.relay.status.listening[0].rpartition(":")[2])

    def tick(self, later_seconds: float = 0.0) -> None:
        """What the engine does twice a second."""
        self.relay.tick(time.monotonic() + later_seconds)


class Service:
    """Where a relay leads to: a listener, and the streams that arrived. Unless another listener is
    given, its port stays ours when it listens no more.
    """

    def __init__(self, listener: Listener | None = None) -> None:
        self.listener = listener or TcpListener("127.0.0.1", free_port())
        self.arrived: asyncio.Queue[Stream] = asyncio.Queue()
        self.count = 0
        self.address = Address("")
        self._streams: list[Stream] = []

    @property
    def port(self) -> int:
        return self.address.port or 0

    def _arrive(self, stream: Stream) -> None:
        self.count += 1
        self._streams.append(stream)
        self.arrived.put_nowait(stream)

    async def next(self) -> Stream:
        return await soon(self.arrived.get())

    async def __aenter__(self) -> Self:
        self.address = (await soon(self.listener.start(self._arrive)))[0]
        return self

    async def drop_all(self) -> None:
        """Close whatever has arrived so far."""
        for stream in self._streams:
            stream.abort()
            await soon(stream.aclose())
        self._streams.clear()
        self.arrived = asyncio.Queue()

    async def __aexit__(self, *_exc: object) -> None:
        await self.listener.aclose()
        await self.drop_all()


@contextlib.asynccontextmanager
async def echo(listener: Listener | None = None, *, patient: bool = False) -> AsyncIterator[int]:
    """A service that sends everything back, with its end; its port where it has one. A ``patient``
    one does not mind clients that break off.
    """
    listener = listener or TcpListener("127.0.0.1", 0)
    async with asyncio.TaskGroup() as group:

        async def serve(arrival: Stream) -> None:
            stream = await listener.welcome(arrival)
            with contextlib.suppress(*[StreamError] * patient):
                while chunk := await stream.receive():
                    await stream.send(chunk)
                await stream.send_eof()
            await stream.aclose()

        (address,) = await listener.start(lambda stream: group.create_task(serve(stream)) and None)
        try:
            yield address.port or 0
        finally:
            await listener.aclose()


class Clients:
    """Those who connect; all are gone at the end."""

    def __init__(self) -> None:
        self._streams: list[Stream] = []

    async def connect(self, port: int, host: str = "127.0.0.1", bind: str = "") -> Stream:
        stream = await soon(TcpDialer(host, port, bind=bind).dial())
        return self.keep(stream)

    def keep(self, stream: Stream) -> Stream:
        self._streams.append(stream)
        return stream

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for stream in self._streams:
            stream.abort()
            await soon(stream.aclose())


@contextlib.asynccontextmanager
async def nothing_left_behind() -> AsyncIterator[None]:
    """Fail where what happens inside leaves a task, a descriptor, somebody who watches one, a
    program that runs or was not reaped, a buffer or a pipe that is lent. The loop and its threads
    may have opened some of their own before: run what is tried once beforehand.
    """
    tasks = asyncio.all_tasks()
    before = descriptors()
    held = _held()
    yield
    left = asyncio.all_tasks() - tasks
    if left:
        await asyncio.wait(left, timeout=PATIENCE_SECONDS)
    left = {task for task in left if not task.done()}
    assert left == set()
    with contextlib.suppress(TimeoutError):  # the system and threads do some of it in their time
        await until(lambda: len(descriptors()) == len(before) and _held() == held)
    after = descriptors()
    assert len(after) == len(before), {
        number: what for number, what in after.items() if before.get(number) != what
    }
    assert _held() == held


def _held() -> dict[str, object]:
    """What this process and the running loop hold beside tasks and descriptors."""
    watching: Any = watch()
    selector: Any = getattr(asyncio.get_running_loop(), "_selector", None)  # Windows' has none
    return {
        "readers": len(getattr(watching, "_readers", ())),
        "writers": len(getattr(watching, "_writers", ())),
        "watched by the loop": len(selector.get_map()) if selector else 0,
        "buffers lent": watching._lent,
        "pipes lent": _Pipes.lent,
        "programs": children(),
    }


def storm(seed: int, count: int, *calls: Callable[[], Any]) -> list[Callable[[], Any]]:
    """Calls in a random order, the same for a seed."""
    chooser = random.Random(seed)
    return [chooser.choice(calls) for _ in itertools.repeat(None, count)]


def to_service(service: Service, source: Any = None, **rules: Any) -> RelaySpec:
    """A relay to a service, from a free port or from ``source``."""
    return RelaySpec(source or TcpListen(0), TcpConnect("127.0.0.1", service.port), **rules)


async def is_reset(stream: Stream) -> bool:
    """Whether a reset is what ends it."""
    try:
        await soon(read_all(stream))
    except StreamError as exc:
        return exc.code is ErrorCode.CONNECTION_RESET
    return False


async def echoes(stream: Stream, far: Stream, data: bytes = b"ping") -> None:
    """Have the same bytes carried in both directions."""
    await soon(stream.send(data))
    assert await soon(read_count(far, len(data))) == data
    await soon(far.send(data))
    assert await soon(read_count(stream, len(data))) == data


async def first_bytes(stream: Stream) -> bytes:
    """What comes first; nothing where it breaks."""
    try:
        return await stream.receive()
    except StreamError:
        return b""


async def connect(rig: RelayRig, clients: Clients, files: Files) -> Stream:
    """Connect to a relay as its source wants it: plainly, or in TLS."""
    source = rig.spec.source
    assert isinstance(source, TcpListen)
    if source.tls is None:
        return await clients.connect(rig.port)
    dialer = TlsDialer(
        TcpDialer("127.0.0.1", rig.port),
        lambda: client_context(authority=files.authority),
        "localhost",
    )
    return clients.keep(await soon(dialer.dial()))
