"""Owns what joins us to a program, on Linux and macOS: a pair of sockets, two pipes, a terminal."""

from __future__ import annotations

import os
import socket
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence

from bascule.errors import ErrorCode, StreamError
from bascule.streams.base import Address, Stream
from bascule.streams.descriptor import HUNG_UP, WatchedInlet, WatchedOutlet, close_quietly
from bascule.streams.oserrors import stream_error
from bascule.streams.socket_stream import SocketStream
from bascule.streams.terminal import TerminalSettings
from bascule.streams.watch import watch
from bascule.streams.ways import DescriptorStream

if sys.platform != "win32":  # pragma: no branch
    import termios


class Joint(ABC):
    """Our end and the program's. ``reads`` and ``writes`` are the numbers of the program's own
    descriptors that are joined, None where one is not.
    """

    theirs: dict[int, int]
    """Which descriptor of the program is which of ours."""

    output: int | None = None
    """Which of ours it writes to, so that standard error can go there too."""

    terminal = ""
    terminal_as: Sequence[int] = ()

    @abstractmethod
    def let_go(self) -> None:
        """The program runs and has its end: close what we hold of it."""

    @abstractmethod
    def fail(self) -> None:
        """The program does not run: close everything."""

    @abstractmethod
    def stream(self, peer: Address) -> Stream:
        """Our end as a stream, which owns it."""

    def end_of_input(self, at_line_start: bool) -> bytes:
        """What is sent to say that no more comes, where the end of sending does not say it."""
        del at_line_start
        return b""


class SocketJoint(Joint):
    """A pair of connected sockets: each direction ends on its own."""

    def __init__(self, reads: int | None, writes: int | None) -> None:
        self._ours, self._far = socket.socketpair()
        self._ours.setblocking(False)
        far = self._far.fileno()
        self.theirs = {number: far for number in (reads, writes) if number is not None}
        self.output = far

    def let_go(self) -> None:
        self._far.close()

    def fail(self) -> None:
        self._ours.close()
        self._far.close()

    def stream(self, peer: Address) -> Stream:
        return SocketStream(self._ours, peer, watch(), resets=False)


class PipeJoint(Joint):
    """A pipe each way; the end of sending closes one of them."""

    def __init__(self, reads: int | None, writes: int | None) -> None:
        self._all = list[int]()
        self._near_in = self._near_out = -1
        self._far = list[int]()
        self.theirs = {}
        try:
            if reads is not None:
                far, self._near_out = self._pipe()
                self._far.append(far)
                self.theirs[reads] = far
            if writes is not None:
                self._near_in, far = self._pipe()
                self._far.append(far)
                self.theirs[writes] = self.output = far
        except OSError:
            self.fail()
            raise

    def _pipe(self) -> tuple[int, int]:
        pair = os.pipe()
        self._all += pair
        return pair

    def let_go(self) -> None:
        close_quietly(*self._far)

    def fail(self) -> None:
        close_quietly(*self._all)

    def stream(self, peer: Address) -> Stream:
        near_in, near_out = self._near_in, self._near_out
        open_ends = {each for each in (near_in, near_out) if each >= 0}
        for each in open_ends:
            os.set_blocking(each, False)
        inlet = WatchedInlet(near_in) if near_in >= 0 else None
        outlet = WatchedOutlet(near_out) if near_out >= 0 else None

        def finish() -> None:
            open_ends.discard(near_out)
            os.close(near_out)

        def release() -> None:
            close_quietly(*open_ends)
            open_ends.clear()

        return DescriptorStream(peer, inlet, outlet, release, finish=finish)


class TerminalJoint(Joint):
    """A pseudo terminal, on which the program runs; its end hangs it up."""

    def __init__(
        self,
        reads: int | None,
        writes: int | None,
        settings: TerminalSettings,
        *,
        controlling: bool,
        stderr: bool,
    ) -> None:
        self._master, self._slave = os.openpty()
        try:
            if settings:
                settings.apply(self._slave)
        except OSError:
            self.fail()
            raise
        numbers = [number for number in (reads, writes) if number is not None]
        if stderr:
            numbers.append(2)
        self.theirs = {}
        if controlling:
            self.terminal = os.ttyname(self._slave)
            self.terminal_as = numbers
        else:
            self.theirs = dict.fromkeys(numbers, self._slave)

    def let_go(self) -> None:
        os.close(self._slave)

    def fail(self) -> None:
        close_quietly(self._master, self._slave)

    def stream(self, peer: Address) -> Stream:
        master = self._master
        os.set_blocking(master, False)
        return DescriptorStream(
            peer,
            WatchedInlet(master, ends=HUNG_UP),
            WatchedOutlet(master, _explain),
            lambda: close_quietly(master),
        )

    def end_of_input(self, at_line_start: bool) -> bytes:
        """The byte that ends the input (Ctrl+D), where the terminal takes whole lines; none where
        it does not. A line that has begun takes two: the first ends only the line.
        """
        try:
            attributes = termios.tcgetattr(self._master)
        except termios.error:
            return b""
        if not attributes[3] & termios.ICANON:
            return b""
        byte: bytes = attributes[6][termios.VEOF]
        return byte if at_line_start else byte * 2


def _explain(exc: OSError) -> StreamError:
    if exc.errno in HUNG_UP:
        return StreamError("the program has ended", code=ErrorCode.CONNECTION_RESET)
    return stream_error(exc)
