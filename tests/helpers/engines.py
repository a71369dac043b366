"""Engines for tests: ``bascule engine`` in a process of its own, or one in this process.

``Raw`` is a client without manners: it says what it is told to, byte for byte.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bascule.control.client import Client
from bascule.control.messages import LONGEST_MESSAGE_BYTES, PROTOCOL, Method
from bascule.control.rendezvous import Meeting, Rendezvous
from bascule.control.server import Server
from bascule.engine.engine import Engine
from bascule.engine.secrets import Keyring
from bascule.errors import BasculeError
from bascule.events import RelayState
from bascule.places import HOME_VARIABLE, Places
from bascule.snapshot import ProfileView
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile, new_id
from bascule.spec.relays import RelaySpec
from tests.helpers.contract import PATIENCE_SECONDS, soon

BETWEEN_LOOKS_SECONDS = 0.01


async def until[T](look: Callable[[], Awaitable[T | None]]) -> T:
    """Look at another process until there is something to see."""

    async def looking() -> T:
        while not (seen := await look()):
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)  # it cannot wake us
        return seen

    return await soon(asyncio.ensure_future(looking()))


async def come_true(holds: Callable[[], bool]) -> None:
    """Look until something holds, or fail the test."""

    async def look() -> bool:
        return holds()

    await until(look)


def wait_until(holds: Callable[[], bool]) -> None:
    """The same without a loop."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(BETWEEN_LOOKS_SECONDS)


def forward(name: str = "web", target: int = 9, **values: Any) -> Profile:
    """A profile that forwards any free port; by default to one where nobody listens."""
    relay = RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", target))
    return Profile(new_id(name), name, relay, **values)


def places_below(home: Path) -> Places:
    """Where an engine of that home keeps its files."""
    return Places(home / "config", home / "state", home / "run")


# in a process of its own ------------------------------------------------------------------------


def command(*words: str) -> list[str]:
    """How to start ``bascule``."""
    return [sys.executable, "-P", "-m", "bascule", *words]


def environment(home: Path) -> dict[str, str]:
    """What keeps a process away from everything of the user's: files and keyring."""
    return {
        **os.environ,
        HOME_VARIABLE: str(home),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONWARNINGS": "error",
    }


