r"""Owns the named pipes of Windows as ends: their names, listening on one, opening one.

No loop that we run on watches them all (winloop none, asyncio's proactor its own), so threads
wait. Bytes pass in both directions at once; a named pipe cannot end one direction alone. The
calls of Windows are in ``named_pipe_windows``.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from typing import Final, Protocol

from bascule.errors import BasculeError, ErrorCode, ListenError, SpecError
from bascule.events import Stage
from bascule.streams.base import Address, Dialer, Listener, Progress, Stream, ignore_progress
from bascule.streams.oserrors import dial_error, listen_error
from bascule.streams.stage import staged, within
from bascule.streams.threaded import ThreadInlet, ThreadOutlet
from bascule.streams.ways import DescriptorStream

PREFIX: Final = "\\\\.\\pipe\\"

_PAUSE_SECONDS = 0.05
_NAME_LENGTH = 256


class Pipe(Protocol):
    """One place at a pipe. One thread reads or connects, another one writes; all raise OSError."""

    def connect(self) -> bool:
        """Wait until a program opens it; False where it has gone again."""
        ...

    def read(self) -> bytes:
        """Wait for the next bytes, ``b""`` when the other side has closed it."""
        ...

    def write(self, data: memoryview) -> int:
        """Give bytes to the system; return when it has taken so many."""
        ...

    def cancel(self) -> None:
        """Make the calls that wait, and all after them, end with an error."""
        ...

    def close(self) -> None:
        """Close it; what was written can still be read."""
        ...


class System(Protocol):
    """Where pipes come from: the module ``named_pipe_windows``."""

    def open_pipe(self, name: str) -> Pipe:
        """Open a pipe that somebody listens on. Raises: OSError."""
        ...

    def create_pipe(self, name: str, *, first: bool) -> Pipe:
        """Make a place at a pipe. Raises: OSError; PermissionError where ``first`` is not."""
        ...

    def is_busy(self, exc: OSError) -> bool:
        """Whether all places of a pipe are taken."""
        ...


def whole_name(name: str, field: str) -> str:
    r"""The whole name of a pipe: of ``scale``, ``\\.\pipe\scale``; another computer's is kept.

    Raises: SpecError: it cannot be a name.
    """
    whole = name.replace("/", "\\")
    if not whole.startswith("\\\\"):
        whole = PREFIX + whole
    server, _pipe, rest = whole[2:].lower().partition("\\pipe\\")
    if not server or not rest or rest.startswith("\\") or len(whole) > _NAME_LENGTH:
        raise SpecError(
            f"{name} is not the name of a pipe",
            code=ErrorCode.VALUE_INVALID,
            field=field,
            rule="pipe_name",
        )
    return whole


def _windows(field: str) -> System:
    """The calls of Windows. Raises: SpecError NOT_ON_THIS_SYSTEM."""
    if sys.platform == "win32":  # pragma: no cover - that system only
        from bascule.streams import named_pipe_windows

        return named_pipe_windows
    raise SpecError(
        "named pipes of this kind are Windows'; here a Unix socket or a FIFO does the same",
        code=ErrorCode.NOT_ON_THIS_SYSTEM,
        field=field,
    )


class NamedPipeDialer(Dialer):
    """Opens a named pipe; waits while all its places are taken."""

    def __init__(
        self,
        name: str,
        *,
        timeout_seconds: float = 10.0,
        field: str = "name",
        system: System | None = None,
    ) -> None:
        """Raises: SpecError: it cannot be a name."""
        self._name = whole_name(name, field)
        self._timeout_seconds = timeout_seconds
        self._field = field
        self._system = system
        self.label = name

    async def dial(self, progress: Progress = ignore_progress) -> Stream:
        system = self._system or _windows(self._field)
        with staged(progress, Stage.CONNECT, self.label):
            async with within(self._timeout_seconds, self.label, self._field):
                while True:
                    try:
                        return pipe_stream(system.open_pipe(self._name), self._name)
                    except OSError as exc:
                        if not system.is_busy(exc):
                            raise dial_error(exc, self.label, self._field) from exc
                    await asyncio.sleep(_PAUSE_SECONDS)


class NamedPipeListener(Listener):
    """Waits for programs of this computer that open a named pipe."""

    def __init__(self, name: str, *, field: str = "name", system: System | None = None) -> None:
        """Raises: SpecError: it cannot be a name."""
        self._name = whole_name(name, field)
        self._field = field
        self._system = system
        self._acceptor: _Acceptor | None = None

    async def start(self, on_arrival: Callable[[Stream], None]) -> tuple[Address, ...]:
        system = self._system or _windows(self._field)
        try:
            self._acceptor = _Acceptor(self._name, system, on_arrival)
        except OSError as exc:
            raise self._explained(exc) from exc
        return (Address(self._name),)

    def _explained(self, exc: OSError) -> BasculeError:
        name = self._name
        if isinstance(exc, PermissionError):  # what Windows says when somebody has it
            return ListenError(
                f"{name} is already in use",
                code=ErrorCode.ADDRESS_IN_USE,
                field=self._field,
                subject=name,
                path=name,
            )
        return listen_error(exc, name, self._field, path=name)

    async def aclose(self) -> None:
        acceptor, self._acceptor = self._acceptor, None
        if acceptor is not None:
            await acceptor.aclose()


def pipe_stream(pipe: Pipe, name: str) -> DescriptorStream:
    """The stream over an open pipe, which it owns."""
    return DescriptorStream(
        Address(name),
        ThreadInlet(pipe.read, name, interrupt=lambda _thread: pipe.cancel()),
        ThreadOutlet(pipe.write, name, interrupt=lambda _thread: pipe.cancel()),
        pipe.close,
    )


class _Acceptor:
    """Waits in a thread for who opens the pipe, and makes its next place before it hands one on."""

    def __init__(self, name: str, system: System, on_arrival: Callable[[Stream], None]) -> None:
        self._name = name
        self._system = system
        self._on_arrival = on_arrival
        self._loop = asyncio.get_running_loop()
        self._stopping = False
        self._place = system.create_pipe(name, first=True)
        self._ended: asyncio.Future[None] = self._loop.create_future()
        threading.Thread(target=self._work, name=f"listen {name}", daemon=True).start()

    def _work(self) -> None:
        try:
            while not self._stopping:
                connected, taken = self._place.connect(), self._place
                self._place = self._system.create_pipe(self._name, first=False)
                if connected:
                    self._loop.call_soon_threadsafe(self._arrived, taken)
                else:
                    taken.close()
        except (OSError, RuntimeError):
            pass  # cancelled; or the loop has ended, and nobody is left to be told
        self._place.close()
        try:
            self._loop.call_soon_threadsafe(self._ended.set_result, None)
        except RuntimeError:
            pass

    def _arrived(self, pipe: Pipe) -> None:
        if self._stopping:
            pipe.close()
        else:
            self._on_arrival(pipe_stream(pipe, self._name))

    async def aclose(self) -> None:
        self._stopping = True
        while not self._ended.done():
            # Again and again, as the thread may be just about to enter the call.
            self._place.cancel()
            await asyncio.wait([self._ended], timeout=_PAUSE_SECONDS)
