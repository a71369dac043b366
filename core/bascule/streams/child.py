"""Owns the life of a program that was started, on Linux and macOS: starting it, noticing its end,
making it end. Nobody else reaps it, and no loop has to.

What it is joined by, and what its end means, is in ``program``.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bascule.streams.descriptor import close_quietly
from bascule.streams.watch import watch

if sys.platform != "win32":  # pragma: no branch
    import fcntl

NOTHING = -1
"""Stands for a descriptor that gives and takes nothing (/dev/null)."""

_SHELL = "/bin/sh"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a program is started.

    ``descriptors`` says which of its descriptors is which of ours; those of 0, 1 and 2 that it
    does not name are ours. ``terminal`` is the path of a terminal that it opens as ``terminal_as``
    and that controls it. ``group``: it runs in a group of its own, which ends as a whole.
    """

    path: str
    argv: list[str]
    environment: Mapping[str, str]
    descriptors: Mapping[int, int] = field(default_factory=dict[int, int])
    session: bool = False
    group: bool = False
    terminal: str = ""
    terminal_as: Sequence[int] = ()


def start(plan: Plan) -> Child:
    """Start a program; takes about a millisecond, and returns when it runs.

    What signals do is as usual again (Python ignores SIGPIPE). Raises: OSError.
    """
    # Beyond all numbers that one of them becomes.
    free = max((2, *plan.descriptors, *plan.terminal_as)) + 1
    ours = {each: NOTHING for each in plan.descriptors.values() if each != NOTHING}
    actions: list[tuple[Any, ...]] = []
    try:
        for each in ours:
            ours[each] = fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, free)
        for theirs, each in plan.descriptors.items():
            if each == NOTHING:
                actions.append((os.POSIX_SPAWN_OPEN, theirs, os.devnull, os.O_RDWR, 0))
            else:
                actions.append((os.POSIX_SPAWN_DUP2, ours[each], theirs))
        for index, theirs in enumerate(plan.terminal_as):
            if index:
                actions.append((os.POSIX_SPAWN_DUP2, plan.terminal_as[0], theirs))
            else:  # opened by the leader of a session it becomes the controlling one (Linux)
                actions.append((os.POSIX_SPAWN_OPEN, theirs, plan.terminal, os.O_RDWR, 0))
        pid = _spawn(plan, actions)
    finally:
        close_quietly(*(each for each in ours.values() if each != NOTHING))
    return Child(pid, group=plan.group or plan.session)


def _spawn(plan: Plan, actions: list[tuple[Any, ...]]) -> int:
    options: dict[str, Any] = {
        "file_actions": actions,
        "setsigdef": [signal.SIGPIPE, signal.SIGXFSZ],
        "setsigmask": [],
    }
    if plan.session:
        options["setsid"] = True
    elif plan.group:
        options["setpgroup"] = 0
    try:
        return os.posix_spawn(plan.path, plan.argv, plan.environment, **options)
    except OSError as exc:
        if exc.errno != errno.ENOEXEC:
            raise
        # A script that does not say what reads it: the shell does (POSIX, execvp).
        argv = [_SHELL, plan.path, *plan.argv[1:]]
        return os.posix_spawn(_SHELL, argv, plan.environment, **options)


class Child:
    """A program that runs. ``ended`` holds its status: 0 and more as it said, less than 0 for the
    signal that killed it.
    """

    def __init__(self, pid: int, *, group: bool) -> None:
        self.pid = pid
        self._group = group
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = self._loop.create_future()
        watched = _open_watched(pid)
        if watched is None:
            threading.Thread(target=self._wait, name=f"wait {pid}", daemon=True).start()
        else:
            watch().read(watched, partial(self._look, watched))

    def _look(self, watched: int) -> None:
        """The descriptor that stands for it is ready: it has ended."""
        try:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
        except ChildProcessError:  # somebody ignores SIGCHLD: the system has reaped it
            pid, status = self.pid, 0
        if pid:
            watch().no_read(watched)
            os.close(watched)
            self.ended.set_result(os.waitstatus_to_exitcode(status))

    def _wait(self) -> None:
        """In a thread, where the system has no descriptors for programs."""
        try:
            _pid, status = os.waitpid(self.pid, 0)
        except ChildProcessError:
            status = 0
        try:
            self._loop.call_soon_threadsafe(
                self.ended.set_result, os.waitstatus_to_exitcode(status)
            )
        except RuntimeError:
            pass  # the loop has ended: nobody is left to be told

    def ask_to_end(self) -> None:
        """Ask it (all of its group, where it has its own) to end."""
        self._signal(signal.SIGTERM)
        self._signal(signal.SIGCONT)  # one that is stopped hears nothing

    def kill(self) -> None:
        """End it without asking."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.ended.done():
            return
        try:
            if self._group:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)
        except (ProcessLookupError, PermissionError):
            pass  # it ends at this moment; or it runs as somebody else, and will see our end


def _open_watched(pid: int) -> int | None:
    """A descriptor that is ready when the program has ended (Linux 5.3)."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


class Tail:
    """The last that a program says to standard error: read always, so that it never waits, and
    kept up to a limit.
    """

    LIMIT_BYTES = 2048
    _READS = 32

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._last = b""
        os.set_blocking(fd, False)
        self._watch = watch()
        self._watching = True
        self._watch.read(fd, self._readable)

    def _readable(self) -> None:
        if not self._read():
            self._stop()

    def _read(self) -> bool:
        """Take what is there; False at the end."""
        buffer = self._watch.buffer
        try:
            count = os.readv(self._fd, [buffer])
        except BlockingIOError:
            return True
        if count:
            new = bytes(buffer[max(0, count - self.LIMIT_BYTES) : count])
            self._last = (self._last + new)[-self.LIMIT_BYTES :]
        return count > 0

    def _stop(self) -> None:
        if self._watching:
            self._watching = False
            self._watch.no_read(self._fd)

    def close(self) -> str:
        """Take what is still there, and let go; return the last it said. Again: the same."""
        if self._fd >= 0:
            for _ in range(self._READS):
                before = self._last
                if not self._read() or self._last is before:
                    break
            self._stop()
            os.close(self._fd)
            self._fd = -1
        return self._last.decode(errors="replace")