def run_bascule(
    home: Path, *words: str, stdin: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run ``bascule`` to its end."""
    return subprocess.run(
        command(*words),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env={**environment(home), **variables},
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def engine_command_of(version: str, protocol: int) -> list[str]:
    """How to start an engine that says it is of another version, and speaks another protocol."""
    code = (
        "import sys, bascule, bascule.control.messages as messages\n"
        f"bascule.__version__, messages.PROTOCOL = {version!r}, {protocol}\n"
        "from bascule.cli.command import run\n"
        "sys.exit(run(['engine']))\n"
    )
    return [sys.executable, "-P", "-c", code]


class EngineProcess:
    """An engine below ``home``."""

    def __init__(self, home: Path, process: subprocess.Popen[bytes]) -> None:
        self.home = home
        self.process = process
        self.rendezvous = Rendezvous(places_below(home).runtime)

    @property
    def meeting(self) -> Meeting:
        """What it announced."""
        meeting = self.rendezvous.read()
        assert meeting is not None
        return meeting

    async def client(self, name: str = "test") -> Client:
        """Another client of it, which speaks its protocol; close it yourself."""
        meeting = self.rendezvous.read()
        protocol = meeting.protocol if meeting is not None else PROTOCOL
        return await soon(Client.connect(self.rendezvous, name=name, protocol=protocol))

    async def ended(self) -> int:
        """Wait for its end; return its exit status."""
        return await asyncio.to_thread(self.process.wait, PATIENCE_SECONDS)


@asynccontextmanager
async def engine_process(
    home: Path, *words: str, program: list[str] | None = None
) -> AsyncIterator[EngineProcess]:
    """Start an engine (or ``program``, which is one), wait until it lets clients in, end it. It
    must have nothing to complain of: what it finds is in its log, and its output stays empty.
    """
    process = subprocess.Popen(
        program or command("engine", *words),
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    engine = EngineProcess(home, process)

    async def reached() -> bool:
        assert process.poll() is None, "the engine ended"
        try:
            client = await engine.client("waiting")
        except BasculeError:
            return False
        await client.aclose()
        return True

    try:
        await until(reached)
        yield engine
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            output, _none = await asyncio.to_thread(process.communicate, timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _none = process.communicate()
            output += b"had to be killed"
    assert output == b""


async def view_of(client: Client, id: str) -> ProfileView:
    """One profile as it is now."""
    return next(view for view in await client.profiles() if view.id == id)


async def running(client: Client, id: str) -> str:
    """Wait until a relay runs; return its first address ("" where it does not listen)."""

    async def look() -> ProfileView | None:
        view = await view_of(client, id)
        assert view.status.state is not RelayState.FAILED, view.status
        return view if view.status.state is RelayState.RUNNING else None

    return next(iter((await until(look)).status.listening), "")


async def started(client: Client, profile: Profile, **secrets: str) -> int:
    """Save and start a relay that listens; return its port."""
    await soon(client.save(profile, secrets))
    await soon(client.start(profile.id))
    return int((await running(client, profile.id)).rpartition(":")[2])


# in this process --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Served:
    """An engine with its server. ``ended`` is done when the server has returned."""

    home: Path
    engine: Engine
    server: Server
    rendezvous: Rendezvous
    ended: asyncio.Task[None]

    async def client(self, name: str = "test") -> Client:
        """Another client of it; close it yourself."""
        return await soon(Client.connect(self.rendezvous, name=name))


@asynccontextmanager
async def serving(
    home: Path,
    *,
    tcp: bool | None = False,
    leave_seconds: float = math.inf,
    keyring: Keyring | None = None,
) -> AsyncIterator[Served]:
    """Run an engine and its server until the block ends."""
    places = places_below(home)
    rendezvous = Rendezvous(places.runtime)
    rendezvous.claim()
    engine = Engine(places, lambda: keyring)
    server = Server(engine, rendezvous, tcp=tcp, leave_seconds=leave_seconds)
    await engine.open()
    ended = asyncio.create_task(server.run())
    try:
        await come_true(lambda: rendezvous.read() is not None or ended.done())
        yield Served(home, engine, server, rendezvous, ended)
    finally:
        server.stop()
        await soon(ended)
        await soon(engine.aclose())
        rendezvous.leave()


# a client without manners -----------------------------------------------------------------------


class Raw:
    """One connection to the engine of a home, line by line. Use it as a context manager."""

    def __init__(self, home: Path) -> None:
        meeting = Rendezvous(places_below(home).runtime).read()
        assert meeting is not None
        self.meeting = meeting

    async def __aenter__(self) -> Self:
        kind, _, rest = self.meeting.address.partition(":")
        if kind == "unix":
            opened = asyncio.open_unix_connection(rest, limit=LONGEST_MESSAGE_BYTES)
        else:
            host, _, port = rest.rpartition(":")
            opened = asyncio.open_connection(host, int(port), limit=LONGEST_MESSAGE_BYTES)
        self.reader, self.writer = await soon(opened)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self.writer.transport.abort()
        with contextlib.suppress(OSError):
            await soon(self.writer.wait_closed())

    async def enter(self) -> Self:
        """Say hello as one should."""
        reply = await self.ask(Method.HELLO, 1, **self.hello())
        assert reply["result"]["protocol"] == PROTOCOL
        return self

    def hello(self, **values: object) -> dict[str, Any]:
        """The parameters of engine.hello, but for ``values``."""
        return {"protocol": PROTOCOL, "token": self.meeting.token, "client": "raw", **values}

    def write(self, method: str, params: object, id: object = 7) -> None:
        """Send a call, whatever is in it."""
        message = {"jsonrpc": "2.0", "method": method, "params": params, "id": id}
        self.writer.write(json.dumps(message).encode() + b"\n")

    async def ask(self, method: str, number: int = 7, /, **params: object) -> dict[str, Any]:
        """Send a call and return the next answer."""
        self.write(method, params, number)
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        """The next line that is no notice."""
        while "method" in (message := await self.line()):
            pass
        return message

    async def line(self) -> dict[str, Any]:
        """The next line."""
        return json.loads(await soon(self.reader.readuntil(b"\n")))

    async def rest(self) -> bytes:
        """What comes until the engine hangs up; a reset is an end too."""
        try:
            return await soon(self.reader.read(-1))
        except ConnectionError:
            return b""
