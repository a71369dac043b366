"""Owns the life of a program that was started, on Windows: pipes, and threads that wait for them.

Works with any system's ``subprocess``, so that it is tested everywhere; Windows' own part is that
the command is one line, which the program itself splits.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
from collections.abc import Mapping
from typing import IO

from bascule.streams.base import Address
from bascule.streams.program_stream import ProgramStream
from bascule.streams.threaded import READ_BYTES, ThreadInlet, ThreadOutlet, leave_open
from bascule.streams.ways import DescriptorStream

_TAIL_BYTES = 2048
_TAIL_SECONDS = 0.05  # the loop stands still so long: what a program said on ending is there


def start_program(
    command: str | list[str],
    *,
    label: str,
    way: str,
    stderr: bool,
    environment: Mapping[str, str],
    keep_stderr: bool,
    grace_seconds: float,
) -> ProgramStream:
    """Start a program, joined by pipes. Raises: OSError."""
    # What is not joined is ours, or nobody's (see ``program``).
    other = subprocess.PIPE if keep_stderr else None
    errors = subprocess.STDOUT if stderr and way != "write" else other
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if way != "read" else subprocess.DEVNULL if keep_stderr else None,
        stdout=subprocess.PIPE if way != "write" else subprocess.DEVNULL if keep_stderr else None,
        stderr=errors,
        env=dict(environment),
        bufsize=0,
        # A console window would appear for each program; one of a window program has none.
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if keep_stderr else 0,
    )
    child = ThreadChild(process)
    tail = None if process.stderr is None else ThreadTail(process.stderr)
    stream = _join(process, Address(label))
    return ProgramStream(stream, child, tail, way, grace_seconds)


def _join(process: subprocess.Popen[bytes], peer: Address) -> DescriptorStream:
    inlet: ThreadInlet | None = None
    outlet: ThreadOutlet | None = None
    if process.stdout is not None:
        source = process.stdout
        inlet = ThreadInlet(lambda: os.read(source.fileno(), READ_BYTES), str(peer), source.close)
    if process.stdin is not None:
        sink = process.stdin
        outlet = ThreadOutlet(lambda data: os.write(sink.fileno(), data), str(peer), sink.close)
    finish = None if outlet is None else outlet.finish
    return DescriptorStream(peer, inlet, outlet, leave_open, finish=finish)


class ThreadChild:
    """A program that runs; a thread waits for its end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.pid = process.pid
        self._process = process
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = self._loop.create_future()
        threading.Thread(target=self._wait, name=f"wait {self.pid}", daemon=True).start()

    def _wait(self) -> None:
        status = self._process.wait()
        try:
            self._loop.call_soon_threadsafe(self.ended.set_result, status)
        except RuntimeError:
            pass  # the loop has ended: nobody is left to be told

    def ask_to_end(self) -> None:
        """End it and what it has started: Windows cannot ask, and knows no groups of programs."""
        if not self.ended.done():
            threading.Thread(target=end_tree, args=(self.pid,), daemon=True).start()

    def kill(self) -> None:
        """The same, again."""
        self.ask_to_end()


def end_tree(pid: int) -> None:
    """End a program and all that it has started; blocks for some milliseconds."""
    import psutil

    try:
        first = psutil.Process(pid)
        everyone = [first, *first.children(recursive=True)]
    except psutil.Error:
        return  # it has ended
    for each in everyone:
        try:
            each.terminate()
        except psutil.Error:
            pass  # it has ended, or runs as somebody else


class ThreadTail:
    """The last that a program says to standard error, read by a thread until its end."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._last = b""
        self._thread = threading.Thread(target=self._read, name="stderr", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._source:
            try:
                while data := os.read(self._source.fileno(), READ_BYTES):
                    self._last = (self._last + data)[-_TAIL_BYTES:]
            except OSError:
                pass  # it is gone

    def close(self) -> str:
        """The last it said. Its thread ends when nobody can say anything any more."""
        self._thread.join(_TAIL_SECONDS)
        return self._last.decode(errors="replace")
